// SPDX-License-Identifier: MIT
// What a newer credential in another store has replaced: it must never answer again, and is erased
// at once or at the next chance. Private to this folder.
#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "platform/store/backend.h"
#include "platform/store/server_index.h"

namespace cred {

// None of these fails, or asks anybody: what cannot be erased now is marked in the index.
class StaleCopies {
 public:
  explicit StaleCopies(std::shared_ptr<ServerIndex> index) : index_(std::move(index)) {}

  // What `backend` has of `servers`, now that another one's counts.
  void remove(Backend& backend, std::span<const std::string> servers);

  // Of those that the index names there.
  void mark(const Backend& backend, std::span<const std::string> servers);

  // The next chance. Once nothing is left of them in a backend, that is not looked for again.
  void clear(Backend& backend);

 private:
  std::shared_ptr<ServerIndex> index_;
  std::set<const Backend*> cleared_;
};

}  // namespace cred
