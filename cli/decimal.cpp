// decimal.cpp — decimal fractions of the command line, exactly: thousandths as an integer.
// SPDX-License-Identifier: Apache-2.0
#include "decimal.hpp"

#include <algorithm>

namespace transom::cli {
namespace {

constexpr std::size_t kMostDigits = 6, kMostDecimals = 3;

bool is_digits(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

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

CLI::Option* add_decimal(CLI::App& app, const std::string& name, std::uint32_t& thousandths,
                         std::uint32_t most, const std::string& what) {
  return app
      .add_option_function<std::string>(
          name, [&thousandths](const std::string& text) { thousandths = *parse_thousandths(text); },
          what)
      ->type_name("DECIMAL")
      ->check([most](const std::string& text) {
        const auto value = parse_thousandths(text);
        if (value && *value != 0 && *value <= most * 1000) return std::string();
        return "'" + text + "' is not a decimal number of at most three decimals, 0.001.." +
               std::to_string(most);
      });
}

}  // namespace transom::cli
