// SPDX-License-Identifier: MIT
#include "platform/forward/message.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "platform/system/error.h"
#include "platform/text/number_bytes.h"

namespace cred {
namespace {

constexpr std::string_view kBeginning("dckf\x01", 5);
constexpr std::size_t kNumber = sizeof(std::uint32_t);
constexpr std::size_t kKindAt = kBeginning.size();
constexpr std::size_t kLengthAt = 8;
constexpr std::size_t kHeader = kLengthAt + kNumber;
constexpr std::size_t kKiB = 1024;
constexpr std::size_t kLargestRequest = 64 * kKiB;
constexpr std::size_t kLargestAnswer = 16 * kKiB * kKiB;
constexpr std::size_t kAny = std::size_t{64} * kKiB;

// How many fields a message has, and how long they all may be.
struct Shape {
  MessageKind kind;
  std::size_t least;
  std::size_t most;
  std::size_t each = 1;  // a multiple of this
  std::size_t size = kLargestAnswer;
};

constexpr std::array kShapes{
    Shape{MessageKind::get, 1, 1, 1, kLargestRequest},
    Shape{MessageKind::list, 0, 0, 1, kLargestRequest},
    Shape{MessageKind::offer, 1, 1, 1, kLargestRequest},
    Shape{MessageKind::store, 3, 3, 1, kLargestRequest + 2 * kKiB* kKiB},
    Shape{MessageKind::erase, 1, kAny, 1, kLargestRequest},
    Shape{MessageKind::working, 0, 0},
    Shape{MessageKind::found, 3, 3},
    Shape{MessageKind::missing, 0, kAny},
    Shape{MessageKind::listed, 0, kAny, 2},
    Shape{MessageKind::done, 0, 0},
    Shape{MessageKind::refused, 1, 1},
    Shape{MessageKind::failed, 1, 1},
};

[[noreturn]] void refuse(const char* why) { throw Error(Errc::bad_request, why); }

const Shape& shape_of(MessageKind kind) {
  const auto* shape = std::ranges::find(kShapes, kind, &Shape::kind);
  if (shape == kShapes.end()) refuse("a message of a kind that is not known");
  return *shape;
}

std::vector<std::string> fields_in(std::string_view bytes, std::size_t most) {
  std::vector<std::string> fields;
  while (!bytes.empty()) {
    if (fields.size() == most) refuse("a message with too many fields");
    if (bytes.size() < kNumber) refuse("a message whose last field is cut short");
    const std::size_t size = number_in(bytes.substr(0, kNumber));
    bytes.remove_prefix(kNumber);
    if (size > bytes.size()) refuse("a message whose last field is cut short");
    fields.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return fields;
}

void check_count(const Shape& shape, std::size_t count) {
  if (count < shape.least || count > shape.most || count % shape.each != 0) {
    refuse("a message with a wrong number of fields");
  }
}

}  // namespace

bool is_request(MessageKind kind) { return kind < MessageKind::working; }

std::string encode(const Message& message) {
  const Shape& shape = shape_of(message.kind);
  check_count(shape, message.fields.size());
  std::size_t size = 0;
  for (const auto& field : message.fields) size += kNumber + field.size();
  if (size > shape.size) refuse("too long for one message");
  std::string bytes;
  bytes.reserve(kHeader + size);
  bytes += kBeginning;
  bytes += static_cast<char>(message.kind);
  bytes.append(2, '\0');
  append_number(bytes, size, kNumber);
  for (const auto& field : message.fields) {
    append_number(bytes, field.size(), kNumber);
    bytes += field;
  }
  return bytes;
}

std::optional<Message> take_message(std::string& bytes, MessageSide side) {
  const std::string_view begun(bytes);
  if (!kBeginning.starts_with(begun.substr(0, kBeginning.size()))) {
    refuse("not a message of a forward, or of another version");
  }
  if (begun.size() < kHeader) return std::nullopt;
  const Shape& shape = shape_of(MessageKind{static_cast<unsigned char>(begun[kKindAt])});
  if (is_request(shape.kind) != (side == MessageSide::requests))
    refuse("a message of the other side");
  if (begun[kKindAt + 1] != 0 || begun[kKindAt + 2] != 0) refuse("a message with unknown marks");
  const std::size_t size = number_in(begun.substr(kLengthAt, kNumber));
  if (size > shape.size) refuse("a message that is too long");
  if (begun.size() - kHeader < size) return std::nullopt;
  Message message{shape.kind, fields_in(begun.substr(kHeader, size), shape.most)};
  check_count(shape, message.fields.size());
  bytes.erase(0, kHeader + size);
  return message;
}

}  // namespace cred
