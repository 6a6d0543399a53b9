// SPDX-License-Identifier: MIT
// Libraries that are loaded at run time, when a function of theirs is first needed: the program
// starts where one is missing, and no call pays for a library that it does without.
//
// A header describes one library (example: platform/keyring/bus/systemd_library.h) by a table, a
// macro that hands the name of each function that is used to another macro:
//   #define FOO_FUNCTIONS(use) use(foo_open) use(foo_close)
// DECLARE_LIBRARY_FUNCTION makes a pointer of each inside namespace cred, under the name of the
// function, so that a call reads as if the library were linked. A function that is missing from the
// table does not link.
#pragma once

namespace cred {

// Turns a C release function, or a pointer to one that is loaded so, into a unique_ptr deleter.
template <auto& Release>
struct Releaser {
  template <typename T>
  void operator()(T* p) const noexcept {
    Release(p);
  }
};

// A loaded library. It stays loaded until the process ends: GLib cannot be unloaded.
class Library {
 public:
  // `name` as the dynamic linker knows it: "libfoo.so.1". Throws Error(no_library) with the reason
  // if it is missing or broken.
  explicit Library(const char* name);

  // Sets `pointer` to the library's `function`. Throws Error(no_library) with the name of the
  // function if the library is too old to have it.
  template <typename Function>
  void take(const char* function, Function*& pointer) const {
    pointer = reinterpret_cast<Function*>(find(function));
  }

 private:
  [[nodiscard]] void* find(const char* function) const;

  const char* name_;
  void* handle_;
};

}  // namespace cred

// NOLINTBEGIN(cppcoreguidelines-macro-usage, bugprone-macro-parentheses)

#define DECLARE_LIBRARY_FUNCTION(name) inline decltype(&::name) name = nullptr;

// Where `library` is the Library that has the function.
#define TAKE_LIBRARY_FUNCTION(name) library.take(#name, name);

// Tells packagers and package managers, by a note in the program, which library it loads and what
// for: https://systemd.io/ELF_DLOPEN_METADATA/. In assembly, because the compiler would make a
// variable in such a section writable, which readelf calls corrupt.
#define NOTE_LIBRARY(name, feature, description)                                               \
  asm(".pushsection .note.dlopen, \"a\", %note\n"                                              \
      ".balign 4\n"                                                                            \
      ".long 4, 2f - 1f, 0x407c0c0a\n"                                                         \
      ".asciz \"FDO\"\n"                                                                       \
      "1: .asciz \"[{\\\"feature\\\":\\\"" feature "\\\",\\\"description\\\":\\\"" description \
      "\\\",\\\"priority\\\":\\\"recommended\\\",\\\"soname\\\":[\\\"" name                    \
      "\\\"]}]\"\n"                                                                            \
      "2: .balign 4\n"                                                                         \
      ".popsection\n")

// Defines `load`, which takes the table `functions` of the library `name`, the first time. What it
// is loaded for: a `feature`, in one word for programs, and a description.
#define DEFINE_LIBRARY(load, functions, name, feature, description) \
  NOTE_LIBRARY(name, feature, description);                         \
  void load() {                                                     \
    [[maybe_unused]] static const bool is_loaded = [] {             \
      const Library library(name);                                  \
      functions(TAKE_LIBRARY_FUNCTION) return true;                 \
    }();                                                            \
  }

// NOLINTEND(cppcoreguidelines-macro-usage, bugprone-macro-parentheses)
