// SPDX-License-Identifier: MIT
// What can be known of a shared vault without a key: what shared_vault.h says of it.

#include "platform/system/error.h"
#include "platform/vault/format/clock.h"
#include "platform/vault/place/certificate.h"
#include "platform/vault/place/place.h"
#include "platform/vault/shared_vault.h"
#include "platform/vault/storage/local_storage.h"
#include "platform/vault/storage/place_record.h"
#include "platform/vault/storage/shared_storage.h"

namespace cred {

std::optional<SharedStatus> shared_status(const Environment& environment,
                                          const Settings& settings) {
  if (settings.shared.at.empty() || names_vault(environment)) return std::nullopt;
  const auto file = place_record_file(local_vault_file(environment));
  SharedStatus status{.place = settings.shared.at, .id = settings.shared.id};
  if (const auto record = read_place_record(file); record && record->place == status.place) {
    status.generation = record->generation;
    status.checked = record->checked;
    status.by_one_member = record->by_one_member;
    status.refused = record->refused;
  }
  const auto longest = static_cast<std::uint64_t>(settings.copy_max_age.count());
  status.is_too_old = longest != 0 && seconds_now() > status.checked + longest;
  return status;
}

std::optional<std::uint64_t> certificate_end(const Settings& settings) {
  if (settings.shared.cert.empty()) return std::nullopt;
  const auto certificate = read_certificate(settings.shared.cert);
  return certificate ? std::optional(certificate->until) : std::nullopt;
}

std::optional<bool> may_write_place(const Settings& settings) {
  constexpr std::chrono::seconds kProbe(3);
  try {
    const auto place = open_place(parse_place(settings.shared.at), access_to(settings.shared));
    return place->may_write(std::chrono::steady_clock::now() + kProbe);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace cred
