// SPDX-License-Identifier: MIT
#include "helper/cli/help_page.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "platform/text/utf8.h"

namespace cred::test {
namespace {

struct TriedOptions {
  bool yes = false;
  std::string time = "8h";
  std::string user;
  std::vector<std::string> servers;
};

Grammar grammar_of(TriedOptions& options) {
  return {
      .name = "try",
      .help = "Tries a thing, and says in a sentence that is long enough what came of it.",
      .arguments =
          {{"--for", &options.time, "How long it is tried", "TIME"},
           {.name = "--yes", .target = &options.yes, .help = "Do not ask", .group = "For scripts"},
           {.name = "-u,--username",
            .target = &options.user,
            .help = "Who tries it",
            .value = "USER",
            .required = true},
           {"SERVER", &options.servers, "Where it is tried; everywhere if none is named"}},
      .examples = {"docker-credential-keyring try -u ada reg.example"}};
}

std::size_t widest(const std::string& page) {
  std::istringstream lines(page);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, display_width(line));
  return widest;
}

}  // namespace

TEST_CASE("a page of help") {
  TriedOptions options;
  const Grammar grammar = grammar_of(options);
  CHECK(help_page(grammar, "docker-credential-keyring try", 80) ==
        "Usage: docker-credential-keyring try -u, --username USER [OPTION]… [SERVER…]\n"
        "\n"
        "Tries a thing, and says in a sentence that is long enough what came of it.\n"
        "\n"
        "  SERVER  Where it is tried; everywhere if none is named\n"
        "\n"
        "Options:\n"
        "  --for TIME           How long it is tried (default: 8h)\n"
        "  -u, --username USER  Who tries it\n"
        "  --color WHEN         Colour: auto, always or never\n"
        "  -h, --help           Show this page\n"
        "\n"
        "For scripts:\n"
        "  --yes  Do not ask\n"
        "\n"
        "Examples:\n"
        "  docker-credential-keyring try -u ada reg.example\n"
        "\n"
        "More: man docker-credential-keyring-try\n");
}

TEST_CASE("a page of help is as wide as the terminal, and no wider") {
  TriedOptions options;
  Grammar grammar = grammar_of(options);
  grammar.examples.clear();
  for (const std::size_t width : {42U, 60U, 80U, 120U}) {
    CAPTURE(width);
    const std::string page = help_page(grammar, "docker-credential-keyring try", width);
    CHECK(widest(page) <= width);
    CHECK(page.find("Show this page") != std::string::npos);
  }
}

TEST_CASE("of a command with commands, the page lists them") {
  const Grammar grammar{
      .name = "box",
      .help = "A box.",
      .commands = {{.name = "open", .help = "Open it."}, {.name = "close", .help = "Close it."}}};
  const std::string page = help_page(grammar, "docker-credential-keyring box", 80);
  CHECK(page.find("Usage: docker-credential-keyring box COMMAND\n") != std::string::npos);
  CHECK(page.find("  open   Open it.\n  close  Close it.\n") != std::string::npos);
  CHECK(page.ends_with("\nMore: man docker-credential-keyring-box\n"));
  CHECK(help_page(grammar, "docker-credential-keyring box open", 80)
            .ends_with("\nMore: man docker-credential-keyring-box\n"));
}

}  // namespace cred::test
