// SPDX-License-Identifier: MIT
// The functions of libsystemd that are used, loaded at run time. Private to this folder.
#pragma once

#include <systemd/sd-bus.h>

#include "platform/system/library.h"

// NOLINTBEGIN(cppcoreguidelines-macro-usage, cppcoreguidelines-avoid-non-const-global-variables)
// clang-format off
#define SYSTEMD_FUNCTIONS(use) \
  use(sd_bus_new) use(sd_bus_set_address) use(sd_bus_set_bus_client) use(sd_bus_start) \
  use(sd_bus_get_fd) \
  use(sd_bus_is_ready) use(sd_bus_process) use(sd_bus_wait) use(sd_bus_call_async) \
  use(sd_bus_slot_unref) use(sd_bus_close_unref) use(sd_bus_message_new_method_call) \
  use(sd_bus_message_ref) use(sd_bus_message_unref) use(sd_bus_message_sensitive) \
  use(sd_bus_message_get_error) use(sd_bus_message_append) use(sd_bus_message_append_basic) \
  use(sd_bus_message_append_array) use(sd_bus_message_open_container) \
  use(sd_bus_message_close_container) use(sd_bus_message_read_basic) \
  use(sd_bus_message_read_array) use(sd_bus_message_enter_container) \
  use(sd_bus_message_exit_container) use(sd_bus_message_at_end) use(sd_bus_message_peek_type) \
  use(sd_bus_message_skip)
// clang-format on

namespace cred {

SYSTEMD_FUNCTIONS(DECLARE_LIBRARY_FUNCTION)

// Before any of them is called. Throws Error(no_library).
void load_systemd();

}  // namespace cred
// NOLINTEND(cppcoreguidelines-macro-usage, cppcoreguidelines-avoid-non-const-global-variables)
