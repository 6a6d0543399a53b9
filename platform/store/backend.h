// SPDX-License-Identifier: MIT
// A Store that is one of several: what the choice between them (store_choice.h) has to know of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "platform/store/server_index.h"
#include "platform/store/settings.h"
#include "platform/store/store.h"
#include "platform/store/store_id.h"
#include "platform/system/environment.h"
#include "platform/system/error.h"
#include "platform/text/notes.h"

namespace cred {

// What a backend is opened with; it copies what it needs later.
struct BackendContext {
  const Environment& environment;
  const Settings& settings;
  std::shared_ptr<ServerIndex> index;
  Notes notes;  // for people
};

// What a backend takes part in, besides get().
struct BackendRoles {
  bool takes_new = true;    // credentials of servers that no store has, also those of migrate
  bool is_replaced = true;  // what another backend stores later is erased here, and the reverse
  bool erases = true;
  bool lists = true;
  bool is_asked_early = false;  // before the others, but for the one that the index names first
};

class Backend : public Store {
 public:
  [[nodiscard]] virtual const StoreId& id() const = 0;
  [[nodiscard]] std::string_view name() const final { return id().name(); }
  [[nodiscard]] StoreId id_for(std::string_view /*server*/) final { return id(); }
  [[nodiscard]] virtual BackendRoles roles() const { return {}; }

  // When that was stored which get() of `server` returns without asking, in seconds since 1970;
  // nullopt where there is none, or that is not known. Never asks, never fails.
  virtual std::optional<std::uint64_t> stored_at(std::string_view /*server*/) {
    return std::nullopt;
  }

  // Whether put() of `server` has to go here, whatever takes new ones otherwise; what it says to
  // people of a server that it does not take goes to its notes.
  [[nodiscard]] virtual bool claims(const std::string& /*server*/) { return false; }

  // None of these asks anybody anything, fails, or takes longer than two seconds; nor does
  // obstacle() of a backend.

  // Whether get() and list() are worth a try: there is something that answers.
  virtual bool is_there() = 0;

  // Whether put() and erase() would work without asking.
  virtual bool is_unlocked() = 0;
};

// In the order of kStores, one at least. The first is the one that counts where no other is
// there: it is tried, and says itself what is wrong with it.
using Backends = std::vector<std::unique_ptr<Backend>>;

// The one of `backends` that takes a credential of a server that no store has: the first without an
// obstacle; where all have one, that which is there.
[[nodiscard]] Backend& backend_for_new(std::optional<StoreId> setting, const Backends& backends);

// `failure` of `backend`, which tells people where the credential is, or may be where no index
// names it.
[[nodiscard]] Error error_of(const Backend& backend, const Error& failure, bool is_named);

// What the index names of a store that cannot be read now.
[[nodiscard]] std::vector<ListedCredential> named_in(const ServerIndex& index, StoreId store,
                                                     Reach reach);

// Whether any but the first of them is there: then a credential may well lie elsewhere.
[[nodiscard]] bool has_alternatives(const Backends& backends);

// Whether any but the first would take a new credential, where that cannot.
[[nodiscard]] bool has_another_to_put_in(const Backends& backends);

// In the order in which a credential is sought in them; `holder` is the one that the index names
// first.
[[nodiscard]] std::vector<Backend*> asking_order(const Backends& backends,
                                                 std::optional<StoreId> holder);

// The one whose credential for `server` is the newest by its own date, of those that are unlocked
// and that `counts` says count: `holder`, where that has no date, or no other has a later one.
[[nodiscard]] Backend& newest_backend(const Backends& backends, Backend& holder,
                                      std::string_view server,
                                      const std::function<bool(const Backend&)>& counts);

}  // namespace cred
