// SPDX-License-Identifier: MIT
// What doctor found, as text for people and as JSON for scripts. No secret is in either.
#pragma once

#include <iosfwd>
#include <span>

#include "helper/doctor/doctor.h"
#include "platform/text/notes.h"

namespace cred {

// What is set up first, then what is to be fixed, each with its command on a line of its own.
void print_report(const DoctorFacts& facts, std::span<const Finding> findings, const Notes& out);
void print_report_json(const DoctorFacts& facts, std::span<const Finding> findings,
                       std::ostream& out);

}  // namespace cred
