// SPDX-License-Identifier: MIT
#include "platform/vault/vault.h"

#include <sodium.h>

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

namespace cred {
namespace {

// Runs `work`; what it says is wrong with the vault is said of this one.
template <typename Work>
auto naming(const Vault& vault, Work work) {
  try {
    return work();
  } catch (const Error& failure) {
    if (failure.code() != Errc::vault_unsafe) throw;
    throw Error(Errc::vault_unsafe,
                "the vault " + vault.name() + " cannot be used: " + failure.what());
  }
}

[[noreturn]] void throw_unsettled(const Vault& vault, const std::string& why) {
  const std::string see = "; docker-credential-keyring vault sync shows it";
  throw Error(Errc::unsettled, "the vault " + vault.name() +
                                   " may have taken the change, and may not: " + why +
                                   (vault.is_shared() ? see : ""));
}

// The bytes of a vault, which every reader takes: it is proven before they are written.
std::string readable(const VaultHeader& header, const VaultCredentials& credentials,
                     const LockedBytes& data_key) {
  std::string bytes = write_vault(header, credentials, data_key);
  try {
    static_cast<void>(read_contents(bytes, read_header(bytes), data_key));
  } catch (const Error& failure) {
    throw Error(Errc::io, std::string("the vault was not changed, because nobody could read it "
                                      "then: ") +
                              failure.what());
  }
  return bytes;
}

bool same(const VaultContents::Entry* a, const VaultContents::Entry* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return a->username == b->username && a->stored_at == b->stored_at &&
         same_bytes(as_bytes(a->secret), as_bytes(b->secret));
}

// After a write that may be in: an entry that is not as it was in `base`, before that write, is our
// own, or a later one of somebody else's, and stays as it is `now`.
void keep_later(const VaultContents& base, const VaultContents& now, VaultCredentials& changed) {
  VaultCredentials current = now.copy();
  std::set<std::string> servers;
  for (const auto* all : {&std::as_const(current), &std::as_const(changed)}) {
    for (const auto& [server, credential] : *all) servers.insert(server);
  }
  for (const auto& server : servers) {
    if (same(base.find(server), now.find(server))) continue;
    changed.erase(server);
    if (auto theirs = current.extract(server)) changed.insert(std::move(theirs));
  }
}

bool is_unchanged(const Vault::Change& change, const VaultHeader& header,
                  const VaultContents& contents) {
  return write_header(change.header) == write_header(header) &&
         encode(change.credentials) == encode(contents.copy());
}

constexpr const char* kNotSeen = "it does not show it, and the storage does not know";

}  // namespace

std::optional<Refusal> Vault::refuse_another(const VaultHeader& read, const VaultHeader& held) {
  if (read.id != held.id) return Refusal{"another vault has taken its place"};
  if (read.generation < held.generation) return Refusal{"an older copy has taken its place"};
  return std::nullopt;
}

Vault::Vault(Environment environment, Settings settings, std::unique_ptr<Storage> storage,
             const Notes& notes, Gate gate, std::optional<std::chrono::milliseconds> patience)
    : storage_(std::move(storage)),
      unlocker_(std::move(environment), std::move(settings), notes, *storage_),
      gate_(std::move(gate)),
      pace_(storage_->pace()) {
  if (patience) pace_.patience = *patience;
}

VaultHeader Vault::header() { return header_in(read_bytes()); }

std::string Vault::read_bytes() {
  auto bytes = storage_->read();
  if (!bytes) throw Error(Errc::vault_missing, "there is no vault at " + name());
  return std::move(*bytes);
}

VaultHeader Vault::header_in(std::string_view bytes) const {
  return naming(*this, [&] { return read_header(bytes); });
}

const VaultContents* Vault::read(Effort effort) {
  if (effort != Effort::quiet) return load(read_bytes(), effort);
  auto bytes = storage_->read();
  return bytes ? load(std::move(*bytes), effort) : nullptr;
}

const VaultContents* Vault::load(std::string bytes, Effort effort) {
  if (state_ && contents_ && state_->bytes == bytes) return &*contents_;
  VaultHeader header = header_in(bytes);
  auto data_key = known_key(header);
  if (!data_key) {
    if (effort == Effort::quiet) return nullptr;
    data_key = unlocker_.by_asking(header, kUnlockedAfterAsking, effort == Effort::called_for);
  }
  contents_.reset();
  contents_ = naming(*this, [&] { return read_contents(bytes, header, *data_key); });
  state_ = State{std::move(bytes), std::move(header), std::move(*data_key)};
  return &*contents_;
}

const VaultContents* Vault::read_with(LockedBytes data_key) {
  std::string bytes = read_bytes();
  VaultHeader header = header_in(bytes);
  contents_.reset();
  contents_ = naming(*this, [&] { return read_contents(bytes, header, data_key); });
  state_ = State{std::move(bytes), std::move(header), std::move(data_key)};
  return &*contents_;
}

// What unlocks it without anybody noticing.
std::optional<LockedBytes> Vault::known_key(const VaultHeader& header) {
  for (const auto* known : {&state_, &attempted_}) {
    if (*known && (*known)->header.commitment == header.commitment) {
      return LockedBytes((*known)->data_key.bytes());
    }
  }
  return unlocker_.quietly(header);
}

std::uint64_t Vault::rewrite(const std::function<void(Change&)>& apply) {
  storage_->begin_change();
  attempted_.reset();
  base_.reset();
  try {
    if (const auto written = try_rewrite(apply)) return *written;
  } catch (const Error& failure) {
    if (attempted_) throw_unsettled(*this, failure.what());
    if (failure.code() != Errc::place_unreachable) throw;
    throw Error(failure.code(), std::string(failure.what()) + "; nothing was written");
  }
  if (attempted_) throw_unsettled(*this, kNotSeen);
  throw Error(Errc::io, std::string("another ") + (storage_->is_shared() ? "machine" : "program") +
                            " keeps changing " + name() + "; nothing was written; try again");
}

std::uint64_t Vault::rewrite(const std::function<void(Change&)>& apply, ServerIndex& index,
                             std::span<const std::string> gone) {
  std::string id;
  const std::uint64_t generation = rewrite([&](Change& change) {
    id = to_hex(change.header.id);
    apply(change);
  });
  // At once, for a copy of an older state may come back.
  index.set_changed(kVaultId, {id, generation}, gone);
  return generation;
}

// nullopt where others were quicker each time.
std::optional<std::uint64_t> Vault::try_rewrite(const std::function<void(Change&)>& apply) {
  // From the first attempt's end: before it a person may have been asked, and the lock waited for.
  std::optional<std::chrono::steady_clock::time_point> deadline;
  for (auto nap = pace_.first_nap;; nap = std::min(2 * nap, pace_.longest_nap)) {
    if (const auto written = attempt(apply)) return written;
    const auto now = std::chrono::steady_clock::now();
    if (!deadline) deadline = now + pace_.patience;
    if (now >= *deadline) return std::nullopt;
    // At random, or two that are in step would go on to be.
    const auto longest = static_cast<std::uint32_t>(nap.count());
    std::this_thread::sleep_for(std::chrono::milliseconds(randombytes_uniform(longest + 1)));
  }
}

const VaultContents* Vault::read_before_change() {
  if (unread_) return load(*std::exchange(unread_, std::nullopt), Effort::full);
  try {
    return read(Effort::full);
  } catch (const Error& failure) {
    const bool is_of_no_use =
        failure.code() == Errc::vault_unsafe || failure.code() == Errc::vault_missing;
    if (!storage_->is_shared() || !is_of_no_use) throw;
    storage_->set_copy_aside();
    return nullptr;
  }
}

std::optional<std::uint64_t> Vault::attempt(const std::function<void(Change&)>& apply) {
  // May ask, which must not happen while it is held.
  const bool has_read = read_before_change() != nullptr;
  const auto held = has_read ? std::optional(state_->header) : std::nullopt;
  const auto hold = storage_->hold();
  auto content = storage_->read_for_change();
  if (!content) return std::nullopt;
  if (load(content->bytes, Effort::quiet) == nullptr) {  // another key
    if (storage_->is_shared()) unread_ = std::move(content->bytes);
    return std::nullopt;
  }
  if (const auto refusal = held ? gate_(state_->header, *held) : std::nullopt) {
    throw Error(Errc::vault_unsafe, "the vault " + name() + " was not changed: " + refusal->reason);
  }
  Change change{state_->header, LockedBytes(state_->data_key.bytes()), contents_->copy()};
  VaultContents before = std::move(*contents_);
  contents_.reset();  // the data key stays known
  apply(change);
  if (base_) keep_later(*base_, before, change.credentials);
  // By a write of ours that is in after all, or because there is nothing to erase.
  if ((base_ || storage_->is_shared()) && is_unchanged(change, state_->header, before)) {
    return change.header.generation;
  }
  const std::uint64_t generation = ++change.header.generation;
  std::string bytes = readable(change.header, change.credentials, change.data_key);
  const auto outcome = storage_->replace(bytes, content->token);
  if (outcome == Storage::Outcome::done) return generation;
  if (outcome == Storage::Outcome::conflict) return std::nullopt;
  attempted_ = State{std::move(bytes), std::move(change.header), std::move(change.data_key)};
  if (!base_) base_.emplace(std::move(before));
  return is_in(attempted_->bytes) ? std::optional(generation) : std::nullopt;
}

void Vault::create(const VaultHeader& header, const LockedBytes& data_key,
                   const Storage::Hold& /*hold*/) {
  const std::string bytes = readable(header, {}, data_key);
  const auto outcome = storage_->replace(bytes, std::nullopt);
  if (outcome == Storage::Outcome::conflict) {
    throw Error(Errc::bad_request, "another process has just made a vault at " + name());
  }
  if (outcome == Storage::Outcome::done) return;
  std::string why = kNotSeen;
  try {
    if (is_in(bytes)) return;
  } catch (const Error& failure) {
    why = failure.what();
  }
  throw_unsettled(*this, why);
}

// After a write of `bytes` of which the storage does not know whether it is in. One that is not in
// may still come to be.
bool Vault::is_in(std::string_view bytes) {
  const auto now = storage_->read_for_change();
  return now && now->bytes == bytes;
}

bool Vault::unlock(std::chrono::seconds time, const LockedBytes* material) {
  const std::string bytes = read_bytes();
  const VaultHeader header = header_in(bytes);
  const auto check_whole = [&](const LockedBytes& key) {
    naming(*this, [&] { return read_contents(bytes, header, key); });
  };
  const auto data_key = material != nullptr ? Unlocker::by_material(header, material->bytes())
                                            : unlocker_.by_key_files(header);
  if (data_key) {
    check_whole(*data_key);  // before it is called unlocked
    unlocker_.keep_unlocked(header, *data_key, time);
    return unlocker_.is_kept();
  }
  if (material != nullptr) throw Error(Errc::wrong_key, "this key does not unlock the vault");
  check_whole(unlocker_.by_asking(header, time, /*is_called_for=*/true));
  return unlocker_.is_kept();
}

}  // namespace cred
