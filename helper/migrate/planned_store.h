// SPDX-License-Identifier: MIT
// The store as a migration will leave it: what it holds now, and on top of it what is planned.
// Reads the store, each server once; changes nothing. Private to helper/migrate.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "helper/migrate/plan.h"
#include "platform/store/store.h"

namespace cred {

class PlannedStore {
 public:
  // With `replace` a different credential is replaced, stored or planned; to what this run stored
  // itself, `own`, any other does.
  PlannedStore(Store& store, bool replace, std::span<const PlannedCredential> own)
      : store_(store), replace_(replace), own_(own) {}

  // Plans to store `credential`; refused where another one for its server would be replaced,
  // or where another one would answer for a host whose answer is to be kept.
  [[nodiscard]] std::optional<Refusal> claim(const Credential& credential);

  // The credentials so far are those of the program `name`, and no file's replace them.
  void end_of_helper(std::string name);

  // What will answer for `host`; nullptr for nothing. Valid until the next call.
  [[nodiscard]] const Credential* answer(const std::string& host);

  // Whether somebody has logged in to the registry of `server`, as far as it is known without
  // asking.
  [[nodiscard]] bool knows(const std::string& server);

  // Whatever is claimed from here on, what answers for `host` now goes on to answer: where another
  // spelling would go before it, it is stored under `host` as well. The store is read once
  // something of the registry is claimed, and else not at all.
  void keep_answer(const std::string& host);

  // Takes back what was claimed since `mark`.
  struct Mark {
    std::size_t planned, replaced;
  };
  [[nodiscard]] Mark mark() const { return {planned_.size(), replaced_.size()}; }
  void take_back(const Mark& mark);

  [[nodiscard]] StoreId id_for(const std::string& server) { return store_.id_for(server); }
  [[nodiscard]] std::vector<PlannedCredential> take() && { return std::move(planned_); }

 private:
  struct KeptAnswer {
    std::string host;
    Credential credential;
    bool may_be_stored;  // under `host` too: it comes from a file
  };

  [[nodiscard]] const std::optional<Credential>& stored(const std::string& server);
  [[nodiscard]] std::optional<Refusal> claim_from_store(const Credential& credential);
  [[nodiscard]] std::optional<Refusal> claim_again(std::size_t position,
                                                   const Credential& credential);
  [[nodiscard]] bool may_replace(const Credential& stored) const;
  void read_answers(const std::string& registry);
  [[nodiscard]] std::optional<Refusal> keep_answers(const std::string& server);
  [[nodiscard]] Refusal held_by(const Credential& other);
  void add(const Credential& credential);
  std::set<std::string>& spellings_of(const std::string& registry);

  Store& store_;
  bool replace_;
  std::span<const PlannedCredential> own_;
  std::vector<PlannedCredential> planned_;
  std::vector<std::pair<std::size_t, Credential>> replaced_;   // what was wanted in planned_ before
  std::map<std::string, std::size_t, std::less<>> positions_;  // server → planned_
  std::map<std::string, std::optional<Credential>, std::less<>> stored_;
  // By the registry, as image_prefix() spells it: the servers that are stored or planned.
  std::optional<std::map<std::string, std::set<std::string>>> spellings_;
  std::map<std::string, std::set<std::string>> to_keep_;  // by the registry: hosts not yet read
  std::multimap<std::string, KeptAnswer> kept_;
  std::string helper_;
  std::size_t taken_over_ = 0;  // how many of planned_ are the helper's
};

}  // namespace cred
