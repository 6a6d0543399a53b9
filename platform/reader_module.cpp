// SPDX-License-Identifier: MIT
// The reading module's side of the border: its table, filled with the functions of the reader.
#include <optional>

#include "platform/keyring_reader.h"
#include "platform/keyring_side.h"

namespace cred::border {
namespace {

void tell(const Answer& answer, const std::optional<ItemProperties>& properties) {
  Item item = {};
  std::vector<Text> attributes;
  if (properties) {
    for (const auto& [name, value] : properties->attributes) {
      attributes.push_back(text_of(name));
      attributes.push_back(text_of(value));
    }
    item = {1, {attributes.data(), attributes.size()}, properties->modified};
  }
  answer.item(answer.taker, &item);
}

KeyringReader& at(void* service) { return *static_cast<KeyringReader*>(service); }

void* open(Text bus_address, const Limits* limits, const Answer* answer) noexcept {
  return guard(*answer, [&]() -> void* {
    return open_keyring_reader(string_of(bus_address), std::chrono::milliseconds(limits->reply_ms))
        .release();
  });
}

void close(void* service) noexcept { delete &at(service); }

void limit_replies(void* service, std::int64_t limit_ms) noexcept {
  at(service).limit_replies(std::chrono::milliseconds(limit_ms));
}

int provider(void* service, const Answer* answer) noexcept {
  return guard(*answer, [&] {
    const auto found = at(service).provider();
    const Provider crossing = {found.is_running ? 1 : 0, found.is_activatable ? 1 : 0,
                               found.process};
    answer->provider(answer->taker, &crossing);
    return 0;
  });
}

int search(void* service, Texts attributes, const Answer* answer) noexcept {
  return guard(*answer, [&] {
    const FoundItems found = at(service).search(attributes_of(attributes));
    for (const auto& item : found.unlocked) tell(*answer, item);
    for (const auto& item : found.locked) tell(*answer, item, true);
    return 0;
  });
}

int asks_before_searching(void* service, const Answer* answer) noexcept {
  return guard(*answer, [&] { return at(service).asks_before_searching() ? 1 : 0; });
}

int properties(void* service, Texts items, const Answer* answer) noexcept {
  return guard(*answer, [&] {
    for (const auto& item : at(service).properties(strings_of(items))) tell(*answer, item);
    return 0;
  });
}

int secret(void* service, Text item, const Answer* answer) noexcept {
  return guard(*answer, [&] {
    tell(*answer, at(service).secret(string_of(item)).reveal());
    return 0;
  });
}

int default_collection(void* service, const Answer* answer) noexcept {
  return guard(*answer, [&] {
    tell(*answer, at(service).default_collection());
    return 0;
  });
}

int is_locked(void* service, Text collection, const Answer* answer) noexcept {
  return guard(*answer, [&] { return at(service).is_locked(string_of(collection)) ? 1 : 0; });
}

}  // namespace
}  // namespace cred::border

extern "C" [[gnu::visibility(
    "default")]] const cred::border::ReaderModule docker_credential_keyring_reader = {
    .common = {cred::border::kVersion, cred::border::open, cred::border::close},
    .limit_replies = cred::border::limit_replies,
    .provider = cred::border::provider,
    .search = cred::border::search,
    .asks_before_searching = cred::border::asks_before_searching,
    .properties = cred::border::properties,
    .secret = cred::border::secret,
    .default_collection = cred::border::default_collection,
    .is_locked = cred::border::is_locked,
};
