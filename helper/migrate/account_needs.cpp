// SPDX-License-Identifier: MIT
#include "helper/migrate/account_needs.h"

#include <optional>
#include <string>
#include <vector>

#include "helper/files/login_files.h"
#include "helper/files/registries_conf.h"
#include "platform/system/accounts.h"
#include "platform/system/environment.h"
#include "platform/system/error.h"

namespace cred {
namespace {

using std::filesystem::path;

// What these tools read for `account`, with a session and without.
std::vector<LoginFile> files_of(const Account& account, Environment environment) {
  std::vector<LoginFile> files = read_by_containers_tools(environment);
  environment.variables["XDG_RUNTIME_DIR"] = "/run/user/" + std::to_string(account.uid);
  const auto in_session = read_by_containers_tools(environment);
  files.insert(files.end(), in_session.begin(), in_session.end());
  return files;
}

bool hides_system(const Account& account, const RegistriesConfFolders& folders) {
  try {
    return read_file_of(account, main_file(folders.user)).has_value();
  } catch (const Error&) {
    return true;  // it is there, and may be read by them
  }
}

// Nobody but the account itself knows what its store has, so all that is in its files counts.
void add_needs_of(const Account& account, const LoginFile& file, FilesNeeds& needs) {
  const std::string whose = account.name + "'s ";
  try {
    FileOfTools read{file.path, file.format, {}, {}};
    read.before = read.after = read_file_of(account, file.path);
    const auto nothing_stored = [](const std::string&) { return std::nullopt; };
    for (const auto& item : needs_of({&read, 1}, nothing_stored).files_alone) {
      needs.files_alone.push_back(whose + item);
    }
  } catch (const Error& failure) {
    needs.files_alone.push_back(whose + failure.what());
  }
}

void add_needs_of_account(const Account& account, std::set<path>& seen, FilesNeeds& needs) {
  Environment environment;
  environment.uid = account.uid;
  environment.variables["HOME"] = account.home;
  const RegistriesConfFolders folders = registries_conf_folders(environment);
  if (hides_system(account, folders)) {
    needs.out_of_reach.push_back(account.name + ", in " + folders.user.string());
    return;
  }
  for (const auto& file : files_of(account, environment)) {
    if (seen.insert(file.path).second) add_needs_of(account, file, needs);
  }
}

}  // namespace

void add_needs_of_accounts(const std::set<path>& seen, FilesNeeds& needs) {
  std::set<path> known = seen;
  for (const auto& account : list_accounts()) {
    if (account.home.is_absolute()) add_needs_of_account(account, known, needs);
  }
}

}  // namespace cred
