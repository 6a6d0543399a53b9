// SPDX-License-Identifier: MIT
#include "helper/servers/spellings.h"

#include <utility>

#include "helper/servers/server_address.h"
#include "platform/system/error.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

std::vector<std::string> known_spellings(Store& store, const std::string& server) {
  std::vector<std::string> spellings = store.known_servers();
  std::erase_if(spellings, [&](const auto& known) { return !same_registry(known, server); });
  return spellings;
}

// What another program has stored since the last listing is not known, so the usual ones count too.
std::vector<std::string> possible_spellings(Store& store, const std::string& server) {
  std::vector<std::string> spellings = usual_spellings(server);
  for (auto& known : known_spellings(store, server)) {
    if (!contains(spellings, known)) spellings.push_back(std::move(known));
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

std::vector<std::string> spellings_replaced_by(Store& store, const std::string& server) {
  std::vector<std::string> spellings = possible_spellings(store, server);
  std::erase_if(spellings, [&](const auto& other) { return !is_replaced_by(other, server); });
  return spellings;
}

void put_newest(Store& store, const Credential& credential) {
  store.put(credential);
  const auto replaced = spellings_replaced_by(store, credential.server);
  if (!replaced.empty()) store.remove_replaced(credential, replaced);
}

void erase_every_spelling(Store& store, const std::string& server) {
  std::vector<std::string> spellings = possible_spellings(store, server);
  // Unlocking can bring to light what nobody knew of, and somebody may store meanwhile.
  constexpr int kRounds = 3;
  for (int round = 0; round < kRounds; ++round) {
    store.erase(spellings);
    spellings = known_spellings(store, server);
    if (spellings.empty()) return;
  }
  throw Error(Errc::keyring_failed, "the credential is still there after deleting it");
}

}  // namespace cred
