// SPDX-License-Identifier: MIT
#include "helper/migrate/containers_setup.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "helper/files/login_files.h"
#include "helper/migrate/account_needs.h"
#include "helper/migrate/answers_after.h"
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

using Remarks = std::vector<std::string>;

void remark_on_files_first(const FilesNeeds& needs, Remarks& remarks) {
  for (const auto& item : needs.hidden) {
    remarks.push_back("another login than the stored one of the registry: " + item);
  }
  for (const auto& item : needs.hidden_by_files) {
    remarks.push_back("a login in another file goes before the one of " + item);
  }
  const std::string price = "a new login by these tools becomes plaintext in one of them";
  remarks.push_back(needs.hidden.empty()
                        ? "the files are asked before the keyring, so " + price
                        : "so that each works, the files are asked before the keyring, and " +
                              price +
                              "; to end that, delete what is named here from its file, and "
                              "migrate again");
}

void remark_on_files_behind(bool are_asked, const FilesNeeds& needs, Remarks& remarks) {
  for (const auto& item : needs.files_alone) {
    remarks.push_back((are_asked ? "the files are asked too, for " : "nobody is asked for ") +
                      item);
  }
  if (are_asked) {
    remarks.emplace_back(
        "while the files are asked too, a login that cannot be stored becomes plaintext in one of "
        "them");
  }
  for (const auto& item : needs.hidden) {
    remarks.push_back("the stored login of the registry goes before the one of " + item);
  }
}

void remark_on(PlannedDropIn& planned, const FilesNeeds& needs) {
  const auto& helpers = planned.helpers;
  if (asks_files_first(helpers)) {
    remark_on_files_first(needs, planned.remarks);
  } else {
    remark_on_files_behind(contains(helpers, kAuthFilesHelper), needs, planned.remarks);
  }
  for (const auto& item : needs.lost) {
    planned.remarks.push_back("these tools no longer find the login of " + item);
  }
  for (const auto& item : needs.out_of_reach) {
    planned.remarks.push_back("a registries.conf of one's own hides this from " + item);
  }
  if (helpers.front() != kHelperName && helpers.front() != kAuthFilesHelper) {
    planned.remarks.push_back("a new login goes to " + helpers.front());
  }
}

// As it is, and as it will be after `plan`.
FileOfTools file_of_tools(const LoginFile& file, const MigrationPlan& plan) {
  FileOfTools read{file.path, file.format, {}, {}};
  for (const auto& planned : plan.files) {
    if (!is_same_file(planned.source.path, file.path)) continue;
    read.before = planned.source.text;
    read.after = planned.new_text ? planned.new_text : planned.source.text;
    return read;
  }
  try {
    read.before = read.after = read_file(file.path);
  } catch (const Error&) {
    return read;
  }
  return read;
}

RegistriesConfFolders without_user(const RegistriesConfFolders& folders) {
  return {{}, folders.system};
}

// Why this account does not read what is written for everybody.
std::optional<Refusal> why_hidden(const RegistriesConfFolders& folders, bool for_everybody) {
  if (!for_everybody || !hides_system(folders)) return std::nullopt;
  return Refusal{folders.user.string() +
                 "/registries.conf hides what --system writes; migrate without --system"};
}

}  // namespace

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

// Everybody who is asked now goes on to be asked first.
std::vector<std::string> DropIn::list_behind() const {
  std::vector<std::string> helpers = asked_;
  std::erase(helpers, kHelperName);
  helpers.emplace_back(kHelperName);
  return helpers;
}

bool DropIn::keeps_files_first(const FilesNeeds& needs) const {
  return asks_files_first(asked_) && needs.hidden.size() > needs.hidden_by_files.size();
}

std::vector<std::string> DropIn::list(const FilesNeeds& needs) const {
  if (keeps_files_first(needs)) return list_behind();
  std::vector<std::string> helpers{kHelperName};
  for (const auto& other : effective_helpers(others_)) {
    if (other != kHelperName && other != kAuthFilesHelper) helpers.push_back(other);
  }
  if (!needs.files_alone.empty()) helpers.emplace_back(kAuthFilesHelper);
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
  planned.helpers = later_ ? later_->helpers : list(needs);
  if (decides() && !says(before_, planned.helpers)) planned.status = PlannedDropIn::Status::written;
  if (planned.status == PlannedDropIn::Status::unchanged && !before_) {
    planned.file = others_.back().file;
  }
  remark_on(planned, needs);
  const bool files_first = asks_files_first(planned.helpers);
  const auto& hidden = files_first ? needs.hidden_by_files : needs.hidden;
  planned.hides_logins = !hidden.empty() || !needs.lost.empty();
  return planned;
}

void DropIn::widen() {
  const auto helpers = list_behind();
  if (decides() && !contains(asked_, kHelperName)) write(helpers);
}

void DropIn::settle(const FilesNeeds& needs) {
  const auto helpers = list(needs);
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
               for_everybody ? folders_.system : folders_.user),
      why_not_(drop_in_.why_not() ? drop_in_.why_not() : why_hidden(folders_, for_everybody)) {}

FilesNeeds ContainersSetup::needs_after(const MigrationPlan& plan, Store& store) const {
  std::vector<FileOfTools> files;
  std::set<path> seen;
  for (const auto& file : read_by_containers_tools(environment_)) {
    files.push_back(file_of_tools(file, plan));
    seen.insert(file.path);
  }
  FilesNeeds needs = needs_of(files, answers_after(plan, store));
  if (!for_everybody_) return needs;
  add_needs_of_accounts(seen, needs);
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
