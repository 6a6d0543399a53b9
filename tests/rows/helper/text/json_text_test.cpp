// SPDX-License-Identifier: MIT
#include "helper/text/json_text.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "platform/system/error.h"
#include "platform/text/utf8.h"

namespace cred::test {
namespace {

std::string repeat(std::string_view part, std::size_t times) {
  std::string result;
  result.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i) result += part;
  return result;
}

// Returns "" if `parse` takes the text.
std::string refusal(JsonNode (*parse)(std::string_view), std::string_view text) {
  try {
    static_cast<void>(parse(text));
    return "";
  } catch (const Error& error) {
    CHECK(error.code() == Errc::bad_request);
    return error.what();
  }
}

// Puts a tree back together from the offsets alone: every value and key, in order, in brackets.
std::string outline(std::string_view text, const JsonNode& node) {
  std::string result;
  for (const JsonMember& member : node.members) {
    result += text.substr(member.key_begin, member.key_end - member.key_begin);
    result += outline(text, member.value);
  }
  for (const JsonNode& element : node.elements) result += outline(text, element);
  if (!result.empty()) return "<" + result + ">";
  return "<" + std::string(text.substr(node.begin, node.end - node.begin)) + ">";
}

const std::string kNoError;
const std::string kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

TEST_CASE("what is JSON for a file, and what for a request") {
  struct Row {
    const char* name;
    std::string text;
    std::string file;     // the refusal of parse_json()
    std::string request;  // the refusal of parse_first_json()
  };
  const std::string malformed = "malformed JSON in line 1";
  const std::string utf16 =
      "it is UTF-16, which docker does not read; convert it by iconv -f UTF-16 -t UTF-8";
  const Row rows[] = {
      {"an object", R"({"a":1})", kNoError, kNoError},
      {"blanks around it", " \r\n\t{} \n", kNoError, kNoError},
      {"no object", "[null]", kNoError, kNoError},
      {"a lone number", "12", kNoError, kNoError},
      {"nothing", "", malformed, malformed},
      {"blanks alone", " \t", malformed, malformed},
      {"cut short", R"({"a":"hunter2)", malformed, malformed},
      {"a trailing comma", R"({"a":1,})", malformed, malformed},
      {"a comment", "{} // done", malformed, kNoError},
      {"more behind it", "{} {}", malformed, kNoError},
      {"junk behind it", R"({"a":1}hunter2)", malformed, kNoError},
      {"a NUL behind it", std::string("{}\0{", 4), malformed, kNoError},
      {"a NUL at the end", std::string("{}\0", 3), malformed, kNoError},
      {"a NUL in the middle", std::string("{\0}", 3), malformed, malformed},
      {"an escaped NUL", R"({"a":"\u0000"})", kNoError, kNoError},
      {"a tab in a string", "[\"\t\"]", malformed, malformed},
      {"a byte order mark", kByteOrderMark + "{}", "a byte order mark in front",
       "a byte order mark in front"},
      {"UTF-16", std::string("{\0}\0", 4), utf16, utf16},
      {"UTF-16, the other way round", std::string("\0{\0}", 4), utf16, utf16},
      {"UTF-16 with its mark", std::string("\xFF\xFE{\0}\0", 6), utf16, utf16},
      {"UTF-16 with its mark, the other way round", std::string("\xFE\xFF\0{\0}", 6), utf16, utf16},
      {"two equal keys", R"({"a":1,"b":2,"a":3})", "a repeated key in line 1", kNoError},
      {"two equal keys, escaped", R"({"a":1,"\u0061":3})", "a repeated key in line 1", kNoError},
      {"two equal keys, deep down", R"([{"x":{"":1,"":2}}])", "a repeated key in line 1", kNoError},
      {"two keys that differ in case", R"({"a":1,"A":3})", kNoError, kNoError},
      {"equal keys in two objects", R"({"a":{"a":1}})", kNoError, kNoError},
      {"a pair of surrogates", R"(["\ud83d\ude00"])", kNoError, kNoError},
      {"a high surrogate", R"(["\ud83d"])", malformed, malformed},
      {"a low surrogate", R"(["\ude00"])", malformed, malformed},
      {"Latin-1", "[\"\xE9\"]", malformed, malformed},
      {"an overlong slash", "[\"\xC0\xAF\"]", malformed, malformed},
      {"a long integer", "[123456789012345678901234567890]", kNoError, kNoError},
      {"a leading zero", "[01]", malformed, malformed},
      {"not a number", "[NaN]", malformed, malformed},
      {"the line of an error", "{\n\"a\": 1,\r\n\n\"b\" 2\n}\n", "malformed JSON in line 4",
       "malformed JSON in line 4"},
      {"an error at the end of a line", "{\"a\": \"hunter2\n}", malformed, malformed},
      {"the line of a repeated key", "{\"a\": 1,\n\"b\": 2,\n\"a\": 3\n}",
       "a repeated key in line 3", kNoError},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      CHECK(refusal(parse_json, row.text) == row.file);
      CHECK(refusal(parse_first_json, row.text) == row.request);
    }
  }
}

