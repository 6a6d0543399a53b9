// SPDX-License-Identifier: MIT
// A user of docker waits for the start of the program and for each round trip to the keyring. So
// this uses sd-bus, which is loaded ten times as fast as GLib, and sends questions together where
// it can.
#include <string_view>
#include <utility>

#include "platform/keyring/bus/bus_error.h"
#include "platform/keyring/bus/dh_session.h"
#include "platform/keyring/bus/gcrypt_library.h"
#include "platform/keyring/bus/sd_bus.h"
#include "platform/keyring/bus/sd_message.h"
#include "platform/keyring/bus/service.h"
#include "platform/system/locked_bytes.h"

namespace cred {
namespace {

using std::chrono::milliseconds;

constexpr const char* kBus = "org.freedesktop.DBus";
constexpr const char* kBusPath = "/org/freedesktop/DBus";
constexpr const char* kProperties = "org.freedesktop.DBus.Properties";

class BusKeyring final : public KeyringService {
 public:
  BusKeyring(const std::string& bus_address, milliseconds limit)
      : limit_(limit), bus_(bus_address, limit) {}

  void limit_replies(milliseconds limit) override { limit_ = limit; }
  void expect_secret() override { expects_secret_ = true; }

  [[nodiscard]] Provider provider() override {
    Provider found;
    const auto activatable = ask_bus("ListActivatableNames", nullptr);
    read_array(activatable.get(), "s", [&] {
      if (read_text(activatable.get(), 's') == std::string_view(kBusName)) {
        found.is_activatable = true;
      }
    });
    found.is_running = has_owner(kBusName);
    if (!found.is_running) return found;
    try {
      const auto process = ask_bus("GetConnectionUnixProcessID", kBusName);
      found.process = read_number(process.get());
    } catch (const Error& failure) {
      if (failure.code() == Errc::timed_out) throw;  // else the bus does not know, or it has gone
    }
    return found;
  }

  // A thread of gnome-keyring records each new caller. Once in some thousand times the first call
  // comes before that, and is denied as a method that is not implemented. A search is the first
  // call to which this can happen; a second one comes late enough.
  [[nodiscard]] std::vector<FoundItems> search(std::span<const Attributes> wanted) override {
    try {
      return search_once(wanted);
    } catch (const Error& failure) {
      if (failure.code() != Errc::no_object) throw;
    }
    return search_once(wanted);
  }

  [[nodiscard]] bool asks_before_searching() override {
    if (!is_keepassxc_) is_keepassxc_ = has_owner("org.keepassxc.KeePassXC.MainWindow");
    if (!*is_keepassxc_) return false;
    const ObjectPath collection = default_collection();
    return !collection.empty() && is_locked(collection);
  }

  [[nodiscard]] std::vector<std::optional<Attributes>> attributes(
      std::span<const ObjectPath> items) override {
    std::vector<std::optional<Attributes>> result(items.size());
    read_property(items, "Attributes", [&](std::size_t position, sd_bus_message* reply) {
      result[position] = read_attributes_property(reply);
    });
    return result;
  }

  [[nodiscard]] std::vector<std::uint64_t> modified(std::span<const ObjectPath> items) override {
    std::vector<std::uint64_t> result(items.size());
    read_property(items, "Modified", [&](std::size_t position, sd_bus_message* reply) {
      result[position] = read_time_property(reply);
    });
    return result;
  }

  [[nodiscard]] std::optional<ItemContent> read(const ObjectPath& item) override {
    auto asked = ask_for_attributes(item);
    ask_for_session();
    auto attributes = attributes_of(std::move(asked));
    if (!attributes) return std::nullopt;
    finish_session();
    try {
      return ItemContent{std::move(*attributes), secret(item)};
    } catch (const Error& failure) {
      // It may have gone meanwhile.
      if (failure.code() != Errc::no_object || attributes_of(ask_for_attributes(item))) throw;
    }
    return std::nullopt;
  }

  [[nodiscard]] ObjectPath default_collection() override {
    const auto reply =
        call(bus_.method(kBusName, kServicePath, kService, "ReadAlias", "s", "default"));
    const std::string_view collection = read_text(reply.get(), 'o');
    return ObjectPath(collection == kNoObject ? "" : collection);
  }

  [[nodiscard]] bool is_locked(const ObjectPath& collection) override {
    const auto reply = bus_.receive(ask_for_property(collection, kCollection, "Locked"));
    return read_boolean_property(reply.get());
  }

