// SPDX-License-Identifier: MIT
// The border between the program and its two modules: keyring.so, which speaks to the keyring
// by sd-bus, and keyring-libsecret.so, which asks the user by libsecret and GLib. Plain C types
// cross it; no exception does, no object, and no memory that the other side would have to free: a
// text is read before the call that shows it returns. Private to this folder.
#pragma once

#include <cstddef>
#include <cstdint>

#include "platform/system/error.h"

namespace cred::border {

// Raised with any change in this file; the numbers of Errc cross the border too.
inline constexpr std::uint32_t kVersion = (5U << 16U) | static_cast<std::uint32_t>(Errc::io);

// A module exports one symbol: a ServiceModule or an AskerModule.
inline constexpr const char* kServiceSymbol = "docker_credential_keyring_service";
inline constexpr const char* kAskerSymbol = "docker_credential_keyring_asker";

struct Text {  // UTF-8 or any bytes; not ended by NUL
  const char* data;
  std::size_t size;
};

struct Texts {
  const Text* data;
  std::size_t size;
};

struct Limits {  // as cred::Limits
  std::int64_t reply_ms;
  std::int64_t prompt_ms;
  std::int32_t may_ask;
};

struct Item {
  std::int32_t is_there;   // 0: gone, and the rest is empty
  Texts attributes;        // names and values in turn; empty where they were not asked for
  std::uint64_t modified;  // 0 where it was not asked for
};

struct Provider {  // as cred::Provider
  std::int32_t is_running;
  std::int32_t is_activatable;
  std::uint32_t process;
};

// What a failure is that is no Error: a fault of the program, which is not described.
inline constexpr std::int32_t kUnexpected = -1;

// Where the module tells what came of a call. None of these throws.
struct Answer {
  void* taker;
  void (*text)(void* taker, Text text) noexcept;
  void (*found)(void* taker, std::size_t set, std::int32_t is_locked, Text item) noexcept;
  void (*item)(void* taker, const Item* item) noexcept;
  void (*provider)(void* taker, const Provider* provider) noexcept;
  void (*failure)(void* taker, std::int32_t errc, Text message) noexcept;  // the last word
};

// What both modules begin with. `service` is what open() made. What a function of KeyringService or
// KeyringPrompter returns by value is the int where that is a bool, else told to `answer`. After a
// failure the int means nothing.
struct Module {
  std::uint32_t version;  // kVersion; if it is another, nothing else may be touched

  void* (*open)(Text bus_address, const Limits* limits, const Answer* answer) noexcept;
  void (*close)(void* service) noexcept;
};

// The functions of KeyringService.
struct ServiceModule {
  Module common;
  void (*limit_replies)(void* service, std::int64_t limit_ms) noexcept;
  void (*expect_secret)(void* service) noexcept;
  int (*provider)(void* service, const Answer* answer) noexcept;
  // `wanted` has `count` sets of attributes; each item found is told with the number of its set.
  int (*search)(void* service, const Texts* wanted, std::size_t count,
                const Answer* answer) noexcept;
  int (*asks_before_searching)(void* service, const Answer* answer) noexcept;
  int (*attributes)(void* service, Texts items, const Answer* answer) noexcept;
  int (*modified)(void* service, Texts items, const Answer* answer) noexcept;
  int (*read)(void* service, Text item, const Answer* answer) noexcept;
  int (*default_collection)(void* service, const Answer* answer) noexcept;
  int (*is_locked)(void* service, Text collection, const Answer* answer) noexcept;
  int (*create_item)(void* service, Text collection, Text label, Texts attributes, Text secret,
                     const Answer* answer) noexcept;
  int (*delete_item)(void* service, Text item, const Answer* answer) noexcept;
};

// The functions of KeyringPrompter.
struct AskerModule {
  Module common;
  int (*create_default_collection)(void* service, const Answer* answer) noexcept;
  int (*unlock)(void* service, Texts objects, const Answer* answer) noexcept;
  int (*create_item)(void* service, Text collection, Text label, Texts attributes, Text secret,
                     const Answer* answer) noexcept;
  int (*delete_item)(void* service, Text item, const Answer* answer) noexcept;
};

}  // namespace cred::border
