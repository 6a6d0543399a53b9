// SPDX-License-Identifier: MIT
// Docker's credential helper protocol: store, get, erase and list.
// https://github.com/docker/docker-credential-helpers#development
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include "platform/store/settings.h"
#include "platform/store/store.h"
#include "platform/text/notes.h"

namespace cred {

// Reads all of stdin when it is called, which `list` never does: docker-py leaves it open.
using ReadInput = std::function<std::string()>;

// Whether docker calls us by this verb.
[[nodiscard]] bool is_protocol_verb(std::string_view name);

// Runs one verb. The answer goes to `out` only if it is whole; a failure is an Error whose message
// is the answer instead. `notes` are for people.
void run_protocol_verb(std::string_view name, Store& store, const Settings& settings,
                       const ReadInput& read_input, std::ostream& out, const Notes& notes);

// "<store|get|erase|list|version>": what the usage line names.
[[nodiscard]] std::string protocol_usage();

}  // namespace cred
