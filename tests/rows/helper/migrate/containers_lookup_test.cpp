// SPDX-License-Identifier: MIT
// What podman, skopeo and buildah find after a migration is what they could find before, image by
// image: over random files and stores, judged by their library's own lookup.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "helper/cli/report.h"
#include "helper/migrate/containers_setup.h"
#include "helper/migrate/plan.h"
#include "helper/migrate/report.h"
#include "platform/store/docker_names.h"
#include "tests/lab/containers_model.h"
#include "tests/lab/memory_store.h"
#include "tests/lab/random_world.h"
#include "tests/lab/temporary_folder.h"

namespace cred::test {
namespace {

using Names = std::vector<std::string>;

// The registries of the entries as images name them, the parts of registries, and what lies below.
std::set<std::string> images_named_in(const World& world) {
  std::set<std::string> images;
  for (const auto& entry : entries_of(world)) {
    const std::string key = entry.at(0);
    const std::string host = docker_host_of(key);
    const bool is_hub = containers_registry_of(host) == "index.docker.io" || host == kHubKey;
    images.insert(is_hub ? "docker.io" : host);
    if (key.find("://") == std::string::npos && key.find('/') != key.npos && key.back() != '/') {
      images.insert({key, key + "/x"});
    }
  }
  return images;
}

// The two files of a world that these tools read, the one into which they write first.
std::vector<FileOfTools> files_of_tools(const World& world, const MigrationPlan* plan) {
  std::vector<FileOfTools> files{
      {"auth.json", &kAuthFileFormat, world.auth_file.dump(), world.auth_file.dump()},
      {"config.json", &kDockerConfigFormat, world.config.dump(), world.config.dump()}};
  if (plan == nullptr) return files;
  for (auto& file : files) {
    for (const auto& planned : plan->files) {
      if (planned.source.path == file.path && planned.new_text) file.after = planned.new_text;
    }
  }
  return files;
}

using TextOfFile = std::optional<std::string> FileOfTools::*;

std::vector<json> parsed(const std::vector<FileOfTools>& files, TextOfFile text) {
  std::vector<json> documents;
  for (const auto& file : files) documents.push_back(json::parse((file.*text).value_or("{}")));
  return documents;
}

StoreAnswers answers_of(Store& store) {
  return [&store](const std::string& host) { return find_credential(store, host, false); };
}

std::string fault(const World& world, const std::string& image, const Answers& before,
                  const Answers& after, bool is_killed) {
  const Answers nothing{""};
  Answers allowed = before;
  if (before == nothing || (is_killed && before.contains(""))) {
    allowed.merge(logins_of(world, registry_of(image)));
    for (const auto& [server, login] : world.held) {  // what somebody stored for it themselves
      if (same_registry(docker_host_of(server), registry_of(image))) {
        allowed.insert(login.username + ':' + login.secret);
      }
    }
  }
  for (const auto& answer : after) {
    if (!answer.empty() && !allowed.contains(answer)) return "answers " + answer;
    if (answer.empty() && !before.contains("")) return "loses it";
  }
  return "";
}

struct ToolsTally {
  int tried = 0, left_to_docker = 0, named = 0, files_first = 0;
  Names faults;
};

// Whether an entry that docker alone reads, by an empty helper, is named with what these tools do.
bool is_left_to_docker(const MigrationPlan& plan, const std::string& registry) {
  const std::string of_tools = "podman, skopeo and buildah find ";
  for (const auto& file : plan.files) {
    for (const auto& entry : file.entries) {
      const auto said = entry.reason.find(of_tools);
      if (said == std::string::npos) continue;
      if (entry.reason.find(" for " + registry, said) != std::string::npos) return true;
    }
  }
  return false;
}

// Whether the remarks name a login of the registry that another one goes before.
bool is_remarked(const Names& remarks, const std::string& registry) {
  return std::ranges::any_of(remarks, [&](const std::string& remark) {
    return remark.find(" goes before the one of ") != std::string::npos &&
           (remark.find(registry) != std::string::npos ||
            (registry == "docker.io" && remark.find(kHubKey) != std::string::npos));
  });
}

class Trial {
 public:
  Trial(const World& world, ToolsTally& tally) : world_(world), tally_(tally) {
    MemoryStore first;
    fill(first, world);
    const auto files = parsed(files_of_tools(world, nullptr), &FileOfTools::before);
    for (const auto& image : images_named_in(world)) {
      before_[image] = containers_answers(files, {kAuthFilesHelper}, image, first);
    }
  }

