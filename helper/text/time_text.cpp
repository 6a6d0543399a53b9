// SPDX-License-Identifier: MIT
#include "helper/text/time_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

namespace cred {
namespace {

using Parts = std::tm* (*)(const std::time_t*, std::tm*);

std::string formatted(std::uint64_t seconds, Parts parts_of, const char* format) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts = {};
  if (parts_of(&time, &parts) == nullptr) return "";  // of a year that no calendar has
  std::ostringstream text;
  text << std::put_time(&parts, format);
  return text.str();
}

}  // namespace

std::string local_time(std::uint64_t seconds) {
  return formatted(seconds, localtime_r, "%F %H:%M");
}

std::string iso_time(std::uint64_t seconds) { return formatted(seconds, gmtime_r, "%FT%TZ"); }

void add_time(nlohmann::ordered_json& object, const std::string& name,
              std::optional<std::uint64_t> seconds) {
  object[name] = seconds ? nlohmann::ordered_json(*seconds) : nlohmann::ordered_json();
  object[name + "_iso"] =
      seconds ? nlohmann::ordered_json(iso_time(*seconds)) : nlohmann::ordered_json();
}

std::optional<std::chrono::seconds> parse_duration(const std::string& text) {
  struct Unit {
    char letter;
    std::int64_t seconds;
  };
  constexpr std::array kUnits = {Unit{'s', 1}, Unit{'m', 60}, Unit{'h', 60L * 60},
                                 Unit{'d', 24L * 60 * 60}};
  constexpr std::int64_t kMost = 1'000'000;
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc() || number <= 0 || number > kMost || end - rest != 1)
    return std::nullopt;
  const auto* unit = std::ranges::find(kUnits, *rest, &Unit::letter);
  if (unit == kUnits.end()) return std::nullopt;
  return std::chrono::seconds(number * unit->seconds);
}

}  // namespace cred
