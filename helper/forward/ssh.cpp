// SPDX-License-Identifier: MIT
#include "helper/forward/ssh.h"

#include "helper/text/shell_words.h"
#include "platform/store/settings.h"

namespace cred {

std::string ssh_lines(const std::string& host, const std::string& local,
                      const std::string& remote) {
  const std::string connect = shell_command({"ssh", "-R", remote + ':' + local, host});
  const std::string remove =
      shell_command({"ssh", "-n", "-o", "ClearAllForwardings=yes", host, "rm", "-f", remote});
  if (connect.empty() || remove.empty()) return "";
  return "# There, as root, once: a new session may take the place of an old socket\n"
         "echo 'StreamLocalBindUnlink yes' >/etc/ssh/sshd_config.d/docker-credential-keyring.conf\n"
         "systemctl reload ssh\n"
         "# Here, for each session, while docker-credential-keyring forward runs\n" +
         connect +
         "\n"
         "# Here, instead, where nobody is root there: sshd leaves the old socket behind\n" +
         remove + " &&\n  " + connect +
         "\n"
         "# There, in that session\n"
         "export " +
         kSocketVariable + '=' + shell_command({remote}) + '\n';
}

}  // namespace cred
