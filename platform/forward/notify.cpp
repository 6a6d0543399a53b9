// SPDX-License-Identifier: MIT
#include "platform/forward/notify.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <string_view>

#include "platform/socket/unix_socket.h"
#include "platform/system/file.h"

namespace cred {

// Without libsystemd, which its documents allow: one datagram.
void notify_ready(const Environment& environment) {
  const auto name = environment.get("NOTIFY_SOCKET");
  if (!name || name->size() > kLongestSocketPath) return;
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  name->copy(address.sun_path, kLongestSocketPath);
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
  constexpr std::string_view kReady = "READY=1";
  const Fd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name->size());
  sendto(fd.get(), kReady.data(), kReady.size(), MSG_NOSIGNAL,
         reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace cred
