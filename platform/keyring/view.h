// SPDX-License-Identifier: MIT
// What there is to be seen of the keyring: which items of a server, which of them is the newest,
// what a lock may hide. Nobody is asked, and nothing changed. Private to this folder.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/keyring/bus/service.h"
#include "platform/keyring/layout.h"
#include "platform/store/server_index.h"
#include "platform/system/environment.h"
#include "platform/system/error.h"

namespace cred {

// What the keyring shows of one server.
struct Sighting {
  FoundItems items;
  bool hidden = false;       // nothing to be seen, but the locked keyring may have it all the same
  bool may_be_ours = false;  // something with its name, of another schema or none

  [[nodiscard]] bool is_nothing() const {
    return items.unlocked.empty() && items.locked.empty() && !hidden;
  }
  [[nodiscard]] bool needs_unlock() const { return !items.locked.empty() || hidden; }
};

// Failures are those of KeyringService.
class KeyringView {
 public:
  // Touches nothing yet. `environment` must outlive it; `reply` is the limit for each answer.
  KeyringView(const Environment& environment, std::chrono::milliseconds reply,
              std::shared_ptr<ServerIndex> index)
      : environment_(environment), reply_(reply), index_(std::move(index)) {}

  // The service itself. Found and loaded when first needed.
  KeyringService& service();

  // Sets the limit for each answer from now on.
  void limit_replies(std::chrono::milliseconds limit);

  // Says that a secret is going to be read or stored, as far as can be known.
  void expect_secret();

  // If `failure` says that no answer came: every further question fails with it, and at once.
  void give_up(const Error& failure);

  // What is shown of each server. Entries that are shown without a schema count as locked, for a
  // locked gnome-keyring shows ours so after a restart.
  [[nodiscard]] std::vector<Sighting> see(std::span<const std::string> servers);

  // The same, and what the index says of a keyring that shows nothing while it is locked.
  [[nodiscard]] Sighting look_for(const std::string& server);
  [[nodiscard]] std::vector<Sighting> look_for(std::span<const std::string> servers);

  // Whether nothing is shown of `server`, after what was to be seen has been deleted.
  [[nodiscard]] bool is_gone(const std::string& server);

  // Whether the index names `server` for the keyring.
  [[nodiscard]] bool is_known(std::string_view server) const {
    return index_->names(server, kKeyringId) || index_->is_stale(server, kKeyringId);
  }

  // The position of the newest of `items`, of which there is at least one.
  [[nodiscard]] std::size_t newest(std::span<const ObjectPath> items);

  // Each server with its user name, as far as they can be read.
  [[nodiscard]] std::map<std::string, std::string> usernames();

  // Empty if there is none.
  [[nodiscard]] ObjectPath default_collection();
  [[nodiscard]] bool is_default_locked();

 private:
  [[nodiscard]] std::vector<FoundItems> search(std::span<const Attributes> wanted);
  void look_behind(const std::string& server, Sighting& sighting);

  const Environment& environment_;
  std::chrono::milliseconds reply_;
  std::shared_ptr<ServerIndex> index_;
  std::unique_ptr<KeyringService> service_;
  bool expects_secret_ = false;
  ObjectPath default_collection_;      // once it is known
  std::optional<Error> out_of_reach_;  // why no answer came
};

}  // namespace cred
