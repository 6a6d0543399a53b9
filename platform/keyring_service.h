// SPDX-License-Identifier: MIT
// The Secret Service on the session bus: a function for each thing that it can do, every wait
// bounded, no policy. Private to this folder.
// https://specifications.freedesktop.org/secret-service/
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/error.h"
#include "platform/glib_ptr.h"
#include "platform/secret.h"

namespace cred {

using ObjectPath = std::string;
using Attributes = std::map<std::string, std::string, std::less<>>;

struct FoundItems {
  std::vector<ObjectPath> unlocked;
  std::vector<ObjectPath> locked;
};

struct ItemProperties {
  Attributes attributes;       // may be unreadable, so hashed or empty, while the item is locked
  std::uint64_t modified = 0;  // seconds since 1970
};

struct Limits {
  std::chrono::milliseconds reply;   // for each answer of the service
  std::chrono::milliseconds prompt;  // for the user's answer to a prompt
  bool may_ask = false;              // whether a prompt may be shown at all
};

// Failures are Errors: unavailable, timed_out, locked (also where a prompt would be needed and may
// not be shown), refused (the user dismissed the prompt), no_object (it is gone), io.
class KeyringService {
 public:
  KeyringService(const std::string& bus_address, const Limits& limits);

  // Items that have all of `attributes`, in every collection.
  [[nodiscard]] FoundItems search(const Attributes& attributes);

  // Whether a search would ask the user to unlock: KeePassXC, as it comes, does so while it is
  // locked, and shows no item then in any case.
  [[nodiscard]] bool asks_before_searching();

  // One entry for each path; nullopt where the item is gone. All are asked for at once.
  [[nodiscard]] std::vector<std::optional<ItemProperties>> properties(
      std::span<const ObjectPath> items);

  [[nodiscard]] Secret secret(const ObjectPath& item);

  // The collection behind the alias "default"; empty if there is none.
  [[nodiscard]] ObjectPath default_collection();
  [[nodiscard]] ObjectPath create_default_collection();  // no_collection where it cannot be made
  [[nodiscard]] bool is_locked(const ObjectPath& collection);

  // Collections or items. Asks the user where the service wants that.
  void unlock(std::span<const ObjectPath> objects);

  // Replaces an item with exactly these attributes. Returns the item.
  ObjectPath create_item(const ObjectPath& collection, const std::string& label,
                         const Attributes& attributes, const Secret& secret);

  // An item that is gone already counts as deleted.
  void delete_item(const ObjectPath& item);

 private:
  GVariantPtr call(const ObjectPath& object, const char* interface, const char* method,
                   GVariant* arguments, const char* reply_type);
  GVariantPtr finish_prompt(const ObjectPath& prompt, const char* result_type,
                            const Error& unasked);
  void dismiss(const ObjectPath& prompt);
  SecretService* libsecret();
  void open_session();
  GVariantPtr encode(const Secret& secret);
  Secret decode(GVariant* encoded);

  Limits limits_;
  GObjectPtr<GDBusConnection> bus_;
  GObjectPtr<SecretService> libsecret_;  // made when first needed: a search does without
  bool has_session_ = false;
  std::optional<bool> is_keepassxc_;
  ObjectPath plain_session_;  // set where the service could not open an encrypted one
};

}  // namespace cred
