// SPDX-License-Identifier: MIT
#include "platform/forward/store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "platform/forward/message_stream.h"
#include "platform/socket/unix_socket.h"
#include "platform/system/error.h"
#include "platform/system/obstacle.h"
#include "platform/text/strings.h"
#include "platform/text/wait_note.h"

namespace cred {
namespace {

using std::chrono::seconds;

constexpr seconds kForSign(2);        // the first one
constexpr seconds kBetweenSigns(15);  // three of them
// A crowded forward makes room by ending who has not asked yet, which a busy machine may make of
// us.
constexpr int kTries = 3;

[[noreturn]] void gone(const std::string& reason) { throw Error(Errc::home_absent, reason); }

bool is_trusted(uid_t uid, const Settings& settings) {
  const bool is_named = settings.socket_uid && uid == *settings.socket_uid;
  return uid == geteuid() || ((uid == 0 || is_named) && uid != overflow_uid());
}

void check_owner(const std::filesystem::path& path, const Settings& settings) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) {
    gone(says_absent(errno) ? path.string() + " is not there" : why_unseen(path, errno));
  }
  if (!S_ISSOCK(status.st_mode)) gone(path.string() + " is no socket");
  if (is_trusted(status.st_uid, settings)) return;
  gone(path.string() + " belongs to uid " + std::to_string(status.st_uid) +
       ", and is not asked; socket_uid in settings.json would allow that");
}

std::string why_unconnected(const std::filesystem::path& path, int why_not) {
  if (why_not == ECONNREFUSED) return "nobody listens any more at " + path.string();
  if (why_not == EAGAIN) return "home has no room for one more at " + path.string();
  return path.string() + ": " + std::system_category().message(why_not);
}

// Connected, to somebody who may answer.
MessageStream connect_home(const Settings& settings, Deadline deadline) {
  if (settings.socket.empty()) gone("no socket is named");
  check_owner(settings.socket, settings);
  Fd connection = connect_to(settings.socket, deadline);
  if (!connection) gone(why_unconnected(settings.socket, errno));
  const Peer peer = peer_of(connection.get());
  if (is_trusted(peer.uid, settings)) {
    return {std::move(connection), MessageSide::answers};
  }
  gone("uid " + std::to_string(peer.uid) + " listens at " + settings.socket.string() +
       ", and is not asked");
}

// One request, and what comes back.
class Question {
 public:
  Question(const Settings& settings, const Notes& notes) : settings_(settings), notes_(notes) {}

  // Throws home_absent, home_failed.
  Message ask(const Message& request) {
    Message first = first_answer(request);
    if (first.kind != MessageKind::working) return first;
    const WaitNote note(
        notes_, "home answers for " + subject_of(request) + ", and may be asking somebody there");
    return last_answer();
  }

 private:
  static std::string subject_of(const Message& request) {
    return request.fields.empty() ? "what it forwards" : request.fields.front();
  }

  Message first_answer(const Message& request) {
    const Deadline deadline = Clock::now() + kForSign;
    try {
      for (int tries = 0; tries < kTries; ++tries) {
        if (auto answer = ask_once(request, deadline)) return std::move(*answer);
      }
    } catch (const Error& failure) {
      if (failure.code() == Errc::home_absent) throw;
      if (failure.code() == Errc::timed_out) {
        gone("home gives no sign of life within " + std::to_string(kForSign.count()) + " s");
      }
      gone(std::string("home: ") + failure.what());
    }
    gone("home ended the connection without an answer");
  }

  // nullopt where home ends the connection. Who turns this user away has answered, and may be gone
  // before anything was sent.
  std::optional<Message> ask_once(const Message& request, Deadline deadline) {
    stream_.emplace(connect_home(settings_, deadline));
    try {
      stream_->send(request, deadline);
    } catch (const Error& failure) {
      if (failure.code() != Errc::io) throw;
    }
    try {
      return stream_->receive(deadline);
    } catch (const Error& failure) {
      if (failure.code() != Errc::io) throw;
      return std::nullopt;
    }
  }

  Message last_answer() {
    const Deadline end = Clock::now() + settings_.prompt_timeout;
    while (Clock::now() < end) {
      Message answer = next_answer(std::min(end, Clock::now() + kBetweenSigns));
      if (answer.kind != MessageKind::working) return answer;
    }
    throw Error(Errc::home_failed, "home began to answer, and goes on without an end");
  }

  Message next_answer(Deadline deadline) {
    try {
      if (auto answer = stream_->receive(deadline)) return std::move(*answer);
    } catch (const Error& failure) {
      throw Error(Errc::home_failed, std::string("home began to answer: ") + failure.what());
    }
    throw Error(Errc::home_failed, "home began to answer, and ended the connection");
  }

  const Settings& settings_;
  const Notes& notes_;
  std::optional<MessageStream> stream_;
};

[[noreturn]] void refuse_answer() {
  throw Error(Errc::home_failed, "home answered something else than what it was asked");
}

std::map<std::string, std::string> listed_in(const Message& answer) {
  if (answer.kind != MessageKind::listed) refuse_answer();
  std::map<std::string, std::string> listed;
  for (std::size_t i = 0; i + 1 < answer.fields.size(); i += 2) {
    listed.emplace(answer.fields[i], answer.fields[i + 1]);
  }
  return listed;
}

class HomeStore final : public Backend {
 public:
  explicit HomeStore(const BackendContext& context)
      : settings_(context.settings), index_(context.index), notes_(context.notes) {}

  using Store::put;

