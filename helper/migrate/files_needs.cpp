// SPDX-License-Identifier: MIT
#include "helper/migrate/files_needs.h"

#include <algorithm>
#include <set>
#include <utility>

#include "platform/system/error.h"

namespace cred {
namespace {

bool is_part(const std::string& image) { return image.find('/') != std::string::npos; }

class Needs {
 public:
  Needs(const ContainersLookup& before, const ContainersLookup& after, const StoreAnswers& answers)
      : before_(before), after_(after), answers_(answers) {}

  // What is found of an image by one order of the list or the other.
  void add(const std::string& image) {
    const auto of_files = after_.answers(image, answers_);
    const auto stored = answers_(registry_of(image));
    if (!of_files.found.empty() && (!stored || is_part(image))) {
      const std::string& where = of_files.found.front().where;
      files_alone_.insert(is_part(image) ? where + ", a part of a registry" : where);
    }
    // What the store answered before, it goes on to answer.
    const auto nothing_stored = [](const std::string&) { return std::nullopt; };
    const auto had = before_.answers(image, nothing_stored);
    // A helper that is named no more is one whose place --from takes.
    const bool is_replaced = std::ranges::any_of(had.found, &ImageAnswer::is_of_helper) &&
                             !after_.names_helper(registry_of(image));
    if (had.found.empty() || is_replaced) return;
    const std::string& where = had.found.front().where;
    const bool store_differs = stored && !had.contains(login_of(*stored));
    const bool files_differ = std::ranges::any_of(
        of_files.found, [&](const ImageAnswer& answer) { return !had.contains(answer.login); });
    if (!stored && of_files.found.empty()) lost_.insert(where);
    if (stored ? store_differs : files_differ) hidden_.insert(where);
    if (files_differ || (of_files.may_be_nothing && store_differs)) hidden_by_files_.insert(where);
  }

  [[nodiscard]] FilesNeeds take() && {
    const auto list = [](const std::set<std::string>& items) {
      return std::vector<std::string>(items.begin(), items.end());
    };
    return {list(files_alone_), list(hidden_), list(hidden_by_files_), list(lost_), {}};
  }

 private:
  const ContainersLookup& before_;
  const ContainersLookup& after_;
  const StoreAnswers& answers_;
  std::set<std::string> files_alone_, hidden_, hidden_by_files_, lost_;
};

// Calls `add`, unless the text cannot be parsed.
template <class Add>
void parse_for(const FileOfTools& file, const std::optional<std::string>& text, const Add& add) {
  try {
    add(file.format->parse(text.value_or("")));
  } catch (const Error& failure) {
    if (failure.code() != Errc::bad_request) throw;
  }
}

}  // namespace

FilesNeeds needs_of(std::span<const FileOfTools> files, const StoreAnswers& answers) {
  ContainersLookup before;
  ContainersLookup after;
  for (const auto& file : files) {
    const bool is_dockercfg = file.format == &kDockercfgFormat;
    parse_for(file, file.before,
              [&](const DockerConfig& config) { before.add(file.path, config, is_dockercfg); });
    parse_for(file, file.after,
              [&](const DockerConfig& config) { after.add(file.path, config, is_dockercfg); });
  }
  Needs needs(before, after, answers);
  for (const auto& image : before.images()) needs.add(image);
  return std::move(needs).take();
}

}  // namespace cred
