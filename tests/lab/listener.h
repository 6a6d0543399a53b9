// SPDX-License-Identifier: MIT
// The socket of a server that a test runs in a thread.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>

namespace cred::test {

inline constexpr int kNap = 20;  // milliseconds after which the end is looked for

inline int listen_at(const std::string& path) {
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) std::abort();
  std::memcpy(address.sun_path, path.c_str(), path.size());
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
      listen(listener, 1) != 0) {
    std::abort();
  }
  return listener;
}

// The first caller; -1 if none has come when it is over.
inline int accept_until(int listener, const std::atomic<bool>& is_over) {
  pollfd waiting = {listener, POLLIN, 0};
  while (poll(&waiting, 1, kNap) == 0) {
    if (is_over) return -1;
  }
  return accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
}

}  // namespace cred::test
