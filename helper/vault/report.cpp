// SPDX-License-Identifier: MIT
#include "helper/vault/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "helper/text/json_text.h"
#include "helper/text/table.h"
#include "helper/text/tilde.h"
#include "helper/text/time_text.h"
#include "helper/text/wrap.h"

namespace cred {
namespace {

using Json = nlohmann::ordered_json;

std::string detail_of(const KeySlot& slot) {
  switch (slot.kind) {
    case SlotKind::passphrase:
      return "Argon2id, " + std::to_string(slot.mem >> 20U) + " MiB, " + std::to_string(slot.ops) +
             " passes";
    case SlotKind::key_file:
      return slot.path ? *slot.path : "named by settings.json, the environment or stdin";
    case SlotKind::clevis:
      return slot.pin;
  }
  return "";
}

Json json_of(std::span<const KeySlot> slots) {
  Json keys = Json::array();
  for (const auto& slot : slots) {
    Json key = {{"id", to_hex(slot.id)}, {"kind", name_of(slot.kind)}, {"label", slot.label}};
    add_time(key, "created", slot.created);
    key["detail"] = detail_of(slot);
    key["protects"] = protection_of(slot);
    keys.push_back(std::move(key));
  }
  return keys;
}

void print_shared(const SharedStatus& shared, const Notes& out) {
  out.line("shared at ", shared.place);
  if (shared.checked == 0) {
    out.line("never compared with it; docker-credential-keyring vault sync does that");
  } else {
    out.line("last compared with it ", local_time(shared.checked),
             shared.by_one_member ? ", with one member alone" : "");
  }
  if (!shared.refused.empty()) out.line("refused since: ", shared.refused);
}

Json json_of(const SharedStatus& shared) {
  Json json = {{"place", shared.place}, {"id", shared.id}, {"generation", shared.generation}};
  add_time(json, "checked", shared.checked == 0 ? std::nullopt : std::optional(shared.checked));
  json["majority"] = !shared.by_one_member;
  json["refused"] = shared.refused.empty() ? Json() : Json(shared.refused);
  return json;
}

}  // namespace

std::string protection_of(const KeySlot& slot) {
  switch (slot.kind) {
    case SlotKind::passphrase:
      return "a copy of the vault, a stolen disk and other users get nothing, as far as the "
             "passphrase resists guessing; lost if it is forgotten";
    case SlotKind::key_file:
      return "a copy of the vault alone and other users get nothing; who has the disk or a full "
             "backup has both, unless the key file comes from elsewhere; lost with the key file";
    case SlotKind::clevis:
      break;
  }
  if (slot.pin == "tpm2") {
    return "a copy of the vault and a disk taken out of this machine give nothing; who starts this "
           "machine unlocks it, unless the pin binds PCRs; lost with the TPM";
  }
  if (slot.pin == "tang") {
    return "a copy of the vault and a disk away from the tang server give nothing; a thief who "
           "reaches that server unlocks it; lost with the server's key";
  }
  return "a copy of the vault gives nothing without as many of the parts as were asked for; lost "
         "with them";
}

void print_slots(std::span<const KeySlot> slots, const Notes& out, std::size_t width,
                 const Environment& environment) {
  Table table;
  for (const auto& slot : slots) {
    table.add({to_hex(slot.id), std::string(name_of(slot.kind)), slot.label,
               local_time(slot.created), with_tilde(detail_of(slot), environment)});
  }
  table.print(out, "", width);
}

void print_status(const VaultStatus& status, const Notes& out, std::size_t width,
                  const Environment& environment) {
  out.line("vault: ", with_tilde(status.name, environment));
  if (status.shared) print_shared(*status.shared, out);
  if (status.elsewhere) out.line(status.elsewhere->reason);
  if (!status.exists) {
    if (status.shared) {
      out.line("there is no copy here yet; docker-credential-keyring vault sync brings it");
    } else if (!status.elsewhere)
      out.line("there is none; docker-credential-keyring vault create makes one");
    return;
  }
  if (status.unlocked_until) {
    out.line("unlocked until ", local_time(*status.unlocked_until));
  } else {
    out.line(status.is_unlocked() ? "unlocked by its key file" : "locked");
  }
  if (status.unlocked_elsewhere_until) {
    out.line("something else may have it unlocked, as a user namespace of rootless podman, until ",
             local_time(*status.unlocked_elsewhere_until),
             "; docker-credential-keyring vault lock ends that too");
  }
  if (status.usernames) out.line(login_count(status.usernames->size()));
  out.line("id ", status.id);
  out.line("written ", status.generation, status.generation == 1 ? " time" : " times");
  if (!status.is_kept_from_swap) {
    out.line("keys cannot be locked into memory here, so they may reach the swap space");
  }
  out.line("keys:");
  print_slots(status.slots, out, width, environment);
  for (const auto& slot : status.slots) {
    const std::string id = "  " + to_hex(slot.id) + ": ";
    out.lines(id + wrap(protection_of(slot), width, id.size(), id.size()));
  }
}

void print_slots_json(std::span<const KeySlot> slots, std::ostream& out) {
  write_json({{"version", 1}, {"keys", json_of(slots)}}, out);
}

void print_status_json(const VaultStatus& status, std::ostream& out) {
  Json json = {{"version", 1},
               {"path", status.name},
               {"exists", status.exists},
               {"id", status.id},
               {"generation", status.generation},
               {"open", status.is_unlocked()}};
  add_time(json, "open_until", status.unlocked_until);
  add_time(json, "open_elsewhere_until", status.unlocked_elsewhere_until);
  json["shared"] = status.shared ? json_of(*status.shared) : Json();
  json["servers"] = status.usernames ? Json(status.usernames->size()) : Json();
  json["kept_from_swap"] = status.is_kept_from_swap;
  json["ways"] = json_of(status.slots);
  json["keys"] = json["ways"];
  write_json(json, out);
}

}  // namespace cred
