// SPDX-License-Identifier: MIT
#include "platform/vault/shared_vault.h"

#include <algorithm>
#include <utility>

#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/obstacle.h"
#include "platform/vault/format/clock.h"
#include "platform/vault/storage/local_storage.h"
#include "platform/vault/storage/place_record.h"
#include "platform/vault/storage/shared_storage.h"
#include "platform/vault/unlock/unlocker.h"

namespace cred {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kSync(10);                           // in the network
constexpr seconds kFetchAll = std::chrono::hours(24);  // whatever the place says
constexpr std::chrono::minutes kUnlockedBySync(30);
constexpr std::chrono::minutes kRenewal(15);  // before that, a sync unseals the key anew

// This machine's side of a shared vault, for one command.
class CopyWork {
 public:
  CopyWork(const Environment& environment, const Settings& settings, const Notes& notes)
      : settings_(settings),
        notes_(notes),
        path_(local_vault_file(environment)),
        local_(open_local_storage(environment, FolderUse::own)),
        storage_(open_local_storage(environment, FolderUse::own), path_, settings, notes),
        local_unlocker_(environment, settings, notes, *local_),
        unlocker_(environment, settings, notes, storage_) {
    check_shareable(environment, settings);
  }

  // Nothing is held while the network, or clevis, is waited for.
  Synced sync() {
    storage_.prepare();
    const auto here = storage_.copy();
    had_record_ = storage_.record().has_value();
    try {
      const auto arrived = fetch(here);
      std::vector<std::string> added;
      if (arrived.is_new) added = added_in(arrived, open(arrived, Asking::never), here);
      const Synced synced = accept(arrived, here, std::move(added));
      renew(arrived.header);
      return synced;
    } catch (const Error& failure) {
      if (failure.code() == Errc::place_unreachable && here) {
        throw Error(failure.code(), std::string(failure.what()) + ": going on with generation " +
                                        std::to_string(here->header.generation) + told_check());
      }
      if (failure.code() == Errc::place_unfit || failure.code() == Errc::place_refused ||
          failure.code() == Errc::key_replaced) {
        keep_refusal(failure.what(), here);
      }
      throw;
    }
  }

  Joined join(bool must_replace, bool is_joined) {
    storage_.prepare();
    Joined joined;
    const auto here = storage_.copy();
    const bool is_own = is_joined || is_own_copy();
    if (!is_own) storage_.set_copy_aside();
    const auto [arrived, opened] = fetch_first();
    const bool is_same = here && here->bytes == arrived.bytes;
    const bool is_another = local_->exists() && !is_own && !is_same;
    if (is_another && !must_replace && !is_known_empty()) {
      throw Error(Errc::bad_request, "there is a vault at " + storage_.name() +
                                         " already, which may hold logins; with --replace it is "
                                         "put aside");
    }
    joined.was_joined = local_->exists() && !is_another;
    if (is_another) joined.kept = keep_another();
    joined.synced = accept(arrived, here, added_in(arrived, opened, here));
    if (joined.kept.empty()) joined.kept = joined.synced.kept;
    renew(arrived.header);
    return joined;
  }

 private:
  struct Arrived : SharedStorage::Copy {
    std::string token;
    bool is_new = true;    // other bytes than those of the copy
    bool is_whole = true;  // all of it came over
    bool has_majority = true;
  };
  struct Opened {
    LockedBytes data_key;
    VaultContents contents;
  };
  enum class Asking { never, allowed };

  // What is in the place, which can follow `here`.
  Arrived fetch(const std::optional<SharedStorage::Copy>& here) {
    const auto record = storage_.record();
    const bool is_recent = record && seconds_now() < record->fetched + kFetchAll.count();
    const auto known = here && is_recent ? storage_.known_token(*here) : std::nullopt;
    Arrived arrived;
    auto fetched = storage_.place().fetch(known, Place::Reading::any, steady_clock::now() + kSync);
    arrived.has_majority = fetched.has_majority;
    if (fetched.found == Place::Found::absent) {
      throw Error(Errc::place_unfit, "there is no vault at " + settings_.shared.at +
                                         (here ? "; the copy here stays as it is" : ""));
    }
    arrived.is_whole = fetched.found == Place::Found::whole;
    if (here && (!arrived.is_whole || lags(fetched.bytes, *here, arrived.has_majority))) {
      static_cast<SharedStorage::Copy&>(arrived) = *here;
      arrived.token = storage_.known_token(*here).value_or("");
      arrived.is_new = arrived.is_whole = false;
      return arrived;
    }
    arrived.token = std::move(fetched.token);
    arrived.is_new = !here || here->bytes != fetched.bytes;
    arrived.header = arrived.is_new ? check(fetched.bytes, here) : here->header;
    arrived.bytes = std::move(fetched.bytes);
    return arrived;
  }

