// SPDX-License-Identifier: MIT
#include "platform/socket/unix_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "platform/system/error.h"

namespace cred {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::size_t kPiece = std::size_t{64} << 10;

sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.native().copy(address.sun_path, kLongestSocketPath);
  return address;
}

timeval timeval_of(microseconds time) {
  timeval value = {};
  value.tv_sec = duration_cast<std::chrono::seconds>(time).count();
  value.tv_usec = (time % std::chrono::seconds(1)).count();
  return value;
}

// Throws timed_out where nothing of `events` has come by then.
void wait_for(int connection, decltype(pollfd::events) events, Deadline deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    pollfd polled{connection, events, 0};
    const int ready = poll(&polled, 1, static_cast<int>(std::max(left, milliseconds(0)).count()));
    if (ready > 0) return;
    if (ready == 0) throw Error(Errc::timed_out, "no answer came in time");
    if (errno != EINTR) throw_errno("poll");
  }
}

}  // namespace

Peer peer_of(int connection) {
  ucred peer = {};
  socklen_t size = sizeof peer;
  if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    throw_errno("who is at the other end of a socket");
  }
  return {peer.uid, peer.pid};
}

uid_t overflow_uid() {
  uid_t uid = 65534;  // that of Linux where nobody chose another
  try {
    const std::string text = read_file("/proc/sys/kernel/overflowuid").value_or("");
    std::from_chars(text.data(), text.data() + text.size(), uid);
  } catch (const Error&) {
    return uid;
  }
  return uid;
}

Fd connect_to(const std::filesystem::path& path, Deadline deadline) {
  if (path.native().size() > kLongestSocketPath) {
    errno = ENAMETOOLONG;
    return {};
  }
  const sockaddr_un address = address_of(path);
  Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return {};
  for (;;) {
    // It waits so long where a listener has no room for one more; 0 would be for ever.
    const auto left = duration_cast<microseconds>(deadline - Clock::now());
    const timeval limit = timeval_of(std::max(left, microseconds(1)));
    setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      return fd;
    }
    if (errno != EINTR) return {};
  }
}

bool is_left_by_its_listener(const std::filesystem::path& path) {
  return !connect_to(path, Clock::now()) && errno == ECONNREFUSED;
}

Fd listen_at(const std::filesystem::path& path, mode_t mode, int waiting) {
  if (path.native().size() > kLongestSocketPath) {
    throw Error(Errc::bad_request, path.string() + ": a socket's path has at most " +
                                       std::to_string(kLongestSocketPath) + " bytes");
  }
  const sockaddr_un address = address_of(path);
  Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) throw_errno(path);
  const mode_t before = umask(~mode & (S_IRWXU | S_IRWXG | S_IRWXO));
  const int bound = bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int why_not = errno;
  umask(before);
  errno = why_not;
  if (bound != 0 || listen(fd.get(), waiting) != 0) throw_errno(path);
  return fd;
}

std::size_t send_now(int connection, std::string_view bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t some =
        send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (some >= 0) {
      sent += static_cast<std::size_t>(some);
    } else if (errno == EAGAIN) {
      break;
    } else if (errno != EINTR) {
      throw_errno("the other end of a socket");
    }
  }
  return sent;
}

void send_all(int connection, std::string_view bytes, Deadline deadline) {
  for (;;) {
    bytes.remove_prefix(send_now(connection, bytes));
    if (bytes.empty()) return;
    wait_for(connection, POLLOUT, deadline);
  }
}

bool receive_some(int connection, std::string& bytes, Deadline deadline) {
  const std::size_t before = bytes.size();
  for (;;) {
    wait_for(connection, POLLIN, deadline);
    bytes.resize(before + kPiece);
    const ssize_t got = recv(connection, &bytes[before], kPiece, MSG_DONTWAIT);
    const int why_not = errno;
    bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got >= 0) return got > 0;
    errno = why_not;
    if (errno != EAGAIN && errno != EINTR) throw_errno("the other end of a socket");
  }
}

}  // namespace cred
