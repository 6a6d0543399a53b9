// SPDX-License-Identifier: MIT
// What may stand at the place of a command line that is being typed: for a shell's completion.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "helper/cli/command_line.h"

namespace cred {

struct CompletionWord {
  std::string word;
  std::string help;  // one line; may be empty
};

struct CompletionWords {
  std::vector<CompletionWord> words;
  bool takes_file = false;  // and so may the name of any file
};

// `typed` is what stands behind the name of the command; the last of it, which may be empty, is
// what the words begin with.
[[nodiscard]] CompletionWords completion_words(const Grammar& grammar,
                                               std::span<const std::string> typed,
                                               const Environment& environment);

// A line for each word, with a tab before its help; then ":files" where a file may be named.
[[nodiscard]] std::string completion_lines(const CompletionWords& words);

// Values of arguments, as far as they can be known without a store: none of these asks anybody,
// opens anything, or fails.

// By the index.
[[nodiscard]] std::vector<std::string> indexed_servers(const Environment& environment);

// NAME of each docker-credential-NAME on PATH, but ours.
[[nodiscard]] std::vector<std::string> helpers_on_path(const Environment& environment);

}  // namespace cred
