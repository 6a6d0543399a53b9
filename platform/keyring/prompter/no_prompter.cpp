// SPDX-License-Identifier: MIT
// What asks the user, of a program that was built without it.
#include "platform/keyring/prompter/libsecret_prompter.h"

namespace cred {

std::optional<Error> libsecret_problem() {
  return Error(Errc::no_library,
               "this program was built without libsecret, which shows the keyring's questions");
}

std::unique_ptr<KeyringPrompter> open_libsecret_keyring(const std::string& /*bus_address*/,
                                                        const Limits& /*limits*/,
                                                        const std::string& /*dismissed*/,
                                                        const Notes& /*notes*/) {
  throw Error(*libsecret_problem());
}

}  // namespace cred
