// SPDX-License-Identifier: MIT
// etcd. Which member is asked is left to chance, and the next one is asked where one does not
// answer; a write goes on to the next only as long as none can have it.
#include <algorithm>
#include <charconv>
#include <map>
#include <thread>

#include "platform/system/error.h"
#include "platform/system/locked_bytes.h"
#include "platform/text/number_bytes.h"
#include "platform/text/strings.h"
#include "platform/vault/place/etcd_messages.h"
#include "platform/vault/place/kinds.h"

namespace cred {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What gRPC's numbers say: https://grpc.github.io/grpc/core/md_doc_statuscodes.html
enum class Status {
  done = 0,
  invalid = 3,
  not_allowed = 7,
  exhausted = 8,
  unimplemented = 12,
  not_authenticated = 16,
  none = 99,  // of ours: it is no answer of gRPC
};

Status status_in(const HttpAnswer& answer) {
  const auto found = answer.headers.find("grpc-status");
  int number = static_cast<int>(Status::none);
  if (found == answer.headers.end()) return Status::none;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), number);
  return static_cast<Status>(number);
}

std::string message_in(const HttpAnswer& answer) {
  const auto found = answer.headers.find("grpc-message");
  if (found != answer.headers.end()) return found->second;
  const auto status = answer.headers.find("grpc-status");
  return status == answer.headers.end() ? "HTTP status " + std::to_string(answer.status)
                                        : "gRPC status " + status->second;
}

constexpr std::chrono::seconds kAlone(3);                // for members that are asked alone
constexpr milliseconds kEach(900);                       // for one of them
constexpr std::chrono::seconds kStart(2);                // a member that starts ends connections
constexpr std::size_t kAround = std::size_t{64} << 10U;  // of a value, in an answer

std::uint64_t revision_of(const std::string& token) {
  std::uint64_t revision = kNoRevision;
  std::from_chars(token.data(), token.data() + token.size(), revision);
  return revision;
}

class EtcdPlace final : public Place {
 public:
  EtcdPlace(PlaceAddress address, PlaceAccess access)
      : address_(std::move(address)),
        access_(std::move(access)),
        http_(access_, kLargestInPlace + kAround) {
    if (access_.cert.empty() || access_.cert_key.empty()) {
      throw Error(Errc::bad_request, "etcd takes a client certificate: --cert and --cert-key");
    }
    // Not by std::random_device, which asks for glibc 2.36.
    const auto chance = LockedBytes::random(sizeof next_);
    next_ = number_in(as_text(chance.bytes())) % address_.members.size();
  }

  Fetched fetch(const std::optional<std::string>& known, Reading reading,
                Deadline deadline) override {
    if (reading == Reading::latest) return fetch_by(Use::read, known, deadline);
    try {
      return fetch_by(Use::read, known, deadline - kAlone);
    } catch (const Error& failure) {
      if (failure.code() != Errc::place_unreachable) throw;
      try {
        auto fetched = fetch_by(Use::any, known, deadline);
        fetched.has_majority = false;
        return fetched;
      } catch (const Error&) {
        throw failure;
      }
    }
  }

  Replaced replace(std::string_view bytes, const std::optional<std::string>& token,
                   Deadline deadline) override {
    const auto answer =
        ask(etcd_replace(address_.key, bytes, token ? revision_of(*token) : kNoRevision), deadline,
            Use::write);
    if (!answer) return {};
    if (!answer->succeeded) return {Outcome::conflict};
    return {Outcome::done, std::to_string(answer->revision)};
  }

  bool may_write(Deadline deadline) override {
    const HttpAnswer answer = std::get<HttpAnswer>(
        send_until_answered(etcd_write_probe(address_.key), deadline, Use::read));
    const Status status = status_in(answer);
    if (status != Status::done && status != Status::not_allowed) throw_refused(answer);
    return status == Status::done;
  }

 private:
  // A write that may have arrived is not sent again.
  enum class Use { read, any, write };

  Fetched fetch_by(Use use, const std::optional<std::string>& known, Deadline deadline) {
    const auto revision = known ? std::optional(revision_of(*known)) : std::nullopt;
    const auto answer = ask(etcd_fetch(address_.key, revision, use == Use::any), deadline, use);
    if (revision && answer->succeeded) return {Found::unchanged, "", *known};
    if (!answer->value) return {Found::absent};
    if (answer->value->size() > kLargestInPlace) throw_too_large();
    return {Found::whole, *answer->value, std::to_string(answer->key_revision)};
  }

  // nullopt of a write that may be in.
  [[nodiscard]] std::optional<EtcdAnswer> ask(const std::string& message, Deadline deadline,
                                              Use use) {
    const auto sent = send_until_answered(message, deadline, use);
    const auto* const answer = std::get_if<HttpAnswer>(&sent);
    if (answer == nullptr || !is_final(sent)) return std::nullopt;
    if (status_in(*answer) != Status::done) throw_refused(*answer);
    auto read = read_etcd_answer(answer->body);
    if (!read && use == Use::write) return std::nullopt;
    if (!read) throw Error(Errc::place_unfit, address_.text + " does not answer as etcd does");
    return read;
  }

