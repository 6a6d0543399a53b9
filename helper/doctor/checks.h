// SPDX-License-Identifier: MIT
// The checks of doctor, a file for each theme. Each adds what it finds in the facts, and touches
// nothing. Private to this folder.
#pragma once

#include <string>
#include <vector>

#include "helper/doctor/doctor.h"

namespace cred {

using Findings = std::vector<Finding>;

// check_program.cpp: whether docker finds the helper.
void check_program(const DoctorFacts& facts, Findings& findings);

// check_files.cpp: the files that hold credentials and name helpers.
void check_login_files(const DoctorFacts& facts, Findings& findings);
void check_plaintext(const DoctorFacts& facts, Findings& findings);
void check_helpers(const DoctorFacts& facts, Findings& findings);
void check_auth_config(const DoctorFacts& facts, Findings& findings);

// check_containers.cpp: podman, skopeo and buildah.
void check_registries_conf(const DoctorFacts& facts, Findings& findings);
void check_auth_files(const DoctorFacts& facts, Findings& findings);

// check_node.cpp: what the services of a node find, and for what the kubelet asks.
void check_node_files(const DoctorFacts& facts, Findings& findings);
void check_kubelet(const DoctorFacts& facts, Findings& findings);

// check_vault.cpp: the vault, and the index of what the stores hold.
void check_index(const DoctorFacts& facts, Findings& findings);
void check_vault(const DoctorFacts& facts, Findings& findings);

// check_shared.cpp: the place of a vault that several machines share.
void check_shared(const DoctorFacts& facts, Findings& findings);

// check_stores.cpp: the settings, the keyring, which store counts, and what is in them.
void check_settings(const DoctorFacts& facts, Findings& findings);
void check_keyring(const DoctorFacts& facts, Findings& findings);
void check_choice(const DoctorFacts& facts, Findings& findings);
void check_credentials(const DoctorFacts& facts, Findings& findings);
void check_home(const DoctorFacts& facts, Findings& findings);

// `command`, which has to be root's, for this user. Empty stays empty.
[[nodiscard]] std::string as_root(const DoctorFacts& facts, const std::string& command);

// Whether docker, by `helpers`, could not start the one of this name.
[[nodiscard]] bool is_dead(const DoctorFacts& facts, const std::string& helper);

// A text as a regular expression of sed stands for it; empty if it has more than letters and a few
// signs, because then no command is made of it: names come from files.
[[nodiscard]] std::string for_sed(std::string_view text);

// Puts `value` in place of `before` behind `key` in a file of JSON, and keeps every other byte.
// Empty where for_sed() is.
[[nodiscard]] std::string json_edit_command(const std::filesystem::path& file,
                                            const std::string& key, const std::string& before,
                                            const std::string& value);

// "chmod MODE PATH"; empty where this user may not: it is another user's.
[[nodiscard]] std::string chmod_command(const DoctorFacts& facts, const char* mode,
                                        const FileStatus& file);

}  // namespace cred
