// SPDX-License-Identifier: MIT
// What makes the vault a Store: when it has to be unlocked, and what is known while it is locked.
#include "platform/vault/store.h"

#include <algorithm>
#include <utility>

#include "platform/system/error.h"
#include "platform/system/told.h"
#include "platform/vault/format/clock.h"
#include "platform/vault/storage/local_storage.h"
#include "platform/vault/storage/storage.h"
#include "platform/vault/vault.h"

namespace cred {
namespace {

class VaultStore final : public Backend {
 public:
  VaultStore(std::unique_ptr<Storage> storage, const BackendContext& context)
      : environment_(context.environment),
        notes_(context.notes),
        vault_(context.environment, context.settings, std::move(storage), context.notes),
        index_(context.index) {}

  using Store::put;

  void put(std::span<const Credential> credentials, const Progress& progress) override {
    if (const VaultContents* contents = vault_.read_before_change()) learn(*contents);
    // Before the vault: if we are killed in between, the index errs towards "maybe".
    index_->add_seen(servers_of(credentials), kVaultId);
    const auto now = seconds_now();
    const std::uint64_t generation = vault_.rewrite(
        [&](Vault::Change& change) {
          for (const auto& credential : credentials) {
            change.credentials.insert_or_assign(
                credential.server,
                VaultCredential{credential.username, credential.secret.copy(), now});
          }
        },
        *index_);
    written_ = StoreState{to_hex(vault_.header_read().id), generation};
    for (std::size_t done = 1; progress && done <= credentials.size(); ++done) {
      progress(done, credentials[done - 1].server);
    }
  }

  void unlock_for(std::span<const std::string> /*servers*/) override {
    static_cast<void>(vault_.read(Effort::full));
  }

  std::optional<Credential> get(std::string_view server) override {
    const std::vector<std::string> servers{std::string(server)};
    const VaultContents* contents = read_for(servers);
    if (contents == nullptr) return std::nullopt;
    const auto* found = contents->find(server);
    if (found == nullptr) return std::nullopt;
    index_->add_seen(servers, kVaultId);
    return Credential{std::string(found->server), std::string(found->username),
                      Secret(found->secret)};
  }

  void erase(std::span<const std::string> servers) override {
    const VaultContents* contents = read_for(servers);
    const bool is_of_put = std::exchange(written_, std::nullopt) == state_read(contents);
    // What others stored in a shared vault the copy does not show. The erase that belongs to a put
    // is of what is older than that, and was seen by it.
    const auto may_be_in = [&](const std::string& server) {
      return (vault_.storage().is_shared() && !is_of_put) || contents->find(server) != nullptr;
    };
    if (contents != nullptr && std::ranges::any_of(servers, may_be_in)) {
      vault_.rewrite(
          [&](Vault::Change& change) {
            for (const auto& server : servers) change.credentials.erase(server);
          },
          *index_, servers);
    }
    index_->remove(servers, kVaultId);
  }

  std::map<std::string, std::string> list() override {
    if (const VaultContents* contents = read_quietly()) return contents->usernames();
    std::map<std::string, std::string> listed;
    for (const auto& server : index_->servers(kVaultId)) listed.try_emplace(server);
    return listed;
  }

  std::vector<ListedCredential> list_details() override {
    const VaultContents* contents = read_quietly();
    if (contents == nullptr) {
      const bool is_whole = !failure_ && vault_.exists();
      return named_in(*index_, kVaultId, is_whole ? Reach::locked : Reach::absent);
    }
    std::vector<ListedCredential> listed;
    for (const auto& entry : *contents) {
      listed.push_back(
          {std::string(entry.server), std::string(entry.username), kVaultId, entry.stored_at});
    }
    return listed;
  }

  std::vector<StoreId> half_known() override {
    if (!vault_.exists() || is_all_known() || read_quietly() != nullptr) return {};
    return {kVaultId};
  }

  std::vector<std::string> known_servers() override {
    const VaultContents* contents = read_quietly();
    return contents == nullptr ? index_->servers(kVaultId) : servers_of(*contents);
  }

  [[nodiscard]] const StoreId& id() const override { return kVaultId; }

  [[nodiscard]] std::optional<Refusal> obstacle() override {
    try {
      if (!vault_.exists()) return why_absent();
      if (vault_.may_unlock()) return std::nullopt;
      return Refusal{"the vault " + vault_.name() + " is locked, and nobody can be asked"};
    } catch (const Error& failure) {
      return Refusal{failure.what()};
    }
  }

  bool is_there() override { return vault_.exists(); }
  bool exists() override { return is_there() || !vaults_elsewhere(environment_, *index_).empty(); }

