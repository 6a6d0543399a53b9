// SPDX-License-Identifier: MIT
#include "platform/vault/place/kinds.h"

#include <array>
#include <ctime>

#include "platform/system/error.h"
#include "platform/vault/place/certificate.h"

namespace cred {

std::string told_certificate(const PlaceAccess& access) {
  if (access.cert.empty()) return " without a certificate";
  const auto certificate = read_certificate(access.cert);
  if (!certificate) return " by the certificate " + access.cert.string();
  const auto until = static_cast<std::time_t>(certificate->until);
  std::tm day = {};
  std::array<char, 16> text = {};
  static_cast<void>(std::strftime(text.data(), text.size(), "%Y-%m-%d", gmtime_r(&until, &day)));
  const std::string user =
      certificate->name.empty() ? "" : " as the user " + certificate->name + ',';
  return user + " by the certificate " + access.cert.string() +
         (until < std::time(nullptr) ? ", which ended on " : ", which ends on ") + text.data();
}

void throw_if_final(const HttpFailure& failure, const std::string& where,
                    const PlaceAccess& access) {
  if (failure.kind == HttpFailure::Kind::unknown_server) {
    throw Error(Errc::place_refused,
                where + ": its certificate is not known by " +
                    (access.ca.empty() ? "what the system trusts, and --ca names no other"
                                       : access.ca.string()) +
                    ": " + failure.reason);
  }
  if (failure.kind == HttpFailure::Kind::no_trust) {
    throw Error(Errc::place_refused, where + ": the certificates do not fit: " + failure.reason +
                                         "; we come" + told_certificate(access));
  }
  if (failure.kind == HttpFailure::Kind::too_large) {
    throw Error(Errc::place_unfit, where + " holds more than 1 MiB, which is no vault");
  }
}

}  // namespace cred
