// SPDX-License-Identifier: MIT
// The text of an "auth" field: read as docker, which is Go, reads it. Told anew here, letter by
// letter, as Go's encoding/base64 is documented and behaves.
#include <string>

#include "helper/files/entry.h"
#include "platform/text/base64.h"
#include "platform/text/strings.h"
#include "platform/text/utf8.h"
#include "tests/fuzz/fuzz.h"

namespace cred::test {
namespace {

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Go's StdEncoding: line ends count nowhere, groups of four letters, padding in the last group
// alone, bits that are left over may be any.
std::optional<std::string> decoded_by_go(std::string_view text) {
  std::string letters(text);
  std::erase_if(letters, [](char c) { return c == '\r' || c == '\n'; });
  if (letters.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && letters.ends_with('=')) {
    letters.pop_back();
    ++padding;
  }
  std::string bytes;
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : letters) {
    const auto value = kLetters.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6U | static_cast<unsigned>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> held);
    bits &= (1U << held) - 1;
  }
  return bytes;
}

ConfigEntry entry_with(const std::string& auth) {
  JsonMember member;
  member.key = "reg.example";
  member.value.kind = JsonKind::object;
  JsonMember& field = member.value.members.emplace_back();
  field.key = "auth";
  field.value.kind = JsonKind::string;
  field.value.string = auth;
  return read_entry(member);
}

void check_entry(const std::string& auth, const std::optional<std::string>& pair) {
  const ConfigEntry entry = entry_with(auth);
  if (auth.empty()) return hold(!entry.credential && !entry.refusal, "no auth, no credential");
  hold((entry.auth == AuthField::broken) == !pair, "it is base64 here where it is to Go");
  const auto colon = pair ? pair->find(':') : std::string::npos;
  const bool docker_takes_it = colon != std::string::npos && colon > 0;
  hold(entry.docker_reads_it == docker_takes_it, "docker reads it here where it does");
  hold(entry.credential.has_value() == !entry.refusal, "a credential, or why not");
  if (!docker_takes_it) return hold(!entry.credential, "docker has no login in it");
  const std::string username = pair->substr(0, colon);
  const std::string secret(trim(pair->substr(colon + 1), std::string_view("\0", 1)));
  const bool can_be_kept = !secret.empty() && is_utf8(*pair) && is_utf8(secret) &&
                           (username + secret).find('\0') == std::string::npos;
  hold(entry.credential.has_value() == can_be_kept, "every login that a helper can hold");
  if (!entry.credential) return;
  hold(entry.credential->username == username, "the username is what docker makes of it");
  hold(entry.credential->secret.reveal() == secret, "the secret is what docker makes of it");
  hold(!why_no_entry("reg.example", *entry.credential), "it can be written");
}

void check_both_kinds(const std::string& bytes) {
  for (const auto kind : {Base64::standard, Base64::url}) {
    const std::string text = encode_base64(bytes, kind);
    hold(text.size() == base64_size(bytes.size(), kind), "as long as it is said to be");
    const auto back = decode_base64(text, kind);
    hold(back && std::string(back->begin(), back->end()) == bytes, "there and back");
  }
}

}  // namespace

void fuzz(const std::string& input) {
  const auto pair = decoded_by_go(input);
  const auto ours = decode_base64(input, Base64::standard);
  hold(pair.has_value() == ours.has_value(), "base64 where it is to Go");
  hold(!ours || std::string(ours->begin(), ours->end()) == *pair, "the bytes that Go has");
  const auto url = decode_base64(input, Base64::url);
  hold(!url || encode_base64({url->data(), url->size()}, Base64::url) == input, "one spelling");
  check_entry(input, pair);
  check_both_kinds(input);
  if (const auto colon = input.find(':'); colon != 0 && colon != std::string::npos) {
    const std::string auth = encode_base64(input, Base64::standard);
    check_entry(auth, input);
  }
}

}  // namespace cred::test
