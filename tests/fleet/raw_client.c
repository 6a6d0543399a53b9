// SPDX-License-Identifier: MIT
// raw_client TIMES URL CA CERT KEY FRAME…: what the least client does that gets to etcd by libcurl:
// opens a connection, posts each FRAME, a file with a message of gRPC, and closes it; so often.
// Each has to be answered by gRPC's status 0.
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

static int is_done;  // the last answer's status is 0

static size_t see_header(char* text, size_t size, size_t count, void* unused) {
  (void)unused;
  if (size * count >= 14 && strncasecmp(text, "grpc-status: 0", 14) == 0) is_done = 1;
  return size * count;
}

static size_t drop(char* text, size_t size, size_t count, void* unused) {
  (void)text;
  (void)unused;
  return size * count;
}

static size_t slurp(const char* path, char* into, size_t most) {
  FILE* file = fopen(path, "rb");
  if (file == NULL) exit(2);
  const size_t size = fread(into, 1, most, file);
  fclose(file);
  return size;
}

int main(int argc, char** argv) {
  static char frame[1 << 20];
  if (argc < 7) return 2;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* const curl = curl_easy_init();
  struct curl_slist* headers = curl_slist_append(NULL, "Content-Type: application/grpc");
  headers = curl_slist_append(headers, "TE: trailers");
  headers = curl_slist_append(headers, "Expect:");
  curl_easy_setopt(curl, CURLOPT_URL, argv[2]);
  curl_easy_setopt(curl, CURLOPT_CAINFO, argv[3]);
  curl_easy_setopt(curl, CURLOPT_SSLCERT, argv[4]);
  curl_easy_setopt(curl, CURLOPT_SSLKEY, argv[5]);
  curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, 0L);  // as in a process of its own
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, see_header);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
  for (int i = 0; i < atoi(argv[1]); ++i) {
    for (int each = 6; each < argc; ++each) {
      const size_t size = slurp(argv[each], frame, sizeof(frame));
      curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, (long)(each == 6));
      curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)size);
      curl_easy_setopt(curl, CURLOPT_POSTFIELDS, frame);
      is_done = 0;
      const CURLcode code = curl_easy_perform(curl);
      if (code != CURLE_OK || !is_done) {
        fprintf(stderr, "raw_client: %s\n", curl_easy_strerror(code));
        return 1;
      }
    }
  }
  return 0;
}
