// SPDX-License-Identifier: MIT
#include "platform/vault/unlock/ticket.h"

#include <dirent.h>
#include <fcntl.h>
#include <keyutils.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <fstream>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/library.h"
#include "platform/system/obstacle.h"
#include "platform/text/number_bytes.h"
#include "platform/vault/format/clock.h"
#include "platform/vault/format/format.h"

namespace cred {
namespace {

constexpr std::string_view kMagic = "dckopen1";
constexpr std::string_view kPrefix = "open-";
constexpr std::size_t kTicketIdSize = 16;
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kExpirySize = 8;
constexpr std::size_t kTicketSize =
    kMagic.size() + kExpirySize + kNonceSize + kDataKeySize + kTagSize;

// The owner may view, read, search and link it. Nothing for those who possess it: another user who
// inherits the session, as under plain su, does.
constexpr key_perm_t kOwnerOnly = KEY_USR_VIEW | KEY_USR_READ | KEY_USR_SEARCH | KEY_USR_LINK;

std::string description_of(std::string_view vault_id) {
  return "docker-credential-keyring:" + to_hex(vault_id);
}

// Beside the vault may lie anything, also what begins as a ticket does.
bool is_ticket_name(std::string_view name) {
  constexpr std::size_t kDigits = 2 * kTicketIdSize;
  return name.starts_with(kPrefix) && name.size() == kPrefix.size() + kDigits &&
         name.find_first_not_of("0123456789abcdef", kPrefix.size()) == std::string_view::npos;
}

std::string file_of(std::string_view ticket_id) { return std::string(kPrefix) + to_hex(ticket_id); }

std::uint64_t expiry_in(std::string_view ticket) {
  return number_in(ticket.substr(kMagic.size(), kExpirySize));
}

// --- the kernel's keyring ------------------------------------------------------------------------

struct KernelKey {
  // The ticket's id, then the key: a second locked page would cost more than both.
  LockedBytes payload;

