// SPDX-License-Identifier: MIT
#include "helper/forward/serve.h"

#include <algorithm>
#include <ctime>

#include "helper/cli/hints.h"
#include "helper/cli/report.h"
#include "helper/forward/answer.h"
#include "helper/servers/server_address.h"
#include "helper/text/time_text.h"
#include "platform/forward/notify.h"
#include "platform/forward/presence.h"
#include "platform/open_store.h"
#include "platform/store/settings.h"
#include "platform/system/error.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

// Of a server that home has nothing for, what would answer at home is not forwarded.
void note_unstored(const ForwardScope& scope, Store& store, const CommandContext& context) {
  const auto known = store.known_servers();
  for (const auto& server : scope.servers) {
    const ForwardScope one{{server}};
    if (std::ranges::any_of(known, [&](const auto& name) { return serves(one, name); })) continue;
    const auto others = answering_servers(server, known, true);
    context.err.warn("no login is known for ", server,
                     others.empty() ? std::string()
                                    : "; that of " + others.front() +
                                          ", which answers for it here, "
                                          "is not forwarded");
  }
  for (const auto& half : store.half_known()) {
    context.err.note("the ", half.name(), " is not unlocked, and may have more");
    if (!half.unlock_command().empty()) context.err.hint(half.unlock_command());
  }
}

// In the process of one request.
ForwardReply answer(const ForwardRequest& request, const ForwardPlan& plan,
                    const CommandContext& context) {
  Settings settings = read_settings(context.environment);
  settings.asked_for = safe_line("asked through the forward by ", request.peer.name, ", for ",
                                 subject_of(request.message, plan.scope));
  if (request.peer.nobody_asked_until) ask_nobody(settings);
  const auto store = open_store(context.environment, settings, context.err);
  const auto hint = [](const Error& failure) {
    return hint_for(failure, Attendance::of_process());
  };
  return answer_request(request, {plan.scope, plan.allows_store, *store, hint});
}

}  // namespace

void serve(const ForwardPlan& plan, const CommandContext& context) {
  const Settings settings = read_settings(context.environment, context.err);
  note_unstored(plan.scope, *open_store(context.environment, settings, context.err), context);
  const auto until = static_cast<std::uint64_t>(std::time(nullptr) + plan.time.count());
  const auto& [servers, all] = plan.scope;
  const ForwardPresence presence(context.environment,
                                 {plan.socket.path, servers, all, plan.allows_store, until},
                                 plan.socket.is_for_others());
  const auto ready = [&] {
    context.err.note("answers for ", scope_text(plan.scope), " at ", plan.socket.path, " until ",
                     local_time(until));
    notify_ready(context.environment);
  };
  const auto answer_each = [&](const ForwardRequest& request) {
    return answer(request, plan, context);
  };
  serve_forward(plan.socket, plan.time, answer_each, ready);
}

}  // namespace cred