TEST_CASE("as many levels as a tree can have") {
  const std::string sane = repeat("[", 128) + repeat("]", 128);
  CHECK(refusal(parse_json, sane) == kNoError);
  CHECK(refusal(parse_first_json, sane) == kNoError);
  for (const std::string& deep :
       {"[" + sane + "]", repeat("[", 129), repeat(R"({"a":[)", 3'000'000)}) {
    CHECK(refusal(parse_json, deep) == "too many levels in line 1");
    CHECK(refusal(parse_first_json, deep) == "too many levels in line 1");
  }
}

TEST_CASE("a number that no double can hold") {
  CHECK(refusal(parse_json, "[1e400]") == kNoError);
  CHECK(refusal(parse_json, "[1e400000]") == "malformed JSON in line 1");
}

TEST_CASE("the place of each value in the text") {
  struct Row {
    const char* name;
    std::string text, outline;
  };
  const Row rows[] = {
      {"scalars", R"([ null,true , false,"x,:" ])", R"(<<null><true><false><"x,:">>)"},
      {"numbers", "[0,-1.5E+3 ,12\n,7]", "<<0><-1.5E+3><12><7>>"},
      {"a number at the end of the text", "  42", "<42>"},
      {"a number before a blank", "42 \n", "<42>"},
      {"members", R"({ "a" : 1 ,"b":{"c":"\"é"}, "":[] })", R"(<"a"<1>"b"<"c"<"\"é">>""<[]>>)"},
      {"empty ones", R"([{},{ },[ ],""])", R"(<<{}><{ }><[ ]><"">>)"},
      {"line ends", "{\r\n\t\"a\":\r\n1\r\n}", "<\"a\"<1>>"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) { CHECK(outline(row.text, parse_json(row.text)) == row.outline); }
  }
}

TEST_CASE("what the strings of a text stand for") {
  const JsonNode root =
      parse_first_json(R"({"K\u0065y":"a\n\"\u0000\u00e9\ud83d\ude00","k":"","k":7})");
  REQUIRE(root.kind == JsonKind::object);
  REQUIRE(root.members.size() == 3);
  CHECK(root.members[0].key == "Key");
  CHECK(root.members[0].value.kind == JsonKind::string);
  CHECK(root.members[0].value.string == std::string("a\n\"\0é😀", 10));
  CHECK(root.members[1].key == "k");
  CHECK(root.members[1].value.string.empty());
  CHECK(root.members[2].key == "k");
  CHECK(root.members[2].value.kind == JsonKind::number);
}

TEST_CASE("keys that docker takes for each other") {
  CHECK(same_json_key("ServerURL", "serverurl"));
  CHECK(same_json_key("", ""));
  CHECK_FALSE(same_json_key("auth", "auths"));
  CHECK_FALSE(same_json_key("a[", "a{"));
}

TEST_CASE("quoting") {
  struct Row {
    const char* name;
    std::string text, json;
  };
  const Row rows[] = {
      {"nothing", "", R"("")"},
      {"marks", R"(a"b\c)", R"("a\"b\\c")"},
      {"controls", std::string("\n\t\0\x1f", 4), R"("\n\t\u0000\u001f")"},
      {"as they are", "<>&/é😀\x7f", "\"<>&/é😀\x7f\""},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      CHECK(is_utf8(row.text));
      CHECK(quote_json(row.text) == row.json);
      CHECK(parse_json(row.json).string == row.text);
    }
  }
  for (const std::string text : {"\xE9", "a\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
    CHECK_FALSE(is_utf8(text));
    CHECK_THROWS_WITH_AS(static_cast<void>(quote_json(text)), "text that is not UTF-8", Error);
  }
}

