// SPDX-License-Identifier: MIT
// A bus with one service on it, for one caller, in a thread: each call is answered by a function of
// the row. What is not answered by one is an unknown method.
#pragma once

#include <systemd/sd-bus.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <thread>

#include "tests/lab/temporary_folder.h"

namespace cred::test {

// Longer than any machine takes.
inline constexpr std::chrono::milliseconds kLate(60'000);
// A time that runs out.
inline constexpr std::chrono::milliseconds kSoon(200);

class BusPeer {
 public:
  // By the name of the method. A function replies to the message, or leaves the caller waiting.
  using Answers = std::map<std::string, std::function<void(sd_bus_message*)>>;

  explicit BusPeer(Answers answers);
  BusPeer(const BusPeer&) = delete;
  BusPeer& operator=(const BusPeer&) = delete;
  ~BusPeer();

  [[nodiscard]] std::string address() const;

  // How often a method was called. For when its reply has come.
  [[nodiscard]] int calls(const std::string& method) const;

 private:
  void serve();
  static int answer(sd_bus_message* message, void* self, sd_bus_error* error);

  TemporaryFolder folder_;
  Answers answers_;
  std::map<std::string, std::atomic<int>> calls_;
  int listener_ = -1;
  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

}  // namespace cred::test
