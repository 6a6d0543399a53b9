// SPDX-License-Identifier: MIT
#include "platform/vault/format/clevis_checks.h"

#include <doctest/doctest.h>
#include <sodium.h>

#include <string>
#include <string_view>
#include <vector>

#include "platform/system/error.h"
#include "tests/lab/refusal.h"
#include "tests/rows/platform/vault/format/clevis_samples.h"

namespace cred::test {
namespace {

std::string base64_of(std::string_view text) {
  std::string encoded(
      sodium_base64_encoded_len(text.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(encoded.data(), encoded.size(),
                    reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  encoded.pop_back();  // the NUL
  return encoded;
}

std::string text_of(std::string_view encoded) {
  std::string text(encoded.size(), '\0');
  std::size_t size = 0;
  REQUIRE(sodium_base642bin(reinterpret_cast<unsigned char*>(text.data()), text.size(),
                            encoded.data(), encoded.size(), nullptr, &size, nullptr,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0);
  text.resize(size);
  return text;
}

std::string replaced(std::string text, std::string_view part, std::string_view by) {
  const auto at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.replace(at, part.size(), by);
}

// `sealed` with one part of its header replaced.
std::string forged(std::string_view sealed, std::string_view part, std::string_view by) {
  const auto dot = sealed.find('.');
  return base64_of(replaced(text_of(sealed.substr(0, dot)), part, by)) +
         std::string(sealed.substr(dot));
}

// The first share of kSss, which is of a tang.
std::string tang_share() {
  constexpr std::string_view kBefore = R"("jwe":[")";
  const std::string header = text_of(kSss.substr(0, kSss.find('.')));
  const auto begin = header.find(kBefore) + kBefore.size();
  return header.substr(begin, header.find('"', begin) - begin);
}

std::string with_share(std::string_view share) { return forged(kSss, tang_share(), share); }

std::string sss_of(int depth) {
  std::string sealed(kTpm2);
  for (int i = 0; i < depth; ++i) {
    sealed = base64_of(R"({"alg":"dir","clevis":{"pin":"sss","sss":{"jwe":[")" + sealed +
                       R"("],"p":"AA","t":1}},"enc":"A256GCM"})") +
             "..AA.AA.AA";
  }
  return sealed;
}

}  // namespace

