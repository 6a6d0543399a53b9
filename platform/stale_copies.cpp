// SPDX-License-Identifier: MIT
#include "platform/stale_copies.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "platform/system/error.h"

namespace cred {

void StaleCopies::remove(Backend& backend, std::span<const std::string> servers) {
  if (!backend.is_unlocked()) return mark(backend, servers);
  try {
    backend.erase(servers);
    index_->remove(servers, backend.id());
  } catch (const Error&) {
    index_->mark_stale(servers, backend.id());  // it stays for now, as where it is locked
  }
}

void StaleCopies::mark(const Backend& backend, std::span<const std::string> servers) {
  std::vector<std::string> known;
  std::ranges::copy_if(servers, std::back_inserter(known), [&](const std::string& server) {
    return index_->names(server, backend.id());
  });
  index_->mark_stale(known, backend.id());
}

void StaleCopies::clear(Backend& backend) {
  if (!backend.roles().is_replaced || cleared_.contains(&backend)) return;
  if (!index_->stale_servers(backend.id()).empty()) {
    if (!backend.is_unlocked()) return;
    const auto held = index_->hold_for_clearing();
    if (!held) return;  // there will be another one
    const auto stale = index_->stale_servers(backend.id());
    try {
      backend.erase(stale);
      index_->remove(stale, backend.id());
    } catch (const Error&) {
      return;
    }
  }
  cleared_.insert(&backend);
}

}  // namespace cred
