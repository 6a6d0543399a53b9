// SPDX-License-Identifier: MIT
// What somebody answers in the place of an etcd; and the same bytes as a vault that is put there.
#include <string>

#include "platform/vault/place/etcd_messages.h"
#include "tests/fuzz/fuzz.h"

namespace cred::test {

void fuzz(const std::string& input) {
  constexpr std::size_t kPrefix = 5;
  if (const auto answer = read_etcd_answer(input)) {
    hold(input.size() >= kPrefix && answer->revision != 0, "an answer is whole");
    hold(!answer->value || input.find(*answer->value) != std::string::npos,
         "the value stands in the answer");
  }
  const std::string request = etcd_replace("/dck/vault", input, 7);
  std::size_t size = 0;
  for (const char c : request.substr(1, kPrefix - 1)) {
    size = size << 8U | static_cast<unsigned char>(c);
  }
  hold(request.size() == kPrefix + size, "a request says how long it is");
  hold(request.find(input) != std::string::npos, "the vault stands in it as it is");
}

}  // namespace cred::test
