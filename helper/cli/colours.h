// SPDX-License-Identifier: MIT
// Colour and bold for people at a terminal. Nothing is told by colour alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/system/environment.h"

namespace cred {

// A part of a line (notes.h) in a colour; the text itself is made safe as all parts are. It refers
// to the text, which has to outlive it.
class Painted {
 public:
  friend void append_part(std::string& line, const Painted& part);

 private:
  friend class Colours;
  Painted(std::string_view code, std::string_view text) : code_(code), text_(text) {}
  std::string_view code_;
  std::string_view text_;
};

// What --color says.
enum class ColourChoice { automatic, always, never };

class Colours {
 public:
  // None.
  Colours() = default;

  // automatic: where `fd` is a terminal that has them, and NO_COLOR is not set.
  Colours(ColourChoice choice, int fd, const Environment& environment);

  [[nodiscard]] Painted bad(std::string_view text) const { return paint("\x1b[1;31m", text); }
  [[nodiscard]] Painted doubtful(std::string_view text) const { return paint("\x1b[33m", text); }
  [[nodiscard]] Painted good(std::string_view text) const { return paint("\x1b[32m", text); }
  [[nodiscard]] Painted strong(std::string_view text) const { return paint("\x1b[1m", text); }

 private:
  [[nodiscard]] Painted paint(std::string_view code, std::string_view text) const {
    return {is_on_ ? code : std::string_view(), text};
  }
  bool is_on_ = false;
};

// Takes --color=WHEN, or --color WHEN, out of `arguments`, wherever it stands before "--". nullopt
// if WHEN is none of auto, always and never.
[[nodiscard]] std::optional<ColourChoice> take_colour_choice(std::vector<std::string>& arguments);

}  // namespace cred