  // The first answer that is final, be it a refusal; of a write also what is not, once it may have
  // arrived. Else throws place_unreachable.
  [[nodiscard]] std::variant<HttpAnswer, HttpFailure> send_until_answered(
      const std::string& message, Deadline deadline, Use use) {
    failures_.clear();
    const auto started = steady_clock::now() + kStart;
    for (;;) {
      bool is_anybody_there = false;
      for (std::size_t i = 0; i < address_.members.size(); ++i) {
        if (steady_clock::now() >= deadline) throw_unreachable();
        const std::string& member = address_.members[next_];
        // One member alone is asked where the others may be hanging.
        const auto limit = use == Use::any ? steady_clock::now() + kEach : deadline;
        auto sent = http_.send({.url = "https://" + member + std::string(kEtcdTxn),
                                .headers = {"content-type: application/grpc", "te: trailers"},
                                .body = message},
                               std::min(limit, deadline));
        if (is_too_large(sent)) throw_too_large();
        const bool has_arrived = note(member, sent);
        if (is_final(sent) || (use == Use::write && has_arrived)) return sent;
        is_anybody_there = is_anybody_there || has_arrived ||
                           (ends_connection(member) && steady_clock::now() < started);
        next_ = (next_ + 1) % address_.members.size();
      }
      // Members that are there may be choosing a leader.
      constexpr milliseconds kPause(100);
      if (!is_anybody_there || steady_clock::now() + kPause >= deadline) throw_unreachable();
      std::this_thread::sleep_for(kPause);
    }
  }

  // What another member would say as well.
  static bool is_final(const std::variant<HttpAnswer, HttpFailure>& sent) {
    const auto* const answer = std::get_if<HttpAnswer>(&sent);
    if (answer == nullptr) return false;
    const Status status = status_in(*answer);
    return status == Status::done || status == Status::invalid || status == Status::not_allowed ||
           status == Status::exhausted || status == Status::unimplemented ||
           status == Status::not_authenticated;
  }

  static bool is_too_large(const std::variant<HttpAnswer, HttpFailure>& sent) {
    const auto* const failure = std::get_if<HttpFailure>(&sent);
    return failure != nullptr && failure->kind == HttpFailure::Kind::too_large;
  }

  [[noreturn]] void throw_too_large() const {
    throw Error(Errc::place_unfit, address_.text + " holds more than 1 MiB, which is no vault");
  }

  // Keeps why `member` gave no answer. Whether the request may have arrived there.
  bool note(const std::string& member, const std::variant<HttpAnswer, HttpFailure>& sent) {
    if (const auto* const failure = std::get_if<HttpFailure>(&sent)) {
      failures_[member] = *failure;
      return failure->was_sent;
    }
    failures_[member] = {.reason = message_in(std::get<HttpAnswer>(sent)), .was_sent = true};
    return true;
  }

  [[nodiscard]] bool ends_connection(const std::string& member) const {
    return failures_.at(member).kind == HttpFailure::Kind::broken;
  }

  [[noreturn]] void throw_unreachable() const {
    // In TLS 1.3 a server does not take a certificate when the client takes the handshake to be
    // over: then the connection ends, and its last word may be lost.
    const bool may_be_no_trust =
        !failures_.empty() && std::ranges::all_of(failures_, [](const auto& one) {
          return one.second.kind == HttpFailure::Kind::no_trust ||
                 one.second.kind == HttpFailure::Kind::unknown_server ||
                 one.second.kind == HttpFailure::Kind::broken;
        });
    if (may_be_no_trust) {
      for (const auto& [member, failure] : failures_) throw_if_final(failure, member, access_);
      throw Error(Errc::place_unreachable,
                  "each member of etcd ends the connection, as while it starts, or where it does "
                  "not know a certificate; we come" +
                      told_certificate(access_));
    }
    const bool is_anybody_there =
        std::ranges::any_of(failures_, [](const auto& one) { return one.second.was_sent; });
    if (failures_.empty()) {
      throw Error(Errc::place_unreachable, "no time is left to ask etcd");
    }
    throw Error(Errc::place_unreachable,
                std::string(is_anybody_there ? "etcd has no majority" : "no answer from etcd") +
                    " (" +
                    join(failures_, "; ",
                         [](const auto& one) { return one.first + ": " + one.second.reason; }) +
                    ')');
  }

  [[noreturn]] void throw_refused(const HttpAnswer& answer) const {
    const Status status = status_in(answer);
    if (status == Status::exhausted) {
      throw Error(Errc::place_unreachable, "etcd takes nothing more: " + message_in(answer));
    }
    throw Error(Errc::place_refused, "etcd does not let us use " + address_.key +
                                         told_certificate(access_) + ": " + message_in(answer));
  }

  PlaceAddress address_;
  PlaceAccess access_;
  HttpClient http_;
  std::size_t next_ = 0;                         // of the members
  std::map<std::string, HttpFailure> failures_;  // of the last request, by member
};

}  // namespace

std::unique_ptr<Place> open_etcd_place(const PlaceAddress& address, const PlaceAccess& access) {
  return std::make_unique<EtcdPlace>(address, access);
}

}  // namespace cred
