// SPDX-License-Identifier: MIT
#include "platform/text/notes.h"

#include <doctest/doctest.h>

#include <sstream>

namespace cred::test {

TEST_CASE("what people read is made safe, part by part") {
  std::ostringstream stream;
  const Notes notes(stream);
  const std::filesystem::path file = "/tmp/a\x1b[31m\nb";
  const std::string server = "reg\u202e.example";
  SUBCASE("a line") {
    notes.line(file, " holds ", 2, " of ", server);
    CHECK(stream.str() == "/tmp/a?[31m?b holds 2 of reg?.example\n");
  }
  SUBCASE("with our name before it") {
    notes.note("moved ", file);
    notes.warn(server, " stays");
    notes.hint("docker login");
    CHECK(stream.str() ==
          "docker-credential-keyring: moved /tmp/a?[31m?b\n"
          "docker-credential-keyring: warning: reg?.example stays\n"
          "docker-credential-keyring: hint: docker login\n");
  }
  SUBCASE("several lines") {
    notes.lines("Usage:\n\n  a\tb\nend");
    CHECK(stream.str() == "Usage:\n\n  a?b\nend\n");
  }
  SUBCASE("over the line before") {
    notes.redraw("[#.]", false);
    notes.redraw("[##]\x1b", true);
    CHECK(stream.str() == "\r[#.]\r[##]?\n");
  }
  SUBCASE("for nobody") {
    const Notes silent;
    silent.note(file);
    silent.redraw("[", true);
    CHECK(stream.str().empty());
  }
  CHECK(safe_line("ask ", file, '?' + server) == "ask /tmp/a?[31m?b?reg?.example");
}

}  // namespace cred::test
