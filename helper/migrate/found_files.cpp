// SPDX-License-Identifier: MIT
#include "helper/migrate/found_files.h"

#include <filesystem>
#include <utility>

#include "helper/cli/hints.h"
#include "helper/files/docker_config.h"
#include "platform/system/config_file.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/obstacle.h"

namespace cred {
namespace {

using std::filesystem::path;

// A file that was named keeps what is known of it.
LoginFile file_named(const path& given, const std::vector<LoginFile>& usual) {
  LoginFile file = login_file_at(given);
  for (const auto& known : usual) {
    if (is_same_file(file.path, known.path)) return {file.path, known.format, known.is_volatile};
  }
  return file;
}

// A name that was mistyped is no place for logins, and another program's file none for us.
void check_named(const path& given, const LoginFile& file) {
  if (is_absent(given)) {
    throw Error(Errc::not_found, given.string() + ": there is no such file or folder");
  }
  const auto text = ConfigFile(file.path).read();
  if (!text || !file.format->obeys_creds_store) return;
  if (!parse_config({file.path, *text, file.format}).is_of_another_program()) return;
  throw Error(Errc::bad_request, file.path.string() +
                                     " is not docker's: it has none of the keys of a config.json; "
                                     "nothing was changed");
}

std::vector<PlannedFile> leave_out_unreadable(std::vector<LoginFile>& found) {
  std::vector<PlannedFile> left_out;
  for (auto file = found.begin() + 1; file != found.end();) {
    try {
      const bool is_there = ConfigFile(file->path).read().has_value();
      // What could not be looked at, and is not there after all: docker's file alone is made.
      file = is_there || file->format != &kHelmConfigFormat ? file + 1 : found.erase(file);
    } catch (const Error& failure) {
      PlannedFile& planned = left_out.emplace_back();
      planned.source = {.path = file->path, .text = std::nullopt, .format = file->format};
      planned.status = MigrationStatus::refused;
      planned.reason = failure.what();
      file = found.erase(file);
    }
  }
  return left_out;
}

}  // namespace

FoundFiles find_files(std::span<const std::string> named, const Environment& environment) {
  FoundFiles found{usual_login_files(environment), {}};
  if (named.empty()) {
    found.unreadable = leave_out_unreadable(found.files);
    if (!concerns_docker(environment)) found.files.erase(found.files.begin());
    return found;
  }
  const std::vector<LoginFile> usual = std::exchange(found.files, {});
  for (const auto& given : named) {
    check_named(given, found.files.emplace_back(file_named(given, usual)));
  }
  return found;
}

std::vector<MigrationFile> open_files(std::span<const LoginFile> found,
                                      const std::optional<Refusal>& refusal) {
  std::vector<MigrationFile> files;
  for (const auto& file : found) {
    MigrationFile& opened =
        files.emplace_back(MigrationFile{ConfigFile(file.path), file.format, file.is_volatile});
    if (file.format->is_of_containers_tools) opened.held_back = refusal;
    if (is_of_snap(file.path)) opened.held_back = Refusal{kSnapCannotAsk};
  }
  return files;
}

}  // namespace cred
