// SPDX-License-Identifier: MIT
// What a forward and who asks it say to each other: a request and its answer make one connection.
// Pure.
//
//   "dckf" ‖ version (1 byte, 1) ‖ kind (1 byte) ‖ 2 bytes of 0 ‖ u32le length of all fields
//   and then each field: u32le length ‖ bytes
//
// Before its answer may stand any number of `working`: signs of life.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cred {

enum class MessageKind : unsigned char {
  // Requests, and their fields.
  get = 1,    // SERVER
  list = 2,   // none
  offer = 3,  // SERVER: whether a login of it would be taken
  store = 4,  // SERVER, USERNAME, SECRET
  erase = 5,  // SERVER, once or more often

  // Answers.
  working = 64,  // none: home is at it, and may be asking somebody
  found = 65,    // SERVER, USERNAME, SECRET
  missing = 66,  // the servers that home has and serves, any number of them
  listed = 67,   // SERVER, USERNAME, any number of times
  done = 68,     // none
  refused = 69,  // REASON, for people: home does not do that
  failed = 70,   // REASON, for people: home could not
};

[[nodiscard]] bool is_request(MessageKind kind);

enum class MessageSide { requests, answers };

struct Message {
  MessageKind kind;
  std::vector<std::string> fields = {};

  bool operator==(const Message&) const = default;
};

// Throws Error(bad_request) for more than a message of its kind may hold: 64 KiB for a request, two
// MiB more for store, 16 MiB for an answer; 65,536 fields.
[[nodiscard]] std::string encode(const Message& message);

// Takes one message of this side off the front of `bytes`; nullopt where it is not all there yet.
// Throws Error(bad_request) where what is there cannot begin one: then no more of it should be
// read.
[[nodiscard]] std::optional<Message> take_message(std::string& bytes, MessageSide side);

}  // namespace cred
