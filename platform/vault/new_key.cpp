// SPDX-License-Identifier: MIT
#include "platform/vault/new_key.h"

#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "platform/system/error.h"
#include "platform/system/obstacle.h"
#include "platform/text/utf8.h"
#include "platform/text/wait_note.h"
#include "platform/vault/format/clevis_checks.h"
#include "platform/vault/format/slot_key.h"
#include "platform/vault/unlock/clevis.h"
#include "platform/vault/unlock/key_file.h"

namespace cred {
namespace {

using std::filesystem::path;

// Whether `file` is in the folder beside a vault, or would be.
bool lies_beside(const path& file, Storage& storage) {
  const auto beside = storage.beside();
  struct stat folder = {};
  struct stat other = {};
  return beside && fstat(beside->get(), &folder) == 0 &&
         stat(file.parent_path().c_str(), &other) == 0 && folder.st_dev == other.st_dev &&
         folder.st_ino == other.st_ino;
}

NewKey read_or_make_key_file(KeySlot slot, const path& given, const KeySource& source) {
  if (is_stdin(given)) return {std::move(slot), read_key(STDIN_FILENO, "the key on stdin")};
  const path file = std::filesystem::absolute(given);
  if (!is_utf8(file.native())) {
    throw Error(Errc::bad_request, "the path of the key file is not UTF-8: " + file.string());
  }
  if (lies_beside(file, source.vault.storage())) {
    throw Error(Errc::bad_request,
                "a key beside the vault would be copied with it; choose another folder");
  }
  // Where a service manager hands it over, it is elsewhere each time.
  const bool is_elsewhere = file == key_file_of(source.environment);
  // In a shared vault it would be another machine's path, which nobody follows.
  if (!is_elsewhere && !source.vault.storage().is_shared()) slot.path = file;
  if (!is_absent(file)) {
    return {std::move(slot), source.vault.unlocker().unsealed_key_in(file)};
  }
  return {std::move(slot), make_key_file(file), file};
}

// Proven where it leaves this process: what clevis sealed is unsealed again.
NewKey sealed_by_clevis(KeySlot slot, const NewSlot& wanted, const KeySource& source) {
  check_clevis_config(wanted.pin, wanted.config);
  LockedBytes secret = LockedBytes::random(kDataKeySize);
  slot.pin = wanted.pin;
  const WaitNote waiting(source.notes, "waiting for clevis, which seals the key by " + wanted.pin);
  try {
    slot.sealed =
        clevis_seal(source.environment, source.settings.clevis, wanted.pin, wanted.config, secret);
    const LockedBytes again =
        clevis_unseal(source.environment, source.settings.clevis, wanted.pin, slot.sealed);
    if (same_bytes(again.bytes(), secret.bytes())) return {std::move(slot), std::move(secret)};
  } catch (const Error& failure) {
    if (failure.code() != Errc::not_unsealed) throw;
    throw Error(Errc::not_sealed, failure.what());
  }
  throw Error(Errc::not_sealed, "clevis gave back another key than it was given");
}

}  // namespace

bool leaves_key_file(const NewSlot& wanted) {
  return wanted.kind == SlotKind::key_file && !is_stdin(wanted.key_file);
}

NewKey make_key(const NewSlot& wanted, const std::string& outcome, const KeySource& source) {
  KeySlot slot = new_slot(wanted.kind);
  if (!wanted.label.empty()) slot.label = wanted.label;
  switch (wanted.kind) {
    case SlotKind::passphrase:
      return {std::move(slot), source.vault.unlocker().ask_new_passphrase(outcome)};
    case SlotKind::key_file:
      return read_or_make_key_file(std::move(slot), wanted.key_file, source);
    case SlotKind::clevis:
      return sealed_by_clevis(std::move(slot), wanted, source);
  }
  throw Error(Errc::bad_request, "unknown kind of key");
}

}  // namespace cred
