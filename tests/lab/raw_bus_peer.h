// SPDX-License-Identifier: MIT
// A bus for one caller, in a thread, that answers in bytes: what sd-bus would never send.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "tests/lab/temporary_folder.h"

namespace cred::test {

// The answer to the first call after Hello. Nothing answers those after it.
struct RawReply {
  std::string signature;
  std::string body;
  std::uint32_t announced = 0;  // the size of the body, if that is to be another than it has
  bool is_garbage = false;      // no message at all
};

class RawBusPeer {
 public:
  explicit RawBusPeer(RawReply reply);
  RawBusPeer(const RawBusPeer&) = delete;
  RawBusPeer& operator=(const RawBusPeer&) = delete;
  ~RawBusPeer();

  [[nodiscard]] std::string address() const;

 private:
  void serve();
  void talk(int connection) const;

  TemporaryFolder folder_;
  RawReply reply_;
  int listener_ = -1;
  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

}  // namespace cred::test
