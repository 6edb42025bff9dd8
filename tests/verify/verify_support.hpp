// verify_support.hpp — decoders with a fault, for the tests of the comparator: what they tell.
//
// A stream is played from a vector of bools, bit by bit: nothing here is shared with the what-if
// runs that find the fault again.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <functional>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "support.hpp"
#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"
#include "transom/codec/codec.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/ranges.hpp"
#include "transom/verify/cosim.hpp"

namespace transom::support {

using verify::Cosim;
using verify::Task;

inline constexpr Coding kAllCodings[] = {
    Coding::kRaw,       Coding::kTans,    Coding::kRans,          Coding::kApackTans,
    Coding::kApackRans, Coding::kApackAc, Coding::kApackTansPair, Coding::kApackNrans};
inline constexpr Coding kEntropyCodings[] = {
    Coding::kTans,    Coding::kRans,          Coding::kApackTans, Coding::kApackRans,
    Coding::kApackAc, Coding::kApackTansPair, Coding::kApackNrans};

/// A tensor of 8-bit values that are small mostly, coded with its own frequencies.
inline CodedTensor coded_tensor(Coding coding, std::uint32_t n, std::uint32_t n_streams,
                                std::uint32_t seed) {
  std::mt19937 random(seed);
  Tensor tensor{"t" + std::to_string(seed), {8, true}, {n}, {}};
  for (std::uint32_t i = 0; i < n; ++i) {
    std::int32_t magnitude = 0;
    while (magnitude < 127 && random() % 9 != 0) ++magnitude;
    tensor.values.push_back(to_pattern(random() % 2 == 0 ? magnitude : -magnitude, tensor.dtype));
  }
  if (coding == Coding::kRaw) return encode(tensor, raw_code(tensor.dtype), n_streams, 1);
  const Codec& c = codec(coding);
  std::vector<value_t> starts{0, 1, 2, 4, 8, 16, 32, 128, 224, 240, 248, 252, 254, 255};
  if (c.max_rows == 0) {
    starts.resize(256);
    std::iota(starts.begin(), starts.end(), value_t{0});
  }
  Code code{coding, c.pairs ? 12u : 10u, Spread::kTuned, {}, make_rows(starts, 8)};
  const PrefixMap prefix(code.rows, 8);
  std::vector<std::uint32_t> counts(c.n_freq(code.rows.size()), c.pairs ? 0 : 1);
  if (c.pairs) {
    counts.assign(counts.size(), 1);
    const StreamLayout layout{n, n_streams, 1};
    for (std::uint32_t s = 0; s < n_streams; ++s) {
      std::vector<symbol_t> symbols;
      layout.for_each(s, [&](std::uint32_t i) { symbols.push_back(prefix[tensor.values[i]]); });
      for (std::size_t i = 0; i + 1 < symbols.size(); i += 2) {
        counts[symbols[i] * code.rows.size() + symbols[i + 1]] += 8;
      }
    }
  } else {
    for (const value_t v : tensor.values) counts[prefix[v]] += 8;
  }
  code.freq = quantise(counts, code.table_log);
  return encode(tensor, code, n_streams, 1);
}

/// Bits one after the other.
inline std::vector<bool> bits_of(const std::vector<std::uint32_t>& words) {
  std::vector<bool> bits;
  for (const std::uint32_t word : words) {
    for (unsigned i = 0; i < 32; ++i) bits.push_back((word >> i & 1) != 0);
  }
  return bits;
}

/// How a faulty decoder takes a field: it is asked for `nbits` as field number `field`.
struct SlowBits {
  std::vector<bool> bits;
  std::uint64_t at = 0;
  std::uint64_t counted = 0;  ///< what the decoder believes it has read
  std::uint64_t field = 0;
  std::function<std::uint32_t(SlowBits&, unsigned nbits)> fault;

  std::uint32_t look(unsigned nbits) const {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < nbits; ++i) {
      value |= std::uint32_t{at + i < bits.size() && bits[at + i]} << i;
    }
    return value;
  }
  std::uint32_t take(unsigned nbits) {
    const std::uint32_t value = look(nbits);
    at += nbits;
    counted += nbits;
    return value;
  }
  std::uint32_t read(unsigned nbits) { return fault ? fault(*this, nbits) : take(nbits); }
};

