// SPDX-License-Identifier: MIT
#include "platform/text/base64.h"

#include <sodium.h>

#include <algorithm>

namespace cred {
namespace {

int variant_of(Base64 kind) {
  return kind == Base64::standard ? sodium_base64_VARIANT_ORIGINAL
                                  : sodium_base64_VARIANT_URLSAFE_NO_PADDING;
}

// Go takes a last letter of whose bits some are not used, and libsodium does not: makes them zero.
void clear_loose_bits(std::vector<char>& text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::size_t padding = 0;
  for (std::size_t i = text.size(); i-- > 0;) {
    char& letter = text[i];
    if (letter == '\r' || letter == '\n') continue;
    if (letter == '=' && padding < 2) {
      ++padding;
      continue;
    }
    const auto value = kAlphabet.find(letter);
    if (value != std::string_view::npos) letter = kAlphabet[value >> 2 * padding << 2 * padding];
    return;
  }
}

}  // namespace

std::size_t base64_size(std::size_t bytes, Base64 kind) {
  return sodium_base64_encoded_len(bytes, variant_of(kind)) - 1;  // less the NUL
}

void encode_base64(std::string_view bytes, Base64 kind, char* text) {
  sodium_bin2base64(text, base64_size(bytes.size(), kind) + 1,
                    reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    variant_of(kind));
}

std::string encode_base64(std::string_view bytes, Base64 kind) {
  std::string text(base64_size(bytes.size(), kind) + 1, '\0');
  encode_base64(bytes, kind, text.data());
  text.pop_back();
  return text;
}

std::optional<std::vector<char>> decode_base64(std::string_view text, Base64 kind) {
  // To libsodium, the end of the string of ignored characters is one of them.
  const auto is_text = [](char c) { return '\0' < c; };
  if (!std::ranges::all_of(text, is_text)) return std::nullopt;
  const char* const ignored = kind == Base64::standard ? "\r\n" : nullptr;
  std::vector<char> letters(text.begin(), text.end());
  if (kind == Base64::standard) clear_loose_bits(letters);
  std::vector<char> bytes(text.size() + 1);  // libsodium takes no null pointer, as of an empty one
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                        letters.data(), letters.size(), ignored, &size, nullptr,
                        variant_of(kind)) != 0) {
    return std::nullopt;
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace cred
