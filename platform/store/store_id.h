// SPDX-License-Identifier: MIT
// The id of a store that a credential can lie in, and the table of those that this program has.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <string_view>

namespace cred {

// Also the id of a store that only a later version knows, as a file may name one.
class StoreId {
 public:
  static constexpr std::size_t kLongest = 15;

  // `text` as parse() takes it.
  constexpr explicit StoreId(std::string_view text) {
    std::copy_n(text.begin(), std::min(text.size(), kLongest), text_.begin());
  }

  // nullopt unless `text` is 1 to 15 small letters, digits and '-'.
  [[nodiscard]] static std::optional<StoreId> parse(std::string_view text);

  // As in settings.json, in the index and in JSON documents: "keyring".
  [[nodiscard]] constexpr std::string_view text() const { return text_.data(); }

  // For people, behind "the": "keyring".
  [[nodiscard]] std::string_view name() const;

  // What a person types to unlock it; empty where another program does that.
  [[nodiscard]] std::string_view unlock_command() const;

  auto operator<=>(const StoreId&) const = default;  // NOLINT(modernize-use-nullptr): the 0 of <=>

 private:
  std::array<char, kLongest + 1> text_ = {};
};

inline constexpr StoreId kKeyringId("keyring");
inline constexpr StoreId kVaultId("vault");
inline constexpr StoreId kHomeId("forward");  // of another machine, behind a socket

struct KnownStore {
  StoreId id;
  std::string_view name;  // for people
  std::string_view unlock_command;
};

// Those of this machine, in the order in which they are asked, and in which a new credential is
// offered to them.
inline constexpr std::array kStores = {
    KnownStore{kKeyringId, "keyring", ""},
    KnownStore{kVaultId, "vault", "docker-credential-keyring vault unlock"}};
inline constexpr KnownStore kHome{kHomeId, "store at home", ""};

}  // namespace cred
