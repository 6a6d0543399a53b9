// SPDX-License-Identifier: MIT
// What a command for people takes, said as data; and how a command line is read by it. The one file
// that knows the library behind it is command_line.cpp.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "helper/cli/command.h"

namespace cred {

// Why a value, or a command line as a whole, cannot be used: for people. nullopt: it can.
using Misuse = std::optional<std::string>;

// nullopt if parse_duration() takes `text`.
[[nodiscard]] Misuse misuse_of_time(const std::string& text);

// Where a value goes. A bool is a flag, and takes none; a vector takes several; what a target holds
// before is its default. It has to outlive the parsing.
using Target =
    std::variant<bool*, std::string*, std::optional<std::string>*, std::vector<std::string>*>;

// An option, or what is given without a name.
struct Argument {
  std::string name;  // "--config", "-u,--username"; "SERVER" is given without a name
  Target target;
  std::string help;
  std::string value = {};  // what follows the name, for --help: "PATH"

  static constexpr int kSeveral = -1;
  int values = 1;  // how many follow the name each time; kSeveral: one, and all up to an option
  bool required = false;
  std::vector<std::string> choices = {};   // the values that there are; any if it is empty
  std::string needs = {};                  // another argument, without which it means nothing
  std::vector<std::string> excludes = {};  // other arguments, which it cannot stand beside
  std::function<Misuse(const std::string&)> check = {};                    // of each value
  std::string group = {};                                                  // its heading in --help
  std::function<std::vector<std::string>(const Environment&)> words = {};  // values, to complete
};

// --json, of a command that answers in JSON when it is asked to.
[[nodiscard]] Argument json_argument(bool& json);

struct Grammar {
  std::string name;  // "vault"
  std::string help;
  std::vector<Argument> arguments = {};
  std::function<void()> chosen = {};   // called if this command was given, and is as it should be
  std::vector<Grammar> commands = {};  // of which one has to be given, if there are any
  std::function<Misuse()> check = {};  // of all values together
  std::string rest = {};               // what follows the arguments, for --help: "-- COMMAND…"
  std::vector<std::string> examples = {};  // command lines, for --help
};

// Reads `arguments` by `grammar`, and fills its targets. A status: the call was answered already,
// by help, by words for a shell or by what was wrong with it, and ends so.
[[nodiscard]] std::optional<int> parse_command_line(const Grammar& grammar,
                                                    std::span<const std::string> arguments,
                                                    const CommandContext& context);

}  // namespace cred
