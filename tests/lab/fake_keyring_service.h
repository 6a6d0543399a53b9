// SPDX-License-Identifier: MIT
// A keyring in memory, with the habits of real ones, which counts what it is asked.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "platform/keyring/bus/service.h"
#include "platform/system/error.h"

namespace cred::test {

struct FakeItem {
  ObjectPath path;
  Attributes attributes;
  bool is_locked = false;
  std::uint64_t modified = 0;
  bool is_gone = false;  // found, and gone when it is asked for anything else
};

// Outlives the services that show it.
struct FakeKeyring {
  std::vector<FakeItem> items;
  ObjectPath collection = "/default";  // empty: there is none
  bool is_locked = false;              // the collection

  bool hides_schemas = false;      // of locked items, as gnome-keyring after a restart
  bool asks_while_locked = false;  // before it searches, as KeePassXC
  std::optional<Error> failure;    // of every question

  int opened = 0;
  int searches = 0;
  int collections_asked = 0;
  bool expects_secret = false;
  std::chrono::milliseconds limit{0};
};

class FakeKeyringService final : public KeyringService {
 public:
  FakeKeyringService(FakeKeyring& keyring, std::chrono::milliseconds limit) : keyring_(keyring) {
    ++keyring_.opened;
    keyring_.limit = limit;
  }

  void limit_replies(std::chrono::milliseconds limit) override { keyring_.limit = limit; }
  void expect_secret() override { keyring_.expects_secret = true; }
  Provider provider() override { return {}; }

  std::vector<FoundItems> search(std::span<const Attributes> wanted) override {
    std::vector<FoundItems> found(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      answer();
      ++keyring_.searches;
      for (const auto& item : keyring_.items) {
        if (has_all(item, wanted[i])) {
          (item.is_locked ? found[i].locked : found[i].unlocked).push_back(item.path);
        }
      }
    }
    return found;
  }

  bool asks_before_searching() override { return keyring_.asks_while_locked && keyring_.is_locked; }

  std::vector<std::optional<Attributes>> attributes(std::span<const ObjectPath> items) override {
    std::vector<std::optional<Attributes>> found;
    for (const auto& path : items) {
      const FakeItem& item = at(path);
      found.push_back(item.is_gone ? std::nullopt : std::optional(item.attributes));
    }
    return found;
  }

  std::vector<std::uint64_t> modified(std::span<const ObjectPath> items) override {
    std::vector<std::uint64_t> found;
    for (const auto& path : items) found.push_back(at(path).is_gone ? 0 : at(path).modified);
    return found;
  }

  std::optional<ItemContent> read(const ObjectPath& item) override {
    if (at(item).is_gone) return std::nullopt;
    return ItemContent{at(item).attributes, Secret("word-one")};
  }

  ObjectPath default_collection() override {
    answer();
    ++keyring_.collections_asked;
    return keyring_.collection;
  }
  bool is_locked(const ObjectPath& /*collection*/) override {
    answer();
    return keyring_.is_locked;
  }

  std::optional<ObjectPath> create_item(const ObjectPath& /*collection*/,
                                        const std::string& /*label*/, const Attributes& attributes,
                                        const Secret& /*secret*/) override {
    const ObjectPath path = "/new/" + std::to_string(keyring_.items.size());
    keyring_.items.push_back({.path = path, .attributes = attributes});
    return path;
  }
  bool delete_item(const ObjectPath& item) override {
    std::erase_if(keyring_.items, [&](const FakeItem& each) { return each.path == item; });
    return true;
  }

 private:
  void answer() const {
    if (keyring_.failure) throw Error(*keyring_.failure);
  }

  [[nodiscard]] bool has_all(const FakeItem& item, const Attributes& wanted) const {
    return std::ranges::all_of(wanted, [&](const auto& attribute) {
      if (keyring_.hides_schemas && item.is_locked && attribute.first == "xdg:schema") return false;
      const auto found = item.attributes.find(attribute.first);
      return found != item.attributes.end() && found->second == attribute.second;
    });
  }

  [[nodiscard]] const FakeItem& at(const ObjectPath& path) const {
    return *std::ranges::find(keyring_.items, path, &FakeItem::path);
  }

  FakeKeyring& keyring_;
};

}  // namespace cred::test
