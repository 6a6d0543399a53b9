// SPDX-License-Identifier: MIT
#include "helper/doctor/report.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace cred::test {
namespace {

std::string printed(const DoctorFacts& facts, const std::vector<Finding>& findings = {}) {
  std::ostringstream out;
  const Notes notes(out);
  print_report(facts, findings, {notes, 200});
  return out.str();
}

nlohmann::ordered_json json_of(const DoctorFacts& facts, const std::vector<Finding>& findings) {
  std::ostringstream out;
  print_report_json(facts, findings, out);
  return nlohmann::ordered_json::parse(out.str());
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

KeyringStatus running_keyring() {
  KeyringStatus keyring;
  keyring.bus = "unix:path=/run/user/1000/bus";
  keyring.provider = "KeePassXC";
  keyring.has_collection = true;
  return keyring;
}

}  // namespace

TEST_CASE("doctor's report: the keyring in a line") {
  DoctorFacts facts;
  KeyringStatus& keyring = facts.keyring = running_keyring();
  std::string line = "KeePassXC, unlocked";
  SUBCASE("open") {}
  SUBCASE("locked") {
    keyring.is_locked = true;
    line = "KeePassXC, locked";
  }
  SUBCASE("without a place for credentials") {
    keyring.has_collection = false;
    line = "KeePassXC, without a default collection";
  }
  SUBCASE("silent") {
    keyring.failure = Error(Errc::timed_out, "no answer");
    line = "KeePassXC, no answer";
  }
  SUBCASE("silent before it has said its name") {
    keyring.failure = Error(Errc::timed_out, "no answer");
    keyring.provider = "";
    line = "no answer";
  }
  SUBCASE("no bus") {
    keyring = {};
    keyring.failure = Error(Errc::unavailable, "there is no bus");
    line = "none: there is no bus";
  }
  SUBCASE("none on the bus") {
    keyring.provider = "";
    line = "none on the session bus";
  }
  SUBCASE("one that the bus starts") {
    keyring.provider = "";
    keyring.is_activatable = true;
    line = "none runs yet; the bus starts it when it is needed";
  }
  CHECK(has(printed(facts), "    keyring: " + line + '\n'));
}

TEST_CASE("doctor's report: the vault in a line") {
  DoctorFacts facts;
  VaultInspection& vault = facts.vault;
  vault.file.path = "/v";
  vault.file.exists = true;
  vault.slots.resize(2);
  vault.slots[0].slot.kind = SlotKind::passphrase;
  vault.slots[1].slot.kind = SlotKind::key_file;
  std::string line = "/v, locked; keys: passphrase, key-file";
  SUBCASE("locked") {}
  SUBCASE("unlocked") {
    vault.status.usernames.emplace();
    line = "/v, unlocked; keys: passphrase, key-file";
  }
  SUBCASE("damaged") {
    vault.failure = Refusal{"it is damaged"};
    line = "/v, cannot be used";
  }
  SUBCASE("none") {
    vault.file.exists = false;
    line = "none";
  }
  CHECK(has(printed(facts), "    vault: " + line + '\n'));
}

TEST_CASE("doctor's report: a file in a line") {
  DoctorFacts facts;
  LoginFileFacts& file = facts.files.emplace_back();
  file.file.path = "/c";
  file.file.exists = true;
  std::string line = "no login in plaintext";
  SUBCASE("empty") {}
  SUBCASE("not there") {
    file.file.exists = false;
    line = "not there";
  }
  SUBCASE("unreadable") {
    file.file.failure = Refusal{"/c: permission denied"};
    line = "cannot be read";
  }
  SUBCASE("not JSON") {
    file.refusal = Refusal{"it is not JSON"};
    line = "cannot be read";
  }
  SUBCASE("with helpers and logins") {
    file.creds_store = "pass";
    file.cred_helpers = {{"a.example", ""}, {"b.example", "gcr"}};
    file.entries.resize(3);
    file.entries[0].holds_credential = file.entries[2].holds_credential = true;
    line = "docker asks pass, for a.example this file, for b.example gcr, 2 in plaintext";
  }
  CHECK(has(printed(facts), "    /c: " + line + '\n'));
}

TEST_CASE("doctor's report: what is to be fixed comes first, each with its command below") {
  const DoctorFacts facts;
  const Finding info{"vault-locked", Severity::info, "the vault is locked", "unlock it"};
  const Finding warning{"stored-twice", Severity::warning, "it is stored twice", ""};
  const Finding problem{"vault-gone", Severity::problem, "it is gone", "put it back"};
  CHECK(printed(facts).starts_with("nothing to fix\n\n"));
  CHECK(has(printed(facts, {info}),
            "worth knowing\n\n-     the vault is locked\n          unlock it\n\n"));
  CHECK(printed(facts, {info, warning, problem})
            .starts_with("1 thing to fix and 1 warning\n\n"
                         "FIX   it is gone\n          put it back\n\n"
                         "WARN  it is stored twice\n\n"));
  CHECK(printed(facts, {warning, warning}).starts_with("2 warnings\n"));
}

TEST_CASE("doctor's report: as wide as the terminal, and ~ for the home") {
  DoctorFacts facts;
  facts.environment.variables["HOME"] = "/home/ada";
  const Finding problem{"config-open", Severity::problem,
                        "/home/ada/.docker/config.json holds logins in plaintext and can be read "
                        "by other users; not /srv/home/ada/x",
                        "chmod 600 /home/ada/.docker/config.json"};
  std::ostringstream out;
  const Notes notes(out);
  print_report(facts, {{problem}}, {notes, 42});
  CHECK(has(out.str(),
            "FIX   ~/.docker/config.json holds logins\n"
            "      in plaintext and can be read by\n"
            "      other users; not /srv/home/ada/x\n"
            "          chmod 600 /home/ada/.docker/config.json\n"));
}

TEST_CASE("doctor's report: many logins are cut") {
  DoctorFacts facts;
  for (int i = 0; i < 23; ++i) {
    facts.stores[kVaultId].usernames["host" + std::to_string(i) + ".example"] = "ada";
  }
  CHECK(has(printed(facts), "23 logins stored\n"));
  CHECK(has(printed(facts), "  and 3 more: docker-credential-keyring ls\n"));
}

TEST_CASE("doctor's report for scripts") {
  DoctorFacts facts;
  facts.keyring = running_keyring();
  facts.stores[kKeyringId].usernames = {{"a.example", "ada"}};
  facts.stores[kVaultId] = {.is_unlocked = true,
                            .usernames = {{"a.example", "bob"}, {"old.example", "eve"}},
                            .indexed = {"a.example", "b.example"},
                            .stale = {"old.example"}};
  const Finding finding{"vault-gone", Severity::problem, "it is gone", "put it back"};
  const auto json = json_of(facts, {finding});
  CHECK(json["healthy"] == false);
  CHECK(
      json["findings"].dump() ==
      R"([{"id":"vault-gone","severity":"problem","text":"it is gone","command":"put it back"}])");
  CHECK(json["facts"]["keyring"].dump() ==
        R"({"bus":"unix:path=/run/user/1000/bus","provider":"KeePassXC",)"
        R"("starts_when_called":false,"default_collection":true,"locked":false,)"
        R"("may_ask":false,"failure":""})");
  CHECK(json["facts"]["logins"].dump() ==
        R"([{"server":"a.example","username":"ada","stores":["keyring","vault"]}])");
  // What a locked store has, the index says.
  facts.stores[kVaultId].is_unlocked = false;
  facts.stores[kVaultId].usernames.clear();
  CHECK(json_of(facts, {})["facts"]["logins"].dump() ==
        R"([{"server":"a.example","username":"ada","stores":["keyring","vault"]},)"
        R"({"server":"b.example","username":"","stores":["vault"]}])");
  facts.keyring.failure = Error(Errc::timed_out, "no answer");
  facts.vault.failure = Refusal{"it is damaged"};
  const auto broken = json_of(facts, {});
  CHECK(broken["healthy"] == true);
  CHECK(broken["facts"]["keyring"]["failure"] == "no answer");
  CHECK(broken["facts"]["vault"]["failure"] == "it is damaged");
}

}  // namespace cred::test
