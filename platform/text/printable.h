// SPDX-License-Identifier: MIT
// Text that is safe to show. Who writes for people uses Notes (notes.h), which makes all of it
// safe.
#pragma once

#include <string>
#include <string_view>

namespace cred {

// `text` on one line, and without what could steer a terminal or deceive its reader: it may come
// from a file that anybody wrote. Control characters (C0, DEL, C1; newline and tab too), line
// separators, marks of direction, and bytes that are not UTF-8 become '?' each.
[[nodiscard]] std::string printable(std::string_view text);
void append_printable(std::string& line, std::string_view text);

// `text` with a '?' for each byte that is no printable ASCII: for what others read, and may not
// expect more.
[[nodiscard]] std::string plain_ascii(std::string_view text);

// `json`, a document in UTF-8, with the same characters as \uXXXX where they are parts of strings.
// Its line ends stay.
[[nodiscard]] std::string printable_json(std::string_view json);

}  // namespace cred
