// SPDX-License-Identifier: MIT
// Simple methods are called by GDBus, which takes a time limit for each call and needs no proxy
// object for each item. libsecret does what is hard: the encrypted session, and prompts with their
// dismissal.
#include "platform/keyring/prompter/libsecret_prompter.h"

#include <mutex>

#include "platform/keyring/bus/session_bus.h"
#include "platform/keyring/prompter/glib.h"
#include "platform/text/wait_note.h"

namespace cred {
namespace {

// KeePassXC asks before each change, if it is set up so.
constexpr const char* kMustAsk =
    "the keyring wants to ask before it changes a login, and nobody can be asked";

constexpr const char* kLeft = "the keyring ended while it was to ask";

constexpr const char* kNotEncrypted = "libsecret cannot encrypt what is to be stored";

GVariant* paths_variant(std::span<const ObjectPath> paths) {
  GVariantBuilder builder;
  g_variant_builder_init(&builder, G_VARIANT_TYPE("ao"));
  for (const auto& path : paths) g_variant_builder_add(&builder, "o", path.c_str());
  return g_variant_builder_end(&builder);
}

GVariant* attributes_variant(const Attributes& attributes) {
  GVariantBuilder builder;
  g_variant_builder_init(&builder, G_VARIANT_TYPE("a{ss}"));
  for (const auto& [name, value] : attributes) {
    g_variant_builder_add(&builder, "{ss}", name.c_str(), value.c_str());
  }
  return g_variant_builder_end(&builder);
}

ObjectPath read_path(GVariant* reply, gsize position) {
  const GVariantPtr path(g_variant_get_child_value(reply, position));
  return g_variant_get_string(path.get(), nullptr);
}

bool names_an_object(GVariant* result, const char* type) {
  if (result == nullptr || g_variant_is_of_type(result, G_VARIANT_TYPE(type)) == FALSE)
    return false;
  if (g_variant_is_container(result) != FALSE) return g_variant_n_children(result) != 0;
  return g_variant_get_string(result, nullptr) != kNoObject;
}

// GLib prints its debug messages to stdout, which docker reads. Its warnings about libsecret's own
// faults would go to the terminal, where nobody can do anything about them.
void keep_glib_quiet() {
  g_log_writer_default_set_use_stderr(TRUE);
  g_set_print_handler([](const gchar* text) { g_printerr("%s", text); });
  if (g_getenv("G_MESSAGES_DEBUG") != nullptr) return;
  g_log_set_writer_func([](GLogLevelFlags /*level*/, const GLogField* /*fields*/, gsize /*count*/,
                           gpointer /*data*/) { return G_LOG_WRITER_HANDLED; },
                        nullptr, nullptr);
}

// Whether the service has left the bus since, or the bus itself is gone. libsecret waits on for the
// end of a prompt that died with its service.
class Departure {
 public:
  explicit Departure(GDBusConnection* bus)
      : watch_(g_bus_watch_name_on_connection(bus, kBusName, G_BUS_NAME_WATCHER_FLAGS_NONE, nullptr,
                                              on_vanished, &has_left_, nullptr)) {}
  Departure(const Departure&) = delete;
  Departure& operator=(const Departure&) = delete;
  ~Departure() { g_bus_unwatch_name(watch_); }

  // Changes while GLib's main context is iterated.
  [[nodiscard]] const bool& has_left() const noexcept { return has_left_; }

 private:
  static void on_vanished(GDBusConnection* /*bus*/, const gchar* /*name*/, gpointer data) {
    *static_cast<bool*>(data) = true;
  }

  bool has_left_ = false;
  guint watch_;
};

class LibsecretKeyring final : public KeyringPrompter {
 public:
  LibsecretKeyring(const std::string& bus_address, const Limits& limits, std::string dismissed,
                   const Notes& notes)
      : limits_(limits), dismissed_(std::move(dismissed)), notes_(notes) {
    // libsecret takes no connection and no address: it uses the one that GLib shares in the
    // process, whose address GLib takes from here. With it set, GLib never launches a bus.
    g_setenv("DBUS_SESSION_BUS_ADDRESS", bus_address.c_str(), TRUE);
    g_unsetenv("SECRET_SERVICE_BUS_NAME");  // would send libsecret elsewhere than us
    const auto connected = wait_for(limits_.reply, g_bus_get, G_BUS_TYPE_SESSION);
    GErrorSlot error;
    bus_.reset(g_bus_get_finish(connected.get(), error.out()));
    error.throw_if_set();
    g_dbus_connection_set_exit_on_close(bus_.get(),
                                        FALSE);  // a bus that goes is an error like others
    GIOStream* const stream = g_dbus_connection_get_stream(bus_.get());
    auto* const connection = reinterpret_cast<GSocketConnection*>(stream);  // as of any unix: bus
    check_peer(g_socket_get_fd(g_socket_connection_get_socket(connection)));
  }

