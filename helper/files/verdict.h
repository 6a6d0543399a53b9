// SPDX-License-Identifier: MIT
// Whether the credential of an entry moves into the store or stays in its file, and why: one
// verdict for migrate, which acts on it, and for doctor, which foretells it. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "helper/files/docker_config.h"
#include "helper/files/login_format.h"
#include "platform/system/error.h"

namespace cred {

enum class Fate {
  nothing,  // there is no credential in the entry
  moves,    // to the store, and out of the file
  copied,   // to the store, and stays in the file too
  stays,
};

struct Verdict {
  Fate fate = Fate::nothing;
  std::string
      reason;  // for people: why it stays, or what is wrong; empty if there is nothing to say
  std::string helper;  // another than ours, which is asked instead of reading the entry; or empty
  bool is_exempt = false;  // credHelpers says that docker is to look for it in the file
};

// Whether what `helper` has for `server` is ours to answer, or nobody's: `helper` may be empty.
using IsAnswered = std::function<bool(const std::string& helper, const std::string& server)>;

// What to think of an entry of `config`, by the file alone: the store may have another credential
// for its server.
[[nodiscard]] Verdict judge(const ConfigEntry& entry, const DockerConfig& config,
                            const LoginFormat& format);
[[nodiscard]] Verdict judge(const ConfigEntry& entry, const DockerConfig& config,
                            const LoginFormat& format, const IsAnswered& is_answered);

// Why no store could take what docker can: "is longer than 1048576 bytes".
[[nodiscard]] std::optional<Refusal> why_not_stored(const Credential& credential);

}  // namespace cred
