// SPDX-License-Identifier: MIT
// What is said of a library that cannot be used; tests/keyring/libraries.sh has the whole story.
#include "platform/system/library.h"

#include <doctest/doctest.h>

#include <cstring>

#include "platform/system/error.h"

namespace cred::test {

TEST_CASE("a library: its functions, or why it cannot be used") {
  const Library c("libc.so.6");
  std::size_t (*length)(const char*) = nullptr;
  c.take("strlen", length);
  CHECK(length("four") == 4);
  try {
    c.take("strlen_of_tomorrow", length);
    FAIL("no such function");
  } catch (const Error& failure) {
    CHECK(failure.code() == Errc::no_library);
    CHECK(std::string(failure.what()) ==
          "the library libc.so.6 cannot be loaded: it is too old, it has no function "
          "strlen_of_tomorrow");
  }
  try {
    const Library none("libnone.so.1");
    FAIL("no such library");
  } catch (const Error& failure) {
    CHECK(failure.code() == Errc::no_library);
    CHECK(std::string(failure.what()) ==
          "the library libnone.so.1 cannot be loaded: cannot open shared object file: No such file "
          "or directory");
  }
}

}  // namespace cred::test
