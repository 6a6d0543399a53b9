// SPDX-License-Identifier: MIT
// The end of a forward that is at home: who listens on a socket, and has each request answered in a
// process of its own. It holds no secret, and nobody who asks can keep it from listening.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "platform/forward/message.h"
#include "platform/socket/unix_socket.h"

namespace cred {

// Whoever asks, and what that may come to.
struct ForwardPeer {
  std::string name;  // for people: "uid 1000, ssh (4242)"
  // Until when nobody is asked anything, in seconds since 1970, because the last who was did not
  // answer; nullopt: somebody may be.
  std::optional<std::uint64_t> nobody_asked_until;
};

// A request, as the process that answers it has it.
struct ForwardRequest {
  Message message;
  ForwardPeer peer;
  std::function<void()> begin_work;  // signs of life go out from now on, until it is answered
};

struct ForwardReply {
  Message message;
  std::string log;                 // one line, for people; never a secret
  bool was_asked_in_vain = false;  // somebody at home was asked, and did not answer, or said no
};

using AnswerRequest = std::function<ForwardReply(const ForwardRequest& request)>;

struct ForwardSocket {
  std::filesystem::path path;
  std::optional<uid_t> other_uid;  // who may ask besides this user

  // Root needs no right on it.
  [[nodiscard]] bool is_for_others() const { return other_uid.value_or(0) != 0; }
};

// Listens at `socket`, and answers until `time` has passed, which counts while the machine sleeps,
// or a signal asks this process to end; then the socket is gone. `ready` is called once it listens.
// What is answered goes to stderr, at most ten lines a second, and none that would have to be
// waited for. Throws Error(io), Error(bad_request) before that.
void serve_forward(const ForwardSocket& socket, std::chrono::seconds time,
                   const AnswerRequest& answer, const std::function<void()>& ready);

}  // namespace cred
