// SPDX-License-Identifier: MIT
// A vault's storage in memory, which several machines may share, and which fails when told to.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "platform/system/error.h"
#include "platform/vault/storage/storage.h"

namespace cred::test {

// What a call of replace() is to do.
enum class Fate {
  done,
  conflict,
  unknown_with_effect,
  unknown_without_effect,
  cut_off,  // unknown with effect, and nothing can be reached from then on
  failure
};

// The place itself. Each MemoryStorage is one machine's view of it.
struct MemoryPlace {
  std::optional<std::string> bytes;
  std::uint64_t revision = 0;
  std::deque<Fate> fates;            // of the next calls of replace(); then all are done
  std::function<void()> meanwhile;   // what another machine does before a replace(), once
  std::function<void()> afterwards;  // and after one of which nobody knows, once
  bool is_reachable = true;
  bool is_shared = false;
  int holders = 0;
  int fetches = 0;  // for a change

  void write(std::string_view state) {
    bytes = std::string(state);
    ++revision;
  }
};

class MemoryStorage final : public Storage {
 public:
  // `place` must outlive it. `folder` lies beside the vault; empty: there is none.
  explicit MemoryStorage(MemoryPlace& place, std::string folder = "")
      : place_(place), folder_(std::move(folder)) {}

  std::optional<std::string> read() override {
    check();
    return place_.bytes;
  }

  std::optional<Content> read_for_change() override {
    check();
    ++place_.fetches;
    if (!place_.bytes) return std::nullopt;
    return Content{*place_.bytes, std::to_string(place_.revision)};
  }

  Hold hold() override {
    ++place_.holders;
    return {&place_.holders, [](int* holders) { --*holders; }};
  }

  Outcome replace(std::string_view bytes, const std::optional<std::string>& token) override {
    check();
    if (const auto work = std::exchange(place_.meanwhile, nullptr)) work();
    const Fate fate = next_fate();
    if (fate == Fate::failure) throw Error(Errc::io, "told to fail");
    if (fate == Fate::unknown_without_effect) {
      if (const auto work = std::exchange(place_.afterwards, nullptr)) work();
      return Outcome::unknown;
    }
    const bool is_there = place_.bytes.has_value();
    if (fate == Fate::conflict || is_there != token.has_value() ||
        (token && *token != std::to_string(place_.revision))) {
      return Outcome::conflict;
    }
    place_.write(bytes);
    place_.is_reachable = fate != Fate::cut_off;
    if (fate != Fate::done) {
      if (const auto work = std::exchange(place_.afterwards, nullptr)) work();
    }
    return fate == Fate::done ? Outcome::done : Outcome::unknown;
  }

  void remove() override {
    check();
    place_.bytes.reset();
  }
  void prepare() override { check(); }
  bool exists() override { return place_.bytes.has_value(); }

  std::optional<Fd> beside() override {
    if (folder_.empty()) return std::nullopt;
    return Fd(open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }

  [[nodiscard]] std::string name() const override { return "memory"; }
  [[nodiscard]] bool is_shared() const override { return place_.is_shared; }

 private:
  void check() const {
    if (!place_.is_reachable) throw Error(Errc::io, "the place cannot be reached");
  }
  Fate next_fate() {
    if (place_.fates.empty()) return Fate::done;
    const Fate fate = place_.fates.front();
    place_.fates.pop_front();
    return fate;
  }

  MemoryPlace& place_;
  std::string folder_;
};

}  // namespace cred::test