  [[nodiscard]] std::string ticket_id() const {
    return std::string(as_text(payload.bytes().first(kTicketIdSize)));
  }
  [[nodiscard]] Bytes key() const { return payload.bytes().subspan(kTicketIdSize); }
};

bool is_ours(key_serial_t key) {
  constexpr std::size_t kEnough = 256;  // our description, and what stands before it
  std::array<char, kEnough> described = {};
  const auto size = keyctl_describe(key, described.data(), described.size());
  if (size < 0 || static_cast<std::size_t>(size) > described.size()) return false;
  // "user;UID;GID;PERMISSIONS;DESCRIPTION"
  const char* begin = described.data();
  const char* end = begin + described.size();
  const char* first = std::find(begin, end, ';');
  uid_t owner = 0;
  return first != end && std::from_chars(first + 1, end, owner).ec == std::errc() &&
         owner == geteuid();
}

std::optional<KernelKey> find_kernel_key(std::string_view vault_id) {
  const std::string description = description_of(vault_id);
  // In a user namespace the user's keyring is another one, and the session leads to the host's.
  for (const key_serial_t ring : {KEY_SPEC_USER_KEYRING, KEY_SPEC_SESSION_KEYRING}) {
    const auto found = keyctl_search(ring, "user", description.c_str(), 0);
    if (found < 0 || !is_ours(static_cast<key_serial_t>(found))) continue;
    LockedBytes payload(kTicketIdSize + kKeySize);
    const auto size = keyctl_read(static_cast<key_serial_t>(found),
                                  reinterpret_cast<char*>(payload.data()), payload.size());
    if (std::cmp_not_equal(size, payload.size())) continue;
    return KernelKey{std::move(payload)};
  }
  return std::nullopt;
}

// Throws Error(io) where the kernel does not allow it.
void keep_kernel_key(std::string_view vault_id, std::string_view ticket_id, const LockedBytes& key,
                     std::chrono::seconds time) {
  LockedBytes payload(kTicketIdSize + kKeySize);
  std::ranges::copy(ticket_id, payload.data());
  std::ranges::copy(key.bytes(), payload.data() + kTicketIdSize);
  // Made aside and then linked, which replaces an older one at once: to update that in place would
  // lose its time limit.
  const key_serial_t made = add_key("user", description_of(vault_id).c_str(), payload.data(),
                                    payload.size(), KEY_SPEC_PROCESS_KEYRING);
  if (made < 0) throw_errno("the kernel's keyring");
  const bool linked = keyctl_set_timeout(made, static_cast<unsigned>(time.count())) == 0 &&
                      keyctl_setperm(made, kOwnerOnly) == 0 &&
                      keyctl_link(made, KEY_SPEC_USER_KEYRING) == 0;
  const int reason = errno;
  keyctl_unlink(made, KEY_SPEC_PROCESS_KEYRING);
  errno = reason;
  if (!linked) throw_errno("the kernel's keyring");
}

// Those of child namespaces too, which only the list of all keys shows.
void invalidate_kernel_keys(std::string_view vault_id) {
  const std::string description = description_of(vault_id);
  for (const key_serial_t ring : {KEY_SPEC_USER_KEYRING, KEY_SPEC_SESSION_KEYRING}) {
    const auto found = keyctl_search(ring, "user", description.c_str(), 0);
    if (found >= 0) keyctl_invalidate(static_cast<key_serial_t>(found));
  }
  constexpr int kHexadecimal = 16;
  std::ifstream keys("/proc/keys");
  for (std::string line; std::getline(keys, line);) {
    if (line.find(' ' + description + ':') == std::string::npos) continue;
    std::uint32_t serial = 0;
    std::from_chars(line.data(), line.data() + line.size(), serial, kHexadecimal);
    keyctl_invalidate(static_cast<key_serial_t>(serial));
  }
}

// --- the ticket file -----------------------------------------------------------------------------

std::optional<std::string> read_ticket(int folder, const std::string& name) {
  const Fd file(openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file) return std::nullopt;
  struct stat status = {};
  if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
      (status.st_mode & (S_IRWXG | S_IRWXO)) != 0 ||
      status.st_size != static_cast<off_t>(kTicketSize)) {
    return std::nullopt;
  }
  std::string ticket = read_all(file.get(), kTicketSize, name);
  if (ticket.size() != kTicketSize || !ticket.starts_with(kMagic)) return std::nullopt;
  return ticket;
}

std::vector<std::string> ticket_files(int folder) {
  std::vector<std::string> names;
  const int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (copy < 0) return names;
  const std::unique_ptr<DIR, Releaser<closedir>> entries(fdopendir(copy));
  while (entries) {
    const dirent* entry = readdir(entries.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (is_ticket_name(name)) names.emplace_back(name);
  }
  return names;
}

// Whether the file has been there since before this machine was started: then its key is gone.
bool is_of_last_boot(int folder, const std::string& name) {
  struct stat status = {};
  timespec up = {};
  return fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
         clock_gettime(CLOCK_BOOTTIME, &up) != 0 ||
         status.st_mtim.tv_sec + up.tv_sec < std::time(nullptr);
}

// Whether this process is in a user namespace other than that of the machine.
bool is_in_user_namespace() {
  std::ifstream map("/proc/self/uid_map");
  std::uint64_t first = 0;
  std::uint64_t outside = 0;
  std::uint64_t count = 0;
  constexpr std::uint64_t kAll = 0xffffffff;
  return (map >> first >> outside >> count) && (first != 0 || outside != 0 || count != kAll);
}

void sweep_expired(int folder) {
  for (const auto& name : ticket_files(folder)) {
    const auto ticket = read_ticket(folder, name);
    if (ticket && expiry_in(*ticket) <= seconds_now()) unlinkat(folder, name.c_str(), 0);
  }
}

}  // namespace

std::optional<UnlockedVault> VaultTickets::find() const {
  const auto kernel = find_kernel_key(vault_id_);
  if (!kernel) return std::nullopt;
  const auto ticket = read_ticket(folder_, file_of(kernel->ticket_id()));
  if (!ticket || expiry_in(*ticket) <= seconds_now()) return std::nullopt;
  const std::string_view bytes = *ticket;
  const std::size_t clear = kMagic.size() + kExpirySize;
  auto data_key = unseal(bytes.substr(clear),
                         ticket->substr(0, clear) + vault_id_ + kernel->ticket_id(), kernel->key());
  if (!data_key) return std::nullopt;
  return UnlockedVault{std::move(*data_key), expiry_in(*ticket)};
}

std::optional<std::uint64_t> VaultTickets::elsewhere_until() const {
  const auto kernel = find_kernel_key(vault_id_);
  const std::string seen = kernel ? file_of(kernel->ticket_id()) : "";
  std::optional<std::uint64_t> until;
  for (const auto& name : ticket_files(folder_)) {
    const auto ticket = read_ticket(folder_, name);
    if (!ticket || name == seen || expiry_in(*ticket) <= seconds_now()) continue;
    if (!is_of_last_boot(folder_, name)) until = std::max(until.value_or(0), expiry_in(*ticket));
  }
  return until;
}

bool VaultTickets::issue(const LockedBytes& data_key, std::chrono::seconds time,
                         const Notes& notes) const {
  try {
    sweep_expired(folder_);
    const auto replaced = find_kernel_key(vault_id_);
    const std::string ticket_id = random_bytes(kTicketIdSize);
    const LockedBytes key = LockedBytes::random(kKeySize);
    std::string clear(kMagic);
    append_number(clear, seconds_now() + static_cast<std::uint64_t>(time.count()), kExpirySize);
    // Nobody looks for it before the kernel has its name, and no other has that name.
    if (!create_file(file_of(ticket_id),
                     clear + seal(data_key.bytes(), clear + vault_id_ + ticket_id, key),
                     {.folder = folder_})) {
      throw Error(Errc::io, file_of(ticket_id) + " is there already");
    }
    try {
      keep_kernel_key(vault_id_, ticket_id, key, time);
    } catch (const Error&) {
      unlinkat(folder_, file_of(ticket_id).c_str(), 0);
      throw;
    }
    if (replaced) unlinkat(folder_, file_of(replaced->ticket_id()).c_str(), 0);
    if (is_in_user_namespace()) {
      notes.note("the vault is unlocked in this user namespace alone, as that of rootless podman");
      notes.hint("docker-credential-keyring vault unlock, outside it, for everything else");
    }
    return true;
  } catch (const Error& failure) {
    notes.note("the vault cannot be kept unlocked here, so each call unlocks it anew (",
               failure.what(), "); a key file unlocks it without asking");
    return false;
  }
}

void VaultTickets::end_all() const {
  // The keys first: a ticket without its key unlocks nothing.
  if (!vault_id_.empty()) invalidate_kernel_keys(vault_id_);
  std::string left;
  for (const auto& name : ticket_files(folder_)) {
    if (unlinkat(folder_, name.c_str(), 0) == 0 || says_absent(errno)) continue;
    left += ' ' + name + ": " + std::generic_category().message(errno) + ';';
  }
  if (left.empty()) return;
  left.pop_back();
  throw Error(Errc::left_behind, "what keeps it unlocked could not all be removed:" + left);
}

}  // namespace cred
