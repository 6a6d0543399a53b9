// SPDX-License-Identifier: MIT
#include "helper/files/login_files.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

using std::filesystem::path;

}  // namespace

TEST_CASE("the files of podman, skopeo and buildah") {
  const TemporaryFolder folder;
  const std::string home = folder.path() / "home";
  Environment environment;
  environment.variables = {{"HOME", home}, {"XDG_RUNTIME_DIR", folder.path() / "run"}};
  CHECK(containers_files(environment).empty());

  const path config = folder.write("home/.docker/config.json", "{}");
  const path lasting = folder.write("home/.config/containers/auth.json", "{}");
  const path runtime = folder.write("run/containers/auth.json", "{}");
  const path chosen = folder.write("chosen.txt", "{}");
  const path moved = folder.write("xdg/containers/auth.json", "{}");

  const auto found = [&](std::map<std::string, std::string> set) {
    Environment changed = environment;
    for (const auto& [name, value] : set) changed.variables[name] = value;
    std::vector<path> paths;
    for (const auto& file : containers_files(changed)) {
      CHECK(file.format == &kAuthFileFormat);
      CHECK(file.is_volatile == (file.path == runtime || file.path.filename() == "x.json"));
      paths.push_back(file.path);
    }
    return paths;
  };
  using Paths = std::vector<path>;
  CHECK(found({}) == Paths{runtime, lasting});
  CHECK(found({{"XDG_CONFIG_HOME", folder.path() / "xdg"}}) == Paths{runtime, moved});
  CHECK(found({{"XDG_CONFIG_HOME", "xdg"}}) == Paths{runtime, lasting});
  CHECK(found({{"XDG_RUNTIME_DIR", "run"}}) == Paths{lasting});
  CHECK(found({{"REGISTRY_AUTH_FILE", chosen}}) == Paths{chosen, runtime, lasting});
  const path lost = folder.write("run/x.json", "{}");
  CHECK(found({{"REGISTRY_AUTH_FILE", lost}}) == Paths{lost, runtime, lasting});
  CHECK(found({{"REGISTRY_AUTH_FILE", lasting}}) == Paths{lasting, runtime});
  CHECK(found({{"REGISTRY_AUTH_FILE", config}}) == Paths{runtime, lasting});
  CHECK(found({{"REGISTRY_AUTH_FILE", folder.path() / "none"}}) == Paths{runtime, lasting});
  CHECK(found({{"XDG_RUNTIME_DIR", folder.path() / "none"}}) == Paths{lasting});
}

TEST_CASE("no file lies below a relative folder of a variable") {
  Environment environment;
  environment.variables = {{"HOME", "/home/ada"}, {"XDG_CONFIG_HOME", "conf"}};
  CHECK(lasting_auth_file(environment).path == "/home/ada/.config/containers/auth.json");
}

TEST_CASE("a file that is named, by its name, and a folder by the config.json in it") {
  const TemporaryFolder folder;
  folder.write("docker/config.json", "{}");
  CHECK(login_file_at(folder.path() / "docker").path == folder.path() / "docker/config.json");
  CHECK(login_file_at("/x/config.json").format == &kDockerConfigFormat);
  CHECK(login_file_at("/x/anything").format == &kDockerConfigFormat);
  CHECK(login_file_at("/x/auth.json").format == &kAuthFileFormat);
  CHECK(login_file_at("/home/ada/.dockercfg").format == &kDockercfgFormat);
}

TEST_CASE("docker's files: config.json in any case, ~/.dockercfg where it is") {
  const TemporaryFolder folder;
  Environment environment;
  environment.variables = {{"HOME", folder.path()}};
  REQUIRE(docker_files(environment).size() == 1);
  CHECK(docker_files(environment).front().path == folder.path() / ".docker/config.json");
  const path old = folder.write(".dockercfg", "{}");
  REQUIRE(docker_files(environment).size() == 2);
  CHECK(docker_files(environment).back().path == old);
  CHECK(docker_files(environment).back().format == &kDockercfgFormat);
  environment.variables["DOCKER_CONFIG"] = "/elsewhere";
  CHECK(docker_folder(environment) == "/elsewhere");
  CHECK(docker_files(environment).front().path == "/elsewhere/config.json");
  CHECK(snap_file(environment) == folder.path() / "snap/docker/current/.docker/config.json");
}

