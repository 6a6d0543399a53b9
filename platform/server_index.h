// SPDX-License-Identifier: MIT
// The index: which servers we know to be stored, and in which store. It tells a locked keyring that
// has a server from one that has not, and it holds no secret.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cred {

// It errs only towards "maybe stored". Lost, broken or not to be written, it never stops the work:
// no function throws for the file's sake.
class ServerIndex {
 public:
  // `file` is servers.json; its folder is made when first needed.
  explicit ServerIndex(std::filesystem::path file) : file_(std::move(file)) {}

  [[nodiscard]] bool names(std::string_view server, std::string_view store) const;
  [[nodiscard]] std::vector<std::string> servers(std::string_view store) const;

  // False until a whole listing of the store went in, so also when the file is lost or broken.
  [[nodiscard]] bool is_complete() const { return content().complete; }

  // Writes only if that changes anything.
  void add(std::span<const std::string> servers, std::string_view store);
  void add_all(std::span<const std::string> servers, std::string_view store);  // and is complete
  void remove(std::span<const std::string> servers, std::string_view store);

 private:
  struct Content {
    bool complete = false;
    std::map<std::string, std::string, std::less<>> stores;  // server → store
    bool operator==(const Content&) const = default;
  };

  [[nodiscard]] const Content& content() const;
  [[nodiscard]] Content read() const;
  template <typename Change>
  void change(Change apply);

  std::filesystem::path file_;
  mutable std::optional<Content> cache_;
};

}  // namespace cred
