// SPDX-License-Identifier: MIT
#include "helper/cli/confirm.h"

#include "platform/system/error.h"
#include "platform/system/terminal.h"

namespace cred {
namespace {

Terminal open_terminal(const std::string& otherwise) {
  auto terminal = Terminal::open();
  if (!terminal) {
    throw Error(Errc::bad_request, otherwise + "; give --yes where nobody can be asked");
  }
  return std::move(*terminal);
}

}  // namespace

void require_somebody(const std::string& otherwise) { static_cast<void>(open_terminal(otherwise)); }

void confirm(const std::string& question, const std::string& otherwise) {
  const auto answer = open_terminal(otherwise).ask_line(question + " [y/N] ");
  if (answer != "y" && answer != "Y" && answer != "yes") throw Error(Errc::bad_request, otherwise);
}

}  // namespace cred
