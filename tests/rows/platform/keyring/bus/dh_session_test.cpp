// SPDX-License-Identifier: MIT
// The session's cryptography against values that another implementation computed: Python's pow(),
// its hmac, and AES by OpenSSL. Our exponent is the SHA-256 of "ours", with its highest bit set.
#include "platform/keyring/bus/dh_session.h"

#include <doctest/doctest.h>

#include <charconv>
#include <string_view>

namespace cred::test {
namespace {

using Bytes = std::vector<unsigned char>;

Bytes from_hex(std::string_view digits) {
  Bytes bytes(digits.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::from_chars(digits.data() + 2 * i, digits.data() + 2 * i + 2, bytes[i], 16);
  }
  return bytes;
}

const Bytes kExponent =
    from_hex("ae0bec9e9d33c56354bd612c8a6010840324fc5b9786ce0a18b696b304b09397");
const Bytes kPublicKey = from_hex(
    "357ce5dc126a89f276ae440fe9c75605376b38e2d6be0013140d403e127519eb94c6178523eba373"
    "a5ccb9c1d61c8a5aa7033755f9feae823bfe6f0c625bf329779e438964b9235c07623d66ec953fdd"
    "b0976083d441c1ac2650acd73927d0155e7e7c056804e7f995cf03f7de9704112bd4f14992750442"
    "a5dcfe03f37619f7");
const Bytes kTheirKey = from_hex(
    "156797dbd60fec0c370a8d02ae026c21df22016560f6514f4e97a3cbb7a2ea5dc506a0cc50f880f5"
    "1d054e75e7c93aa6ec435936afa7958209df06a015c7d3d508ed1a660c68ba93a4df1222a6b0163a"
    "83ea25728b4976a5ddafa916778e2da583dbc575d3c746954e87f3a34bdeb18a31b81c179ad5f256"
    "d52be0620a2f42aa");
const Bytes kIv = from_hex("000102030405060708090a0b0c0d0e0f");
const Bytes kPrime = from_hex(
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e34"
    "04ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6"
    "f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff");

// kPrime less `less`, which is small.
Bytes below_prime(unsigned char less) {
  Bytes number = kPrime;
  number.back() = static_cast<unsigned char>(number.back() - less);
  return number;
}

}  // namespace

TEST_CASE("session: our public key is 2 to our exponent") {
  CHECK(DhSession(kExponent).public_key() == kPublicKey);
}

TEST_CASE("session: with their public key, what they encrypted is read") {
  struct Row {
    const char* name;
    Bytes their_key;
    Bytes encrypted;
    std::string text;
  };
  const Row rows[] = {
      {"a secret of half a block", kTheirKey, from_hex("657df6a29990fc377afe5d86199b9b98"),
       "word-one"},
      {"two blocks; the shared key begins with a zero",
       from_hex("a3ba0fe92a646b7409d0f80ba894345b718421e484aabe8675b4e03f295e3d7bcd76c1693771e5d8"
                "7fd269c6d9a67e69db7a5297c6805112a757049a295940776455bfccf3c1658e9ac3117533c22102"
                "6ea74804bfc93b026b6bf7c57f7dc816e302cff1c0e693e611c85a33bc0ef657cb24b50390062514"
                "e4d199630db4656a"),
       from_hex("20805f20f92d82e478593b7904e9cbe31e5f84f7eec827429dce5e3f53171493"),
       "word-two-of-sixteen bytes+....."},
      {"nothing; their key begins with a zero, and is a byte short",
       from_hex("0e6d24e2ef751b4ed6deeaf7e1cead86937ca28043f93ca0366b5482e5c4181e7890f447a7934371"
                "904f5ce4c4ef727ec179519ce039aee16f61fdc2d6935b171a3610471424d43d97e332f2cf6d8b30"
                "a08f4f8d723eb84cff1b68f5010ba4429db7945d8c2d98c3290f1e8703e04d7ce3c1ed2ba9386cc0"
                "79ef3c69aa4f"),
       from_hex("cfa536bfabe73aa3be423fe614056a08"), ""},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      DhSession session(kExponent);
      REQUIRE(session.agree(row.their_key));
      const auto secret = session.decrypt(kIv, row.encrypted);
      REQUIRE(secret);
      CHECK(secret->reveal() == row.text);
    }
  }
}

