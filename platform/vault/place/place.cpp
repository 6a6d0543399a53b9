// SPDX-License-Identifier: MIT
#include "platform/vault/place/place.h"

#include "platform/vault/place/kinds.h"

namespace cred {

std::unique_ptr<Place> open_place(const PlaceAddress& address, const PlaceAccess& access) {
  return address.kind == PlaceKind::etcd ? open_etcd_place(address, access)
                                         : open_https_place(address, access);
}

}  // namespace cred
