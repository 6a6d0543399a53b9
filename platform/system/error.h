// SPDX-License-Identifier: MIT
// How everything here fails, and says no.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace cred {

// What went wrong, as far as a caller has to tell failures apart. helper/cli/hints.cpp says for
// each what people can do.
enum class Errc {
  bad_request,         // the input cannot be used; nothing was touched
  not_found,           // nothing is stored for the server
  unavailable,         // the keyring cannot be reached at all
  bus_refused,         // the session bus is another user's, or lets this user not in
  no_collection,       // the keyring is there, but has no default collection and could make none
  locked,              // the keyring is locked, and nobody can be asked
  refused,             // the user was asked to unlock the keyring and did not
  timed_out,           // the keyring or the user did not answer in time
  no_object,           // the keyring has not, or no more, the object that it named
  keyring_failed,      // the keyring reported a failure of its own
  no_library,          // a library that the keyring needs is missing, or too old
  vault_missing,       // there is no vault where one is needed
  vault_elsewhere,     // the vault lies where this environment does not look
  vault_locked,        // the vault is locked, and nobody can be asked
  vault_refused,       // the user was asked for the passphrase and did not give it
  wrong_passphrase,    // the user gave passphrases, and none unlocks the vault
  vault_unsafe,        // the vault is damaged, altered, or open to others: it is not used
  wrong_key,           // a passphrase, a key file or an unsealed key does not unlock the vault
  unsettled,           // a change of the vault may be in, and may not
  no_place_library,    // a library that a shared vault needs is missing
  place_unreachable,   // nobody answers where a shared vault is kept
  place_refused,       // who keeps the shared vault does not let us in, or write
  not_joined,          // a shared vault that was to be joined is not there, or not unlocked
  key_replaced,        // this machine's key does not unlock a newer state of a shared vault
  place_unfit,         // what is kept there is not taken: another vault, an older one, none at all
  not_unsealed,        // clevis, or the TPM or server behind it, did not give the key
  key_command_failed,  // the command that prints the vault's key did not
  not_sealed,          // the same for a key that was to be made
  no_store,            // neither the keyring nor a vault can take a credential
  helper_failed,       // another credential helper did
  home_absent,         // home, which is asked through a socket, does not answer
  home_failed,         // it began to answer, and failed
  home_refused,        // home does not allow that
  left_behind,         // a command failed after a part of it, which could not be taken back
  io,                  // a file or a descriptor did
};

// Whether nothing answered where a keyring would: there may be none.
[[nodiscard]] constexpr bool is_out_of_reach(Errc code) {
  return code == Errc::unavailable || code == Errc::bus_refused;
}

// Whether somebody who was asked said no or what is wrong, or something took too long: an answer,
// most often.
[[nodiscard]] constexpr bool is_declined(Errc code) {
  return code == Errc::refused || code == Errc::vault_refused || code == Errc::wrong_passphrase ||
         code == Errc::timed_out;
}

// Whether a store would have to be unlocked.
[[nodiscard]] constexpr bool is_locked(Errc code) {
  return code == Errc::locked || code == Errc::vault_locked;
}

// Messages: lower case, no full stop; they name the thing, never a secret.
class Error : public std::runtime_error {
 public:
  Error(Errc code, const std::string& message) : std::runtime_error(message), code_(code) {}

  // About the file at `path`, which `message` names as well.
  Error(Errc code, const std::string& message, const std::filesystem::path& path)
      : std::runtime_error(message),
        code_(code),
        path_(std::make_shared<const std::filesystem::path>(path)) {}

  [[nodiscard]] Errc code() const noexcept { return code_; }

  // nullptr if it is about no file.
  [[nodiscard]] const std::filesystem::path* path() const noexcept { return path_.get(); }

 private:
  Errc code_;
  std::shared_ptr<const std::filesystem::path> path_;  // to copy an Error must not fail
};

// `failure` as an Error of ours. Of one that is not, nothing is told: what() may quote a secret.
[[nodiscard]] inline Error as_error(const std::exception& failure) {
  const auto* known = dynamic_cast<const Error*>(&failure);
  return known != nullptr ? *known : Error(Errc::io, "internal error");
}

// The answer of a function that may say no, where that is no failure: std::optional<Refusal>, which
// is empty when nothing is against it.
struct Refusal {
  std::string reason;  // for people, as an Error's message: lower case, no full stop, no secret
};

}  // namespace cred
