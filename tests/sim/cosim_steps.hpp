// cosim_steps.hpp — a job step by step, from the words that the unit is loaded with, in the slow
// form of the definition: what lockstep must agree with, without the model's coders.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "cosim_support.hpp"

namespace transom::cosim {

/// A step as lockstep compares it: symbol, bits taken, state after, position before, values.
struct Step {
  std::uint64_t field[4];
  std::vector<value_t> values;
};
inline constexpr const char* kFieldNames[] = {"symbol", "take", "state", "position"};

/// The coder of a kind, over the unit's table words.
class SlowCoder {
 public:
  SlowCoder(const Job& job, BitReader& in) : job_(job), in_(in) {
    if (job.kind == LaneKind::kRans) {
      x_ = in.read(32);
    } else if (job.kind == LaneKind::kArith) {
      for (int i = 0; i < 16; ++i) code_ = 2 * code_ + in.read(1);
    } else if (job.kind == LaneKind::kNrans) {
      const unsigned n_bits = job.table_log + 2;
      x_ = 1u << n_bits | in.read(n_bits);
    } else {
      x_ = in.read(job.table_log);
    }
  }
  symbol_t step() {
    switch (job_.kind) {
      case LaneKind::kTans:
      case LaneKind::kTansPair:
        return tans();
      case LaneKind::kRans:
        return rans();
      case LaneKind::kArith:
        return arith();
      case LaneKind::kNrans:
        return nrans();
    }
    return 0;
  }
  std::uint64_t state() const {
    if (job_.kind == LaneKind::kNrans) return x_ - (4u << job_.table_log);
    return job_.kind == LaneKind::kArith ? hi_ << 32 | lo_ << 16 | code_ : x_;
  }

 private:
  symbol_t tans() {
    const Entry e = to_entry(job_.entries[x_]);
    x_ = e.base + in_.read(e.nbits);
    return e.symbol;
  }
  symbol_t rans() {
    const RansEntry e = to_rans_entry(job_.entries[x_ % job_.entries.size()]);
    x_ = e.freq * (x_ / job_.entries.size()) + e.bias;
    if (x_ < 1u << 16 && job_.table_log != 0) x_ = x_ << 16 | in_.read(16);
    return e.symbol;
  }
  /// A symbol's share of the interval is y's; then x is doubled until it is back in [2^(R+2), ...).
  symbol_t nrans() {
    const std::uint32_t L = 1u << job_.table_log;
    const auto cum = [&](std::size_t s) { return s < job_.entries.size() ? job_.entries[s] : L; };
    std::size_t s = 0;
    while (cum(s + 1) <= x_ % L) ++s;
    x_ = (cum(s + 1) - cum(s)) * (x_ / L) + x_ % L - cum(s);
    unsigned k = 0;
    while (x_ << k < 4 * L) ++k;
    x_ = x_ << k | in_.read(k);
    return static_cast<symbol_t>(s);
  }
  /// A bit at a time: E1, E2 and E3 as Witten, Neal and Cleary have them.
  symbol_t arith() {
    const auto bound = [&](std::size_t s) {
      const std::uint64_t cum = s < job_.entries.size() ? job_.entries[s] : 1u << kArithTableLog;
      return lo_ + ((hi_ - lo_ + 1) * cum >> kArithTableLog);
    };
    std::size_t s = 0;
    while (bound(s + 1) <= code_) ++s;
    const std::uint64_t low = bound(s);
    hi_ = bound(s + 1) - 1;
    lo_ = low;
    for (;;) {
      std::uint64_t less = 0;
      if (lo_ >= 0x8000) {
        less = 0x8000;
      } else if (lo_ >= 0x4000 && hi_ < 0xc000) {
        less = 0x4000;
      } else if (hi_ >= 0x8000) {
        return static_cast<symbol_t>(s);
      }
      lo_ = 2 * (lo_ - less);
      hi_ = 2 * (hi_ - less) + 1;
      code_ = 2 * (code_ - less) + in_.read(1);
    }
  }

  const Job& job_;
  BitReader& in_;
  std::uint64_t x_ = 0;
  std::uint64_t lo_ = 0, hi_ = 0xffff, code_ = 0;
};

/// What a unit makes of the words of a job: those of no table are others, and the job is bad.
struct Kept {
  Job job;
  bool bad = false;
};
/// Whether every state that an entry can lead to is one of the table, added or put together.
inline bool leads_in(const Job& job, std::uint32_t word) {
  const std::uint32_t L = 1u << job.table_log;
  if (job.kind == LaneKind::kRans) {
    const std::uint32_t freq = (word >> 8 & 0xfff) + 1, bias = word >> 20;
    return freq <= L && bias < freq;
  }
  const std::uint32_t base = word >> 16 & 0x3fff, n_fields = 1u << (word >> 8 & 15);
  for (std::uint32_t field = 0; field < n_fields; ++field) {
    if (base + field >= L || (base | field) != base + field) return false;
  }
  return true;
}
inline bool has_rows(const Job& job, std::uint32_t word) {
  if (job.kind != LaneKind::kTansPair) return (word & 0xff) < job.rows.size();
  return (word & 15) < job.rows.size() && (word >> 4 & 15) < job.rows.size();
}
inline Kept kept_of(Job job) {
  bool bad = false, bad_row = false;
  if (lane_traits(job.kind).counts) {
    const std::uint32_t all = 1u << job.table_log;
    std::uint32_t before = 0;
    for (std::size_t s = 0; s < job.entries.size(); ++s) {
      std::uint32_t& count = job.entries[s];
      count &= job.kind == LaneKind::kArith ? 0x7ffu : 0x1fffu;  // the bits in use
      bad = bad || count < before || count > all || (s == 0 && count != 0) ||
            (s >= job.rows.size() && count != all);
      before = count;
      if (s == 0) count = 0;
      if (s != 0 && bad) count = all;
    }
  } else {
    for (std::uint32_t& word : job.entries) {
      if (job.kind != LaneKind::kRans) word &= 0x3fff'0fff;  // the bits in use
      if (has_rows(job, word) && leads_in(job, word)) continue;
      word = 0;
      bad = true;
    }
  }
  for (std::uint32_t& row : job.rows) {
    if ((row >> 16 & 31) <= 16) continue;
    row = 0;
    bad_row = true;
  }
  return {std::move(job), bad || bad_row};
}

inline std::vector<Step> steps_of(const Job& job, unsigned s) {
  const JobStream& stream = job.streams[s];
  BitReader symbols(stream.symbol_words);
  BitReader offsets(stream.offset_words);
  const std::uint64_t n_bits = stream.symbol_words.size() * kWordBits;
  const unsigned per_step = values_per_beat(job.kind);
  std::vector<Step> steps;
  std::optional<SlowCoder> coder;
  std::vector<symbol_t> coded;
  for (std::uint32_t i = 0; i < stream.n_values; ++i) {
    if (!coder) coder.emplace(job, symbols);
    if (i % per_step == 0) {
      const std::uint64_t before = symbols.position();
      coded.push_back(coder->step());
      steps.push_back(
          {{coded.back(), symbols.position() - before, coder->state(), std::min(before, n_bits)},
           {}});
    }
    const Row row = to_row(job.rows[symbol_of_value(job.kind, coded, i)]);
    const auto value = static_cast<value_t>(row.vmin + offsets.read(row.offset_bits));
    steps.back().values.push_back(value);
  }
  return steps;
}

}  // namespace transom::cosim
