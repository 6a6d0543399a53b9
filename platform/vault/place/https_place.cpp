// SPDX-License-Identifier: MIT
// A file of a web server, by its ETag where it has one.
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/text/base64.h"
#include "platform/text/strings.h"
#include "platform/vault/place/kinds.h"

namespace cred {
namespace {

enum HttpStatus : int {
  ok = 200,
  not_modified = 304,
  unauthorized = 401,
  not_found = 404,
  gone = 410
};

class HttpsPlace final : public Place {
 public:
  HttpsPlace(const PlaceAddress& address, const PlaceAccess& access)
      : url_(address.text), access_(access), http_(access, kLargestInPlace) {}

  Fetched fetch(const std::optional<std::string>& known, Reading /*reading*/,
                Deadline deadline) override {
    HttpRequest request{.url = url_};
    if (known && !known->empty()) request.headers.push_back("If-None-Match: " + *known);
    if (!access_.password_file.empty()) request.headers.push_back(authorization());
    auto sent = http_.send(request, deadline);
    if (const auto* const failure = std::get_if<HttpFailure>(&sent)) {
      throw_if_final(*failure, url_, access_);
      throw Error(Errc::place_unreachable, "no answer from " + url_ + ": " + failure->reason);
    }
    auto& answer = std::get<HttpAnswer>(sent);
    switch (answer.status) {
      case HttpStatus::ok:
        return {Found::whole, std::move(answer.body), std::move(answer.headers["etag"])};
      case HttpStatus::not_modified:
        if (!known) throw_refused(answer);
        return {Found::unchanged, "", *known};
      case HttpStatus::not_found:
      case HttpStatus::gone:
        return {Found::absent};
      default:
        throw_refused(answer);
    }
  }

  Replaced replace(std::string_view /*bytes*/, const std::optional<std::string>& /*token*/,
                   Deadline /*deadline*/) override {
    throw Error(Errc::place_refused,
                url_ +
                    " is read-only here; what is changed elsewhere is put there by other means, "
                    "as curl -T");
  }

  bool may_write(Deadline /*deadline*/) override { return false; }

 private:
  [[nodiscard]] std::string authorization() const {
    const auto text = read_file(access_.password_file);
    const std::string password(trim(text.value_or("")));
    if (password.empty() || password.find_first_of("\r\n") != std::string::npos) {
      throw Error(Errc::place_refused, access_.password_file.string() +
                                           " does not hold one line, USER:PASSWORD or a token");
    }
    if (password.find(':') == std::string::npos) return "Authorization: Bearer " + password;
    return "Authorization: Basic " + encode_base64(password, Base64::standard);
  }

  [[noreturn]] void throw_refused(const HttpAnswer& answer) const {
    constexpr int kServer = 500;
    const std::string what =
        url_ + " answers with the HTTP status " + std::to_string(answer.status);
    if (answer.status >= kServer) throw Error(Errc::place_unreachable, what);
    const auto elsewhere = answer.headers.find("location");
    if (elsewhere != answer.headers.end()) {
      throw Error(Errc::place_refused,
                  what + ", which leads elsewhere and is not followed, to " + elsewhere->second);
    }
    if (answer.status == HttpStatus::unauthorized) {
      throw Error(Errc::place_refused,
                  what + (access_.password_file.empty()
                              ? ": it asks for a password: --password-file FILE"
                              : ": it does not take what is in " + access_.password_file.string()));
    }
    throw Error(Errc::place_refused, what);
  }

  std::string url_;
  PlaceAccess access_;
  HttpClient http_;
};

}  // namespace

std::unique_ptr<Place> open_https_place(const PlaceAddress& address, const PlaceAccess& access) {
  return std::make_unique<HttpsPlace>(address, access);
}

}  // namespace cred
