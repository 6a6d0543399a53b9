// SPDX-License-Identifier: MIT
// Sockets of this machine: who is at their other end, and no call that waits longer than it may.
#pragma once

#include <sys/types.h>
#include <sys/un.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "platform/system/file.h"

namespace cred {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

// Bytes of a path that a socket can have.
inline constexpr std::size_t kLongestSocketPath = sizeof(sockaddr_un::sun_path) - 1;

// Who made the other end, or listened there.
struct Peer {
  uid_t uid = 0;
  pid_t pid = 0;  // 0: of another PID namespace
};

// Throws Error(io).
[[nodiscard]] Peer peer_of(int connection);

// The uid that stands for everybody who has none here, as in a user namespace.
[[nodiscard]] uid_t overflow_uid();

// A connection, to be used with send_all() and receive_some() alone: other calls on it may block.
// Where so many wait there that none is taken, it waits as well, until `deadline` (EAGAIN). An Fd
// of nothing: errno says why not.
[[nodiscard]] Fd connect_to(const std::filesystem::path& path, Deadline deadline);

// Whether nobody listens any more at `path`, where a socket is.
[[nodiscard]] bool is_left_by_its_listener(const std::filesystem::path& path);

// A socket at `path`, where nothing is, with the mode from its first moment on; up to `waiting`
// callers wait to be accepted. Throws Error(bad_request) for a path that is too long, Error(io).
[[nodiscard]] Fd listen_at(const std::filesystem::path& path, mode_t mode, int waiting);

// How many of `bytes` a connection takes without a wait. Throws Error(io) where the other end is
// closed.
[[nodiscard]] std::size_t send_now(int connection, std::string_view bytes);

// Sends all of `bytes` on a connection. Throws Error(timed_out), or Error(io) where the other end
// is closed.
void send_all(int connection, std::string_view bytes, Deadline deadline);

// Adds what comes next to `bytes`, 64 KiB at most; false at the end. Throws Error(timed_out),
// Error(io).
[[nodiscard]] bool receive_some(int connection, std::string& bytes, Deadline deadline);

}  // namespace cred
