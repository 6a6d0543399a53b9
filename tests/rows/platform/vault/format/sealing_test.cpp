// SPDX-License-Identifier: MIT
#include "platform/vault/format/sealing.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <string>

namespace cred::test {

TEST_CASE(
    "what is sealed opens by its key and with its associated data, whole, and by nothing else") {
  const LockedBytes key = LockedBytes::random(kDataKeySize);
  const std::string plain = "any bytes";
  const std::string sealed = seal(as_bytes(plain), "about it", key);
  CHECK(sealed.size() == kNonceSize + plain.size() + kTagSize);
  CHECK(sealed != seal(as_bytes(plain), "about it", key));  // under another nonce
  const auto opened = unseal(sealed, "about it", key.bytes());
  REQUIRE(opened);
  CHECK(std::ranges::equal(opened->bytes(), as_bytes(plain)));
  CHECK_FALSE(unseal(sealed, "about that", key.bytes()));
  CHECK_FALSE(unseal(sealed, "about it", LockedBytes::random(kDataKeySize).bytes()));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ 1U);
    CHECK_FALSE(unseal(changed, "about it", key.bytes()));
    CHECK_FALSE(unseal(sealed.substr(0, i), "about it", key.bytes()));
  }
}

// By another implementation: Python's hashlib.blake2b.
TEST_CASE("a commitment is known, and another for each key and each vault") {
  LockedBytes key(kDataKeySize);
  std::iota(key.data(), key.data() + key.size(), static_cast<unsigned char>(0));
  std::string id(16, '\0');
  std::iota(id.begin(), id.end(), '\0');
  CHECK(to_hex(commitment_to(key, id)) ==
        "984c7714f18409790d8020df0e447c169bc9c48cf98e9cba1b81d11c9bfb5f10");
  CHECK(commitment_to(LockedBytes::random(kDataKeySize), id) != commitment_to(key, id));
  CHECK(commitment_to(key, random_bytes(16)) != commitment_to(key, id));
}

TEST_CASE("hexadecimal") {
  CHECK(to_hex("").empty());
  CHECK(to_hex(std::string_view("\0\x7f\xff", 3)) == "007fff");
}

}  // namespace cred::test
