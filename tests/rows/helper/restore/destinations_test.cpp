// SPDX-License-Identifier: MIT
#include "helper/restore/destinations.h"

#include <doctest/doctest.h>

#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

using std::filesystem::path;

// A home, and an index in which each server has the file of its row.
struct Machine {
  TemporaryFolder folder;
  Environment environment;
  ServerIndex index{folder.path() / "state/index"};

  explicit Machine(const std::map<std::string, std::string>& origins) {
    environment.variables = {{"HOME", at("home")}, {"XDG_RUNTIME_DIR", at("run")}};
    folder.write("work/config.json", "{}");
    for (const auto& [server, file] : origins) {
      index.add_stored({{server}}, kKeyringId);
      if (!file.empty()) index.set_origin({{server}}, at(file));
    }
  }

  [[nodiscard]] std::string at(const std::string& file) const { return folder.path() / file; }
};

}  // namespace

TEST_CASE("where a credential goes back to") {
  Machine machine({{"d", "home/.docker/config.json"},
                   {"a", "home/.config/containers/auth.json"},
                   {"r", "run/containers/auth.json"},
                   {"w", "work/config.json"},
                   {"g", "gone/config.json"},
                   {"u", ""}});
  machine.folder.write("home/.docker/config.json", "{}");
  const Destinations destinations(machine.environment, machine.index);
  const std::string docker = machine.at("home/.docker/config.json");
  const std::string lasting = machine.at("home/.config/containers/auth.json");
  const std::map<std::string, std::string> wanted{
      {"d", docker},  {"a", lasting},
      {"r", lasting}, {"w", machine.at("work/config.json")},
      {"g", docker},  {"u", docker},
      {"x", docker},  {"https://w/v1/", machine.at("work/config.json")}};
  for (const auto& row : wanted) {
    CAPTURE(row.first);
    CHECK(destinations.of(row.first).path == row.second);
  }
  CHECK(destinations.of("a").format == &kAuthFileFormat);
  CHECK(destinations.files().size() == 3);
  CHECK(destinations.files().front().path == docker);
  CHECK(destinations.lost_file("r") == path(machine.at("run/containers/auth.json")));
  CHECK_FALSE(destinations.lost_file("a"));
}

TEST_CASE("all go into the file that was named") {
  const Destinations destinations({"/x/auth.json", &kAuthFileFormat});
  CHECK(destinations.of("any").path == "/x/auth.json");
  CHECK(destinations.files().size() == 1);
}

}  // namespace cred::test
