// sc_lane.hpp — one lane of the cycle model: rtl/tans_lane.sv with its two bit readers, in C++.
//
// A clock is one call: outputs from the registers and the inputs of the clock, then the edge. What
// a step means is decode_step() of the model; here is only when it happens.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "bits.hpp"
#include "tans.hpp"
#include "unit.hpp"

namespace transom {

/// The unit's memories. They keep the bits in use, as codec_pkg::to_entry() does.
class UnitTables {
 public:
  UnitTables() : entries_(std::size_t{1} << kMaxTableLog), rows_(kMaxAlphabet) {}

  void load(const LoadInputs& in) {
    for (std::size_t i = 0; in.table_valid && i < kLoadEntries; ++i) {
      entries_[std::size_t{in.table_addr} * kLoadEntries + i] = in.table_words[i] & kEntryMask;
    }
    if (in.row_valid) rows_[in.row_addr] = to_row(in.row_word);
  }
  const std::uint32_t* entries() const { return entries_.data(); }
  const Row& row(symbol_t s) const { return rows_[s]; }

 private:
  static constexpr std::uint32_t kEntryMask =
      to_word(Entry{0xff, low_bits(std::bit_width(kMaxTableLog)), low_bits(kMaxTableLog)});
  std::vector<std::uint32_t> entries_;
  std::vector<Row> rows_;
};

/// rtl/bit_reader.sv: at most two words, refilled while at most one is there.
class BitWindow {
 public:
  bool ready() const { return fill_ <= kWordBits; }
  unsigned fill() const { return fill_; }
  bool is_short() const { return short_; }
  /// Any read of up to 16 bits may happen in this clock.
  bool enough(bool ended) const { return fill_ >= 16 || ended; }
  bool clean(bool ended) const { return ended && fill_ < kWordBits && buffer_ == 0; }

  std::uint32_t read(unsigned nbits) {
    const std::uint32_t value = static_cast<std::uint32_t>(buffer_) & low_bits(nbits);
    buffer_ >>= nbits;
    short_ |= nbits > fill_;
    fill_ = nbits > fill_ ? 0 : fill_ - nbits;
    return value;
  }
  /// After the read of the same clock, which sees registered bits only.
  void take_in(std::uint32_t word) {
    buffer_ |= std::uint64_t{word} << fill_;
    fill_ += kWordBits;
  }

 private:
  std::uint64_t buffer_ = 0;  ///< invariant: < 2^fill_
  unsigned fill_ = 0;         ///< invariant: <= 2 * kWordBits
  bool short_ = false;
};

class ScLane {
 public:
  void start(std::uint32_t n_values, unsigned table_log) {
    *this = {};
    busy_ = true;
    init_ = n_values != 0;
    left_ = n_values;
    table_log_ = table_log;
  }

  void clock(const UnitTables& tables, const LaneInputs& in, LaneOutputs& out) {
    out.busy = busy_;
    if (!busy_) return idle(out);
    const bool symbols_ended = in.symbol_end && !in.symbol_valid;
    const bool offsets_ended = in.offset_end && !in.offset_valid;
    const bool symbols_enough = symbols_.enough(symbols_ended);
    out.symbol_ready = symbols_.ready();
    out.offset_ready = offsets_.ready();

    out.value_valid = holds_ && offsets_.enough(offsets_ended);
    const bool fires = out.value_valid && in.value_ready;
    const bool steps = left_ != 0 && !init_ && symbols_enough && (!holds_ || fires);
    out.stall = stall(fires, out.value_valid, symbols_enough);

    if (out.value_valid) peek_value(tables, fires, out);
    if (!init_ && left_ == 0 && !holds_) check(symbols_ended, offsets_ended);
    holds_ = steps || (holds_ && !fires);
    out.retire_valid = steps;
    if (steps) step(tables, out.retire);
    if (init_ && symbols_enough) {
      t_ = symbols_.read(table_log_);
      init_ = false;
    }
    if (in.symbol_valid && out.symbol_ready) symbols_.take_in(in.symbol_word);
    if (in.offset_valid && out.offset_ready) offsets_.take_in(in.offset_word);
  }

 private:
  void idle(LaneOutputs& out) const {
    out = {};
    out.status = status_;
  }

  Stall stall(bool fires, bool value_valid, bool symbols_enough) const {
    if (fires) return Stall::kNone;
    if (holds_) return value_valid ? Stall::kConsumer : Stall::kOffsetWords;
    return !symbols_enough && (init_ || left_ != 0) ? Stall::kSymbolWords : Stall::kFill;
  }

  void peek_value(const UnitTables& tables, bool fires, LaneOutputs& out) {
    const Row& row = tables.row(held_);
    if (fires) {
      out.value = static_cast<value_t>(row.vmin + offsets_.read(row.offset_bits));
    } else {
      BitWindow ahead = offsets_;
      out.value = static_cast<value_t>(row.vmin + ahead.read(row.offset_bits));
    }
  }

  void step(const UnitTables& tables, Retire& retire) {
    retire.fill = static_cast<std::uint8_t>(symbols_.fill());
    const Entry e = decode_step(tables.entries(), t_, symbols_);
    t_ &= low_bits(kMaxTableLog);  // a register of R bits: a bad table cannot lead out of it
    held_ = e.symbol;
    --left_;
    retire.symbol = e.symbol;
    retire.nbits = e.nbits;
    retire.state = static_cast<std::uint16_t>(t_);
  }

  void check(bool symbols_ended, bool offsets_ended) {
    busy_ = false;
    if (symbols_.is_short() || offsets_.is_short()) {
      status_ = Status::kTruncated;
    } else if (t_ != 0) {
      status_ = Status::kBadState;
    } else if (!symbols_.clean(symbols_ended) || !offsets_.clean(offsets_ended)) {
      status_ = Status::kTrailing;
    }
  }

  BitWindow symbols_;
  BitWindow offsets_;
  std::uint32_t t_ = 0;
  std::uint32_t left_ = 0;  ///< symbols left to step
  unsigned table_log_ = 0;
  bool busy_ = false;
  bool init_ = false;   ///< the initial state is still to be read
  bool holds_ = false;  ///< stage 2 holds a symbol
  symbol_t held_ = 0;
  Status status_ = Status::kOk;
};

}  // namespace transom
