// SPDX-License-Identifier: MIT
// A file while it is planned. Private to helper/migrate.
#pragma once

#include "helper/files/docker_config.h"
#include "helper/files/verdict.h"
#include "helper/migrate/plan.h"

namespace cred {

struct Draft {
  DockerConfig config;
  PlannedFile file;
  ConfigEdit edit;

  // Throws as parse_config() does. Nothing is said of its entries yet.
  explicit Draft(const SourceFile& source);

  [[nodiscard]] const LoginFormat& format() const { return *file.source.format; }
};

// The entry as it stays in the file.
[[nodiscard]] PlannedEntry describe(const ConfigEntry& entry, const Verdict& verdict);

// Its credential leaves the file.
void empty_entry(PlannedEntry& planned, const ConfigEntry& entry, Draft& draft);

[[nodiscard]] MigrationStatus status_of(const PlannedFile& file, bool refused);

}  // namespace cred
