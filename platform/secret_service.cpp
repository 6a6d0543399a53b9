// SPDX-License-Identifier: MIT
// Plain methods go over GDBus, which takes a time limit a call and needs no proxy object for each
// item. libsecret does what is hard: the encrypted session, and prompts with their dismissal.
#include "platform/secret_service.h"

#include <mutex>

#include "platform/error.h"
#include "platform/glib_ptr.h"
#include "platform/glib_wait.h"

namespace cred {
namespace {

constexpr const char* kBusName = "org.freedesktop.secrets";
constexpr const char* kBus = "org.freedesktop.DBus";
constexpr const char* kBusPath = "/org/freedesktop/DBus";
constexpr const char* kServicePath = "/org/freedesktop/secrets";
constexpr const char* kService = "org.freedesktop.Secret.Service";
constexpr const char* kCollection = "org.freedesktop.Secret.Collection";
constexpr const char* kItem = "org.freedesktop.Secret.Item";
constexpr const char* kProperties = "org.freedesktop.DBus.Properties";
constexpr const char* kNoObject = "/";  // how the protocol says "none", also for a prompt

// KeePassXC asks before each change, if it is set up so.
const Error kMustAsk(Errc::keyring_failed,
                     "the keyring wants to ask before it changes a login, and nobody can be asked");

int milliseconds(std::chrono::milliseconds time) { return static_cast<int>(time.count()); }

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

std::vector<ObjectPath> read_paths(GVariant* reply, gsize position) {
  const GVariantPtr array(g_variant_get_child_value(reply, position));
  std::vector<ObjectPath> paths;
  GVariantIter iter;
  g_variant_iter_init(&iter, array.get());
  const gchar* path = nullptr;
  while (g_variant_iter_next(&iter, "&o", &path)) paths.emplace_back(path);
  return paths;
}

ObjectPath read_path(GVariant* reply, gsize position) {
  const GVariantPtr path(g_variant_get_child_value(reply, position));
  return g_variant_get_string(path.get(), nullptr);
}

ItemProperties read_properties(GVariant* reply) {
  ItemProperties properties;
  const GVariantPtr dictionary(g_variant_get_child_value(reply, 0));
  const GVariantPtr attributes(
      g_variant_lookup_value(dictionary.get(), "Attributes", G_VARIANT_TYPE("a{ss}")));
  if (attributes) {
    GVariantIter iter;
    g_variant_iter_init(&iter, attributes.get());
    const gchar* name = nullptr;
    const gchar* value = nullptr;
    while (g_variant_iter_next(&iter, "{&s&s}", &name, &value)) {
      properties.attributes.emplace(name, value);
    }
  }
  guint64 modified = 0;
  if (g_variant_lookup(dictionary.get(), "Modified", "t", &modified))
    properties.modified = modified;
  return properties;
}

bool names_an_object(GVariant* result, const char* type) {
  if (result == nullptr || g_variant_is_of_type(result, G_VARIANT_TYPE(type)) == FALSE)
    return false;
  if (g_variant_is_container(result) != FALSE) return g_variant_n_children(result) != 0;
  return g_variant_get_string(result, nullptr) != std::string_view(kNoObject);
}

// One Properties.GetAll among many under way.
struct PropertyQuery {
  std::size_t* pending = nullptr;
  std::optional<ItemProperties> properties;
  GErrorSlot error;
};

void on_properties(GObject* bus, GAsyncResult* result, gpointer data) {
  auto& query = *static_cast<PropertyQuery*>(data);
  const GVariantPtr reply(
      g_dbus_connection_call_finish(G_DBUS_CONNECTION(bus), result, query.error.out()));
  if (reply) query.properties = read_properties(reply.get());
  --*query.pending;
}

// GLib prints its debug messages to stdout, which is docker's. Its complaints of libsecret's own
// mistakes would go to the terminal, where nobody can do anything about them.
void keep_glib_quiet() {
  g_log_writer_default_set_use_stderr(TRUE);
  g_set_print_handler([](const gchar* text) { g_printerr("%s", text); });
  if (g_getenv("G_MESSAGES_DEBUG") != nullptr) return;
  g_log_set_writer_func([](GLogLevelFlags /*level*/, const GLogField* /*fields*/, gsize /*count*/,
                           gpointer /*data*/) { return G_LOG_WRITER_HANDLED; },
                        nullptr, nullptr);
}

class SessionKeyring final : public KeyringService {
 public:
  SessionKeyring(const std::string& bus_address, const Limits& limits);