  bool is_unlocked() override { return read_quietly() != nullptr; }

  std::optional<std::uint64_t> stored_at(std::string_view server) override {
    const VaultContents* contents = read_quietly();
    const auto* found = contents == nullptr ? nullptr : contents->find(server);
    return found == nullptr ? std::nullopt : std::optional(found->stored_at);
  }

 private:
  // nullptr if the vault is locked, or cannot be used: for who only asks what is there, and goes on
  // then.
  [[nodiscard]] const VaultContents* read_quietly() {
    const VaultContents* contents = try_to_read();
    if (failure_) explain();
    return contents;
  }

  // The same, for who may throw `failure_`.
  [[nodiscard]] const VaultContents* try_to_read() {
    failure_.reset();
    try {
      const VaultContents* contents = vault_.read(Effort::quiet);
      if (contents != nullptr) learn(*contents);
      warn_of_age();
      return contents;
    } catch (const Error& failure) {
      failure_ = failure;
      return nullptr;
    }
  }

  // Of a copy, once a process.
  void warn_of_age() {
    if (std::exchange(is_warned_, true)) return;
    if (const auto caution = vault_.storage().caution()) {
      note_once(environment_, notes_, *caution);
    }
  }

  void explain() {
    if (std::exchange(explained_, true)) return;
    note_once(environment_, notes_,
              failure_->what() +
                  std::string("; going on as if it held nothing that is not known to be stored"));
  }

  // The vault, unlocked with all effort if it may have one of `servers`; else nullptr: docker asks
  // for servers that nobody ever stored, for every public pull, and nobody is to be asked for
  // those.
  [[nodiscard]] const VaultContents* read_for(std::span<const std::string> servers) {
    if (const VaultContents* contents = try_to_read()) return contents;
    if (!may_have(servers)) {
      if (failure_) explain();
      return nullptr;
    }
    if (!vault_.exists()) throw_gone();
    const VaultContents* contents = vault_.read(Effort::full);
    learn(*contents);
    return contents;
  }

  [[nodiscard]] bool may_have(std::span<const std::string> servers) {
    const auto named = [&](const std::string& server) {
      return index_->mentions(server, kVaultId);
    };
    return std::ranges::any_of(servers, named) || (vault_.exists() && !is_all_known());
  }

  // Whether the index names all that the vault has: not if it was copied here, or written elsewhere
  // since. Of one that is damaged in its beginning, only the place can be compared.
  [[nodiscard]] bool is_all_known() {
    try {
      return index_->is_complete(kVaultId, state_of(vault_.header()));
    } catch (const Error&) {
      return index_->is_complete_at(vault_.name());
    }
  }

  static StoreState state_of(const VaultHeader& header) {
    return {to_hex(header.id), header.generation};
  }

  [[nodiscard]] std::optional<StoreState> state_read(const VaultContents* contents) const {
    if (contents == nullptr) return std::nullopt;
    return state_of(vault_.header_read());
  }

  [[nodiscard]] Refusal why_absent() {
    const auto others = vaults_elsewhere(environment_, *index_);
    return {others.empty() ? "there is no vault at " + vault_.name()
                           : why_elsewhere(environment_, others.front())};
  }

  [[noreturn]] void throw_gone() {
    if (vaults_elsewhere(environment_, *index_).empty()) {
      throw Error(Errc::vault_unsafe, "the vault " + vault_.name() + " is gone");
    }
    throw Error(Errc::vault_elsewhere, why_absent().reason);
  }

  // What an unlocked vault shows, the index knows from then on.
  void learn(const VaultContents& contents) {
    const StoreState state = state_of(vault_.header_read());
    index_->set_place(kVaultId, state.which, vault_.name());
    if (index_->is_complete(kVaultId, state)) return;
    index_->set_complete(kVaultId, state, servers_of(contents));
  }

  Environment environment_;
  Notes notes_;
  Vault vault_;
  std::shared_ptr<ServerIndex> index_;
  std::optional<Error> failure_;       // of the last look at the vault
  std::optional<StoreState> written_;  // by the last put, until an erase
  bool explained_ = false;
  bool is_warned_ = false;
};

}  // namespace

std::unique_ptr<Backend> open_vault_store(const BackendContext& context) {
  return open_vault_store_in(open_storage(context.environment, context.settings, context.notes),
                             context);
}

std::unique_ptr<Backend> open_vault_store_in(std::unique_ptr<Storage> storage,
                                             const BackendContext& context) {
  return std::make_unique<VaultStore>(std::move(storage), context);
}

}  // namespace cred
