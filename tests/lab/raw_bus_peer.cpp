// SPDX-License-Identifier: MIT
// Messages as https://dbus.freedesktop.org/doc/dbus-specification.html has them.
#include "tests/lab/raw_bus_peer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <optional>

#include "tests/lab/listener.h"

namespace cred::test {
namespace {

constexpr std::size_t kStart = 16;  // bytes of a message, of which each has these
constexpr char kReturn = 2;

void append_number(std::string& bytes, std::uint32_t number) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes += static_cast<char>((number >> shift) & 0xffU);
  }
}

std::uint32_t number_at(const std::string& bytes, std::size_t position) {
  std::uint32_t number = 0;
  for (unsigned i = 0; i < 4; ++i) {
    number |= std::uint32_t{static_cast<unsigned char>(bytes[position + i])} << (8 * i);
  }
  return number;
}

std::size_t padded(std::size_t size) { return (size + 7) / 8 * 8; }

// The field of the header that has the types of the body.
void append_signature(std::string& fields, const std::string& signature) {
  fields.resize(padded(fields.size()));
  fields += {'\10', '\1', 'g', '\0', static_cast<char>(signature.size())};
  fields += signature + '\0';
}

std::string reply_to(std::uint32_t serial, const RawReply& content) {
  std::string fields = {'\5', '\1', 'u', '\0'};
  append_number(fields, serial);
  if (!content.signature.empty()) append_signature(fields, content.signature);
  const auto size = static_cast<std::uint32_t>(content.body.size());
  std::string bytes = {'l', kReturn, '\0', '\1'};
  append_number(bytes, content.announced == 0 ? size : content.announced);
  append_number(bytes, 1);  // its serial
  append_number(bytes, static_cast<std::uint32_t>(fields.size()));
  bytes += fields;
  bytes.resize(padded(bytes.size()));
  return bytes + content.body;
}

bool send_all(int connection, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const auto now = send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (now <= 0) return false;
    sent += static_cast<std::size_t>(now);
  }
  return true;
}

// So many bytes more; false where the caller has gone.
bool receive(int connection, std::string& bytes, std::size_t count) {
  const std::size_t before = bytes.size();
  bytes.resize(before + count);
  return recv(connection, bytes.data() + before, count, MSG_WAITALL) == static_cast<ssize_t>(count);
}

bool let_in(int connection) {
  std::string asked;
  while (!asked.ends_with("BEGIN\r\n")) {
    if (!receive(connection, asked, 1)) return false;
  }
  return send_all(connection, "DATA\r\nOK 00000000000000000000000000000001\r\nAGREE_UNIX_FD\r\n");
}

// The serial of the next call; nullopt where the caller has gone.
std::optional<std::uint32_t> next_call(int connection) {
  std::string call;
  if (!receive(connection, call, kStart)) return std::nullopt;
  const std::size_t rest = padded(number_at(call, 12)) + number_at(call, 4);
  if (!receive(connection, call, rest)) return std::nullopt;
  return number_at(call, 8);
}

}  // namespace

RawBusPeer::RawBusPeer(RawReply reply) : reply_(std::move(reply)) {
  listener_ = listen_at(folder_.path() / "bus");
  thread_ = std::thread([this] { serve(); });
}

RawBusPeer::~RawBusPeer() {
  is_over_ = true;
  thread_.join();
  close(listener_);
}

std::string RawBusPeer::address() const { return "unix:path=" + (folder_.path() / "bus").string(); }

void RawBusPeer::serve() {
  const int connection = accept_until(listener_, is_over_);
  if (connection < 0) return;
  talk(connection);
  close(connection);
}

void RawBusPeer::talk(int connection) const {
  if (!let_in(connection)) return;
  const auto hello = next_call(connection);
  if (!hello) return;
  if (!send_all(connection, reply_to(*hello, {"s", {"\4\0\0\0:1.1\0", 9}}))) return;
  const auto call = next_call(connection);
  if (!call) return;
  send_all(connection, reply_.is_garbage ? std::string(64, 'x') : reply_to(*call, reply_));
  while (next_call(connection)) continue;
}

}  // namespace cred::test