  void judge(const std::vector<json>& files, const PlannedDropIn& drop_in,
             const MigrationPlan& plan, MemoryStore& store, const std::string& what) {
    tally_.files_first += drop_in.helpers.front() == kAuthFilesHelper ? 1 : 0;
    for (const auto& [image, before] : before_) {
      const Answers after = containers_answers(files, drop_in.helpers, image, store);
      const std::string problem = fault(world_, image, before, after, what == "killed");
      ++tally_.tried;
      if (problem.empty()) continue;
      if (exit_status(plan) == exit_partial) {
        const std::string registry = registry_of(image);
        const bool is_dockers = is_left_to_docker(plan, registry);
        tally_.left_to_docker += is_dockers ? 1 : 0;
        if (is_dockers) continue;
        const bool is_named = is_remarked(drop_in.remarks, registry);
        tally_.named += is_named ? 1 : 0;
        if (is_named) continue;
      }
      std::string text = what + ": " + image + ' ' + problem + "\n  before" + text_of(before) +
                         ", after" + text_of(after) + "\n  auth.json " + world_.auth_file.dump() +
                         "\n  config.json " + world_.config.dump() + "\n  then";
      for (const auto& file : files) text += ' ' + file.dump();
      for (const auto& helper : drop_in.helpers) text += ' ' + helper;
      for (const auto& remark : drop_in.remarks) text += "\n  " + remark;
      tally_.faults.push_back(std::move(text));
    }
  }

 private:
  const World& world_;
  ToolsTally& tally_;
  std::map<std::string, Answers> before_;
};

void put_all(const MigrationPlan& plan, Store& store, std::size_t puts = SIZE_MAX) {
  for (const auto& planned : plan.credentials) {
    if (puts-- == 0) return;
    store.put(planned.wanted);
  }
}

void try_world(const World& world, Dice& dice, const DropIn& unwritten, ToolsTally& tally) {
  MemoryStore store;
  fill(store, world);
  const auto sources = sources_of(world);
  MigrationPlan plan = plan_migration(sources, store, false);
  Trial trial(world, tally);
  if (dice.once_in(3)) {  // killed before it rewrote a file, and run again
    put_all(plan, store, static_cast<std::size_t>(dice.below(3)));
    const auto files = parsed(files_of_tools(world, nullptr), &FileOfTools::after);
    PlannedDropIn widened;
    widened.helpers = {kAuthFilesHelper, kHelperName};
    trial.judge(files, widened, plan, store, "killed");
    plan = plan_migration(sources, store, false);
  }
  put_all(plan, store);
  const auto files = files_of_tools(world, &plan);
  plan.drop_in = unwritten.planned(needs_of(files, answers_of(store)));
  trial.judge(parsed(files, &FileOfTools::after), *plan.drop_in, plan, store, "migrated");
}

}  // namespace

TEST_CASE("podman finds after a migration what it could find before, image by image") {
  const int files = worlds_to_try();
  const TemporaryFolder folder;
  const DropIn unwritten({folder.path() / "user", folder.path() / "system"},
                         folder.path() / "user");
  ToolsTally tally;
  for (int i = 0; i < files; ++i) {
    Dice dice(static_cast<unsigned>(i));
    const World world = random_world(dice);
    try_world(world, dice, unwritten, tally);
  }
  CHECK(tally.tried > 3 * files);
  CHECK(tally.files_first > files / 100);
  CHECK(tally.left_to_docker < tally.tried / 10);
  CHECK(tally.named < tally.tried / 50);
  CHECK(tally.faults.size() == 0);
  for (std::size_t i = 0; i < std::min<std::size_t>(tally.faults.size(), 5); ++i) {
    MESSAGE(tally.faults[i]);
  }
}

}  // namespace cred::test
