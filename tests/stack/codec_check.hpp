// codec_check.hpp — what every codec must do, said once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stack_vectors.hpp"
#include "transom/stack/combinators.hpp"

namespace transom::support {

/// Pushed and popped, the symbol comes back and the message is as before.
template <class Geometry, class C>
void check_codec(const stack::Message<Geometry>& init, const C& codec,
                 const typename C::Symbol& symbol) {
  auto m = init;
  m.push(codec, symbol);
  CHECK(m.pop(codec) == symbol);
  CHECK(m == init);
}
/// The same of a recorded message: what is pushed gives `final`.
template <class Geometry, class C>
void check_codec(const stack::Message<Geometry>& init, const C& codec,
                 const typename C::Symbol& symbol, const stack::Message<Geometry>& final) {
  auto m = init;
  m.push(codec, symbol);
  CHECK(m == final);
  m = final;
  CHECK(m.pop(codec) == symbol);
  CHECK(m == init);
}

/// Slots and symbols agree: each slot of a range is its symbol's, and all slots have one, or are
/// refused.
template <class D>
void check_distribution(const D& d, std::uint32_t n_symbols) {
  std::uint32_t at = d.range_of(0).cum;
  bool agree = true;
  for (std::uint32_t s = 0; s < n_symbols; ++s) {
    const RansRange range = d.range_of(s);
    agree = agree && range.cum == at;
    const std::uint32_t most = std::min<std::uint32_t>(range.freq, 300);
    for (std::uint32_t i = 0; i < most; ++i) {  // from both ends
      const auto owner = d.owner_of(i % 2 == 0 ? at + i / 2 : at + range.freq - 1 - i / 2);
      agree = agree && owner.symbol == s && owner.range.cum == range.cum &&
              owner.range.freq == range.freq;
    }
    at += range.freq;
  }
  CHECK(agree);
  CHECK(at <= std::uint64_t{1} << d.precision());
}

/// Hex floats.
template <class Real = double>
std::vector<Real> reals(const json& hex) {
  std::vector<Real> values;
  for (const json& one : hex) {
    values.push_back(static_cast<Real>(std::strtod(one.get<std::string>().c_str(), nullptr)));
  }
  return values;
}
/// Row i of n_rows equal ones.
template <class T>
std::span<const T> row(const std::vector<T>& values, std::size_t i, std::size_t n_rows) {
  const std::size_t n = values.size() / n_rows;
  return std::span(values).subspan(i * n, n);
}

}  // namespace transom::support
