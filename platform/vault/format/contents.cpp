// SPDX-License-Identifier: MIT
#include "platform/vault/format/contents.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "platform/system/error.h"
#include "platform/text/number_bytes.h"
#include "platform/vault/format/sealing.h"

namespace cred {
namespace {

constexpr std::size_t kPadding = 1024;

[[noreturn]] void refuse(const std::string& why) { throw Error(Errc::vault_unsafe, why); }

void append_text(std::string& to, std::string_view text) {
  append_number(to, text.size(), sizeof(std::uint32_t));
  to += text;
}

// Takes numbers and texts off the front of bytes that were authenticated, and trusts them no more
// for that.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number(std::size_t bytes) { return number_in(take(bytes)); }
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

}  // namespace

std::string encode(const VaultCredentials& credentials) {
  std::string plain;
  std::size_t size = 0;
  constexpr std::size_t kNumbers = 3 * sizeof(std::uint32_t) + sizeof(std::uint64_t);
  for (const auto& [server, credential] : credentials) {
    size +=
        server.size() + credential.username.size() + credential.secret.reveal().size() + kNumbers;
  }
  plain.reserve(size + 2 * kPadding);
  append_number(plain, credentials.size(), sizeof(std::uint32_t));
  for (const auto& [server, credential] : credentials) {
    append_text(plain, server);
    append_text(plain, credential.username);
    append_text(plain, credential.secret.reveal());
    append_number(plain, credential.stored_at, sizeof(std::uint64_t));
  }
  std::size_t padded = 0;
  const std::size_t used = plain.size();
  plain.resize(used + kPadding);
  sodium_pad(&padded, reinterpret_cast<unsigned char*>(plain.data()), used, kPadding, plain.size());
  plain.resize(padded);
  return plain;
}

VaultContents::VaultContents(LockedBytes padded) : padded_(std::move(padded)) {
  std::size_t size = 0;
  if (sodium_unpad(&size, padded_.data(), padded_.size(), kPadding) != 0) {
    refuse("its credentials are malformed");
  }
  Reader reader(as_text(padded_.bytes().first(size)));
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

std::map<std::string, std::string> VaultContents::usernames() const {
  std::map<std::string, std::string> usernames;
  for (const auto& entry : entries_) {
    usernames.emplace_hint(usernames.end(), entry.server, entry.username);
  }
  return usernames;
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

}  // namespace cred
