// SPDX-License-Identifier: MIT
// The status of a file, for a program that only inspects it: no function here fails or changes
// anything.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "platform/system/error.h"

namespace cred {

struct FileStatus {
  std::filesystem::path path;
  bool exists = false;              // it itself, not what a symbolic link of that name points to
  std::optional<std::string> text;  // nullopt: there is no file, or it cannot be read
  std::optional<Refusal> failure;   // why it cannot be read

  // Of the file behind the links.
  mode_t permissions = 0;
  uid_t owner = 0;
  dev_t disk = 0;

  [[nodiscard]] bool others_can_read() const;
  [[nodiscard]] bool others_can_write() const;
};

[[nodiscard]] FileStatus inspect_file(const std::filesystem::path& path);

// The same without its text; also for a folder.
[[nodiscard]] FileStatus inspect_status(const std::filesystem::path& path);

}  // namespace cred
