// SPDX-License-Identifier: MIT
#include "platform/vault/place/place.h"

#include <unistd.h>

#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/vault/place/kinds.h"

namespace cred {

std::unique_ptr<Place> open_place(const PlaceAddress& address, const PlaceAccess& access) {
  // What libcurl and OpenSSL say of a file that is not there is hard to read.
  for (const auto* file : {&access.ca, &access.cert, &access.cert_key, &access.password_file}) {
    if (!file->empty() && ::access(file->c_str(), R_OK) != 0) throw_errno(file->string());
  }
  if (!access.cert_key.empty() &&
      read_file(access.cert_key).value_or("").find("ENCRYPTED") != std::string::npos) {
    throw Error(Errc::place_refused, access.cert_key.string() +
                                         " has a passphrase, which nobody is asked for; openssl "
                                         "pkey -in KEY -out NEW writes one without");
  }
  return address.kind == PlaceKind::etcd ? open_etcd_place(address, access)
                                         : open_https_place(address, access);
}

}  // namespace cred
