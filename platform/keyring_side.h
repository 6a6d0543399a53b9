// SPDX-License-Identifier: MIT
// What both modules need on their side of the border. Private to them.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "platform/keyring/bus/service.h"
#include "platform/keyring_module.h"

namespace cred::border {

inline Text text_of(std::string_view text) { return {text.data(), text.size()}; }
inline std::string string_of(const Text& text) { return {text.data, text.size}; }

inline std::vector<std::string> strings_of(const Texts& texts) {
  std::vector<std::string> strings;
  for (std::size_t i = 0; i < texts.size; ++i) strings.push_back(string_of(texts.data[i]));
  return strings;
}

inline Attributes attributes_of(const Texts& texts) {
  Attributes attributes;
  for (std::size_t i = 0; i + 1 < texts.size; i += 2) {
    attributes.emplace(string_of(texts.data[i]), string_of(texts.data[i + 1]));
  }
  return attributes;
}

inline void tell(const Answer& answer, std::string_view text) {
  answer.text(answer.taker, text_of(text));
}

// Runs `work` up to the border, where an exception becomes a failure told.
template <typename Work>
auto guard(const Answer& answer, Work work) noexcept {
  try {
    return work();
  } catch (const Error& failure) {
    answer.failure(answer.taker, static_cast<std::int32_t>(failure.code()),
                   text_of(failure.what()));
  } catch (...) {
    answer.failure(answer.taker, kUnexpected, text_of(""));
  }
  return decltype(work())();
}

}  // namespace cred::border
