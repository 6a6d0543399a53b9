// SPDX-License-Identifier: MIT
// A configuration file that other programs rewrite as well, as docker does with config.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/system/file.h"

namespace cred {

// Symlinks are followed, also to a file that does not exist yet; the file keeps its mode and owner.
class ConfigFile {
 public:
  // Touches nothing. The file need not exist.
  explicit ConfigFile(std::filesystem::path path) : path_(std::move(path)) {}
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;
  ConfigFile(ConfigFile&& other) noexcept;
  ConfigFile& operator=(ConfigFile&&) = delete;
  ~ConfigFile();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  // The file behind the links; where the last one points to nothing, that place. Throws Error(io)
  // for links in a circle.
  [[nodiscard]] std::filesystem::path target() const;

  // nullopt if there is no such file.
  [[nodiscard]] std::optional<std::string> read() const;

  // Makes sure that replace() can work, and makes the temporary file for it, beside the file and
  // with its mode and owner. Throws Error(io) with the cure: not for a mount point, a folder that
  // cannot be written, a file of another user. The file itself is not touched. `narrow`: without
  // the rights of group and others in that mode, also where replace() prepares anew.
  void prepare(bool narrow = false);

  // Whether prepare() left out rights that others have on the file.
  [[nodiscard]] bool is_narrowed() const { return is_narrowed_; }

  // Throws as prepare() does, and makes nothing.
  void check_replaceable() const;

  // Puts `bytes` in the place of the file in one step; a kill or a power cut leaves the old file or
  // the new one. Returns false, and leaves everything as it is, if the file was not `expected`
  // (nullopt: missing) at that moment, however late another program wrote it; or if the links lead
  // elsewhere than they did for prepare().
  [[nodiscard]] bool replace(const std::optional<std::string>& expected, std::string_view bytes);

  // The number of the file, where prepare() saw that it has other names too (hard links): they keep
  // what is replaced.
  [[nodiscard]] const std::optional<std::uintmax_t>& linked() const { return linked_; }

  // Whether other programs may have seen the bytes of the last replace(), although it threw.
  [[nodiscard]] bool may_have_been_replaced() const { return may_have_been_replaced_; }

  // Files beside this one that a killed replace() left behind.
  [[nodiscard]] std::vector<std::filesystem::path> own_leftovers() const;

  // Other files beside this one whose names begin with its name: docker's own leftovers
  // (config.json1234), backups by hand.
  [[nodiscard]] std::vector<std::filesystem::path> namesakes() const;

 private:
  void exchange(const std::filesystem::path& target);
  [[nodiscard]] bool took_out(const std::optional<std::string>& expected,
                              const std::filesystem::path& target);
  [[nodiscard]] bool is_temporary(std::string_view bytes);
  void put_back(const std::filesystem::path& target);
  void write_temporary(std::string_view bytes);
  [[noreturn]] void keep_temporary(const std::string& why);
  void discard_temporary();

  std::filesystem::path path_;
  std::filesystem::path prepared_;   // what prepare() found behind the links
  std::filesystem::path temporary_;  // beside that; empty unless it exists
  Fd temporary_fd_;                  // of a temporary file that is not written yet
  std::optional<std::uintmax_t> linked_;
  bool narrows_ = false;
  bool is_narrowed_ = false;
  bool may_have_been_replaced_ = false;
};

}  // namespace cred
