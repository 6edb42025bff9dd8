// core.cpp — rtl/wide/wide_core.sv in C++: a clock of the lanes.
// SPDX-License-Identifier: Apache-2.0
#include "transom/wide/core.hpp"

#include <algorithm>
#include <bit>

#include "transom/base/bits.hpp"
#include "transom/coder/tans.hpp"

namespace transom::wide {

void Core::take_tensor(const Inputs& in) {
  const WideHeader& h = *in.header;
  const WideTable& table = *in.table;
  header_ = h;
  n_streams_ = h.n_streams;
  left_ = h.n_values;
  n_active_ = static_cast<unsigned>(std::min<std::uint64_t>(n_streams_, left_));
  pass_ = 0;
  passes_ = table.passes();
  symbol_passes_ = table.symbol_passes;
  offset_passes_ = table.offset_passes;
  symbols_wanted_ = table.symbol_bits_wanted;
  offsets_wanted_ = table.offset_bits_wanted;
  tensor_ = in.tensor;
  phase_ = Phase::kFill;
  make_slots(h, table);
}

void Core::make_slots(const WideHeader& h, const WideTable& table) {
  slots_.clear();
  const auto add = [&](std::uint32_t freq, std::uint32_t bias, unsigned row) {
    slots_.push_back({static_cast<std::uint16_t>(freq), static_cast<std::uint16_t>(bias),
                      {table.vmin[row], static_cast<symbol_t>(row), table.offset_bits[row]}});
  };
  std::vector<std::uint32_t> freq;
  for (unsigned row = 0; row < h.n_rows; ++row) freq.push_back(table.freq(row, h));
  if (h.tans()) {
    for (const std::uint32_t word : make_decode_table(freq, h.table_log, Spread::kStep)) {
      const Entry e = to_entry(word);
      add(e.base, e.nbits, e.symbol);
    }
    return;
  }
  for (unsigned row = 0; row < h.n_rows; ++row) {
    for (std::uint32_t bias = 0; bias < freq[row]; ++bias) add(freq[row], bias, row);
  }
}

/// All lanes at once: those that the tensor did not use are zero.
void Core::judge() {
  Verdict& v = verdict_.emplace(Verdict{.tensor = ended_tensor_});
  const auto lowest = [&](Status status, auto is_bad) {
    if (v.status != Status::kOk) return;
    for (unsigned s = 0; s < n_lanes_; ++s) {
      if (!is_bad(s)) continue;
      v.status = status;
      v.lane = s;
      return;
    }
  };
  if (truncated_) v.status = Status::kTruncated;
  lowest(Status::kBadState, [&](unsigned s) { return states_[s].t != 0 || states_[s].beside; });
  lowest(Status::kTrailing,
         [&](unsigned s) { return (buffers_[2 * s].bits | buffers_[2 * s + 1].bits) != 0; });
  std::fill_n(states_.begin(), n_lanes_, State{});
  std::fill_n(buffers_.begin(), 2 * n_lanes_, Buffer{});
  truncated_ = false;
}

/// Bits count from when they are asked for, but those of states.
void Core::ask_pass(Asked& asked) {
  asked.states = pass_ == 0;
  for (unsigned s = 0; s < n_active_; ++s) {
    if (pass_ == 0) asked.add(2 * s);
    if (pass_ != 0 && pass_ <= symbol_passes_) ask(2 * s, true, asked);
    if (pass_ != 0 && pass_ <= offset_passes_) ask(2 * s + 1, true, asked);
  }
}

/// The values of the round in B; and what its streams want, those with values soon.
void Core::leave(OutBeat& beat, Asked& asked) {
  const auto later = [&](unsigned rounds) {
    const std::uint64_t before = std::uint64_t{rounds} * b_streams_;
    return static_cast<unsigned>(
        b_left_ > before ? std::min<std::uint64_t>(b_left_ - before, b_streams_) : 0);
  };
  const unsigned n = later(0), mask = value_mask_;
  const unsigned n_symbols = later(kWideSymbolRounds), n_offsets = later(kWideOffsetRounds);
  const unsigned symbols_wanted = symbols_wanted_, offsets_wanted = offsets_wanted_;
  for (unsigned s = 0; s < n; ++s) {
    Buffer& offsets = buffers_[2 * s + 1];
    const Row row = rows_[s];
    beat.values[s] = static_cast<value_t>((row.vmin + offsets.take(row.offset_bits)) & mask);
    ask(2 * s, s < n_symbols && buffers_[2 * s].asked() < symbols_wanted, asked);
    ask(2 * s + 1, s < n_offsets && offsets.asked() < offsets_wanted, asked);
  }
  beat.n = n;
  beat.last = b_left_ <= b_streams_;
  retired_ = 1 - retired_;
  n_retired_ = n;
}

template <bool Tans>
void Core::step_lanes(unsigned n) {
  const unsigned R = header_.table_log, x_bits = header_.state_bits() + 1;
  const unsigned shift = header_.state_shift();
  const std::uint32_t slot_mask = low_bits(R), state_mask = low_bits(header_.state_bits());
  const Slot* const slots = slots_.data();
  system::LaneStep* const steps = steps_[1 - retired_].data();
  for (unsigned s = 0; s < n; ++s) {
    Buffer& symbols = buffers_[2 * s];
    std::uint32_t t = states_[s].t;
    const Slot slot = slots[t & slot_mask];
    if constexpr (Tans) {
      t = slot.freq | symbols.take(slot.bias);
    } else {
      const std::uint32_t block = (t >> R) + (1u << kNransBlockLog);
      const std::uint32_t y = slot.freq * block + slot.bias;
      const unsigned k = x_bits - static_cast<unsigned>(std::bit_width(y));
      t = (y << k | symbols.take(k)) & state_mask;
    }
    states_[s].t = t;
    rows_[s] = slot.row;
    steps[s] = system::LaneStep(slot.row.symbol, symbols.position(),
                                buffers_[2 * s + 1].position(), t << shift);
  }
}

void Core::step_round() {
  const auto n = static_cast<unsigned>(std::min<std::uint64_t>(left_, n_active_));
  header_.tans() ? step_lanes<true>(n) : step_lanes<false>(n);
  b_left_ = left_;
  b_streams_ = n_streams_;
  b_valid_ = true;
  left_ -= n;
  if (left_ != 0) return;
  phase_ = Phase::kIdle;
  ended_tensor_ = tensor_;
}

/// The router's halfwords into the places that asked for them.
void Core::give(const Inputs& in) {
  truncated_ = truncated_ || in.n_halves < in.given;
  const Asked& asked = asked_[q_];
  for (unsigned i = 0; i < in.given; ++i) {
    const unsigned port = asked.ports[given_ + i];
    const std::uint32_t half = i < in.n_halves ? in.halves[i] : 0;
    if (asked.states) {
      State& state = states_[port / 2];
      const unsigned shift = header_.state_shift();
      state.t = half >> shift & low_bits(header_.state_bits());
      state.beside = half != state.t << shift;
    } else {
      buffers_[port].put(half);
    }
  }
  given_ += in.given;
}

void Core::step(const Inputs& in, OutBeat& beat) {
  n_retired_ = 0;
  verdict_.reset();
  if (in.front_status != Status::kOk) verdict_ = {in.front_status, system::kNoStream, in.tensor};
  if (judges_) judge();
  judges_ = false;
  Asked& next = asked_[1 - q_];
  next.n = 0;
  next.states = false;
  if (in.go) {
    if (b_valid_) {
      leave(beat, next);
      judges_ = beat.last;
      b_valid_ = false;
    }
    if (phase_ == Phase::kRun) step_round();
  }
  give(in);
  if (!in.go) return;
  if (phase_ == Phase::kFill) {
    if (pass_ <= passes_) {
      ask_pass(next);
      ++pass_;
    } else if (in.built) {
      phase_ = Phase::kRun;
    }
  }
  if (in.header != nullptr) take_tensor(in);
  q_ = 1 - q_;
  given_ = 0;
}

}  // namespace transom::wide