  [[nodiscard]] ObjectPath create_default_collection() override {
    GVariantBuilder properties;
    g_variant_builder_init(&properties, G_VARIANT_TYPE("a{sv}"));
    g_variant_builder_add(&properties, "{sv}", "org.freedesktop.Secret.Collection.Label",
                          g_variant_new_string("Default keyring"));
    return create(kServicePath, kService, "CreateCollection",
                  g_variant_new("(a{sv}s)", &properties, "default"),
                  {Errc::no_collection, kCannotCreate});
  }

  void unlock(std::span<const ObjectPath> objects) override {
    GVariant* paths = paths_variant(objects);
    const auto reply =
        call(kServicePath, kService, "Unlock", g_variant_new_tuple(&paths, 1), "(aoo)");
    finish_prompt(read_path(reply.get(), 1), "ao", {Errc::locked, kCannotUnlock});
  }

  ObjectPath create_item(const ObjectPath& collection, const std::string& label,
                         const Attributes& attributes, const Secret& secret) override {
    open_session();
    const GVariantPtr encoded = encode(secret);
    GVariantBuilder properties;
    g_variant_builder_init(&properties, G_VARIANT_TYPE("a{sv}"));
    g_variant_builder_add(&properties, "{sv}", "org.freedesktop.Secret.Item.Label",
                          g_variant_new_string(label.c_str()));
    g_variant_builder_add(&properties, "{sv}", "org.freedesktop.Secret.Item.Attributes",
                          attributes_variant(attributes));
    return create(collection, kCollection, "CreateItem",
                  g_variant_new("(a{sv}@(oayays)b)", &properties, encoded.get(), FALSE),
                  {Errc::keyring_failed, kMustAsk});
  }

  void delete_item(const ObjectPath& item) override {
    const auto prompt = ask_to_delete(item);
    if (prompt) finish_prompt(*prompt, nullptr, {Errc::keyring_failed, kMustAsk});
  }

 private:
  GVariantPtr call(const ObjectPath& object, const char* interface, const char* method,
                   GVariant* arguments, const char* reply_type) {
    GErrorSlot error;
    GVariantPtr reply(
        g_dbus_connection_call_sync(bus_.get(), kBusName, object.c_str(), interface, method,
                                    arguments, G_VARIANT_TYPE(reply_type), G_DBUS_CALL_FLAGS_NONE,
                                    static_cast<int>(limits_.reply.count()), nullptr, error.out()));
    error.throw_if_set();
    return reply;
  }

  // The prompt that it takes, which may be none; nullopt if the item is gone already.
  std::optional<ObjectPath> ask_to_delete(const ObjectPath& item) {
    try {
      const auto reply = call(item, kItem, "Delete", g_variant_new("()"), "(o)");
      return read_path(reply.get(), 0);
    } catch (const Error& failure) {
      if (failure.code() != Errc::no_object) throw;
    }
    return std::nullopt;
  }

  // Calls a method that makes an object, and shows the prompt that this takes.
  ObjectPath create(const ObjectPath& parent, const char* interface, const char* method,
                    GVariant* arguments, const Error& unasked) {
    const auto reply = call(parent, interface, method, arguments, "(oo)");
    const auto prompted = finish_prompt(read_path(reply.get(), 1), "o", unasked);
    ObjectPath made =
        prompted ? g_variant_get_string(prompted.get(), nullptr) : read_path(reply.get(), 0);
    if (made == kNoObject) throw Error(Errc::keyring_failed, kCreatedNothing);
    return made;
  }

  // Whether the service obeys makes no difference.
  void dismiss(const ObjectPath& prompt) {
    try {
      call(prompt, kPrompt, "Dismiss", nullptr, "()");
    } catch (const Error&) {
      return;
    }
  }

