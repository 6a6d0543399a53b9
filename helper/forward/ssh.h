// SPDX-License-Identifier: MIT
// What is typed to take the socket of a forward to another host by ssh. Pure.
#pragma once

#include <string>

namespace cred {

// What the socket is called in the runtime folder there.
inline constexpr const char* kRemoteSocketName = "docker-credential-keyring-home.socket";

// The lines, for the socket `local` here and `remote` there; comments say what each is for. Empty
// where one of them cannot be shown for what it is.
[[nodiscard]] std::string ssh_lines(const std::string& host, const std::string& local,
                                    const std::string& remote);

}  // namespace cred
