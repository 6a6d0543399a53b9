// SPDX-License-Identifier: MIT
#include "helper/cli/command_line.h"

#include <doctest/doctest.h>

#include <sstream>

#include "helper/cli/report.h"

namespace cred::test {
namespace {

struct Options {
  bool yes = false;
  std::string time = "8h";
  std::optional<std::string> from;
  std::vector<std::string> configs;
  std::vector<std::string> servers;
};

// What becomes of a command line.
struct Call {
  Options options;
  std::optional<int> answered;
  std::string out;
  std::string err;
};

Call call(std::vector<std::string> arguments) {
  Call result;
  Options& options = result.options;
  const Grammar grammar{
      .name = "try",
      .help = "Tries it.",
      .arguments = {
          {.name = "--yes", .target = &options.yes, .help = "Do not ask"},
          {.name = "--time",
           .target = &options.time,
           .help = "How long",
           .check = [](const std::string& text) -> Misuse {
             return text == "never" ? Misuse("that is too long") : std::nullopt;
           }},
          {.name = "--from", .target = &options.from, .help = "Where from", .needs = "--yes"},
          {.name = "--config", .target = &options.configs, .help = "A file", .value = "PATH"},
          {.name = "SERVER",
           .target = &options.servers,
           .help = "The servers",
           .excludes = {"--from"}}}};
  std::ostringstream out;
  std::ostringstream err;
  result.answered = parse_command_line(grammar, arguments, {{}, Notes(out), Notes(err), out});
  result.out = out.str();
  result.err = err.str();
  return result;
}

}  // namespace

TEST_CASE("a command line fills what it is given for") {
  const Call result = call({"--yes", "--config", "a", "--from", "pass", "--config", "b"});
  CHECK_FALSE(result.answered);
  CHECK(result.options.yes);
  CHECK(result.options.time == "8h");
  CHECK(result.options.from == "pass");
  CHECK(result.options.configs == std::vector<std::string>{"a", "b"});
  CHECK(call({"x", "y"}).options.servers == std::vector<std::string>{"x", "y"});
  CHECK_FALSE(call({}).options.from);
}

TEST_CASE("a command line that cannot be used is answered on stderr, safe to show") {
  const struct {
    const char* name;
    std::vector<std::string> arguments;
    std::string says;
  } rows[] = {
      {"an empty value", {"--config", ""}, "it is empty"},
      {"an option that there is not", {"--no\x1b[2J"}, "--no?[2J"},
      {"an option that is nearly one",
       {"--confg", "x"},
       "there is no option --confg; did you mean --config?"},
      {"what to type for help", {"--nothing"}, "hint: docker-credential-keyring try --help"},
      {"a value missing", {"--config"}, "--config"},
      {"a value that is refused", {"--time", "never"}, "that is too long"},
      {"one without another", {"--from", "pass"}, "--yes"},
      {"two that exclude each other", {"--yes", "--from", "pass", "x"}, "cannot stand beside"},
  };
  for (const auto& row : rows) {
    SUBCASE(row.name) {
      const Call result = call(row.arguments);
      CHECK(result.answered == exit_usage);
      CHECK(result.out.empty());
      CHECK(result.err.find(row.says) != std::string::npos);
      CHECK(result.err.find('\x1b') == std::string::npos);
    }
  }
}

TEST_CASE("commands of a command") {
  std::string chosen;
  const Grammar grammar{
      .name = "box",
      .help = "A box.",
      .commands = {{.name = "open", .help = "Open it.", .chosen = [&] { chosen = "open"; }},
                   {.name = "close", .help = "Close it.", .chosen = [&] { chosen = "close"; }}}};
  const struct {
    std::vector<std::string> arguments;
    std::string says;
  } rows[] = {
      {{}, "box needs a command: open, close"},
      {{"opne"}, "there is no command box opne; did you mean open?"},
      {{"shake"}, "there is no command box shake; there are open, close"},
      {{"open", "it"}, "open takes no it"},
      {{"open", "--wide"}, "there is no option --wide"},
      {{"--wide", "open"}, "there is no option --wide"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.says);
    std::ostringstream out;
    std::ostringstream err;
    const CommandContext context{{}, Notes(out), Notes(err), out};
    CHECK(parse_command_line(grammar, row.arguments, context) == exit_usage);
    CHECK(err.str().find(row.says) != std::string::npos);
  }
  std::ostringstream out;
  const std::vector<std::string> arguments{"close", "--help"};
  CHECK(parse_command_line(grammar, arguments, {{}, Notes(out), Notes(), out}) == exit_done);
  CHECK(out.str().starts_with("Usage: docker-credential-keyring box close\n"));
}

TEST_CASE("help is an answer too") {
  const Call result = call({"--help"});
  CHECK(result.answered == exit_done);
  CHECK(result.out.find("Tries it.") != std::string::npos);
  CHECK(result.out.find("--config") != std::string::npos);
  CHECK(result.err.empty());
}

}  // namespace cred::test
