// SPDX-License-Identifier: MIT
#include "platform/helper_store.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "platform/helper_answer.h"
#include "platform/store/docker_names.h"
#include "platform/system/child.h"
#include "platform/system/error.h"
#include "platform/system/process.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

using Json = nlohmann::json;

constexpr const char* kNoAnswer = "the answer is not that of a credential helper";
constexpr std::size_t kLargestAnswer = std::size_t{8} << 20;

bool is_name(std::string_view name) {
  constexpr std::string_view kCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.find_first_not_of(kCharacters) == std::string_view::npos;
}

std::vector<std::string> variables_for_child(const Environment& environment) {
  auto variables = environment.variables;
  std::erase_if(variables, [](const auto& variable) {
    return variable.first.starts_with("LD_") || variable.first.starts_with(kOurVariables);
  });
  variables["HOME"] = environment.home();
  if (const auto terminal = terminal_name(); terminal && !environment.get("GPG_TTY")) {
    variables["GPG_TTY"] = *terminal;
  }
  return texts_of(variables);
}

class HelperStore final : public Store {
 public:
  HelperStore(const Environment& environment, std::chrono::milliseconds time, std::string program,
              std::filesystem::path path)
      : variables_(variables_for_child(environment)),
        time_(time),
        program_(std::move(program)),
        path_(std::move(path)) {}

  using Store::put;

  void put(std::span<const Credential> credentials, const Progress& progress) override {
    std::size_t done = 0;
    for (const auto& credential : credentials) {
      const Json request = {{"ServerURL", credential.server},
                            {"Username", credential.username},
                            {"Secret", credential.secret.reveal()}};
      const auto input = request.dump(-1, ' ', false, Json::error_handler_t::replace);
      expect_success(run("store", input), "store");
      if (progress) progress(++done, credential.server);
    }
  }

  std::optional<Credential> get(std::string_view server) override {
    const ChildResult result = run("get", server);
    if (result.status != 0 && trim(as_text(result.output.bytes())) == kNotFound)
      return std::nullopt;
    expect_success(result, "get");
    auto found = read_get_answer(as_text(result.output.bytes()), server);
    if (!found) fail("get", kNoAnswer);
    // So docker-credential-pass says "not found", up to 0.6.
    if (found->username.empty() && found->secret.empty()) return std::nullopt;
    return found;
  }

  void erase(std::span<const std::string> servers) override {
    for (const auto& server : servers) {
      expect_success(run("erase", server), "erase");
      if (get(server)) fail("erase", "the login is still there");
    }
  }

  std::map<std::string, std::string> list() override {
    const ChildResult result = run("list", "unused");
    expect_success(result, "list");
    auto listed = read_list_answer(as_text(result.output.bytes()));
    if (!listed) fail("list", kNoAnswer);
    return std::move(*listed);
  }

  std::vector<std::string> known_servers() override { return servers_of(list()); }
  [[nodiscard]] std::string_view name() const override { return program_; }
  [[nodiscard]] StoreId id_for(std::string_view /*server*/) override { return StoreId("helper"); }

 private:
  [[noreturn]] void fail(const std::string& action, const std::string& what) const {
    throw Error(Errc::helper_failed, program_ + ' ' + action + ": " + what);
  }

  [[nodiscard]] ChildResult run(const char* action, std::string_view input) const {
    const std::vector<std::string> arguments{action};
    try {
      ChildResult result =
          run_child(path_, arguments, variables_, as_bytes(input), {time_, kLargestAnswer});
      if (!result.timed_out) return result;
    } catch (const Error& failure) {
      fail(action, failure.what());
    }
    throw Error(Errc::timed_out,
                program_ + ' ' + action + ": no answer within " +
                    std::to_string(std::chrono::ceil<std::chrono::seconds>(time_).count()) +
                    " seconds");
  }

  void expect_success(const ChildResult& result, const char* action) const {
    if (result.status == 0) return;
    const std::string told = read_failure(as_text(result.output.bytes()), result.errors);
    fail(action, told.empty() ? "failed, and does not say why" : told);
  }

  std::vector<std::string> variables_;
  std::chrono::milliseconds time_;
  std::string program_;
  std::filesystem::path path_;
};

}  // namespace

std::string helper_program(const Environment& environment, const std::string& name) {
  std::string program = std::string(kHelperPrefix) + name;
  const bool has_prefix =
      name.starts_with(kHelperPrefix) && name.substr(kHelperPrefix.size()) != kHelperName;
  return has_prefix && !find_program(environment, program) ? name : program;
}

std::unique_ptr<Store> open_helper_store(const Environment& environment, const Settings& settings,
                                         const std::string& name) {
  if (!is_name(name)) {
    throw Error(
        Errc::bad_request,
        "a helper's name is what stands behind docker-credential-, as pass; it has letters, "
        "digits, '.', '_' and '-'");
  }
  const std::string program = helper_program(environment, name);
  const auto path = find_program(environment, program);
  if (name == kHelperName || (path && is_this_program(*path))) {
    throw Error(Errc::bad_request, program + " is this program itself");
  }
  if (!path) throw Error(Errc::io, program + " is not on PATH; install it, or put it there");
  return std::make_unique<HelperStore>(environment, settings.prompt_timeout, program, *path);
}

}  // namespace cred
