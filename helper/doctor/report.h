// SPDX-License-Identifier: MIT
// What doctor found, as a page for people and as JSON for scripts. No secret is in either.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>

#include "helper/cli/colours.h"
#include "helper/doctor/doctor.h"
#include "platform/system/terminal.h"
#include "platform/text/notes.h"

namespace cred {

// How a page for people looks.
struct Page {
  const Notes& out;
  std::size_t width = kUsualWidth;  // in columns
  Colours colours = {};
};

// The verdict first, then what is to be fixed, in the order in which to do it, each with its
// command on a line of its own, then what is set up, and what is worth knowing, save for what was
// said when the vault was made.
void print_report(const DoctorFacts& facts, std::span<const Finding> findings, const Page& page);

void print_report_json(const DoctorFacts& facts, std::span<const Finding> findings,
                       std::ostream& out);

}  // namespace cred
