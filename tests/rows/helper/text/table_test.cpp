// SPDX-License-Identifier: MIT
#include "helper/text/table.h"

#include <doctest/doctest.h>

#include <sstream>

namespace cred::test {
namespace {

std::string printed(const Table& table, std::string_view indent = "  ") {
  std::ostringstream out;
  table.print(Notes(out), indent);
  return out.str();
}

}  // namespace

TEST_CASE("columns are as wide as what is in them") {
  Table table;
  SUBCASE("no row") { CHECK(printed(table).empty()); }
  SUBCASE("rows") {
    table.add({"moved", "a.example", "ada", "to the keyring"});
    table.add({"kept", "registry.example", "", "has no username"});
    CHECK(printed(table) ==
          "  moved  a.example         ada  to the keyring\n"
          "  kept   registry.example       has no username\n");
    CHECK(printed(table, "").starts_with("moved  a.example"));
  }
  SUBCASE("short rows, and no blanks behind them") {
    table.add({"a.example", "keyring", "ada"});
    table.add({"b.example"});
    table.add({"c.example", "vault", ""});
    CHECK(printed(table) == "  a.example  keyring  ada\n  b.example\n  c.example  vault\n");
  }
  SUBCASE("by the width of characters") {
    table.add({"\u767b\u9332.example", "ada"});
    table.add({"bu\u0308cher.example", "bob"});
    CHECK(printed(table) == "  \u767b\u9332.example    ada\n  bu\u0308cher.example  bob\n");
  }
  SUBCASE("what could steer a terminal has the width of what stands for it") {
    table.add({"a\x1b[2J", "x"});
    table.add({"abcdef", "y"});
    CHECK(printed(table) == "  a?[2J   x\n  abcdef  y\n");
  }
}

TEST_CASE("a table fits the terminal") {
  Table table;
  table.add({"kept", "registry-of-the-whole-company.example.com:8083", "ada",
             "is a part of a registry, and helpers are asked for whole ones"});
  table.add({"moved", "a.example", "bob", "to the vault"});
  const auto at = [&](std::size_t width) {
    std::ostringstream out;
    table.print(Notes(out), "  ", width);
    return out.str();
  };
  CHECK(at(60) ==
        "  kept   registry-of-t...ple.com:8083  ada  is a part of a\n"
        "                                            registry, and\n"
        "                                            helpers are\n"
        "                                            asked for whole\n"
        "                                            ones\n"
        "  moved  a.example                     bob  to the vault\n");
  CHECK(
      at(200).starts_with("  kept   registry-of-the-whole-company.example.com:8083  ada  is a part "
                          "of a registry, and "));
  Table wide;
  wide.add({"用户用户用户用户用户用户用户用户.example", "x"});
  std::ostringstream out;
  wide.print(Notes(out), "", 24);
  CHECK(out.str() == "用户用户....example    x\n");
}

TEST_CASE("a name of a megabyte is cut at once") {
  Table table;
  std::string name;
  for (int i = 0; i < 500'000; ++i) name += "é";
  table.add({"a.example", name, "vault"});
  std::ostringstream out;
  table.print(Notes(out), "", 60);
  CHECK(out.str().starts_with("a.example  ééé"));
  CHECK(out.str().ends_with("ééé  vault\n"));
}

TEST_CASE("logins are counted in words") {
  CHECK(login_count(0) == "0 logins");
  CHECK(login_count(1) == "1 login");
  CHECK(login_count(2) == "2 logins");
}

}  // namespace cred::test
