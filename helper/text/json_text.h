// SPDX-License-Identifier: MIT
// JSON as a tree that knows where in the text each value stands, so that an edit can keep every
// other byte. Errors say what is wrong and in which line; they never quote the text, which may hold
// a secret.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cred {

// Whether it is a document of JSON in UTF-16, as PowerShell writes one, which docker does not read.
[[nodiscard]] bool is_utf16(std::string_view text);

enum class JsonKind { null, boolean, number, string, array, object };

struct JsonMember;

struct JsonNode {
  JsonKind kind = JsonKind::null;
  std::size_t begin = 0;            // of the value in the text, quotes and brackets included
  std::size_t end = 0;              // one past it
  std::string string;               // what a string stands for, escapes resolved; may hold NUL
  std::vector<JsonNode> elements;   // of an array
  std::vector<JsonMember> members;  // of an object, in the order of the text
};

struct JsonMember {
  std::string key;
  std::size_t key_begin = 0;  // of the quoted key in the text
  std::size_t key_end = 0;
  JsonNode value;
};

// Both throw Errc::bad_request: also for a byte order mark, for invalid UTF-8, for half a surrogate
// pair, and for more levels than any sane document has.

// For a file: `text` is one value and nothing else, and no object names a key twice.
[[nodiscard]] JsonNode parse_json(std::string_view text);

// For a request: the first value counts, whatever follows it. A key may come again.
[[nodiscard]] JsonNode parse_first_json(std::string_view text);

// Tells whether docker takes `a` for `b`: it ignores the case of the keys that it knows.
[[nodiscard]] bool same_json_key(std::string_view a, std::string_view b);

// What --json asks for, on several lines. What a terminal must not be shown is escaped, and text
// that is not UTF-8 has U+FFFD in the place of each byte that is none.
void write_json(const nlohmann::ordered_json& document, std::ostream& out);

// Returns `text` as a JSON string, quotes included. Throws Errc::bad_request if it is not UTF-8.
[[nodiscard]] std::string quote_json(std::string_view text);

// Collects changes to a document and makes them in one pass. What is inserted looks like its
// siblings, or like the top level where there are none. A node that is replaced or removed must not
// be changed inside as well.
class JsonEdits {
 public:
  // `root` is the tree of `text`; both must outlive this.
  JsonEdits(std::string_view text, const JsonNode& root) : text_(text), root_(root) {}

  // `json` is the text of a value, here and below.
  void replace(const JsonNode& value, std::string json);

  // `member` is one of `object`. An object that loses its last one becomes {}.
  void remove(const JsonNode& object, const JsonMember& member);

  // Adds a member at the end of `object`.
  void insert(const JsonNode& object, std::string key, std::string json);

  [[nodiscard]] std::string apply() const;

 private:
  struct NewMember {
    std::string key;
    std::string json;
  };
  struct Change {
    std::set<const JsonMember*> removed;
    std::vector<NewMember> added;
  };
  // Bytes of the text that others replace.
  struct Splice {
    std::size_t begin;
    std::size_t end;
    std::string text;
  };
  struct Style;

  [[nodiscard]] Style style_of(const JsonNode& object) const;
  void plan(const JsonNode& object, const Change& change, std::vector<Splice>& splices) const;

  std::string_view text_;
  const JsonNode& root_;
  std::vector<Splice> replaced_;
  std::map<const JsonNode*, Change> changed_;
};

}  // namespace cred
