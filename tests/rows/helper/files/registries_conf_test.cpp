// SPDX-License-Identifier: MIT
#include "helper/files/registries_conf.h"

#include <doctest/doctest.h>

#include "platform/system/environment.h"
#include "platform/system/error.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

using Names = std::vector<std::string>;
using std::filesystem::path;

struct File {
  std::string name;  // below the folder of a case
  std::string text;
};

void write(const TemporaryFolder& folder, const std::vector<File>& files) {
  for (const auto& file : files) folder.write(file.name, file.text);
}

RegistriesConfFolders folders_in(const TemporaryFolder& folder) {
  return {folder.path() / "user", folder.path() / "system"};
}

std::string list_of(const std::string& helper) {
  return "credential-helpers = [\"" + helper + "\"]\n";
}

}  // namespace

// Each row was tried with skopeo 1.9.3, podman 4.3.1 and buildah 1.28.2.
TEST_CASE("which list of helpers counts") {
  struct Row {
    const char* name;
    std::vector<File> files;
    Names helpers;
    std::string source;  // "": no file says it
  };
  const std::vector<Row> rows = {
      {"no file", {}, {kAuthFilesHelper}, ""},
      {"the system's", {{"system/registries.conf", list_of("s")}}, {"s"}, "system/registries.conf"},
      {"the user's hides it",
       {{"system/registries.conf", list_of("s")}, {"user/registries.conf", ""}},
       {kAuthFilesHelper},
       ""},
      {"and the system's drop-ins",
       {{"system/registries.conf.d/1.conf", list_of("d")}, {"user/registries.conf", list_of("u")}},
       {"u"},
       "user/registries.conf"},
      {"a drop-in replaces",
       {{"system/registries.conf", list_of("s")},
        {"system/registries.conf.d/1.conf", list_of("d")}},
       {"d"},
       "system/registries.conf.d/1.conf"},
      {"by name",
       {{"system/registries.conf.d/10.conf", list_of("a")},
        {"system/registries.conf.d/9.conf", list_of("b")}},
       {"b"},
       "system/registries.conf.d/9.conf"},
      {"the user's after the system's",
       {{"system/registries.conf.d/9.conf", list_of("s")},
        {"user/registries.conf.d/1.conf", list_of("u")}},
       {"u"},
       "user/registries.conf.d/1.conf"},
      {"a later one that says nothing",
       {{"user/registries.conf.d/1.conf", list_of("u")},
        {"user/registries.conf.d/2.conf", "unqualified-search-registries = [\"x.example\"]\n"}},
       {"u"},
       "user/registries.conf.d/1.conf"},
      {"a later one that is empty",
       {{"user/registries.conf.d/1.conf", list_of("u")},
        {"user/registries.conf.d/2.conf", "credential-helpers = []"}},
       {kAuthFilesHelper},
       "user/registries.conf.d/2.conf"},
      {"another suffix, and a folder inside",
       {{"user/registries.conf.d/1.conf", list_of("u")},
        {"user/registries.conf.d/2.cnf", list_of("x")},
        {"user/registries.conf.d/3.conf/4.conf", list_of("x")}},
       {"u"},
       "user/registries.conf.d/1.conf"},
      {"a list among tables",
       {{"system/registries.conf",
         "# old\n" + list_of("s") +
             "[[registry]]\nlocation = \"r\"\ncredential-helpers = [\"x\"]\n"}},
       {"s"},
       "system/registries.conf"},
      {"several lines, several names",
       {{"system/registries.conf", "credential-helpers = [\n  'a', # one\n  \"b\",\n]\n"}},
       {"a", "b"},
       "system/registries.conf"},
      {"version 1",
       {{"system/registries.conf", "[registries.search]\nregistries = ['x.example']\n"}},
       {kAuthFilesHelper},
       ""},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const TemporaryFolder folder;
      write(folder, row.files);
      const auto lists = read_helper_lists(folders_in(folder));
      CHECK(effective_helpers(lists) == row.helpers);
      const path source = lists.empty() ? path() : lists.back().file;
      CHECK(source == (row.source.empty() ? path() : folder.path() / row.source));
    }
  }
}

