// SPDX-License-Identifier: MIT
#include "helper/migrate/answers_after.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "helper/servers/server_address.h"

namespace cred {
namespace {

class AnswersAfter {
 public:
  AnswersAfter(const MigrationPlan& plan, Store& store) : store_(store) {
    for (const auto& credential : plan.credentials) {
      planned_[credential.wanted.server] = &credential.wanted;
      add_spelling(credential.wanted.server);
    }
  }

  std::optional<Credential> of(const std::string& host) {
    const auto known = found_.find(host);
    const auto& found =
        known == found_.end() ? found_.emplace(host, look_up(host)).first->second : known->second;
    return found ? std::optional(copy(*found)) : std::nullopt;
  }

 private:
  void add_spelling(const std::string& server) {
    spellings_[image_prefix(server).value_or(server)].push_back(server);
  }

  std::optional<Credential> look_up(const std::string& host) {
    if (auto exact = get(host)) return exact;
    if (!std::exchange(knows_stored_, true)) {
      for (const auto& server : store_.known_servers()) {
        if (!planned_.contains(server)) add_spelling(server);
      }
    }
    const auto& spellings = spellings_[image_prefix(host).value_or(host)];
    for (const auto& other : answering_servers(host, spellings, false)) {
      if (auto found = get(other)) return found;
    }
    return std::nullopt;
  }

  std::optional<Credential> get(const std::string& server) {
    const auto planned = planned_.find(server);
    return planned == planned_.end() ? store_.get(server) : std::optional(copy(*planned->second));
  }

  Store& store_;
  std::map<std::string, const Credential*> planned_;
  std::map<std::string, std::vector<std::string>> spellings_;  // by image_prefix()
  bool knows_stored_ = false;
  std::map<std::string, std::optional<Credential>> found_;
};

}  // namespace

StoreAnswers answers_after(const MigrationPlan& plan, Store& store) {
  return [answers = std::make_shared<AnswersAfter>(plan, store)](const std::string& host) {
    return answers->of(host);
  };
}

}  // namespace cred
