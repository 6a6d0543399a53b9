// SPDX-License-Identifier: MIT
// A helper that a config.json names and that docker cannot start, as Docker Desktop's once that is
// removed: we take its place, and say which entries have no credential any more. And a link to
// ourselves under another name, which somebody made.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "helper/migrate/plan.h"
#include "platform/store/store.h"
#include "platform/system/environment.h"
#include "platform/system/error.h"

namespace cred {

// Why docker has nothing of `helper`, although one of `files` names it: "docker-credential-desktop
// is not on PATH". nullopt if it can be started, or is named nowhere. Starts it, with "version".
[[nodiscard]] std::optional<Refusal> why_gone(const std::string& helper,
                                              const Environment& environment,
                                              std::span<const SourceFile> files);

// A name other than ours by which docker, as one of `files` says, asks this very program.
[[nodiscard]] std::optional<std::string> find_alias(const Environment& environment,
                                                    std::span<const SourceFile> files);

// In its place, a store that has nothing.
[[nodiscard]] std::unique_ptr<Store> open_gone_helper(const Environment& environment,
                                                      const std::string& helper);

// What `files` say that it had: none of it is left.
[[nodiscard]] HelperCredentials credentials_of_gone(const std::string& helper, Store& source,
                                                    std::span<const SourceFile> files);

}  // namespace cred