TEST_CASE("a folder of drop-ins that is a link is not looked into, a file that is one is read") {
  const TemporaryFolder folder;
  folder.write("elsewhere/1.conf", list_of("e"));
  std::filesystem::create_directories(folder.path() / "user");
  std::filesystem::create_symlink(folder.path() / "elsewhere",
                                  folder.path() / "user/registries.conf.d");
  CHECK(read_helper_lists(folders_in(folder)).empty());

  std::filesystem::remove(folder.path() / "user/registries.conf.d");
  std::filesystem::create_directory(folder.path() / "user/registries.conf.d");
  std::filesystem::create_symlink(folder.path() / "elsewhere/1.conf",
                                  folder.path() / "user/registries.conf.d/1.conf");
  CHECK(effective_helpers(read_helper_lists(folders_in(folder))) == Names{"e"});
}

TEST_CASE("every list that is read, in order") {
  const TemporaryFolder folder;
  write(folder, {{"system/registries.conf", list_of("s")},
                 {"system/registries.conf.d/1.conf", list_of("d")},
                 {"user/registries.conf.d/1.conf", list_of("u")}});
  const std::vector<HelperList> wanted = {
      {folder.path() / "system/registries.conf", {"s"}},
      {folder.path() / "system/registries.conf.d/1.conf", {"d"}},
      {folder.path() / "user/registries.conf.d/1.conf", {"u"}},
  };
  CHECK(read_helper_lists(folders_in(folder)) == wanted);
}

// Not toml++'s stack is the limit.
const std::string kDeepKey = [] {
  std::string text = "a";
  for (int i = 0; i < 1'000'000; ++i) text += ".a";
  return text + " = 1\n";
}();

TEST_CASE("what stops these tools is refused, with the name of the file") {
  for (const std::string text :
       {"broken = [", "[\n", "[[\n", "credential-helpers = \"one\"", "credential-helpers = [1]",
        "credential-helpers = [[\"one\"]]", "a = 1\na = 2\n", "\xC3\xA9 = 1\n",
        "a = 1 \xEF\xBB\xBE", kDeepKey.c_str()}) {
    SUBCASE(text.substr(0, 20).c_str()) {
      const TemporaryFolder folder;
      const path file = folder.write("user/registries.conf.d/1.conf", text);
      try {
        static_cast<void>(read_helper_lists(folders_in(folder)));
        FAIL("expected a refusal");
      } catch (const Error& failure) {
        CHECK(failure.code() == Errc::bad_request);
        CHECK(std::string(failure.what()).find(file) != std::string::npos);
      }
    }
  }
}

TEST_CASE("our drop-in") {
  const TemporaryFolder folder;
  const auto folders = folders_in(folder);
  const Names names = {"keyring", R"(o"d\d é)", kAuthFilesHelper};
  const std::string text = drop_in_text(names);
  CHECK(is_own_drop_in(text));
  CHECK(is_own_drop_in(text + "# more\n"));
  CHECK_FALSE(is_own_drop_in("# mine\n" + text));
  CHECK_FALSE(is_own_drop_in(""));

  write(folder, {{"system/registries.conf.d/zz.conf", list_of("s")},
                 {"user/registries.conf.d/50.conf", list_of("u")}});
  const path file = drop_in_path(folders.user);
  folder.write(std::filesystem::relative(file, folder.path()), text);
  const auto lists = read_helper_lists(folders);
  CHECK(effective_helpers(lists) == names);
  CHECK(lists.back().file == file);
}

TEST_CASE("the folder of the user's registries.conf goes by HOME alone") {
  Environment environment;
  environment.variables = {{"HOME", "/home/ada"}, {"XDG_CONFIG_HOME", "/elsewhere"}};
  CHECK(registries_conf_folders(environment).user == "/home/ada/.config/containers");
  CHECK(registries_conf_folders(environment).system == "/etc/containers");
}

}  // namespace cred::test
