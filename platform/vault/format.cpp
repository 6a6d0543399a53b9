// SPDX-License-Identifier: MIT
#include "platform/vault/format.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "platform/system/error.h"

namespace cred {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kFirstLine = "docker-credential-keyring vault 1\n";
constexpr std::size_t kLargestHeader = std::size_t{1} << 20;
constexpr std::size_t kLargestSealed = std::size_t{16} << 10;
constexpr std::size_t kPadding = 1024;
constexpr std::size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kWrapSize = kNonceSize + kDataKeySize + kTagSize;
constexpr std::size_t kCommitmentSize = 32;
static_assert(kNonceSize == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);

constexpr std::array kKinds = {SlotKind::passphrase, SlotKind::key_file, SlotKind::clevis};

[[noreturn]] void refuse(const std::string& why) { throw Error(Errc::vault_unsafe, why); }

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// --- the header ----------------------------------------------------------------------------------

std::string to_base64(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(), kVariant);
  text.pop_back();  // the NUL
  return text;
}

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
    const std::string given = text(name);
    std::string bytes(size, '\0');
    std::size_t length = 0;
    if (given.size() != 2 * size ||
        sodium_hex2bin(bytes_of(bytes), size, given.data(), given.size(), nullptr, &length,
                       nullptr) != 0 ||
        length != size || to_hex(bytes) != given) {
      refuse(std::string(name) + " in its header is malformed");
    }
    return bytes;
  }

  std::string base64(const char* name, std::size_t size) {
    const std::string given = text(name);
    std::string bytes(size, '\0');
    std::size_t length = 0;
    if (sodium_base642bin(bytes_of(bytes), size, given.data(), given.size(), nullptr, &length,
                          nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        length != size || to_base64(bytes) != given) {
      refuse(std::string(name) + " in its header is malformed");
    }
    return bytes;
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
  const auto* known = std::ranges::find(kKinds, kind, [](SlotKind k) { return name_of(k); });
  if (known == kKinds.end()) refuse("it has a way to open it that this version does not know");
  slot.kind = *known;
  slot.label = members.text("label");
  read_params(members.take("params"), slot);
  slot.wrap = members.base64("wrap", kWrapSize);
  members.no_more();
  return slot;
}

std::string write_header(const VaultHeader& header) {
  Json slots = Json::array();
  for (const auto& slot : header.slots) slots.push_back(write_slot(slot));
  const Json json = {{"generation", header.generation},
                     {"id", to_hex(header.id)},
                     {"key", to_hex(header.commitment)},
                     {"slots", std::move(slots)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

// The first line and the header, which are the associated data of what follows them.
std::string_view clear_part(std::string_view bytes) {
  if (!bytes.starts_with(kFirstLine)) refuse("its version is unknown, or it is not a vault");
  const auto end =
      bytes.substr(0, kFirstLine.size() + kLargestHeader).find('\n', kFirstLine.size());
  if (end == std::string_view::npos) refuse("its header has no end");
  return bytes.substr(0, end + 1);
}

// --- the credentials -----------------------------------------------------------------------------

LockedBytes credentials_key(const LockedBytes& data_key) {
  LockedBytes key(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  static_assert(crypto_kdf_KEYBYTES == kDataKeySize);
  crypto_kdf_derive_from_key(key.data(), key.size(), 1, "dckvault", data_key.data());
  return key;
}

void append_number(std::string& to, std::uint64_t value, std::size_t bytes) {
  constexpr unsigned kBits = 8;
  for (std::size_t i = 0; i < bytes; ++i) to += static_cast<char>(value >> (kBits * i) & 0xFFU);
}

void append_text(std::string& to, std::string_view text) {
  append_number(to, text.size(), sizeof(std::uint32_t));
  to += text;
}

// Takes numbers and texts off the front of bytes that were authenticated, and trusts them no more
// for that.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number(std::size_t bytes) {
    constexpr unsigned kBits = 8;
    const std::string_view taken = take(bytes);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
      value |= std::uint64_t{static_cast<unsigned char>(taken[i])} << (kBits * i);
    }
    return value;
  }

  std::string_view text() { return take(number(sizeof(std::uint32_t))); }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) refuse("its credentials are cut short");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
};

std::string encode(const VaultCredentials& entries) {
  std::string plain;
  std::size_t size = 0;
  constexpr std::size_t kNumbers = 3 * sizeof(std::uint32_t) + sizeof(std::uint64_t);
  for (const auto& [server, entry] : entries) {
    size += server.size() + entry.username.size() + entry.secret.reveal().size() + kNumbers;
  }
  plain.reserve(size + 2 * kPadding);
  append_number(plain, entries.size(), sizeof(std::uint32_t));
  for (const auto& [server, entry] : entries) {
    append_text(plain, server);
    append_text(plain, entry.username);
    append_text(plain, entry.secret.reveal());
    append_number(plain, entry.stored_at, sizeof(std::uint64_t));
  }
  std::size_t padded = 0;
  const std::size_t used = plain.size();
  plain.resize(used + kPadding);
  sodium_pad(&padded, bytes_of(plain), used, kPadding, plain.size());
  plain.resize(padded);
  return plain;
}

}  // namespace

