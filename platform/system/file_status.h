// SPDX-License-Identifier: MIT
// The status of a file, for a program that only inspects it: no function here fails or changes
// anything.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "platform/system/error.h"
#include "platform/system/obstacle.h"

namespace cred {

enum class FileType {
  unknown,  // there is none, or it cannot be seen
  regular,
  folder,
  other,  // a pipe, a socket, a device
};

// Whether its group, or everybody, can write a file of this mode.
[[nodiscard]] constexpr bool others_can_write(mode_t mode) {
  return (mode & (S_IWGRP | S_IWOTH)) != 0;
}

struct FileStatus {
  std::filesystem::path path;
  bool exists = false;              // false only where it is known to be absent (obstacle.h)
  std::optional<std::string> text;  // nullopt: there is no file, or it cannot be read
  std::optional<Refusal> failure;   // why it cannot be seen or read
  bool is_link = false;
  bool is_empty_folder = false;
  bool is_immutable = false;
  std::optional<ForeignPart> foreign;               // that keeps this user from it, or may
  std::optional<std::filesystem::path> closed_own;  // this user's own folder that does

  // Of what is behind the links.
  FileType type = FileType::unknown;
  mode_t permissions = 0;
  uid_t owner = 0;
  dev_t disk = 0;

  [[nodiscard]] bool others_can_read() const;
  [[nodiscard]] bool others_can_write() const;
};

[[nodiscard]] FileStatus inspect_file(const std::filesystem::path& path);

// The same without its text; also for a folder.
[[nodiscard]] FileStatus inspect_status(const std::filesystem::path& path);

// Whether this user could make a file in `folder`; where it is absent, in the one above it.
enum class Access { allowed, denied, read_only_disk };
[[nodiscard]] Access inspect_writing(const std::filesystem::path& folder);

}  // namespace cred
