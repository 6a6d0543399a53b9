// SPDX-License-Identifier: MIT
#include "helper/forward/ssh.h"

#include <doctest/doctest.h>

namespace cred::test {

TEST_CASE("the lines for ssh name both sockets, quoted as a shell needs it") {
  const std::string lines = ssh_lines("build", "/run/a b", "/run/c");
  CHECK(lines.find("ssh -R '/run/c:/run/a b' build\n") != std::string::npos);
  CHECK(lines.find("ssh -n -o 'ClearAllForwardings=yes' build rm -f /run/c &&\n") !=
        std::string::npos);
  CHECK(lines.find("export DOCKER_CREDENTIAL_KEYRING_SOCKET=/run/c\n") != std::string::npos);
  CHECK(ssh_lines("build\n", "/run/a", "/run/c").empty());
}

}  // namespace cred::test
