// SPDX-License-Identifier: MIT
// Files of a machine's own services, as doctor looks into them: TOML, YAML, sudoers.
#include "helper/files/node_files.h"

#include <string>

#include "tests/fuzz/fuzz.h"

namespace cred::test {

void fuzz(const std::string& input) {
  static_cast<void>(toml_gives_credential(input));
  const auto value = toml_value(input, "global_auth_file");
  hold(!value || !value->empty(), "a value that is set is not empty");
  hold(yaml_gives_credential(input + "\npassword: " + std::string(kSecretWord) + "\n"),
       "no line hides a password in another");
  hold(secure_path_of(input + "\nDefaults secure_path=\"/usr/bin\"\n") == "/usr/bin",
       "the last line that sets the path counts");
}

}  // namespace cred::test
