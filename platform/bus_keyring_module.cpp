// SPDX-License-Identifier: MIT
// keyring.so's side of the border: its table, filled with the functions of the service.
#include <optional>

#include "platform/keyring/bus/bus_service.h"
#include "platform/keyring_side.h"

namespace cred::border {
namespace {

void tell(const Answer& answer, const Attributes& attributes) {
  std::vector<Text> texts;
  for (const auto& [name, value] : attributes) {
    texts.push_back(text_of(name));
    texts.push_back(text_of(value));
  }
  const Item item = {1, {texts.data(), texts.size()}, 0};
  answer.item(answer.taker, &item);
}

KeyringService& at(void* service) { return *static_cast<KeyringService*>(service); }

void* open(Text bus_address, const Limits* limits, const Answer* answer) noexcept {
  return guard(*answer, [&]() -> void* {
    return open_bus_keyring(string_of(bus_address), std::chrono::milliseconds(limits->reply_ms))
        .release();
  });
}

void close(void* service) noexcept { delete &at(service); }

void limit_replies(void* service, std::int64_t limit_ms) noexcept {
  at(service).limit_replies(std::chrono::milliseconds(limit_ms));
}

void expect_secret(void* service) noexcept { at(service).expect_secret(); }

int provider(void* service, const Answer* answer) noexcept {
  return guard(*answer, [&] {
    const auto found = at(service).provider();
    const Provider crossing = {found.is_running ? 1 : 0, found.is_activatable ? 1 : 0,
                               found.process};
    answer->provider(answer->taker, &crossing);
    return 0;
  });
}

int search(void* service, const Texts* wanted, std::size_t count, const Answer* answer) noexcept {
  return guard(*answer, [&] {
    std::vector<Attributes> sets;
    for (std::size_t i = 0; i < count; ++i) sets.push_back(attributes_of(wanted[i]));
    const auto found = at(service).search(sets);
    for (std::size_t i = 0; i < found.size(); ++i) {
      for (const auto& item : found[i].unlocked) answer->found(answer->taker, i, 0, text_of(item));
      for (const auto& item : found[i].locked) answer->found(answer->taker, i, 1, text_of(item));
    }
    return 0;
  });
}

int asks_before_searching(void* service, const Answer* answer) noexcept {
  return guard(*answer, [&] { return at(service).asks_before_searching() ? 1 : 0; });
}

int attributes(void* service, Texts items, const Answer* answer) noexcept {
  return guard(*answer, [&] {
    for (const auto& found : at(service).attributes(strings_of(items))) {
      const Item gone = {};
      if (found) {
        tell(*answer, *found);
      } else {
        answer->item(answer->taker, &gone);
      }
    }
    return 0;
  });
}

int modified(void* service, Texts items, const Answer* answer) noexcept {
  return guard(*answer, [&] {
    for (const auto time : at(service).modified(strings_of(items))) {
      const Item item = {1, {}, time};
      answer->item(answer->taker, &item);
    }
    return 0;
  });
}

int read(void* service, Text item, const Answer* answer) noexcept {
  return guard(*answer, [&] {
    const auto content = at(service).read(string_of(item));
    if (!content) return 0;
    tell(*answer, content->attributes);
    tell(*answer, content->secret.reveal());
    return 1;
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

int create_item(void* service, Text collection, Text label, Texts attributes, Text secret,
                const Answer* answer) noexcept {
  return guard(*answer, [&] {
    const auto item =
        at(service).create_item(string_of(collection), string_of(label), attributes_of(attributes),
                                Secret({secret.data, secret.size}));
    if (item) tell(*answer, *item);
    return 0;
  });
}

int delete_item(void* service, Text item, const Answer* answer) noexcept {
  return guard(*answer, [&] { return at(service).delete_item(string_of(item)) ? 1 : 0; });
}

}  // namespace
}  // namespace cred::border

extern "C" [[gnu::visibility(
    "default")]] const cred::border::ServiceModule docker_credential_keyring_service = {
    .common = {cred::border::kVersion, cred::border::open, cred::border::close},
    .limit_replies = cred::border::limit_replies,
    .expect_secret = cred::border::expect_secret,
    .provider = cred::border::provider,
    .search = cred::border::search,
    .asks_before_searching = cred::border::asks_before_searching,
    .attributes = cred::border::attributes,
    .modified = cred::border::modified,
    .read = cred::border::read,
    .default_collection = cred::border::default_collection,
    .is_locked = cred::border::is_locked,
    .create_item = cred::border::create_item,
    .delete_item = cred::border::delete_item,
};
