// SPDX-License-Identifier: MIT
#include "helper/files/leftovers.h"

#include <doctest/doctest.h>

#include <string>

#include "platform/system/config_file.h"
#include "tests/lab/auth_entry.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {

TEST_CASE("plaintext beside the file is found") {
  const TemporaryFolder folder;
  const auto path = folder.write("config.json", "{}");
  const std::string credential = R"({"auths":{"a":)" + auth("ada:1") + "}}";
  folder.write("config.json123456", credential);
  folder.write("config.json.bak", credential.substr(0, credential.size() - 3));
  folder.write("config.json.old", R"({"auths":{"a":{}}})");
  folder.write("other.json", credential);
  const auto found = find_plaintext_beside(ConfigFile(path));
  REQUIRE(found.size() == 2);
  CHECK(found[0].filename() == "config.json.bak");
  CHECK(found[1].filename() == "config.json123456");
}

}  // namespace cred::test
