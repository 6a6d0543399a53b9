// SPDX-License-Identifier: MIT
// One page: arguments → open a store → run a verb or a command. What docker's verbs fail with ends
// here.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "helper/cli/foreign_places.h"
#include "helper/cli/hints.h"
#include "helper/cli/report.h"
#include "helper/commands.h"
#include "helper/protocol/protocol.h"
#include "platform/open_store.h"
#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/process.h"
#include "platform/system/secret.h"
#include "platform/system/terminal.h"
#include "platform/text/notes.h"

namespace {

using namespace cred;

// Room for two texts of the largest size with every character escaped, and a server.
constexpr std::size_t kLargestInput = std::size_t{16} << 20;

std::string read_stdin() { return read_all(STDIN_FILENO, kLargestInput, "stdin"); }

std::string usage() { return "Usage: " + std::string(kProgram) + ' ' + protocol_usage() + '\n'; }

int run_for_docker(std::string_view verb, std::ostream& out) {
  const Notes notes(std::cerr);
  const Environment environment = Environment::of_process(notes);
  const Settings settings = read_settings(environment);  // what is wrong in it, doctor says
  const auto store = open_store_and_home(environment, settings, notes);
  const auto hint = [](const Error& failure) {
    return hint_for(failure, Attendance::of_process());
  };
  run_protocol_verb(verb, {*store, settings, environment, read_stdin, out, notes, hint});
  return exit_done;
}

// What was typed is no call that there is: docker's usage is the answer, and people are told more.
int answer_misuse(std::span<const std::string> arguments, std::ostream& out, const Notes& err) {
  out << usage();
  if (arguments.empty()) {
    // A kubelet whose configuration has no args logs what is said here.
    if (isatty(STDIN_FILENO) == 0) {
      err.hint("a kubelet gives it the argument kubelet: ", kProgram,
               " kubelet --print-config writes that configuration");
    }
  } else if (is_protocol_verb(arguments.front()) && !arguments[1].starts_with('-')) {
    err.hint(arguments.front(), " reads what it is about from stdin: echo ", arguments[1], " | ",
             kProgram, " ", arguments.front());
  } else if (const auto meant = command_meant(arguments.front());
             meant && *meant != arguments.front()) {
    err.hint("did you mean ", *meant, "?");
  } else {
    err.hint(kProgram, " --help");
  }
  return exit_failed;
}

// For which nothing is looked at, not even whose account this is.
std::string whole_help() {
  const char* columns = std::getenv("COLUMNS");
  return usage() + command_help(terminal_width(STDOUT_FILENO, columns == nullptr ? "" : columns));
}

// `help` and `help COMMAND`, as --help.
std::vector<std::string> as_option(std::span<const std::string> arguments) {
  std::vector<std::string> turned(arguments.begin() + 1, arguments.end());
  turned.emplace_back("--help");
  return turned;
}

int run_command(const Command& command, std::vector<std::string> arguments, std::ostream& out,
                std::string& work) {
  const Notes err(std::cerr);
  const Environment environment = Environment::of_process(err);
  // A shell asks: what was typed is to be looked at, and nothing of it obeyed.
  const bool is_for_shell =
      command.name == "completion" && !arguments.empty() && arguments.front() == "words";
  const auto colour = is_for_shell ? ColourChoice::never : take_colour_choice(arguments);
  if (!colour) {
    err.note("--color takes auto, always or never");
    return command.misuse;
  }
  const CommandContext context{
      .environment = environment,
      .out = Notes(out),
      .err = err,
      .document = out,
      .work = &work,
      .width = terminal_width(STDOUT_FILENO, environment.get("COLUMNS").value_or("")),
      .at_terminal = is_terminal(STDOUT_FILENO),
      .colours = Colours(*colour, STDOUT_FILENO, environment)};
  if (is_for_shell) {
    complete(std::span(arguments).subspan(1), context);
    return exit_done;
  }
  if (command.changes_setup && environment.get(kJobVariable)) {
    err.note("this is a job of run, whose store is gone when it ends: ", command.name,
             " would change the files of your home for it, and was not done");
    return exit_failed;
  }
  if (const auto refusal = refuse_foreign_places(command, arguments, context.environment)) {
    err.note(refusal->reason);
    return command.misuse;
  }
  return command.run(arguments, context);
}

// `work` gets what was done.
int run(std::span<const std::string> arguments, std::ostream& out, std::string& work) {
  const std::string verb = arguments.empty() ? "" : arguments.front();
  if (verb == "help") return run(as_option(arguments), out, work);
  if (const Command* command = find_command(verb)) {
    return run_command(*command, {arguments.begin() + 1, arguments.end()}, out, work);
  }
  const Notes err(std::cerr);
  const bool is_asking =
      arguments.empty() && is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO);
  if (is_asking || (arguments.size() == 1 && (verb == "--help" || verb == "-h"))) {
    out << whole_help();
    return is_asking ? exit_failed : exit_done;
  }
  if (arguments.size() != 1) return answer_misuse(arguments, out, err);
  if (is_protocol_verb(verb)) return run_for_docker(verb, out);
  if (verb == "version" || verb == "--version" || verb == "-v") {
    out << kProgram << " (" << kProgram << ") v" << DCK_VERSION << '\n';
    return exit_done;
  }
  const auto meant = command_meant(verb);
  err.hint(meant ? "did you mean " + *meant + '?' : std::string(kProgram) + " --help");
  throw Error(Errc::bad_request, std::string(kProgram) + ": unknown action: " + verb);
}

// Docker reads it on stdout; people find it on stderr, and programs in the document they asked for.
int report_failure(const std::exception& failure, std::span<const std::string> arguments,
                   std::ostream& out) {
  const Notes err(std::cerr);
  if (arguments.empty() || find_command(arguments.front()) == nullptr) {
    return report(failure, Notes(out), err);
  }
  return asks_for_json(arguments) ? report_json(failure, out) : report_beside(failure, err);
}

}  // namespace

int main(int argc, char** argv) {
  settle_process();
  std::ostringstream out;
  std::string work;
  int status = exit_failed;
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  try {
    status = run(arguments, out, work);
  } catch (const std::exception& failure) {
    out.str("");
    status = report_failure(failure, arguments, out);
  }
  wipe_stack();
  try {
    write_all(STDOUT_FILENO, out.view(), "stdout");
  } catch (const Error& failure) {
    const Notes err(std::cerr);
    err.note(failure.what());
    if (work.empty()) return exit_failed;
    err.note("all the same ", work);
    return exit_partial;
  }
  return status;
}
