// SPDX-License-Identifier: MIT
// toml++, which would end the program where it asserts, of what lies in a file, what it refuses a
// few lines later: "[" and the end of the line. Private to helper/files.
#pragma once

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): toml++ looks for a macro
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>
