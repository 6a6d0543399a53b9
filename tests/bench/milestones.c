// SPDX-License-Identifier: MIT
// Preloaded into the helper, notes when it comes past what takes time: libraries loaded, messages
// sent and received, the arithmetic of the encrypted session. On the way out it writes a line for
// each, "NS WHAT", to the file MILESTONES; NS is of the clock that stopwatch.c reads.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { kMost = 4096, kLongest = 40 };

static struct {
  long long ns;
  char what[kLongest];
} noted[kMost];
static int count;

static void note(const char* what, const char* of) {
  if (count == kMost) return;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  noted[count].ns = now.tv_sec * 1000000000LL + now.tv_nsec;
  snprintf(noted[count].what, kLongest, "%s%s", what, of);
  ++count;
}

static const char* name_in(const char* path) {
  if (path == NULL) return "";
  const char* slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

__attribute__((constructor)) static void begin(void) { note("main begins", ""); }

__attribute__((destructor)) static void end(void) {
  note("main is done", "");
  FILE* file = fopen(getenv("MILESTONES"), "w");
  if (file == NULL) return;
  for (int i = 0; i < count; ++i) fprintf(file, "%lld %s\n", noted[i].ns, noted[i].what);
  fclose(file);
}

// --- what is noted -------------------------------------------------------------------------------

// The C library's own dlsym(), by the version that it has had since 2.34, or before on this
// processor.
static void* real_dlsym(void* library, const char* name) {
  static void* (*real)(void*, const char*);
  static const char* const versions[] = {"GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5"};
  for (size_t i = 0; real == NULL && i < sizeof versions / sizeof *versions; ++i) {
    real = dlvsym(RTLD_NEXT, "dlsym", versions[i]);
  }
  return real(library, name);
}

static void* next(const char* name) { return real_dlsym(RTLD_NEXT, name); }

void* dlopen(const char* path, int flags) {
  void* (*real)(const char*, int) = next("dlopen");
  if ((flags & RTLD_NOLOAD) != 0) return real(path, flags);
  note("before loading ", name_in(path));
  void* library = real(path, flags);
  note("loaded ", name_in(path));
  return library;
}

int connect(int fd, const struct sockaddr* address, socklen_t size) {
  int (*real)(int, const struct sockaddr*, socklen_t) = next("connect");
  note("before connecting", "");
  return real(fd, address, size);
}

// The method of a D-Bus message stands behind the number of its header field and its type.
static const char* method_in(const struct msghdr* message) {
  static const char field[] = {3, 1, 's', 0};
  for (size_t i = 0; i < message->msg_iovlen; ++i) {
    const struct iovec* part = &message->msg_iov[i];
    const char* found = memmem(part->iov_base, part->iov_len, field, sizeof field);
    if (found != NULL) return found + sizeof field + 4;
  }
  return "authentication";
}

ssize_t sendmsg(int fd, const struct msghdr* message, int flags) {
  ssize_t (*real)(int, const struct msghdr*, int) = next("sendmsg");
  note("before sending ", method_in(message));
  return real(fd, message, flags);
}

ssize_t recvmsg(int fd, struct msghdr* message, int flags) {
  ssize_t (*real)(int, struct msghdr*, int) = next("recvmsg");
  const ssize_t size = real(fd, message, flags);
  const unsigned char* bytes = message->msg_iov[0].iov_base;
  // Byte order, then the type: 2 is an answer, 3 an error.
  const int is_reply = size > 1 && bytes[0] == 'l' && (bytes[1] == 2 || bytes[1] == 3);
  if (size > 0) note(is_reply ? "received a reply" : "received", "");
  return size;
}

// The helper takes libgcrypt's functions by dlsym(), where it gets ours instead of these.
static const char* (*real_check_version)(const char*);
static void (*real_powm)(void*, void*, void*, void*);

static const char* check_version(const char* wanted) {
  note("before libgcrypt's start", "");
  const char* version = real_check_version(wanted);
  note("libgcrypt started", "");
  return version;
}

static void powm(void* result, void* base, void* exponent, void* modulus) {
  note("before Diffie-Hellman", "");
  real_powm(result, base, exponent, modulus);
  note("Diffie-Hellman done", "");
}

void* dlsym(void* library, const char* name) {
  void* found = real_dlsym(library, name);
  if (strcmp(name, "gcry_check_version") == 0) {
    real_check_version = found;
    return check_version;
  }
  if (strcmp(name, "gcry_mpi_powm") == 0) {
    real_powm = found;
    return powm;
  }
  return found;
}
