// SPDX-License-Identifier: MIT
// Where the code went, over all processes of a build with sanitizers. The counters that the
// compiler adds (LLVM's -fprofile-instr-generate) lie in a file that all processes of a program
// map, so that one that is killed is counted too, and nothing is written at an exit. The file is
// COVERAGE_FOLDER/NAME-OF-THE-PROGRAM, which tests/coverage makes; without it nothing is counted.
// With $COVERAGE_TO a program writes what was counted there, in LLVM's raw format, and ends.
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

// LLVM's names, all of them.
extern "C" {
// Defined here, LLVM's own start, which writes a file at each exit, is not linked.
int __llvm_profile_runtime = 0;

extern intptr_t __llvm_profile_counter_bias;
char* __llvm_profile_begin_counters();
char* __llvm_profile_end_counters();
void __llvm_profile_set_filename(const char*);
int __llvm_profile_write_file();
}

namespace {

// nullptr where nobody counts, or the file is another program's.
char* map_counters(std::size_t size) {
  const auto* called = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  if (called == nullptr) return nullptr;
  const char* slash = std::strrchr(called, '/');
  char path[4096];
  std::snprintf(path, sizeof path, "%s/%s", COVERAGE_FOLDER, slash == nullptr ? called : slash + 1);
  const int file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return nullptr;
  struct stat status = {};
  void* mapped = MAP_FAILED;
  if (fstat(file, &status) == 0 && static_cast<std::size_t>(status.st_size) >= size) {
    mapped = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  }
  close(file);
  return mapped == MAP_FAILED ? nullptr : static_cast<char*>(mapped);
}

// Before all other code of the program, also that which makes its global objects.
__attribute__((constructor(101))) void count_in_file() {
  char* counters = __llvm_profile_begin_counters();
  const auto size = static_cast<std::size_t>(__llvm_profile_end_counters() - counters);
  char* mapped = map_counters(size);
  const char* to = std::getenv("COVERAGE_TO");
  if (to != nullptr) {
    if (mapped == nullptr) _exit(1);
    std::memcpy(counters, mapped, size);
    __llvm_profile_set_filename(to);
    _exit(__llvm_profile_write_file() == 0 ? 0 : 1);
  }
  if (mapped != nullptr) __llvm_profile_counter_bias = mapped - counters;
}

}  // namespace