  // What is there, opened. That it is not to be had is told as of a machine that has no copy.
  std::pair<Arrived, Opened> fetch_first() {
    try {
      auto arrived = fetch(std::nullopt);
      auto opened = open(arrived, Asking::allowed);
      return {std::move(arrived), std::move(opened)};
    } catch (const Error& failure) {
      switch (failure.code()) {
        case Errc::place_unfit:
        case Errc::wrong_key:
        case Errc::vault_locked:
        case Errc::not_unsealed:
          throw Error(Errc::not_joined, failure.what());
        default:
          throw;
      }
    }
  }

  // Of one member alone, which may lag behind, an older state is no news.
  static bool lags(std::string_view bytes, const SharedStorage::Copy& here, bool has_majority) {
    if (has_majority) return false;
    try {
      const VaultHeader header = read_header(bytes);
      return header.id == here.header.id && header.generation < here.header.generation;
    } catch (const Error&) {
      return false;
    }
  }

  // A copy that its own key does not open is a damaged one, whatever its header says.
  VaultHeader check(std::string_view bytes, const std::optional<SharedStorage::Copy>& here) {
    try {
      return storage_.check(bytes);
    } catch (const Error&) {
      if (!here || is_whole(*here)) throw;
      storage_.set_copy_aside();
      return storage_.check(bytes);
    }
  }

