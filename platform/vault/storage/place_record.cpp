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

}  // namespace

// `checked` is the file's own time.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(PlaceRecord, place, id, generation, token, digest,
                                                fetched, by_one_member, refused)

std::filesystem::path place_record_file(const std::filesystem::path& vault) {
  return vault.string() + ".place";
}

std::optional<PlaceRecord> read_place_record(const std::filesystem::path& file) try {
  const auto text = read_file(file);
  if (!text) return std::nullopt;
  auto record = Json::parse(*text).get<PlaceRecord>();
  record.checked = last_checked(file);
  return record;
} catch (const Error&) {
  return std::nullopt;
} catch (const Json::exception&) {
  return std::nullopt;
}

void write_place_record(const std::filesystem::path& file, const PlaceRecord& record) {
  const Json json(record);
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
