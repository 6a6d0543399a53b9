// SPDX-License-Identifier: MIT
#include "platform/vault/storage/shared_storage.h"

#include <utility>

#include "platform/system/error.h"
#include "platform/vault/format/clock.h"
#include "platform/vault/format/format.h"

namespace cred {
namespace {

// nullopt of bytes that are no vault.
std::optional<VaultHeader> readable_header(std::string_view bytes) {
  try {
    return read_header(bytes);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

PlaceAccess access_to(const SharedVaultSettings& shared) {
  return {shared.ca, shared.cert, shared.cert_key, shared.password_file};
}

void refuse_named_vault(const Environment& environment) {
  if (!names_vault(environment)) return;
  throw Error(Errc::bad_request,
              "DOCKER_CREDENTIAL_KEYRING_VAULT names a vault of its own, which is not shared");
}

void check_shareable(const Environment& environment, const Settings& settings) {
  if (settings.shared.at.empty()) {
    throw Error(Errc::bad_request,
                "the vault of this machine is not shared; docker-credential-keyring vault join "
                "takes one from a place, vault share puts this one there");
  }
  refuse_named_vault(environment);
}

std::string told_age(std::uint64_t seconds) {
  constexpr std::uint64_t kHour = std::uint64_t{60} * 60;
  constexpr std::uint64_t kDay = 24 * kHour;
  if (seconds >= 2 * kDay) return std::to_string(seconds / kDay) + " days";
  if (seconds >= 2 * kHour) return std::to_string(seconds / kHour) + " hours";
  if (seconds >= 120) return std::to_string(seconds / 60) + " minutes";
  return "a minute";
}

std::optional<Refusal> why_not_shared(const VaultHeader& header) {
  if (!has_slot(header, SlotKind::clevis)) return std::nullopt;
  return Refusal{std::string("it has one that anybody can make: ") + kNoClevisInShared};
}

std::optional<std::string> SharedStorage::read() {
  auto bytes = copy_->read();
  if (!bytes) {
    throw Error(Errc::vault_missing, "the copy of the shared vault is not here yet, at " + name());
  }
  return bytes;
}

std::optional<SharedStorage::Copy> SharedStorage::copy() {
  try {
    auto bytes = copy_->read();
    if (!bytes) return std::nullopt;
    VaultHeader header = read_header(*bytes);
    return Copy{std::move(*bytes), std::move(header)};
  } catch (const Error& failure) {
    if (failure.code() != Errc::vault_unsafe) throw;
    set_copy_aside();
    return std::nullopt;
  }
}

Place& SharedStorage::place() {
  if (!place_) {
    place_ = open_place(parse_place(shared_.at), access_to(shared_));
  }
  return *place_;
}

VaultHeader SharedStorage::check(std::string_view bytes) {
  const auto refuse = [&](const std::string& why) {
    throw Error(Errc::place_unfit, "what is at " + shared_.at + " is not taken: " + why);
  };
  const auto header = readable_header(bytes);
  if (!header) refuse("it is no vault, or a damaged one");
  if (to_hex(header->id) != shared_.id) refuse("it is another vault, " + to_hex(header->id));
  if (const auto refusal = why_not_shared(*header)) refuse(refusal->reason);
  const std::string generations = "generation " + std::to_string(header->generation);
  const auto here = is_copy_aside_ ? std::nullopt : copy();
  if (!here || here->header.id != header->id) {
    // A copy that is gone, or of no use, is followed as well.
    const auto known = record();
    if (known && known->id == shared_.id && known->place == shared_.at &&
        header->generation < known->generation) {
      refuse("it is older, " + generations + ", and the copy here was " +
             std::to_string(known->generation));
    }
    return *header;
  }
  if (header->generation < here->header.generation) {
    refuse("it is older, " + generations + ", and the copy here is " +
           std::to_string(here->header.generation));
  }
  if (header->generation == here->header.generation && here->bytes != bytes) {
    refuse("it and the copy here are two histories: both are " + generations +
           ", and they are not the same");
  }
  return *header;
}

void SharedStorage::begin_change() { deadline_.reset(); }

// Of a change, from the first look at the place: who waits for the lock, or for a person, has not
// begun.
Place::Deadline SharedStorage::deadline() {
  if (!deadline_) deadline_ = std::chrono::steady_clock::now() + kWriteLimit;
  return *deadline_;
}

std::optional<Storage::Content> SharedStorage::read_for_change() {
  auto here = is_copy_aside_ ? std::nullopt : copy();
  const auto known = here ? known_token(*here) : std::nullopt;
  auto fetched = place().fetch(known, Place::Reading::latest, deadline());
  switch (fetched.found) {
    case Place::Found::unchanged:
      return Content{std::move(here->bytes), std::move(fetched.token)};
    case Place::Found::absent:
      throw Error(Errc::place_unfit,
                  "there is no vault at " + shared_.at + "; the copy here stays as it is");
    case Place::Found::whole:
      break;
  }
  check(fetched.bytes);
  return Content{std::move(fetched.bytes), std::move(fetched.token)};
}

Storage::Outcome SharedStorage::replace(std::string_view bytes,
                                        const std::optional<std::string>& token) {
  if (bytes.size() > kLargestInPlace) {
    throw Error(Errc::bad_request, "the vault would have " +
                                       std::to_string((bytes.size() >> 10U) + 1) +
                                       " KiB, and a place takes 1,024; nothing was written");
  }
  const auto replaced = place().replace(bytes, token, deadline());
  if (replaced.outcome == Place::Outcome::conflict) return Outcome::conflict;
  if (replaced.outcome == Place::Outcome::unknown) return Outcome::unknown;
  try {
    const Copy copy{std::string(bytes), read_header(bytes)};
    write_copy(bytes, record_of(copy, replaced.token));
  } catch (const Error& failure) {
    notes_.note("the change is at ", shared_.at,
                "; the copy here follows at the next sync: ", failure.what());
  }
  return Outcome::done;
}

void SharedStorage::remove() {
  throw Error(Errc::bad_request, "the vault is shared, at " + shared_.at +
                                     "; docker-credential-keyring vault leave makes the copy here "
                                     "one that can be removed");
}

std::optional<std::string> SharedStorage::caution() {
  if (max_age_.count() == 0) return std::nullopt;
  const std::uint64_t checked = last_checked(record_);
  if (checked == 0) return "the copy of the shared vault was never compared with " + shared_.at;
  const std::uint64_t time = seconds_now();
  if (time <= checked + static_cast<std::uint64_t>(max_age_.count())) return std::nullopt;
  return "the copy of the shared vault was last compared with " + shared_.at + ' ' +
         told_age(time - checked) + " ago, so a login may be out of date";
}

Storage::Pace SharedStorage::pace() const {
  using std::chrono::milliseconds;
  return {.patience = kWriteLimit, .first_nap = milliseconds(5), .longest_nap = milliseconds(250)};
}

void SharedStorage::write_copy(std::string_view bytes, const PlaceRecord& record) {
  copy_->overwrite(bytes);
  is_copy_aside_ = false;
  write_record(record);
}

PlaceRecord SharedStorage::record_of(const Copy& copy, const std::string& token) const {
  return {.place = shared_.at,
          .id = to_hex(copy.header.id),
          .generation = copy.header.generation,
          .token = token,
          .digest = to_hex(digest_of(copy.bytes)),
          .fetched = seconds_now(),
          .checked = seconds_now()};
}

bool SharedStorage::is_from_place(const Copy& copy) const {
  const auto known = record();
  return known && known->digest == to_hex(digest_of(copy.bytes));
}

std::optional<std::string> SharedStorage::known_token(const Copy& copy) const {
  const auto known = record();
  if (!known || known->place != shared_.at || known->token.empty()) return std::nullopt;
  return is_from_place(copy) ? std::optional(known->token) : std::nullopt;
}

}  // namespace cred
