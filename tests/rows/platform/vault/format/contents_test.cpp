// SPDX-License-Identifier: MIT
#include "platform/vault/format/contents.h"

#include <doctest/doctest.h>
#include <sodium.h>

#include <string>

#include "platform/system/error.h"
#include "platform/vault/format/sealing.h"

namespace cred::test {
namespace {

std::string number(std::size_t value, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size && i < sizeof value; ++i) {
    bytes[i] = static_cast<char>(value >> (8 * i) & 0xFFU);
  }
  return bytes;
}

std::string text(const std::string& value) { return number(value.size(), 4) + value; }

std::string credential(const std::string& server) {
  return text(server) + text("ada") + text("s3") + number(1, 8);
}

std::string padded(std::string plain) {
  const std::size_t used = plain.size();
  std::size_t size = 0;
  plain.resize(used + 1024);
  sodium_pad(&size, reinterpret_cast<unsigned char*>(plain.data()), used, 1024, plain.size());
  plain.resize(size);
  return plain;
}

VaultContents read(const std::string& bytes) { return VaultContents(LockedBytes(as_bytes(bytes))); }

}  // namespace

TEST_CASE("credentials are read as they were written") {
  VaultCredentials credentials;
  credentials.emplace("b", VaultCredential{"bob", Secret(std::string("s\0 3", 4)), 2});
  credentials.emplace("a", VaultCredential{"", Secret(""), ~std::uint64_t{0}});
  const std::string bytes = encode(credentials);
  CHECK(bytes.size() == 1024);
  const VaultContents contents = read(bytes);
  CHECK(contents.size() == 2);
  CHECK(contents.begin()->server == "a");
  CHECK(contents.begin()->stored_at == ~std::uint64_t{0});
  CHECK(contents.find("b")->secret == std::string_view("s\0 3", 4));
  CHECK(contents.find("c") == nullptr);
  CHECK(contents.find("B") == nullptr);
  const VaultCredentials copy = contents.copy();
  CHECK(copy.at("b").secret.reveal() == std::string_view("s\0 3", 4));
  CHECK(encode(copy) == bytes);
  CHECK(read(encode({})).size() == 0);
}

TEST_CASE("the bytes of credentials") {
  struct Row {
    const char* name;
    std::string bytes;
    bool good;
  };
  const Row rows[] = {
      {"none", padded(number(0, 4)), true},
      {"two", padded(number(2, 4) + credential("a") + credential("b")), true},
      {"as bytes compare, not letters", padded(number(2, 4) + credential("a") + credential("\xff")),
       true},
      {"out of order", padded(number(2, 4) + credential("b") + credential("a")), false},
      {"one twice", padded(number(2, 4) + credential("a") + credential("a")), false},
      {"fewer than announced", padded(number(2, 4) + credential("a")), false},
      {"more than announced", padded(number(1, 4) + credential("a") + credential("b")), false},
      {"cut short", padded(number(1, 4) + credential("a").substr(0, 12)), false},
      {"a length beyond the end", padded(number(1, 4) + number(0xFFFFFFFF, 4) + "a"), false},
      {"a count beyond the limit", padded(number(kMostVaultCredentials + 1, 4)), false},
      {"nothing", padded(""), false},
      {"no padding", std::string(1024, 'x'), false},
      {"no bytes", "", false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      try {
        static_cast<void>(read(row.bytes));
        CHECK(row.good);
      } catch (const Error& failure) {
        CHECK(failure.code() == Errc::vault_unsafe);
        CHECK_FALSE(row.good);
      }
    }
  }
}

}  // namespace cred::test
