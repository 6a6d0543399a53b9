// SPDX-License-Identifier: MIT
// The vault of this machine, put into a place from which others take it (shared_vault.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/text/notes.h"

namespace cred {

// Failures are Errors: place_unreachable, place_refused, place_unfit, and those of a vault.
class Sharing {
 public:
  // `settings` name the place.
  Sharing(const Environment& environment, const Settings& settings, const Notes& notes);
  Sharing(const Sharing&) = delete;
  Sharing& operator=(const Sharing&) = delete;
  ~Sharing();

  // One of two vaults that are compared.
  struct Side {
    std::string id = {};  // hexadecimal
    std::uint64_t generation = 0;
    std::optional<std::uint64_t> stored_at = {};  // of its youngest credential, if a key is here
  };

  // What is in the place, seen from the local vault.
  enum class Relation { absent, same, older, newer, other_history, unreadable };

  struct Comparison {
    Side here;
    std::optional<Side> there = {};
    Relation relation = Relation::absent;
    std::string token = {};
    bool has_key_file = false;  // a slot for one
    std::string key_file = {};  // which has to be named from now on: a slot's path does not count
  };

  // Throws bad_request where the local vault cannot be shared.
  Comparison compare();

  // Puts the local vault there, in the place of just what `compared` found. Throws place_unfit
  // where that has changed, unsettled.
  void share(const Comparison& compared);

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

}  // namespace cred
