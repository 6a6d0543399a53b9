// SPDX-License-Identifier: MIT
// Reading and writing what the messages of a keyring hold. A read moves on to the next value. Every
// function throws malformed_answer() where the message holds another type, or nothing more. Private
// to this folder.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "platform/keyring/bus/sd_bus.h"
#include "platform/keyring/bus/service.h"

namespace cred {

// Of the type 's' or 'o'. The text is valid as long as the message.
[[nodiscard]] const char* read_text(sd_bus_message* message, char type);

[[nodiscard]] bool read_boolean(sd_bus_message* message);
[[nodiscard]] std::uint32_t read_number(sd_bus_message* message);

// Valid as long as the message.
[[nodiscard]] std::span<const unsigned char> read_bytes(sd_bus_message* message);

[[nodiscard]] std::vector<ObjectPath> read_paths(sd_bus_message* message);

// Enters the variant at hand, which holds `contents`.
void enter_variant(sd_bus_message* message, const char* contents);

// Of a variant each.
[[nodiscard]] Attributes read_attributes_property(sd_bus_message* message);
[[nodiscard]] bool read_boolean_property(sd_bus_message* message);
[[nodiscard]] std::uint64_t read_time_property(sd_bus_message* message);

void append_attributes(sd_bus_message* message, const Attributes& attributes);
void append_bytes(sd_bus_message* message, std::span<const unsigned char> bytes);

// Calls `read` for each element of an array of `contents`.
template <typename Read>
void read_array(sd_bus_message* message, const char* contents, Read read) {
  expect_bus(sd_bus_message_enter_container(message, 'a', contents));
  while (expect_bus(sd_bus_message_at_end(message, 0)) == 0) read();
  expect_bus(sd_bus_message_exit_container(message));
}

}  // namespace cred
