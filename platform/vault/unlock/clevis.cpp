// SPDX-License-Identifier: MIT
#include "platform/vault/unlock/clevis.h"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <vector>

#include "platform/job/memory_folder.h"
#include "platform/system/child.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/process.h"
#include "platform/vault/format/clevis_checks.h"

namespace cred {
namespace {

using std::filesystem::path;

constexpr const char* kFolders = "/usr/bin:/usr/sbin:/bin:/sbin";
constexpr std::chrono::seconds kTimeLimit(10);
constexpr std::size_t kLargestSecret = std::size_t{4} << 10;
constexpr std::size_t kLongestQuote = 200;  // of what clevis said

path find_clevis(const path& program) {
  if (!program.empty()) {
    if (program.is_absolute() && is_program(program)) return program;
    throw Error(Errc::not_unsealed, program.string() + ": not the absolute path of a program");
  }
  if (const auto found = find_program(kFolders, "clevis")) return *found;
  throw Error(Errc::not_unsealed, "clevis is not installed");
}

// Clevis looks for its own parts on PATH; those of a clevis elsewhere are beside it.
std::string search_path(const path& clevis) {
  return clevis.parent_path().string() + ':' + kFolders;
}

// The line that says most: the libraries below the TPM tools write first, and much.
std::string told_by_clevis(const std::string& errors) {
  std::istringstream lines(errors);
  std::string first;
  for (std::string line; std::getline(lines, line);) {
    if (line.find_first_not_of(' ') == std::string::npos) continue;
    line.resize(std::min(line.size(), kLongestQuote));
    if (!line.starts_with("WARNING") && !line.starts_with("ERROR")) return line;
    if (first.empty()) first = line;
  }
  return first;
}

struct Action {
  const char* name;  // for people
  std::vector<std::string> arguments;
  std::size_t largest;  // output
};

LockedBytes run_clevis(const Environment& environment, const path& program, const Action& action,
                       Bytes input) {
  const path clevis = find_clevis(program);
  const HeldSignals held;                        // until the folder is gone
  const MemoryFolder scratch(environment);       // an empty home for clevis
  replace_file(scratch.path() / ".curlrc", "");  // or curl takes that of the account
  const std::string& folder = scratch.path().native();
  std::vector<std::string> variables{"PATH=" + search_path(clevis), "LC_ALL=C", "HOME=" + folder,
                                     "TMPDIR=" + folder};
  if (const auto tpm = environment.get("TPM2TOOLS_TCTI")) {
    variables.push_back("TPM2TOOLS_TCTI=" + *tpm);
  }
  ChildResult result =
      run_child(clevis, action.arguments, variables, input, {kTimeLimit, action.largest});
  if (result.status == 0) return std::move(result.output);

  std::string reason = std::string("clevis could not ") + action.name + " the key";
  if (result.interrupted) {
    reason = "clevis was interrupted";
  } else if (result.timed_out) {
    reason += " within " + std::to_string(kTimeLimit.count()) + " seconds";
  }
  const std::string told = told_by_clevis(result.errors);
  throw Error(Errc::not_unsealed, told.empty() ? reason : reason + ": " + told);
}

// A failure to run it is one of clevis as well, for all that a caller can do about it.
LockedBytes run_clevis_or_throw(const Environment& environment, const path& program,
                                const Action& action, Bytes input) {
  try {
    return run_clevis(environment, program, action, input);
  } catch (const Error& failure) {
    if (failure.code() != Errc::io) throw;
    throw Error(Errc::not_unsealed, std::string("clevis: ") + failure.what());
  }
}

}  // namespace

std::string clevis_seal(const Environment& environment, const path& program, std::string_view pin,
                        std::string_view config, const LockedBytes& secret) {
  std::string checked = checked_clevis_config(pin, config);
  if (secret.size() > kLargestSecret) {
    throw Error(Errc::bad_request, "the secret is too large to be sealed");
  }
  // Never -y, which would have clevis trust a tang server that nobody named.
  const Action action{"seal", {"encrypt", std::string(pin), std::move(checked)}, kLargestSealed};
  const LockedBytes output = run_clevis_or_throw(environment, program, action, secret.bytes());
  std::string sealed(as_text(output.bytes()));
  while (sealed.ends_with('\n')) sealed.pop_back();
  try {
    check_sealed(pin, sealed);
  } catch (const Error& failure) {
    throw Error(Errc::not_unsealed,
                std::string("this clevis is of an unknown kind: ") + failure.what());
  }
  return sealed;
}

LockedBytes clevis_unseal(const Environment& environment, const path& program, std::string_view pin,
                          std::string_view sealed) {
  check_sealed(pin, sealed);
  const Action action{"unseal", {"decrypt"}, kLargestSecret};
  return run_clevis_or_throw(environment, program, action, as_bytes(sealed));
}

std::optional<std::string> missing_for_clevis(const path& program, std::string_view pin) {
  try {
    const path clevis = find_clevis(program);
    std::string part = "clevis-decrypt-" + std::string(pin);
    if (find_program(search_path(clevis), part)) return std::nullopt;
    return part;
  } catch (const Error&) {
    return program.empty() ? "clevis" : program.string();
  }
}

}  // namespace cred
