// decimal.hpp — decimal fractions of the command line, exactly: thousandths as an integer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace transom::cli {

/// "6.4" is 6400. Empty for anything but digits, at most three of them behind a point and six
/// before it: no sign, no exponent, no blank.
std::optional<std::uint32_t> parse_thousandths(const std::string& text);

/// An option whose value is kept in thousandths. @param most in units
CLI::Option* add_decimal(CLI::App& app, const std::string& name, std::uint32_t& thousandths,
                         std::uint32_t most, const std::string& what);

}  // namespace transom::cli
