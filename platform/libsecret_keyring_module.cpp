// SPDX-License-Identifier: MIT
// keyring-libsecret.so's side of the border: its table, filled with the functions of the asker.
#include "platform/keyring/prompter/libsecret_prompter.h"
#include "platform/keyring_side.h"

namespace cred::border {
namespace {

KeyringPrompter& at(void* service) { return *static_cast<KeyringPrompter*>(service); }

void* open(Text bus_address, const Limits* limits, const Answer* answer) noexcept {
  return guard(*answer, [&]() -> void* {
    const cred::Limits ours{std::chrono::milliseconds(limits->reply_ms),
                            std::chrono::milliseconds(limits->prompt_ms), limits->may_ask != 0};
    return open_libsecret_keyring(string_of(bus_address), ours).release();
  });
}

void close(void* service) noexcept { delete &at(service); }

int create_default_collection(void* service, const Answer* answer) noexcept {
  return guard(*answer, [&] {
    tell(*answer, at(service).create_default_collection());
    return 0;
  });
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

extern "C" [[gnu::visibility(
    "default")]] const cred::border::AskerModule docker_credential_keyring_asker = {
    .common = {cred::border::kVersion, cred::border::open, cred::border::close},
    .create_default_collection = cred::border::create_default_collection,
    .unlock = cred::border::unlock,
    .create_item = cred::border::create_item,
    .delete_item = cred::border::delete_item,
};
