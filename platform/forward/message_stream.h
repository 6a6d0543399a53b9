// SPDX-License-Identifier: MIT
// Messages on a connection. Private to platform/forward.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "platform/forward/message.h"
#include "platform/socket/unix_socket.h"

namespace cred {

class MessageStream {
 public:
  MessageStream(Fd connection, MessageSide received)
      : connection_(std::move(connection)), side_(received) {}

  [[nodiscard]] int fd() const { return connection_.get(); }

  // Throws as send_all() and encode() do.
  void send(const Message& message, Deadline deadline) const {
    send_all(connection_.get(), encode(message), deadline);
  }

  // nullopt where the other end closed it before a whole one came. Throws as receive_some() and
  // take_message() do.
  [[nodiscard]] std::optional<Message> receive(Deadline deadline) {
    for (;;) {
      if (auto message = take_message(received_, side_)) return message;
      if (!receive_some(connection_.get(), received_, deadline)) return std::nullopt;
    }
  }

 private:
  Fd connection_;
  MessageSide side_;
  std::string received_;
};

}  // namespace cred
