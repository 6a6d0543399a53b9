// SPDX-License-Identifier: MIT
#include "platform/keyring/bus/sd_message.h"

#include "platform/keyring/bus/bus_error.h"

namespace cred {

namespace {

// sd-bus says 0 where an array, or what is in it, has no more.
void read_basic(sd_bus_message* message, char type, void* value) {
  if (expect_bus(sd_bus_message_read_basic(message, type, value)) == 0) throw malformed_answer();
}

void enter(sd_bus_message* message, char type, const char* contents) {
  if (expect_bus(sd_bus_message_enter_container(message, type, contents)) == 0) {
    throw malformed_answer();
  }
}

}  // namespace

const char* read_text(sd_bus_message* message, char type) {
  const char* text = nullptr;
  read_basic(message, type, &text);
  return text;
}

bool read_boolean(sd_bus_message* message) {
  int value = 0;
  read_basic(message, 'b', &value);
  return value != 0;
}

std::uint32_t read_number(sd_bus_message* message) {
  std::uint32_t value = 0;
  read_basic(message, 'u', &value);
  return value;
}

std::span<const unsigned char> read_bytes(sd_bus_message* message) {
  const void* bytes = nullptr;
  std::size_t size = 0;
  expect_bus(sd_bus_message_read_array(message, 'y', &bytes, &size));
  return {static_cast<const unsigned char*>(bytes), size};
}

void append_attributes(sd_bus_message* message, const Attributes& attributes) {
  expect_bus(sd_bus_message_open_container(message, 'a', "{ss}"));
  for (const auto& [name, value] : attributes) {
    expect_bus(sd_bus_message_append(message, "{ss}", name.c_str(), value.c_str()));
  }
  expect_bus(sd_bus_message_close_container(message));
}

void append_bytes(sd_bus_message* message, std::span<const unsigned char> bytes) {
  expect_bus(sd_bus_message_append_array(message, 'y', bytes.data(), bytes.size()));
}

std::vector<ObjectPath> read_paths(sd_bus_message* message) {
  std::vector<ObjectPath> paths;
  read_array(message, "o", [&] { paths.emplace_back(read_text(message, 'o')); });
  return paths;
}

namespace {

Attributes read_attributes(sd_bus_message* message) {
  Attributes attributes;
  read_array(message, "{ss}", [&] {
    enter(message, 'e', "ss");
    const char* name = read_text(message, 's');
    attributes.emplace(name, read_text(message, 's'));
    expect_bus(sd_bus_message_exit_container(message));
  });
  return attributes;
}

}  // namespace

void enter_variant(sd_bus_message* message, const char* contents) { enter(message, 'v', contents); }

Attributes read_attributes_property(sd_bus_message* message) {
  enter_variant(message, "a{ss}");
  return read_attributes(message);
}

bool read_boolean_property(sd_bus_message* message) {
  enter_variant(message, "b");
  return read_boolean(message);
}

std::uint64_t read_time_property(sd_bus_message* message) {
  std::uint64_t time = 0;
  enter_variant(message, "t");
  read_basic(message, 't', &time);
  return time;
}

}  // namespace cred
