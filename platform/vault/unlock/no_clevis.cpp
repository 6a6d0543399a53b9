// SPDX-License-Identifier: MIT
// Clevis, of a program that was built without it.
#include "platform/system/error.h"
#include "platform/vault/unlock/clevis.h"

namespace cred {
namespace {

[[noreturn]] void say_there_is_none() {
  throw Error(Errc::not_unsealed, "this program was built without clevis");
}

}  // namespace

std::string clevis_seal(const Environment& /*environment*/,
                        const std::filesystem::path& /*program*/, std::string_view /*pin*/,
                        std::string_view /*config*/, const LockedBytes& /*secret*/) {
  say_there_is_none();
}

LockedBytes clevis_unseal(const Environment& /*environment*/,
                          const std::filesystem::path& /*program*/, std::string_view /*pin*/,
                          std::string_view /*sealed*/) {
  say_there_is_none();
}

std::optional<std::string> missing_for_clevis(const std::filesystem::path& /*program*/,
                                              std::string_view /*pin*/) {
  return "clevis";
}

}  // namespace cred
