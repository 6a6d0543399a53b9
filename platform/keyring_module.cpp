// SPDX-License-Identifier: MIT
// The module's side of the border: its table, filled with the functions of the Secret Service.
#include "platform/keyring_module.h"

#include <exception>
#include <string>
#include <vector>

#include "platform/secret_service.h"

namespace cred::border {
namespace {

Text text_of(std::string_view text) { return {text.data(), text.size()}; }
std::string string_of(const Text& text) { return {text.data, text.size}; }

std::vector<std::string> strings_of(const Texts& texts) {
  std::vector<std::string> strings;
  for (std::size_t i = 0; i < texts.size; ++i) strings.push_back(string_of(texts.data[i]));
  return strings;
}

Attributes attributes_of(const Texts& texts) {
  Attributes attributes;
  for (std::size_t i = 0; i + 1 < texts.size; i += 2) {
    attributes.emplace(string_of(texts.data[i]), string_of(texts.data[i + 1]));
  }
  return attributes;
}

void tell(const Answer& answer, std::string_view text, bool is_locked = false) {
  answer.text(answer.taker, is_locked ? 1 : 0, text_of(text));
}

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

// Runs `work` up to the border, where an exception becomes a failure told.
template <typename Work>
auto guard(const Answer& answer, Work work) noexcept {
  try {
    return work();
  } catch (const Error& failure) {
    answer.failure(answer.taker, static_cast<std::int32_t>(failure.code()),
                   text_of(failure.what()));
  } catch (...) {
    answer.failure(answer.taker, kUnexpected, text_of(""));
  }
  return decltype(work())();
}

KeyringService& at(void* service) { return *static_cast<KeyringService*>(service); }

void* open(Text bus_address, const Limits* limits, const Answer* answer) noexcept {
  return guard(*answer, [&]() -> void* {
    const cred::Limits ours{std::chrono::milliseconds(limits->reply_ms),
                            std::chrono::milliseconds(limits->prompt_ms), limits->may_ask != 0};
    return open_secret_service(string_of(bus_address), ours).release();
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

int create_default_collection(void* service, const Answer* answer) noexcept {
  return guard(*answer, [&] {
    tell(*answer, at(service).create_default_collection());
    return 0;
  });
}

int is_locked(void* service, Text collection, const Answer* answer) noexcept {
  return guard(*answer, [&] { return at(service).is_locked(string_of(collection)) ? 1 : 0; });
}

int unlock(void* service, Texts objects, const Answer* answer) noexcept {
  return guard(*answer, [&] {
    at(service).unlock(strings_of(objects));
    return 0;
  });
}

int create_item(void* service, Text collection, Text label, Texts attributes, Text secret,
                const Answer* answer) noexcept {
  return guard(*answer, [&] {
    tell(*answer,
         at(service).create_item(string_of(collection), string_of(label), attributes_of(attributes),
                                 Secret({secret.data, secret.size})));
    return 0;
  });
}

int delete_item(void* service, Text item, const Answer* answer) noexcept {
  return guard(*answer, [&] {
    at(service).delete_item(string_of(item));
    return 0;
  });
}

}  // namespace
}  // namespace cred::border

extern "C"
    [[gnu::visibility("default")]] const cred::border::Module docker_credential_keyring_module = {
        .version = cred::border::kVersion,
        .open = cred::border::open,
        .close = cred::border::close,
        .limit_replies = cred::border::limit_replies,
        .provider = cred::border::provider,
        .search = cred::border::search,
        .asks_before_searching = cred::border::asks_before_searching,
        .properties = cred::border::properties,
        .secret = cred::border::secret,
        .default_collection = cred::border::default_collection,
        .create_default_collection = cred::border::create_default_collection,
        .is_locked = cred::border::is_locked,
        .unlock = cred::border::unlock,
        .create_item = cred::border::create_item,
        .delete_item = cred::border::delete_item,
};
