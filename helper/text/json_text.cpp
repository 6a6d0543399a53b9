// SPDX-License-Identifier: MIT
#include "helper/text/json_text.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "platform/system/error.h"
#include "platform/text/printable.h"
#include "platform/text/strings.h"

namespace cred {
namespace {

// long double: the parser refuses a number that its type cannot hold, and 1e400 in a field that
// nobody reads is no reason to refuse a file.
using Json = nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t,
                                  std::uint64_t, long double>;

// Far more than docker's files have, and few enough to destroy a tree by recursion.
constexpr std::size_t kMaxDepth = 128;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

[[noreturn]] void fail(std::string_view text, std::size_t offset, const std::string& problem) {
  const auto line = 1 + std::ranges::count(text.substr(0, offset), '\n');
  throw Error(Errc::bad_request, problem + " in line " + std::to_string(line));
}

void refuse_repeated_keys(std::string_view text, const JsonNode& object) {
  std::vector<const JsonMember*> members;
  members.reserve(object.members.size());
  for (const JsonMember& member : object.members) members.push_back(&member);
  std::ranges::stable_sort(members, {}, &JsonMember::key);
  const auto twice = std::ranges::adjacent_find(members, {}, &JsonMember::key);
  if (twice != members.end()) fail(text, (*std::next(twice))->key_begin, "a repeated key");
}

// Hears of one token after the other, and grows the tree. The parser says nothing of where they
// stand: each begins where the one before it ended, and what stands between them is known.
class TreeBuilder : public nlohmann::json_sax<Json> {
 public:
  TreeBuilder(std::string_view text, bool unique_keys) : text_(text), unique_keys_(unique_keys) {}

  // Fails by throwing Error; the parser's own exceptions stay here, since they quote the text.
  JsonNode build(bool whole_text) {
    Json::sax_parse(text_.begin(), text_.end(), this, nlohmann::detail::input_format_t::json,
                    whole_text);
    return std::move(root_);
  }

  bool null() override { return add(JsonKind::null); }
  bool boolean(bool /*value*/) override { return add(JsonKind::boolean); }
  bool number_integer(std::int64_t /*value*/) override { return add(JsonKind::number); }
  bool number_unsigned(std::uint64_t /*value*/) override { return add(JsonKind::number); }
  bool number_float(long double /*value*/, const std::string& /*text*/) override {
    return add(JsonKind::number);
  }
  bool string(std::string& value) override { return add(JsonKind::string, std::move(value)); }
  bool binary(Json::binary_t& /*value*/) override { return false; }  // not in JSON

  bool start_object(std::size_t /*unknown*/) override { return open(JsonKind::object); }
  bool start_array(std::size_t /*unknown*/) override { return open(JsonKind::array); }
  bool end_object() override {
    if (unique_keys_) refuse_repeated_keys(text_, *open_.back());
    return close();
  }
  bool end_array() override { return close(); }

  bool key(std::string& key) override {
    const std::size_t begin = next_token();
    done_ = end_of_token(begin);
    open_.back()->members.push_back({std::move(key), begin, done_, {}});
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*quotes the text*/) override {
    // The character that cannot be may be the end of the line; the end of the text counts as one.
    fail(text_, std::max<std::size_t>(std::min(position, text_.size()), 1) - 1, "malformed JSON");
  }

 private:
  [[nodiscard]] std::size_t next_token() const {
    return text_.find_first_not_of(" \t\r\n,:", done_);
  }

