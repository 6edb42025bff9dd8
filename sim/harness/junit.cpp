// junit.cpp — see junit.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/harness/junit.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace transom::harness {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

/// Bytes of the UTF-8 character that `text` begins with, if XML 1.0 can hold it; else 0. RFC 3629:
/// no overlong forms, no surrogates, nothing over U+10FFFF.
std::size_t character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) {
    return first >= 0x20 || first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
  }
  const std::size_t n = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < n) return 0;
  std::uint32_t code = first & (0x7fu >> n);
  for (std::size_t i = 1; i < n; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3fu);
  }
  const std::uint32_t least = n == 2 ? 0x80 : n == 3 ? 0x800 : 0x10000;
  const bool held = code >= least && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) &&
                    code != 0xfffe && code != 0xffff;
  return held ? n : 0;
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

std::string attribute(std::string_view name, std::string_view value) {
  return ' ' + std::string(name) + "=\"" + xml_text(value) + '"';
}

std::string case_xml(const TestCase& test) {
  std::string xml =
      "  <testcase" + attribute("classname", test.group) + attribute("name", test.name) + ">\n";
  if (test.failure) {
    xml += "    <failure" + attribute("message", first_line(*test.failure)) + ">" +
           xml_text(*test.failure) + "</failure>\n";
  } else if (test.skipped) {
    xml += "    <skipped" + attribute("message", *test.skipped) + "/>\n";
  }
  if (!test.output.empty()) xml += "    <system-out>" + xml_text(test.output) + "</system-out>\n";
  return xml + "  </testcase>\n";
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t n = character(text);
    switch (n == 1 ? text[0] : '\0') {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':  // a bare one in an attribute would be read as a space
        out += "&#10;";
        break;
      default:
        out += n == 0 ? kReplacement : text.substr(0, n);
    }
    text.remove_prefix(std::max<std::size_t>(n, 1));
  }
  return out;
}

std::string junit_xml(std::string_view suite, std::span<const TestCase> cases) {
  std::size_t failures = 0, skipped = 0;
  for (const TestCase& test : cases) {
    failures += test.failure.has_value();
    skipped += !test.failure && test.skipped;
  }
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite" +
                    attribute("name", suite) + attribute("tests", std::to_string(cases.size())) +
                    attribute("failures", std::to_string(failures)) + attribute("errors", "0") +
                    attribute("skipped", std::to_string(skipped)) + ">\n";
  for (const TestCase& test : cases) xml += case_xml(test);
  return xml + "</testsuite>\n";
}

}  // namespace transom::harness
