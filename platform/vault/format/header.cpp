// SPDX-License-Identifier: MIT
#include "platform/vault/format/header.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "platform/system/error.h"
#include "platform/text/base64.h"
#include "platform/text/strings.h"
#include "platform/vault/format/clevis_checks.h"
#include "platform/vault/format/sealing.h"

namespace cred {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kFirstLine = "docker-credential-keyring vault 1\n";
constexpr std::size_t kLargestHeader = std::size_t{1} << 20;
constexpr std::size_t kWrapSize = kNonceSize + kDataKeySize + kTagSize;
constexpr std::size_t kCommitmentSize = 32;
constexpr std::size_t kDeepest = 8;  // levels of JSON; it has three

constexpr std::array kKinds = {std::pair{SlotKind::passphrase, "passphrase"},
                               std::pair{SlotKind::key_file, "key-file"},
                               std::pair{SlotKind::clevis, "clevis"}};
using Kind = decltype(kKinds)::value_type;

[[noreturn]] void refuse(const std::string& why) { throw Error(Errc::vault_unsafe, why); }

std::string to_base64(std::string_view bytes) { return encode_base64(bytes, Base64::url); }

// An object with exactly the members that are taken out of it.
class Members {
 public:
  explicit Members(const Json& object) : object_(object) {
    if (!object.is_object()) refuse("a part of its header is not an object");
  }

  const Json& take(const char* name) {
    const auto found = object_.find(name);
    if (found == object_.end()) refuse(std::string("its header has no ") + name);
    ++taken_;
    return *found;
  }

  std::uint64_t integer(const char* name) {
    const Json& value = take(name);
    if (!value.is_number_unsigned()) refuse(std::string(name) + " in its header is no number");
    return value.get<std::uint64_t>();
  }

  std::string text(const char* name) {
    const Json& value = take(name);
    if (!value.is_string()) refuse(std::string(name) + " in its header is no text");
    return value.get<std::string>();
  }

  std::string hex(const char* name, std::size_t size) {
    const auto bytes = from_hex(text(name), size);
    if (!bytes) refuse(std::string(name) + " in its header is malformed");
    return *bytes;
  }

  std::string base64(const char* name, std::size_t size) {
    const auto bytes = decode_base64(text(name), Base64::url);
    if (!bytes || bytes->size() != size) refuse(std::string(name) + " in its header is malformed");
    return {bytes->begin(), bytes->end()};
  }

  // Dropping what we do not know could drop what protects the vault.
  void no_more() const {
    if (object_.size() != taken_) refuse("its header has a member that this version does not know");
  }

 private:
  const Json& object_;
  std::size_t taken_ = 0;
};

Json write_params(const KeySlot& slot) {
  const std::string salt = to_base64(slot.salt);
  switch (slot.kind) {
    case SlotKind::passphrase:
      return {{"mem", slot.mem}, {"ops", slot.ops}, {"salt", salt}};
    case SlotKind::key_file:
      return {{"path", slot.path ? Json(*slot.path) : Json()}, {"salt", salt}};
    case SlotKind::clevis:
      return {{"pin", slot.pin}, {"salt", salt}, {"sealed", slot.sealed}};
  }
  return {};
}

void read_params(const Json& json, KeySlot& slot) {
  Members params(json);
  slot.salt = params.base64("salt", kSaltSize);
  switch (slot.kind) {
    case SlotKind::passphrase:
      slot.ops = params.integer("ops");
      slot.mem = params.integer("mem");
      break;
    case SlotKind::key_file: {
      const Json& path = params.take("path");
      if (!path.is_null() && !path.is_string()) refuse("path in its header is no text");
      if (path.is_string()) slot.path = path.get<std::string>();
      break;
    }
    case SlotKind::clevis:
      slot.pin = params.text("pin");
      slot.sealed = params.text("sealed");
      if (slot.sealed.size() > kLargestSealed) refuse("a sealed key in its header is too large");
      break;
  }
  params.no_more();
}

Json write_slot(const KeySlot& slot) {
  return {{"created", slot.created},      {"id", to_hex(slot.id)},
          {"kind", name_of(slot.kind)},   {"label", slot.label},
          {"params", write_params(slot)}, {"wrap", to_base64(slot.wrap)}};
}

KeySlot read_slot(const Json& json) {
  Members members(json);
  KeySlot slot;
  slot.created = members.integer("created");
  slot.id = members.hex("id", kSlotIdSize);
  const std::string kind = members.text("kind");
  const auto* known = std::ranges::find(kKinds, kind, &Kind::second);
  if (known == kKinds.end()) refuse("it has a kind of key that this version does not know");
  slot.kind = known->first;
  slot.label = members.text("label");
  read_params(members.take("params"), slot);
  slot.wrap = members.base64("wrap", kWrapSize);
  members.no_more();
  return slot;
}

}  // namespace

std::string_view name_of(SlotKind kind) {
  return std::ranges::find(kKinds, kind, &Kind::first)->second;
}

bool has_slot(const VaultHeader& header, SlotKind kind) {
  return std::ranges::find(header.slots, kind, &KeySlot::kind) != header.slots.end();
}

VaultHeader read_header(std::string_view bytes) {
  const std::string_view clear = clear_part(bytes);
  const std::string_view text =
      clear.substr(kFirstLine.size(), clear.size() - kFirstLine.size() - 1);
  if (nests_deeper(text, kDeepest)) refuse("its header is nested too deep");
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) refuse("its header is not JSON");
  // So there are no doubled members, no blanks and no second spelling of anything.
  if (json.dump(-1, ' ', false, Json::error_handler_t::replace) != text) {
    refuse("its header is not in canonical form");
  }
  Members members(json);
  VaultHeader header;
  header.generation = members.integer("generation");
  header.id = members.hex("id", kVaultIdSize);
  header.commitment = members.hex("key", kCommitmentSize);
  const Json& slots = members.take("slots");
  if (!slots.is_array() || slots.empty() || slots.size() > kMostSlots) {
    refuse("the number of its keys is not 1 to 32");
  }
  for (const auto& slot : slots) header.slots.push_back(read_slot(slot));
  members.no_more();
  return header;
}

std::string write_header(const VaultHeader& header) {
  Json slots = Json::array();
  for (const auto& slot : header.slots) slots.push_back(write_slot(slot));
  const Json json = {{"generation", header.generation},
                     {"id", to_hex(header.id)},
                     {"key", to_hex(header.commitment)},
                     {"slots", std::move(slots)}};
  return std::string(kFirstLine) + json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string_view clear_part(std::string_view bytes) {
  if (!bytes.starts_with(kFirstLine)) refuse("its version is unknown, or it is not a vault");
  const auto end =
      bytes.substr(0, kFirstLine.size() + kLargestHeader).find('\n', kFirstLine.size());
  if (end == std::string_view::npos) refuse("its header has no end");
  return bytes.substr(0, end + 1);
}

}  // namespace cred
