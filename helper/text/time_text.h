// SPDX-License-Identifier: MIT
// Times, for people and for programs.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace cred {

// "2026-11-29 08:05", in the time zone of who reads it. `seconds` since 1970, here and below.
[[nodiscard]] std::string local_time(std::uint64_t seconds);

// "2026-11-29T07:05:00Z"
[[nodiscard]] std::string iso_time(std::uint64_t seconds);

// Two members of `object`: NAME in seconds, and NAME_iso; both null where the time is not known.
void add_time(nlohmann::ordered_json& object, const std::string& name,
              std::optional<std::uint64_t> seconds);

// "90s", "15m", "8h", "2d"; nullopt for anything else.
[[nodiscard]] std::optional<std::chrono::seconds> parse_duration(const std::string& text);

}  // namespace cred
