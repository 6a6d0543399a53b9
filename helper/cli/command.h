// SPDX-License-Identifier: MIT
// What a command for people is: a row of the table in commands.cpp, and what it is given.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "helper/cli/colours.h"
#include "platform/system/environment.h"
#include "platform/system/error.h"
#include "platform/system/terminal.h"
#include "platform/text/notes.h"

namespace cred {

struct CommandContext {
  Environment environment;
  Notes out;               // results for people, on stdout
  Notes err;               // progress and advice, on stderr
  std::ostream& document;  // what programs read, byte for byte, on stdout
  std::string* work = nullptr;
  std::size_t width = kUsualWidth;  // of what is shown, in columns
  bool at_terminal = false;         // somebody looks at stdout
  Colours colours = {};
  bool is_completing = false;  // a shell asks what may be typed next, and nothing is to be done

  // How wide results may be: where no terminal shows them, lines are as long as they come.
  [[nodiscard]] std::size_t result_width() const {
    return at_terminal ? width : std::numeric_limits<std::size_t>::max();
  }

  // What was done is said, and the exit status is exit_partial, where the results cannot be written
  // to stdout: "the vault was made".
  void done(const std::string& what) const {
    if (work != nullptr) *work = what;
  }

  // Runs what only looks at work that is done: its failure is a warning.
  template <typename Look>
  void look_back(const Look& look) const {
    try {
      look();
    } catch (const Error& failure) {
      err.warn("all is done, but a look at it failed: ", failure.what());
    }
  }
};

// Takes the arguments after the name; returns the exit status. Failures are Errors.
using RunCommand = int(std::span<const std::string> arguments, const CommandContext& context);

// Set for the command of a job (helper/run): its store is gone when it ends.
inline constexpr const char* kJobVariable = "DOCKER_CREDENTIAL_KEYRING_JOB";

// What a command reads or writes by variables of the environment.
enum class Places {
  stores,      // the folders of settings, index and vault
  logins,      // and the files of docker and its family, unless --config names one
  of_machine,  // what a service of this machine gives it
};

struct Command {
  std::string_view name;
  std::string_view summary;  // one line for --help
  RunCommand* run;
  Places places = Places::stores;
  int misuse = 2;              // the exit status of wrong use
  bool changes_setup = false;  // of docker and its family, also beside what variables name
};

}  // namespace cred
