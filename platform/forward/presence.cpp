// SPDX-License-Identifier: MIT
#include "platform/forward/presence.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "platform/socket/unix_socket.h"
#include "platform/system/error.h"
#include "platform/system/file_status.h"
#include "platform/text/notes.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using Json = nlohmann::json;
using std::filesystem::path;

constexpr std::size_t kLargestRecord = std::size_t{256} << 10;
constexpr std::chrono::milliseconds kNap(20);
constexpr std::chrono::seconds kForEnd(5);
constexpr const char* kOwnFolder = "forward";
constexpr const char* kSocketName = "socket";
constexpr const char* kEntries = "forwards";  // a link to the lock of each forward

std::optional<path> own_folder(const Environment& environment) {
  const path runtime = environment.runtime_folder();
  if (!std::filesystem::is_directory(runtime)) return std::nullopt;
  return runtime / kProgram;
}

// Beside the socket; beside its folder where that is the socket's own, because others may be given
// it.
path lock_file(const Environment& environment, const path& socket) {
  const auto own = own_folder(environment);
  path file = own && socket == *own / kOwnFolder / kSocketName ? socket.parent_path() : socket;
  file += ".lock";
  return file;
}

// A lock of the kind that the kernel knows the holder of, and that a child does not share.
struct flock whole_file() {
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

// nullopt where nobody holds it, or it cannot be seen.
std::optional<ForwardRecord> read_record(const path& file) {
  const Fd fd(open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct flock lock = whole_file();
  struct stat status = {};
  if (!fd || fstat(fd.get(), &status) != 0 || status.st_uid != geteuid()) return std::nullopt;
  if (fcntl(fd.get(), F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return std::nullopt;
  ForwardRecord record;
  record.lock = file;
  // Else the holder is in another PID namespace, or it is no lock of ours: nobody is to be
  // signalled.
  if (lock.l_pid > 0) record.pid = lock.l_pid;
  try {
    const Json json = Json::parse(read_all(fd.get(), kLargestRecord, file));
    record.socket = json.value("socket", "");
    record.servers = json.value("servers", std::vector<std::string>());
    record.all = json.value("all", false);
    record.allows_store = json.value("allows_store", false);
    record.until = json.value("until", std::uint64_t{0});
  } catch (const std::exception&) {
    return record;  // it is just beginning, or no record of ours
  }
  return record;
}

void write_record(int fd, const ForwardRecord& record, const path& file) {
  const Json json = {{"socket", record.socket.native()},
                     {"servers", record.servers},
                     {"all", record.all},
                     {"allows_store", record.allows_store},
                     {"until", record.until}};
  if (ftruncate(fd, 0) != 0) throw_errno(file);
  write_all(fd, json.dump(-1, ' ', false, Json::error_handler_t::replace), file);
}

Fd take_lock(const path& file) {
  Fd fd(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
             S_IRUSR | S_IWUSR));
  if (!fd) throw_errno(file);
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0) throw_errno(file);
  if (!S_ISREG(status.st_mode) || status.st_uid != geteuid()) {
    throw Error(Errc::bad_request, file.string() + " is not a file of this user");
  }
  struct flock lock = whole_file();
  if (fcntl(fd.get(), F_SETLK, &lock) == 0) return fd;
  if (errno != EACCES && errno != EAGAIN) throw_errno(file);
  return {};
}

[[noreturn]] void refuse_second(const path& socket, const path& lock) {
  std::string message = socket.string() + ": another forward answers there";
  if (const auto record = read_record(lock)) {
    message += ", process " + std::to_string(record->pid) + ", for " +
               (record->all ? "all servers" : join(record->servers)) +
               "; end it (forward --stop) and name all servers at once, or give --socket PATH";
  }
  throw Error(Errc::bad_request, message);
}

// The lock is held, so no forward of this user is there.
void remove_left_socket(const path& socket) {
  struct stat status = {};
  if (lstat(socket.c_str(), &status) != 0) {
    if (errno == ENOENT) return;
    throw_errno(socket);
  }
  if (!S_ISSOCK(status.st_mode) || status.st_uid != geteuid()) {
    throw Error(Errc::bad_request, socket.string() + " is there, and is no socket of this user");
  }
  if (!is_left_by_its_listener(socket)) {
    throw Error(Errc::bad_request, socket.string() + ": something else listens there");
  }
  remove_file(socket);
}

// Whoever may write there could put a socket of their own in the place of ours.
void check_folder(const path& folder) {
  struct stat status = {};
  if (stat(folder.c_str(), &status) != 0) throw_errno(folder);
  const bool is_ours = status.st_uid == geteuid() || status.st_uid == 0;
  const bool is_open = others_can_write(status.st_mode) && (status.st_mode & S_ISVTX) == 0;
  if (is_ours && !is_open) return;
  throw Error(Errc::bad_request,
              folder.string() +
                  ": others may put another socket there; name one in a folder that "
                  "this user alone may write");
}

void make_own_folder(const path& folder, bool is_for_others) {
  make_private_folder(folder);
  if (!is_for_others) return;
  for (const auto& opened : {folder, folder.parent_path()}) {
    if (chmod(opened.c_str(), S_IRWXU | S_IXGRP | S_IXOTH) != 0) throw_errno(opened);
  }
}

}  // namespace

path default_forward_socket(const Environment& environment) {
  const auto folder = own_folder(environment);
  if (!folder) {
    throw Error(Errc::bad_request,
                "there is no runtime folder (XDG_RUNTIME_DIR); --socket PATH says where to listen");
  }
  return *folder / kOwnFolder / kSocketName;
}

ForwardPresence::ForwardPresence(const Environment& environment, const ForwardRecord& record,
                                 bool is_for_others) {
  const path& socket = record.socket;
  const auto own = own_folder(environment);
  if (own && socket == default_forward_socket(environment)) {
    make_own_folder(socket.parent_path(), is_for_others);
  }
  check_folder(socket.parent_path());
  const path lock = lock_file(environment, socket);
  lock_ = take_lock(lock);
  if (!lock_) refuse_second(socket, lock);
  remove_left_socket(socket);
  write_record(lock_.get(), record, lock);
  if (!own) return;
  const path all = *own / kEntries;
  make_private_folder(all);
  entry_ = all / std::to_string(getpid());
  unlink(entry_.c_str());
  if (symlink(lock.c_str(), entry_.c_str()) != 0) throw_errno(entry_);
}

ForwardPresence::~ForwardPresence() {
  if (!entry_.empty()) unlink(entry_.c_str());
}

std::vector<ForwardRecord> running_forwards(const Environment& environment,
                                            const std::optional<path>& socket) {
  std::vector<ForwardRecord> forwards;
  if (socket) {
    if (auto record = read_record(lock_file(environment, *socket)))
      forwards.push_back(std::move(*record));
    return forwards;
  }
  const auto own = own_folder(environment);
  if (!own) return forwards;
  for (const auto& entry : list_folder(*own / kEntries)) {
    std::error_code failed;
    const path lock = std::filesystem::read_symlink(entry, failed);
    auto record = read_record(lock);
    if (record && (record->pid == 0 || entry.filename() == std::to_string(record->pid))) {
      forwards.push_back(std::move(*record));
    } else if (!failed) {
      unlink(entry.c_str());  // its lock came first: it was killed
    }
  }
  std::ranges::sort(forwards, {}, &ForwardRecord::socket);
  return forwards;
}

bool stop_forward(const ForwardRecord& forward) {
  const auto runs = [&] {
    const auto running = read_record(forward.lock);
    return running && running->pid == forward.pid;
  };
  if (forward.pid <= 0) return false;
  if (runs()) kill(forward.pid, SIGTERM);
  const auto end = Clock::now() + kForEnd;
  while (runs()) {
    if (Clock::now() >= end) return false;
    std::this_thread::sleep_for(kNap);
  }
  return true;
}

}  // namespace cred