TEST_CASE("what clevis may unseal") {
  const std::string tang(kTang);
  const std::string tpm2(kTpm2);
  const std::string pcr(kTpm2Pcr);
  const std::string sss(kSss);
  const std::string url = "http://127.0.0.1:7500";
  const std::string kid = "xGbbVp6qsiwULt24PuOjzqhrk99giQrjJkRQA-mHGKE";
  const std::string header = text_of(tang.substr(0, tang.find('.')));
  const auto adv_begin = header.find(R"("adv":)") + 6;
  const std::string adv = header.substr(adv_begin, header.find(R"(,"url")") - adv_begin);
  const auto with_url = [&](std::string_view by) { return forged(tang, url, by); };
  const auto with_kid = [&](std::string_view by) { return forged(tang, kid, by); };
  const auto with_pcrs = [&](std::string_view by) { return forged(pcr, R"("0,7")", by); };

  struct Row {
    const char* name;
    std::string pin, sealed;
    bool good;
  };
  const Row rows[] = {
      {"tang", "tang", tang, true},
      {"tpm2", "tpm2", tpm2, true},
      {"tpm2 with PCRs", "tpm2", pcr, true},
      {"sss", "sss", sss, true},
      {"sss in sss", "sss", sss_of(2), true},
      {"sss in sss in sss in sss", "sss", sss_of(3), false},

      {"another pin than expected", "tpm2", tang, false},
      {"sss for one of its pins", "tang", sss, false},
      {"no pin expected", "", tang, false},
      {"a pin that we do not know", "null", forged(tang, R"("pin":"tang")", R"("pin":"null")"),
       false},
      {"a pin that is a path", "tang", forged(tang, R"("pin":"tang")", R"("pin":"../x")"), false},
      {"a pin without its member", "tang", forged(tang, R"(,"tang":{)", R"(,"tong":{)"), false},
      {"a member of another pin", "tang",
       forged(tang, R"("pin":"tang",)", R"("null":{},"pin":"tang",)"), false},
      {"a pin that is no text", "tang", forged(tang, R"("pin":"tang")", R"("pin":["tang"])"),
       false},

      {"empty", "tang", "", false},
      {"four dots", "tang", "....", false},
      {"a part too few", "tang", tang.substr(0, tang.rfind('.')), false},
      {"a part too many", "tang", tang + ".AA", false},
      {"a newline behind", "tang", tang + "\n", false},
      {"a blank before", "tang", " " + tang, false},
      {"a NUL behind", "tang", tang + std::string(1, '\0'), false},
      {"padding", "tang", replaced(tang, ".", "=."), false},
      {"too large", "tang", tang + std::string(16384, 'A'), false},
      {"a header that is no object", "tang", base64_of("[]") + "..AA.AA.AA", false},
      {"a header that is no JSON", "tang", base64_of("{") + "..AA.AA.AA", false},
      {"a header without clevis", "tang", base64_of(R"({"alg":"dir"})") + "..AA.AA.AA", false},
      {"a blank in the header", "tang", forged(tang, ":", ": "), false},
      {"a doubled member", "tang", forged(tang, R"("url":)", R"("url":"-Kx","url":)"), false},
      {"text behind the header", "tang", forged(tang, R"(GKE"})", R"(GKE"}{})"), false},
      {"an unknown member", "tang", forged(tang, R"("kid")", R"("jku":"http://x","kid")"), false},
      {"compressed", "tang", forged(tang, R"(GKE"})", R"(GKE","zip":"DEF"})"), false},
      {"another algorithm", "tang", forged(tang, "ECDH-ES", "PBES2-HS256+A128KW"), false},
      {"another cipher", "tang", forged(tang, "A256GCM", "A128CBC-HS256"), false},

      {"tang: https", "tang", with_url("https://tang.example/base"), true},
      {"tang: IPv6", "tang", with_url("http://[::1]:7500"), true},
      {"tang: a curl option", "tang", with_url("-K/dev/shm/x"), false},
      {"tang: an option behind http", "tang", with_url("http://-K/dev/shm/x"), false},
      {"tang: a file", "tang", with_url("file:///etc/passwd"), false},
      {"tang: gopher", "tang", with_url("gopher://127.0.0.1:6379/x"), false},
      {"tang: no scheme", "tang", with_url("127.0.0.1:7500"), false},
      {"tang: no host", "tang", with_url("http://"), false},
      {"tang: a blank", "tang", with_url("http://x -o /x"), false},
      {"tang: a newline", "tang", with_url(R"(http://x\n-o)"), false},
      {"tang: a NUL", "tang", with_url(R"(http://x\u0000)"), false},
      {"tang: a quote", "tang", with_url(R"(http://x\")"), false},
      {"tang: a backslash", "tang", with_url(R"(http://x\\)"), false},
      {"tang: braces", "tang", with_url("http://{a,b}"), false},
      {"tang: a substitution", "tang", with_url("http://`id`"), false},
      {"tang: not ASCII", "tang", with_url("http://täng"), false},
      {"tang: too long", "tang", with_url("http://" + std::string(1100, 'a')), false},
      {"tang: no url", "tang", forged(tang, R"(,"url":")" + url + '"', ""), false},
      {"tang: a url that is no text", "tang", forged(tang, '"' + url + '"', "1"), false},
      {"tang: a thumbprint of SHA-1", "tang", with_kid(std::string(27, 'a')), true},
      {"tang: an empty kid", "tang", with_kid(""), false},
      {"tang: a kid that is a path", "tang", with_kid("../../" + std::string(37, 'a')), false},
      {"tang: a kid with a query", "tang", with_kid("?" + std::string(42, 'a')), false},
      {"tang: no kid", "tang", forged(tang, R"(,"kid":")" + kid + '"', ""), false},
      {"tang: a curve with a quote", "tang",
       forged(tang, R"("epk":{"crv":"P-521")", R"("epk":{"crv":"P-521\",\"d\":\"AA")"), false},
      {"tang: a private key", "tang",
       forged(tang, R"(P-521","kty":"EC","x":"Ac)", R"(P-521","d":"AA","kty":"EC","x":"Ac)"),
       false},
      {"tang: no key", "tang", forged(tang, R"("epk":)", R"("epq":)"), false},
      {"tang: adv is a file", "tang", forged(tang, adv, R"("/etc/passwd")"), false},
      {"tang: a further member", "tang", forged(tang, R"("url":)", R"("thp":"any","url":)"), false},

      {"tpm2: rsa", "tpm2", forged(tpm2, R"("ecc")", R"("rsa2048:aes128cfb")"), true},
      {"tpm2: an option as hash", "tpm2", forged(tpm2, "sha256", "-o/x"), false},
      {"tpm2: two words as hash", "tpm2", forged(tpm2, "sha256", "sha256 -o"), false},
      {"tpm2: a path as key", "tpm2", forged(tpm2, R"("ecc")", R"("/etc/passwd")"), false},
      {"tpm2: no hash", "tpm2", forged(tpm2, R"("hash":"sha256",)", ""), false},
      {"tpm2: no jwk_pub", "tpm2", forged(tpm2, R"("jwk_pub":)", R"("jwk_pug":)"), false},
      {"tpm2: jwk_pub is no base64url", "tpm2", forged(tpm2, R"("jwk_pub":")", R"("jwk_pub":"+)"),
       false},
      {"tpm2: jwk_priv is no base64url", "tpm2",
       forged(tpm2, R"("jwk_priv":")", R"("jwk_priv":"/)"), false},
      {"tpm2: one PCR", "tpm2", with_pcrs(R"("16")"), true},
      {"tpm2: an output file behind the PCRs", "tpm2", with_pcrs(R"("0 -o /x")"), false},
      {"tpm2: a digest file in the PCRs", "tpm2", with_pcrs(R"("0=/x")"), false},
      {"tpm2: a pattern as PCRs", "tpm2", with_pcrs(R"("*")"), false},
      {"tpm2: a comma too many", "tpm2", with_pcrs(R"("0,")"), false},
      {"tpm2: empty PCRs", "tpm2", with_pcrs(R"("")"), false},
      {"tpm2: PCRs that are no text", "tpm2", with_pcrs("[0,7]"), false},
      {"tpm2: two words as bank", "tpm2",
       forged(pcr, R"("pcr_bank":"sha256")", R"("pcr_bank":"sha256 -o")"), false},
      {"tpm2: PCRs without a bank", "tpm2", forged(pcr, R"("pcr_bank":"sha256",)", ""), false},
      {"tpm2: a policy file", "tpm2",
       forged(pcr, R"("pcr_ids":"0,7")", R"("pcr_ids":"0,7","policy_path":"/x")"), false},

      {"sss: the shares as they were", "sss", with_share(tang_share()), true},
      {"sss: a share with a curl option", "sss",
       with_share(forged(tang_share(), url, "-K/dev/shm/x")), false},
      {"sss: a share of another pin", "sss",
       with_share(forged(tang_share(), R"("pin":"tang")", R"("pin":"null")")), false},
      {"sss: a share that is no JWE", "sss", with_share("x"), false},
      {"sss: a share that is no text", "sss", forged(kSss, '"' + tang_share() + '"', "{}"), false},
      {"sss: more needed than there are", "sss", forged(kSss, R"("t":1)", R"("t":3)"), false},
      {"sss: none needed", "sss", forged(kSss, R"("t":1)", R"("t":0)"), false},
      {"sss: a negative number needed", "sss", forged(kSss, R"("t":1)", R"("t":-1)"), false},
      {"sss: not a whole number needed", "sss", forged(kSss, R"("t":1)", R"("t":1.0)"), false},
      {"sss: a further member", "sss", forged(kSss, R"("t":1)", R"("t":1,"u":1)"), false},
      {"sss: no prime", "sss", forged(kSss, R"("p":)", R"("o":)"), false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const auto code = failure_of([&] { check_sealed(row.pin, row.sealed); });
      CHECK(code == (row.good ? Errc::not_found : Errc::vault_unsafe));
    }
  }
}

TEST_CASE("what people may tell clevis") {
  const std::string thp = "h3WuD14YhXEPAbMKj7RJGhjebH99AkwV9xmMBU7FLok";
  const std::string tang = R"({"url":"http://tang.example","thp":")" + thp + R"("})";
  struct Row {
    const char* name;
    std::string pin, config;
    bool good, cautioned;
  };
  const Row rows[] = {
      {"tang", "tang", tang, true, false},
      {"tang, blanks and lines", "tang", " {\n \"url\": \"http://t\", \"thp\":\"" + thp + "\" }\n",
       true, false},
      {"tang, adv as a file", "tang", R"({"url":"http://t","adv":"/etc/adv.jws"})", true, false},
      {"tang, adv as an object", "tang", R"({"url":"http://t","adv":{"payload":"e30"}})", true,
       false},
      {"tang, adv nested deep", "tang",
       R"({"url":"http://t","adv":{"a":)" + std::string(7'000, '[') + std::string(7'000, ']') +
           "}}",
       false, false},
      {"tang, neither thp nor adv", "tang", R"({"url":"http://t"})", false, false},
      {"tang, trust anyone", "tang", R"({"url":"http://t","thp":"any"})", false, false},
      {"tang, an empty thp", "tang", R"({"url":"http://t","thp":""})", false, false},
      {"tang, a thp that is no text", "tang", R"({"url":"http://t","thp":true})", false, false},
      {"tang, adv in a relative file", "tang", R"({"url":"http://t","adv":"adv.jws"})", false,
       false},
      {"tang, no url", "tang", R"({"thp":")" + thp + R"("})", false, false},
      {"tang, no scheme", "tang", R"({"url":"t","thp":")" + thp + R"("})", false, false},
      {"tang, a curl option", "tang", R"({"url":"-K/x","thp":")" + thp + R"("})", false, false},
      {"tang, a misspelled member", "tang",
       R"({"url":"http://t","tph":"x","thp":")" + thp + R"("})", false, false},
      {"tpm2", "tpm2", "{}", true, true},
      {"tpm2, other algorithms", "tpm2", R"({"hash":"sha384","key":"rsa"})", true, true},
      {"tpm2, PCRs in a text", "tpm2", R"({"pcr_bank":"sha256","pcr_ids":"0, 7"})", true, false},
      {"tpm2, PCRs in an array", "tpm2", R"({"pcr_bank":"sha256","pcr_ids":["0",7]})", true, false},
      {"tpm2, a PCR that is a number", "tpm2", R"({"pcr_ids":7})", false, false},
      {"tpm2, empty PCRs", "tpm2", R"({"pcr_ids":""})", false, false},
      {"tpm2, an empty array of PCRs", "tpm2", R"({"pcr_ids":[]})", false, false},
      {"tpm2, an option in the PCRs", "tpm2", R"({"pcr_ids":["-o"]})", false, false},
      {"tpm2, misspelled PCRs", "tpm2", R"({"pcr_id":"7"})", false, false},
      {"tpm2, a digest of nothing", "tpm2", R"({"pcr_digest":"AA"})", false, false},
      {"sss", "sss", R"({"t":1,"pins":{"tang":[)" + tang + "," + tang + "]}}", true, false},
      {"sss, a tpm2 without PCRs", "sss", R"({"t":2,"pins":{"tang":)" + tang + R"(,"tpm2":[{}]}})",
       true, true},
      {"sss in sss", "sss", R"({"t":1,"pins":{"sss":{"pins":{"tang":)" + tang + "}}}}", true,
       false},
      {"sss, trust at first sight", "sss", R"({"t":1,"pins":{"tang":[{"url":"http://t"}]}})", false,
       false},
      {"sss, an unknown pin", "sss", R"({"t":1,"pins":{"null":{}}})", false, false},
      {"sss, more needed than there are", "sss", R"({"t":2,"pins":{"tang":)" + tang + "}}", false,
       false},
      {"sss, none needed", "sss", R"({"t":0,"pins":{"tang":)" + tang + "}}", false, false},
      {"sss, no pins", "sss", R"({"t":1,"pins":{}})", false, false},
      {"sss, pins in a list", "sss", R"({"t":1,"pins":[]})", false, false},
      {"another pin", "pkcs11", "{}", false, false},
      {"no pin", "", "{}", false, false},
      {"no JSON", "tpm2", "pcr_ids=7", false, false},
      {"an option", "tpm2", "-y", false, false},
      {"a list", "tpm2", "[]", false, false},
      {"empty", "tpm2", "", false, false},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const auto code = failure_of([&] { check_clevis_config(row.pin, row.config); });
      CHECK(code == (row.good ? Errc::not_found : Errc::bad_request));
      if (row.good) CHECK(clevis_caution(row.pin, row.config).has_value() == row.cautioned);
    }
  }
}

}  // namespace cred::test
