// SPDX-License-Identifier: MIT
// Places, of a program that was built without them.
#include "platform/system/error.h"
#include "platform/vault/place/certificate.h"
#include "platform/vault/place/place.h"

namespace cred {

std::unique_ptr<Place> open_place(const PlaceAddress& /*address*/, const PlaceAccess& /*access*/) {
  throw Error(Errc::bad_request, "this program was built without shared vaults");
}

std::optional<Certificate> read_certificate(const std::filesystem::path& /*path*/) {
  return std::nullopt;
}

}  // namespace cred
