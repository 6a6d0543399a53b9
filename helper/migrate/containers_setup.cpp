// SPDX-License-Identifier: MIT
#include "helper/migrate/containers_setup.h"

#include <algorithm>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "helper/files/docker_config.h"
#include "helper/files/known_helpers.h"
#include "helper/files/login_files.h"
#include "helper/servers/server_address.h"
#include "helper/servers/spellings.h"
#include "platform/store/docker_names.h"
#include "platform/system/environment.h"
#include "platform/system/error.h"
#include "platform/system/file.h"
#include "platform/system/obstacle.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using std::filesystem::path;

const Writing kForEverybody{.mode = 0644, .is_synced = true};

std::string in_file(std::string name, const std::string& file) {
  return name.append(", in ").append(file);
}

void add_needs_of_entry(const ConfigEntry& entry, const DockerConfig& config,
                        const std::string& file, const StoreAnswers& answers, FilesNeeds& needs) {
  if (!entry.holds_credential || !entry.docker_reads_it) return;
  const std::string host = asked_as(entry.key);
  const std::string name = in_file(entry.key, file);
  // These tools look there first, and a helper that is named "" stops them.
  if (config.cred_helpers().contains(asked_by_containers_tools(entry.key))) return;
  const auto stored = answers(host);
  if (is_namespaced(entry.key)) {
    needs.files_alone.push_back(name + ", a part of a registry");
  } else if (!stored) {
    needs.files_alone.push_back(name);
  }
  const bool is_same = stored && entry.credential && same_credential(*stored, *entry.credential);
  if (stored && !is_same) needs.hidden.push_back(name);
}

void add_needs_of_file(const SourceFile& source, const StoreAnswers& answers, FilesNeeds& needs) {
  const DockerConfig config = source.format->parse(source.text.value_or(""));
  for (const auto& entry : config.entries()) {
    add_needs_of_entry(entry, config, source.path, answers, needs);
  }
  for (const auto& [host, helper] : config.cred_helpers()) {
    if (is_ours(helper) || asked_by_containers_tools(host) != host) continue;
    const std::string name = in_file(host, source.path);
    needs.files_alone.push_back(std::string(name).append(", of the helper ").append(helper));
    if (answers(host)) needs.hidden.push_back(name);
  }
}

// Every file with credentials that these tools read. ~/.dockercfg holds nothing that is not stored
// too.
std::vector<LoginFile> files_of(const Environment& environment) {
  std::vector<LoginFile> files = containers_files(environment);
  std::ranges::copy(docker_files(environment), back_inserter(files));
  std::erase_if(files, [](const LoginFile& file) {
    return file.format->rewriting == LoginFormat::Rewriting::none;
  });
  return files;
}

void remark_on(PlannedDropIn& planned, const FilesNeeds& needs) {
  auto& remarks = planned.remarks;
  const bool asks_files = contains(planned.helpers, kAuthFilesHelper);
  for (const auto& item : needs.files_alone) {
    remarks.push_back((asks_files ? "the files are asked too, for " : "nobody is asked for ") +
                      item);
  }
  if (asks_files) {
    remarks.emplace_back(
        "while the files are asked too, a login that cannot be stored becomes plaintext in one of "
        "them");
  }
  for (const auto& item : needs.hidden) {
    remarks.push_back("the stored login of the registry goes before the one of " + item);
  }
  for (const auto& item : needs.out_of_reach) {
    remarks.push_back("a registries.conf of one's own hides this from " + item);
  }
  if (planned.helpers.front() != kHelperName) {
    remarks.push_back("a new login goes to " + planned.helpers.front());
  }
}

// As it will be after `plan`.
std::optional<std::string> text_after(const MigrationPlan& plan, const path& file) {
  for (const auto& planned : plan.files) {
    if (!is_same_file(planned.source.path, file)) continue;
    return planned.new_text ? planned.new_text : planned.source.text;
  }
  try {
    return read_file(file);
  } catch (const Error&) {
    return std::nullopt;
  }
}

