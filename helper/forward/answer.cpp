// SPDX-License-Identifier: MIT
#include "helper/forward/answer.h"

#include <algorithm>
#include <array>

#include "helper/servers/server_address.h"
#include "helper/servers/spellings.h"
#include "helper/text/time_text.h"
#include "platform/store/docker_names.h"
#include "platform/text/notes.h"
#include "platform/text/strings.h"
#include "platform/text/utf8.h"

namespace cred {
namespace {

using Kind = MessageKind;

struct Call {
  const ForwardRequest& request;
  const ForwardHome& home;

  [[nodiscard]] const std::string& server() const { return request.message.fields.front(); }
  [[nodiscard]] bool is_served() const { return serves(home.scope, server()); }
};

std::vector<std::string> served(const Call& call, std::vector<std::string> servers) {
  std::erase_if(servers, [&](const auto& server) { return !serves(call.home.scope, server); });
  return servers;
}

// A secret that docker could not have is none.
bool is_usable(const Credential& credential) {
  return is_utf8(credential.secret.reveal()) && !credential.secret.empty();
}

ForwardReply get(const Call& call) {
  const auto names = [&] { return served(call, call.home.store.known_servers()); };
  if (!call.is_served()) return {{Kind::missing, names()}, "not served"};
  call.request.begin_work();
  auto found = call.home.store.get(call.server());
  if (!found || !is_usable(*found)) {
    return {{Kind::missing, names()}, "not stored"};
  }
  return {
      {Kind::found,
       {std::move(found->server), std::move(found->username), std::string(found->secret.reveal())}},
      "given"};
}

ForwardReply list(const Call& call) {
  call.request.begin_work();
  Message answer{Kind::listed};
  for (const auto& [server, username] : call.home.store.list_gettable()) {
    if (!serves(call.home.scope, server)) continue;
    answer.fields.push_back(server);
    answer.fields.push_back(username);
  }
  const std::string count = std::to_string(answer.fields.size() / 2);
  return {std::move(answer), count + " listed"};
}

ForwardReply refuse(const std::string& reason) {
  return {{Kind::refused, {reason}}, "refused: " + reason};
}

ForwardReply refuse_change() {
  return refuse("the forward at home was not begun with --allow-store");
}

ForwardReply offer(const Call& call) {
  if (!call.is_served()) return {{Kind::missing}, "not served"};
  if (!call.home.allows_store) return refuse_change();
  return {{Kind::done}, "would be taken"};
}

ForwardReply store(const Call& call) {
  if (!call.is_served()) return refuse("it is not forwarded");
  if (!call.home.allows_store) return refuse_change();
  const auto& fields = call.request.message.fields;
  const Credential credential{fields[0], fields[1], Secret(fields[2])};
  if (std::max(credential.username.size(), fields[2].size()) > kLargestText ||
      credential.username.empty() || !is_usable(credential)) {
    return refuse("it is no login that docker could have");
  }
  call.request.begin_work();
  put_newest(call.home.store, credential);
  return {{Kind::done}, "stored at home"};
}

ForwardReply erase(const Call& call) {
  const auto servers = served(call, call.request.message.fields);
  if (servers.empty()) return {{Kind::done}, "not served"};
  if (!call.home.allows_store) return refuse_change();
  call.request.begin_work();
  call.home.store.erase(servers);
  return {{Kind::done}, "erased at home"};
}

struct Handler {
  Kind kind;
  ForwardReply (*answer)(const Call& call);
};

constexpr std::array kHandlers{Handler{Kind::get, get}, Handler{Kind::list, list},
                               Handler{Kind::offer, offer}, Handler{Kind::store, store},
                               Handler{Kind::erase, erase}};

constexpr std::size_t kLongestReason = 120;  // bytes, in the log

ForwardReply reply_of(const Error& failure, const Call& call) {
  std::string reason = failure.what();
  const auto& until = call.request.peer.nobody_asked_until;
  if (is_locked(failure.code()) && until) {
    reason += "; nobody is asked before " + local_time(*until) +
              ", because the last question was not answered";
  } else if (const auto hint = call.home.hint_for(failure); !hint.empty()) {
    reason += "; there: " + hint;
  }
  return {{Kind::failed, {reason}},
          "failed, " + std::string(failure.what()).substr(0, kLongestReason),
          is_declined(failure.code()) || failure.code() == Errc::key_command_failed};
}

bool is_text(const std::string& field) {
  return is_utf8(field) && field.find('\0') == std::string::npos;
}

ForwardReply answer_of(const Call& call) {
  const auto& fields = call.request.message.fields;
  if (!std::ranges::all_of(fields, is_text)) return refuse("it is not plain UTF-8 text");
  const auto* handler = std::ranges::find(kHandlers, call.request.message.kind, &Handler::kind);
  if (handler == kHandlers.end()) return refuse("it is no request");
  try {
    return handler->answer(call);
  } catch (const std::exception& failure) {
    return reply_of(as_error(failure), call);
  }
}

}  // namespace

std::string subject_of(const Message& request, const ForwardScope& scope) {
  constexpr std::size_t kLongest = 120;  // bytes
  if (request.kind == Kind::list || request.fields.empty()) return "a list";
  std::vector<std::string> servers = request.fields;
  if (request.kind == Kind::erase) {
    // Of what is erased there, this is what counts here.
    std::erase_if(servers, [&](const auto& server) { return !serves(scope, server); });
  } else {
    servers.resize(1);
  }
  if (servers.empty()) return "nothing that is forwarded";
  return '"' + safe_line(join(servers)).substr(0, kLongest) + '"';
}

ForwardReply answer_request(const ForwardRequest& request, const ForwardHome& home) {
  ForwardReply reply = answer_of({request, home});
  reply.log += ": " + subject_of(request.message, home.scope);
  return reply;
}

}  // namespace cred