  void limit_replies(std::chrono::milliseconds limit) override { limits_.reply = limit; }
  [[nodiscard]] Provider provider() override;
  [[nodiscard]] FoundItems search(const Attributes& attributes) override;
  [[nodiscard]] bool asks_before_searching() override;
  [[nodiscard]] std::vector<std::optional<ItemProperties>> properties(
      std::span<const ObjectPath> items) override;
  [[nodiscard]] Secret secret(const ObjectPath& item) override;
  [[nodiscard]] ObjectPath default_collection() override;
  [[nodiscard]] ObjectPath create_default_collection() override;
  [[nodiscard]] bool is_locked(const ObjectPath& collection) override;
  void unlock(std::span<const ObjectPath> objects) override;
  ObjectPath create_item(const ObjectPath& collection, const std::string& label,
                         const Attributes& attributes, const Secret& secret) override;
  void delete_item(const ObjectPath& item) override;

 private:
  GVariantPtr ask_bus(const char* method, GVariant* arguments, const char* reply_type);
  bool has_owner(const char* name);
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

SessionKeyring::SessionKeyring(const std::string& bus_address, const Limits& limits)
    : limits_(limits) {
  // libsecret takes no connection and no address: it uses the one that GLib shares in the process,
  // whose address GLib takes from here. With it set, GLib never launches a bus.
  g_setenv("DBUS_SESSION_BUS_ADDRESS", bus_address.c_str(), TRUE);
  g_unsetenv("SECRET_SERVICE_BUS_NAME");  // would send libsecret elsewhere than us
  const auto connected = wait_for(
      limits_.reply, [](GCancellable* cancellable, GAsyncReadyCallback ready, gpointer data) {
        g_bus_get(G_BUS_TYPE_SESSION, cancellable, ready, data);
      });
  GErrorSlot error;
  bus_.reset(g_bus_get_finish(connected.get(), error.out()));
  error.throw_if_set();
  g_dbus_connection_set_exit_on_close(bus_.get(),
                                      FALSE);  // a bus that goes is an error like others
}

Provider SessionKeyring::provider() {
  Provider found;
  const auto activatable = ask_bus("ListActivatableNames", nullptr, "(as)");
  const GVariantPtr names(g_variant_get_child_value(activatable.get(), 0));
  GVariantIter iter;
  g_variant_iter_init(&iter, names.get());
  const gchar* name = nullptr;
  while (g_variant_iter_next(&iter, "&s", &name)) {
    found.is_activatable = found.is_activatable || name == std::string_view(kBusName);
  }
  found.is_running = has_owner(kBusName);
  if (!found.is_running) return found;
  try {
    const auto process =
        ask_bus("GetConnectionUnixProcessID", g_variant_new("(s)", kBusName), "(u)");
    guint32 id = 0;
    g_variant_get(process.get(), "(u)", &id);
    found.process = id;
  } catch (const Error& failure) {
    if (failure.code() == Errc::timed_out) throw;  // else the bus does not know, or it has gone
  }
  return found;
}

FoundItems SessionKeyring::search(const Attributes& attributes) {
  GVariant* wanted = attributes_variant(attributes);
  const auto reply =
      call(kServicePath, kService, "SearchItems", g_variant_new_tuple(&wanted, 1), "(aoao)");
  return {read_paths(reply.get(), 0), read_paths(reply.get(), 1)};
}

bool SessionKeyring::asks_before_searching() {
  if (!is_keepassxc_) {
    is_keepassxc_ = has_owner("org.keepassxc.KeePassXC.MainWindow");
  }
  if (!*is_keepassxc_) return false;
  const ObjectPath collection = default_collection();
  return !collection.empty() && is_locked(collection);
}

std::vector<std::optional<ItemProperties>> SessionKeyring::properties(
    std::span<const ObjectPath> items) {
  std::size_t pending = items.size();
  std::vector<PropertyQuery> queries(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    queries[i].pending = &pending;
    g_dbus_connection_call(bus_.get(), kBusName, items[i].c_str(), kProperties, "GetAll",
                           g_variant_new("(s)", kItem), G_VARIANT_TYPE("(a{sv})"),
                           G_DBUS_CALL_FLAGS_NONE, milliseconds(limits_.reply), nullptr,
                           on_properties, &queries[i]);
  }
  while (pending != 0) g_main_context_iteration(nullptr, TRUE);
  std::vector<std::optional<ItemProperties>> result;
  result.reserve(items.size());
  for (auto& query : queries) {
    try {
      query.error.throw_if_set();
    } catch (const Error& failure) {
      if (failure.code() != Errc::no_object) throw;
    }
    result.push_back(std::move(query.properties));
  }
  return result;
}

Secret SessionKeyring::secret(const ObjectPath& item) {
  open_session();
  const std::string session = plain_session_.empty()
                                  ? secret_service_get_session_dbus_path(libsecret_.get())
                                  : plain_session_;
  const auto reply =
      call(item, kItem, "GetSecret", g_variant_new("(o)", session.c_str()), "((oayays))");
  const GVariantPtr encoded(g_variant_get_child_value(reply.get(), 0));
  return decode(encoded.get());
}

ObjectPath SessionKeyring::default_collection() {
  const auto reply =
      call(kServicePath, kService, "ReadAlias", g_variant_new("(s)", "default"), "(o)");
  ObjectPath collection = read_path(reply.get(), 0);
  return collection == kNoObject ? ObjectPath() : collection;
}

ObjectPath SessionKeyring::create_default_collection() {
  GVariantBuilder properties;
  g_variant_builder_init(&properties, G_VARIANT_TYPE("a{sv}"));
  g_variant_builder_add(&properties, "{sv}", "org.freedesktop.Secret.Collection.Label",
                        g_variant_new_string("Default keyring"));
  const auto reply = call(kServicePath, kService, "CreateCollection",
                          g_variant_new("(a{sv}s)", &properties, "default"), "(oo)");
  ObjectPath collection = read_path(reply.get(), 0);
  const auto prompted =
      finish_prompt(read_path(reply.get(), 1), "o", {Errc::no_collection, kCannotCreate});
  if (prompted) collection = g_variant_get_string(prompted.get(), nullptr);
  return collection;
}

bool SessionKeyring::is_locked(const ObjectPath& collection) {
  const auto reply =
      call(collection, kProperties, "Get", g_variant_new("(ss)", kCollection, "Locked"), "(v)");
  const GVariantPtr boxed(g_variant_get_child_value(reply.get(), 0));
  const GVariantPtr locked(g_variant_get_variant(boxed.get()));
  return g_variant_is_of_type(locked.get(), G_VARIANT_TYPE_BOOLEAN) != FALSE &&
         g_variant_get_boolean(locked.get()) != FALSE;
}

void SessionKeyring::unlock(std::span<const ObjectPath> objects) {
  GVariant* paths = paths_variant(objects);
  const auto reply =
      call(kServicePath, kService, "Unlock", g_variant_new_tuple(&paths, 1), "(aoo)");
  finish_prompt(read_path(reply.get(), 1), "ao", {Errc::locked, kCannotUnlock});
}

ObjectPath SessionKeyring::create_item(const ObjectPath& collection, const std::string& label,
                                       const Attributes& attributes, const Secret& secret) {
  open_session();
  const GVariantPtr encoded = encode(secret);
  GVariantBuilder properties;
  g_variant_builder_init(&properties, G_VARIANT_TYPE("a{sv}"));
  g_variant_builder_add(&properties, "{sv}", "org.freedesktop.Secret.Item.Label",
                        g_variant_new_string(label.c_str()));
  g_variant_builder_add(&properties, "{sv}", "org.freedesktop.Secret.Item.Attributes",
                        attributes_variant(attributes));
  const auto reply =
      call(collection, kCollection, "CreateItem",
           g_variant_new("(a{sv}@(oayays)b)", &properties, encoded.get(), TRUE), "(oo)");
  ObjectPath item = read_path(reply.get(), 0);
  const auto prompted = finish_prompt(read_path(reply.get(), 1), "o", kMustAsk);
  if (prompted) item = g_variant_get_string(prompted.get(), nullptr);
  return item;
}

void SessionKeyring::delete_item(const ObjectPath& item) {
  try {
    const auto reply = call(item, kItem, "Delete", g_variant_new("()"), "(o)");
    finish_prompt(read_path(reply.get(), 0), nullptr, kMustAsk);
  } catch (const Error& failure) {
    if (failure.code() != Errc::no_object) throw;
  }
}

GVariantPtr SessionKeyring::ask_bus(const char* method, GVariant* arguments,
                                    const char* reply_type) {
  GErrorSlot error;
  GVariantPtr reply(g_dbus_connection_call_sync(bus_.get(), kBus, kBusPath, kBus, method, arguments,
                                                G_VARIANT_TYPE(reply_type), G_DBUS_CALL_FLAGS_NONE,
                                                milliseconds(limits_.reply), nullptr, error.out()));
  error.throw_if_set();
  return reply;
}

bool SessionKeyring::has_owner(const char* name) {
  const auto reply = ask_bus("NameHasOwner", g_variant_new("(s)", name), "(b)");
  gboolean owned = FALSE;
  g_variant_get(reply.get(), "(b)", &owned);
  return owned != FALSE;
}

GVariantPtr SessionKeyring::call(const ObjectPath& object, const char* interface,
                                 const char* method, GVariant* arguments, const char* reply_type) {
  GErrorSlot error;
  GVariantPtr reply(g_dbus_connection_call_sync(bus_.get(), kBusName, object.c_str(), interface,
                                                method, arguments, G_VARIANT_TYPE(reply_type),
                                                G_DBUS_CALL_FLAGS_NONE, milliseconds(limits_.reply),
                                                nullptr, error.out()));
  error.throw_if_set();
  return reply;
}

// A prompt that is not to be shown. Whether the service listens makes no difference any more.
void SessionKeyring::dismiss(const ObjectPath& prompt) {
  try {
    call(prompt, "org.freedesktop.Secret.Prompt", "Dismiss", nullptr, "()");
  } catch (const Error&) {
    return;
  }
}

// Shows the prompt that an answer of the service names. Returns its result; null where no prompt is
// needed. `unasked` is the failure where none may be shown. A result without an object in it is a
// refusal: libsecret does not tell one by itself.
GVariantPtr SessionKeyring::finish_prompt(const ObjectPath& prompt, const char* result_type,
                                          const Error& unasked) {
  if (prompt == kNoObject) return nullptr;
  if (!limits_.may_ask) {
    dismiss(prompt);
    throw Error(unasked);
  }
  SecretService* service = libsecret();
  GObjectPtr<GAsyncResult> answered;
  try {
    answered = wait_for(limits_.prompt,
                        [&](GCancellable* cancellable, GAsyncReadyCallback ready, gpointer data) {
                          secret_service_prompt_at_dbus_path(service, prompt.c_str(), nullptr,
                                                             cancellable, ready, data);
                        });
  } catch (const Error&) {
    throw Error(Errc::timed_out, "nobody answered the keyring's prompt in time");
  }
  GErrorSlot error;
  GVariantPtr result(
      secret_service_prompt_at_dbus_path_finish(service, answered.get(), error.out()));
  error.throw_if_set();
  if (result_type != nullptr && !names_an_object(result.get(), result_type)) {
    throw Error(Errc::refused, "the keyring's prompt was dismissed");
  }
  return result;
}

// libsecret's own view of the service.
SecretService* SessionKeyring::libsecret() {
  if (libsecret_) return libsecret_.get();
  const auto made = wait_for(
      limits_.reply, [](GCancellable* cancellable, GAsyncReadyCallback ready, gpointer data) {
        secret_service_open(SECRET_TYPE_SERVICE, kBusName, SECRET_SERVICE_NONE, cancellable, ready,
                            data);
      });
  GErrorSlot error;
  libsecret_.reset(secret_service_open_finish(made.get(), error.out()));
  error.throw_if_set();
  return libsecret_.get();
}

void SessionKeyring::open_session() {
  if (has_session_) return;
  SecretService* service = libsecret();
  const auto opened = wait_for(
      limits_.reply, [&](GCancellable* cancellable, GAsyncReadyCallback ready, gpointer data) {
        secret_service_ensure_session(service, cancellable, ready, data);
      });
  GErrorSlot error;
  if (secret_service_ensure_session_finish(service, opened.get(), error.out()) == FALSE) {
    // libsecret falls back by itself where the service answers NotSupported; KWallet without its
    // cryptography plugin answers otherwise.
    const auto reply = call(kServicePath, kService, "OpenSession",
                            g_variant_new("(sv)", "plain", g_variant_new_string("")), "(vo)");
    plain_session_ = read_path(reply.get(), 1);
  }
  has_session_ = true;
}

GVariantPtr SessionKeyring::encode(const Secret& secret) {
  const std::string_view bytes = secret.reveal();
  if (plain_session_.empty()) {
    const SecretValuePtr value(
        secret_value_new(bytes.data(), static_cast<gssize>(bytes.size()), "text/plain"));
    return GVariantPtr(
        g_variant_ref_sink(secret_service_encode_dbus_secret(libsecret_.get(), value.get())));
  }
  GVariant* plain = g_variant_new(
      "(o@ay@ays)", plain_session_.c_str(),
      g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, nullptr, 0, 1),
      g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, bytes.data(), bytes.size(), 1), "text/plain");
  return GVariantPtr(g_variant_ref_sink(plain));
}

Secret SessionKeyring::decode(GVariant* encoded) {
  if (plain_session_.empty()) {
    const SecretValuePtr value(secret_service_decode_dbus_secret(libsecret_.get(), encoded));
    if (!value)
      throw Error(Errc::keyring_failed, "the keyring sent a secret that cannot be decrypted");
    gsize size = 0;
    const gchar* bytes = secret_value_get(value.get(), &size);
    return Secret({bytes, size});
  }
  const GVariantPtr bytes(g_variant_get_child_value(encoded, 2));
  gsize size = 0;
  const void* data = g_variant_get_fixed_array(bytes.get(), &size, 1);
  return Secret({static_cast<const char*>(data), size});
}

}  // namespace

std::unique_ptr<KeyringService> open_secret_service(const std::string& bus_address,
                                                    const Limits& limits) {
  static std::once_flag quiet;  // GLib takes a second call for a fatal mistake
  std::call_once(quiet, keep_glib_quiet);
  return std::make_unique<SessionKeyring>(bus_address, limits);
}

}  // namespace cred
