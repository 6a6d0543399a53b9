// SPDX-License-Identifier: MIT
#include "helper/doctor/round_trip.h"

#include "helper/cli/hints.h"
#include "platform/open_store.h"
#include "platform/system/error.h"

namespace cred {
namespace {

// .invalid never is a registry (RFC 2606).
constexpr const char* kServer = "doctor.docker-credential-keyring.invalid";
constexpr const char* kUsername = "doctor";
constexpr const char* kWord = "a word of no value";

// Why the store is not to be trusted with what it is given.
std::optional<Refusal> difference(Store& store) {
  const Credential wanted{kServer, kUsername, Secret(kWord)};
  store.put(wanted);
  const auto found = store.get(kServer);
  if (!found) return Refusal{"does not have what it has just stored"};
  if (found->username != kUsername || !same_secret(found->secret, wanted.secret)) {
    return Refusal{"gives back another login than was stored"};
  }
  if (store.list().contains(kServer)) return std::nullopt;
  return Refusal{"does not list what it has just stored"};
}

void erase_if_possible(Store& store) {
  try {
    store.erase({{kServer}});
  } catch (const Error&) {
    return;  // the failure before this one is what people have to know
  }
}

std::optional<Refusal> failure_of(Store& store) {
  std::optional<Refusal> failure;
  try {
    failure = difference(store);
  } catch (const Error&) {
    erase_if_possible(store);
    throw;
  }
  store.erase({{kServer}});
  return store.get(kServer) ? Refusal{"still has what it has just erased"} : failure;
}

}  // namespace

std::optional<Finding> try_round_trip(const Environment& environment, const Settings& settings) {
  Settings quiet = settings;
  quiet.prompt = Prompting::never;
  const auto store = open_store_for_trial(environment, quiet, Notes());
  const StoreId id = store->id_for(kServer);
  const std::string name(id.name());
  try {
    const auto failure = failure_of(*store);
    if (!failure) return std::nullopt;
    return Finding{"round-trip-failed", Severity::problem, "the " + name + ' ' + failure->reason};
  } catch (const Error& failure) {
    if (is_locked(failure.code())) {
      return Finding{"round-trip-skipped", Severity::info,
                     "the " + name + " is locked, so nothing was tried", unlock_command(id)};
    }
    return Finding{
        "round-trip-failed", Severity::problem,
        "a login could not be stored in the " + name + " and read back: " + failure.what()};
  }
}

}  // namespace cred
