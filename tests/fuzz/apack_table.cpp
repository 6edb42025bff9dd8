// apack_table.cpp — any text as an APack table of W bits, W from the first byte, and any bytes
// through it.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/apack_table.hpp"

#include "fuzz.hpp"

using namespace transom;
namespace apack = foreign::apack;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t n) {
  fuzz::Input in(data, n);
  const unsigned value_bits = 1 + in.below(kMaxValueBits);
  const std::string text = in.text();
  const apack::Parsed parsed = apack::parse_table(text, value_bits);
  if (!parsed.error.empty()) return 0;
  const apack::Parsed again = apack::parse_table(apack::write_table(parsed.rows), value_bits);
  fuzz::claim(again.error.empty() && again.rows == parsed.rows,
              "a table that is written is the table");
  const auto starts = apack::starts(parsed.rows, value_bits);
  fuzz::claim(
      !starts.empty() && starts.front() == 0 && std::is_sorted(starts.begin(), starts.end()),
      "rows tile the values");

  std::vector<value_t> values;
  for (const char c : text) {
    values.push_back(
        static_cast<value_t>(static_cast<unsigned char>(c) & ((1u << value_bits) - 1)));
  }
  const apack::Split split = apack::split(parsed.rows, values);
  const apack::Joined joined = apack::join(parsed.rows, value_bits, split.symbols, split.offsets);
  fuzz::claim(joined.status == Status::kOk && joined.values == values,
              "values that are split are joined");
  const std::vector<symbol_t> symbols(text.begin(), text.end());
  (void)apack::join(parsed.rows, value_bits, symbols, split.offsets);  // any symbols: a status
  return 0;
}
