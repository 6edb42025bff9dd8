// decimal.cpp — decimal fractions of the command line, exactly: thousandths as an integer.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "common.hpp"

namespace transom::cli {
namespace {

constexpr std::size_t kMostDigits = 6, kMostDecimals = 3;

bool is_digits(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Empty for anything but digits, at most three of them behind a point and six before it: no sign,
/// no exponent, no blank.
std::optional<std::uint32_t> parse_thousandths(const std::string& text) {
  const std::size_t point = text.find('.');
  const std::string whole = text.substr(0, point);
  std::string decimals = point == std::string::npos ? "" : text.substr(point + 1);
  if (whole.empty() || whole.size() > kMostDigits || !is_digits(whole)) return {};
  if (point != std::string::npos && decimals.empty()) return {};
  if (decimals.size() > kMostDecimals || !is_digits(decimals)) return {};
  decimals.resize(kMostDecimals, '0');
  return static_cast<std::uint32_t>(std::stoul(whole + decimals));
}

}  // namespace

Option* add_decimal(App& app, const std::string& name, std::uint32_t& thousandths,
                    std::uint32_t most, const std::string& what) {
  const auto take = [&thousandths, most, name](const std::string& text) {
    const auto value = parse_thousandths(text);
    if (!value || *value == 0 || *value > most * 1000) {
      throw BadValue(name, "'" + text +
                               "' is not a decimal number of at most three decimals, 0.001.." +
                               std::to_string(most));
    }
    thousandths = *value;
  };
  return app.add_option_function(name, take, what)->type_name("DECIMAL");
}

}  // namespace transom::cli
