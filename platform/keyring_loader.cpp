// SPDX-License-Identifier: MIT
// The program's side of the border that keyring_module.h draws.
#include "platform/keyring_loader.h"

#include <dlfcn.h>

#include <exception>
#include <filesystem>
#include <functional>
#include <string_view>
#include <utility>

#include "platform/keyring_module.h"
#include "platform/system/error.h"
#include "platform/system/installation.h"

namespace cred {
namespace {

using border::Text;
using border::Texts;
using std::filesystem::path;

[[noreturn]] void refuse(const path& module, const std::string& reason) {
  throw Error(Errc::no_module,
              "the keyring module " + module.string() + " cannot be loaded: " + reason);
}

// What dlopen() or dlsym() says was wrong, without the path that it may begin with.
std::string loader_error(const path& module) {
  const char* text = dlerror();
  std::string reason = text == nullptr ? "" : text;
  const std::string prefix = module.string() + ": ";
  return reason.starts_with(prefix) ? reason.substr(prefix.size()) : reason;
}

// The table that the module shows as `symbol`. Never unloaded: GLib does not survive that.
template <typename Table>
const Table& load_module(const path& file, const char* symbol) {
  if (!file.is_absolute()) refuse(file, "the program does not know where it lies");
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) refuse(file, loader_error(file));
  const auto* table = static_cast<const Table*>(dlsym(library, symbol));
  if (table == nullptr) refuse(file, loader_error(file));
  if (table->common.version != border::kVersion) refuse(file, "it belongs to another version");
  return *table;
}

std::string_view view_of(const Text& text) { return {text.data, text.size}; }
Text text_of(std::string_view text) { return {text.data(), text.size()}; }

std::vector<Text> texts_of(std::span<const std::string> strings) {
  std::vector<Text> texts;
  texts.reserve(strings.size());
  for (const auto& string : strings) texts.push_back(text_of(string));
  return texts;
}

std::vector<Text> texts_of(const Attributes& attributes) {
  std::vector<Text> texts;
  for (const auto& [name, value] : attributes) {
    texts.push_back(text_of(name));
    texts.push_back(text_of(value));
  }
  return texts;
}

Texts span_of(const std::vector<Text>& texts) { return {texts.data(), texts.size()}; }

Attributes attributes_of(const border::Item& item) {
  Attributes attributes;
  for (std::size_t i = 0; i + 1 < item.attributes.size; i += 2) {
    attributes.emplace(view_of(item.attributes.data[i]), view_of(item.attributes.data[i + 1]));
  }
  return attributes;
}

// Takes what the module tells of one call. An exception of ours waits until the module has
// returned.
class Taker {
 public:
  std::function<void(std::string_view text)> on_text;
  std::function<void(std::size_t set, bool is_locked, std::string_view item)> on_found;
  std::function<void(const border::Item& item)> on_item;
  std::function<void(const border::Provider& provider)> on_provider;

  // Hands `call` where to tell, and throws what was told to have failed.
  template <typename Call>
  auto listen(Call call) {
    const border::Answer answer{this,      take_text,     take_found,
                                take_item, take_provider, take_failure};
    auto result = call(&answer);
    if (thrown_) std::rethrow_exception(thrown_);
    return result;
  }

 private:
  template <typename Work>
  void keep_exception(Work work) noexcept {
    try {
      if (!thrown_) work();
    } catch (...) {
      thrown_ = std::current_exception();
    }
  }

  static Taker& at(void* taker) { return *static_cast<Taker*>(taker); }

  static void take_text(void* taker, Text text) noexcept {
    at(taker).keep_exception([&] { at(taker).on_text(view_of(text)); });
  }
  static void take_found(void* taker, std::size_t set, std::int32_t is_locked, Text item) noexcept {
    at(taker).keep_exception([&] { at(taker).on_found(set, is_locked != 0, view_of(item)); });
  }
  static void take_item(void* taker, const border::Item* item) noexcept {
    at(taker).keep_exception([&] { at(taker).on_item(*item); });
  }
  static void take_provider(void* taker, const border::Provider* provider) noexcept {
    at(taker).keep_exception([&] { at(taker).on_provider(*provider); });
  }
  static void take_failure(void* taker, std::int32_t errc, Text message) noexcept {
    at(taker).keep_exception([&] {
      if (errc == border::kUnexpected) throw std::runtime_error("a fault in the keyring module");
      throw Error(static_cast<Errc>(errc), std::string(view_of(message)));
    });
  }

  std::exception_ptr thrown_;
};

// What both modules are to the program: an object behind the border.
class Loaded {
 public:
  Loaded(const border::Module& module, const std::string& bus_address, const Limits& limits)
      : module_(module) {
    const border::Limits crossing{limits.reply.count(), limits.prompt.count(),
                                  limits.may_ask ? 1 : 0};
    service_ = Taker().listen([&](const border::Answer* answer) {
      return module_.open(text_of(bus_address), &crossing, answer);
    });
  }
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;
  ~Loaded() { module_.close(service_); }

  [[nodiscard]] void* service() const { return service_; }

  template <typename Function, typename... Arguments>
  bool call(Taker& taker, Function function, const Arguments&... arguments) {
    return taker.listen([&](const border::Answer* answer) {
      return function(service_, arguments..., answer) != 0;
    });
  }

  template <typename Function, typename... Arguments>
  ObjectPath path_from(Function function, const Arguments&... arguments) {
    ObjectPath path;
    Taker taker;
    taker.on_text = [&](std::string_view text) { path = text; };
    call(taker, function, arguments...);
    return path;
  }

