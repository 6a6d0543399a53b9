// SPDX-License-Identifier: MIT
#include "platform/keyring/prompter/glib.h"

#include "platform/keyring/bus/bus_error.h"

namespace cred {
namespace {

Errc classify(const GError& error, const char* remote) {
  if (remote != nullptr) return meaning_of(remote);
  if (g_error_matches(&error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) return Errc::timed_out;
  // No bus, a bus that is gone, or one that does not let us in.
  if (error.domain == G_IO_ERROR || error.domain == G_DBUS_ERROR) return Errc::unavailable;
  return Errc::keyring_failed;
}

// What a cancelled call gets to say its good-byes: libsecret dismisses a prompt by a call of its
// own.
constexpr std::chrono::milliseconds kGrace(500);

struct Pending {
  GObjectPtr<GAsyncResult> result;
  bool abandoned = false;
};

void on_ready(GObject* /*source*/, GAsyncResult* result, gpointer data) {
  std::unique_ptr<Pending> pending(static_cast<Pending*>(data));
  if (pending->abandoned) return;
  pending->result.reset(G_ASYNC_RESULT(g_object_ref(result)));
  static_cast<void>(pending.release());  // its owner is still waiting in wait_for()
}

gboolean on_alarm(gpointer data) {
  *static_cast<bool*>(data) = true;
  return G_SOURCE_CONTINUE;
}

void iterate_until(const Pending& pending, std::chrono::milliseconds limit, const bool& is_vain) {
  bool alarm = false;
  const guint source = g_timeout_add(static_cast<guint>(limit.count()), on_alarm, &alarm);
  while (!pending.result && !alarm && !is_vain) g_main_context_iteration(nullptr, TRUE);
  g_source_remove(source);
}

}  // namespace

void GErrorSlot::throw_if_set() const {
  if (error_ == nullptr) return;
  const GCharPtr remote(g_dbus_error_get_remote_error(error_));
  const Errc code = classify(*error_, remote.get());
  g_dbus_error_strip_remote_error(error_);
  const std::string_view message = error_->message;
  throw keyring_error(code, message.empty() && remote ? remote.get() : message);
}

bool GErrorSlot::is_answer() const {
  return error_ != nullptr && GCharPtr(g_dbus_error_get_remote_error(error_)) != nullptr;
}

GObjectPtr<GAsyncResult> wait_for(std::chrono::milliseconds limit, const AsyncStart& start,
                                  const bool& is_vain) {
  const GObjectPtr<GCancellable> cancellable(g_cancellable_new());
  auto pending = std::make_unique<Pending>();
  start(cancellable.get(), on_ready, pending.get());
  iterate_until(*pending, limit, is_vain);
  if (!pending->result && is_vain) iterate_until(*pending, kGrace, false);  // it may have ended
  if (pending->result) return std::move(pending->result);
  g_cancellable_cancel(cancellable.get());
  iterate_until(*pending, kGrace, false);
  if (!pending->result) {
    pending->abandoned = true;
    static_cast<void>(pending.release());  // on_ready() frees it, should it ever be called
  }
  throw keyring_error(Errc::timed_out, "");
}

}  // namespace cred
