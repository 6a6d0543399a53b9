// SPDX-License-Identifier: MIT
// What the fuzz targets share. A target is a function that takes any text and says what has to be
// true of what the code makes of it. The first thing that is not ends the run; libFuzzer keeps the
// text as a file, and tests/fuzz/run names it. What a target finds becomes a row and, here, a seed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/system/error.h"

namespace cred::test {

// The target: a file has one.
void fuzz(const std::string& input);

// Ends the run unless it is true; `property` says what was expected.
void hold(bool is_true, std::string_view property);

// A word to be a secret in the seeds, which no message may hold.
inline constexpr std::string_view kSecretWord = "hunter2-hunter2";

// The Error that `work` throws; nullopt if it throws none. Whatever else it throws is a finding.
template <typename Work>
std::optional<Error> failure_of(Work work) {
  try {
    work();
    return std::nullopt;
  } catch (const Error& failure) {
    return failure;
  }
}

// What `work` returns; nullopt if it throws an Error, which must not hold the secret.
template <typename Work>
auto result_of(Work work) {
  std::optional<decltype(work())> result;
  const auto failure = failure_of([&] { result.emplace(work()); });
  const bool is_quiet =
      !failure || std::string_view(failure->what()).find(kSecretWord) == std::string_view::npos;
  hold(is_quiet, "an Error holds no secret");
  return result;
}

// What stands before the first `separator`, and what stands behind it.
std::pair<std::string, std::string> cut(std::string_view text, std::string_view separator = "\n");

// The parts between the separators: one at least.
std::vector<std::string> parts_of(std::string_view text, std::string_view separator = "\n");

}  // namespace cred::test