 private:
  const border::Module& module_;
  void* service_ = nullptr;
};

class LoadedService final : public KeyringService {
 public:
  LoadedService(const border::ServiceModule& module, const std::string& bus_address,
                const Limits& limits)
      : module_(module), loaded_(module.common, bus_address, limits) {}

  void limit_replies(std::chrono::milliseconds limit) override {
    module_.limit_replies(loaded_.service(), limit.count());
  }

  void expect_secret() override { module_.expect_secret(loaded_.service()); }

  Provider provider() override {
    Provider found;
    Taker taker;
    taker.on_provider = [&](const border::Provider& provider) {
      found = {provider.is_running != 0, provider.is_activatable != 0, provider.process};
    };
    loaded_.call(taker, module_.provider);
    return found;
  }

  std::vector<FoundItems> search(std::span<const Attributes> wanted) override {
    std::vector<std::vector<Text>> texts;
    std::vector<Texts> sets;
    texts.reserve(wanted.size());
    for (const auto& attributes : wanted) {
      sets.push_back(span_of(texts.emplace_back(texts_of(attributes))));
    }
    std::vector<FoundItems> found(wanted.size());
    Taker taker;
    taker.on_found = [&](std::size_t set, bool is_locked, std::string_view item) {
      (is_locked ? found.at(set).locked : found.at(set).unlocked).emplace_back(item);
    };
    loaded_.call(taker, module_.search, sets.data(), sets.size());
    return found;
  }

  bool asks_before_searching() override {
    Taker taker;
    return loaded_.call(taker, module_.asks_before_searching);
  }

  std::vector<std::optional<Attributes>> attributes(std::span<const ObjectPath> items) override {
    const auto texts = texts_of(items);
    std::vector<std::optional<Attributes>> result;
    Taker taker;
    taker.on_item = [&](const border::Item& item) {
      result.push_back(item.is_there != 0 ? std::optional(attributes_of(item)) : std::nullopt);
    };
    loaded_.call(taker, module_.attributes, span_of(texts));
    return result;
  }

  std::vector<std::uint64_t> modified(std::span<const ObjectPath> items) override {
    const auto texts = texts_of(items);
    std::vector<std::uint64_t> result;
    Taker taker;
    taker.on_item = [&](const border::Item& item) { result.push_back(item.modified); };
    loaded_.call(taker, module_.modified, span_of(texts));
    return result;
  }

  std::optional<ItemContent> read(const ObjectPath& item) override {
    ItemContent content;
    Taker taker;
    taker.on_item = [&](const border::Item& told) { content.attributes = attributes_of(told); };
    taker.on_text = [&](std::string_view bytes) { content.secret = Secret(bytes); };
    if (!loaded_.call(taker, module_.read, text_of(item))) return std::nullopt;
    return content;
  }

  ObjectPath default_collection() override { return loaded_.path_from(module_.default_collection); }

  bool is_locked(const ObjectPath& collection) override {
    Taker taker;
    return loaded_.call(taker, module_.is_locked, text_of(collection));
  }

  std::optional<ObjectPath> create_item(const ObjectPath& collection, const std::string& label,
                                        const Attributes& attributes,
                                        const Secret& secret) override {
    const auto texts = texts_of(attributes);
    ObjectPath item = loaded_.path_from(module_.create_item, text_of(collection), text_of(label),
                                        span_of(texts), text_of(secret.reveal()));
    if (item.empty()) return std::nullopt;
    return item;
  }

  bool delete_item(const ObjectPath& item) override {
    Taker taker;
    return loaded_.call(taker, module_.delete_item, text_of(item));
  }

 private:
  const border::ServiceModule& module_;
  Loaded loaded_;
};

class LoadedAsker final : public KeyringPrompter {
 public:
  LoadedAsker(const border::AskerModule& module, const std::string& bus_address,
              const Limits& limits)
      : module_(module), loaded_(module.common, bus_address, limits) {}

  ObjectPath create_default_collection() override {
    return loaded_.path_from(module_.create_default_collection);
  }

  void unlock(std::span<const ObjectPath> objects) override {
    const auto texts = texts_of(objects);
    Taker taker;
    loaded_.call(taker, module_.unlock, span_of(texts));
  }

  ObjectPath create_item(const ObjectPath& collection, const std::string& label,
                         const Attributes& attributes, const Secret& secret) override {
    const auto texts = texts_of(attributes);
    return loaded_.path_from(module_.create_item, text_of(collection), text_of(label),
                             span_of(texts), text_of(secret.reveal()));
  }

  void delete_item(const ObjectPath& item) override {
    Taker taker;
    loaded_.call(taker, module_.delete_item, text_of(item));
  }

 private:
  const border::AskerModule& module_;
  Loaded loaded_;
};

}  // namespace

std::unique_ptr<KeyringService> load_keyring_service(const std::string& bus_address,
                                                     std::chrono::milliseconds limit) {
  const auto& module = load_module<border::ServiceModule>(
      this_installation().modules / kServiceModule, border::kServiceSymbol);
  const Limits limits{limit, std::chrono::milliseconds(0), /*may_ask=*/false};
  return std::make_unique<LoadedService>(module, bus_address, limits);
}

std::unique_ptr<KeyringPrompter> load_keyring_asker(const std::string& bus_address,
                                                    const Limits& limits) {
  const path file = this_installation().modules / kAskerModule;
  const auto& module = load_module<border::AskerModule>(file, border::kAskerSymbol);
  return std::make_unique<LoadedAsker>(module, bus_address, limits);
}

}  // namespace cred
