// SPDX-License-Identifier: MIT
// The vault of this machine, put into a place from which others take it (shared_vault.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/text/notes.h"

namespace cred {

// What is in the place, seen from the vault of this machine.
enum class PlaceRelation { absent, same, older, newer, unrelated, unreadable };

struct PlaceComparison {
  // One of the two vaults.
  struct Side {
    std::string id = {};  // hexadecimal
    std::uint64_t generation = 0;
    std::optional<std::uint64_t> stored_at = {};  // of its youngest credential, if a key is here
  };

  Side here;
  std::optional<Side> there = {};
  PlaceRelation relation = PlaceRelation::absent;
  std::string token = {};
  bool has_key_file = false;  // a slot for one
  std::string key_file = {};  // which has to be named from now on: a slot's path does not count
};

// Both throw Errors: place_unreachable, place_refused, place_unfit, and those of a vault.
// `settings` name the place.

// Throws bad_request where the vault of this machine cannot be shared.
[[nodiscard]] PlaceComparison compare_with_place(const Environment& environment,
                                                 const Settings& settings, const Notes& notes);

// Puts it there, in the place of just what `compared` found. Throws place_unfit where that has
// changed, unsettled.
void put_into_place(const Environment& environment, const Settings& settings, const Notes& notes,
                    const PlaceComparison& compared);

}  // namespace cred
