// SPDX-License-Identifier: MIT
#include "helper/cli/report.h"

#include <doctest/doctest.h>

#include <sstream>

#include "helper/cli/hints.h"
#include "platform/system/error.h"
#include "platform/system/told.h"

namespace cred::test {

TEST_CASE("what went wrong, what to do next") {
  struct Row {
    const char* name;
    Errc code;
    bool hint;
  };
  const Row rows[] = {
      {"bad request", Errc::bad_request, false},
      {"not found", Errc::not_found, false},
      {"unavailable", Errc::unavailable, true},
      {"no collection", Errc::no_collection, true},
      {"locked", Errc::locked, true},
      {"refused", Errc::refused, true},
      {"timed out", Errc::timed_out, true},
      {"keyring", Errc::keyring_failed, true},
      {"io", Errc::io, false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      std::ostringstream out;
      std::ostringstream err;
      CHECK(report(Error(row.code, "it failed"), Notes(out), Notes(err)) == 1);
      CHECK(out.str() == "it failed\n");
      CHECK(err.str().starts_with("docker-credential-keyring: hint: ") == row.hint);
    }
  }
  SUBCASE("a part was done") {
    std::ostringstream out;
    std::ostringstream err;
    CHECK(report(Error(Errc::left_behind, "it failed"), Notes(out), Notes(err)) == exit_partial);
    CHECK(err.str().find("hint: ") != std::string::npos);
  }
  SUBCASE("a foreign exception may quote a secret") {
    std::ostringstream out;
    std::ostringstream err;
    CHECK(report(std::runtime_error("hunter2"), Notes(out), Notes(err)) == 1);
    CHECK(out.str() == "internal error\n");
  }
}

TEST_CASE("what people have been told is not hinted at again") {
  std::ostringstream out;
  std::ostringstream err;
  CHECK(report(ToldError(Error(Errc::locked, "it failed")), Notes(out), Notes(err)) == 1);
  CHECK(out.str() == "it failed\n");
  CHECK(err.str().empty());
}

TEST_CASE("beside a document all goes to stderr, on lines that bear our name") {
  std::ostringstream err;
  CHECK(report_beside(Error(Errc::locked, "a\x1b[2J\nb"), Notes(err)) == exit_failed);
  CHECK(err.str() ==
        "docker-credential-keyring: a?[2J?b\n"
        "docker-credential-keyring: hint: " +
            hint_for(Error(Errc::locked, ""), Attendance::of_process()) + '\n');
}

}  // namespace cred::test
