// SPDX-License-Identifier: MIT
// A keyring, as the Secret Service specifies it: a function for each operation, every wait bounded,
// no policy. What may ask the user has an interface of its own, because it needs libraries that
// most calls do without. Private to platform/keyring.
// https://specifications.freedesktop.org/secret-service/
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/system/secret.h"

namespace cred {

using ObjectPath = std::string;
using Attributes = std::map<std::string, std::string, std::less<>>;

// The names of the protocol.
inline constexpr const char* kBusName = "org.freedesktop.secrets";
inline constexpr const char* kServicePath = "/org/freedesktop/secrets";
inline constexpr const char* kService = "org.freedesktop.Secret.Service";
inline constexpr const char* kCollection = "org.freedesktop.Secret.Collection";
inline constexpr const char* kItem = "org.freedesktop.Secret.Item";
inline constexpr const char* kPrompt = "org.freedesktop.Secret.Prompt";
inline constexpr std::string_view kNoObject = "/";  // how it says "none", also for a prompt

struct FoundItems {
  std::vector<ObjectPath> unlocked;
  std::vector<ObjectPath> locked;
};

struct ItemContent {
  Attributes attributes;
  Secret secret;
};

// Who answers as the keyring on this bus.
struct Provider {
  bool is_running = false;
  bool is_activatable = false;  // the bus starts one when it is called
  std::uint32_t process = 0;    // the id of the one that runs; 0 if the bus does not say
};

struct Limits {
  std::chrono::milliseconds reply;   // for each answer of the service
  std::chrono::milliseconds prompt;  // for the user's answer to a prompt
  bool may_ask = false;              // whether a prompt may be shown at all
};

// Messages of the Error where a prompt would be needed and may not be shown.
inline constexpr const char* kCannotUnlock =
    "the keyring is locked, and nobody can be asked to unlock it";
inline constexpr const char* kCannotCreate =
    "the keyring has no default collection, and nobody can be asked to choose a password for one";

// The same where it says that it has done what it was asked to, and names nothing that it made.
inline constexpr const char* kCreatedNothing = "the keyring created nothing, and gave no reason";

// Failures of both are Errors: unavailable, timed_out, locked (also where a prompt would be needed
// and may not be shown), refused (the user dismissed the prompt), no_object (it is gone),
// keyring_failed.

// What needs no question to the user.
class KeyringService {
 public:
  KeyringService() = default;
  KeyringService(const KeyringService&) = delete;
  KeyringService& operator=(const KeyringService&) = delete;
  virtual ~KeyringService() = default;

  // Sets the limit for each answer from now on.
  virtual void limit_replies(std::chrono::milliseconds limit) = 0;

  // Announces that a secret will be read or stored: the next search opens the session for it, too.
  virtual void expect_secret() = 0;

  // Asks only the bus, so that no keyring is started.
  [[nodiscard]] virtual Provider provider() = 0;

  // For each of `wanted`, the items of all collections that have all of its attributes. All are
  // asked for at once.
  [[nodiscard]] virtual std::vector<FoundItems> search(std::span<const Attributes> wanted) = 0;

  // Whether a search would ask the user to unlock: KeePassXC, as it comes, does so while it is
  // locked, and shows no item then in any case.
  [[nodiscard]] virtual bool asks_before_searching() = 0;

  // One for each path; nullopt where the item is gone. While an item is locked its attributes may
  // be empty or hashed. All are asked for at once.
  [[nodiscard]] virtual std::vector<std::optional<Attributes>> attributes(
      std::span<const ObjectPath> items) = 0;

  // When each was last changed, in seconds since 1970; 0 where it is gone. All are asked for at
  // once.
  [[nodiscard]] virtual std::vector<std::uint64_t> modified(std::span<const ObjectPath> items) = 0;

  // The whole of an item; nullopt if it is gone.
  [[nodiscard]] virtual std::optional<ItemContent> read(const ObjectPath& item) = 0;

  // The collection behind the alias "default"; empty if there is none.
  [[nodiscard]] virtual ObjectPath default_collection() = 0;
  [[nodiscard]] virtual bool is_locked(const ObjectPath& collection) = 0;

  // Replaces an item with exactly these attributes. Returns the item; nullopt, and nothing has
  // changed, where the keyring wants to ask the user first.
  [[nodiscard]] virtual std::optional<ObjectPath> create_item(const ObjectPath& collection,
                                                              const std::string& label,
                                                              const Attributes& attributes,
                                                              const Secret& secret) = 0;

  // An item that is gone already counts as deleted. False, and nothing has changed, where the
  // keyring wants to ask the user first.
  [[nodiscard]] virtual bool delete_item(const ObjectPath& item) = 0;
};

// The keyring on the session bus, by sd-bus. Connects to the bus. Throws as every function of the
// service does, and Error(no_library).
[[nodiscard]] std::unique_ptr<KeyringService> open_bus_keyring(const std::string& bus_address,
                                                               std::chrono::milliseconds limit);

// What may have to ask the user.
class KeyringPrompter {
 public:
  KeyringPrompter() = default;
  KeyringPrompter(const KeyringPrompter&) = delete;
  KeyringPrompter& operator=(const KeyringPrompter&) = delete;
  virtual ~KeyringPrompter() = default;

  // Error(no_collection) where a prompt would be needed and may not be shown.
  [[nodiscard]] virtual ObjectPath create_default_collection() = 0;

  // Collections or items. Asks the user where the service wants that.
  virtual void unlock(std::span<const ObjectPath> objects) = 0;

  // Beside an item with these attributes, if there is one: KeePassXC 2.7 ends no prompt to replace
  // what another process has stored.
  virtual ObjectPath create_item(const ObjectPath& collection, const std::string& label,
                                 const Attributes& attributes, const Secret& secret) = 0;

  // As KeyringService has it.
  virtual void delete_item(const ObjectPath& item) = 0;
};

}  // namespace cred
