// SPDX-License-Identifier: MIT
#include "helper/migrate/files_needs.h"

#include <algorithm>

#include "helper/files/known_helpers.h"
#include "helper/servers/server_address.h"
#include "platform/system/error.h"

namespace cred {
namespace {

std::string in_file(const std::string& name, const std::string& file) {
  return name + ", in " + file;
}

void add_entries(const std::string& file, const DockerConfig& config, const StoreAnswers& answers,
                 FilesNeeds& needs) {
  for (const auto& entry : config.entries()) {
    if (!entry.holds_credential || !entry.docker_reads_it) continue;
    // These tools look there first, and a helper that is named "" stops them.
    if (config.cred_helpers().contains(asked_by_containers_tools(entry.key))) continue;
    if (is_namespaced(entry.key)) {
      needs.files_alone.push_back(in_file(entry.key, file) + ", a part of a registry");
    } else if (!answers(asked_as(entry.key))) {
      needs.files_alone.push_back(in_file(entry.key, file));
    }
  }
  for (const auto& [host, helper] : config.cred_helpers()) {
    if (is_ours(helper) || asked_by_containers_tools(host) != host) continue;
    needs.files_alone.push_back(in_file(host, file).append(", of the helper ").append(helper));
  }
}

bool is_among(const ImageAnswer& answer, const std::vector<ImageAnswer>& others) {
  return std::ranges::any_of(
      others, [&](const ImageAnswer& other) { return is_same_answer(answer, other); });
}

// What is found of an image by one order of the list or the other, and could not be found before.
void add_hidden(const ContainersLookup& before, const ContainersLookup& after,
                const StoreAnswers& answers, FilesNeeds& needs) {
  // What the store answered before, it goes on to answer.
  const auto nothing_stored = [](const std::string&) { return std::nullopt; };
  for (const auto& image : before.images()) {
    const auto had = before.answers(image, nothing_stored).found;
    if (had.empty()) continue;
    const auto had_it = [&](const ImageAnswer& answer) { return is_among(answer, had); };
    const auto of_files = after.answers(image, answers);
    auto of_store = answers(registry_of(image));
    const bool is_stored = of_store.has_value();
    const bool store_differs = is_stored && !had_it({"", std::move(of_store), ""});
    const bool files_differ = !std::ranges::all_of(of_files.found, had_it);
    const std::string& where = had.front().where;
    if (is_stored ? store_differs : files_differ) needs.hidden.push_back(where);
    if (files_differ || (of_files.may_be_nothing && store_differs)) {
      needs.hidden_by_files.push_back(where);
    }
  }
}

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
  FilesNeeds needs;
  ContainersLookup before;
  ContainersLookup after;
  for (const auto& file : files) {
    const bool is_dockercfg = file.format == &kDockercfgFormat;
    parse_for(file, file.before,
              [&](DockerConfig config) { before.add(file.path, std::move(config), is_dockercfg); });
    parse_for(file, file.after, [&](DockerConfig config) {
      // Nothing is in ~/.dockercfg that is not stored too.
      if (!is_dockercfg) add_entries(file.path, config, answers, needs);
      after.add(file.path, std::move(config), is_dockercfg);
    });
  }
  add_hidden(before, after, answers, needs);
  return needs;
}

}  // namespace cred
