// SPDX-License-Identifier: MIT
#include "platform/keyring/bus/sd_message.h"

#include <cstring>

namespace cred {

const char* read_text(sd_bus_message* message, char type) {
  const char* text = nullptr;
  expect_bus(sd_bus_message_read_basic(message, type, &text));
  return text;
}

bool read_boolean(sd_bus_message* message) {
  int value = 0;
  expect_bus(sd_bus_message_read_basic(message, 'b', &value));
  return value != 0;
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
    expect_bus(sd_bus_message_enter_container(message, 'e', "ss"));
    const char* name = read_text(message, 's');
    attributes.emplace(name, read_text(message, 's'));
    expect_bus(sd_bus_message_exit_container(message));
  });
  return attributes;
}

}  // namespace

bool enter_variant(sd_bus_message* message, const char* contents) {
  const char* found = nullptr;
  expect_bus(sd_bus_message_peek_type(message, nullptr, &found));
  if (found != nullptr && std::strcmp(found, contents) != 0) {
    expect_bus(sd_bus_message_skip(message, "v"));
    return false;
  }
  expect_bus(sd_bus_message_enter_container(message, 'v', contents));
  return true;
}

Attributes read_attributes_property(sd_bus_message* message) {
  return enter_variant(message, "a{ss}") ? read_attributes(message) : Attributes();
}

}  // namespace cred
