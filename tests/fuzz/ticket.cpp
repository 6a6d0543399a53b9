// SPDX-License-Identifier: MIT
// A ticket beside a vault: what keeps it unlocked, or says until when something elsewhere may.
#include "platform/vault/unlock/ticket.h"

#include <unistd.h>

#include <ctime>
#include <string>

#include "platform/system/file.h"
#include "platform/text/number_bytes.h"
#include "platform/vault/format/sealing.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

// "dckopen1", the second until which it counts, and the sealed key.
std::optional<std::uint64_t> until(std::string_view ticket) {
  constexpr std::size_t kMark = 8;
  constexpr std::size_t kNumber = 8;
  constexpr std::size_t kSealed = kNonceSize + kDataKeySize + kTagSize;
  if (ticket.size() != kMark + kNumber + kSealed || !ticket.starts_with("dckopen1")) {
    return std::nullopt;
  }
  return number_in(ticket.substr(kMark, kNumber));
}

}  // namespace

void fuzz(const std::string& input) {
  static const TemporaryFolder folder;
  static const Fd opened(open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  replace_file(folder.path() / ("open-" + to_hex("a ticket of ours")), input);
  const VaultTickets tickets(opened.get(), "a vault's own id");
  hold(!tickets.find(), "no ticket counts without the kernel's key");

  const auto now = static_cast<std::uint64_t>(std::time(nullptr));
  const auto expected = until(input);
  const auto said = tickets.elsewhere_until();
  if (said) return hold(said == expected && *said > now, "it counts until it says");
  const auto later = static_cast<std::uint64_t>(std::time(nullptr));
  hold(!expected || *expected <= later, "a whole ticket counts");
}

}  // namespace cred::test
