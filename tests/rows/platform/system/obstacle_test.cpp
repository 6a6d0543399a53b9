// SPDX-License-Identifier: MIT
// Each file that the program looks at, behind each obstacle: absent by ENOENT alone.
#include "platform/system/obstacle.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "helper/cli/hints.h"
#include "helper/files/login_files.h"
#include "platform/store/server_index.h"
#include "platform/store/settings.h"
#include "platform/system/config_file.h"
#include "platform/system/file_status.h"
#include "platform/vault/manager.h"
#include "platform/vault/unlock/key_file.h"
#include "tests/lab/quiet_machine.h"

namespace cred::test {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kOther = 23456;

// Root sees everything: as somebody else meanwhile.
class AsOther {
 public:
  AsOther() { REQUIRE((geteuid() != 0 || seteuid(kOther) == 0)); }
  AsOther(const AsOther&) = delete;
  AsOther& operator=(const AsOther&) = delete;
  ~AsOther() {
    if (getuid() == 0) static_cast<void>(seteuid(0));
  }
};

// Puts something in the way to the file at `path`, in a folder that is there.
using Put = void (*)(const fs::path& path);

struct Obstacle {
  const char* name;
  Put put;
  const char* said;  // nullptr: the file is absent
};

void replace_folder(const fs::path& path, void (*by)(const fs::path& folder)) {
  fs::remove_all(path.parent_path());
  by(path.parent_path());
}

const Obstacle kObstacles[] = {
    {"ENOENT", [](const fs::path&) {}, nullptr},
    {"ENOENT, of its folder",
     [](const fs::path& path) { replace_folder(path, [](const fs::path&) {}); }, nullptr},
    {"EACCES", [](const fs::path& path) { chmod(path.parent_path().c_str(), 0); },
     "Permission denied"},
    {"ELOOP", [](const fs::path& path) { fs::create_symlink(path.filename(), path); },
     "Too many levels of symbolic links"},
    {"ELOOP, of its folder",
     [](const fs::path& path) {
       replace_folder(
           path, [](const fs::path& folder) { fs::create_symlink(folder.filename(), folder); });
     },
     "Too many levels of symbolic links"},
    {"ENOTDIR",
     [](const fs::path& path) {
       replace_folder(path, [](const fs::path& folder) {
         fs::create_directories(folder.parent_path());
         REQUIRE(creat(folder.c_str(), 0600) >= 0);
       });
     },
     "Not a directory"},
    {"a folder", [](const fs::path& path) { fs::create_directory(path); }, "regular file"},
    {"a pipe", [](const fs::path& path) { REQUIRE(mkfifo(path.c_str(), 0600) == 0); },
     "regular file"},
    {"/dev/null", [](const fs::path& path) { fs::create_symlink("/dev/null", path); },
     "regular file"},
};

// What is said of a file that is not absent; nullopt if it counts as absent.
using Look = std::optional<std::string> (*)(const fs::path& path, const QuietMachine& machine);

std::optional<std::string> why(const auto& look) {
  try {
    return look() ? std::optional<std::string>("(it is there)") : std::nullopt;
  } catch (const Error& failure) {
    return failure.what();
  }
}

struct Looked {
  const char* file;  // below the home
  Look look;
};

const Looked kLooked[] = {
    {".docker/config.json",
     [](const fs::path& path, const QuietMachine&) {
       return why([&] { return ConfigFile(path).read().has_value(); });
     }},
    {"home/.dockercfg",
     [](const fs::path& path, const QuietMachine& machine) {
       QuietMachine other;
       other.environment = machine.environment;
       other.environment.variables["HOME"] = path.parent_path();
       if (docker_files(other.environment).size() == 1) return std::optional<std::string>();
       return why([&] { return ConfigFile(path).read().has_value(); });
     }},
    {".config/containers/auth.json",
     [](const fs::path& path, const QuietMachine& machine) {
       if (containers_files(machine.environment).empty()) return std::optional<std::string>();
       return why([&] { return ConfigFile(path).read().has_value(); });
     }},
    {".config/docker-credential-keyring/settings.json",
     [](const fs::path&, const QuietMachine& machine) {
       const auto problems = read_settings(machine.environment).problems;
       return problems.empty() ? std::nullopt : std::optional(problems.front().text);
     }},
    {".local/state/docker-credential-keyring/index",
     [](const fs::path& path, const QuietMachine& machine) {
       ServerIndex(machine.environment).add_seen({{"a"}}, kVaultId);
       const auto failure = inspect_file(path).failure;
       return failure ? std::optional(failure->reason) : std::nullopt;
     }},
    {".local/share/docker-credential-keyring/vault",
     [](const fs::path&, const QuietMachine& machine) {
       VaultManager manager(machine.environment, machine.settings, Notes());
       return why([&] { return manager.exists() && !manager.slots().empty(); });
     }},
    {"keys/key",
     [](const fs::path& path, const QuietMachine& machine) {
       auto said = why([&] {
         static_cast<void>(read_key_file(path, machine.environment, Notes()));
         return true;
       });
       // Where it is named, it has to be there.
       return said->find("there is none") == std::string::npos ? said : std::nullopt;
     }},
};

}  // namespace

