#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "platform/environment.h"
#include "platform/locked_bytes.h"
namespace cred {
std::string clevis_seal(const Environment&, const std::filesystem::path& program,
                        std::string_view pin, std::string_view config, const LockedBytes& secret);
LockedBytes clevis_unseal(const Environment&, const std::filesystem::path& program,
                          std::string_view pin, std::string_view sealed);
void check_clevis_config(std::string_view pin, std::string_view config);
std::string clevis_caution(std::string_view pin, std::string_view config);
}  // namespace cred
