// SPDX-License-Identifier: MIT
#include "platform/vault/storage/local_storage.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <system_error>

#include "platform/system/error.h"
#include "platform/system/file_status.h"
#include "platform/system/obstacle.h"
#include "platform/text/strings.h"
#include "platform/vault/format/format.h"
#include "platform/vault/storage/place_record.h"

namespace cred {
namespace {

constexpr std::string_view kTemporary = ".new";  // behind the vault's own name
constexpr std::string_view kLock = ".lock";
constexpr std::string_view kPlace = ".place";  // place_record.h
constexpr const char* kVaultVariable = "DOCKER_CREDENTIAL_KEYRING_VAULT";
constexpr const char* kDataVariable = "XDG_DATA_HOME";
constexpr const char* kBelowDataHome = "docker-credential-keyring/vault";
constexpr std::chrono::seconds kLockWait(60);  // forty writers on a slow disk
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw Error(Errc::vault_unsafe, "the vault cannot be used: " + path.string() + ' ' + why);
}

// A link of this user is followed, once; one that another user planted is not.
std::filesystem::path follow(const std::filesystem::path& path) {
  struct stat status = {};
  if (lstat(path.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) return path;
  if (status.st_uid != geteuid()) refuse(path, "is a link of another user");
  std::error_code failed;
  const auto target = std::filesystem::read_symlink(path, failed);
  if (failed) refuse(path, "is a link that cannot be read");
  return path.parent_path() / target;  // which is itself where that is absolute
}

// The name of a neighbour of the vault, which no vault can have then.
std::string beside_vault(const std::filesystem::path& path, std::string_view suffix) {
  const std::string name = path.filename();
  for (const auto taken : {kTemporary, kLock, kPlace}) {
    if (name.ends_with(taken)) {
      refuse(path, "has a name that another vault's helper files have; call it otherwise");
    }
  }
  return name + std::string(suffix);
}

// Of a folder in which there is none yet, and of ours.
std::optional<std::string> why_no_vault(const std::filesystem::path& folder) {
  struct stat status = {};
  if (stat(folder.c_str(), &status) != 0 || status.st_uid != geteuid()) return std::nullopt;
  return "no vault can be made in " + folder.string() +
         ", where others may write: chmod 700 it, or choose another folder";
}

// All bytes of a vault that only its owner can touch.
std::optional<std::string> read_checked(int folder, const std::filesystem::path& path) {
  // O_NONBLOCK: a FIFO in its place must not hold us up.
  const Fd file(
      openat(folder, path.filename().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file) {
    if (says_absent(errno)) return std::nullopt;
    if (errno == ENXIO) refuse(path, "is not a regular file");  // a socket
    if (errno == ELOOP) refuse(path, "is a link to a link");
    throw_unseen(path);
  }
  struct stat status = {};
  if (fstat(file.get(), &status) != 0) throw_errno(path.string());
  if (!S_ISREG(status.st_mode)) refuse(path, "is not a regular file");
  if (status.st_uid != geteuid()) refuse(path, "belongs to another user");
  if ((status.st_mode & kOthers) != 0) refuse(path, "is open to others; close it: chmod 600");
  if (static_cast<std::size_t>(status.st_size) > kLargestVault) {
    refuse(path, "is larger than 64 MiB");
  }
  return read_all(file.get(), kLargestVault, path.string(),
                  static_cast<std::size_t>(status.st_size));
}

// In one step; what it throws left the old one.
void write(int folder, const std::filesystem::path& path, std::string_view bytes) {
  try {
    replace_file(path.filename(), bytes,
                 {.is_synced = true,
                  .folder = folder,
                  .temporary = beside_vault(path, kTemporary),
                  .what = path.string()});
  } catch (const Error& failure) {
    throw Error(Errc::io,
                "the vault was not written, and is as it was: " + std::string(failure.what()));
  }
}

}  // namespace

std::string digest_of(std::string_view bytes) {
  // Only then libsodium takes the quickest code for this processor.
  if (sodium_init() < 0) throw std::bad_alloc();
  std::string digest(crypto_generichash_BYTES, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                     as_bytes(bytes).data(), bytes.size(), nullptr, 0);
  return digest;
}

std::optional<Fd> LocalStorage::beside() {
  const auto folder = follow(path_).parent_path();
  Fd fd(open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) {
    if (says_absent(errno)) return std::nullopt;
    throw_unseen(path_);
  }
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0) throw_errno(folder.string());
  if (status.st_uid != geteuid()) refuse(folder, "belongs to another user");
  if (others_can_write(status.st_mode)) {
    refuse(folder, "can be written by others; close it: chmod 700");
  }
  // Only a folder that holds nothing but our things is closed: never somebody's /dev or /etc.
  if (folder_ == FolderUse::own && folder == path_.parent_path() &&
      (status.st_mode & kOthers) != 0) {
    static_cast<void>(fchmod(fd.get(), S_IRWXU));  // a read-only disk: the file is closed itself
  }
  return fd;
}

std::optional<std::string> LocalStorage::read() {
  const auto path = follow(path_);
  const auto folder = beside();
  if (!folder) return std::nullopt;
  return read_checked(folder->get(), path);
}

std::optional<Storage::Content> LocalStorage::read_for_change() {
  auto bytes = read();
  if (!bytes) return std::nullopt;
  std::string token = digest_of(*bytes);
  return Content{std::move(*bytes), std::move(token)};
}

Storage::Hold LocalStorage::hold() {
  const auto folder = beside();
  if (!folder) throw Error(Errc::io, path_.parent_path().string() + ": no such folder");
  // Not the folder, which NFS cannot lock, and not the vault, which is another file after a write.
  const auto path = follow(path_);
  const std::string name = beside_vault(path, kLock);
  struct stat status = {};
  if (fstatat(folder->get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
      !S_ISREG(status.st_mode)) {
    refuse(path.parent_path() / name, "is not a regular file");
  }
  LockPlace place{.file = name, .folder = folder->get(), .whole = path.parent_path() / name};
  if (!runtime_folder_.empty()) {
    constexpr std::size_t kEnough = 8;  // bytes, to tell one vault of a user from another
    place.instead = runtime_file(runtime_folder_,
                                 to_hex(digest_of(path.string()).substr(0, kEnough)) + ".lock");
  }
  auto lock = FileLock::acquire(place, kLockWait);
  if (!lock) {
    throw Error(Errc::timed_out, "another process is still writing " + path_.string());
  }
  return std::make_shared<FileLock>(std::move(*lock));
}

void LocalStorage::prepare() {
  if (path_.has_parent_path()) make_private_folder(path_.parent_path());
  try {
    if (beside()) return;
  } catch (const Error& failure) {
    if (failure.code() != Errc::vault_unsafe || exists()) throw;
    throw Error(Errc::io, why_no_vault(follow(path_).parent_path()).value_or(failure.what()));
  }
  throw Error(Errc::io, path_.string() + ": no such folder");
}

bool LocalStorage::exists() {
  try {
    return !is_absent(follow(path_));
  } catch (const Error&) {
    return true;  // who reads it is told what is wrong with it
  }
}

// By its record: who has other settings than those by which it is shared would write what the place
// never gets.
void LocalStorage::refuse_if_shared() const {
  const auto file = place_record_file(path_);
  if (is_absent(file)) return;
  const auto record = read_place_record(file);
  throw Error(Errc::io, path_.string() + " is the copy of a vault that is shared" +
                            (record ? " at " + record->place : "") +
                            ", and no settings that count here say so: see settings.json, or make "
                            "it a vault of this machine: docker-credential-keyring vault leave");
}

Storage::Outcome LocalStorage::replace(std::string_view bytes,
                                       const std::optional<std::string>& token) {
  refuse_if_shared();
  const auto path = follow(path_);
  const auto folder = beside();
  if (!folder) throw Error(Errc::io, path.parent_path().string() + ": no such folder");
  const auto current = read_checked(folder->get(), path);
  if (current.has_value() != token.has_value() || (token && digest_of(*current) != *token)) {
    return Outcome::conflict;
  }
  write(folder->get(), path, bytes);
  return Outcome::done;
}

void LocalStorage::overwrite(std::string_view bytes) {
  const auto folder = beside();
  if (!folder) throw Error(Errc::io, path_.parent_path().string() + ": no such folder");
  write(folder->get(), follow(path_), bytes);
}

void LocalStorage::remove() {
  const auto path = follow(path_);
  const auto folder = beside();
  if (!folder) return;
  static_cast<void>(unlink(place_record_file(path_).c_str()));
  // The vault last: what fails before has removed nothing.
  for (const auto& name : {beside_vault(path, kTemporary), path.filename().string()}) {
    if (unlinkat(folder->get(), name.c_str(), 0) != 0 && !says_absent(errno)) {
      throw_errno(path.string());
    }
  }
  static_cast<void>(fsync(folder->get()));
}

std::filesystem::path local_vault_file(const Environment& environment) {
  if (const auto path = environment.get(kVaultVariable)) return std::filesystem::absolute(*path);
  return environment.data_home() / kBelowDataHome;
}

std::vector<std::filesystem::path> vaults_elsewhere(const Environment& environment,
                                                    const ServerIndex& index) {
  const auto here = local_vault_file(environment);
  std::vector<std::filesystem::path> others;
  const auto add = [&](const std::filesystem::path& place) {
    if (place != here && !contains(others, place) && !is_absent(place)) others.push_back(place);
  };
  for (const auto& place : index.places(kVaultId)) add(place);
  Environment usual = environment;
  usual.variables.erase(kDataVariable);
  if (usual.has_home()) add(usual.data_home() / kBelowDataHome);
  return others;
}

std::string why_elsewhere(const Environment& environment, const std::filesystem::path& other) {
  std::string why = std::string(kVaultVariable) + " is not set here";
  for (const char* variable : {kDataVariable, kVaultVariable}) {
    if (environment.get(variable)) why = std::string(variable) + " points elsewhere here";
  }
  return "there is no vault at " + local_vault_file(environment).string() + "; one lies at " +
         other.string() + ", and " + why;
}

bool names_vault(const Environment& environment) {
  return environment.get(kVaultVariable).has_value();
}

std::unique_ptr<LocalStorage> open_local_storage(const Environment& environment, FolderUse folder) {
  // A folder that the user names may be anybody's, as /etc or /dev.
  if (names_vault(environment)) folder = FolderUse::leave_as_it_is;
  return std::make_unique<LocalStorage>(local_vault_file(environment), folder,
                                        environment.runtime_folder());
}

}  // namespace cred
