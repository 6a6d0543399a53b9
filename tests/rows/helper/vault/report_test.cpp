// SPDX-License-Identifier: MIT
#include "helper/vault/report.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>

#include "helper/text/time_text.h"

namespace cred::test {
namespace {

KeySlot slot_of(SlotKind kind, const std::string& pin = "") {
  KeySlot slot;
  slot.id = "\x01\x02\x03\x04";
  slot.kind = kind;
  slot.label = "host";
  slot.pin = pin;
  slot.ops = 3;
  slot.mem = std::uint64_t{256} << 20;
  return slot;
}

VaultStatus unlocked_vault() {
  VaultStatus status;
  status.name = "/home/ada/vault";
  status.exists = true;
  status.id = "00ff";
  status.generation = 7;
  status.usernames = {{"a.example", "ada"}, {"b.example", "bob"}};
  status.is_kept_from_swap = true;
  status.slots = {slot_of(SlotKind::passphrase)};
  return status;
}

std::string shown(const VaultStatus& status) {
  std::ostringstream out;
  print_status(status, Notes(out), 500, {});
  return out.str();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("durations") {
  struct Row {
    std::string text;
    std::optional<std::int64_t> seconds;
  };
  const Row rows[] = {
      {"90s", 90},
      {"90", std::nullopt},
      {"15m", 900},
      {"8h", 28'800},
      {"7d", 604'800},
      {"1s", 1},
      {"1000000d", 86'400'000'000},
      {"1000001s", std::nullopt},
      {"99999999999999999999", std::nullopt},
      {"0", std::nullopt},
      {"-1h", std::nullopt},
      {"+1h", std::nullopt},
      {" 1h", std::nullopt},
      {"1h ", std::nullopt},
      {"1 h", std::nullopt},
      {"1.5h", std::nullopt},
      {"1H", std::nullopt},
      {"1w", std::nullopt},
      {"1hm", std::nullopt},
      {"1h30m", std::nullopt},
      {"h", std::nullopt},
      {"", std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = parse_duration(row.text);
    CHECK(parsed.has_value() == row.seconds.has_value());
    if (parsed && row.seconds) CHECK(parsed->count() == *row.seconds);
  }
}

TEST_CASE("each kind of key has a sentence of its own on what it protects") {
  std::set<std::string> sentences;
  for (const auto& slot : {slot_of(SlotKind::passphrase), slot_of(SlotKind::key_file),
                           slot_of(SlotKind::clevis, "tpm2"), slot_of(SlotKind::clevis, "tang"),
                           slot_of(SlotKind::clevis, "sss")}) {
    CHECK(has(protection_of(slot), "lost"));
    sentences.insert(protection_of(slot));
  }
  CHECK(sentences.size() == 5);
}

TEST_CASE("a vault as people see it") {
  VaultStatus status = unlocked_vault();
  CHECK(has(shown(status), "vault: /home/ada/vault\n"));
  CHECK(has(shown(status), "2 logins\nid " + status.id + "\nwritten 7 times\n"));
  status.usernames = std::map<std::string, std::string>{{"a.example", "ada"}};
  CHECK(has(shown(status), "\n1 login\n"));
  CHECK(has(shown(status), "01020304  passphrase  host"));
  CHECK(has(shown(status), "Argon2id, 256 MiB, 3 passes"));
  CHECK_FALSE(has(shown(status), "swap"));
  CHECK(has(shown(status), "\nunlocked by its key file\n"));
  CHECK(has(shown(status), "\nkeys:\n"));
  status.unlocked_until = 1'700'000'000;
  CHECK(has(shown(status), "\nunlocked until 2023-11-1"));
  status.is_kept_from_swap = false;
  CHECK(has(shown(status), "swap"));
  status.unlocked_until.reset();
  status.usernames.reset();
  CHECK(has(shown(status), "\nlocked\n"));
  CHECK_FALSE(has(shown(status), "logins"));
  status.exists = false;
  CHECK(has(shown(status), "vault create makes one\n"));
}

TEST_CASE("a vault as scripts see it") {
  VaultStatus status = unlocked_vault();
  status.unlocked_until = 1'700'000'000;
  std::ostringstream out;
  print_status_json(status, out);
  const auto json = nlohmann::json::parse(out.str());
  CHECK(json["path"] == "/home/ada/vault");
  CHECK(json["open"] == true);
  CHECK(json["open_until"] == 1'700'000'000);
  CHECK(json["servers"] == 2);
  CHECK(json["ways"][0]["id"] == "01020304");
  CHECK(json["ways"][0]["kind"] == "passphrase");
  status.usernames.reset();
  std::ostringstream locked;
  print_status_json(status, locked);
  CHECK(nlohmann::json::parse(locked.str())["servers"].is_null());
}

}  // namespace cred::test
