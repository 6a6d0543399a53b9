// SPDX-License-Identifier: MIT
// A node of a cluster: where its services find logins, and for what the kubelet asks this program.
#include "helper/doctor/checks.h"
#include "helper/files/entry.h"

namespace cred {

void check_node_files(const DoctorFacts& facts, Findings& findings) {
  for (const auto& [file, reader, holds_credentials] : facts.node_files) {
    if (!holds_credentials) continue;
    findings.push_back({"node-file-plaintext", Severity::info,
                        file.path.string() + " holds logins in plaintext for " + reader +
                            ", which asks no helper of docker's; the kubelet can ask this "
                            "program: docker-credential-keyring kubelet --print-config"});
    if (!file.others_can_read()) continue;
    findings.push_back({"node-file-open", Severity::problem,
                        file.path.string() + " can be read by other users, with logins in it",
                        chmod_command(facts, "600", file)});
  }
}

void check_kubelet(const DoctorFacts& facts, Findings& findings) {
  if (!facts.kubelet) return;
  std::vector<std::string> servers;
  for (const auto& [server, credential] : facts.credentials()) {
    if (credential.username != kTokenUsername) servers.push_back(server);
  }
  const auto uncovered = facts.kubelet->uncovered(servers);
  if (uncovered.empty()) return;
  findings.push_back(
      {"kubelet-unasked", Severity::warning, told_uncovered(facts.kubelet->file, uncovered)});
}

}  // namespace cred
