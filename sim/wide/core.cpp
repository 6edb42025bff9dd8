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
                      table.vmin[row], static_cast<symbol_t>(row), table.offset_bits[row]});
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
    if (pass_ != 0 && pass_ <= symbol_passes_) ask(lanes_[s], 2 * s, true, asked);
    if (pass_ != 0 && pass_ <= offset_passes_) ask(lanes_[s], 2 * s + 1, true, asked);
  }
}

/// What the streams of the round in B want, those with values soon.
void Core::ask_round(Asked& asked) {
  const auto later = [&](unsigned rounds) {
    const std::uint64_t before = std::uint64_t{rounds} * b_streams_;
    return b_left_ > before ? std::min<std::uint64_t>(b_left_ - before, b_streams_) : 0;
  };
  const auto n_symbols = static_cast<unsigned>(later(kWideSymbolRounds));
  const auto n_offsets = static_cast<unsigned>(later(kWideOffsetRounds));
  for (unsigned s = 0; s < n_offsets; ++s) {
    Lane& lane = lanes_[s];
    const bool symbols = s < n_symbols && lane.buffers[kSymbols].asked < symbols_wanted_;
    const bool offset = lane.buffers[kOffsets].asked - rows_[s].offset_bits < offsets_wanted_;
    ask(lane, 2 * s, symbols, asked);
    ask(lane, 2 * s + 1, offset, asked);
  }
}

void Core::leave(OutBeat& beat) {
  beat.n = static_cast<unsigned>(std::min<std::uint64_t>(b_left_, b_streams_));
  beat.last = b_left_ <= b_streams_;
  n_retired_ = beat.n;
  const unsigned n = beat.n, shift = header_.state_shift(), mask = value_mask_;
  for (unsigned s = 0; s < n; ++s) {
    Lane& lane = lanes_[s];
    Buffer& offsets = lane.buffers[kOffsets];
    const Row row = rows_[s];
    assert(offsets.n >= row.offset_bits);
    beat.values[s] =
        static_cast<value_t>((row.vmin + (offsets.bits & low_bits(row.offset_bits))) & mask);
    retired_[s] = {true, row.symbol, static_cast<std::uint8_t>(lane.buffers[kSymbols].position()),
                   static_cast<std::uint8_t>(offsets.position()),
                   static_cast<std::uint16_t>(lane.t << shift)};
    offsets.take(row.offset_bits);
  }
}

void Core::step_round() {
  const unsigned R = header_.table_log, x_bits = header_.state_bits() + 1;
  const bool tans = header_.tans();
  const std::uint32_t slot_mask = low_bits(R), state_mask = low_bits(header_.state_bits());
  const auto n = static_cast<unsigned>(std::min<std::uint64_t>(left_, n_active_));
  for (unsigned s = 0; s < n; ++s) {
    Lane& lane = lanes_[s];
    const Slot& slot = slots_[lane.t & slot_mask];
    const std::uint32_t block = (lane.t >> R) + (1u << kNransBlockLog);
    const std::uint32_t y = slot.freq * block + slot.bias;
    const unsigned k = tans ? slot.bias : x_bits - static_cast<unsigned>(std::bit_width(y));
    assert(lane.buffers[kSymbols].n >= k);
    lane.t = ((tans ? slot.freq : y << k) |
              static_cast<std::uint32_t>(lane.buffers[kSymbols].bits & low_bits(k))) &
             state_mask;
    lane.buffers[kSymbols].take(k);
    rows_[s] = {slot.symbol, slot.vmin, slot.offset_bits};
  }
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
      continue;
    }
    Buffer& buffer = lane.buffers[port % 2];
    buffer.bits |= std::uint64_t{half} << buffer.n;
    buffer.n += 16;
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
      ask_round(next);
      leave(beat);
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
