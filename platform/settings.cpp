// SPDX-License-Identifier: MIT
#include "platform/settings.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "platform/error.h"
#include "platform/file.h"

namespace cred {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr double kLongestWait = 24.0 * 60 * 60;  // seconds; also keeps milliseconds within an int

// One setting: `read` returns false if it cannot use the value.
template <typename Read>
void read_member(const Json& object, const char* name, std::ostream& notes, Read read) {
  const auto member = object.find(name);
  if (member == object.end() || read(*member)) return;
  notes << "docker-credential-keyring: settings.json: \"" << name
        << "\" has a value that cannot be used; the default applies\n";
}

bool read_seconds(const Json& value, milliseconds& target) {
  if (!value.is_number()) return false;
  const auto seconds = value.get<double>();
  if (!(seconds > 0 && seconds <= kLongestWait)) return false;
  target = milliseconds(static_cast<milliseconds::rep>(seconds * 1000));
  return target.count() > 0;
}

bool read_prompting(const Json& value, Prompting& target) {
  if (value == "auto")
    target = Prompting::automatic;
  else if (value == "always")
    target = Prompting::always;
  else if (value == "never")
    target = Prompting::never;
  else
    return false;
  return true;
}

bool read_flag(const Json& value, bool& target) {
  if (!value.is_boolean()) return false;
  target = value.get<bool>();
  return true;
}

std::optional<std::string> read_text(const std::filesystem::path& path, std::ostream& notes) {
  try {
    return read_file(path);
  } catch (const Error& failure) {
    notes << "docker-credential-keyring: " << failure.what() << "; the default settings apply\n";
    return std::nullopt;
  }
}

}  // namespace

Settings read_settings(const Environment& environment, std::ostream& notes) {
  Settings settings;
  const auto path = environment.config_folder() / "settings.json";
  const auto text = read_text(path, notes);
  if (!text) return settings;
  const Json object = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) {
    notes << "docker-credential-keyring: " << path.string()
          << " is not a JSON object; the default settings apply\n";
    return settings;
  }
  read_member(object, "reply_timeout_s", notes,
              [&](const Json& value) { return read_seconds(value, settings.reply_timeout); });
  read_member(object, "prompt_timeout_s", notes,
              [&](const Json& value) { return read_seconds(value, settings.prompt_timeout); });
  read_member(object, "prompt", notes,
              [&](const Json& value) { return read_prompting(value, settings.prompt); });
  read_member(object, "namespace_fallback", notes,
              [&](const Json& value) { return read_flag(value, settings.namespace_fallback); });
  return settings;
}

}  // namespace cred