  // Shows the prompt that an answer of the service names. Returns its result; null where no prompt
  // is needed. Throws `unasked` where none may be shown. A result without an object in it means
  // that the user refused: libsecret does not report that by itself.
  GVariantPtr finish_prompt(const ObjectPath& prompt, const char* result_type,
                            const Error& unasked) {
    if (prompt == kNoObject) return nullptr;
    if (!limits_.may_ask) {
      dismiss(prompt);
      throw Error(unasked);
    }
    SecretService* service = libsecret();
    const WaitNote waiting(notes_, "waiting for an answer to the keyring's dialog");
    const Departure departure(bus_.get());
    GObjectPtr<GAsyncResult> answered;
    try {
      const AsyncStart ask = [&](GCancellable* cancellable, GAsyncReadyCallback ready,
                                 gpointer data) {
        secret_service_prompt_at_dbus_path(service, prompt.c_str(), nullptr, cancellable, ready,
                                           data);
      };
      answered = wait_for(limits_.prompt, ask, departure.has_left());
    } catch (const Error&) {
      if (departure.has_left()) throw Error(Errc::unavailable, kLeft);
      throw Error(Errc::timed_out, "nobody answered the keyring's prompt in time");
    }
    GErrorSlot error;
    GVariantPtr result(
        secret_service_prompt_at_dbus_path_finish(service, answered.get(), error.out()));
    error.throw_if_set();
    if (result_type != nullptr && !names_an_object(result.get(), result_type)) {
      throw Error(Errc::refused, dismissed_);
    }
    return result;
  }

  // libsecret's own view of the service.
  SecretService* libsecret() {
    if (libsecret_) return libsecret_.get();
    const auto made = wait_for(limits_.reply, secret_service_open, SECRET_TYPE_SERVICE, kBusName,
                               SECRET_SERVICE_NONE);
    GErrorSlot error;
    libsecret_.reset(secret_service_open_finish(made.get(), error.out()));
    error.throw_if_set();
    return libsecret_.get();
  }

  void open_session() {
    if (has_session_) return;
    SecretService* service = libsecret();
    const auto opened = wait_for(limits_.reply, secret_service_ensure_session, service);
    GErrorSlot error;
    if (secret_service_ensure_session_finish(service, opened.get(), error.out()) == FALSE) {
      // libsecret falls back by itself where the service answers NotSupported; KWallet without its
      // cryptography plugin answers otherwise.
      if (!error.is_answer()) error.throw_if_set();
      const auto reply = call(kServicePath, kService, "OpenSession",
                              g_variant_new("(sv)", "plain", g_variant_new_string("")), "(vo)");
      plain_session_ = read_path(reply.get(), 1);
    }
    has_session_ = true;
  }

  GVariantPtr encode(const Secret& secret) {
    const std::string_view bytes = secret.reveal();
    if (plain_session_.empty()) {
      const SecretValuePtr value(
          secret_value_new(bytes.data(), static_cast<gssize>(bytes.size()), "text/plain"));
      GVariant* encoded = secret_service_encode_dbus_secret(libsecret_.get(), value.get());
      if (encoded == nullptr) throw Error(Errc::keyring_failed, kNotEncrypted);
      return GVariantPtr(g_variant_ref_sink(encoded));
    }
    GVariant* plain =
        g_variant_new("(o@ay@ays)", plain_session_.c_str(),
                      g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, nullptr, 0, 1),
                      g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes.data(), bytes.size(), 1),
                      "text/plain");
    return GVariantPtr(g_variant_ref_sink(plain));
  }

  Limits limits_;
  std::string dismissed_;
  Notes notes_;
  GObjectPtr<GDBusConnection> bus_;
  GObjectPtr<SecretService> libsecret_;  // made when first needed: to delete does without
  bool has_session_ = false;
  ObjectPath plain_session_;  // set where the service offers no encrypted one
};

}  // namespace

DEFINE_LIBRARY(load_libsecret, SECRET_FUNCTIONS, "libsecret-1.so.0", "keyring",
               "to ask the user to unlock a keyring")

std::unique_ptr<KeyringPrompter> open_libsecret_keyring(const std::string& bus_address,
                                                        const Limits& limits,
                                                        const std::string& dismissed,
                                                        const Notes& notes) {
  load_libsecret();
  static std::once_flag quiet;  // a second call would be a fatal error of GLib
  std::call_once(quiet, keep_glib_quiet);
  return std::make_unique<LibsecretKeyring>(bus_address, limits, dismissed, notes);
}

std::optional<Error> libsecret_problem() {
  try {
    load_libsecret();
  } catch (const Error& failure) {
    return failure;
  }
  return std::nullopt;
}

}  // namespace cred
