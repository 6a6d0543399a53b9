// SPDX-License-Identifier: MIT
// The kinds of places, and what they have in common. Private to this folder.
#pragma once

#include <memory>
#include <string>

#include "platform/vault/place/http.h"
#include "platform/vault/place/place.h"

namespace cred {

// The key of etcd by its KV service over gRPC, with a client certificate.
[[nodiscard]] std::unique_ptr<Place> open_etcd_place(const PlaceAddress& address,
                                                     const PlaceAccess& access);

// The file of a web server, an object store or an artifact repository: it is only read.
[[nodiscard]] std::unique_ptr<Place> open_https_place(const PlaceAddress& address,
                                                      const PlaceAccess& access);

// For people: who we say that we are there: " as the user node, by /etc/…/node.pem, which ends on
// 2027-01-31"; nothing without a certificate.
[[nodiscard]] std::string told_certificate(const PlaceAccess& access);

// Throws place_refused where `failure` is about certificates, place_unfit for what is too large.
void throw_if_final(const HttpFailure& failure, const std::string& where,
                    const PlaceAccess& access);

}  // namespace cred
