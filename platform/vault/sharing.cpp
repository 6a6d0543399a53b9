// SPDX-License-Identifier: MIT
#include "platform/vault/sharing.h"

#include <algorithm>
#include <chrono>

#include "platform/system/error.h"
#include "platform/vault/format/format.h"
#include "platform/vault/storage/local_storage.h"
#include "platform/vault/storage/shared_storage.h"
#include "platform/vault/unlock/unlocker.h"

namespace cred {
namespace {

using Relation = PlaceRelation;
using Side = PlaceComparison::Side;

class PlaceWork {
 public:
  PlaceWork(const Environment& environment, const Settings& settings, const Notes& notes)
      : settings_(settings),
        local_(open_local_storage(environment, FolderUse::own)),
        storage_(open_local_storage(environment, FolderUse::own), local_vault_file(environment),
                 settings, notes),
        local_unlocker_(environment, settings, notes, *local_),
        unlocker_(environment, settings, notes, storage_) {
    check_shareable(environment, settings);
  }

  PlaceComparison compare() {
    const auto here = storage_.copy();
    if (!here) throw Error(Errc::vault_missing, "there is no vault at " + storage_.name());
    if (const auto refusal = why_not_shared(here->header)) {
      throw Error(Errc::bad_request,
                  "the vault is not shared: of its key slots " + refusal->reason);
    }
    if (here->bytes.size() > kLargestInPlace) {
      throw Error(Errc::bad_request, "the vault is larger than 1 MiB, and a place takes no more");
    }
    PlaceComparison compared{.here = side_of(here->bytes, here->header)};
    compared.has_key_file = has_slot(here->header, SlotKind::key_file);
    compared.key_file = key_file_of_slot(here->header);
    auto there = storage_.place().fetch(std::nullopt, Place::Reading::latest, deadline());
    if (there.found == Place::Found::absent) return compared;
    compared.token = there.token;
    compared.relation = Relation::unreadable;
    try {
      const VaultHeader header = read_header(there.bytes);
      compared.there = side_of(there.bytes, header);
      compared.relation = relation_of(*here, there.bytes, header);
    } catch (const Error& failure) {
      if (failure.code() != Errc::vault_unsafe) throw;
    }
    return compared;
  }

  void share(const PlaceComparison& compared) {
    const auto hold = storage_.hold();
    const auto here = storage_.copy();
    if (!here || here->header.generation != compared.here.generation) {
      throw Error(Errc::io, "the vault was changed meanwhile; try again");
    }
    std::string token = compared.token;
    if (compared.relation != Relation::same) {
      const auto expected =
          compared.relation == Relation::absent ? std::nullopt : std::optional(compared.token);
      token = put(here->bytes, expected);
    }
    storage_.write_record(storage_.record_of(*here, token));
  }

 private:
  static Place::Deadline deadline() {
    return std::chrono::steady_clock::now() + SharedStorage::kWriteLimit;
  }

  Side side_of(std::string_view bytes, const VaultHeader& header) {
    Side side{.id = to_hex(header.id), .generation = header.generation};
    const auto data_key = local_unlocker_.by_own_key(header);
    if (!data_key) return side;
    try {
      for (const auto& entry : read_contents(bytes, header, *data_key)) {
        side.stored_at = std::max(side.stored_at.value_or(0), entry.stored_at);
      }
    } catch (const Error&) {
      side.stored_at.reset();
    }
    return side;
  }

  static Relation relation_of(const SharedStorage::Copy& here, std::string_view bytes,
                              const VaultHeader& there) {
    if (here.bytes == bytes) return Relation::same;
    if (here.header.id != there.id || here.header.generation == there.generation) {
      return Relation::unrelated;
    }
    return there.generation < here.header.generation ? Relation::older : Relation::newer;
  }

  std::string key_file_of_slot(const VaultHeader& header) {
    if (unlocker_.by_key_files(header)) return "";  // named already
    for (const auto& slot : header.slots) {
      if (slot.kind != SlotKind::key_file || !slot.path) continue;
      try {
        if (Unlocker::by_material(header, local_unlocker_.unsealed_key_in(*slot.path).bytes())) {
          return *slot.path;
        }
      } catch (const Error&) {
        continue;
      }
    }
    return "";
  }

  // Returns the token of what is there then.
  std::string put(std::string_view bytes, const std::optional<std::string>& expected) {
    const auto replaced = storage_.place().replace(bytes, expected, deadline());
    if (replaced.outcome == Place::Outcome::done) return replaced.token;
    if (replaced.outcome == Place::Outcome::unknown) {
      const auto settled = token_of_ours(bytes, expected);
      if (settled) return *settled;
    }
    throw Error(Errc::place_unfit,
                "somebody else has just put a vault into " + settings_.shared.at + "; look again");
  }

  // After a write of `bytes` of which nobody knows; nullopt where those of somebody else are there.
  std::optional<std::string> token_of_ours(std::string_view bytes,
                                           const std::optional<std::string>& expected) {
    std::string why = "it is not there yet";
    try {
      auto there = storage_.place().fetch(std::nullopt, Place::Reading::latest, deadline());
      const bool is_whole = there.found == Place::Found::whole;
      if (is_whole && there.bytes == bytes) return there.token;
      if (is_whole && there.token != expected) return std::nullopt;
    } catch (const Error& failure) {
      why = failure.what();
    }
    throw Error(Errc::unsettled,
                "the vault may be at " + settings_.shared.at + ", and may not: " + why);
  }

  Settings settings_;
  std::unique_ptr<LocalStorage> local_;  // the vault as one of this machine alone
  SharedStorage storage_;                // and as one that is shared
  Unlocker local_unlocker_;
  Unlocker unlocker_;
};

}  // namespace

PlaceComparison compare_with_place(const Environment& environment, const Settings& settings,
                                   const Notes& notes) {
  return PlaceWork(environment, settings, notes).compare();
}

void put_into_place(const Environment& environment, const Settings& settings, const Notes& notes,
                    const PlaceComparison& compared) {
  PlaceWork(environment, settings, notes).share(compared);
}

}  // namespace cred
