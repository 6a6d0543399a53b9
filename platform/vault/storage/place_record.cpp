// SPDX-License-Identifier: MIT
#include "platform/vault/storage/place_record.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <nlohmann/json.hpp>

#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/obstacle.h"

namespace cred {
namespace {

using Json = nlohmann::json;

std::string text_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

std::uint64_t number_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

}  // namespace

std::filesystem::path place_record_file(const std::filesystem::path& vault) {
  return vault.string() + ".place";
}

std::optional<PlaceRecord> read_place_record(const std::filesystem::path& file) {
  try {
    const auto text = read_file(file);
    if (!text) return std::nullopt;
    const Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) return std::nullopt;
    return PlaceRecord{.place = text_in(json, "place"),
                       .id = text_in(json, "id"),
                       .generation = number_in(json, "generation"),
                       .token = text_in(json, "token"),
                       .digest = text_in(json, "digest"),
                       .fetched = number_in(json, "fetched"),
                       .checked = last_checked(file),
                       .by_one_member = number_in(json, "by_one_member") != 0,
                       .refused = text_in(json, "refused")};
  } catch (const Error&) {
    return std::nullopt;
  }
}

void write_place_record(const std::filesystem::path& file, const PlaceRecord& record) {
  const Json json = {{"place", record.place},
                     {"id", record.id},
                     {"generation", record.generation},
                     {"token", record.token},
                     {"digest", record.digest},
                     {"fetched", record.fetched},
                     {"by_one_member", record.by_one_member ? 1U : 0U},
                     {"refused", record.refused}};
  replace_file(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
  const timespec time{.tv_sec = static_cast<std::time_t>(record.checked), .tv_nsec = 0};
  const std::array times{time, time};
  if (utimensat(AT_FDCWD, file.c_str(), times.data(), 0) != 0) throw_errno(file.string());
}

bool remove_place_record(const std::filesystem::path& file) {
  if (unlink(file.c_str()) == 0) return true;
  if (!says_absent(errno)) throw_errno(file.string());
  return false;
}

std::uint64_t last_checked(const std::filesystem::path& file) {
  struct stat status = {};
  if (stat(file.c_str(), &status) != 0 || status.st_mtime < 0) return 0;
  return static_cast<std::uint64_t>(status.st_mtime);
}

}  // namespace cred
