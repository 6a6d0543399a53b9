// SPDX-License-Identifier: MIT
#include "helper/doctor/doctor.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "helper/doctor/report.h"
#include "helper/servers/server_address.h"
#include "helper/text/shell_words.h"

namespace cred::test {
namespace {

// A machine on which there is nothing to fix: docker finds the program, a keyring is open.
DoctorFacts healthy_machine() {
  DoctorFacts facts;
  facts.environment.uid = 1000;
  facts.program.path = "/usr/bin/docker-credential-keyring";
  facts.program.on_path = facts.program.path;
  facts.program.is_this = true;
  facts.keyring.bus = "unix:path=/run/user/1000/bus";
  facts.keyring.provider = "gnome-keyring";
  facts.keyring.has_collection = true;
  LoginFileFacts config;
  config.file.path = "/home/ada/.docker/config.json";
  config.file.exists = true;
  config.file.owner = facts.environment.uid;
  config.file.type = FileType::regular;
  config.creds_store = "keyring";
  facts.files.push_back(config);
  facts.stores = {{kKeyringId, {}}, {kVaultId, {}}};
  return facts;
}

// On the first entry of a file.
Verdict verdict_on(const std::string& text, const LoginFormat& format) {
  const DockerConfig config = format.parse(text);
  return judge(config.entries().front(), config, format);
}

const Finding* find(const std::vector<Finding>& findings, FindingId id) {
  const auto found = std::ranges::find(findings, id, &Finding::id);
  return found == findings.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("a command line is what it says, whatever is in its words") {
  CHECK(shell_command({"rm", "/home/ada/config.json.bak"}) == "rm /home/ada/config.json.bak");
  CHECK(shell_command({"rm", "a b"}) == "rm 'a b'");
  CHECK(shell_command({"rm", "it's"}) == R"(rm 'it'\''s')");
  CHECK(shell_command({"rm", "$(touch x); `y` \"z\" \\ * ~ #"}) ==
        "rm '$(touch x); `y` \"z\" \\ * ~ #'");
  CHECK(shell_command({"printf", "%s", ""}) == "printf %s ''");
  CHECK(shell_command({"rm", "=x"}) == "rm '=x'");
  CHECK(shell_command({"rm", "é"}) == "rm 'é'");
  // These would not be shown for what they are.
  CHECK(shell_command({"rm", "a\nb"}).empty());
  CHECK(shell_command({"rm", "\x1b[2J"}).empty());
  CHECK(shell_command({"rm", "\xff"}).empty());
}

TEST_CASE("both commands of a sequence are needed") {
  CHECK(shell_sequence("a", "b") == "a && b");
  CHECK(shell_sequence("", "b").empty());
  CHECK(shell_sequence("a", "").empty());
}

TEST_CASE("doctor: a healthy machine has nothing to fix") {
  const DoctorFacts facts = healthy_machine();
  const auto findings = diagnose(facts);
  CHECK(findings.empty());
  CHECK(is_healthy(findings));
  std::ostringstream out;
  const Notes notes(out);
  print_report(facts, findings, {notes, 80});
  CHECK(out.str().find("nothing to fix") != std::string::npos);
  CHECK(out.str().find("gnome-keyring, unlocked") != std::string::npos);
}

TEST_CASE("doctor: what only informs leaves a machine healthy") {
  DoctorFacts facts = healthy_machine();
  facts.files.front().creds_store = "";
  const auto findings = diagnose(facts);
  const Finding* unset = find(findings, "creds-store-unset");
  REQUIRE(unset != nullptr);
  CHECK(unset->severity == Severity::info);
  CHECK(is_healthy(findings));
  facts.stores[kKeyringId].usernames["a.example"] = "ada";  // which docker does not find now
  CHECK(find(diagnose(facts), "creds-store-unset")->severity == Severity::warning);
  CHECK_FALSE(is_healthy(diagnose(facts)));
}

TEST_CASE("doctor: what docker does not start from where PATH has it") {
  struct Row {
    const char* name;
    std::string whole;
    bool is_there;
    std::string command;
  };
  const Row rows[] = {
      {"it is in a whole folder too", "/usr/bin", true, "export PATH=/usr/bin"},
      {"it is not", "/bin", false,
       "sudo install -D -m 0755 /usr/bin/docker-credential-keyring "
       "/usr/local/bin/docker-credential-keyring && export PATH=/bin"},
      {"there is none", "", false, ""},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      DoctorFacts facts = healthy_machine();
      facts.program.on_path = "./docker-credential-keyring";
      facts.program.refusal = Refusal{"is found in ."};
      facts.program.whole_path = row.whole;
      facts.program.is_in_whole_path = row.is_there;
      const auto findings = diagnose(facts);
      const Finding* found = find(findings, "helper-not-on-path");
      REQUIRE(found != nullptr);
      CHECK(found->text == "docker-credential-keyring is found in .");
      CHECK(found->command == row.command);
    }
  }
}

TEST_CASE("doctor: the files behind us are needed by what they alone have") {
  struct Row {
    const char* name;
    std::string text;
    const LoginFormat* format;
    Severity severity;
  };
  const std::string kLogin = R"({"auth":"YWRhOnMz"})";
  const Row rows[] = {
      {"nothing", R"({"credsStore":"keyring"})", &kDockerConfigFormat, Severity::warning},
      {"one that can move", R"({"auths":{"h":)" + kLogin + "}}", &kDockerConfigFormat,
       Severity::warning},
      {"a part of a registry", R"({"auths":{"h/org":)" + kLogin + "}}", &kAuthFileFormat,
       Severity::info},
      {"one that no helper can have", R"({"auths":{"h":{"auth":"YWRhOg=="}}})",
       &kDockerConfigFormat, Severity::info},
      {"one that nobody can read", R"({"auths":{"h":{"auth":"?"}}})", &kDockerConfigFormat,
       Severity::warning},
      {"another helper", R"({"credHelpers":{"h":"pass"}})", &kDockerConfigFormat, Severity::info},
      {"another helper for a part", R"({"credHelpers":{"h/org":"pass"}})", &kDockerConfigFormat,
       Severity::warning},
      {"helm's", R"({"credHelpers":{"h":"pass"}})", &kHelmConfigFormat, Severity::warning},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      DoctorFacts facts = healthy_machine();
      facts.containers.is_used = true;
      facts.containers.lists = {{"/etc/containers/registries.conf", {"keyring", kAuthFilesHelper}}};
      facts.containers.asked = facts.containers.lists.back().helpers;
      LoginFileFacts& file = facts.files.front();
      file.format = row.format;
      const DockerConfig config = row.format->parse(row.text);
      file.cred_helpers = config.cred_helpers();
      for (const auto& entry : config.entries()) {
        file.entries.push_back({.server = entry.key,
                                .username = "",
                                .refusal = entry.refusal,
                                .docker_reads_it = entry.docker_reads_it,
                                .auth = entry.auth,
                                .holds_credential = entry.holds_credential,
                                .verdict = judge(entry, config, *row.format)});
      }
      const auto findings = diagnose(facts);
      const Finding* found = find(findings, "containers-fall-back");
      REQUIRE(found != nullptr);
      CHECK(found->severity == row.severity);
      CHECK(found->command.empty() == (row.severity == Severity::info));
    }
  }
}

TEST_CASE(
    "doctor: names from files become commands only where nothing in them is more than a name") {
  struct Row {
    const char* name;
    std::string helper;
    bool has_command;
  };
  const Row rows[] = {
      {"plain", "desktop.exe", true},    {"a quote", "x'y", false},
      {"sed's own", "x&y", false},       {"a space", "x y", false},
      {"an escape", "x\x1b[2Jy", false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      DoctorFacts facts = healthy_machine();
      facts.files.front().creds_store = row.helper;
      facts.helpers[row.helper] = {};
      const auto findings = diagnose(facts);
      const Finding* missing = find(findings, "helper-missing");
      REQUIRE(missing != nullptr);
      CHECK(missing->command.empty() != row.has_command);
      std::ostringstream out;
      const Notes notes(out);
      print_report(facts, findings, {notes, 80});
      print_report_json(facts, findings, out);
      CHECK(out.str().find('\x1b') == std::string::npos);
    }
  }
}

TEST_CASE(
    "doctor: which keys of an auth.json are a part of a registry, for migrate and for doctor") {
  struct Row {
    std::string key;
    bool is_part;
  };
  const Row rows[] = {
      {"quay.io", false},        {"quay.io/", false},
      {"quay.io/v1/", false},    {"index.docker.io/v1/", false},
      {"docker.io/v2", false},   {"https://quay.io/team", false},
      {"quay.io/team", true},    {"docker.io/team/app", true},
      {"quay.io/v1/team", true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.key);
    DoctorFacts facts = healthy_machine();
    facts.containers.is_used = true;
    facts.containers.asked = {kAuthFilesHelper};
    LoginFileFacts file;
    file.file.path = "/run/user/1000/containers/auth.json";
    file.format = &kAuthFileFormat;
    EntryFacts& entry = file.entries.emplace_back();
    entry.server = row.key;
    entry.holds_credential = true;
    entry.verdict =
        verdict_on(R"({"auths":{")" + row.key + R"(":{"auth":"YWRhOnMz"}}})", kAuthFileFormat);
    facts.files.push_back(file);
    CHECK(is_namespaced(row.key) == row.is_part);
    CHECK((find(diagnose(facts), "auth-file-plaintext") == nullptr) == row.is_part);
  }
}

TEST_CASE("doctor: a locked keyring is a store where somebody can be asked, and else is none") {
  DoctorFacts facts = healthy_machine();
  facts.keyring.is_locked = true;
  CHECK(find(diagnose(facts), "no-store") != nullptr);
  CHECK(find(diagnose(facts), "keyring-locked") != nullptr);
  facts.keyring.may_ask = true;
  CHECK(diagnose(facts).empty());
}

TEST_CASE("doctor: a server in both stores, unless one copy was replaced") {
  DoctorFacts facts = healthy_machine();
  facts.stores[kKeyringId].usernames["it's.example"] = "ada";
  facts.vault.file.exists = true;
  facts.vault.file.owner = facts.environment.uid;
  facts.vault.file.type = FileType::regular;
  facts.vault.folder.owner = facts.environment.uid;
  facts.vault.status.usernames.emplace();
  facts.stores[kVaultId].usernames["it's.example"] = "bob";
  const auto findings = diagnose(facts);
  REQUIRE(find(findings, "stored-twice") != nullptr);
  CHECK(find(findings, "stored-twice")->command ==
        R"(printf %s 'it'\''s.example' | docker-credential-keyring get | )"
        "docker-credential-keyring store");
  facts.stores[kKeyringId].stale = {"it's.example"};
  CHECK(find(diagnose(facts), "stored-twice") == nullptr);
  CHECK(find(diagnose(facts), "stale-copies") != nullptr);
}

TEST_CASE("doctor: commands for whoever called it by sudo") {
  CHECK(with_sudo("chmod 600 /x") == "sudo chmod 600 /x");
  CHECK(with_sudo("mv 'a && b' c") == "sudo mv 'a && b' c");
  CHECK(with_sudo(R"(sed -i 's/\(a\)/b/' /x)") == R"(sudo sed -i 's/\(a\)/b/' /x)");
  CHECK(with_sudo(R"(mv 'a'\''b && c' d)") == R"(sudo mv 'a'\''b && c' d)");
  // A shell of root's for more than one command.
  CHECK(with_sudo("mv a b && mv c d") == "sudo sh -c 'mv a b && mv c d'");
  CHECK(with_sudo("(umask 077 && iconv -o b a) && mv b a") ==
        "sudo sh -c '(umask 077 && iconv -o b a) && mv b a'");
  CHECK(with_sudo("printf %s 'a b' | x get | x store") ==
        R"(sudo sh -c 'printf %s '\''a b'\'' | x get | x store')");
  // What is the caller's shell's alone.
  CHECK(with_sudo("install a b && export PATH=/b:/bin") ==
        "sudo install a b && export PATH=/b:/bin");
  CHECK(with_sudo("mv a b && mv c d && export PATH=/b") ==
        "sudo sh -c 'mv a b && mv c d' && export PATH=/b");
  CHECK(with_sudo("mv 'a && export b' c") == "sudo mv 'a && export b' c");
  CHECK(with_sudo("unset DOCKER_AUTH_CONFIG") == "unset DOCKER_AUTH_CONFIG");
  CHECK(with_sudo("").empty());
  Environment environment;
  environment.uid = 0;
  CHECK_FALSE(account_behind_sudo(environment));
  environment.variables["SUDO_USER"] = "ada";
  CHECK(account_behind_sudo(environment) == "ada");
  environment.uid = 1000;
  CHECK_FALSE(account_behind_sudo(environment));
  environment.uid = 0;
  environment.variables["SUDO_USER"] = "root";
  CHECK_FALSE(account_behind_sudo(environment));
}

TEST_CASE("doctor: what clevis lacks is installed as this system installs it") {
  DoctorFacts facts = healthy_machine();
  facts.vault.file.exists = true;
  SlotInspection slot;
  slot.slot.kind = SlotKind::clevis;
  slot.slot.pin = "tpm2";
  slot.missing_program = "clevis-decrypt-tpm2";
  facts.vault.slots = {slot};
  const auto command = [&facts] {
    const auto findings = diagnose(facts);
    const Finding* found = find(findings, "vault-clevis-missing");
    REQUIRE(found != nullptr);
    return found->command;
  };
  CHECK(command().empty());
  facts.installer = "dnf install";
  CHECK(command() == "sudo dnf install clevis");
  facts.installer = "apt-get install";
  CHECK(command() == "sudo apt-get install clevis-tpm2");
  facts.settings.clevis = "/opt/clevis";
  CHECK(command().empty());
}

}  // namespace cred::test
