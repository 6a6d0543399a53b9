// SPDX-License-Identifier: MIT
// What a key comes from, by the first line: "file", a key file; "sealed PIN", what clevis sealed;
// "config PIN", what it is to seal by.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "platform/system/file.h"
#include "platform/vault/format/clevis_checks.h"
#include "platform/vault/format/slot_key.h"
#include "platform/vault/unlock/key_file.h"
#include "tests/fuzz/fuzz.h"

namespace cred::test {
namespace {

void check_key_file(const std::string& content) {
  const Fd file(memfd_create("key", MFD_CLOEXEC));
  write_all(file.get(), content, "the key");
  hold(lseek(file.get(), 0, SEEK_SET) == 0, "the file can be read from its beginning");
  const auto key = result_of([&] { return read_key(file.get(), "key"); });
  const auto end = content.find_last_not_of("\r\n");
  const std::string material = content.substr(0, end == std::string::npos ? 0 : end + 1);
  const auto longest = looks_sealed(as_bytes(material)) ? kLargestSealed : kLongestKeyMaterial;
  const bool has_size = material.size() >= kShortestKeyMaterial && material.size() <= longest;
  if (!key) {
    // Behind what is as long as it may be, two bytes of line end are all that is looked at.
    return hold(!has_size || content.size() > kLargestSealed + 2, "a key of a right size");
  }
  hold(has_size && as_text(key->bytes()) == material, "all of the file but the line end");
}

void check_config(const std::string& pin, const std::string& config) {
  const auto checked = result_of([&] { return checked_clevis_config(pin, config); });
  hold(checked.has_value() == !failure_of([&] { check_clevis_config(pin, config); }),
       "one verdict");
  if (!checked) return;
  hold(checked_clevis_config(pin, *checked) == *checked, "the one spelling stays as it is");
  hold(clevis_caution(pin, *checked) == clevis_caution(pin, config), "and says the same");
}

void check_what_is_sealed(const std::string& pin, const std::string& sealed) {
  if (failure_of([&] { check_sealed(pin, sealed); })) return;
  constexpr std::string_view kTaken =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  hold(sealed.find_first_not_of(kTaken) == std::string::npos, "nothing that a shell could take");
  hold(pin == "tang" || pin == "tpm2" || pin == "sss", "a pin that is known");
}

}  // namespace

void fuzz(const std::string& input) {
  const auto [first, rest] = cut(input);
  const auto [kind, pin] = cut(first, " ");
  if (kind == "file") check_key_file(rest);
  if (kind == "sealed") check_what_is_sealed(pin, rest);
  if (kind == "config") check_config(pin, rest);
}

}  // namespace cred::test
