// SPDX-License-Identifier: MIT
#include "helper/cli/completion_words.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <sstream>
#include <utility>

#include "platform/store/docker_names.h"
#include "platform/store/server_index.h"
#include "platform/store/store_id.h"
#include "platform/system/error.h"
#include "platform/text/printable.h"

namespace cred {
namespace {

bool is_option(std::string_view word) { return word.starts_with('-'); }

std::vector<std::string> names_of(const Argument& argument) {
  const auto comma = argument.name.find(',');
  if (comma == std::string::npos) return {argument.name};
  return {argument.name.substr(0, comma), argument.name.substr(comma + 1)};
}

bool is_called(const Argument& argument, const std::string& word) {
  const auto names = names_of(argument);
  return std::ranges::find(names, word) != names.end();
}

bool takes_value(const Argument& argument) {
  return !std::holds_alternative<bool*>(argument.target);
}

// Where a command line has come to.
struct Position {
  const Grammar* command = nullptr;
  const Argument* option = nullptr;  // whose value comes next
  int values = 0;                    // how many of them come; kSeveral: up to an option

  [[nodiscard]] bool is_at_value(std::string_view word) const {
    return values > 0 || (values == Argument::kSeveral && !is_option(word));
  }
};

void advance(Position& position, const std::string& word) {
  if (position.is_at_value(word)) {
    if (position.values > 0) --position.values;
    return;
  }
  position.values = 0;
  const Grammar& grammar = *position.command;
  if (is_option(word)) {
    const auto option = std::ranges::find_if(
        grammar.arguments, [&](const Argument& argument) { return is_called(argument, word); });
    if (option == grammar.arguments.end() || !takes_value(*option)) return;
    position.option = &*option;
    position.values = option->values;
    return;
  }
  const auto command = std::ranges::find(grammar.commands, word, &Grammar::name);
  if (command != grammar.commands.end()) position.command = &*command;
}

constexpr std::string_view kMarks = ".:/-_=+,@%[]";

// Whether no shell takes it for more than a word: a name may come from anywhere.
bool is_plain(std::string_view word) {
  return std::ranges::all_of(word, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_ascii = byte < 0x80;
    return !is_ascii || std::isalnum(byte) != 0 || kMarks.find(c) != std::string_view::npos;
  });
}

void add_values(const Argument& argument, const Environment& environment, CompletionWords& words) {
  for (const auto& choice : argument.choices) words.words.push_back({choice, ""});
  if (argument.words) {
    for (auto& word : argument.words(environment)) words.words.push_back({std::move(word), ""});
  }
  words.takes_file = words.takes_file || argument.value == "PATH" || argument.value == "FILE";
}

void add_options(const Grammar& grammar, CompletionWords& words) {
  for (const auto& argument : grammar.arguments) {
    if (!is_option(argument.name)) continue;
    words.words.push_back({names_of(argument).back(), argument.help});
  }
  words.words.push_back({"--color", "Colour: auto, always or never"});
  words.words.push_back({"--help", "Show this page"});
}

}  // namespace

CompletionWords completion_words(const Grammar& grammar, std::span<const std::string> typed,
                                 const Environment& environment) {
  const std::string beginning = typed.empty() ? "" : typed.back();
  Position position;
  position.command = &grammar;
  for (std::size_t i = 0; i + 1 < typed.size(); ++i) advance(position, typed[i]);
  CompletionWords words;
  if (position.is_at_value(beginning)) {
    add_values(*position.option, environment, words);
  } else if (is_option(beginning)) {
    add_options(*position.command, words);
  } else {
    for (const auto& command : position.command->commands) {
      words.words.push_back({command.name, command.help});
    }
    for (const auto& argument : position.command->arguments) {
      if (!is_option(argument.name)) add_values(argument, environment, words);
    }
  }
  std::erase_if(words.words, [&](const auto& word) { return !word.word.starts_with(beginning); });
  return words;
}

std::string completion_lines(const CompletionWords& words) {
  std::string lines;
  for (const auto& [word, help] : words.words) {
    if (!is_plain(word) || printable(word) != word) continue;
    lines += word + (help.empty() ? "" : '\t' + printable(help)) + '\n';
  }
  return words.takes_file ? lines + ":files\n" : lines;
}

std::vector<std::string> indexed_servers(const Environment& environment) {
  std::set<std::string> servers;
  try {
    const ServerIndex index(environment, IndexUse::only_read);
    for (const auto& store : kStores) {
      for (auto& server : index.servers(store.id)) servers.insert(std::move(server));
    }
  } catch (const Error&) {
    return {};
  }
  return {servers.begin(), servers.end()};
}

std::vector<std::string> helpers_on_path(const Environment& environment) {
  std::set<std::string> helpers;
  std::istringstream folders(environment.get("PATH").value_or(""));
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::error_code failed;
    std::filesystem::directory_iterator file(folder, failed);
    for (; !failed && file != std::filesystem::directory_iterator(); file.increment(failed)) {
      const std::string name = file->path().filename();
      if (!name.starts_with(kHelperPrefix)) continue;
      std::string helper = name.substr(kHelperPrefix.size());
      if (helper != kHelperName) helpers.insert(std::move(helper));
    }
  }
  return {helpers.begin(), helpers.end()};
}

}  // namespace cred
