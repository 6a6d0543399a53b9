// SPDX-License-Identifier: MIT
// What somebody answers who listens at the socket that home is asked through: a part each
// connection.
#include <sys/socket.h>

#include <string>
#include <thread>

#include "platform/forward/message_stream.h"
#include "platform/forward/store.h"
#include "platform/system/file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

constexpr std::chrono::seconds kPatience(60);

// Answers each connection with the next part and ends it, until it is told to end.
class Listener {
 public:
  Listener(int listening, const std::filesystem::path& socket, std::vector<std::string> parts)
      : socket_(socket), thread_([listening, parts = std::move(parts)] {
          for (std::size_t next = 0; answer(listening, next < parts.size() ? parts[next] : "");) {
            ++next;
          }
        }) {}
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    const Fd connection = connect_to(socket_, deadline);
    send_all(connection.get(), kEnd, deadline);
    thread_.join();
  }

 private:
  static constexpr const char* kEnd = "end";

  // False at the end.
  static bool answer(int listening, const std::string& part) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    const Fd connection(accept4(listening, nullptr, nullptr, SOCK_CLOEXEC));
    std::string asked;
    static_cast<void>(receive_some(connection.get(), asked, deadline));
    if (asked == kEnd) return false;
    static_cast<void>(failure_of([&] { send_all(connection.get(), part, deadline); }));
    return true;
  }

  std::filesystem::path socket_;
  std::thread thread_;
};

}  // namespace

void fuzz(const std::string& input) {
  static const TemporaryFolder folder;
  static const std::filesystem::path socket = folder.path() / "socket";
  static const Fd listening = [] {
    Fd fd = listen_at(socket, 0600, 8);
    fcntl(fd.get(), F_SETFL, 0);
    return fd;
  }();
  Environment environment;
  environment.variables["HOME"] = folder.path();
  Settings settings;
  settings.socket = socket;
  const auto index = std::make_shared<ServerIndex>(folder.path() / "index", IndexUse::only_read);
  const Listener listener(listening.get(), socket, parts_of(input, "\nnext\n"));
  const auto store = open_home_store({environment, settings, index, Notes()});
  const auto got = result_of([&] { return store->get("reg.example"); });
  hold(!got || !*got || (*got)->server == "reg.example",
       "the server is the one that was asked for");
  static_cast<void>(result_of([&] { return store->list(); }));
  static_cast<void>(failure_of([&] { store->erase({{"reg.example"}}); }));
}

}  // namespace cred::test
