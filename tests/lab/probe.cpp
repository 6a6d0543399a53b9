// SPDX-License-Identifier: MIT
// probe MILLISECONDS: whether the keyring of the session at hand is usable, as Keyring::is_usable()
// has it: "usable", or why not; and then what a get finds, with the usual limits.
#include <chrono>
#include <iostream>
#include <string>

#include "platform/environment.h"
#include "platform/error.h"
#include "platform/keyring_store.h"
#include "platform/settings.h"

int main(int argc, char** argv) {
  using namespace cred;
  if (argc != 2) return 2;
  const auto environment = Environment::of_process();
  const auto keyring =
      open_keyring_store(environment, read_settings(environment, std::cerr), std::cerr);
  std::string why_not = "unset";
  const bool usable = keyring->is_usable(std::chrono::milliseconds(std::stoi(argv[1])), why_not);
  std::cout << (usable ? "usable" : why_not) << std::endl;
  // Again, for nothing: no time, and the same answer.
  std::string again;
  if (keyring->is_usable(std::chrono::milliseconds(0), again) != usable || again != why_not) {
    std::cout << "then: " << again << '\n';
  }
  try {
    const auto found = keyring->get("known.example");
    std::cout << (found ? found->username : "nothing") << '\n';
  } catch (const Error& failure) {
    std::cout << failure.what() << '\n';
  }
  return 0;
}
