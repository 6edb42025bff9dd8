// make.cpp — a plan's values, its table, its tensor.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>
#include <set>
#include <stdexcept>

#include "transom/base/crc32.hpp"
#include "transom/coder/arith.hpp"
#include "transom/golden/vectors/plan.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/pairs.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/ranges.hpp"

namespace transom::golden {
namespace {

constexpr unsigned kMostDraws = 2000;
constexpr unsigned kMostArithShift = 12;  ///< a width of 16 becomes one of 2^16

value_t draw_value(Random& random, const Plan& plan) {
  const DType& dtype = plan.dtype;
  if (plan.draw == Draw::kUniform) return static_cast<value_t>(random() & low_bits(dtype.bits));
  if (plan.draw == Draw::kEnds) {
    const auto end = random() % 4, value = random();
    if (end < 2) return to_pattern(end == 0 ? dtype.min() : dtype.max(), dtype);
    return static_cast<value_t>(value & low_bits(dtype.bits));
  }
  std::int32_t magnitude = 0;
  while (magnitude < dtype.max() && random() % (plan.scale + 1) != 0) ++magnitude;
  const bool negative = dtype.is_signed && random() % 2 == 0;
  return to_pattern(negative ? -magnitude : magnitude, dtype);
}

/// What a row of the arithmetic coder does to its interval.
struct ArithStep {
  unsigned common, underflow;
};
ArithStep arith_step(ArithInterval& interval, std::span<const std::uint32_t> cum, unsigned s) {
  interval.narrow(cum[s], cum[s + 1]);
  const unsigned common = interval.common_bits();
  interval.drop_common(common);
  const unsigned underflow = interval.underflow_bits();
  interval.drop_underflow(underflow);
  return {common, underflow};
}

/// Values of a table that is there already, one after the other as the interval has it.
std::vector<value_t> draw_by_interval(const Plan& plan, const Code& code, Random& random) {
  const auto cum = make_arith_table(code.freq);
  const auto n_rows = static_cast<unsigned>(code.rows.size());
  ArithInterval interval;
  std::vector<value_t> values;
  for (std::uint32_t i = 0; i < plan.n_values; ++i) {
    unsigned best = random() % 4 != 0 ? 0 : static_cast<unsigned>(random() % n_rows);
    unsigned best_shift = 0;
    for (unsigned s = 0; s < n_rows; ++s) {
      ArithInterval after = interval;
      const ArithStep step = arith_step(after, cum, s);
      const bool good = plan.draw == Draw::kShift ? step.common + step.underflow == kMostArithShift
                                                  : step.common == 0 && random() % 64 != 0;
      if (good && step.common + step.underflow >= best_shift) {
        best = s;
        best_shift = step.common + step.underflow;
      }
    }
    arith_step(interval, cum, best);
    const std::uint32_t size = row_size(code.rows, best, plan.dtype.bits);
    values.push_back(static_cast<value_t>(code.rows[best].vmin + random() % size));
  }
  return values;
}

/// Values of a table that is there already: see Draw::kRows.
std::vector<value_t> draw_by_rows(const Plan& plan, const Code& code, Random& random) {
  const auto n_rows = static_cast<unsigned>(code.rows.size());
  std::vector<value_t> values;
  for (std::uint32_t i = 0; i < plan.n_values; ++i) {
    unsigned row = 0;
    if (random() % 2 == 0) {
      row = static_cast<unsigned>(random() % n_rows);
    } else {
      auto slot = static_cast<std::uint32_t>(random() & low_bits(plan.table_log));
      while (slot >= code.freq[row]) slot -= code.freq[row++];
    }
    const std::uint32_t size = row_size(code.rows, row, plan.dtype.bits);
    values.push_back(static_cast<value_t>(code.rows[row].vmin + random() % size));
  }
  return values;
}

std::vector<Row> whole_value_rows(const DType& dtype) {
  std::vector<value_t> starts(std::size_t{1} << dtype.bits);
  std::iota(starts.begin(), starts.end(), value_t{0});
  return make_rows(starts, dtype.bits);
}

/// A table that does not depend on values.
Code fixed_code(const Plan& plan) {
  Code code{plan.coding, plan.table_log, plan.spread, {}, {}};
  std::vector<value_t> starts(plan.rows);
  for (unsigned i = 0; i < plan.rows; ++i) {
    starts[i] = static_cast<value_t>((std::uint64_t{i} << plan.dtype.bits) / plan.rows);
  }
  code.rows = plan.rows == 0 ? whole_value_rows(plan.dtype) : make_rows(starts, plan.dtype.bits);
  const std::size_t n = codec(plan.coding).n_freq(code.rows.size());
  const std::uint32_t L = std::uint32_t{1} << plan.table_log;
  const std::uint32_t each = plan.freq == Freq::kEqual ? L / static_cast<std::uint32_t>(n) : 1;
  code.freq.assign(n, each);
  code.freq[plan.freq == Freq::kOneRow ? plan.scale : 0] +=
      L - each * static_cast<std::uint32_t>(n);
  return code;
}

/// The table that the values want.
Code fitted_code(const Plan& plan, std::span<const value_t> values) {
  Code code{plan.coding, plan.table_log, plan.spread, {}, {}};
  const auto counts = histogram(values, plan.dtype.bits);
  if (plan.coding == Coding::kRaw) return raw_code(plan.dtype);
  if (plan.rows == 0) {
    code.rows = whole_value_rows(plan.dtype);
    code.freq = quantise(counts, plan.table_log);
  } else if (codec(plan.coding).pairs) {
    code.rows = RangeSearch(counts, plan.dtype.bits, plan.rows).rows(plan.rows);
    const PrefixMap prefix(code.rows, plan.dtype.bits);
    const auto symbol_of = [&](std::uint32_t i) { return prefix[values[i]]; };
    code.freq = quantise(
        pair_histogram({plan.n_values, plan.n_streams, plan.chunk}, code.rows.size(), symbol_of),
        plan.table_log);
  } else {
    RangeTable table =
        RangeSearch(counts, plan.dtype.bits, plan.rows).quantised(plan.rows, plan.table_log);
    code.rows = std::move(table.rows);
    code.freq = std::move(table.freq);
  }
  return code;
}

}  // namespace

CodedTensor make(const Plan& plan, Random& random) {
  Tensor tensor{plan.name, plan.dtype, {plan.n_values}, {}};
  const auto draw_values = [&] {
    for (std::uint32_t i = 0; i < plan.n_values; ++i)
      tensor.values.push_back(draw_value(random, plan));
  };
  Code code;
  if (plan.freq == Freq::kFitted) {
    draw_values();
    code = fitted_code(plan, tensor.values);
  } else {
    code = fixed_code(plan);
    if (plan.draw == Draw::kShift || plan.draw == Draw::kUnderflow) {
      tensor.values = draw_by_interval(plan, code, random);
    } else if (plan.draw == Draw::kRows) {
      tensor.values = draw_by_rows(plan, code, random);
    } else {
      draw_values();
    }
  }
  return encode(tensor, code, plan.n_streams, plan.chunk);
}

std::vector<TracedValue> trace_of(const CodedTensor& tensor, std::uint32_t stream) {
  const Codec& c = codec(tensor.code.coding);
  return c.trace_stream(c.make_table(tensor.code), tensor.code.table_log,
                        make_row_words(tensor.code), tensor.streams[stream],
                        tensor.layout().stream_values(stream));
}

bool has_widest_step(const CodedTensor& tensor) {
  const LaneKind lane = codec(tensor.code.coding).lane;
  const unsigned most = lane == LaneKind::kRans    ? 16
                        : lane == LaneKind::kArith ? kMostArithShift
                                                   : tensor.code.table_log;
  std::optional<std::uint64_t> before;
  for (const TracedValue& v : trace_of(tensor, 0)) {
    if (before && v.symbol_position - *before == most) return true;
    before = v.symbol_position;
  }
  return false;
}

bool has_every_state(const CodedTensor& tensor) {
  const bool narrow = codec(tensor.code.coding).lane == LaneKind::kNrans;
  std::set<std::uint64_t> states;
  for (const TracedValue& v : trace_of(tensor, 0)) states.insert(v.state);
  return states.size() == std::size_t{1} << (tensor.code.table_log + (narrow ? kNransBlockLog : 0));
}

bool is_long(const CodedTensor& tensor) {
  constexpr std::uint64_t kLong = 1u << 16;
  const TracedValue last = trace_of(tensor, 0).back();
  return tensor.layout().stream_values(0) > kLong && last.symbol_position > kLong &&
         last.offset_position > kLong;
}

bool drops_an_offset(const CodedTensor& tensor) {
  StreamWords words = tensor.streams[0];
  const std::uint32_t n = tensor.layout().stream_values(0);
  const std::uint64_t n_bits = trace_of(tensor, 0).back().offset_position;
  const Codec& c = codec(tensor.code.coding);
  const auto one_more = c.trace_stream(c.make_table(tensor.code), tensor.code.table_log,
                                       make_row_words(tensor.code), words, n + 1);
  return n % 2 == 1 && one_more.back().offset_position > (n_bits + 31) / 32 * 32;
}

bool is_small(const CodedTensor& tensor) {
  const TracedValue last = trace_of(tensor, 0).back();
  return tensor.streams[0].symbols.size() == 6 && tensor.streams[0].offsets.size() == 4 &&
         last.symbol_position % 32 != 0 && last.offset_position % 32 != 0;
}

namespace {

/// Where the bits of a stream's last beat lie, and where those of the beat before begin.
struct LastTake {
  std::uint64_t before, from, to;

