// SPDX-License-Identifier: MIT
#include "platform/vault/place/etcd_messages.h"

#include <cstddef>
#include <functional>

namespace cred {
namespace {

// How a field is written.
enum Wire : std::uint32_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };
constexpr std::uint32_t kWireBits = 3;
constexpr std::size_t kPrefix = 5;  // of gRPC: "not compressed", and the length

// ---- Written

void put_number(std::string& out, std::uint64_t number) {
  constexpr std::uint64_t kSeven = 0x7f;
  for (; number > kSeven; number >>= 7U) out += static_cast<char>((number & kSeven) | 0x80U);
  out += static_cast<char>(number);
}

void put(std::string& out, std::uint32_t field, std::uint64_t number) {
  put_number(out, (field << kWireBits) | Wire::varint);
  put_number(out, number);
}

void put(std::string& out, std::uint32_t field, std::string_view message) {
  put_number(out, (field << kWireBits) | Wire::bytes);
  put_number(out, message.size());
  out += message;
}

std::string framed(std::string_view message) {
  std::string frame(1, '\0');
  for (int shift = 24; shift >= 0; shift -= 8) {
    frame += static_cast<char>(message.size() >> static_cast<unsigned>(shift));
  }
  return frame += message;
}

// Compare: result (0: equal), target (2: the revision of the last change), key, that revision.
std::string comparison(std::string_view key, std::uint64_t revision) {
  std::string compare;
  put(compare, 2, 2);
  put(compare, 3, key);
  put(compare, 6, revision);
  return compare;
}

// RequestOp of a RangeRequest: key, serializable.
std::string read_of(std::string_view key, bool is_serializable) {
  std::string range;
  put(range, 1, key);
  if (is_serializable) put(range, 7, 1);
  std::string operation;
  put(operation, 1, range);
  return operation;
}

// RequestOp of a PutRequest: key, value.
std::string write_of(std::string_view key, std::string_view value) {
  std::string request;
  put(request, 1, key);
  put(request, 2, value);
  std::string operation;
  put(operation, 2, request);
  return operation;
}

// TxnRequest: what is compared, then what is done if that is so, and if not.
enum Part : std::uint32_t { compare = 1, success = 2, failure = 3 };

// ---- Read

// One field of a message: a number, or bytes.
struct Field {
  std::uint32_t number = 0;
  std::uint64_t value = 0;
  std::string_view bytes = {};
};

bool take_number(std::string_view& in, std::uint64_t& number) {
  number = 0;
  for (unsigned shift = 0; !in.empty() && shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    number |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if ((byte & 0x80U) == 0) return true;
  }
  return false;
}

bool take_bytes(std::string_view& in, std::uint64_t size, std::string_view& taken) {
  if (size > in.size()) return false;
  taken = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

bool take_field(std::string_view& in, Field& field) {
  std::uint64_t tag = 0;
  if (!take_number(in, tag)) return false;
  field.number = static_cast<std::uint32_t>(tag >> kWireBits);
  switch (tag & 7U) {
    case Wire::varint:
      return take_number(in, field.value);
    case Wire::bytes:
      return take_number(in, field.value) && take_bytes(in, field.value, field.bytes);
    case Wire::fixed64:
      return take_bytes(in, sizeof(std::uint64_t), field.bytes);
    case Wire::fixed32:
      return take_bytes(in, sizeof(std::uint32_t), field.bytes);
    default:
      return false;
  }
}

// Calls `use` with each field of `message`; false where either says no. What is unknown is passed
// over, as protobuf has it.
using Use = std::function<bool(const Field& field)>;
bool each_field(std::string_view message, const Use& use) {
  while (!message.empty()) {
    Field field;
    if (!take_field(message, field) || !use(field)) return false;
  }
  return true;
}

// The field `number` of `message`, a message itself: `use` for each field of that.
bool inside(const Field& field, std::uint32_t number, const Use& use) {
  return field.number != number || each_field(field.bytes, use);
}

}  // namespace

std::string etcd_fetch(std::string_view key, std::optional<std::uint64_t> known,
                       bool is_serializable) {
  std::string txn;
  if (known) put(txn, Part::compare, comparison(key, *known));
  put(txn, known ? Part::failure : Part::success, read_of(key, is_serializable));
  return framed(txn);
}

std::string etcd_replace(std::string_view key, std::string_view value, std::uint64_t known) {
  std::string txn;
  put(txn, Part::compare, comparison(key, known));
  put(txn, Part::success, write_of(key, value));
  return framed(txn);
}

std::string etcd_write_probe(std::string_view key) {
  constexpr std::uint64_t kNever = (std::uint64_t{1} << 63U) - 1;  // the last one that there can be
  return etcd_replace(key, "", kNever);
}

std::optional<EtcdAnswer> read_etcd_answer(std::string_view frame) {
  if (frame.size() < kPrefix || frame.front() != '\0') return std::nullopt;
  std::size_t size = 0;
  for (const char c : frame.substr(1, kPrefix - 1))
    size = size << 8U | static_cast<unsigned char>(c);
  if (frame.size() != kPrefix + size) return std::nullopt;
  EtcdAnswer answer;
  // KeyValue: the revision of the last change, the value.
  const auto in_pair = [&](const Field& field) {
    if (field.number == 3) answer.key_revision = field.value;
    if (field.number == 5) answer.value = field.bytes;
    return true;
  };
  // TxnResponse: the header, with the revision; succeeded; what came of each operation, which of a
  // range is its pairs.
  const auto in_range = [&](const Field& field) { return inside(field, 2, in_pair); };
  const auto in_response = [&](const Field& field) { return inside(field, 1, in_range); };
  const auto in_header = [&](const Field& field) {
    if (field.number == 3) answer.revision = field.value;
    return true;
  };
  const bool is_whole = each_field(frame.substr(kPrefix), [&](const Field& field) {
    if (field.number == 2) answer.succeeded = field.value != 0;
    return inside(field, 1, in_header) && inside(field, 3, in_response);
  });
  if (!is_whole || answer.revision == 0) return std::nullopt;
  if (answer.key_revision != kNoRevision && !answer.value) answer.value.emplace();  // an empty one
  return answer;
}

}  // namespace cred
