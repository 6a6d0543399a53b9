// SPDX-License-Identifier: MIT
#include "platform/vault/format/clevis_checks.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>

#include "platform/system/error.h"
#include "platform/text/base64.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLargestConfig = std::size_t{16} << 10;
constexpr std::size_t kLongestUrl = 1024;
constexpr std::size_t kLongestName = 40;  // of an algorithm
// Each pin is a handful of processes at once.
constexpr int kMostPins = 16;
constexpr int kDeepest = 3;  // sss in sss in sss
// Of the few hundred characters at most that a caller lets through: the library recurses.
bool matches(std::string_view text, const char* pattern) {
  return std::regex_match(text.begin(), text.end(), std::regex(pattern));
}

bool is_base64url(std::string_view text) {
  constexpr std::string_view kCharacters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.find_first_not_of(kCharacters) == std::string_view::npos;
}

// SHA-256 or SHA-1, the two that clevis knows. Its `any` would be trust at first sight.
bool is_thumbprint(std::string_view text) {
  constexpr std::size_t kSha256 = 43;
  constexpr std::size_t kSha1 = 27;
  return is_base64url(text) && (text.size() == kSha256 || text.size() == kSha1);
}

// The characters of RFC 3986, of which none can end the argument or begin an option.
bool is_url(std::string_view text) {
  return text.size() <= kLongestUrl &&
         matches(text, R"(https?://[A-Za-z0-9[][-A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%]*)");
}

// What tpm2-tools call an algorithm: "sha256", "ecc", "rsa2048:aes128cfb".
bool is_algorithm(std::string_view text) {
  return text.size() <= kLongestName && matches(text, "[a-z][a-z0-9_:-]*");
}

bool is_bank(std::string_view text) {
  return text.size() <= kLongestName && matches(text, "[a-z][a-z0-9_]*");
}

bool is_pcr(std::string_view text) { return text.size() <= 2 && matches(text, "[0-9]+"); }