/// What a lane tells.
struct Play {
  struct Step {
    std::uint32_t symbol;
    std::uint64_t state;
    std::uint64_t position;
    friend bool operator==(const Step&, const Step&) = default;
  };
  std::vector<Step> steps;
  std::vector<std::uint32_t> values;
};

/// Plays stream `lane` of a task, with its bits, its table and its rows as they are there.
inline Play play(const Task& task, unsigned lane, SlowBits symbols, SlowBits offsets) {
  using namespace verify;
  Play told;
  const LaneKind kind = task.table.kind;
  const std::uint32_t n = task.streams[lane].n_values;
  if (n == 0) return told;
  GoldenDecoder decoder = make_decoder(kind, task.table.words.data(), task.table.table_log);
  std::visit([&](auto& d) { d.start(symbols); }, decoder);
  for (std::uint32_t k = 0; k < n_steps(kind, n); ++k) {
    symbols.field = k + 1;
    const symbol_t symbol = std::visit(
        [&](auto& d) {
          const symbol_t s = d.step(symbols);
          if constexpr (std::is_same_v<decltype(d), TansDecoder&>) d.t &= low_bits(d.table_log);
          if constexpr (requires { d.interval; }) {
            d.code = std::clamp(d.code & 0xffff, d.interval.lo, d.interval.hi);
          }
          return s;
        },
        decoder);
    told.steps.push_back(
        {symbol, std::visit([](auto& d) { return d.state(); }, decoder), symbols.counted});
    const unsigned halves[2] = {symbols_per_step(kind) == 2 ? symbol & 15u : symbol,
                                unsigned{symbol} >> 4};
    for (unsigned i = 0; i < symbols_per_step(kind) && told.values.size() < n; ++i) {
      const Row row = halves[i] < task.rows.size() ? task.rows[halves[i]] : Row{0, 0};
      offsets.field = told.values.size();
      told.values.push_back(static_cast<value_t>(row.vmin + offsets.read(row.offset_bits)));
    }
  }
  return told;
}
inline SlowBits symbol_bits(const Task& task, unsigned lane) {
  return {bits_of(task.streams[lane].symbol_words), 0, 0, 0, {}};
}
inline SlowBits offset_bits(const Task& task, unsigned lane) {
  return {bits_of(task.streams[lane].offset_words), 0, 0, 0, {}};
}
inline Play play(const Task& task, unsigned lane) {
  return play(task, lane, symbol_bits(task, lane), offset_bits(task, lane));
}

/// What a lane shows.
enum class View { kValues, kSymbols, kStates, kPositions, kAll };
inline constexpr View kViews[] = {View::kValues, View::kSymbols, View::kStates, View::kPositions,
                                  View::kAll};

inline void tell_step(Cosim& cosim, unsigned lane, const Play::Step& step, View view) {
  if (view == View::kSymbols) {
    cosim.step(lane, step.symbol);
  } else if (view == View::kStates) {
    cosim.step(lane, step.symbol, step.state);
  } else {
    cosim.step(lane, step.symbol, step.state, step.position);
  }
}

/// Tells all of one lane, in this order.
inline void tell(Cosim& cosim, unsigned lane, const Play& told, View view) {
  if (view != View::kValues) {
    for (const Play::Step& step : told.steps) tell_step(cosim, lane, step, view);
  }
  if (view == View::kValues || view == View::kAll) {
    for (const std::uint32_t value : told.values) cosim.value(lane, value);
  }
}

/// The index at which two plays first differ as a view shows them, computed without Cosim.
inline std::uint64_t first_wrong(const Play& right, const Play& wrong, View view) {
  std::uint64_t i = 0;
  if (view == View::kValues) {
    while (i < right.values.size() && right.values[i] == wrong.values[i]) ++i;
    return i;
  }
  const auto same = [&](const Play::Step& a, const Play::Step& b) {
    return a.symbol == b.symbol && (view == View::kSymbols || a.state == b.state) &&
           (view < View::kPositions || a.position == b.position);
  };
  while (i < right.steps.size() && same(right.steps[i], wrong.steps[i])) ++i;
  return i;
}

}  // namespace transom::support
