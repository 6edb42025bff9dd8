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
                      Row(table.vmin[row], table.offset_bits[row], row)});
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
    for (std::uint32_t i = 0; i < freq[row]; ++i) {
      add(freq[row], (freq[row] << kNransBlockLog) + i, row);
    }
  }
}

/// All lanes at once: those that the tensor did not use are zero.
void Core::judge() {
  Verdict& v = verdict_.emplace(Verdict{.tensor = ended_tensor_});
  const auto lowest = [&](Status status, auto is_bad) {
    if (v.status != Status::kOk) return;
    for (unsigned s = 0; s < n_lanes_; ++s) {
      if (!is_bad(lanes_[s])) continue;
      v.status = status;
      v.lane = s;
      return;
    }
  };
  if (truncated_) v.status = Status::kTruncated;
  lowest(Status::kBadState, [](const Lane& l) { return l.t != 0 || l.beside; });
  lowest(Status::kTrailing,
         [](const Lane& l) { return (l.buffers[kSymbols].bits | l.buffers[kOffsets].bits) != 0; });
  std::fill_n(lanes_.begin(), n_lanes_, Lane{});
  truncated_ = false;
}

/// Bits count from when they are asked for, but those of states.
void Core::ask_pass(Asked& asked) {
  asked.states = pass_ == 0;
  for (unsigned s = 0; s < n_active_; ++s) {
    if (pass_ == 0) asked.add(2 * s);
    for (const unsigned kind : {kSymbols, kOffsets}) {
      const unsigned passes = kind == kSymbols ? symbol_passes_ : offset_passes_;
      if (pass_ == 0 || pass_ > passes) continue;
      lanes_[s].buffers[kind].ask(true);
      asked.add(2 * s + kind);
    }
  }
}

/// The values of the round in B; and what its streams want, those with values soon.
void Core::leave(OutBeat& beat, Asked& asked) {
  const auto later = [&](unsigned rounds) {
    const std::uint64_t before = std::uint64_t{rounds} * b_streams_;
    return static_cast<unsigned>(
        b_left_ > before ? std::min<std::uint64_t>(b_left_ - before, b_streams_) : 0);
  };
  const unsigned n = later(0);
  const unsigned n_symbols = later(kWideSymbolRounds), n_offsets = later(kWideOffsetRounds);
  const unsigned mask = value_mask_;
  const auto leave_lanes = [&](unsigned s, unsigned end, unsigned symbols_wanted,
                               unsigned offsets_wanted) {
    std::uint16_t* next = &asked.ports[asked.n];
    for (; s < end; ++s) {
      Lane& lane = lanes_[s];
      Buffer &symbols = lane.buffers[kSymbols], &offsets = lane.buffers[kOffsets];
      const std::uint32_t value = lane.row.vmin() + offsets.take(lane.row.offset_bits());
      beat.values[s] = static_cast<value_t>(value & mask);
      *next = static_cast<std::uint16_t>(2 * s);
      next += symbols.ask(symbols.asked() < symbols_wanted);
      *next = static_cast<std::uint16_t>(2 * s + 1);
      next += offsets.ask(offsets.asked() < offsets_wanted);
    }
    asked.n = static_cast<unsigned>(next - asked.ports.data());
  };
  leave_lanes(0, n_symbols, symbols_wanted_, offsets_wanted_);
  leave_lanes(n_symbols, n_offsets, 0, offsets_wanted_);
  leave_lanes(n_offsets, n, 0, 0);
  beat.n = n;
  beat.last = b_left_ <= b_streams_;
  retired_ = 1 - retired_;
  n_retired_ = n;
}

template <bool Tans>
void Core::step_lanes(unsigned n) {
  const unsigned R = header_.table_log, state_bits = header_.state_bits();
  const unsigned shift = header_.state_shift();
  const std::uint32_t slot_mask = low_bits(R), state_mask = low_bits(state_bits);
  const Slot* const slots = slots_.data();
  system::LaneStep* const steps = steps_[1 - retired_].data();
  for (unsigned s = 0; s < n; ++s) {
    Lane& lane = lanes_[s];
    Buffer& symbols = lane.buffers[kSymbols];
    std::uint32_t t = lane.t;
    const Slot slot = slots[t & slot_mask];
    if constexpr (Tans) {
      t = slot.freq | symbols.take(slot.bias);
    } else {
      const std::uint32_t y = slot.freq * (t >> R) + slot.bias;
      const unsigned k = static_cast<unsigned>(std::countl_zero(y)) - (31 - state_bits);
      t = (y << k | symbols.take(k)) & state_mask;
    }
    lane.t = t;
    lane.row = slot.row;
    steps[s] = system::LaneStep(slot.row.symbol(), symbols.position(),
                                lane.buffers[kOffsets].position(), t << shift);
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
    Lane& lane = lanes_[port / 2];
    if (asked.states) {
      const unsigned shift = header_.state_shift();
      lane.t = half >> shift & low_bits(header_.state_bits());
      lane.beside = half != lane.t << shift;
    } else {
      lane.buffers[port % 2].put(half);
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
