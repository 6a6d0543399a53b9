// SPDX-License-Identifier: MIT
// A client for HTTP over TLS, by libcurl: one connection to each server, which stays open for the
// next request. Follows no redirection. Private to this folder.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "platform/vault/place/place.h"

namespace cred {

struct HttpRequest {
  std::string url;
  std::vector<std::string> headers = {};  // "name: value"
  std::optional<std::string> body = {};   // is posted
};

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  // and trailers; names in small letters
  std::string body;
};

// Why there is no answer.
struct HttpFailure {
  enum class Kind {
    no_connection,   // there is nobody, under this name
    unknown_server,  // their certificate is not one that we take
    no_trust,        // ours is not taken, or the handshake failed
    broken,          // the connection, once it was there
    no_answer,       // silence, or what is no HTTP
    too_large        // more than is taken
  };
  Kind kind = Kind::no_answer;
  std::string reason;     // for people
  bool was_sent = false;  // the request, or a part of it
};

class HttpClient {
 public:
  // Loads libcurl. Takes answers of up to `largest` bytes.
  HttpClient(PlaceAccess access, std::size_t largest);

  // Ends by `deadline`, and when nothing came for three seconds.
  [[nodiscard]] std::variant<HttpAnswer, HttpFailure> send(
      const HttpRequest& request, std::chrono::steady_clock::time_point deadline);

 private:
  struct Release {
    void operator()(void* handle) const noexcept;
  };
  void prepare(const HttpRequest& request, std::chrono::milliseconds limit);
  PlaceAccess access_;
  std::size_t largest_;
  std::unique_ptr<void, Release> handle_;
};

}  // namespace cred
