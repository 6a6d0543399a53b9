// SPDX-License-Identifier: MIT
#include "platform/store/store_id.h"

namespace cred {

std::optional<StoreId> StoreId::parse(std::string_view text) {
  constexpr std::string_view kCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  if (text.find_first_not_of(kCharacters) != std::string_view::npos) return std::nullopt;
  return StoreId(text);
}

std::string_view StoreId::name() const {
  if (*this == kHomeId) return kHome.name;
  const auto* known = std::ranges::find(kStores, *this, &KnownStore::id);
  return known == kStores.end() ? text() : known->name;
}

std::string_view StoreId::unlock_command() const {
  const auto* known = std::ranges::find(kStores, *this, &KnownStore::id);
  return known == kStores.end() ? "" : known->unlock_command;
}

}  // namespace cred