// "0,7". It reaches a command line without quotes.
bool is_pcr_list(std::string_view text) {
  for (;;) {
    const auto comma = text.find(',');
    if (!is_pcr(text.substr(0, comma))) return false;
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

bool is_curve(std::string_view text) {
  return text == "P-256" || text == "P-384" || text == "P-521";
}

bool is_filled_base64url(std::string_view text) { return !text.empty() && is_base64url(text); }

using Test = bool (*)(std::string_view);

// Null if there is none.
const Json& member(const Json& object, const char* name) {
  static const Json kNone;
  const auto found = object.find(name);
  return found == object.end() ? kNone : *found;
}

// Whether `object` has the text member `name`, and `test` accepts it.
bool has(const Json& object, const char* name, Test test) {
  const Json& text = member(object, name);
  return text.is_string() && test(text.get_ref<const std::string&>());
}

bool lacks_or_has(const Json& object, const char* name, Test test) {
  return !object.contains(name) || has(object, name, test);
}

bool is_text(const Json& object, const char* name, std::string_view text) {
  return member(object, name) == text;
}

bool is_object(const Json& object, const char* name) { return member(object, name).is_object(); }

// How many of `shares` are needed.
bool is_threshold(const Json& number, std::size_t shares) {
  return number.is_number_unsigned() && number.get<std::uint64_t>() >= 1 &&
         number.get<std::uint64_t>() <= shares;
}

bool has_only(const Json& object, std::initializer_list<std::string_view> names) {
  return std::ranges::all_of(object.items(),
                             [&](const auto& member) { return contains(names, member.key()); });
}

bool is_known_pin(std::string_view pin) { return pin == "tang" || pin == "tpm2" || pin == "sss"; }

// ---- What was sealed

void require(bool good, const char* reason) {
  if (good) return;
  throw Error(Errc::vault_unsafe, std::string("what is sealed by clevis is not used: ") + reason);
}

Json read_header(std::string_view sealed) {
  constexpr std::size_t kDots = 4;
  require(sealed.size() <= kLargestSealed, "it is too large");
  std::string parts(sealed);
  require(std::erase(parts, '.') == kDots && is_base64url(parts), "it is not a compact JWE");
  const std::string_view encoded = sealed.substr(0, sealed.find('.'));
  const auto decoded = decode_base64(encoded, Base64::url);
  require(decoded.has_value(), "its header is not base64url");
  const std::string_view text(decoded->data(), decoded->size());
  require(!nests_deeper(text), "its header is nested too deep");
  Json header = Json::parse(text, nullptr, false);
  // As jose writes it. Else another reader may find another header in it, as with doubled members.
  require(header.is_object() && header.dump(-1, ' ', false, Json::error_handler_t::replace) == text,
          "its header is not JSON as clevis writes it");
  return header;
}

void check_sealed_tang(const Json& header) {
  const Json& tang = header["clevis"]["tang"];
  require(is_text(header, "alg", "ECDH-ES") &&
              has_only(header, {"alg", "clevis", "enc", "epk", "kid"}) &&
              has_only(tang, {"adv", "url"}),
          "its header has members of another kind");
  require(has(tang, "url", is_url), "its url is not one of a tang server");
  require(has(header, "kid", is_thumbprint), "its kid is not the thumbprint of a key");
  require(is_object(header, "epk"), "it has no key of its own");
  const Json& key = header["epk"];
  // `crv` is pasted into JSON.
  require(has_only(key, {"crv", "kty", "x", "y"}) && is_text(key, "kty", "EC") &&
              has(key, "crv", is_curve) && has(key, "x", is_filled_base64url) &&
              has(key, "y", is_filled_base64url),
          "its key is not of a known curve");
  require(is_object(tang, "adv"), "it does not say which keys the server has");
}

void check_sealed_tpm2(const Json& header) {
  const Json& tpm2 = header["clevis"]["tpm2"];
  // Other writers of this pin add paths of files, which are refused with everything else.
  require(is_text(header, "alg", "dir") && has_only(header, {"alg", "clevis", "enc"}) &&
              has_only(tpm2, {"hash", "jwk_priv", "jwk_pub", "key", "pcr_bank", "pcr_ids"}),
          "its header has members of another kind");
  require(has(tpm2, "hash", is_algorithm) && has(tpm2, "key", is_algorithm),
          "its hash or key is not the name of an algorithm");
  require(has(tpm2, "jwk_pub", is_filled_base64url) && has(tpm2, "jwk_priv", is_filled_base64url),
          "its key for the TPM is not base64url");
  require(tpm2.contains("pcr_bank") == tpm2.contains("pcr_ids") &&
              lacks_or_has(tpm2, "pcr_bank", is_bank) && lacks_or_has(tpm2, "pcr_ids", is_pcr_list),
          "its PCRs are not a bank and numbers");
}

void check_jwe(std::optional<std::string_view> expected, std::string_view sealed, int depth,
               int& pins_left);

void check_sealed_sss(const Json& header, int depth, int& pins_left) {
  const Json& sss = header["clevis"]["sss"];
  require(is_text(header, "alg", "dir") && has_only(header, {"alg", "clevis", "enc"}) &&
              has_only(sss, {"jwe", "p", "t"}),
          "its header has members of another kind");
  require(has(sss, "p", is_filled_base64url), "its prime is not base64url");
  const Json& shares = member(sss, "jwe");
  require(shares.is_array(), "it has no shares");
  require(is_threshold(member(sss, "t"), shares.size()), "it needs more shares than it has");
  for (const Json& share : shares) {
    require(share.is_string(), "a share is not a text");
    check_jwe(std::nullopt, share.get_ref<const std::string&>(), depth + 1, pins_left);
  }
}

// Without `expected`, any pin that we know is good.
void check_jwe(std::optional<std::string_view> expected, std::string_view sealed, int depth,
               int& pins_left) {
  require(depth < kDeepest && pins_left-- > 0, "it has too many parts");
  const Json header = read_header(sealed);
  require(is_object(header, "clevis"), "it is not from clevis");
  require(is_text(header, "enc", "A256GCM"), "its cipher is not the one of clevis");
  const Json& clevis = header["clevis"];
  require(has(clevis, "pin", is_known_pin), "its pin is not tang, tpm2 or sss");
  const auto& pin = clevis["pin"].get_ref<const std::string&>();
  require(!expected || pin == *expected, "its pin is another than the vault says");
  require(clevis.size() == 2 && is_object(clevis, pin.c_str()), "it has not just one pin");
  if (pin == "tang") check_sealed_tang(header);
  if (pin == "tpm2") check_sealed_tpm2(header);
  if (pin == "sss") check_sealed_sss(header, depth, pins_left);
}

// ---- What to seal by

void want(bool good, const char* reason) {
  if (good) return;
  throw Error(Errc::bad_request, std::string("the clevis config cannot be used: ") + reason);
}

void check_config_tang(const Json& config) {
  want(has_only(config, {"adv", "thp", "url"}), R"(tang knows "url", "thp" and "adv" only)");
  want(has(config, "url", is_url),
       R"(tang needs "url", the address of the server, beginning with http:// or https://)");
  const auto adv = config.find("adv");
  want(config.contains("thp") || adv != config.end(),
       R"(tang without "thp" trusts any server; run tang-show-keys PORT on the server, and add )"
       R"("thp" with what it prints)");
  want(lacks_or_has(config, "thp", is_thumbprint),
       R"("thp" is not a thumbprint; run tang-show-keys PORT on the server, and copy what it )"
       "prints");
  want(adv == config.end() || adv->is_object() ||
           has(config, "adv", [](std::string_view file) { return file.starts_with('/'); }),
       R"("adv" is neither an advertisement nor the absolute path of one)");
}

// A list of numbers as one text or, as clevis also takes it, as an array.
bool are_pcrs(const Json& pcrs) {
  if (pcrs.is_string()) {
    std::string text = pcrs.get<std::string>();
    std::erase(text, ' ');
    return is_pcr_list(text);
  }
  constexpr unsigned kLastPcr = 31;
  return pcrs.is_array() && !pcrs.empty() && std::ranges::all_of(pcrs, [](const Json& pcr) {
           return (pcr.is_number_unsigned() && pcr.get<std::uint64_t>() <= kLastPcr) ||
                  (pcr.is_string() && is_pcr(pcr.get_ref<const std::string&>()));
         });
}

void check_config_tpm2(const Json& config) {
  want(has_only(config, {"hash", "key", "pcr_bank", "pcr_digest", "pcr_ids"}),
       R"(tpm2 knows "hash", "key", "pcr_bank", "pcr_ids" and "pcr_digest" only)");
  want(lacks_or_has(config, "hash", is_algorithm) && lacks_or_has(config, "key", is_algorithm),
       R"("hash" and "key" are names of algorithms, "sha256" and "ecc" say)");
  want(lacks_or_has(config, "pcr_bank", is_bank),
       R"("pcr_bank" is the name of a hash, "sha256" say)");
  want(!config.contains("pcr_ids") || are_pcrs(config["pcr_ids"]),
       R"("pcr_ids" is a list of numbers, "0,7" say)");
  want(lacks_or_has(config, "pcr_digest", is_filled_base64url), R"("pcr_digest" is not base64url)");
  want(config.contains("pcr_ids") || !config.contains("pcr_digest"),
       R"("pcr_digest" needs "pcr_ids")");
}

// Of a pin of sss: one config, or several.
Json each_of(const Json& configs) { return configs.is_array() ? configs : Json::array({configs}); }

void check_config(std::string_view pin, const Json& config, int depth, int& pins_left);

void check_config_sss(const Json& config, int depth, int& pins_left) {
  want(has_only(config, {"pins", "t"}) && is_object(config, "pins"),
       R"(sss knows "t" and "pins" only, where "pins" is an object)");
  std::size_t shares = 0;
  for (const auto& [pin, configs] : config["pins"].items()) {
    for (const Json& one : each_of(configs)) {
      check_config(pin, one, depth + 1, pins_left);
      ++shares;
    }
  }
  want(is_threshold(config.value("t", Json(1U)), shares),
       R"("t" is how many of the pins are needed: 1, up to as many as there are)");
}

void check_config(std::string_view pin, const Json& config, int depth, int& pins_left) {
  want(depth < kDeepest && pins_left-- > 0, "it has too many pins");
  want(is_known_pin(pin), "the pin is none of tang, tpm2 and sss");
  want(config.is_object(), R"(it is not a JSON object, such as {"url":"http://tang.example"})");
  if (pin == "tang") check_config_tang(config);
  if (pin == "tpm2") check_config_tpm2(config);
  if (pin == "sss") check_config_sss(config, depth, pins_left);
}

Json read_config(std::string_view pin, std::string_view text) {
  want(text.size() <= kLargestConfig, "it is too large");
  want(!nests_deeper(text), "it is nested too deep");
  Json config = Json::parse(text, nullptr, false);
  int pins_left = kMostPins;
  check_config(pin, config, 0, pins_left);
  return config;
}

bool binds_no_pcr(std::string_view pin, const Json& config) {
  if (pin == "tpm2") return !config.contains("pcr_ids");
  if (pin != "sss") return false;
  return std::ranges::any_of(config["pins"].items(), [](const auto& member) {
    return std::ranges::any_of(each_of(member.value()),
                               [&](const Json& one) { return binds_no_pcr(member.key(), one); });
  });
}

}  // namespace

void check_sealed(std::string_view pin, std::string_view sealed) {
  int pins_left = kMostPins;
  check_jwe(pin, sealed, 0, pins_left);
}

std::string pin_of(std::string_view sealed) {
  const Json header = read_header(sealed);
  require(is_object(header, "clevis") && has(header["clevis"], "pin", is_known_pin),
          "its pin is not tang, tpm2 or sss");
  return header["clevis"]["pin"].get<std::string>();
}

void check_clevis_config(std::string_view pin, std::string_view config) {
  static_cast<void>(read_config(pin, config));
}

std::string checked_clevis_config(std::string_view pin, std::string_view config) {
  return read_config(pin, config).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<std::string> clevis_caution(std::string_view pin, std::string_view config) {
  if (!binds_no_pcr(pin, read_config(pin, config))) return std::nullopt;
  return R"(tpm2 without "pcr_ids" unlocks on this machine whatever system was started on it; )"
         "to bind the key to the firmware and secure boot state, add "
         R"("pcr_bank":"sha256","pcr_ids":"7")";
}

}  // namespace cred
