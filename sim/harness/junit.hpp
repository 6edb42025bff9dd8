// junit.hpp — test results as JUnit XML, the form that CI servers read.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace transom::harness {

/// A line of a report. Without failure and skipped it passed.
struct TestCase {
  std::string group;  ///< "classname": what a report sorts by
  std::string name;
  std::string output;
  std::optional<std::string> failure;  ///< its first line is the message
  std::optional<std::string> skipped;  ///< why
};

/// `text` as XML character data or attribute value: markup is escaped, and what XML 1.0 cannot hold
/// (control characters, bytes that are no UTF-8) becomes U+FFFD.
std::string xml_text(std::string_view text);

/// A whole document of one test suite.
std::string junit_xml(std::string_view suite, std::span<const TestCase> cases);

}  // namespace transom::harness
