// SPDX-License-Identifier: MIT
// The index, and servers.json, as which earlier versions kept it.
#include <string>

#include "platform/store/index_format.h"
#include "platform/text/utf8.h"
#include "tests/fuzz/fuzz.h"

namespace cred::test {
namespace {

void check_index(const Index& index) {
  const std::string text = index.text();
  auto again = Index::parse(text);
  hold(again && again->text() == text, "what is read and written is the same bytes");
  for (const StoreId store : {kKeyringId, kVaultId}) {
    hold(again->complete(store.text()) == index.complete(store.text()), "as complete");
    hold(again->state(store.text()) == index.state(store.text()), "in the same state");
    hold(again->servers(store) == index.servers(store), "with the same servers");
    hold(again->stale_servers(store) == index.stale_servers(store), "and the same stale ones");
    for (const auto& server : index.servers(store)) {
      const IndexedServer named = index.find(server);
      hold(named.names(store), "a server that it names is found");
      again->set(server, named);
    }
  }
  hold(!again->is_changed() && again->text() == text, "the same again is no change");
  again->merge(index);
  for (const auto& server : index.servers(kKeyringId)) {
    hold(again->find(server).stores == index.find(server).stores, "merged with itself");
  }
}

// Any text can be a server, and a file.
void check_any(Index index, const std::string& text) {
  const auto [server, file] = cut(text);
  const IndexedServer named{.stores = {kVaultId}, .stale = {kKeyringId}, .file = file};
  index.set(server, named);
  index.set_state("vault:0", text);
  const auto again = Index::parse(index.text());
  hold(again && again->find(server) == named, "any server is written and read");
  hold(again->state("vault:0") == text, "and any state");
  const auto files = again->files();
  const bool is_listed = is_utf8(server) && !file.empty();
  hold(files.contains(server) == is_listed, "a file is told where there is one");
  hold(!is_listed || files.at(server) == file, "and any file is");
  index.set(server, {});
  hold(index.find(server) == IndexedServer(), "what is taken out is gone");
}

}  // namespace

void fuzz(const std::string& input) {
  check_index(read_servers_json(input));
  check_any({}, input);
  auto index = Index::parse(input);
  if (!index) return;
  check_index(*index);
  check_any(std::move(*index), "reg.example\n/home/ada/.docker/config.json");
}

}  // namespace cred::test
