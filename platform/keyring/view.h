// SPDX-License-Identifier: MIT
// Questions to the keyring: which items a server has, which of them is the newest, what a locked
// keyring may not show, what it is good for. Asks nobody, and changes nothing. Private to this
// folder.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/keyring/bus/service.h"
#include "platform/keyring/layout.h"
#include "platform/store/server_index.h"
#include "platform/system/error.h"

namespace cred {

// How often the work is tried on a keyring that locks itself, or changes, meanwhile: whoever stores
// for another username makes an item and deletes the older one, so what a search found may be gone
// when it is read, and another one be there.
inline constexpr int kAttempts = 3;

// The items of one server.
struct Match {
  FoundItems items;
  bool maybe_locked = false;  // no item is shown, but the locked keyring may have one all the same
  bool maybe_ours = false;    // an item with the name of the server, of another schema or none

  [[nodiscard]] bool is_empty() const {
    return items.unlocked.empty() && items.locked.empty() && !maybe_locked;
  }
  [[nodiscard]] bool needs_unlock() const { return !items.locked.empty() || maybe_locked; }
};

// Connects to the keyring, with this limit for each answer. Fails as KeyringService does.
using ServiceOpener =
    std::function<std::unique_ptr<KeyringService>(std::chrono::milliseconds reply)>;

// Failures are those of KeyringService.
class KeyringView {
 public:
  // Touches nothing yet. `reply` is the limit for each answer.
  KeyringView(ServiceOpener open, std::chrono::milliseconds reply,
              std::shared_ptr<ServerIndex> index)
      : open_(std::move(open)), reply_(reply), index_(std::move(index)) {}

  // The service itself, opened when it is first needed.
  KeyringService& service();

  // Sets the limit for each answer from now on.
  void limit_replies(std::chrono::milliseconds limit);

  // Announces that a secret will be read or stored, as far as can be known.
  void expect_secret();

  // If `failure` says that no answer came: every further question fails with it at once.
  void give_up(const Error& failure);

  // What the keyring shows of each server. Items that it shows without a schema count as locked:
  // after a restart a locked gnome-keyring shows ours so.
  [[nodiscard]] std::vector<Match> search(std::span<const std::string> servers);

  // The same, and what the index says of a keyring that shows nothing while it is locked.
  [[nodiscard]] Match match(const std::string& server);
  [[nodiscard]] std::vector<Match> match(std::span<const std::string> servers);

  // Whether the keyring shows nothing of `server`, after the items shown have been deleted.
  [[nodiscard]] bool is_gone(const std::string& server);

  // Whether the index names `server` for the keyring.
  [[nodiscard]] bool is_known(std::string_view server) const {
    return index_->mentions(server, kKeyringId);
  }

  // The position of the newest of `items`, of which there is at least one.
  [[nodiscard]] std::size_t newest(std::span<const ObjectPath> items);

  // When the newest item of `server` was stored, in seconds since 1970; nullopt where it has none,
  // or one is locked.
  [[nodiscard]] std::optional<std::uint64_t> stored_at(const std::string& server);

  // The newest item of each server, as far as they can be read.
  struct Shown {
    std::string username;
    ObjectPath item;
  };
  [[nodiscard]] std::map<std::string, Shown> shown();

  // When each of `items` was stored, in seconds since 1970; 0 where that is not known.
  [[nodiscard]] std::vector<std::uint64_t> times(std::span<const ObjectPath> items) {
    return service().modified(items);
  }

  // Empty if there is none.
  [[nodiscard]] ObjectPath default_collection();
  [[nodiscard]] bool is_default_locked();

 private:
  [[nodiscard]] std::vector<FoundItems> search_items(std::span<const Attributes> wanted);
  void match_locked(const std::string& server, Match& match);

  ServiceOpener open_;
  std::chrono::milliseconds reply_;
  std::shared_ptr<ServerIndex> index_;
  std::unique_ptr<KeyringService> service_;
  bool expects_secret_ = false;
  ObjectPath default_collection_;      // once it is known
  std::optional<Error> out_of_reach_;  // why no answer came
};

// What a keyring is good for at the moment, for the choice between stores.
struct Readiness {
  bool answers = false;
  bool has_collection = false;      // a default one
  bool is_unlocked = false;         // it has a default collection, which is not locked
  std::optional<Refusal> obstacle;  // to storing
};

// Never fails, and takes at most one and a half seconds or `limits.reply`, whichever is less. Sets
// the limits of `view`, and leaves `limits.reply` there.
[[nodiscard]] Readiness find_readiness(KeyringView& view, const Limits& limits);

}  // namespace cred