  bool crosses() const {
    return from % kWordBits != 0 && to % kWordBits != 0 && from / kWordBits != to / kWordBits;
  }
  bool follows_a_word() const {
    return from < to && to % kWordBits != 0 && from / kWordBits == to / kWordBits &&
           before / kWordBits != from / kWordBits;
  }
};

LastTake last_take(const CodedTensor& tensor, std::uint64_t TracedValue::*position) {
  const auto trace = trace_of(tensor, 0);
  const std::size_t each = codec(tensor.code.coding).pairs ? 2 : 1;
  const std::size_t last = (trace.size() - 1) / each * each;  // the last beat's first value
  if (last < 2 * each) return {};
  return {trace[last - each - 1].*position, trace[last - 1].*position, trace.back().*position};
}

template <bool (LastTake::*Lies)() const>
bool ends_as(const CodedTensor& tensor) {
  const bool any_symbols = codec(tensor.code.coding).lane == LaneKind::kRans;
  return (last_take(tensor, &TracedValue::offset_position).*Lies)() &&
         (any_symbols || (last_take(tensor, &TracedValue::symbol_position).*Lies)());
}

}  // namespace

bool ends_across(const CodedTensor& tensor) { return ends_as<&LastTake::crosses>(tensor); }

bool ends_a_word(const CodedTensor& tensor) {
  const LastTake take = last_take(tensor, &TracedValue::symbol_position);
  return take.from < take.to && take.to % kWordBits == 0;
}

bool ends_behind_a_word(const CodedTensor& tensor) {
  const LastTake take = last_take(tensor, &TracedValue::symbol_position);
  return take.from == take.to && take.to != 0 && take.to % kWordBits == 0;
}

bool ends_after_a_word(const CodedTensor& tensor) {
  return ends_as<&LastTake::follows_a_word>(tensor);
}

bool has_both_ends(const CodedTensor& tensor) {
  const auto values = decode(tensor).values;
  const auto has = [&](std::int32_t v) {
    return std::count(values.begin(), values.end(), to_pattern(v, tensor.dtype)) != 0;
  };
  return has(tensor.dtype.min()) && has(tensor.dtype.max());
}

bool owes_a_word(const CodedTensor& tensor) {
  const auto cum = make_arith_table(tensor.code.freq);
  ArithInterval interval;
  unsigned owed = 0, most = 0;
  for (const TracedValue& v : trace_of(tensor, 0)) {
    const ArithStep step = arith_step(interval, cum, v.symbol);
    owed = (step.common == 0 ? owed : 0) + step.underflow;
    most = std::max(most, owed);
  }
  return most >= kWordBits;
}

std::vector<Vector> vectors_of(const Plan& plan, std::uint32_t seed) {
  const std::vector<std::uint8_t> name(plan.name.begin(), plan.name.end());
  std::seed_seq numbers{seed, crc32c(name)};
  Random random(numbers);
  for (unsigned i = 0; i < kMostDraws; ++i) {
    CodedTensor tensor = make(plan, random);
    if (plan.wants != nullptr && !plan.wants(tensor)) continue;
    Decoded decoded = decode(tensor);
    Vector good{0, plan.name, plan.comment, {}, std::move(tensor), std::move(decoded),
                0, "",        std::nullopt};
    if (*plan.flag != '\0') good.flags.push_back(plan.flag);
    std::optional<std::vector<Vector>> bad = damaged(good, plan.damages);
    if (!bad) continue;
    bad->insert(bad->begin(), std::move(good));
    return *std::move(bad);
  }
  throw std::logic_error("vectors: plan " + plan.name + " does not get what it wants in " +
                         std::to_string(kMostDraws) + " draws");
}

}  // namespace transom::golden