TEST_CASE("members that go and members that come") {
  struct Row {
    const char* name;
    std::string before;
    std::string removed;             // the keys that go, a letter each
    std::vector<std::string> added;  // the keys that come
    std::string after;
  };
  const std::string lines = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}\n";
  const Row rows[] = {
      {"nothing", R"({ "a" :1 , "b":2})", "", {}, R"({ "a" :1 , "b":2})"},
      {"the first", lines, "a", {}, "{\n  \"b\": 2,\n  \"c\": 3\n}\n"},
      {"one in the middle", lines, "b", {}, "{\n  \"a\": 1,\n  \"c\": 3\n}\n"},
      {"the last", lines, "c", {}, "{\n  \"a\": 1,\n  \"b\": 2\n}\n"},
      {"the first two", lines, "ab", {}, "{\n  \"c\": 3\n}\n"},
      {"the last two", lines, "bc", {}, "{\n  \"a\": 1\n}\n"},
      {"first and last", lines, "ac", {}, "{\n  \"b\": 2\n}\n"},
      {"all", lines, "abc", {}, "{}\n"},
      {"the only one", R"({ "a" : 1 })", "a", {}, "{}"},
      {"every other, compact", R"({"a":1,"b":2,"c":3,"d":4})", "ac", {}, R"({"b":2,"d":4})"},
      {"odd commas", "{\"a\":1\n,\"b\":2\n,\"c\":3}", "b", {}, "{\"a\":1\n,\"c\":3}"},
      {"one more, indented",
       lines,
       "",
       {"x"},
       "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3,\n  \"x\": 0\n}\n"},
      {"one more, compact", R"({"a":1,"b":2})", "", {"x"}, R"({"a":1,"b":2,"x":0})"},
      {"one more, spaced", R"({"a": 1, "b": 2})", "", {"x"}, R"({"a": 1, "b": 2, "x": 0})"},
      {"behind a lone one, indented",
       "{\r\n\t\"a\" : 1\r\n}",
       "",
       {"x"},
       "{\r\n\t\"a\" : 1,\r\n\t\"x\" : 0\r\n}"},
      {"behind a lone one, compact", R"({"a":1})", "", {"x"}, R"({"a":1,"x":0})"},
      {"behind a lone one, spaced", R"({ "a": 1 })", "", {"x"}, R"({ "a": 1, "x": 0 })"},
      {"two into nothing", "{}", "", {"x", "y"}, "{\n\t\"x\": 0,\n\t\"y\": 0\n}"},
      {"one for the last", lines, "c", {"x"}, "{\n  \"a\": 1,\n  \"b\": 2,\n  \"x\": 0\n}\n"},
      {"two for all", lines, "abc", {"x", "y"}, "{\n  \"x\": 0,\n  \"y\": 0\n}\n"},
      {"one for the only one", R"({"a":1})", "a", {"x"}, R"({"x":0})"},
      {"a key with a quote", R"({"a":1})", "", {"\""}, R"({"a":1,"\"":0})"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const JsonNode root = parse_json(row.before);
      JsonEdits edits(row.before, root);
      for (const JsonMember& member : root.members) {
        if (row.removed.find(member.key) != std::string::npos) edits.remove(root, member);
      }
      for (const std::string& key : row.added) edits.insert(root, key, "0");
      CHECK(edits.apply() == row.after);
      CHECK(refusal(parse_json, row.after) == kNoError);
    }
  }
}

TEST_CASE("a member for an empty object inside the document") {
  struct Row {
    const char* name;
    std::string before, after;
  };
  const Row rows[] = {
      {"tabs", "{\n\t\"a\": {}\n}", "{\n\t\"a\": {\n\t\t\"x\": 0\n\t}\n}"},
      {"spaces, with line ends of Windows", "{\r\n  \"a\":{ }\r\n}",
       "{\r\n  \"a\":{\r\n    \"x\":0\r\n  }\r\n}"},
      {"no indentation", "{\n\"a\": {}\n}", "{\n\"a\": {\n\"x\": 0\n}\n}"},
      {"compact", R"({"a":{}})", R"({"a":{"x":0}})"},
      {"spaced", R"({ "a": {} })", R"({ "a": { "x": 0 } })"},
  };
  for (const Row& row : rows) {
    SUBCASE(row.name) {
      const JsonNode root = parse_json(row.before);
      JsonEdits edits(row.before, root);
      edits.insert(root.members.front().value, "x", "0");
      CHECK(edits.apply() == row.after);
    }
  }
}

TEST_CASE("many changes in one pass") {
  const std::string before = R"({"a":{"b":1,"c":2},"d":[3],"e":{"f":4}})";
  const JsonNode root = parse_json(before);
  JsonEdits edits(before, root);
  edits.insert(root, "g", "null");
  edits.replace(root.members[1].value, "true");
  edits.remove(root, root.members[2]);
  edits.remove(root.members[0].value, root.members[0].value.members[1]);
  CHECK(edits.apply() == R"({"a":{"b":1},"d":true,"g":null})");
}

TEST_CASE("a document for programs shows a terminal nothing that steers it, and says all") {
  const nlohmann::ordered_json document = {{"file", "a\x1b[2J\u202e\x7f\u009b.json"}, {"n", 1}};
  std::ostringstream out;
  write_json(document, out);
  CHECK(out.str() == R"({
  "file": "a\u001b[2J\u202e\u007f\u009b.json",
  "n": 1
}
)");
  CHECK(nlohmann::ordered_json::parse(out.str()) == document);
}

TEST_CASE("bytes that are no text have a sign in their place") {
  std::ostringstream out;
  write_json({{"file", "a\xff"}}, out);
  CHECK(out.str() == "{\n  \"file\": \"a\ufffd\"\n}\n");
}

}  // namespace cred::test
