// SPDX-License-Identifier: MIT
#include "platform/forward/remote_host.h"

#include <vector>

#include "platform/system/child.h"
#include "platform/system/error.h"
#include "platform/system/process.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

constexpr std::chrono::seconds kForSsh(30);
constexpr std::size_t kLongestPath = 4096;

}  // namespace

std::filesystem::path ask_runtime_folder(const Environment& environment, const std::string& host) {
  const auto ssh = find_program(environment, "ssh");
  if (!ssh) throw Error(Errc::io, "there is no ssh on PATH");
  const std::vector<std::string> arguments{"-o",
                                           "BatchMode=yes",
                                           "-o",
                                           "ClearAllForwardings=yes",
                                           "--",
                                           host,
                                           "echo \"${XDG_RUNTIME_DIR:-/run/user/$(id -u)}\""};
  const ChildResult result = run_child(*ssh, arguments, texts_of(environment.variables), {},
                                       {.time = kForSsh, .output = kLongestPath});
  const std::filesystem::path folder(trim(as_text(result.output.bytes())));
  if (result.status == 0 && folder.is_absolute()) return folder;
  const std::string_view said = trim(result.errors);
  throw Error(Errc::io, "ssh " + host + " does not say where its runtime folder is" +
                            (said.empty() ? "" : ": " + std::string(said)) +
                            "; nobody is asked for a password here, and --remote-socket PATH needs "
                            "no answer");
}

}  // namespace cred
