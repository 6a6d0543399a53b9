// SPDX-License-Identifier: MIT
#include "helper/migrate/containers_setup.h"

#include <doctest/doctest.h>

#include <map>
#include <optional>

#include "platform/system/error.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

using Names = std::vector<std::string>;
using Status = PlannedDropIn::Status;
using std::filesystem::path;

constexpr const char* kOurs = "registries.conf.d/99-docker-credential-keyring.conf";
const std::string kLogin = R"({"auth":"YWRhOnMz"})";

const FilesNeeds kNothing;
const FilesNeeds kFiles{{"quay.io/org, in auth.json"}, {}, {}, {}, {}};
const FilesNeeds kHidden{{}, {"quay.io/org, in auth.json"}, {}, {}, {}};

RegistriesConfFolders folders_in(const TemporaryFolder& folder) {
  return {folder.path() / "user", folder.path() / "system"};
}

DropIn users_drop_in(const TemporaryFolder& folder) {
  return {folders_in(folder), folder.path() / "user"};
}

Names asked(const TemporaryFolder& folder) {
  return effective_helpers(read_helper_lists(folders_in(folder)));
}

// A store with these logins: the username for each host.
StoreAnswers answers_from(const std::map<std::string, std::string>& stored) {
  return [&stored](const std::string& host) -> std::optional<Credential> {
    if (!stored.contains(host)) return std::nullopt;
    return Credential{host, stored.at(host), Secret("s3")};
  };
}