  [[nodiscard]] std::optional<ObjectPath> create_item(const ObjectPath& collection,
                                                      const std::string& label,
                                                      const Attributes& attributes,
                                                      const Secret& secret) override {
    ask_for_session();
    finish_session();
    const auto request = bus_.method(kBusName, collection, kCollection, "CreateItem");
    sd_bus_message* message = request.get();
    expect_bus(sd_bus_message_sensitive(message));
    expect_bus(sd_bus_message_open_container(message, 'a', "{sv}"));
    expect_bus(sd_bus_message_append(message, "{sv}", "org.freedesktop.Secret.Item.Label", "s",
                                     label.c_str()));
    expect_bus(sd_bus_message_open_container(message, 'e', "sv"));
    expect_bus(sd_bus_message_append(message, "s", "org.freedesktop.Secret.Item.Attributes"));
    expect_bus(sd_bus_message_open_container(message, 'v', "a{ss}"));
    append_attributes(message, attributes);
    expect_bus(sd_bus_message_close_container(message));
    expect_bus(sd_bus_message_close_container(message));
    expect_bus(sd_bus_message_close_container(message));
    append_secret(message, secret);
    expect_bus(sd_bus_message_append(message, "b", 1));  // replace
    const auto reply = call(request);
    ObjectPath item = read_text(reply.get(), 'o');
    if (is_prompt(read_text(reply.get(), 'o'))) return std::nullopt;
    if (item == kNoObject) throw Error(Errc::keyring_failed, kCreatedNothing);
    return item;
  }

  [[nodiscard]] bool delete_item(const ObjectPath& item) override {
    try {
      const auto reply = call(bus_.method(kBusName, item, kItem, "Delete"));
      return !is_prompt(read_text(reply.get(), 'o'));
    } catch (const Error& failure) {
      if (failure.code() != Errc::no_object) throw;
      return true;
    }
  }

 private:
  [[nodiscard]] SdBus::CallPtr send(const SdMessagePtr& request) {
    return bus_.send(request, limit_);
  }

  [[nodiscard]] SdMessagePtr call(const SdMessagePtr& request) {
    return bus_.receive(send(request));
  }

  [[nodiscard]] SdMessagePtr ask_bus(const char* method, const char* name) {
    return call(bus_.method(kBus, kBusPath, kBus, method, name == nullptr ? "" : "s", name));
  }

  [[nodiscard]] bool has_owner(const char* name) {
    return read_boolean(ask_bus("NameHasOwner", name).get());
  }

  [[nodiscard]] std::vector<FoundItems> search_once(std::span<const Attributes> wanted) {
    std::vector<SdBus::CallPtr> asked;
    asked.reserve(wanted.size());
    for (const auto& attributes : wanted) {
      const auto request = bus_.method(kBusName, kServicePath, kService, "SearchItems");
      append_attributes(request.get(), attributes);
      asked.push_back(send(request));
    }
    if (expects_secret_) ask_for_session();
    std::vector<FoundItems> found;
    found.reserve(wanted.size());
    for (auto& search : asked) {
      const auto reply = bus_.receive(std::move(search));
      auto& [unlocked, locked] = found.emplace_back();
      unlocked = read_paths(reply.get());
      locked = read_paths(reply.get());
    }
    return found;
  }

  [[nodiscard]] SdBus::CallPtr ask_for_property(const ObjectPath& object, const char* kind,
                                                const char* name) {
    return send(bus_.method(kBusName, object, kProperties, "Get", "ss", kind, name));
  }

  [[nodiscard]] SdBus::CallPtr ask_for_attributes(const ObjectPath& item) {
    return ask_for_property(item, kItem, "Attributes");
  }

  // nullopt if the item is gone.
  [[nodiscard]] std::optional<Attributes> attributes_of(SdBus::CallPtr asked) {
    try {
      return read_attributes_property(bus_.receive(std::move(asked)).get());
    } catch (const Error& failure) {
      if (failure.code() != Errc::no_object) throw;
    }
    return std::nullopt;
  }

  // Calls `take` with the position of each item that is there, and the property.
  template <typename Take>
  void read_property(std::span<const ObjectPath> items, const char* name, Take take) {
    std::vector<SdBus::CallPtr> asked;
    asked.reserve(items.size());
    for (const auto& item : items) asked.push_back(ask_for_property(item, kItem, name));
    for (std::size_t i = 0; i < items.size(); ++i) {
      try {
        take(i, bus_.receive(std::move(asked[i])).get());
      } catch (const Error& failure) {
        if (failure.code() != Errc::no_object) throw;
      }
    }
  }

