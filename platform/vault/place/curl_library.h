// SPDX-License-Identifier: MIT
// The functions of libcurl that are used, loaded at run time. Private to this folder.
#pragma once

#include <curl/curl.h>

#include "platform/system/library.h"

// NOLINTBEGIN(cppcoreguidelines-macro-usage, cppcoreguidelines-avoid-non-const-global-variables)
// Without the macros that check how many arguments there are.
#undef curl_easy_setopt
#undef curl_easy_getinfo

#define CURL_FUNCTIONS(use)                                                                       \
  use(curl_global_init) use(curl_easy_init) use(curl_easy_cleanup) use(curl_easy_reset)           \
      use(curl_easy_setopt) use(curl_easy_getinfo) use(curl_easy_perform) use(curl_easy_strerror) \
          use(curl_slist_append) use(curl_slist_free_all)

namespace cred {

CURL_FUNCTIONS(DECLARE_LIBRARY_FUNCTION)

// Before any of them is called. Throws Error(no_library).
void load_curl();

}  // namespace cred
// NOLINTEND(cppcoreguidelines-macro-usage, cppcoreguidelines-avoid-non-const-global-variables)