  void put(std::span<const Credential> credentials, const Progress& progress) override {
    std::size_t done = 0;
    for (const auto& credential : credentials) {
      change({MessageKind::store,
              {credential.server, credential.username, std::string(credential.secret.reveal())}});
      if (progress) progress(++done, credential.server);
    }
  }

  std::optional<Credential> get(std::string_view server) override {
    auto answer = ask({MessageKind::get, {std::string(server)}});
    if (!answer) {
      if (index_->names(server, kHomeId)) note_absence(server);
      return std::nullopt;
    }
    if (answer->kind == MessageKind::missing) {
      names_ = std::move(answer->fields);
      if (index_->names(server, kHomeId)) index_->remove({{std::string(server)}}, kHomeId);
      return std::nullopt;
    }
    if (answer->kind != MessageKind::found || answer->fields[0] != server) refuse_answer();
    index_->add_seen({{answer->fields[0]}}, kHomeId);
    return Credential{std::move(answer->fields[0]), std::move(answer->fields[1]),
                      Secret(answer->fields[2])};
  }

  void erase(std::span<const std::string> servers) override {
    std::vector<std::string> there = names();
    if (absence_ && names_any(servers)) {
      gone("home does not answer, and had this login: " + absence_->reason);
    }
    std::erase_if(there, [&](const auto& server) { return !cred::contains(servers, server); });
    if (there.empty()) return;
    index_->add_seen(there, kHomeId);
    try {
      change({MessageKind::erase, there});
    } catch (const Error& failure) {
      if (failure.code() != Errc::home_refused) throw;
      throw Error(Errc::home_refused,
                  "home still answers for " + join(there) + ": " + failure.what());
    }
  }

  std::map<std::string, std::string> list() override {
    const auto answer = ask({MessageKind::list});
    return answer ? listed_in(*answer) : std::map<std::string, std::string>();
  }

  std::vector<ListedCredential> list_details() override {
    auto listed = Backend::list_details();
    return absence_ ? named_in(*index_, kHomeId, Reach::absent) : listed;
  }

  std::vector<std::string> known_servers() override {
    try {
      return names();
    } catch (const Error&) {
      return {};
    }
  }

  [[nodiscard]] const StoreId& id() const override { return kHomeId; }

  [[nodiscard]] BackendRoles roles() const override {
    return {.takes_new = false, .is_replaced = false, .is_asked_early = true};
  }

  [[nodiscard]] bool claims(const std::string& server) override {
    const auto [claimed, is_new] = claimed_.try_emplace(server, false);
    if (is_new) claimed->second = ask_whether_taken(server);
    return claimed->second;
  }

  bool is_there() override { return true; }
  bool is_unlocked() override { return !absence_; }

 private:
  // What a get of something else has brought, or what is asked for now.
  const std::vector<std::string>& names() {
    if (!names_) names_ = servers_of(list());
    return *names_;
  }

  [[nodiscard]] bool ask_whether_taken(const std::string& server) {
    const auto answer = ask({MessageKind::offer, {server}});
    if (!answer) return false;
    if (answer->kind == MessageKind::refused) {
      notes_.note("home answers for ", server, " and does not take a login for it (",
                  answer->fields[0], "), so a store of this machine is tried");
    }
    return answer->kind == MessageKind::done;
  }

  // nullopt where home is gone: from then on it is not sought again.
  std::optional<Message> ask(const Message& request) {
    if (absence_) return std::nullopt;
    try {
      Message answer = Question(settings_, notes_).ask(request);
      if (answer.kind == MessageKind::failed) {
        throw Error(Errc::home_failed, "home: " + answer.fields[0]);
      }
      const bool is_turned_away =
          answer.kind == MessageKind::refused &&
          (request.kind == MessageKind::get || request.kind == MessageKind::list);
      if (is_turned_away) gone(answer.fields[0]);
      return answer;
    } catch (const Error& failure) {
      if (failure.code() != Errc::home_absent) throw;
      absence_ = Refusal{failure.what()};
      return std::nullopt;
    }
  }

  void change(const Message& request) {
    names_.reset();
    const auto answer = ask(request);
    if (!answer) gone(absence_->reason);
    if (answer->kind == MessageKind::refused) throw Error(Errc::home_refused, answer->fields[0]);
    if (answer->kind != MessageKind::done) refuse_answer();
  }

  [[nodiscard]] bool names_any(std::span<const std::string> servers) const {
    return std::ranges::any_of(
        servers, [&](const std::string& server) { return index_->names(server, kHomeId); });
  }

  void note_absence(std::string_view server) {
    if (std::exchange(is_absence_told_, true)) return;
    notes_.note("home answered for ", server, " before, and does not now: ", absence_->reason);
  }

  Settings settings_;
  std::shared_ptr<ServerIndex> index_;
  Notes notes_;
  std::optional<Refusal> absence_;
  bool is_absence_told_ = false;
  std::map<std::string, bool> claimed_;
  std::optional<std::vector<std::string>> names_;  // that home has, and serves
};

}  // namespace

std::unique_ptr<Backend> open_home_store(const BackendContext& context) {
  return std::make_unique<HomeStore>(context);
}

HomeStatus inspect_home(const Settings& settings) {
  try {
    const Message answer = Question(settings, Notes()).ask({MessageKind::list});
    if (answer.kind == MessageKind::refused || answer.kind == MessageKind::failed) {
      return {Refusal{answer.fields[0]}, {}};
    }
    return {std::nullopt, servers_of(listed_in(answer))};
  } catch (const Error& failure) {
    return {Refusal{failure.what()}, {}};
  }
}

}  // namespace cred