StoreAnswers answers_after(const MigrationPlan& plan, Store& store) {
  std::map<std::string, const Credential*> planned;
  for (const auto& credential : plan.credentials) {
    planned[credential.wanted.server] = &credential.wanted;
  }
  std::vector<std::string> servers;
  std::ranges::transform(planned, back_inserter(servers),
                         [](const auto& pair) { return pair.first; });
  return [planned = std::move(planned), servers = std::move(servers),
          &store](const std::string& host) -> std::optional<Credential> {
    if (const auto exact = planned.find(host); exact != planned.end()) return copy(*exact->second);
    const auto others = answering_servers(host, servers, false);
    if (!others.empty()) return copy(*planned.at(others.front()));
    return find_credential(store, host, false);
  };
}

// Nobody but the account itself knows what its store has, so all that is in its files counts.
void add_needs_of_account(const Account& account, std::set<path>& seen, FilesNeeds& needs) {
  Environment environment;
  environment.uid = account.uid;
  environment.variables["HOME"] = account.home;
  const std::string whose = account.name + "'s ";
  const RegistriesConfFolders folders = registries_conf_folders(environment);
  if (hides_system(folders)) {
    needs.out_of_reach.push_back(account.name + ", in " + folders.user.string());
    return;
  }
  std::vector<LoginFile> files = files_of(environment);
  environment.variables["XDG_RUNTIME_DIR"] = "/run/user/" + std::to_string(account.uid);
  std::ranges::copy(containers_files(environment), back_inserter(files));
  for (const auto& file : files) {
    if (!seen.insert(file.path).second) continue;
    const SourceFile source{file.path, text_after({}, file.path), file.format};
    const auto nothing_stored = [](const std::string&) { return std::nullopt; };
    for (const auto& item : needs_of({&source, 1}, nothing_stored).files_alone) {
      needs.files_alone.push_back(whose + item);
    }
  }
}

RegistriesConfFolders without_user(const RegistriesConfFolders& folders) {
  return {{}, folders.system};
}

}  // namespace

FilesNeeds needs_of(std::span<const SourceFile> files, const StoreAnswers& answers) {
  FilesNeeds needs;
  for (const auto& source : files) {
    try {
      add_needs_of_file(source, answers, needs);
    } catch (const Error& failure) {
      if (failure.code() != Errc::bad_request) throw;
    }
  }
  return needs;
}

DropIn::DropIn(const RegistriesConfFolders& folders, const path& folder)
    : file_(drop_in_path(folder)), is_public_(folder == folders.system) {
  try {
    read(folders);
  } catch (const Error& failure) {
    why_not_ = Refusal{failure.what()};
  }
}

void DropIn::read(const RegistriesConfFolders& folders) {
  std::error_code failed;
  if (std::filesystem::is_symlink(file_.parent_path(), failed)) {
    why_not_ = Refusal{file_.parent_path().string() +
                       " is a symbolic link, which they do not follow; put a folder in its place"};
    return;
  }
  before_ = now_ = read_file(file_);
  if (before_ && !is_own_drop_in(*before_)) {
    why_not_ = Refusal{file_.string() + " is not ours; move it away"};
    return;
  }
  others_ = read_helper_lists(folders);
  asked_ = effective_helpers(others_);
  std::erase_if(others_, [&](const HelperList& list) { return list.file == file_; });
  if (others_.empty() || !is_read_after(others_.back().file, file_, folders)) return;
  const HelperList& last = others_.back();
  if (contains(last.helpers, kHelperName)) {
    later_ = last;
  } else {
    why_not_ = Refusal{last.file.string() + " is read later and has them ask " +
                       join(effective_helpers(others_)) + "; take credential-helpers out of it"};
  }
}

std::vector<std::string> DropIn::list(bool with_files) const {
  std::vector<std::string> helpers{kHelperName};
  for (const auto& other : effective_helpers(others_)) {
    if (other != kHelperName && other != kAuthFilesHelper) helpers.push_back(other);
  }
  if (with_files) helpers.emplace_back(kAuthFilesHelper);
  return helpers;
}

// Whether the tools ask `helpers` where `text` is our drop-in, or nullopt for none.
bool DropIn::says(const std::optional<std::string>& text,
                  const std::vector<std::string>& helpers) const {
  return text ? *text == drop_in_text(helpers) : effective_helpers(others_) == helpers;
}

