// SPDX-License-Identifier: MIT
// A vault that several machines share, as a machine has it: taken from its place, brought up to
// date. sharing.h puts it there; what is changed in it goes by VaultManager and the store, as ever.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platform/store/settings.h"
#include "platform/system/environment.h"
#include "platform/text/notes.h"

namespace cred {

// What a machine knows of the place of its vault.
struct SharedStatus {
  std::string place = {};
  std::string id = {};           // of the vault that is taken from there, hexadecimal
  std::uint64_t generation = 0;  // of the copy, when it was last compared
  std::uint64_t checked = 0;     // when that was, in seconds since 1970; 0: never
  bool by_one_member = false;    // then, of an etcd without a majority
  std::string refused = {};      // why what was there since is not taken; empty if nothing was
  bool is_too_old = false;       // by "vault_copy_max_age_s"
};

// nullopt if the vault is not shared. Reads one small file, and fails never.
[[nodiscard]] std::optional<SharedStatus> shared_status(const Environment& environment,
                                                        const Settings& settings);

// When the certificate of "vault_cert" ends, in seconds since 1970; nullopt if that is not known.
[[nodiscard]] std::optional<std::uint64_t> certificate_end(const Settings& settings);

// Whether this machine may write to the place: asked there, within three seconds, and nothing is
// changed. nullopt where there is no answer.
[[nodiscard]] std::optional<bool> may_write_place(const Settings& settings);

// The functions below throw Errors: place_unreachable, place_refused, place_unfit, and those of a
// vault. `settings` name the place, and the id of the vault.

struct Synced {
  bool is_new = false;                  // the copy is another than before
  std::uint64_t generation = 0;         // of the copy now
  bool has_majority = true;             // else one member alone gave the answer
  std::vector<std::string> added = {};  // servers that the copy has since
  std::string kept = {};  // a file with what was in the copy alone, and never at the place
};

// Once: compares the copy with the place, and brings it up to date. Uses this machine's own key
// alone, which is kept unlocked for the calls until the next time if clevis sealed it: nobody is
// asked, and no passphrase is stretched. Ten seconds at most in the network. Whatever fails, the
// copy stays, and the reason is kept for status.
Synced sync_copy(const Environment& environment, const Settings& settings, const Notes& notes);

struct Joined {
  Synced synced;
  std::string kept = {};  // the path of the vault that was here, if one was
  bool was_joined = false;
};

// The first time: the same, and a person may be asked for a passphrase. Throws bad_request where
// another vault is here already, or one that has left, unless it is the very same, known to be
// empty, or `must_replace`; that one is kept then, under the name that is returned. `is_joined`:
// the settings of this machine have this place already. Throws not_joined where there is nothing to
// be joined.
Joined join_place(const Environment& environment, const Settings& settings, const Notes& notes,
                  bool must_replace, bool is_joined);

// The copy is a plain vault of this machine from now on. `forget` takes the place out of the
// settings, if it is named there, while nobody writes the vault. False, and nothing was done, where
// it was not shared, by the settings or by what lies beside it.
bool leave_place(const Environment& environment, bool is_named,
                 const std::function<void()>& forget);

}  // namespace cred