  [[nodiscard]] Secret secret(const ObjectPath& item) {
    const auto reply = call(bus_.method(kBusName, item, kItem, "GetSecret", "o", session_.c_str()));
    expect_bus(sd_bus_message_sensitive(reply.get()));  // wiped when it is freed
    expect_bus(sd_bus_message_enter_container(reply.get(), 'r', "oayays"));
    static_cast<void>(read_text(reply.get(), 'o'));
    const auto parameters = read_bytes(reply.get());
    const auto value = read_bytes(reply.get());
    if (!keys_) return Secret(as_text(value));
    auto secret = keys_->decrypt(parameters, value);
    if (!secret) {
      throw Error(Errc::keyring_failed, "the keyring sent a secret that cannot be decrypted");
    }
    return std::move(*secret);
  }

  // Whether an answer names a prompt. If so, dismisses it: only the connection that got a prompt
  // can show it, and prompts are libsecret's part. Whether the service obeys makes no difference.
  [[nodiscard]] bool is_prompt(const ObjectPath& path) {
    if (path == kNoObject) return false;
    try {
      static_cast<void>(call(bus_.method(kBusName, path, kPrompt, "Dismiss")));
    } catch (const Error&) {
      return true;
    }
    return true;
  }

  void append_secret(sd_bus_message* request, const Secret& secret) const {
    Bytes value = as_bytes(secret.reveal());
    DhSession::Encrypted encrypted;
    if (keys_) {
      encrypted = keys_->encrypt(secret);
      value = encrypted.text;
    }
    expect_bus(sd_bus_message_open_container(request, 'r', "oayays"));
    expect_bus(sd_bus_message_append(request, "o", session_.c_str()));
    append_bytes(request, encrypted.iv);
    append_bytes(request, value);
    expect_bus(sd_bus_message_append(request, "s", "text/plain"));
    expect_bus(sd_bus_message_close_container(request));
  }

  // The keyring computes two powers for a session, which costs more than all the rest: whatever can
  // be done meanwhile is done before the answer is waited for.
  void ask_for_session() {
    if (asked_session_ || !session_.empty()) return;
    keys_.emplace();
    const auto request =
        bus_.method(kBusName, kServicePath, kService, "OpenSession", "s", DhSession::kAlgorithm);
    expect_bus(sd_bus_message_open_container(request.get(), 'v', "ay"));
    append_bytes(request.get(), keys_->public_key());
    expect_bus(sd_bus_message_close_container(request.get()));
    asked_session_ = send(request);
  }

  void finish_session() {
    while (session_.empty()) {
      ask_for_session();
      if (!take_session()) return open_plain_session();
    }
  }

  // False where the service lacks the cryptography. Services answer that with different errors.
  // None is taken whose key is ambiguous: by another one the service would store something else
  // than was sent.
  [[nodiscard]] bool take_session() {
    SdMessagePtr reply;
    try {
      reply = bus_.receive(std::exchange(asked_session_, nullptr));
    } catch (const Error& failure) {
      if (is_unanswered(failure.code())) throw;
      return false;
    }
    enter_variant(reply.get(), "ay");
    if (!keys_->agree(read_bytes(reply.get()))) throw malformed_answer();
    expect_bus(sd_bus_message_exit_container(reply.get()));
    const char* const session = read_text(reply.get(), 'o');
    if (!keys_->is_ambiguous()) session_ = session;
    return true;
  }

  void open_plain_session() {
    keys_.reset();
    const auto reply =
        call(bus_.method(kBusName, kServicePath, kService, "OpenSession", "sv", "plain", "s", ""));
    expect_bus(sd_bus_message_skip(reply.get(), "v"));
    session_ = read_text(reply.get(), 'o');
  }

  milliseconds limit_;
  SdBus bus_;
  std::optional<bool> is_keepassxc_;
  bool expects_secret_ = false;
  SdBus::CallPtr asked_session_;   // while OpenSession is pending
  ObjectPath session_;             // opened when a secret is first wanted
  std::optional<DhSession> keys_;  // empty for a plain session
};

}  // namespace

std::unique_ptr<KeyringService> open_bus_keyring(const std::string& bus_address,
                                                 milliseconds limit) {
  load_systemd();
  load_gcrypt();
  return std::make_unique<BusKeyring>(bus_address, limit);
}

}  // namespace cred
