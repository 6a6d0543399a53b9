// SPDX-License-Identifier: MIT
#include "platform/forward/answering.h"

#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <stop_token>
#include <system_error>
#include <thread>

#include "platform/forward/message_stream.h"
#include "platform/system/error.h"

namespace cred {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

constexpr seconds kForRequest(1);
constexpr seconds kForAnswer(10);
constexpr seconds kBetweenSigns(5);

void send_signs(const std::stop_token& stop, const MessageStream& stream) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    try {
      stream.send({MessageKind::working}, Clock::now() + kBetweenSigns);
    } catch (const Error&) {
      return;  // nobody waits for the answer any more
    }
    never.wait_for(lock, stop, kBetweenSigns, [] { return false; });
  }
}

// A thread that takes no signals: those are for whoever asks a person.
std::jthread begin_signs(const MessageStream& stream) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::jthread signs;
  try {
    signs = std::jthread(send_signs, std::cref(stream));
  } catch (const std::system_error&) {
    // No thread is to be had: the answer comes without.
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return signs;
}

void tell(int told, Told record) {
  record.pid = getpid();
  [[maybe_unused]] const ssize_t written = write(told, &record, sizeof record);
}

void tell_answer(int told, const std::string& log, bool was_asked_in_vain = false) {
  Told record{.is_answer = true, .was_asked_in_vain = was_asked_in_vain};
  log.copy(record.log.data(), record.log.size() - 1);
  tell(told, record);
}

}  // namespace

void answer_one(Fd connection, ForwardRequest request, const AnswerRequest& answer, int told) {
  MessageStream stream(std::move(connection), MessageSide::requests);
  try {
    auto message = stream.receive(Clock::now() + kForRequest);
    if (!message) return;  // who came has gone
    tell(told, {});
    request.message = std::move(*message);
    std::jthread signs;
    request.begin_work = [&] {
      if (!signs.joinable()) signs = begin_signs(stream);
    };
    const ForwardReply reply = answer(request);
    if (signs.joinable()) {
      signs.request_stop();
      signs.join();
    }
    tell_answer(told, request.peer + ": " + reply.log, reply.was_asked_in_vain);
    stream.send(reply.message, Clock::now() + kForAnswer);
  } catch (const Error& failure) {
    tell_answer(told, request.peer + ": " + failure.what());
  }
}

}  // namespace cred
