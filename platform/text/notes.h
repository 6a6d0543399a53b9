// SPDX-License-Identifier: MIT
// The writer for people: all that they read, on stdout, stderr and at the terminal, goes through
// it. It takes lines in parts, our own text and values, and makes each part safe (printable.h): a
// value may come from a file that anybody wrote. Documents for programs (docker's protocol, the
// kubelet's, export, --json) do not go through it, but to their stream byte for byte.
#pragma once

#include <concepts>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>

#include "platform/text/printable.h"

namespace cred {

// The name of the program, and of our folders.
inline constexpr const char* kProgram = "docker-credential-keyring";

inline void append_part(std::string& line, std::string_view text) { append_printable(line, text); }
inline void append_part(std::string& line, const std::same_as<std::filesystem::path> auto& path) {
  append_printable(line, path.native());
}
inline void append_part(std::string& line, std::integral auto number) {
  static_assert(!std::same_as<decltype(number), bool> && !std::same_as<decltype(number), char>);
  line += std::to_string(number);
}

// The parts as one line that is safe to show, without a line end: for a prompt, or a column.
template <typename... Parts>
[[nodiscard]] std::string safe_line(const Parts&... parts) {
  std::string line;
  (append_part(line, parts), ...);
  return line;
}

// `text` has several lines, as a help text: each is made safe, and ends with a line end.
[[nodiscard]] std::string safe_lines(std::string_view text);

// Where such lines go. Passed by value: it only refers to its stream, which must outlive it.
class Notes {
 public:
  // Nobody reads them.
  Notes() = default;
  explicit Notes(std::ostream& stream) : stream_(&stream) {}

  // A part is text, a path or a number; a line is written at once.
  template <typename... Parts>
  void line(const Parts&... parts) const {
    write(safe_line(parts...) + '\n');
  }

  // "docker-credential-keyring: ...", which tells our words from docker's on a stderr of both.
  template <typename... Parts>
  void note(const Parts&... parts) const {
    line(kProgram, ": ", parts...);
  }
  template <typename... Parts>
  void warn(const Parts&... parts) const {
    note("warning: ", parts...);
  }
  // What to do next.
  template <typename... Parts>
  void hint(const Parts&... parts) const {
    note("hint: ", parts...);
  }

  // As safe_lines().
  void lines(std::string_view text) const { write(safe_lines(text)); }

  // Writes over the line at which the cursor is, which must be a terminal's; the last time ends it.
  void redraw(std::string_view text, bool is_last) const;

 private:
  void write(const std::string& text) const;

  std::ostream* stream_ = nullptr;
};

}  // namespace cred
