// SPDX-License-Identifier: MIT
#include "helper/cli/completion_words.h"

#include <doctest/doctest.h>

#include "platform/text/strings.h"

namespace cred::test {
namespace {

struct ToolOptions {
  bool yes = false;
  std::string file;
  std::vector<std::string> pair;
  std::vector<std::string> many;
  std::vector<std::string> servers;
};

std::string words(const std::vector<std::string>& typed) {
  ToolOptions options;
  const Grammar grammar{
      .name = "box",
      .help = "A box.",
      .arguments = {{"--yes", &options.yes, "Do not ask"},
                    {"--file", &options.file, "A file", "PATH"},
                    {.name = "-p,--pair",
                     .target = &options.pair,
                     .help = "Two values",
                     .value = "A B",
                     .values = 2,
                     .words = [](const Environment&) { return std::vector<std::string>{"v"}; }},
                    {.name = "--many",
                     .target = &options.many,
                     .help = "As many as there are",
                     .value = "A…",
                     .values = Argument::kSeveral,
                     .words = [](const Environment&) { return std::vector<std::string>{"w"}; }},
                    {.name = "SERVER",
                     .target = &options.servers,
                     .help = "Where",
                     .words =
                         [](const Environment&) {
                           return std::vector<std::string>{"a.example", "a$(x).example", "b c"};
                         }}},
      .commands = {{.name = "open", .help = "Open it."}}};
  return completion_lines(completion_words(grammar, typed, {}));
}

}  // namespace

TEST_CASE("what may be typed next") {
  CHECK(words({""}) == "open\tOpen it.\na.example\n");
  CHECK(words({"o"}) == "open\tOpen it.\n");
  CHECK(words({"a"}) == "a.example\n");
  CHECK(words({"--y"}) == "--yes\tDo not ask\n");
  CHECK(words({"--yes", "--p"}) == "--pair\tTwo values\n");
  CHECK(words({"--file", ""}) == ":files\n");
  CHECK(words({"--pair", ""}) == "v\n");
  CHECK(words({"-p", "x", ""}) == "v\n");
  CHECK(words({"-p", "x", "y", "o"}) == "open\tOpen it.\n");
  CHECK(words({"--many", ""}) == "w\n");
  CHECK(words({"--many", "x", "y", ""}) == "w\n");
  CHECK(words({"--many", "x", "--y"}) == "--yes\tDo not ask\n");
  CHECK(words({"open", ""}).empty());
  CHECK(words({"open", "--h"}) == "--help\tShow this page\n");
}

}  // namespace cred::test