TEST_CASE("helm's files, where they are") {
  const TemporaryFolder folder;
  Environment environment;
  environment.variables = {{"HOME", folder.path()}};
  CHECK(helm_files(environment).empty());
  const path usual = folder.write(".config/helm/registry/config.json", "{}");
  const path moved = folder.write("xdg/helm/registry/config.json", "{}");
  const path own = folder.write("own/registry/config.json", "{}");
  const path chosen = folder.write("chosen.json", "{}");
  const path docker = folder.write(".docker/config.json", "{}");
  const auto found = [&] {
    const auto files = helm_files(environment);
    if (files.size() != 1) return path();
    CHECK(files.front().format == &kHelmConfigFormat);
    return files.front().path;
  };
  CHECK(found() == usual);
  environment.variables["XDG_CONFIG_HOME"] = folder.path() / "xdg";
  CHECK(found() == moved);
  environment.variables["XDG_CONFIG_HOME"] = "xdg";
  CHECK(found() == usual);
  environment.variables["HELM_CONFIG_HOME"] = folder.path() / "own";
  CHECK(found() == own);
  environment.variables["HELM_REGISTRY_CONFIG"] = chosen;
  CHECK(found() == chosen);
  CHECK(usual_login_files(environment).front().path == docker);
  CHECK(usual_login_files(environment).back().path == chosen);
  environment.variables["HELM_REGISTRY_CONFIG"] = docker;  // as many have it
  CHECK(found() == path());
  const path before = folder.write("own/registry.json", "{}");  // of helm before 3.8
  CHECK(found() == before);
  environment.variables.erase("HELM_REGISTRY_CONFIG");
  REQUIRE(helm_files(environment).size() == 2);
  CHECK(helm_files(environment).front().path == own);
  environment.variables["HELM_REGISTRY_CONFIG"] = before;  // which is one file
  CHECK(found() == before);
}

TEST_CASE("docker is used where it is installed or has a folder") {
  const TemporaryFolder folder;
  Environment environment;
  environment.variables = {{"HOME", folder.path() / "home"}, {"PATH", folder.path() / "bin"}};
  const auto usual = folder.path() / "usr/bin";
  CHECK_FALSE(uses_docker(environment, usual));
  folder.write("usr/bin/docker", "");
  CHECK(uses_docker(environment, usual));
  std::filesystem::remove(usual / "docker");
  folder.write("home/.docker/config.json", "{}");
  CHECK(uses_docker(environment, usual));
  environment.variables["DOCKER_CONFIG"] = folder.path() / "none";
  CHECK_FALSE(uses_docker(environment, usual));
}

TEST_CASE("what lies in a runtime folder, as one sees it by its path") {
  Environment environment;
  environment.variables = {{"XDG_RUNTIME_DIR", "/tmp/run-of-ada"}};
  CHECK(is_in_runtime_folder(environment, "/tmp/run-of-ada/containers/auth.json"));
  CHECK(is_in_runtime_folder(environment, "/run/user/1000/containers/auth.json"));
  CHECK_FALSE(is_in_runtime_folder(environment, "/tmp/run-of-ada2/containers/auth.json"));
  CHECK_FALSE(is_in_runtime_folder(environment, "/home/ada/run/containers/auth.json"));
}

TEST_CASE("podman, skopeo and buildah are used where one is installed or has left a file") {
  using std::filesystem::perms;
  const TemporaryFolder folder;
  Environment environment;
  environment.variables = {{"HOME", folder.path() / "home"},
                           {"XDG_RUNTIME_DIR", folder.path() / "run"},
                           {"PATH", folder.path() / "bin"}};
  const auto usual = folder.path() / "usr/bin";
  CHECK_FALSE(uses_containers_tools(environment, usual));

  for (const char* tool : {"podman", "skopeo", "buildah"}) {
    CAPTURE(tool);
    const auto on_path = folder.write(std::string("bin/") + tool, "");
    CHECK_FALSE(uses_containers_tools(environment, usual));  // nobody could start it
    std::filesystem::permissions(on_path, perms::owner_all);
    CHECK(uses_containers_tools(environment, usual));
    std::filesystem::remove(on_path);
    // PATH need not lead there: sudo and cron set one of their own.
    const auto elsewhere = folder.write(std::string("usr/bin/") + tool, "");
    CHECK(uses_containers_tools(environment, usual));
    std::filesystem::remove(elsewhere);
    CHECK_FALSE(uses_containers_tools(environment, usual));
  }

  folder.write("run/containers/auth.json", "{}");
  CHECK(uses_containers_tools(environment, usual));
}

}  // namespace cred::test
