// SPDX-License-Identifier: MIT
#include "platform/vault/unlock/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <utility>

#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/file_status.h"
#include "platform/system/obstacle.h"
#include "platform/text/base64.h"
#include "platform/vault/format/clevis_checks.h"
#include "platform/vault/format/slot_key.h"

namespace cred {
namespace {

// By which scanners for secrets, and doctor, recognise one.
constexpr std::string_view kPrefix = "dck-key-1:";

[[noreturn]] void refuse(const std::string& what, const std::string& why,
                         Errc code = Errc::wrong_key) {
  throw Error(code, what + ' ' + why);
}

bool is_handed_over(const std::filesystem::path& path, const Environment& environment) {
  const auto folder = environment.get("CREDENTIALS_DIRECTORY");
  return folder && path.parent_path() == std::filesystem::path(*folder);
}

void check(int fd, const std::filesystem::path& path, const Environment& environment,
           const Notes& notes) {
  struct stat status = {};
  if (fstat(fd, &status) != 0) throw_errno(path.string());
  if (const auto refusal = why_no_file(path, status.st_mode)) {
    throw Error(Errc::wrong_key, "the key file " + refusal->reason);
  }
  // Below a service's folder the file is root's, and the bits of its group are an access list's.
  if (is_handed_over(path, environment)) return;
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    refuse("the key file " + path.string(), "belongs to another user");
  }
  if (others_can_write(status.st_mode)) {
    refuse("the key file " + path.string(), "can be written by others; close it: chmod 600");
  }
  if ((status.st_mode & (S_IRGRP | S_IROTH)) != 0) {
    notes.warn("the key file ", path, " can be read by others; close it: chmod 600");
  }
}

std::optional<std::size_t> size_of_file(int fd) {
  struct stat status = {};
  if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return static_cast<std::size_t>(status.st_size);
}

}  // namespace

bool looks_sealed(Bytes material) {
  constexpr std::ptrdiff_t kDots = 4;
  const std::string_view text = as_text(material);
  return text.starts_with("eyJ") && std::ranges::count(text, '.') == kDots;  // {" in base64url
}

LockedBytes checked_key(LockedBytes material, const std::string& what) {
  std::size_t size = material.size();
  const bool is_cut = size > kLargestSealed + 2;
  while (size > 0 && (material.data()[size - 1] == '\n' || material.data()[size - 1] == '\r')) {
    --size;
  }
  const bool is_sealed = looks_sealed(material.bytes().first(size));
  if (is_cut || size > (is_sealed ? kLargestSealed : kLongestKeyMaterial)) {
    refuse(what, is_sealed ? "is longer than 16,384 bytes" : "is longer than 4,096 bytes",
           Errc::bad_request);
  }
  if (size == 0) refuse(what, "is empty", Errc::bad_request);
  if (size < kShortestKeyMaterial) {
    refuse(what,
           "is shorter than 32 bytes, and nothing stretches it; make one by: head -c 32 "
           "/dev/urandom | base64",
           Errc::bad_request);
  }
  material.shorten(size);
  return material;
}

LockedBytes read_key(int fd, const std::string& what) {
  constexpr std::size_t kMost = kLargestSealed + 3;  // a line end, and one byte that is too many
  LockedBytes material(std::min(kMost, size_of_file(fd).value_or(kMost) + 1));
  std::size_t size = 0;
  for (;;) {
    const ssize_t got = read(fd, material.data() + size, material.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno(what);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size < material.size()) continue;
    if (size == kMost) break;
    LockedBytes longer(kMost);  // it is longer than its size says
    std::ranges::copy(material.bytes(), longer.data());
    material = std::move(longer);
  }
  material.shorten(size);
  return checked_key(std::move(material), what);
}

LockedBytes read_key_file(const std::filesystem::path& path, const Environment& environment,
                          const Notes& notes) {
  const Fd file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file) {
    if (says_absent(errno))
      refuse("the key file " + path.string(), "cannot be read: there is none");
    throw Error(Errc::wrong_key, "the key file cannot be read: " + why_unseen(path, errno));
  }
  check(file.get(), path, environment, notes);
  if (size_of_file(file.get()) == 0) {
    refuse("the key file " + path.string(),
           "is empty; if a vault needs it, put a copy of it back, else delete it to have a new one "
           "made",
           Errc::bad_request);
  }
  return read_key(file.get(), "the key file " + path.string());
}

LockedBytes make_key_file(const std::filesystem::path& path) {
  const LockedBytes random = LockedBytes::random(kDataKeySize);
  LockedBytes line(kPrefix.size() + base64_size(kDataKeySize, Base64::url) + 1);
  char* const text = std::ranges::copy(kPrefix, reinterpret_cast<char*>(line.data())).out;
  encode_base64(as_text(random.bytes()), Base64::url, text);
  line.data()[line.size() - 1] = '\n';  // instead of the NUL
  make_private_folder(path.parent_path());
  // The vault that needs it is written after this: a power cut must not leave it without.
  if (!create_file(path, as_text(line.bytes()), {.is_synced = true})) {
    throw Error(Errc::io, path.string() + " is there already");
  }
  line.shorten(line.size() - 1);
  return line;
}

std::optional<std::filesystem::path> key_file_of(const Environment& environment) {
  if (const auto named = environment.get("DOCKER_CREDENTIAL_KEYRING_KEY_FILE")) return *named;
  const auto folder = environment.get("CREDENTIALS_DIRECTORY");
  if (!folder) return std::nullopt;
  std::filesystem::path path = std::filesystem::path(*folder) / "docker-credential-keyring";
  if (is_absent(path)) return std::nullopt;
  return path;
}

}  // namespace cred
