// SPDX-License-Identifier: MIT
#include "platform/forward/listener.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <map>
#include <system_error>
#include <utility>

#include "platform/forward/answering.h"
#include "platform/forward/forward_log.h"
#include "platform/forward/message_stream.h"
#include "platform/socket/unix_socket.h"
#include "platform/system/error.h"
#include "platform/system/file.h"

namespace cred {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kPlaces = 32;
constexpr int kWaiting = 128;
constexpr milliseconds kNap(50);  // where the system has no descriptor or process for one more
constexpr mode_t kForOwner = S_IRUSR | S_IWUSR;
constexpr mode_t kForAll = kForOwner | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;
constexpr minutes kShortestPause(1);
constexpr minutes kLongestPause(60);

// The socket's file, which goes with this; not what somebody else has put in its place.
class SocketFile {
 public:
  explicit SocketFile(const ForwardSocket& socket)
      : path_(socket.path),
        listening_(listen_at(path_, socket.is_for_others() ? kForAll : kForOwner, kWaiting)) {
    if (lstat(path_.c_str(), &made_) != 0) throw_errno(path_);
  }
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;
  ~SocketFile() {
    struct stat now = {};
    const bool is_ours =
        lstat(path_.c_str(), &now) == 0 && now.st_ino == made_.st_ino && now.st_dev == made_.st_dev;
    if (is_ours) unlink(path_.c_str());
  }

  [[nodiscard]] int fd() const { return listening_.get(); }

 private:
  std::filesystem::path path_;
  Fd listening_;
  struct stat made_ = {};
};

// Readable once `time` has passed, also asleep.
Fd timer_of(seconds time) {
  Fd timer(timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK));
  itimerspec when = {};
  when.it_value.tv_sec = time.count();
  if (!timer || timerfd_settime(timer.get(), 0, &when, nullptr) != 0) throw_errno("a timer");
  return timer;
}

// The signals that end this process, or tell of a child's end, as a descriptor to read from.
class SignalsToRead {
 public:
  SignalsToRead() {
    sigset_t those;
    sigemptyset(&those);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD}) sigaddset(&those, signal);
    struct sigaction usual = {};
    usual.sa_handler = SIG_DFL;
    sigaction(SIGCHLD, &usual, nullptr);  // or there would be nothing to wait for
    sigprocmask(SIG_BLOCK, &those, &before_);
    fd_ = Fd(signalfd(-1, &those, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd_) throw_errno("signalfd");
  }
  SignalsToRead(const SignalsToRead&) = delete;
  SignalsToRead& operator=(const SignalsToRead&) = delete;
  ~SignalsToRead() { restore(); }

  void restore() const { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  [[nodiscard]] int fd() const { return fd_.get(); }

  // Whether one of them is to end this process.
  [[nodiscard]] bool read_end() const {
    signalfd_siginfo info = {};
    bool is_end = false;
    while (read(fd_.get(), &info, sizeof info) == sizeof info) {
      is_end = is_end || info.ssi_signo != SIGCHLD;
    }
    return is_end;
  }

 private:
  sigset_t before_ = {};
  Fd fd_;
};

// Whoever did not answer is left alone: for a minute, for two, and up to an hour. An answer ends
// none of it: it may have come from another store than the one that asks.
class Pause {
 public:
  void begin() {
    const std::time_t now = std::time(nullptr);
    if (now > end_ + duration_cast<seconds>(kLongestPause).count()) length_ = minutes(0);
    length_ = std::clamp<minutes>(2 * length_, kShortestPause, kLongestPause);
    end_ = now + duration_cast<seconds>(length_).count();
  }
  [[nodiscard]] std::optional<std::uint64_t> until() const {
    if (std::time(nullptr) >= end_) return std::nullopt;
    return static_cast<std::uint64_t>(end_);
  }

 private:
  minutes length_{0};
  std::time_t end_ = 0;
};

// The name of the program that asks; it may call itself as it likes.
std::string shown_peer(const Peer& peer) {
  std::string name;
  if (peer.pid > 0) {
    try {
      name = read_file("/proc/" + std::to_string(peer.pid) + "/comm").value_or("");
    } catch (const Error&) {
      name.clear();  // it has ended since
    }
  }
  if (name.ends_with('\n')) name.pop_back();
  std::string shown = "uid " + std::to_string(peer.uid);
  if (!name.empty()) shown += ", " + name + " (" + std::to_string(peer.pid) + ')';
  return shown;
}

class Listener {
 public:
  Listener(const ForwardSocket& socket, seconds time, const AnswerRequest& answer)
      : other_uid_(socket.other_uid), answer_(answer), file_(socket), timer_(timer_of(time)) {}
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() {
    for (const auto& [pid, place] : places_) kill(pid, SIGKILL);
    for (const auto& [pid, place] : places_) waitpid(pid, nullptr, 0);
  }