  bool is_whole(const SharedStorage::Copy& here) {
    const auto data_key = unlocker_.by_own_key(here.header);
    if (!data_key) return true;
    try {
      static_cast<void>(read_contents(here.bytes, here.header, *data_key));
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  // By this machine's own key, and where that does not do, by asking.
  LockedBytes key_of(const VaultHeader& header, Asking asking) {
    const bool may_ask = asking == Asking::allowed;
    auto data_key = may_ask ? unlocker_.quietly(header) : unlocker_.by_own_key(header);
    if (data_key) return std::move(*data_key);
    if (may_ask) {
      return unlocker_.by_asking(header, kUnlockedAfterAsking, /*is_called_for=*/true);
    }
    throw Error(Errc::key_replaced, "this machine's key does not open generation " +
                                        std::to_string(header.generation) + unlocker_.failures());
  }

  Opened open(const Arrived& arrived, Asking asking) {
    auto data_key = key_of(arrived.header, asking);
    try {
      VaultContents contents = read_contents(arrived.bytes, arrived.header, data_key);
      return {std::move(data_key), std::move(contents)};
    } catch (const Error& failure) {
      throw Error(Errc::place_unfit,
                  "what is at " + settings_.shared.at + " is not taken: " + failure.what());
    }
  }

  // The servers in `arrived` that `here`, as far as it opens, has not.
  std::vector<std::string> added_in(const Arrived& arrived, const Opened& opened,
                                    const std::optional<SharedStorage::Copy>& here) {
    std::vector<std::string> servers;
    for (const auto& entry : opened.contents) servers.emplace_back(entry.server);
    if (!here || here->header.id != arrived.header.id) return servers;
    try {
      const bool is_same_key = here->header.commitment == arrived.header.commitment;
      const auto data_key = is_same_key ? std::optional(LockedBytes(opened.data_key.bytes()))
                                        : unlocker_.by_own_key(here->header);
      if (!data_key) return servers;
      const VaultContents before = read_contents(here->bytes, here->header, *data_key);
      std::erase_if(servers, [&](const auto& server) { return before.find(server) != nullptr; });
    } catch (const Error&) {
      return servers;
    }
    return servers;
  }

  // The copy is `arrived` from now on, unless it is not as it was `before`: who changed it since
  // has looked at the place as well.
  Synced accept(const Arrived& arrived, const std::optional<SharedStorage::Copy>& before,
                std::vector<std::string> added) {
    // What was written into the copy by itself is not lost.
    const bool is_kept = before && before->header.id == arrived.header.id &&
                         before->bytes != arrived.bytes && !storage_.is_from_place(*before) &&
                         is_whole(*before);
    const auto hold = storage_.hold();
    if (had_record_ && !storage_.record()) {
      throw Error(Errc::io, "the vault " + storage_.name() + " has left its place meanwhile");
    }
    const auto here = storage_.copy();
    const bool is_as_before =
        here && before ? here->bytes == before->bytes : here.has_value() == before.has_value();
    if (!is_as_before && here && here->header.id == arrived.header.id) {
      return {.generation = here->header.generation, .has_majority = arrived.has_majority};
    }
    if (!is_as_before) {
      throw Error(Errc::io, "the vault " + storage_.name() + " was changed meanwhile; try again");
    }
    Synced synced{.is_new = !here || here->bytes != arrived.bytes,
                  .generation = arrived.header.generation,
                  .has_majority = arrived.has_majority,
                  .added = std::move(added)};
    PlaceRecord record = storage_.record_of(arrived, arrived.token);
    record.by_one_member = !arrived.has_majority;
    if (const auto known = storage_.record(); known && !arrived.is_whole) {
      record.fetched = known->fetched;
    }
    if (is_kept) synced.kept = keep(before->bytes);
    if (!synced.is_new) storage_.write_record(record);
    if (synced.is_new) storage_.write_copy(arrived.bytes, record);
    return synced;
  }

  // For status and doctor; when it was last the newest stays as it is.
  void keep_refusal(const std::string& why, const std::optional<SharedStorage::Copy>& here) try {
    const auto hold = storage_.hold();
    auto record = storage_.record().value_or(PlaceRecord{.place = settings_.shared.at});
    if (record.place != settings_.shared.at) record = {.place = settings_.shared.at};
    if (here) record.generation = here->header.generation;
    record.refused = why;
    storage_.write_record(record);
  } catch (const Error& failure) {
    notes_.note("the reason could not be kept: ", failure.what());
  }

  [[nodiscard]] std::string told_check() const {
    const auto record = storage_.record();
    if (!record || record->checked == 0) return "";
    return " of " + told_age(seconds_now() - std::min(seconds_now(), record->checked)) + " ago";
  }

  // A key that clevis sealed is unsealed here, now and then, and not by the calls.
  void renew(const VaultHeader& header) {
    const auto kept = unlocker_.kept_unlocked(header);
    const auto renewal = static_cast<std::uint64_t>(seconds(kRenewal).count());
    if (kept && kept->until > seconds_now() + renewal) return;
    if (unlocker_.by_key_files(header)) return;
    if (const auto data_key = unlocker_.by_sealed_key_files(header)) {
      unlocker_.keep_unlocked(header, *data_key, kUnlockedBySync);
    } else if (!unlocker_.failures().empty()) {
      notes_.warn("the vault is not kept unlocked", unlocker_.failures());
    }
  }

  // After `vault leave` it is none.
  [[nodiscard]] bool is_own_copy() const {
    const auto record = storage_.record();
    return record && record->id == settings_.shared.id && record->place == settings_.shared.at;
  }

  bool is_known_empty() {
    const auto here = storage_.copy();
    const auto data_key = here ? local_unlocker_.quietly(here->header) : std::nullopt;
    if (!data_key) return false;
    try {
      return read_contents(here->bytes, here->header, *data_key).size() == 0;
    } catch (const Error&) {
      return false;  // damaged, which may be mended
    }
  }

  // A second file with the bytes of the vault that is here, which stays until it is replaced.
  std::string keep_another() {
    const auto hold = storage_.hold();
    const auto bytes = local_->read();
    return bytes ? keep(*bytes) : "";
  }

  [[nodiscard]] std::string keep(std::string_view bytes) const {
    const std::string name = path_.string() + ".before-" + std::to_string(seconds_now());
    std::string kept = name;
    for (int other = 2; !create_file(kept, bytes, {.is_synced = true}); ++other) {
      if (read_file(kept) == bytes) break;
      kept = name + '-' + std::to_string(other);
    }
    return kept;
  }

  Settings settings_;
  Notes notes_;
  std::filesystem::path path_;
  std::unique_ptr<LocalStorage> local_;  // the copy, as a plain vault
  SharedStorage storage_;
  Unlocker local_unlocker_;
  Unlocker unlocker_;
  bool had_record_ = false;  // when a sync began
};

}  // namespace

Synced sync_copy(const Environment& environment, const Settings& settings, const Notes& notes) {
  return CopyWork(environment, settings, notes).sync();
}

Joined join_place(const Environment& environment, const Settings& settings, const Notes& notes,
                  bool must_replace, bool is_joined) {
  return CopyWork(environment, settings, notes).join(must_replace, is_joined);
}

bool leave_place(const Environment& environment, bool is_named,
                 const std::function<void()>& forget) {
  refuse_named_vault(environment);
  const auto record = place_record_file(local_vault_file(environment));
  if (!is_named && is_absent(record)) return false;
  const auto local = open_local_storage(environment, FolderUse::own);
  local->prepare();
  const auto hold = local->hold();
  forget();
  return remove_place_record(record) || is_named;
}

}  // namespace cred
