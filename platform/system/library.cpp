// SPDX-License-Identifier: MIT
#include "platform/system/library.h"

#include <dlfcn.h>

#include <string>

#include "platform/system/error.h"

namespace cred {
namespace {

[[noreturn]] void refuse(const std::string& library, const std::string& reason) {
  throw Error(Errc::no_library, "the library " + library + " cannot be loaded: " + reason);
}

// What dlopen() says was wrong, without the name that it may begin with.
std::string loader_error(const std::string& library) {
  const char* text = dlerror();
  std::string reason = text == nullptr ? "" : text;
  const std::string prefix = library + ": ";
  return reason.starts_with(prefix) ? reason.substr(prefix.size()) : reason;
}

}  // namespace

Library::Library(const char* name) : name_(name), handle_(dlopen(name, RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) refuse(name, loader_error(name));
}

void* Library::find(const char* function) const {
  void* found = dlsym(handle_, function);
  if (found == nullptr) {
    refuse(name_, std::string("it is too old, it has no function ") + function);
  }
  return found;
}

}  // namespace cred
