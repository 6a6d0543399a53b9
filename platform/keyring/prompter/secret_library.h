// SPDX-License-Identifier: MIT
// The functions that are used of libsecret and of what it brings, GLib, GObject and GIO, loaded at
// run time. Private to this folder.
#pragma once

#include <gio/gio.h>

#define SECRET_API_SUBJECT_TO_CHANGE  // libsecret's calls on D-Bus paths, stable since 2012
#include <libsecret/secret.h>

#include "platform/system/library.h"

// NOLINTBEGIN(cppcoreguidelines-macro-usage, cppcoreguidelines-avoid-non-const-global-variables)
// clang-format off
#define SECRET_FUNCTIONS(use) \
  use(secret_service_get_type) use(secret_service_open) use(secret_service_open_finish) \
  use(secret_service_ensure_session) use(secret_service_ensure_session_finish) \
  use(secret_service_encode_dbus_secret) use(secret_service_prompt_at_dbus_path) \
  use(secret_service_prompt_at_dbus_path_finish) use(secret_value_new) use(secret_value_unref) \
  use(g_bus_get) use(g_bus_get_finish) use(g_bus_watch_name_on_connection) \
  use(g_bus_unwatch_name) use(g_dbus_connection_call_sync) \
  use(g_dbus_connection_get_stream) use(g_socket_connection_get_socket) use(g_socket_get_fd) \
  use(g_dbus_connection_set_exit_on_close) use(g_dbus_error_get_remote_error) \
  use(g_dbus_error_quark) use(g_dbus_error_strip_remote_error) use(g_io_error_quark) \
  use(g_async_result_get_type) use(g_cancellable_new) use(g_cancellable_cancel) \
  use(g_type_check_instance_cast) use(g_object_ref) use(g_object_unref) \
  use(g_variant_builder_init) use(g_variant_builder_add) use(g_variant_builder_end) \
  use(g_variant_get_child_value) use(g_variant_get_string) use(g_variant_is_container) \
  use(g_variant_is_of_type) use(g_variant_n_children) use(g_variant_new) \
  use(g_variant_new_fixed_array) use(g_variant_new_string) use(g_variant_new_tuple) \
  use(g_variant_ref_sink) use(g_variant_unref) use(g_variant_type_checked_) \
  use(g_error_matches) use(g_clear_error) use(g_free) use(g_getenv) use(g_setenv) \
  use(g_unsetenv) use(g_printerr) use(g_set_print_handler) use(g_log_set_writer_func) \
  use(g_log_writer_default_set_use_stderr) use(g_main_context_iteration) use(g_timeout_add) \
  use(g_source_remove)
// clang-format on

namespace cred {

SECRET_FUNCTIONS(DECLARE_LIBRARY_FUNCTION)  // NOLINT(readability-identifier-naming): GLib's own

// Before any of them is called. Throws Error(no_library).
void load_libsecret();

}  // namespace cred
// NOLINTEND(cppcoreguidelines-macro-usage, cppcoreguidelines-avoid-non-const-global-variables)
