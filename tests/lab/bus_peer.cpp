// SPDX-License-Identifier: MIT
#include "tests/lab/bus_peer.h"

#include <unistd.h>

#include "tests/lab/listener.h"

namespace cred::test {

BusPeer::BusPeer(Answers answers) : answers_(std::move(answers)) {
  answers_.try_emplace("Hello",
                       [](sd_bus_message* call) { sd_bus_reply_method_return(call, "s", ":1.1"); });
  for (const auto& [method, answer] : answers_) calls_[method] = 0;
  listener_ = listen_at(folder_.path() / "bus");
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
  const int connection = accept_until(listener_, is_over_);
  if (connection < 0) return;
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
