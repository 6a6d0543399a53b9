// SPDX-License-Identifier: MIT
// Against bytes of etcdctl and etcd 3.4, as they were on the wire.
#include "platform/vault/place/etcd_messages.h"

#include <doctest/doctest.h>

#include <string>

#include "platform/vault/format/format.h"

namespace cred::test {
namespace {

constexpr const char* kKey = "/dck/prod/vault";
const std::string kHeader = "0a1a08b298eaf1948386fccd0110cdd2918bd2b881cf8e0118022002";

std::string bytes(const std::string& hex) { return from_hex(hex, hex.size() / 2).value(); }

}  // namespace

TEST_CASE("what is asked of etcd, as etcdctl asks it") {
  CHECK(to_hex(etcd_replace(kKey, "hello", kNoRevision)) ==
        "00000000330a1510021a0f2f64636b2f70726f642f7661756c743000"
        "121a12180a0f2f64636b2f70726f642f7661756c74120568656c6c6f");
  CHECK(to_hex(etcd_fetch(kKey, 7, /*is_serializable=*/false)) ==
        "000000002c0a1510021a0f2f64636b2f70726f642f7661756c743007"
        "1a130a110a0f2f64636b2f70726f642f7661756c74");
  // Alone, what etcdctl get --consistency=s sends is 0a0f…3801.
  CHECK(to_hex(etcd_fetch(kKey, std::nullopt, /*is_serializable=*/true)) ==
        "000000001712150a130a0f2f64636b2f70726f642f7661756c743801");
  CHECK(etcd_replace(kKey, std::string(300, 'v'), 1).size() == 5 + 23 + 3 + 3 + 17 + 3 + 300);
}

TEST_CASE("what etcd answers") {
  SUBCASE("a write") {
    const auto answer = read_etcd_answer(bytes("0000000026" + kHeader + "10011a0612040a021802"));
    REQUIRE(answer);
    CHECK(answer->succeeded);
    CHECK(answer->revision == 2);
    CHECK_FALSE(answer->value);
  }
  SUBCASE("unchanged") {
    const auto answer = read_etcd_answer(bytes("000000001e" + kHeader + "1001"));
    REQUIRE(answer);
    CHECK(answer->succeeded);
    CHECK_FALSE(answer->value);
  }
  SUBCASE("another state") {
    const auto answer =
        read_etcd_answer(bytes("0000000046" + kHeader +
                               "1a280a260a021802121e0a0f2f64636b2f70726f642f7661756c74"
                               "1002180220012a0568656c6c6f2001"));
    REQUIRE(answer);
    CHECK_FALSE(answer->succeeded);
    CHECK(answer->key_revision == 2);
    CHECK(answer->value == "hello");
  }
  SUBCASE("an empty value is one") {
    const auto answer =
        read_etcd_answer(bytes("0000000028" + kHeader + "1a0a" + "0a08" + "0a021802" + "12021802"));
    REQUIRE(answer);
    CHECK(answer->value == "");
  }
}

TEST_CASE("what is no answer of etcd") {
  const std::string whole =
      bytes("0000000046" + kHeader +
            "1a280a260a021802121e0a0f2f64636b2f70726f642f7661756c741002180220012a0568656c6c6f2001");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(read_etcd_answer(whole.substr(0, size)));
  }
  CHECK_FALSE(read_etcd_answer(whole + '\0'));
  CHECK_FALSE(read_etcd_answer("\1" + whole.substr(1)));  // compressed
  struct Row {
    const char* name;
    std::string message;  // in hexadecimal
  };
  const Row rows[] = {
      {"no header", "1001"},
      {"a length beyond the end", "0aff"},
      {"a length without an end", "0affffffffffffffffffffff01"},
      {"a number without an end", kHeader + "10ffffffffffffffffffff01"},
      {"a group, which nobody sends any more", kHeader + "13"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    std::string frame(5, '\0');
    const std::string message = bytes(row.message);
    frame[4] = static_cast<char>(message.size());
    CHECK_FALSE(read_etcd_answer(frame + message));
  }
  // What is unknown is passed over.
  CHECK(read_etcd_answer(bytes("0000000023" + kHeader + "10012a0101" + "3001")));
}

}  // namespace cred::test
