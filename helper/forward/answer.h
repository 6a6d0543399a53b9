// SPDX-License-Identifier: MIT
// What home answers to a request that came through the socket of a forward.
#pragma once

#include "helper/forward/scope.h"
#include "platform/forward/listener.h"
#include "platform/store/store.h"
#include "platform/system/error.h"

namespace cred {

struct ForwardHome {
  const ForwardScope& scope;
  bool allows_store = false;
  Store& store;
  std::string (*hint_for)(const Error& failure) = nullptr;  // what people at home can do
};

// Never throws. What is not served is "missing", like what is not there: then it is worth another
// spelling, among the names that come with it.
[[nodiscard]] ForwardReply answer_request(const ForwardRequest& request, const ForwardHome& home);

// What a request is about, for people: one line, safe to show and not long, whatever was sent.
[[nodiscard]] std::string subject_of(const Message& request, const ForwardScope& scope);

}  // namespace cred
