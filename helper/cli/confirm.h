// SPDX-License-Identifier: MIT
// The question before what cannot be taken back.
#pragma once

#include <string>

namespace cred {

// Both throw Error(bad_request), with `otherwise` in the message: what has not been done.

// Where nobody can be asked, naming --yes: for before the work that leads to the question.
void require_somebody(const std::string& otherwise);

// Unless somebody at the terminal says yes to `question`.
void confirm(const std::string& question, const std::string& otherwise);

}  // namespace cred