bool mentions(const std::vector<std::string>& remarks, const std::string& text) {
  for (const auto& remark : remarks) {
    if (remark.find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("what the files mean for the list of helpers") {
  struct Row {
    const char* name;
    std::string text;
    std::map<std::string, std::string> stored;  // the username for each host
    std::size_t files_alone;
    std::size_t hidden;
  };
  const Row rows[] = {
      {"nothing", "{}", {}, 0, 0},
      {"an empty entry", R"({"auths":{"h":{}}})", {}, 0, 0},
      {"one that is stored too", R"({"auths":{"h":)" + kLogin + "}}", {{"h", "ada"}}, 0, 0},
      {"another login is stored", R"({"auths":{"h":)" + kLogin + "}}", {{"h", "bob"}}, 0, 1},
      {"one that is not", R"({"auths":{"h":)" + kLogin + "}}", {}, 1, 0},
      {"one under a scheme", R"({"auths":{"https://h/v1/":)" + kLogin + "}}", {{"h", "bob"}}, 0, 1},
      {"one that nobody can read", R"({"auths":{"h":{"auth":"?"}}})", {}, 0, 0},
      {"a part of a registry", R"({"auths":{"h/org":)" + kLogin + "}}", {}, 1, 0},
      {"a part of one that is stored",
       R"({"auths":{"h/org":)" + kLogin + "}}",
       {{"h", "bob"}},
       1,
       1},
      {"a part, and the same for all",
       R"({"auths":{"h/org":)" + kLogin + "}}",
       {{"h", "ada"}},
       1,
       0},
      {"another helper", R"({"credHelpers":{"h":"pass"}})", {}, 1, 0},
      {"another helper, and it is stored", R"({"credHelpers":{"h":"pass"}})", {{"h", "bob"}}, 0, 1},
      {"another helper for a name of the Hub",
       R"({"credHelpers":{"registry-1.docker.io":"pass"}})",
       {},
       1,
       0},
      {"a login without a username", R"({"auths":{"h":{"auth":"OnB3"}}})", {}, 1, 0},
      {"one under two schemes", R"({"auths":{"http://https://h":)" + kLogin + "}}", {}, 1, 0},
      {"one twice, as keys of one registry",
       R"({"auths":{"https://h":)" + kLogin + R"(,"http://h":)" + kLogin + "}}",
       {{"h", "bob"}},
       0,
       1},
      // They ask by the host alone, and look for no other key.
      {"another helper for a part", R"({"credHelpers":{"h/org":"pass"}})", {}, 0, 0},
      {"another helper by docker's key",
       R"({"credHelpers":{"https://index.docker.io/v1/":"pass"}})",
       {},
       0,
       0},
      {"the Hub's, and another helper by docker's key",
       R"({"auths":{"https://index.docker.io/v1/":)" + kLogin +
           R"(},"credHelpers":{"https://index.docker.io/v1/":"pass"}})",
       {},
       1,
       0},
      {"the Hub's, and another helper by theirs",
       R"({"auths":{"https://index.docker.io/v1/":)" + kLogin +
           R"(},"credHelpers":{"docker.io":"pass"}})",
       {},
       1,
       0},
      {"a key that names no server", R"({"auths":{"":)" + kLogin + "}}", {}, 0, 0},
      {"our helper", R"({"credHelpers":{"h":"keyring"}})", {}, 0, 0},
      // These tools look for a helper named "" then, and stop.
      {"docker's exception",
       R"({"auths":{"h":)" + kLogin + R"(},"credHelpers":{"h":""}})",
       {},
       0,
       0},
      {"no JSON", "{", {}, 0, 0},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const FileOfTools file{"auth.json", &kAuthFileFormat, row.text, row.text};
      const FilesNeeds needs = needs_of({&file, 1}, answers_from(row.stored));
      CHECK(needs.files_alone.size() == row.files_alone);
      CHECK(needs.hidden.size() == row.hidden);
    }
  }
}

TEST_CASE("what these tools found, and find no more") {
  struct Row {
    const char* name;
    std::string before, after;
    std::map<std::string, std::string> stored;
    bool is_lost;
  };
  const Row rows[] = {
      {"stored", R"({"auths":{"h":)" + kLogin + "}}", "{}", {{"h", "ada"}}, false},
      {"nowhere", R"({"auths":{"h":)" + kLogin + "}}", "{}", {}, true},
      {"a token's key of the Hub's",
       R"({"auths":{"https://index.docker.io/v1/access-token":)" + kLogin + "}}",
       "{}",
       {},
       true},
      {"left to docker alone",
       R"({"auths":{"h":)" + kLogin + R"(,"h/org":)" + kLogin + "}}",
       R"({"auths":{"h":)" + kLogin + R"(,"h/org":)" + kLogin + R"(},"credHelpers":{"h":""}})",
       {},
       true},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const FileOfTools file{"config.json", &kDockerConfigFormat, row.before, row.after};
      const FilesNeeds needs = needs_of({&file, 1}, answers_from(row.stored));
      CHECK(needs.lost.empty() != row.is_lost);
      const TemporaryFolder folder;
      CHECK(users_drop_in(folder).planned(needs).hides_logins == row.is_lost);
    }
  }
}

TEST_CASE("the drop-in is written in two steps, and taken back") {
  const TemporaryFolder folder;
  DropIn drop_in = users_drop_in(folder);
  CHECK(drop_in.planned(kNothing).status == Status::written);
  CHECK(asked(folder) == Names{kAuthFilesHelper});

  drop_in.widen();  // whatever the files answered, they go on to answer
  CHECK(asked(folder) == Names{kAuthFilesHelper, "keyring"});
  drop_in.settle(kNothing);
  CHECK(asked(folder) == Names{"keyring"});
  CHECK(drop_in.planned(kNothing).helpers == Names{"keyring"});

  drop_in.undo();
  CHECK(folder.read(std::string("user/") + kOurs) == "(none)");
}

TEST_CASE("the files stay behind us while they are needed, and no longer") {
  const TemporaryFolder folder;
  DropIn first = users_drop_in(folder);
  first.widen();
  first.settle(kFiles);
  CHECK(asked(folder) == Names{"keyring", kAuthFilesHelper});
  CHECK(mentions(first.planned(kFiles).remarks, "quay.io/org, in auth.json"));
  CHECK(mentions(first.planned(kFiles).remarks, "plaintext"));

  DropIn later = users_drop_in(folder);
  CHECK(later.planned(kFiles).status == Status::unchanged);
  CHECK(later.planned(kNothing).status == Status::written);
  later.widen();  // we are asked first already
  later.settle(kNothing);
  CHECK(asked(folder) == Names{"keyring"});
  later.undo();
  CHECK(asked(folder) == Names{"keyring", kAuthFilesHelper});
}

TEST_CASE("files that were asked first stay first where we would answer otherwise") {
  struct Row {
    const char* name;
    std::string before;  // the list; empty for none
    FilesNeeds needs;
    Names after;
  };
  const FilesNeeds both{{}, {"a"}, {"b"}, {}, {}};
  const Row rows[] = {
      {"no list", "", kHidden, {kAuthFilesHelper, "keyring"}},
      {"behind another helper",
       R"(["pass", "containers-auth.json"])",
       kHidden,
       {"pass", kAuthFilesHelper, "keyring"}},
      {"before us",
       R"(["containers-auth.json", "keyring"])",
       kHidden,
       {kAuthFilesHelper, "keyring"}},
      {"nothing is hidden", R"(["containers-auth.json", "keyring"])", kNothing, {"keyring"}},
      {"it would hide as much", "", both, {"keyring"}},
      {"we were asked first", R"(["keyring", "containers-auth.json"])", kHidden, {"keyring"}},
      {"they were not asked", R"(["pass"])", kHidden, {"keyring", "pass"}},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const TemporaryFolder folder;
      if (!row.before.empty()) {
        folder.write("system/registries.conf", "credential-helpers = " + row.before);
      }
      DropIn drop_in = users_drop_in(folder);
      drop_in.widen();
      drop_in.settle(row.needs);
      CHECK(asked(folder) == row.after);
      const PlannedDropIn planned = users_drop_in(folder).planned(row.needs);
      CHECK(planned.helpers == row.after);
      CHECK(planned.status == Status::unchanged);
      CHECK(mentions(planned.remarks, "a new login by these tools becomes plaintext") ==
            (row.after.back() == "keyring" && row.after.size() > 1));
    }
  }
}

TEST_CASE("who was asked before is asked behind us") {
  struct Row {
    const char* name;
    std::string before;
    Names after;
  };
  const Row rows[] = {
      {"another helper", R"(["pass"])", {"keyring", "pass"}},
      {"another helper and the files", R"(["containers-auth.json", "pass"])", {"keyring", "pass"}},
      {"the files", R"(["containers-auth.json"])", {"keyring"}},
      {"us among others", R"(["pass", "keyring"])", {"keyring", "pass"}},
      {"nobody", "[]", {"keyring"}},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const TemporaryFolder folder;
      folder.write("system/registries.conf", "credential-helpers = " + row.before);
      DropIn drop_in = users_drop_in(folder);
      drop_in.widen();
      drop_in.settle(kNothing);
      CHECK(asked(folder) == row.after);
      CHECK(remove_drop_in(folder.path() / "user"));
      CHECK(folder.read("system/registries.conf") == "credential-helpers = " + row.before);
    }
  }
}

TEST_CASE("where we are asked already, nothing is written") {
  const TemporaryFolder folder;
  folder.write("system/registries.conf.d/50.conf", R"(credential-helpers = ["keyring"])");
  DropIn drop_in = users_drop_in(folder);
  drop_in.widen();
  drop_in.settle(kNothing);
  CHECK(folder.read(std::string("user/") + kOurs) == "(none)");
  CHECK(drop_in.planned(kNothing).status == Status::unchanged);
  CHECK(drop_in.planned(kNothing).file == folder.path() / "system/registries.conf.d/50.conf");
  drop_in.settle(kFiles);  // but it lacks the files
  CHECK(asked(folder) == Names{"keyring", kAuthFilesHelper});
}

TEST_CASE("where the drop-in cannot work, it is not written") {
  struct Row {
    const char* name;
    std::string file;
    std::string text;
    std::string reason;
  };
  const Row rows[] = {
      {"a later list", "user/registries.conf.d/zz.conf", R"(credential-helpers = ["pass"])",
       "zz.conf"},
      {"a later list without names", "user/registries.conf.d/zz.conf", "credential-helpers = []",
       "containers-auth.json"},
      {"a file that these tools cannot read", "user/registries.conf", "[",
       "registries.conf: line 1"},
      {"a file of somebody else's in its place", std::string("user/") + kOurs, "# mine",
       "not ours"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const TemporaryFolder folder;
      folder.write(row.file, row.text);
      DropIn drop_in = users_drop_in(folder);
      CHECK(drop_in.why_not().value().reason.find(row.reason) != std::string::npos);
      drop_in.widen();
      drop_in.settle(kNothing);
      CHECK(folder.read(row.file) == row.text);
      const PlannedDropIn planned = drop_in.planned(kNothing);
      CHECK(planned.status == Status::refused);
      CHECK(mentions(planned.remarks, row.reason));
      CHECK_FALSE(remove_drop_in(folder.path() / "user"));
    }
  }
}

TEST_CASE("a later list that names us decides, and is said") {
  const TemporaryFolder folder;
  folder.write("user/registries.conf.d/zz.conf", R"(credential-helpers = ["pass", "keyring"])");
  DropIn drop_in = users_drop_in(folder);
  drop_in.widen();
  drop_in.settle(kFiles);
  CHECK(asked(folder) == Names{"pass", "keyring"});
  const PlannedDropIn planned = drop_in.planned(kFiles);
  CHECK(planned.status == Status::unchanged);
  CHECK(planned.file == folder.path() / "user/registries.conf.d/zz.conf");
  CHECK(mentions(planned.remarks, "a new login goes to pass"));
  CHECK(mentions(planned.remarks, "nobody is asked for quay.io/org"));
}

TEST_CASE("the system's drop-in is for everybody to read") {
  const TemporaryFolder folder;
  const path system = folder.path() / "system";
  DropIn drop_in({{}, system}, system);
  drop_in.settle(kFiles);
  using std::filesystem::perms;
  CHECK(std::filesystem::status(system / kOurs).permissions() == perms{0644});
  CHECK(std::filesystem::status(system).permissions() == perms{0755});
  CHECK(asked(folder) == Names{"keyring", kAuthFilesHelper});
}

TEST_CASE("a folder that cannot be written is told with the cure") {
  const TemporaryFolder folder;
  DropIn drop_in = users_drop_in(folder);
  folder.write("user", "a file in the place of the folder");
  CHECK(mentions(users_drop_in(folder).planned(kFiles).remarks, "Not a directory"));
  CHECK_THROWS_WITH_AS(drop_in.widen(), doctest::Contains("run it again"), Error);
}

}  // namespace cred::test