  void run() {
    for (;;) {
      std::array<pollfd, 4> polled{
          pollfd{timer_.get(), POLLIN, 0}, pollfd{signals_.fd(), POLLIN, 0},
          pollfd{reports_.read_end.get(), POLLIN, 0}, pollfd{file_.fd(), POLLIN, 0}};
      // Without room for one more, the rest waits where it is.
      const nfds_t count = takes_more() ? polled.size() : polled.size() - 1;
      if (poll(polled.data(), count, log_.next_flush()) < 0 && errno != EINTR) throw_errno("poll");
      // Before reap(): what ends after that wakes the next poll().
      const bool ends = signals_.read_end();
      read_reports();
      log_.flush();
      reap();
      if (ends || polled[0].revents != 0) return;
      if (count == polled.size() && polled[3].revents != 0) take_one();
    }
  }

 private:
  enum class State {
    silent,   // it has not asked yet
    untaken,  // the answer is there, and it does not take it
    asking
  };
  struct Place {
    Fd connection;
    Clock::time_point since;
    State state = State::silent;
    bool is_leaving = false;
  };
  using Places = std::map<pid_t, Place>;

  [[nodiscard]] bool takes_more() {
    if (places_.size() < kPlaces) return true;
    const auto first = first_to_go();
    return first != places_.end() && !first->second.is_leaving;
  }

  // Who is silent, else who takes no answer; of these the one that is there the longest. Never one
  // that waits for its answer.
  [[nodiscard]] Places::iterator first_to_go() {
    const auto first = std::ranges::min_element(places_, {}, [](const auto& entry) {
      return std::pair(entry.second.state, entry.second.since);
    });
    const bool is_any = first != places_.end() && first->second.state != State::asking;
    return is_any ? first : places_.end();
  }

  void read_reports() {
    AnswerReport report;
    while (read(reports_.read_end.get(), &report, sizeof report) == sizeof report) {
      if (report.stage != AnswerStage::answered) {
        const bool asks = report.stage == AnswerStage::asked;
        note_state(report.pid, asks ? State::asking : State::untaken);
        continue;
      }
      if (report.was_asked_in_vain) pause_.begin();
      log_.line(report.log.data());
    }
  }

  void note_state(pid_t pid, State state) {
    const auto place = places_.find(pid);
    if (place == places_.end()) return;
    place->second.state = state;
    place->second.is_leaving = false;
  }

  void reap() {
    for (pid_t pid = 0; (pid = waitpid(-1, nullptr, WNOHANG)) > 0;) places_.erase(pid);
  }

  // In a user namespace that uid is everybody's.
  [[nodiscard]] bool may_ask(const Peer& peer) const {
    if (peer.uid == nobody_) return false;
    return peer.uid == geteuid() || (other_uid_ && peer.uid == *other_uid_);
  }

  void take_one() {
    if (places_.size() >= kPlaces) return make_room();
    Fd connection(accept4(file_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (connection) return admit(std::move(connection));
    if (errno != EMFILE && errno != ENFILE && errno != ENOMEM) return;
    log_.line("somebody waits: " + std::system_category().message(errno));
    make_room();
    poll(nullptr, 0, kNap.count());
  }

  // Of who is silent nothing more is heard, but a request that has come is answered.
  void make_room() {
    const auto first = first_to_go();
    if (first == places_.end() || first->second.is_leaving) return;
    Place& place = first->second;
    shutdown(place.connection.get(), place.state == State::silent ? SHUT_RD : SHUT_RDWR);
    place.is_leaving = true;
  }

  void admit(Fd connection) {
    Peer peer;
    try {
      peer = peer_of(connection.get());
    } catch (const Error& failure) {
      return log_.line(failure.what());
    }
    if (!may_ask(peer)) return turn_away(std::move(connection), peer);
    start(std::move(connection), {shown_peer(peer), pause_.until()});
  }

  void turn_away(Fd connection, const Peer& peer) {
    const std::string reason = "this forward answers uid " + std::to_string(geteuid()) +
                               (other_uid_ ? " and " + std::to_string(*other_uid_) : "") +
                               " alone, and not uid " + std::to_string(peer.uid);
    log_.line(shown_peer(peer) + ": refused");
    try {
      MessageStream(std::move(connection), MessageSide::requests)
          .send({MessageKind::refused, {reason}}, Clock::now());
    } catch (const Error&) {
      return;  // it has gone already
    }
  }

  void start(Fd connection, const ForwardPeer& peer) {
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (getppid() != parent) _exit(1);
      places_.clear();  // the connections of others end with their own processes
      signals_.restore();
      answer_one(std::move(connection), peer, answer_, reports_.write_end.get());
      _exit(0);
    }
    if (pid > 0) places_[pid] = {std::move(connection), Clock::now()};
    if (pid < 0) log_.line(peer.name + ": not answered, because no process is to be had");
  }

  std::optional<uid_t> other_uid_;
  const AnswerRequest& answer_;
  ForwardLog log_;
  SignalsToRead signals_;
  Pipe reports_{O_CLOEXEC | O_NONBLOCK};
  const uid_t nobody_ = overflow_uid();
  SocketFile file_;
  Fd timer_;
  Places places_;
  Pause pause_;
};

}  // namespace

void serve_forward(const ForwardSocket& socket, seconds time, const AnswerRequest& answer,
                   const std::function<void()>& ready) {
  Listener listener(socket, time, answer);
  ready();
  listener.run();
}

}  // namespace cred
