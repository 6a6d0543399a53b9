// SPDX-License-Identifier: MIT
// Which forwards this user has: each holds a lock on a file beside its socket as long as it lives,
// and that file says what it does.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "platform/system/environment.h"
#include "platform/system/file.h"

namespace cred {

struct ForwardRecord {
  std::filesystem::path socket;
  std::vector<std::string> servers;  // as they were typed
  bool all = false;                  // and all others
  bool allows_store = false;
  std::uint64_t until = 0;          // seconds since 1970, as the clock was when it began
  pid_t pid = 0;                    // of the process that holds the lock; 0 where it cannot be seen
  std::filesystem::path lock = {};  // that
};

// Where a forward listens if nothing else is said: a file named "socket" in a folder that holds
// nothing else, for a container gets the folder. Throws Error(bad_request) without a runtime
// folder.
[[nodiscard]] std::filesystem::path default_forward_socket(const Environment& environment);

// The lock of a forward, and its place among this user's, until this goes.
class ForwardPresence {
 public:
  // Makes the folder of the default socket, and removes a socket that nobody listens at any more.
  // Throws Error(bad_request) where somebody does, saying who: another forward, or else; Error(io).
  ForwardPresence(const Environment& environment, const ForwardRecord& record, bool is_for_others);
  ForwardPresence(const ForwardPresence&) = delete;
  ForwardPresence& operator=(const ForwardPresence&) = delete;
  ~ForwardPresence();

 private:
  Fd lock_;
  std::filesystem::path entry_;  // among this user's
};

// Those that live: all of this user's in the order of their sockets, or the one at `socket`.
[[nodiscard]] std::vector<ForwardRecord> running_forwards(
    const Environment& environment, const std::optional<std::filesystem::path>& socket);

// Asks a forward to end. False where it still lives after five seconds.
[[nodiscard]] bool stop_forward(const ForwardRecord& forward);

}  // namespace cred
