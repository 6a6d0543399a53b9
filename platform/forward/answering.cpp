// SPDX-License-Identifier: MIT
#include "platform/forward/answering.h"

#include <unistd.h>

#include <optional>
#include <string_view>
#include <thread>

#include "platform/forward/message_stream.h"
#include "platform/socket/unix_socket.h"
#include "platform/system/error.h"
#include "platform/text/quiet_thread.h"

namespace cred {
namespace {

using std::chrono::seconds;

constexpr seconds kForRequest(1);
constexpr seconds kForAnswer(10);
constexpr seconds kBetweenSigns(5);

void send_signs(const std::stop_token& stop, const MessageStream& stream) {
  while (!stop.stop_requested()) {
    try {
      stream.send({MessageKind::working}, Clock::now() + kBetweenSigns);
    } catch (const Error&) {
      return;  // nobody waits for the answer any more
    }
    sleep_until_stopped(stop, kBetweenSigns);
  }
}

void report(int reports, AnswerReport what) {
  what.pid = getpid();
  [[maybe_unused]] const ssize_t written = write(reports, &what, sizeof what);
}

void report_answer(int reports, const std::string& log, bool was_asked_in_vain = false) {
  AnswerReport what{.stage = AnswerStage::answered, .was_asked_in_vain = was_asked_in_vain};
  log.copy(what.log.data(), what.log.size() - 1);
  report(reports, what);
}

void send_answer(int connection, std::string_view bytes, int reports) {
  const Deadline deadline = Clock::now() + kForAnswer;
  bytes.remove_prefix(send_now(connection, bytes));
  if (bytes.empty()) return;
  report(reports, {.stage = AnswerStage::untaken});
  send_all(connection, bytes, deadline);
}

}  // namespace

void answer_one(Fd connection, const ForwardPeer& peer, const AnswerRequest& answer, int reports) {
  MessageStream stream(std::move(connection), MessageSide::requests);
  try {
    auto message = stream.receive(Clock::now() + kForRequest);
    if (!message) return;  // who came has gone
    report(reports, {});
    std::optional<std::jthread> signs;
    const auto begin_work = [&] {
      if (signs) return;
      signs = start_quiet_thread([&](const std::stop_token& stop) { send_signs(stop, stream); });
    };
    const ForwardReply reply = answer({std::move(*message), peer, begin_work});
    signs.reset();
    report_answer(reports, peer.name + ": " + reply.log, reply.was_asked_in_vain);
    send_answer(stream.fd(), encode(reply.message), reports);
  } catch (const Error& failure) {
    report_answer(reports, peer.name + ": " + failure.what());
  }
}

}  // namespace cred
