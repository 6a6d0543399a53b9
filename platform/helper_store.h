// SPDX-License-Identifier: MIT
// Another docker credential helper as a Store: what `docker-credential-NAME` does is up to it.
#pragma once

#include <memory>
#include <string>

#include "platform/store/settings.h"
#include "platform/store/store.h"
#include "platform/system/environment.h"

namespace cred {

// The program that is meant by `name`, which is what a file names: docker puts "docker-credential-"
// before it, and starts nothing where somebody wrote that as well; here it is the program then.
[[nodiscard]] std::string helper_program(const Environment& environment, const std::string& name);

// Each call runs the program once for each server, with our environment less LD_* and the variables
// of this program, within the time that a prompt has (it may ask for a passphrase, as gpg does) and
// 8 MiB of output. It has no terminal; $GPG_TTY tells it where the user sits. What it says of a
// failure is told on, one short line of it, save for what looks like an answer to `get`.
//
// Failures are helper_failed, or timed_out. erase() asks afterwards whether the login is gone.
//
// `name` is the part after "docker-credential-". Throws bad_request for what is no such name or is
// this program, io for one that is not on PATH.
[[nodiscard]] std::unique_ptr<Store> open_helper_store(const Environment& environment,
                                                       const Settings& settings,
                                                       const std::string& name);

}  // namespace cred
