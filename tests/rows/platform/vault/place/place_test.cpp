// SPDX-License-Identifier: MIT
#include "platform/vault/place/place.h"

#include <doctest/doctest.h>

#include "platform/system/error.h"
#include "platform/text/strings.h"
#include "tests/lab/refusal.h"

namespace cred::test {

TEST_CASE("places that people write") {
  struct Row {
    const char* text;
    const char* members;
    const char* key;
  };
  const Row rows[] = {
      {"etcd://e1:2379/dck", "e1:2379", "/dck/vault"},
      {"etcd://e1:2379,e2:2380,e3:2381/dck/prod", "e1:2379 e2:2380 e3:2381", "/dck/prod/vault"},
      {"etcd://e1,e2/dck/prod/", "e1:2379 e2:2379", "/dck/prod/vault"},
      {"etcd://[2001:db8::1]:1,[::1]/x", "[2001:db8::1]:1 [::1]:2379", "/x/vault"},
      {"etcd://127.0.0.1/x", "127.0.0.1:2379", "/x/vault"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto address = parse_place(row.text);
    CHECK(address.kind == PlaceKind::etcd);
    CHECK(join(address.members, " ") == row.members);
    CHECK(address.key == row.key);
  }
  const auto web = parse_place("https://nexus.example.com/repository/raw/dck/vault");
  CHECK(web.kind == PlaceKind::https);
  CHECK(web.text == "https://nexus.example.com/repository/raw/dck/vault");
}

TEST_CASE("what is no place") {
  const char* rows[] = {"",
                        "e1:2379/dck",
                        "http://e1/dck",
                        "etcd://e1:2379",
                        "etcd://e1:2379/",
                        "etcd:///dck",
                        "etcd://e1,,e2/dck",
                        "etcd://e1:/dck",
                        "etcd://e1:port/dck",
                        "etcd://user@e1:2379/dck",
                        "etcd://[::1/dck",
                        "etcd://e1:2379/dck prod",
                        "etcd://e1:2379/dck?x",
                        "https://",
                        "https://host",
                        "https:///vault",
                        "https://user:word@host/vault",
                        "https://host/va\nult"};
  for (const char* text : rows) {
    CAPTURE(text);
    CHECK(failure_of([&] { static_cast<void>(parse_place(text)); }) == Errc::bad_request);
  }
}

}  // namespace cred::test
