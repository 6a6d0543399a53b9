// SPDX-License-Identifier: MIT
#include "platform/vault/shared_vault.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/vault/storage/local_storage.h"
#include "platform/vault/storage/shared_storage.h"
#include "platform/vault/unlock/unlocker.h"

namespace cred {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kMajority(7);  // of a sync, then one member alone is asked
constexpr seconds kSync(10);
constexpr seconds kFetchAll = std::chrono::hours(24);  // whatever the place says
constexpr std::chrono::minutes kUnlockedBySync(30);
constexpr std::chrono::minutes kRenewal(15);  // before that, a sync unseals the key anew

std::uint64_t now() { return static_cast<std::uint64_t>(std::time(nullptr)); }

std::vector<std::string> servers_in(const VaultContents& contents) {
  std::vector<std::string> servers;
  for (const auto& entry : contents) servers.emplace_back(entry.server);
  return servers;
}

}  // namespace

class SharedVault::Work {
 public:
  Work(const Environment& environment, const Settings& settings, const Notes& notes)
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
    try {
      const auto arrived = fetch(here);
      const Synced synced =
          arrived.is_new ? accept(arrived, open(arrived, Asking::never)) : unchanged(arrived);
      renew(arrived.header);
      return synced;
    } catch (const Error& failure) {
      if (failure.code() == Errc::place_unreachable && here) {
        throw Error(failure.code(), std::string(failure.what()) + ": going on with generation " +
                                        std::to_string(here->header.generation) + told_check());
      }
      if (failure.code() == Errc::place_unfit || failure.code() == Errc::wrong_key) {
        keep_refusal(failure.what(), here);
      }
      throw;
    }
  }

  Joined join(bool must_replace) {
    storage_.prepare();
    Joined joined;
    const bool is_another = local_->exists() && !is_own_copy();
    if (is_another && !must_replace && !is_known_empty()) {
      throw Error(Errc::bad_request, "there is a vault at " + storage_.name() +
                                         " already, which may hold logins; with --replace it is "
                                         "put aside");
    }
    joined.was_joined = local_->exists() && !is_another;
    const auto arrived = fetch(std::nullopt);
    const auto opened = open(arrived, Asking::allowed);
    if (is_another) joined.kept = keep_another();
    joined.synced = accept(arrived, opened);
    renew(arrived.header);
    return joined;
  }

  void leave() { storage_.remove_record(); }

 private:
  struct Arrived : SharedStorage::Copy {
    std::string token;
    bool is_new = true;
    bool has_majority = true;
  };
  struct Opened {
    LockedBytes data_key;
    VaultContents contents;
  };
  enum class Asking { never, allowed };

  static Place::Deadline deadline(seconds limit = kSync) { return steady_clock::now() + limit; }

  // What is in the place, which can follow `here`.
  Arrived fetch(const std::optional<SharedStorage::Copy>& here) {
    const auto record = storage_.record();
    const bool is_recent = record && now() < record->fetched + kFetchAll.count();
    const auto known = here && is_recent ? storage_.known_token(*here) : std::nullopt;
    Arrived arrived;
    auto fetched = fetch_from_any(known, arrived.has_majority);
    if (fetched.found == Place::Found::absent) {
      throw Error(Errc::place_unfit,
                  "there is no vault at " + settings_.shared.at + "; the copy here stays as it is");
    }
    arrived.token = std::move(fetched.token);
    arrived.is_new =
        fetched.found == Place::Found::whole && !(here && here->bytes == fetched.bytes);
    if (arrived.is_new) arrived.is_new = !lags(fetched.bytes, here, arrived.has_majority);
    if (arrived.is_new) {
      arrived.header = check(fetched.bytes, here);
      arrived.bytes = std::move(fetched.bytes);
    } else {
      arrived.header = here->header;
      arrived.bytes = here->bytes;
    }
    return arrived;
  }

  Place::Fetched fetch_from_any(const std::optional<std::string>& known, bool& has_majority) {
    const bool is_etcd = parse_place(settings_.shared.at).kind == PlaceKind::etcd;
    const auto end = deadline();
    try {
      return storage_.place().fetch(known, Place::Reading::latest,
                                    is_etcd ? deadline(kMajority) : end);
    } catch (const Error& failure) {
      if (!is_etcd || failure.code() != Errc::place_unreachable) throw;
      try {
        auto fetched = storage_.place().fetch(known, Place::Reading::any, end);
        has_majority = false;
        return fetched;
      } catch (const Error&) {
        throw failure;
      }
    }
  }

  // Of one member alone, which may lag behind, an older state is no news.
  static bool lags(std::string_view bytes, const std::optional<SharedStorage::Copy>& here,
                   bool has_majority) {
    if (has_majority || !here) return false;
    try {
      const VaultHeader header = read_header(bytes);
      return header.id == here->header.id && header.generation < here->header.generation;
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
  Opened open(const Arrived& arrived, Asking asking) {
    const bool may_ask = asking == Asking::allowed;
    auto data_key =
        may_ask ? unlocker_.quietly(arrived.header) : unlocker_.by_own_key(arrived.header);
    if (!data_key && may_ask) {
      data_key = unlocker_.by_asking(arrived.header, kUnlockedAfterAsking, /*is_called_for=*/true);
    }
    const std::string generation = "generation " + std::to_string(arrived.header.generation);
    if (!data_key) {
      throw Error(Errc::wrong_key,
                  "this machine's key does not open " + generation + unlocker_.failures());
    }
    try {
      VaultContents contents = read_contents(arrived.bytes, arrived.header, *data_key);
      return {std::move(*data_key), std::move(contents)};
    } catch (const Error& failure) {
      throw Error(Errc::place_unfit,
                  "what is at " + settings_.shared.at + " is not taken: " + failure.what());
    }
  }

  // The copy is `arrived` from now on, unless others were quicker meanwhile.
  Synced accept(const Arrived& arrived, const Opened& opened) {
    const auto hold = storage_.hold();
    const auto here = storage_.copy();
    if (here && here->header.id == arrived.header.id &&
        here->header.generation > arrived.header.generation) {
      return {.generation = here->header.generation, .has_majority = arrived.has_majority};
    }
    storage_.check(arrived.bytes);
    Synced synced{.is_new = !here || here->bytes != arrived.bytes,
                  .generation = arrived.header.generation,
                  .has_majority = arrived.has_majority,
                  .added = servers_in(opened.contents)};
    if (here) remove_known(*here, synced.added);
    PlaceRecord record = storage_.record_of(arrived, arrived.token);
    record.by_one_member = !arrived.has_majority;
    if (synced.is_new) {
      storage_.write_copy(arrived.bytes, record);
    } else {
      storage_.write_record(record);
    }
    return synced;
  }

  // Takes out of `servers` those that the copy has, as far as it opens.
  void remove_known(const SharedStorage::Copy& here, std::vector<std::string>& servers) {
    try {
      const auto data_key = unlocker_.by_own_key(here.header);
      if (!data_key) return;
      const VaultContents contents = read_contents(here.bytes, here.header, *data_key);
      std::erase_if(servers,
                    [&](const std::string& server) { return contents.find(server) != nullptr; });
    } catch (const Error&) {
      return;
    }
  }

  Synced unchanged(const Arrived& arrived) {
    const auto hold = storage_.hold();
    const auto here = storage_.copy();
    Synced synced{.generation = arrived.header.generation, .has_majority = arrived.has_majority};
    if (!here || here->bytes != arrived.bytes) return synced;  // a writer has said more since
    PlaceRecord record = storage_.record_of(arrived, arrived.token);
    record.by_one_member = !arrived.has_majority;
    if (const auto before = storage_.record(); before && before->token == record.token) {
      record.fetched = before->fetched;
    }
    storage_.write_record(record);
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
    return " of " + told_age(now() - std::min(now(), record->checked)) + " ago";
  }

  // A key that clevis sealed is unsealed here, now and then, and not by the calls.
  void renew(const VaultHeader& header) {
    const auto kept = unlocker_.kept_unlocked(header);
    const auto renewal = static_cast<std::uint64_t>(seconds(kRenewal).count());
    if (kept && kept->until > now() + renewal) return;
    if (unlocker_.by_key_files(header)) return;
    if (const auto data_key = unlocker_.by_sealed_key_files(header)) {
      unlocker_.keep_unlocked(header, *data_key, kUnlockedBySync);
    } else if (!unlocker_.failures().empty()) {
      notes_.warn("the vault is not kept unlocked", unlocker_.failures());
    }
  }

  // Of a damaged one the record tells.
  bool is_own_copy() {
    if (const auto here = storage_.copy()) return to_hex(here->header.id) == settings_.shared.id;
    const auto record = storage_.record();
    return record && record->id == settings_.shared.id;
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
    if (!bytes) return "";
    std::string kept = path_.string() + ".before-" + std::to_string(now());
    if (!create_file(kept, *bytes, {.is_synced = true})) {
      throw Error(Errc::io, kept + " is there already; try again");
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
};

SharedVault::SharedVault(const Environment& environment, const Settings& settings,
                         const Notes& notes)
    : work_(std::make_unique<Work>(environment, settings, notes)) {}

SharedVault::~SharedVault() = default;

SharedVault::Synced SharedVault::sync() { return work_->sync(); }
SharedVault::Joined SharedVault::join(bool must_replace) { return work_->join(must_replace); }
void SharedVault::leave() { work_->leave(); }

}  // namespace cred
