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
#include "platform/system/environment.h"
#include "platform/system/error.h"
#include "platform/text/notes.h"

namespace cred {

// Reads all of stdin when it is called, which `list` never does: docker-py leaves it open.
using ReadInput = std::function<std::string()>;

// Whether docker calls us by this verb.
[[nodiscard]] bool is_protocol_verb(std::string_view name);

// What a verb works on. The answer goes to `out` only if it is whole.
struct ProtocolCall {
  Store& store;
  const Settings& settings;
  const Environment& environment;
  const ReadInput& read_input;
  std::ostream& out;
  const Notes& notes;                             // for people
  std::string (*hint_for)(const Error& failure);  // what they can do
};

// Runs one verb; a failure is an Error whose message is the answer instead. Of a get or an erase it
// is told on `notes` as well, once for all calls that docker makes for it: in pull, build and
// logout docker shows nothing else.
void run_protocol_verb(std::string_view name, const ProtocolCall& call);

// "<store|get|erase|list|version>": what the usage line names.
[[nodiscard]] std::string protocol_usage();

}  // namespace cred
