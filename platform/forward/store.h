// SPDX-License-Identifier: MIT
// The stores of another machine, home, as a Store here: asked through a socket for the servers that
// somebody there forwards (listener.h).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/store/backend.h"

namespace cred {

// What home answers is asked for by name and kept nowhere; the index gets the names of servers.
// Where nobody gives a sign of life at the socket within two seconds, home is gone: get() finds
// nothing, and list() is empty. From then on home has the time that a prompt has; what it fails at
// is an Error(home_failed). put() and erase() throw Error(home_refused) where home does not allow
// them.
//
// The socket and who listens there have to be this user's, root's or settings.socket_uid's: another
// one would answer as it likes, and be given passwords.
[[nodiscard]] std::unique_ptr<Backend> open_home_store(const BackendContext& context);

// What doctor says of it.
struct HomeStatus {
  std::optional<Refusal> absence;    // why home does not answer
  std::vector<std::string> servers;  // that it answers for, and has something for
};
[[nodiscard]] HomeStatus inspect_home(const Settings& settings);

}  // namespace cred
