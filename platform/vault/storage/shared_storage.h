// SPDX-License-Identifier: MIT
// A vault that several machines share: a place in the network has it, and each machine a copy, the
// very same bytes, at the usual path. Reading is the copy's alone, so a machine goes on when the
// place is away. A change goes to the place, which decides, and then to the copy. Private to
// platform/vault/.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "platform/store/settings.h"
#include "platform/system/error.h"
#include "platform/text/notes.h"
#include "platform/vault/format/header.h"
#include "platform/vault/place/place.h"
#include "platform/vault/storage/local_storage.h"
#include "platform/vault/storage/place_record.h"
#include "platform/vault/storage/storage.h"

namespace cred {

// For people, of a key slot of clevis.
inline constexpr const char* kNoClevisInShared =
    "in a shared vault a key slot of clevis does not count, because anybody can make one who knows "
    "a tang server; seal the fleet's key on each machine instead: clevis encrypt tpm2 '{}' "
    "<fleet.key >/etc/docker-credential-keyring/key";

class SharedStorage final : public Storage {
 public:
  // How long a change may take in all.
  static constexpr std::chrono::seconds kWriteLimit{30};

  // Touches nothing. `copy` lies at `path`.
  SharedStorage(std::unique_ptr<LocalStorage> copy, const std::filesystem::path& path,
                const Settings& settings, const Notes& notes)
      : copy_(std::move(copy)),
        record_(place_record_file(path)),
        shared_(settings.shared),
        max_age_(settings.copy_max_age),
        notes_(notes) {}

  [[nodiscard]] std::optional<std::string> read() override;
  void begin_change() override;
  [[nodiscard]] std::optional<Content> read_for_change() override;
  [[nodiscard]] Hold hold() override { return copy_->hold(); }
  [[nodiscard]] Outcome replace(std::string_view bytes,
                                const std::optional<std::string>& token) override;
  void remove() override;
  void prepare() override { copy_->prepare(); }
  [[nodiscard]] bool exists() override { return true; }
  [[nodiscard]] std::optional<Fd> beside() override { return copy_->beside(); }
  [[nodiscard]] std::string name() const override { return copy_->name(); }
  [[nodiscard]] bool is_shared() const override { return true; }
  [[nodiscard]] std::optional<std::string> caution() override;
  [[nodiscard]] Pace pace() const override;
  void set_copy_aside() override { is_copy_aside_ = true; }

  // The place: loads what it needs. Throws Error(bad_request) where the settings name none.
  [[nodiscard]] Place& place();

  struct Copy {
    std::string bytes;
    VaultHeader header;
  };
  // nullopt if there is none, or a damaged one, which is set aside then.
  [[nodiscard]] std::optional<Copy> copy();

  // What read_for_change() and a sync ask of `bytes` from the place before anything is done with
  // them: that they are this vault, of a state that can follow the copy's, and that nobody can have
  // made it without one of its keys. Throws place_unfit.
  VaultHeader check(std::string_view bytes);

  // By who holds it. The copy becomes `bytes`, and the record says so.
  void write_copy(std::string_view bytes, const PlaceRecord& record);

  [[nodiscard]] std::optional<PlaceRecord> record() const { return read_place_record(record_); }
  void write_record(const PlaceRecord& record) { write_place_record(record_, record); }

  // A record of a state that is the newest now.
  [[nodiscard]] PlaceRecord record_of(const Copy& copy, const std::string& token) const;

  // What the place knows `copy` by, if these very bytes came from there: else all has to come over.
  [[nodiscard]] std::optional<std::string> known_token(const Copy& copy) const;

  // Whether these very bytes came from the place, or went there.
  [[nodiscard]] bool is_from_place(const Copy& copy) const;

 private:
  [[nodiscard]] Place::Deadline deadline();

  std::unique_ptr<LocalStorage> copy_;
  std::filesystem::path record_;
  SharedVaultSettings shared_;
  std::chrono::seconds max_age_;
  Notes notes_;
  std::unique_ptr<Place> place_;
  std::optional<Place::Deadline> deadline_;  // of the change that goes on
  bool is_copy_aside_ = false;
};

[[nodiscard]] PlaceAccess access_to(const SharedVaultSettings& shared);

// Throws bad_request where the environment names a vault of its own.
void refuse_named_vault(const Environment& environment);

// Throws bad_request where the settings name no place, or the environment names a vault of its own.
void check_shareable(const Environment& environment, const Settings& settings);

// For people: "3 hours".
[[nodiscard]] std::string told_age(std::uint64_t seconds);

// Why a vault with these key slots is not shared; nullopt if it can be.
[[nodiscard]] std::optional<Refusal> why_not_shared(const VaultHeader& header);

}  // namespace cred
