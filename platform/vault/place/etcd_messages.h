// SPDX-License-Identifier: MIT
// The messages of etcd's KV service that are used, as gRPC has them on the wire: a protobuf behind
// five bytes. All of it goes by Txn, of which a comparison is a part. Pure.
// https://github.com/etcd-io/etcd/blob/main/api/etcdserverpb/rpc.proto
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cred {

inline constexpr std::string_view kEtcdTxn = "/etcdserverpb.KV/Txn";

// The revision of a key that is not there.
inline constexpr std::uint64_t kNoRevision = 0;

// The value of `key` and its revision, unless that is `known`. `is_serializable`: by one member
// alone.
[[nodiscard]] std::string etcd_fetch(std::string_view key, std::optional<std::uint64_t> known,
                                     bool is_serializable);

// Puts `value` if the revision of `key` is `known`.
[[nodiscard]] std::string etcd_replace(std::string_view key, std::string_view value,
                                       std::uint64_t known);

// What nobody may do who may only read, and what changes nothing.
[[nodiscard]] std::string etcd_write_probe(std::string_view key);

struct EtcdAnswer {
  bool succeeded = false;      // the comparison
  std::uint64_t revision = 0;  // of the whole store, which a put gives to its key
  std::uint64_t key_revision = kNoRevision;
  std::optional<std::string> value = {};  // where it was asked for, and the key is there
};

// nullopt if `frame` is not one whole answer to one of these.
[[nodiscard]] std::optional<EtcdAnswer> read_etcd_answer(std::string_view frame);

}  // namespace cred
