// SPDX-License-Identifier: MIT
#include "helper/files/verdict.h"

#include "helper/files/known_helpers.h"
#include "helper/servers/server_address.h"
#include "platform/store/docker_names.h"

namespace cred {
namespace {

// The helper that is asked for the entry `key`: in credHelpers by exactly what is asked for.
void name_helper(const std::string& key, const DockerConfig& config, const LoginFormat& format,
                 Verdict& verdict) {
  const auto named = config.cred_helpers().find(format.asked(key));
  if (named != config.cred_helpers().end()) {
    verdict.helper = named->second;
    verdict.is_exempt = named->second.empty();
  }
  if (format.obeys_creds_store && verdict.helper.empty()) verdict.helper = config.creds_store();
}

}  // namespace

Verdict judge(const ConfigEntry& entry, const DockerConfig& config, const LoginFormat& format) {
  return judge(entry, config, format,
               [](const std::string& helper, const std::string&) { return is_ours(helper); });
}

Verdict judge(const ConfigEntry& entry, const DockerConfig& config, const LoginFormat& format,
              const IsAnswered& is_answered) {
  Verdict verdict;
  if (!entry.holds_credential && !entry.refusal) {
    verdict.reason =
        entry.holds_registry_token ? "a registrytoken cannot live in a keyring" : "holds no login";
    return verdict;
  }
  verdict.fate = Fate::stays;
  name_helper(entry.key, config, format, verdict);
  if (!is_answered(verdict.helper, format.asked(entry.key))) {
    verdict.reason =
        (verdict.is_exempt ? "docker reads it here, and asks another helper for the rest, "
         : format.is_of_containers_tools ? "the file names another helper for it, "
                                         : "docker asks another helper for it, ") +
        verdict.helper;
    if (verdict.is_exempt) verdict.helper.clear();
    return verdict;
  }
  verdict.helper.clear();
  if (entry.refusal) {
    verdict.reason = entry.refusal->reason;
  } else if (const auto refusal = why_not_stored(*entry.credential)) {
    verdict.reason = refusal->reason;
  } else if (format.rewriting == LoginFormat::Rewriting::none) {
    verdict.fate = Fate::copied;
    verdict.reason = "this file is never written: delete it when docker works without";
  } else if (!is_namespaced(entry.key)) {
    verdict.fate = Fate::moves;
  } else if (format.is_of_containers_tools) {
    verdict.reason = "is a part of a registry, and helpers are asked for whole ones";
  } else {
    verdict.fate = Fate::copied;
    verdict.reason =
        "stays because podman, skopeo and buildah look for a part of a registry in files alone";
  }
  return verdict;
}

std::optional<Refusal> why_not_stored(const Credential& credential) {
  if (credential.server.empty()) return Refusal{"names no server"};
  if (credential.server.find('\0') != std::string::npos) {
    return Refusal{"the server's name holds a NUL"};
  }
  const bool fits = credential.username.size() <= kLargestText &&
                    credential.secret.reveal().size() <= kLargestText;
  if (fits) return std::nullopt;
  return Refusal{"is longer than " + std::to_string(kLargestText) + " bytes"};
}

}  // namespace cred
