// SPDX-License-Identifier: MIT
// A vault that several machines share: whether this machine's copy of it is, and stays, up to date.
#include "helper/doctor/checks.h"
#include "helper/text/shell_words.h"
#include "helper/text/time_text.h"

namespace cred {
namespace {

constexpr std::int64_t kHour = std::int64_t{60} * 60;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kSoon = 14 * kDay;  // a certificate ends

std::string sync_command() { return shell_command({kProgram, "vault", "sync"}); }

void check_copy(const DoctorFacts& facts, const SharedStatus& shared, Findings& findings) {
  if (!facts.vault.file.exists) {
    findings.push_back({"shared-copy-missing", Severity::problem,
                        "the copy of the vault at " + shared.place +
                            " is not here, so none of its logins can be had",
                        sync_command()});
    return;
  }
  const std::string last = shared.checked == 0
                               ? std::string("was never compared with it")
                               : "was last compared with it " + local_time(shared.checked);
  if (shared.is_too_old) {
    findings.push_back({"shared-copy-old", Severity::problem,
                        "the copy of the vault at " + shared.place + ' ' + last +
                            ", so a login may be out of date",
                        sync_command()});
  } else if (facts.shared.age > kHour) {
    findings.push_back({"shared-unchecked", Severity::warning,
                        "the copy of the vault at " + shared.place + ' ' + last, sync_command()});
  }
}

void check_timer(const DoctorFacts& facts, Findings& findings) {
  if (!facts.shared.has_systemd || facts.shared.has_timer) return;
  const char* const timer = "docker-credential-keyring-sync.timer";
  findings.push_back({"shared-timer-missing", Severity::warning,
                      "nothing brings the copy of the shared vault up to date by itself",
                      facts.is_root()
                          ? shell_command({"systemctl", "enable", "--now", timer})
                          : shell_command({"systemctl", "--user", "enable", "--now", timer})});
}

void check_certificate(const DoctorFacts& facts, Findings& findings) {
  const auto& left = facts.shared.certificate_left;
  if (!left || *left > kSoon) return;
  const std::string name = "the certificate " + facts.settings.shared.cert.string();
  if (*left <= 0) {
    findings.push_back({"shared-certificate-ends", Severity::problem,
                        name + " is over, so the shared vault cannot be reached"});
  } else {
    findings.push_back({"shared-certificate-ends", Severity::warning,
                        name + ", by which the shared vault is reached, ends in " +
                            std::to_string(*left / kDay) + " days"});
  }
}

}  // namespace

void check_shared(const DoctorFacts& facts, Findings& findings) {
  const auto& shared = facts.vault.status.shared;
  if (!shared) return;
  check_copy(facts, *shared, findings);
  if (!shared->refused.empty()) {
    findings.push_back({"shared-refused", Severity::problem, shared->refused});
  }
  check_timer(facts, findings);
  check_certificate(facts, findings);
  if (facts.shared.may_write) {
    findings.push_back({"shared-may-write", Severity::warning,
                        "this machine, which is kept up to date by a timer, may also write to " +
                            shared->place + "; a role that only reads is enough for it"});
  }
}

}  // namespace cred