TEST_CASE("session: what was not encrypted with its key is refused") {
  struct Row {
    const char* name;
    Bytes iv;
    Bytes encrypted;
  };
  const Row rows[] = {
      {"nothing", kIv, {}},
      {"half a block", kIv, from_hex("0001020304050607")},
      {"a short IV", from_hex("00"), from_hex("657df6a29990fc377afe5d86199b9b98")},
      {"padding of different bytes", kIv, from_hex("52f162e40d2661a685393c5a1969f143")},
      {"padding longer than a block", kIv,
       from_hex("a8f4f8e607cfd4f9411998b11321ac0f36afcff39b808095ec645802923e17d8")},
      {"padding of zeros", kIv, from_hex("c076d18f771bf928648aac06174080f6")},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      DhSession session(kExponent);
      REQUIRE(session.agree(kTheirKey));
      CHECK_FALSE(session.decrypt(row.iv, row.encrypted));
    }
  }
}

TEST_CASE("session: no key is agreed on with a number that gives it away") {
  struct Row {
    const char* name;
    Bytes their_key;
    bool is_good;
  };
  Bytes long_key(129, 0);
  long_key.front() = 5;
  Bytes padded_key(200, 0);
  padded_key.back() = 2;
  const Row rows[] = {
      {"none", {}, false},
      {"zero", {0}, false},
      {"one", {1}, false},
      {"two", {2}, true},
      {"the prime less two", below_prime(2), true},
      {"the prime less one", below_prime(1), false},
      {"the prime", kPrime, false},
      {"longer than the prime", long_key, false},
      {"two, behind zeros", padded_key, true},
      {"zeros", Bytes(129, 0), false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) { CHECK(DhSession(kExponent).agree(row.their_key) == row.is_good); }
  }
}

TEST_CASE("session: the key is the same with a zero before theirs, and what is ambiguous is told") {
  DhSession plain(kExponent);
  DhSession padded(kExponent);
  Bytes with_zero = kTheirKey;
  with_zero.insert(with_zero.begin(), 0);
  REQUIRE((plain.agree(kTheirKey) && padded.agree(with_zero)));
  const auto encrypted = plain.encrypt(Secret("word"));
  CHECK(padded.decrypt(encrypted.iv, encrypted.text)->reveal() == "word");
  CHECK_FALSE(plain.is_ambiguous());
  // Their number to the power of one.
  DhSession small(Bytes{1});
  REQUIRE(small.agree(Bytes{2}));
  CHECK(small.is_ambiguous());
}

TEST_CASE("session: our keys are such that every keyring reads them alike") {
  for (int i = 0; i < 1000; ++i) {
    const DhSession session;
    const Bytes& key = session.public_key();
    REQUIRE(key.size() == kPrime.size());
    REQUIRE_FALSE((key[0] == 0xff && key[1] >= 0x80));
  }
}

TEST_CASE("session: two of ours understand each other, and no two texts are equal") {
  DhSession one;
  DhSession other;
  REQUIRE(one.agree(other.public_key()));
  REQUIRE(other.agree(one.public_key()));
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 1000U}) {
    const std::string text(size, 'x');
    const auto encrypted = one.encrypt(Secret(text));
    CHECK(encrypted.iv.size() == 16);
    CHECK(encrypted.text.size() == (size / 16 + 1) * 16);
    const auto secret = other.decrypt(encrypted.iv, encrypted.text);
    REQUIRE(secret);
    CHECK(secret->reveal() == text);
    CHECK(one.encrypt(Secret(text)).text != encrypted.text);
  }
}

}  // namespace cred::test
