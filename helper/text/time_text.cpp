// SPDX-License-Identifier: MIT
#include "helper/text/time_text.h"

#include <ctime>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>

namespace cred {
namespace {

using Parts = std::tm* (*)(const std::time_t*, std::tm*);

std::string formatted(std::uint64_t seconds, Parts parts_of, const char* format) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts = {};
  parts_of(&time, &parts);
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

}  // namespace cred