  // One past a whole token: a text, a bracket, or else a word or a number.
  [[nodiscard]] std::size_t end_of_token(std::size_t begin) const {
    if (std::string_view("[]{}").find(text_[begin]) != std::string_view::npos) return begin + 1;
    if (text_[begin] != '"') {
      return std::min(text_.find_first_of(" \t\r\n,:]}", begin + 1), text_.size());
    }
    std::size_t end = begin + 1;
    while (text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    return end + 1;
  }

  JsonNode& add_node(JsonKind kind) {
    JsonNode* node = &root_;
    if (!open_.empty()) {
      JsonNode& parent = *open_.back();
      node = parent.kind == JsonKind::object ? &parent.members.back().value
                                             : &parent.elements.emplace_back();
    }
    node->kind = kind;
    node->begin = next_token();
    done_ = node->end = end_of_token(node->begin);
    return *node;
  }

  bool add(JsonKind kind, std::string string = {}) {
    add_node(kind).string = std::move(string);
    return true;
  }

  bool open(JsonKind kind) {
    if (open_.size() == kMaxDepth) fail(text_, next_token(), "too many levels");
    open_.push_back(&add_node(kind));
    return true;
  }

  bool close() {
    done_ = open_.back()->end = next_token() + 1;
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  bool unique_keys_;
  std::size_t done_ = 0;  // the end of the last token
  JsonNode root_;
  std::vector<JsonNode*>
      open_;  // from the root down; a parent does not grow while its child is open
};

// The parser would skip it.
void refuse_byte_order_mark(std::string_view text) {
  if (text.starts_with(kByteOrderMark))
    throw Error(Errc::bad_request, "a byte order mark in front");
  if (is_utf16(text)) {
    throw Error(Errc::bad_request,
                "it is UTF-16, which docker does not read; convert it by iconv -f UTF-16 -t UTF-8");
  }
}

}  // namespace

bool is_utf16(std::string_view text) {
  constexpr std::size_t kUnit = 2;
  const std::string_view start = text.substr(0, kUnit);
  return text.size() % kUnit == 0 &&
         (start == "\xff\xfe" || start == "\xfe\xff" || start == std::string_view("{\0", kUnit) ||
          start == std::string_view("\0{", kUnit));
}

JsonNode parse_json(std::string_view text) {
  refuse_byte_order_mark(text);
  // The parser takes it for the end of the text.
  if (const auto nul = text.find('\0'); nul != std::string_view::npos)
    fail(text, nul, "malformed JSON");
  return TreeBuilder(text, true).build(true);
}

JsonNode parse_first_json(std::string_view text) {
  refuse_byte_order_mark(text);
  return TreeBuilder(text, false).build(false);
}

bool same_json_key(std::string_view a, std::string_view b) {
  return a.size() == b.size() && lower_case(a) == lower_case(b);
}

void write_json(const nlohmann::ordered_json& document, std::ostream& out) {
  constexpr int kIndent = 2;
  out << printable_json(document.dump(kIndent, ' ', /*ensure_ascii=*/false,
                                      nlohmann::ordered_json::error_handler_t::replace))
      << '\n';
}

std::string quote_json(std::string_view text) {
  try {
    return Json(text).dump();
  } catch (const Json::exception&) {  // its text names the bytes
    throw Error(Errc::bad_request, "text that is not UTF-8");
  }
}

void JsonEdits::replace(const JsonNode& value, std::string json) {
  replaced_.push_back({value.begin, value.end, std::move(json)});
}

void JsonEdits::remove(const JsonNode& object, const JsonMember& member) {
  changed_[&object].removed.insert(&member);
}

void JsonEdits::insert(const JsonNode& object, std::string key, std::string json) {
  changed_[&object].added.push_back({std::move(key), std::move(json)});
}

// How the members of an object are written. Begins as docker writes the top level.
struct JsonEdits::Style {
  std::string open = "\n\t";        // between the brace and the first key
  std::string separator = ",\n\t";  // between a value and the next key
  std::string colon = ": ";         // between a key and its value
  std::string close = "\n";         // between the last value and the brace
};

JsonEdits::Style JsonEdits::style_of(const JsonNode& object) const {
  const auto between = [this](std::size_t begin, std::size_t end) {
    return std::string(text_.substr(begin, end - begin));
  };

  if (!object.members.empty()) {
    const JsonMember& first = object.members.front();
    const JsonMember& last = object.members.back();
    Style style;
    style.open = between(object.begin + 1, first.key_begin);
    style.colon = between(last.key_end, last.value.begin);
    style.close = between(last.value.end, object.end - 1);
    if (object.members.size() > 1) {
      style.separator = between(std::prev(object.members.end(), 2)->value.end, last.key_begin);
    } else if (style.open.find('\n') != std::string::npos) {
      style.separator = "," + style.open;
    } else {
      style.separator = style.colon.ends_with(' ') ? ", " : ",";
    }
    return style;
  }

  if (&object == &root_) return {};
  Style style = style_of(root_);
  const auto line_end = style.open.rfind('\n');
  if (line_end == std::string::npos) return style;
  // One step deeper than the line on which the object stands.
  const auto line = text_.rfind('\n', object.begin) + 1;
  const std::string outer = between(line, text_.find_first_not_of(" \t", line));
  const std::string newline = style.open.find('\r') != std::string::npos ? "\r\n" : "\n";
  style.open = newline + outer + style.open.substr(line_end + 1);
  style.separator = "," + style.open;
  style.close = newline + outer;
  return style;
}

void JsonEdits::plan(const JsonNode& object, const Change& change,
                     std::vector<Splice>& splices) const {
  const Style style = style_of(object);
  std::string added;
  for (const NewMember& member : change.added) {
    if (!added.empty()) added += style.separator;
    added += quote_json(member.key) + style.colon + member.json;
  }

  if (change.removed.size() == object.members.size()) {
    if (!added.empty()) added = style.open + added + style.close;
    splices.push_back({object.begin, object.end, "{" + added + "}"});
    return;
  }

  // A member goes with the comma before it, or with the one after it if nothing before it stays.
  bool something_stays = false;
  for (std::size_t i = 0; i < object.members.size(); ++i) {
    const JsonMember& member = object.members[i];
    if (!change.removed.contains(&member)) {
      something_stays = true;
    } else if (something_stays) {
      splices.push_back({object.members[i - 1].value.end, member.value.end, ""});
    } else {
      splices.push_back({member.key_begin, object.members[i + 1].key_begin, ""});
    }
  }
  if (!added.empty()) {
    const std::size_t end = object.members.back().value.end;
    splices.push_back({end, end, style.separator + added});
  }
}

std::string JsonEdits::apply() const {
  std::vector<Splice> splices = replaced_;
  for (const auto& [object, change] : changed_) plan(*object, change, splices);
  std::ranges::sort(splices, {}, &Splice::begin);

  std::string result;
  std::size_t done = 0;
  for (const Splice& splice : splices) {
    result.append(text_, done, splice.begin - done).append(splice.text);
    done = splice.end;
  }
  return result.append(text_, done);
}

}  // namespace cred
