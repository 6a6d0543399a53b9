// SPDX-License-Identifier: MIT
// What this machine knows of the place of a shared vault: a small file beside the copy, which can
// be lost. When it was last compared with the place is the file's own time, so that a get needs one
// stat() for it. Private to platform/vault/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace cred {

struct PlaceRecord {
  std::string place = {};        // as in the settings
  std::string id = {};           // of the vault, hexadecimal
  std::uint64_t generation = 0;  // of the copy that came from there, or went there
  std::string token = {};        // of that state
  std::string digest = {};       // of its bytes, hexadecimal
  std::uint64_t fetched = 0;     // when all of it came over, in seconds since 1970
  std::uint64_t checked = 0;     // when it was last found to be the newest; 0: never
  bool by_one_member = false;    // then, without a majority
  std::string refused = {};      // why what was there since is not taken; empty if nothing was
};

// Of the copy `vault`.
[[nodiscard]] std::filesystem::path place_record_file(const std::filesystem::path& vault);

// nullopt if there is none that can be used.
[[nodiscard]] std::optional<PlaceRecord> read_place_record(const std::filesystem::path& file);

// The file's own time becomes `checked`. By who holds the vault. Throws Error(io).
void write_place_record(const std::filesystem::path& file, const PlaceRecord& record);

// Whether there was one. By who holds the vault. Throws Error(io).
bool remove_place_record(const std::filesystem::path& file);

// `checked` alone, by one stat(); 0 if there is no record.
[[nodiscard]] std::uint64_t last_checked(const std::filesystem::path& file);

}  // namespace cred