PlannedDropIn DropIn::planned(const FilesNeeds& needs) const {
  PlannedDropIn planned;
  planned.file = file_;
  if (why_not_) {
    planned.status = PlannedDropIn::Status::refused;
    planned.remarks.push_back(why_not_->reason);
    return planned;
  }
  planned.helpers = later_ ? later_->helpers : list(!needs.files_alone.empty());
  if (decides() && !says(before_, planned.helpers)) planned.status = PlannedDropIn::Status::written;
  if (planned.status == PlannedDropIn::Status::unchanged && !before_) {
    planned.file = others_.back().file;
  }
  remark_on(planned, needs);
  return planned;
}

void DropIn::widen() {
  if (!decides() || asked_.front() == kHelperName) return;
  write(list(true));
}

void DropIn::settle(const FilesNeeds& needs) {
  const auto helpers = list(!needs.files_alone.empty());
  if (decides() && !says(now_, helpers)) write(helpers);
}

void DropIn::undo() {
  if (now_ == before_) return;
  try {
    if (before_) {
      replace_file(file_, *before_, kForEverybody);
    } else {
      remove_file(file_);
    }
  } catch (const Error&) {
    return;  // it names the files, so nothing is lost by it
  }
  now_ = before_;
}

void DropIn::write(const std::vector<std::string>& helpers) {
  const std::string text = drop_in_text(helpers);
  try {
    if (is_public_) {
      make_public_folder(file_.parent_path());
    } else {
      make_private_folder(file_.parent_path());
    }
    replace_file(file_, text, kForEverybody);
  } catch (const Error& failure) {
    throw Error(failure.code(),
                std::string(failure.what()) +
                    "; podman, skopeo and buildah could not be told to ask the keyring; make this "
                    "folder writable and run it again");
  }
  now_ = text;
  asked_ = helpers;
}

bool remove_drop_in(const path& folder) {
  const path file = drop_in_path(folder);
  const auto text = read_file(file);
  if (!text || !is_own_drop_in(*text)) return false;
  remove_file(file);
  return true;
}

ContainersSetup::ContainersSetup(const Environment& environment, bool for_everybody)
    : environment_(environment),
      folders_(registries_conf_folders(environment)),
      for_everybody_(for_everybody),
      drop_in_(for_everybody ? without_user(folders_) : folders_,
               for_everybody ? folders_.system : folders_.user) {}

FilesNeeds ContainersSetup::needs_after(const MigrationPlan& plan, Store& store) const {
  std::vector<SourceFile> sources;
  std::set<path> seen;
  for (const auto& file : files_of(environment_)) {
    sources.push_back({file.path, text_after(plan, file.path), file.format});
    seen.insert(file.path);
  }
  FilesNeeds needs = needs_of(sources, answers_after(plan, store));
  if (!for_everybody_) return needs;
  for (const auto& account : list_accounts()) add_needs_of_account(account, seen, needs);
  return needs;
}

PlannedDropIn ContainersSetup::planned(const FilesNeeds& needs) const {
  PlannedDropIn planned = drop_in_.planned(needs);
  const auto chosen = environment_.get("REGISTRY_AUTH_FILE");
  if (!chosen || !is_absent(*chosen) || !contains(planned.helpers, kHelperName)) return planned;
  // podman login made it, before a helper took what goes into it.
  planned.remarks.push_back("podman and buildah fail while REGISTRY_AUTH_FILE names " + *chosen +
                            ", which does not exist; a file with {} in it is enough");
  return planned;
}

PlannedDropIn ContainersSetup::foresee(const MigrationPlan& plan, Store& store) const {
  return planned(needs_after(plan, store));
}

PlannedDropIn ContainersSetup::finish(const MigrationPlan& plan, Store& store) {
  try {
    const FilesNeeds needs = needs_after(plan, store);
    drop_in_.settle(needs);
    // The system's replaces root's own, which would go before it.
    if (for_everybody_ && !why_not()) remove_drop_in(folders_.user);
    return planned(needs);
  } catch (const Error& failure) {
    PlannedDropIn failed = drop_in_.planned({});
    failed.status = PlannedDropIn::Status::refused;
    failed.remarks.emplace_back(failure.what());
    return failed;
  }
}

}  // namespace cred
