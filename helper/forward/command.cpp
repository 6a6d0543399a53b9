// SPDX-License-Identifier: MIT
#include "helper/forward/command.h"

#include <optional>

#include "helper/cli/command_line.h"
#include "helper/cli/report.h"
#include "helper/credentials/server_argument.h"
#include "helper/forward/report.h"
#include "helper/forward/serve.h"
#include "helper/forward/ssh.h"
#include "helper/text/time_text.h"
#include "platform/forward/presence.h"
#include "platform/forward/remote_host.h"
#include "platform/system/accounts.h"
#include "platform/system/error.h"

namespace cred {
namespace {

using std::filesystem::path;

constexpr std::chrono::seconds kLongest = std::chrono::hours(7 * 24);

struct Options {
  std::vector<std::string> servers;
  bool all = false;
  std::string time = "8h";
  bool allows_store = false;
  std::string uid;
  std::string socket;
  bool status = false;
  bool stop = false;
  bool json = false;
  std::string host;
  std::string remote_socket;

  [[nodiscard]] bool serves() const { return !status && !stop && host.empty(); }
};

Misuse misuse_of_uid(const std::string& text) {
  if (!parse_uid(text)) return "a user is named by a number, as `id -u` prints it";
  if (parse_uid(text) == overflow_uid())
    return "this number stands for everybody who has none here";
  return std::nullopt;
}

Misuse misuse_of_forward_time(const std::string& text) {
  if (auto misuse = misuse_of_time(text)) return misuse;
  if (*parse_duration(text) <= kLongest) return std::nullopt;
  return "a forward ends after 7d at most";
}

Misuse misuse_of_path(const std::string& text) {
  if (text.size() <= kLongestSocketPath) return std::nullopt;
  return "a socket's path has at most " + std::to_string(kLongestSocketPath) + " bytes";
}

bool is_usable_by_ssh(const std::string& path) {
  return path.starts_with('/') && path.find(':') == std::string::npos;
}

Misuse misuse_of(const Options& options) {
  const int modes = int{options.status} + int{options.stop} + int{!options.host.empty()};
  if (modes > 1) return "--status, --stop and --print-ssh exclude each other";
  const bool begins = !options.servers.empty() || options.all || options.allows_store ||
                      !options.uid.empty() || options.time != Options().time;
  if (modes == 1 && begins) {
    return "--status, --stop and --print-ssh begin no forward: they take neither servers nor what "
           "belongs to one";
  }
  for (const auto& path : {options.remote_socket, options.host.empty() ? "" : options.socket}) {
    if (path.empty() || is_usable_by_ssh(path)) continue;
    return path + ": ssh takes the path of a socket that begins with / and has no colon";
  }
  if (options.host.starts_with('-')) return "HOST is a name, and no option of ssh";
  if (options.serves() && options.servers.empty() && !options.all) {
    return "name the servers to forward, or give --all";
  }
  return std::nullopt;
}

std::vector<Argument> arguments_of(Options& options) {
  auto servers = server_argument(
      options.servers, "A registry whose login is given, as ls shows it or in another spelling");
  servers.required = false;
  return {std::move(servers),
          {"--all", &options.all, "The logins of all servers, but for docker's tokens of its Hub"},
          {.name = "--for",
           .target = &options.time,
           .help = "For how long: 90m, 8h, up to 7d; sleep counts",
           .value = "TIME",
           .check = misuse_of_forward_time},
          {"--allow-store", &options.allows_store,
           "Let docker login and docker logout there change these logins here"},
          {.name = "--uid",
           .target = &options.uid,
           .help = "Another user who may ask, as root of a container (0)",
           .value = "N",
           .check = misuse_of_uid},
          {.name = "--socket",
           .target = &options.socket,
           .help = "Where to listen (default: a folder of its own in XDG_RUNTIME_DIR)",
           .value = "PATH",
           .check = misuse_of_path},
          {"--status", &options.status, "Show the forwards that run"},
          {"--stop", &options.stop, "End them, or the one of --socket"},
          {.name = "--json",
           .target = &options.json,
           .help = "With --status, for programs",
           .needs = "--status"},
          {.name = "--print-ssh",
           .target = &options.host,
           .help = "Print what to type to use it on HOST, which is asked once",
           .value = "HOST"},
          {.name = "--remote-socket",
           .target = &options.remote_socket,
           .help = "Where the socket is to be there; then HOST is not asked",
           .value = "PATH",
           .needs = "--print-ssh",
           .check = misuse_of_path}};
}

Grammar grammar_of(Options& options) {
  return {
      .name = "forward",
      .help =
          "Answers on a Unix socket for the logins of these servers, for a remote host (ssh -R) or "
          "a container, where DOCKER_CREDENTIAL_KEYRING_SOCKET names it. The logins stay here, and "
          "each answer is a line on stderr. It runs until its time is over, or it is stopped.",
      .arguments = arguments_of(options),
      .check = [&options] { return misuse_of(options); },
      .examples = {"docker-credential-keyring forward reg.example:5000 --for 8h",
                   "docker-credential-keyring forward --print-ssh build.example"}};
}

std::optional<path> named_socket(const Options& options) {
  if (options.socket.empty()) return std::nullopt;
  return std::filesystem::absolute(options.socket).lexically_normal();
}

path socket_of(const Options& options, const Environment& environment) {
  const auto named = named_socket(options);
  return named ? *named : default_forward_socket(environment);
}

int show_status(const Options& options, const CommandContext& context) {
  const auto forwards = running_forwards(context.environment, named_socket(options));
  if (options.json) {
    print_forwards_json(forwards, context.document);
  } else if (forwards.empty()) {
    context.err.note("no forward runs");
  } else {
    print_forwards(forwards, context);
  }
  return exit_done;
}

int stop_all(const Options& options, const CommandContext& context) {
  const auto forwards = running_forwards(context.environment, named_socket(options));
  if (forwards.empty()) context.err.note("no forward runs");
  int status = exit_done;
  for (const auto& forward : forwards) {
    if (stop_forward(forward)) {
      context.out.line("stopped ", forward.socket.empty() ? forward.lock : forward.socket);
      continue;
    }
    context.err.note(forward.lock, forward.pid > 0 ? ": its process does not end"
                                                   : ": its process cannot be seen from here");
    status = exit_partial;
  }
  return status;
}

int print_ssh(const Options& options, const CommandContext& context) {
  const std::string remote =
      options.remote_socket.empty()
          ? ask_runtime_folder(context.environment, options.host) / kRemoteSocketName
          : path(options.remote_socket);
  const std::string lines =
      ssh_lines(options.host, socket_of(options, context.environment), remote);
  if (lines.empty()) throw Error(Errc::bad_request, "a name or path cannot be shown as it is");
  context.out.lines(lines);
  return exit_done;
}

int serve(const Options& options, const CommandContext& context) {
  serve({.scope = {options.servers, options.all},
         .allows_store = options.allows_store,
         .socket = {socket_of(options, context.environment), parse_uid(options.uid)},
         .time = parse_duration(options.time).value()},
        context);
  return exit_done;
}

}  // namespace

int forward_command(std::span<const std::string> arguments, const CommandContext& context) {
  Options options;
  if (const auto answered = parse_command_line(grammar_of(options), arguments, context)) {
    return *answered;
  }
  if (options.status) return show_status(options, context);
  if (options.stop) return stop_all(options, context);
  if (!options.host.empty()) return print_ssh(options, context);
  return serve(options, context);
}

}  // namespace cred