std::string_view name_of(SlotKind kind) {
  switch (kind) {
    case SlotKind::passphrase:
      return "passphrase";
    case SlotKind::key_file:
      return "key-file";
    case SlotKind::clevis:
      return "clevis";
  }
  return "";
}

VaultHeader read_header(std::string_view bytes) {
  const std::string_view clear = clear_part(bytes);
  const std::string_view text =
      clear.substr(kFirstLine.size(), clear.size() - kFirstLine.size() - 1);
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
    refuse("the number of ways to open it is not 1 to 32");
  }
  for (const auto& slot : slots) header.slots.push_back(read_slot(slot));
  members.no_more();
  return header;
}

VaultContents::VaultContents(LockedBytes padded) : padded_(std::move(padded)) {
  std::size_t size = 0;
  if (sodium_unpad(&size, padded_.data(), padded_.size(), kPadding) != 0) {
    refuse("its credentials are malformed");
  }
  Reader reader({reinterpret_cast<const char*>(padded_.data()), size});
  const std::uint64_t count = reader.number(sizeof(std::uint32_t));
  if (count > kMostVaultCredentials) refuse("it has too many credentials");
  entries_.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    Entry entry;
    entry.server = reader.text();
    if (!entries_.empty() && entry.server <= entries_.back().server) {
      refuse("its credentials are not in order");
    }
    entry.username = reader.text();
    entry.secret = reader.text();
    entry.stored_at = reader.number(sizeof(std::uint64_t));
    entries_.push_back(entry);
  }
  if (!reader.at_end()) refuse("something follows its credentials");
}

const VaultContents::Entry* VaultContents::find(std::string_view server) const {
  const auto found = std::ranges::lower_bound(entries_, server, {}, &Entry::server);
  return found == entries_.end() || found->server != server ? nullptr : &*found;
}

VaultCredentials VaultContents::copy() const {
  VaultCredentials copied;
  for (const auto& entry : entries_) {
    copied.emplace_hint(
        copied.end(), entry.server,
        VaultCredential{std::string(entry.username), Secret(entry.secret), entry.stored_at});
  }
  return copied;
}

VaultContents read_contents(std::string_view bytes, const VaultHeader& header,
                            const LockedBytes& data_key) {
  const std::string commitment = commitment_to(data_key, header.id);
  if (sodium_memcmp(commitment.data(), header.commitment.data(), kCommitmentSize) != 0) {
    throw Error(Errc::wrong_key, "this key is that of another vault");
  }
  const std::string_view clear = clear_part(bytes);
  auto plain = unseal(bytes.substr(clear.size()), clear, credentials_key(data_key).bytes());
  if (!plain) refuse("it is damaged, or was altered");
  return VaultContents(std::move(*plain));
}

std::string write_vault(const VaultHeader& header, const VaultCredentials& entries,
                        const LockedBytes& data_key) {
  if (entries.size() > kMostVaultCredentials) {
    throw Error(Errc::bad_request, "the vault holds no more than " +
                                       std::to_string(kMostVaultCredentials) + " logins");
  }
  std::string bytes = std::string(kFirstLine) + write_header(header);
  bytes += seal(as_bytes(encode(entries)), bytes, credentials_key(data_key));
  if (bytes.size() > kLargestVault) {
    throw Error(Errc::bad_request, "the vault cannot be larger than 64 MiB");
  }
  return bytes;
}

std::string seal(Bytes plain, std::string_view associated, const LockedBytes& key) {
  std::string sealed = random_bytes(kNonceSize);
  sealed.resize(kNonceSize + plain.size() + kTagSize);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(sealed) + kNonceSize, nullptr, plain.data(),
                                             plain.size(), bytes_of(associated), associated.size(),
                                             nullptr, bytes_of(sealed), key.data());
  return sealed;
}

std::optional<LockedBytes> unseal(std::string_view sealed, std::string_view associated, Bytes key) {
  if (sealed.size() < kNonceSize + kTagSize) return std::nullopt;
  LockedBytes plain(sealed.size() - kNonceSize - kTagSize);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          plain.data(), nullptr, nullptr, bytes_of(sealed) + kNonceSize, sealed.size() - kNonceSize,
          bytes_of(associated), associated.size(), bytes_of(sealed), key.data()) != 0) {
    return std::nullopt;
  }
  return plain;
}

std::string commitment_to(const LockedBytes& data_key, std::string_view id) {
  constexpr std::string_view kPersonal = "dckv1 commitment";
  static_assert(kPersonal.size() == crypto_generichash_blake2b_PERSONALBYTES);
  std::string commitment(kCommitmentSize, '\0');
  crypto_generichash_blake2b_salt_personal(bytes_of(commitment), commitment.size(), bytes_of(id),
                                           id.size(), data_key.data(), data_key.size(), nullptr,
                                           bytes_of(kPersonal));
  return commitment;
}

std::string to_hex(std::string_view bytes) {
  std::string hex(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes_of(bytes), bytes.size());
  hex.pop_back();  // the NUL
  return hex;
}

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  randombytes_buf(bytes.data(), size);
  return bytes;
}

Bytes as_bytes(std::string_view text) { return {bytes_of(text), text.size()}; }

}  // namespace cred
