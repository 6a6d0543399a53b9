// SPDX-License-Identifier: MIT
#include "helper/spellings.h"

#include <algorithm>
#include <set>
#include <vector>

#include "helper/server_address.h"
#include "platform/error.h"

namespace cred {
namespace {

std::vector<std::string> listed_spellings(Store& store, const std::string& server) {
  std::vector<std::string> spellings;
  for (const auto& [stored, username] : store.list()) {
    if (same_registry(stored, server)) spellings.push_back(stored);
  }
  return spellings;
}

}  // namespace

std::optional<Credential> find_credential(Store& store, const std::string& server,
                                          bool namespace_fallback) {
  if (auto exact = store.get(server)) return exact;
  for (const auto& other : answering_servers(server, store.known_servers(), namespace_fallback)) {
    if (auto found = store.get(other)) return found;
  }
  return std::nullopt;
}

void erase_every_spelling(Store& store, const std::string& server) {
  std::vector<std::string> spellings{server};
  for (const auto& known : store.known_servers()) {
    if (known != server && same_registry(known, server)) spellings.push_back(known);
  }
  // Unlocking can bring to light what nobody knew of, and somebody may store meanwhile.
  constexpr int kRounds = 3;
  for (int round = 0; round < kRounds; ++round) {
    store.erase(spellings);
    spellings = listed_spellings(store, server);
    if (spellings.empty()) return;
  }
  throw Error(Errc::keyring_failed, "the credential is still there after deleting it");
}

}  // namespace cred