TEST_CASE("one errno says that a file is absent") {
  for (int reason = 1; reason < 134; ++reason) CHECK(says_absent(reason) == (reason == ENOENT));
}

TEST_CASE("each file behind each obstacle: what cannot be seen is not absent") {
  for (const Looked& looked : kLooked) {
    for (const Obstacle& obstacle : kObstacles) {
      CAPTURE(looked.file);
      CAPTURE(obstacle.name);
      const char* const said = obstacle.said;
      QuietMachine machine;
      if (geteuid() == 0) REQUIRE(chown(machine.folder.path().c_str(), kOther, kOther) == 0);
      const AsOther other;
      machine.environment.uid = geteuid();
      const fs::path tool = machine.folder.write("bin/podman", "#!/bin/sh\n");
      REQUIRE(chmod(tool.c_str(), 0700) == 0);
      machine.environment.variables["PATH"] = tool.parent_path();
      const fs::path path = machine.folder.path() / looked.file;
      fs::create_directories(path.parent_path());
      REQUIRE(chmod(path.parent_path().c_str(), 0700) == 0);
      obstacle.put(path);
      const auto answer = looked.look(path, machine);
      CHECK(answer.has_value() == (said != nullptr));
      if (answer && said != nullptr) {
        CAPTURE(*answer);
        const bool is_vault = path.filename() == "vault";  // which has words of its own
        CHECK((is_vault || answer->find(said) != std::string::npos));
      }
      const std::string cure = access_command(inspect_status(path));
      CAPTURE(cure);
      const bool is_of_file = path.parent_path().has_relative_path() && said != nullptr &&
                              std::string_view(said) == "regular file";
      if (is_of_file) CHECK(cure.find("chmod") == std::string::npos);
      CHECK(cure.find("/dev/null") == std::string::npos);
      CHECK(cure.find("destroy") == std::string::npos);
      chmod(path.parent_path().c_str(), 0700);
    }
  }
}

TEST_CASE("what is in the way is named, and its owner") {
  const TemporaryFolder folder;
  const fs::path closed = folder.path() / "closed";
  const fs::path wanted = closed / "below" / "file";
  fs::create_directories(wanted.parent_path());
  if (geteuid() == 0) {
    REQUIRE(chown(folder.path().c_str(), kOther, kOther) == 0);
    REQUIRE(chmod(closed.c_str(), 0700) == 0);
    const AsOther other;
    CHECK(find_in_the_way(wanted) == closed);
    CHECK(why_unseen(wanted, EACCES) ==
          wanted.string() + ": Permission denied; " + closed.string() + " belongs to another user");
    const auto foreign = find_foreign(closed / "file");
    REQUIRE(foreign);
    CHECK(foreign->path == closed);
    CHECK(foreign->is_own_folder);
    CHECK_FALSE(find_foreign(wanted)->is_own_folder);
    CHECK(access_command(inspect_status(closed / "file")) ==
          "sudo chown -R 23456 " + closed.string());
    fs::create_symlink(closed, folder.path() / "link");
    CHECK_FALSE(find_foreign(folder.path() / "link" / "file"));
    CHECK_FALSE(find_foreign("/etc/shadow"));
  }
  CHECK(find_in_the_way(folder.path() / "none") == folder.path() / "none");
}

}  // namespace cred::test
