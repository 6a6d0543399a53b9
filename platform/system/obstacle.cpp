// SPDX-License-Identifier: MIT
#include "platform/system/obstacle.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

namespace cred {
namespace {

using std::filesystem::path;

// "/", "/a", "/a/b" of "/a/b".
std::vector<path> parts_of(const path& wanted) {
  std::vector<path> parts;
  path part;
  for (const auto& name : std::filesystem::absolute(wanted).lexically_normal()) {
    if (name.empty()) continue;  // behind the last separator
    part /= name;
    parts.push_back(part);
  }
  return parts;
}

bool is_passable(const path& folder) {
  struct stat status = {};
  return stat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         faccessat(AT_FDCWD, folder.c_str(), X_OK, AT_EACCESS) == 0;
}

bool is_fit_for_owner(mode_t mode) { return S_ISREG(mode) || S_ISDIR(mode); }

const char* name_of_type(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

}  // namespace

bool says_absent(int reason) { return reason == ENOENT; }

bool is_absent(const path& path) {
  struct stat status = {};
  return lstat(path.c_str(), &status) != 0 && says_absent(errno);
}

bool is_immutable(const path& path) {
  struct statx status = {};
  if (statx(AT_FDCWD, path.c_str(), 0, STATX_TYPE, &status) != 0) return false;
  return (status.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0;
}

path find_in_the_way(const path& wanted) {
  const std::vector<path> parts = parts_of(wanted);
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (!is_passable(parts[i])) return parts[i];
  }
  return wanted;
}

std::string why_unseen(const path& wanted, int reason) {
  const std::string text = wanted.string() + ": " + std::generic_category().message(reason);
  const path in_the_way = find_in_the_way(wanted);
  struct stat status = {};
  const bool is_known = stat(in_the_way.c_str(), &status) == 0;
  const std::string name = in_the_way == wanted ? "it" : in_the_way.string();
  if (is_known && reason == EACCES && status.st_uid != geteuid()) {
    return text + "; " + name + " belongs to another user";
  }
  return in_the_way == wanted ? text : text + "; " + name + " is in the way";
}

void throw_unseen(const path& wanted) { throw Error(Errc::io, why_unseen(wanted, errno), wanted); }

std::optional<Refusal> why_no_file(const path& path, mode_t mode) {
  if (S_ISREG(mode)) return std::nullopt;
  std::error_code failed;
  const auto target = std::filesystem::read_symlink(path, failed);
  std::string text = path.string() + " is " +
                     (failed ? name_of_type(mode) : "a link to " + target.string()) +
                     ", not a regular file";
  if (failed && S_ISDIR(mode)) {
    text += "; a container engine makes one where it is to mount a file that is not there";
  }
  return Refusal{std::move(text)};
}

std::optional<ForeignPart> find_foreign(const path& wanted) {
  const std::vector<path> parts = parts_of(wanted);
  const uid_t user = geteuid();
  bool is_in_own = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    struct stat status = {};
    // Where a link in a folder of this user's leads, is not theirs to give.
    const int seen = is_in_own ? lstat(parts[i].c_str(), &status) : stat(parts[i].c_str(), &status);
    if (seen != 0) return std::nullopt;
    const bool is_own = status.st_uid == user;
    if (!is_own && is_in_own) {
      const bool is_near = i + 2 >= parts.size();
      // Root's folders hold the homes of all.
      if (!is_fit_for_owner(status.st_mode) || (user == 0 && !is_near)) return std::nullopt;
      return ForeignPart{parts[i], i + 2 == parts.size()};
    }
    is_in_own = is_own;
  }
  return std::nullopt;
}

}  // namespace cred
