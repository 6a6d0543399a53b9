// SPDX-License-Identifier: MIT
#include "tests/lab/bus_peer.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

namespace cred::test {

BusPeer::BusPeer(Answers answers) : answers_(std::move(answers)) {
  answers_.try_emplace("Hello",
                       [](sd_bus_message* call) { sd_bus_reply_method_return(call, "s", ":1.1"); });
  for (const auto& [method, answer] : answers_) calls_[method] = 0;
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string path = folder_.path() / "bus";
  REQUIRE(path.size() < sizeof(address.sun_path));
  std::memcpy(address.sun_path, path.c_str(), path.size());
  REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  REQUIRE(listen(listener_, 1) == 0);
  thread_ = std::thread([this] { serve(); });
}

BusPeer::~BusPeer() {
  is_over_ = true;
  thread_.join();
  close(listener_);
}

std::string BusPeer::address() const { return "unix:path=" + (folder_.path() / "bus").string(); }

int BusPeer::calls(const std::string& method) const { return calls_.at(method); }

void BusPeer::serve() {
  constexpr int kNap = 20;  // milliseconds after which the end is looked for
  pollfd waiting = {listener_, POLLIN, 0};
  while (poll(&waiting, 1, kNap) == 0) {
    if (is_over_) return;
  }
  const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  sd_bus* bus = nullptr;
  sd_id128_t id = {};
  if (sd_bus_new(&bus) < 0 || sd_bus_set_fd(bus, connection, connection) < 0 ||
      sd_bus_set_server(bus, 1, id) < 0 || sd_bus_add_filter(bus, nullptr, answer, this) < 0 ||
      sd_bus_start(bus) < 0) {
    std::abort();
  }
  while (!is_over_) {
    const int done = sd_bus_process(bus, nullptr);
    if (done < 0) break;  // the caller has gone
    if (done == 0) sd_bus_wait(bus, kNap * std::uint64_t{1000});
  }
  sd_bus_close_unref(bus);
}

int BusPeer::answer(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
  auto& peer = *static_cast<BusPeer*>(self);
  const char* method = sd_bus_message_get_member(message);
  const auto found = peer.answers_.find(method == nullptr ? "" : method);
  if (found == peer.answers_.end()) return 0;
  ++peer.calls_.at(found->first);
  found->second(message);
  return 1;
}

}  // namespace cred::test
