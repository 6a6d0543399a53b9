// SPDX-License-Identifier: MIT
// The forwards that this user has, for people and for programs.
#pragma once

#include <iosfwd>
#include <span>

#include "helper/cli/command.h"
#include "platform/forward/presence.h"

namespace cred {

void print_forwards(std::span<const ForwardRecord> forwards, const CommandContext& context);
void print_forwards_json(std::span<const ForwardRecord> forwards, std::ostream& out);

}  // namespace cred
