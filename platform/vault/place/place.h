// SPDX-License-Identifier: MIT
// A place in the network that keeps one file for several machines: a key of etcd, or a file of a
// web server. Knows nothing of what is in it. Private to platform/vault/.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cred {

// etcd takes requests of 1.5 MiB.
inline constexpr std::size_t kLargestInPlace = std::size_t{1} << 20;

enum class PlaceKind { etcd, https };

// What people write: etcd://HOST:PORT[,HOST:PORT…]/PREFIX, or https://….
struct PlaceAddress {
  PlaceKind kind = PlaceKind::etcd;
  std::vector<std::string> members;  // of etcd: HOST:PORT
  std::string key;                   // in etcd: the prefix, which begins with a slash, and "/vault"
  std::string text;                  // as it was written, and for https the URL
};

// Pure. Throws Error(bad_request) with what is expected.
[[nodiscard]] PlaceAddress parse_place(std::string_view text);

// What proves who we are, and who the place is; a file that is not needed is empty.
struct PlaceAccess {
  std::filesystem::path ca;             // PEM; empty: what the system trusts
  std::filesystem::path cert;           // PEM, with those between it and the CA
  std::filesystem::path cert_key;       // PEM, without a passphrase
  std::filesystem::path password_file;  // https: USER:PASSWORD, or else a bearer token
};

// Every call has to end by a `deadline`. Failures are Errors: place_unreachable where nobody
// answers, place_refused where we are not let in, place_unfit where what is there is no file of
// ours: too large, say.
class Place {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  // Whose word counts.
  enum class Reading {
    latest,  // of the majority: all that was written before is in it
    any      // where there is none, of one member alone, which may lag behind
  };

  enum class Found { unchanged, absent, whole };
  struct Fetched {
    Found found = Found::absent;
    std::string bytes = {};
    std::string token = {};  // stands for this state; empty where the place has none
    bool has_majority = true;
  };

  enum class Outcome {
    done,
    conflict,  // another state is there: nothing was changed
    unknown    // the answer did not come: the new state may be there, or come to be
  };
  struct Replaced {
    Outcome outcome = Outcome::unknown;
    std::string token = {};  // of what is there, when done
  };

  Place() = default;
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  virtual ~Place() = default;

  // What is there, unless it is the state `known`, whatever came in between.
  [[nodiscard]] virtual Fetched fetch(const std::optional<std::string>& known, Reading reading,
                                      Deadline deadline) = 0;

  // Puts `bytes` in the place of the state `token` (nullopt: of nothing) in one step. Throws
  // place_refused where the place is one that is only read.
  [[nodiscard]] virtual Replaced replace(std::string_view bytes,
                                         const std::optional<std::string>& token,
                                         Deadline deadline) = 0;

  // Whether replace() would be let in, tried without a change.
  [[nodiscard]] virtual bool may_write(Deadline deadline) = 0;
};

// Loads what it needs. Throws Error(no_place_library); io where a file of `access` cannot be read.
[[nodiscard]] std::unique_ptr<Place> open_place(const PlaceAddress& address,
                                                const PlaceAccess& access);

}  // namespace cred
