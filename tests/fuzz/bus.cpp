// SPDX-License-Identifier: MIT
// What a keyring replies, of the right types and of wrong ones: a line a reply, in the order in
// which they are sent. "SearchItems=aao[o/a/1;]aao[]" names the method and the values; a value is
// the letter of its type and its text up to a semicolon, or, of a container, its letter, the
// signature of what it holds, and that in brackets. "ReadAlias!NAME" is an error. A method without
// a line, or with no more of them, has a reply as a keyring gives it.
#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "platform/keyring/bus/service.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lab/bus_peer.h"

namespace cred::test {
namespace {

using Replies = std::map<std::string, std::deque<std::string>>;

// As a keyring replies. A Get is known by the property.
const std::map<std::string, std::string> kUsual = {
    {"NameHasOwner", "=b1;"},
    {"ListActivatableNames", "=as[sorg.freedesktop.secrets;]"},
    {"GetConnectionUnixProcessID", "=u7;"},
    {"ReadAlias", "=o/org/freedesktop/secrets/collection/login;"},
    {"SearchItems", "=ao[o/i/1;]ao[o/i/2;]"},
    {"Attributes", "=va{ss}[a{ss}[ess[sserver;sreg.example;]]]"},
    {"Modified", "=vt[t1700000000;]"},
    {"Locked", "=vb[b0;]"},
    {"OpenSession", "=vs[s;]o/s/1;"},
    {"GetSecret", "=roayays[o/s/1;ay[]ay[y104;y105;]stext/plain;]"},
    {"CreateItem", "=o/i/2;o/;"},
    {"Delete", "=o/;"},
    {"Dismiss", "="}};

// What stands before `end`, which goes as well.
std::string take(std::string_view& text, char end) {
  const auto size = std::min(text.find(end), text.size());
  std::string taken(text.substr(0, size));
  text.remove_prefix(std::min(size + 1, text.size()));
  return taken;
}

bool append_basic(sd_bus_message* message, char type, const std::string& text) {
  const std::uint64_t number = std::strtoull(text.c_str(), nullptr, 10);
  const int flag = number != 0 ? 1 : 0;  // which is how sd-bus takes a boolean
  const void* value = &number;
  if (std::string_view("sog").find(type) != std::string_view::npos) value = text.c_str();
  if (type == 'b') value = &flag;
  return sd_bus_message_append_basic(message, type, value) >= 0;
}

// Appends values up to a closing bracket, which goes as well. False where the message refuses one.
bool append_values(sd_bus_message* message, std::string_view& text, int depth = 0) {
  constexpr int kDeepest = 40;  // deeper than a message may be
  constexpr std::string_view kBasic = "ybnqiuxtdsog";
  while (!text.empty()) {
    const char type = text.front();
    text.remove_prefix(1);
    if (type == ']') return true;
    if (kBasic.find(type) != std::string_view::npos) {
      if (!append_basic(message, type, take(text, ';'))) return false;
      continue;
    }
    const std::string contents = take(text, '[');
    const bool is_whole =
        depth < kDeepest && sd_bus_message_open_container(message, type, contents.c_str()) >= 0 &&
        append_values(message, text, depth + 1) && sd_bus_message_close_container(message) >= 0;
    if (!is_whole) return false;
  }
  return true;
}

void reply_to(sd_bus_message* call, std::string_view reply) {
  const char kind = reply.empty() ? '!' : reply.front();
  reply.remove_prefix(std::min<std::size_t>(reply.size(), 1));
  sd_bus_message* message = nullptr;
  if (kind == '=' && sd_bus_message_new_method_return(call, &message) >= 0) {
    const bool is_sent =
        append_values(message, reply) && sd_bus_send(nullptr, message, nullptr) >= 0;
    sd_bus_message_unref(message);
    if (is_sent) return;
  }
  // A peer that sends what is no name of an error has its message passed over.
  const std::string name(reply);
  const bool is_name = sd_bus_interface_name_is_valid(name.c_str()) > 0;
  sd_bus_reply_method_errorf(call, is_name ? name.c_str() : "org.example.Malformed", "%s",
                             "told to fail");
}

std::string name_of(sd_bus_message* call) {
  const std::string method = sd_bus_message_get_member(call);
  const char* interface = nullptr;
  const char* property = nullptr;
  if (method != "Get" || sd_bus_message_read(call, "ss", &interface, &property) < 0) return method;
  return property;
}

// In the thread of the peer alone.
void answer(sd_bus_message* call, Replies& replies) {
  const std::string name = name_of(call);
  auto& left = replies[name];
  std::string reply;
  if (!left.empty()) {
    reply = left.front();
    left.pop_front();
  } else if (const auto usual = kUsual.find(name); usual != kUsual.end()) {
    reply = usual->second;
  }
  reply_to(call, reply);
}

Replies replies_of(const std::string& input) {
  Replies replies;
  for (const auto& line : parts_of(input)) {
    const auto end = line.find_first_of("=!");
    if (end != std::string::npos) replies[line.substr(0, end)].push_back(line.substr(end));
  }
  return replies;
}

// Every operation of a keyring. None fails but by an Error.
void use(KeyringService& keyring) {
  const std::vector<Attributes> wanted(2, {{"server", "reg.example"}});
  const std::vector<ObjectPath> items{"/i/1", "/i/2"};
  const Secret secret(kSecretWord);
  result_of([&] { return keyring.provider(); });
  keyring.expect_secret();
  result_of([&] { return keyring.asks_before_searching(); });
  const auto found = result_of([&] { return keyring.search(wanted); });
  hold(!found || found->size() == wanted.size(), "as many answers as were wanted");
  const auto attributes = result_of([&] { return keyring.attributes(items); });
  hold(!attributes || attributes->size() == items.size(), "attributes for each");
  const auto modified = result_of([&] { return keyring.modified(items); });
  hold(!modified || modified->size() == items.size(), "a date for each");
  result_of([&] { return keyring.read(items.front()).has_value(); });
  result_of([&] { return keyring.default_collection(); });
  result_of([&] { return keyring.is_locked("/c"); });
  result_of([&] { return keyring.create_item("/c", "a label", wanted.front(), secret); });
  result_of([&] { return keyring.delete_item(items.front()); });
}

}  // namespace

void fuzz(const std::string& input) {
  Replies replies = replies_of(input);
  BusPeer::Answers answers;
  const auto reply = [&](sd_bus_message* call) { answer(call, replies); };
  for (const auto& [name, usual] : kUsual) answers[name] = reply;
  answers["Get"] = reply;
  const BusPeer peer(answers);
  constexpr std::chrono::milliseconds kLimit = std::chrono::seconds(20);
  const auto keyring = result_of([&] { return open_bus_keyring(peer.address(), kLimit); });
  if (keyring) use(**keyring);
}

}  // namespace cred::test
