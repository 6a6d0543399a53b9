// SPDX-License-Identifier: MIT
#include "platform/vault/place/http.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "platform/system/error.h"
#include "platform/text/notes.h"
#include "platform/text/strings.h"
#include "platform/vault/place/curl_library.h"

namespace cred {

DEFINE_LIBRARY(load_curl, CURL_FUNCTIONS, "libcurl.so.4", "fleet",
               "A vault that several machines share")

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kSilence(3000);

using CurlNumber = long;  // NOLINT(google-runtime-int): libcurl's own

using HeadersPtr = std::unique_ptr<curl_slist, Releaser<curl_slist_free_all>>;

// What the callbacks of one request fill in.
struct Arriving {
  HttpAnswer answer = {};
  std::size_t largest = 0;
  bool is_too_large = false;
};

std::size_t take_body(char* data, std::size_t /*one*/, std::size_t size, void* into) {
  auto& arriving = *static_cast<Arriving*>(into);
  arriving.is_too_large = arriving.answer.body.size() + size > arriving.largest;
  if (arriving.is_too_large) return 0;
  arriving.answer.body.append(data, size);
  return size;
}

std::size_t take_header(char* data, std::size_t /*one*/, std::size_t size, void* into) {
  constexpr std::size_t kMost = 100;
  auto& headers = static_cast<Arriving*>(into)->answer.headers;
  const std::string_view line(data, size);
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || headers.size() >= kMost) return size;
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  headers[name] = trim(line.substr(colon + 1));
  return size;
}

HeadersPtr list_of(const std::vector<std::string>& headers) {
  HeadersPtr list;
  for (const auto& header : headers) {
    curl_slist* const longer = curl_slist_append(list.get(), header.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// Whether a handshake ended because the other side went away.
bool is_cut_off(CURLcode code, std::string_view reason) {
  return code == CURLE_SSL_CONNECT_ERROR &&
         has_any(reason, {"SSL_ERROR_SYSCALL", "reset by peer", "unexpected eof", "Broken pipe"});
}

// After the handshake of TLS 1.3 a certificate that is not taken shows as a broken connection.
bool is_about_trust(CURLcode code, std::string_view reason) {
  constexpr std::array kCodes{CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM,
                              CURLE_SSL_CIPHER,        CURLE_SSL_CACERT_BADFILE,
                              CURLE_SSL_ISSUER_ERROR,  CURLE_SSL_INVALIDCERTSTATUS};
  return std::ranges::find(kCodes, code) != kCodes.end() || has_any(reason, {" alert "});
}

HttpFailure failure_of(CURLcode code, std::string_view told) {
  using Kind = HttpFailure::Kind;
  if (has_any(told, {"wrong version number"})) return {Kind::no_answer, "it speaks no TLS"};
  if (code == CURLE_PEER_FAILED_VERIFICATION) return {Kind::unknown_server, std::string(told)};
  if (is_cut_off(code, told)) return {Kind::broken, "it ended the connection"};
  if (is_about_trust(code, told)) return {Kind::no_trust, std::string(told)};
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {Kind::no_connection, "nobody knows its name"};
    case CURLE_COULDNT_CONNECT:
      return {Kind::no_connection, "no connection"};
    case CURLE_OPERATION_TIMEDOUT:
      return {Kind::no_answer, "no answer in time"};
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
      return {Kind::broken, "it ended the connection"};
    default:
      return {Kind::no_answer, std::string(told)};
  }
}

}  // namespace

void HttpClient::Release::operator()(void* handle) const noexcept { curl_easy_cleanup(handle); }

HttpClient::HttpClient(PlaceAccess access, std::size_t largest)
    : access_(std::move(access)), largest_(largest) {
  try {
    load_curl();
  } catch (const Error& failure) {
    throw Error(Errc::no_place_library, failure.what());
  }
  handle_.reset(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_easy_init() : nullptr);
  if (!handle_) throw Error(Errc::no_place_library, "libcurl does not start");
}

// What a request is, and what it needs; not what becomes of the answer.
void HttpClient::prepare(const HttpRequest& request, milliseconds limit) {
  const auto set = [&](CURLoption option, auto value) {
    curl_easy_setopt(handle_.get(), option, value);
  };
  const auto number = [&](CURLoption option, std::int64_t value) {
    set(option, static_cast<CurlNumber>(value));
  };
  curl_easy_reset(handle_.get());  // its connections stay
  number(CURLOPT_NOSIGNAL, 1);
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_USERAGENT, kProgram);
  number(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  if (request.body) {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
    set(CURLOPT_POSTFIELDS, request.body->data());
  }
  if (!access_.ca.empty()) {
    set(CURLOPT_CAINFO, access_.ca.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // only that one
  }
  if (!access_.cert.empty()) set(CURLOPT_SSLCERT, access_.cert.c_str());
  if (!access_.cert_key.empty()) set(CURLOPT_SSLKEY, access_.cert_key.c_str());
  set(CURLOPT_KEYPASSWD, "");  // or OpenSSL would ask a person
#if LIBCURL_VERSION_NUM >= 0x075700
  number(CURLOPT_QUICK_EXIT, 1);  // a name server that says nothing is not waited for
#endif
  number(CURLOPT_TIMEOUT_MS, limit.count());
  number(CURLOPT_CONNECTTIMEOUT_MS, std::min(limit, kSilence).count());
  number(CURLOPT_LOW_SPEED_LIMIT, 1);
  number(CURLOPT_LOW_SPEED_TIME, std::chrono::ceil<std::chrono::seconds>(kSilence).count());
}

std::variant<HttpAnswer, HttpFailure> HttpClient::send(const HttpRequest& request,
                                                       steady_clock::time_point deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
  if (left.count() <= 0) return HttpFailure{.reason = "no answer in time"};
  Arriving arriving{.largest = largest_};
  std::array<char, CURL_ERROR_SIZE> told = {};
  const HeadersPtr headers = list_of(request.headers);
  prepare(request, left);
  curl_easy_setopt(handle_.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle_.get(), CURLOPT_ERRORBUFFER, told.data());
  curl_easy_setopt(handle_.get(), CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle_.get(), CURLOPT_WRITEDATA, &arriving);
  curl_easy_setopt(handle_.get(), CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle_.get(), CURLOPT_HEADERDATA, &arriving);

  const CURLcode code = curl_easy_perform(handle_.get());
  CurlNumber number = 0;
  if (code == CURLE_OK) {
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &number);
    arriving.answer.status = static_cast<int>(number);
    return std::move(arriving.answer);
  }
  curl_easy_getinfo(handle_.get(), CURLINFO_REQUEST_SIZE, &number);
  const std::string_view reason = told.front() != '\0' ? told.data() : curl_easy_strerror(code);
  HttpFailure failure = failure_of(code, trim(reason));
  if (arriving.is_too_large) failure.kind = HttpFailure::Kind::too_large;
  failure.was_sent = number > 0;
  return failure;
}

}  // namespace cred
