// stream.hpp — one stream of a lane of the cycle model: rtl/lane/lane_control.sv and its coder, in
// C++.
//
// A clock is one call: outputs from the registers and the inputs of the clock, then the edge. What
// a step means is the model's decoder; here is only when it happens.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "transom/base/stream.hpp"
#include "transom/coder/arith.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/tans.hpp"
#include "transom/cycle/bit_window.hpp"
#include "transom/table/pairs.hpp"
#include "transom/unit/bench.hpp"
#include "transom/unit/ports.hpp"
#include "transom/unit/table_bank.hpp"

namespace transom::cycle {

/// What a kind of lane is to the cycle model.
struct Tans {
  using Decoder = TansDecoder;
  static constexpr LaneKind kind = LaneKind::kTans;
};
struct TansPair : Tans {
  static constexpr LaneKind kind = LaneKind::kTansPair;
};
struct Rans {
  using Decoder = RansSlotDecoder;
  static constexpr LaneKind kind = LaneKind::kRans;
};
struct Arith {
  using Decoder = ArithDecoder;
  static constexpr LaneKind kind = LaneKind::kArith;
};
struct Nrans {
  using Decoder = NransCountDecoder;
  static constexpr LaneKind kind = LaneKind::kNrans;
};

/// visit(coder) with what stands above for a kind of lane.
template <class Visit>
auto visit_coder(LaneKind kind, Visit visit) {
  switch (kind) {
    case LaneKind::kRans:
      return visit(Rans{});
    case LaneKind::kArith:
      return visit(Arith{});
    case LaneKind::kTansPair:
      return visit(TansPair{});
    case LaneKind::kNrans:
      return visit(Nrans{});
    case LaneKind::kTans:
      break;
  }
  return visit(Tans{});
}

/// The unit's memories.
class Tables {
 public:
  explicit Tables(LaneKind kind) : banks_{unit::TableBank(kind), unit::TableBank(kind)} {}

  void load(const unit::LoadInputs& in) {
    unit::TableBank& bank = banks_[in.bank];
    for (std::size_t i = 0; in.table_valid && i < kLoadEntries; ++i) {
      bank.put({in.table_log, in.last_row}, std::size_t{in.table_addr} * kLoadEntries + i,
               in.table_words[i]);
    }
    if (in.row_valid) bank.put_row(in.row_addr, in.row_word);
  }
  const unit::TableBank& operator[](bool bank) const { return banks_[bank]; }

 private:
  std::array<unit::TableBank, unit::kBanks> banks_;
};

/// rtl/lane/lane_control.sv with its two bit readers, for one stream: two stages, a symbol and its
/// offset.
template <class Coder>
class Stream {
 public:
  static constexpr unsigned kValues = values_per_beat(Coder::kind);
  static constexpr bool kTakesTurns = streams_per_lane(Coder::kind) > 1;
  /// All lanes are at work in one bank: their tables are registers that they share.
  static constexpr bool kSharesBank = Coder::kind == LaneKind::kNrans;

  /// @param job  what is offered to all streams: R and bank
  /// @param turn the stream may enter or step in this clock
  /// @param open of bit b: a job of bank b may be entered
  void clock(const Tables& tables, const unit::UnitInputs& job, bool turn, unsigned open,
             const unit::StreamInputs& in, unit::StreamOutputs& out) {
    out.done = done_;
    out.status = status_;
    out.busy = busy();
    if (!out.busy) return idle(job, in, out);

    out.job_ready = symbols_.can_announce() && offsets_.can_announce();
    out.symbol_ready = symbols_.word_ready();
    out.offset_ready = offsets_.word_ready();
    const bool offset_enough = offsets_.enough();
    const bool symbol_enough = symbols_.enough();
    const bool fires = hold_ && offset_enough && (hold_ghost_ || in.value_ready);
    const bool advances = run_ && symbol_enough && (!hold_ || fires) && turn;
    const bool leaves = advances && last_;
    const bool enters = job_ && (!run_ || leaves) && turn && symbols_.head_valid() &&
                        (!kSharesBank || (open >> job_bank_ & 1) != 0);
    const bool finishes = fires && hold_last_;
    const bool offset_enters = (!offsets_.open() || finishes) && offsets_.next();
    out.value_valid = hold_ && !hold_ghost_ && offset_enough;
    out.stall = stall(fires, symbol_enough, offset_enough);
    out.retire_valid = advances && !ghost_;

    judge();
    if (out.value_valid) value(tables, fires, out);
    if (finishes) bad_table_ = tables[hold_bank_].bad();
    hold_ = advances || (hold_ && !fires);
    if (advances) step(out.retire);
    if (finishes) {
      verdict_ = left_verdict_;
      state_ok_ = left_state_ok_;
      offset_verdict_ = offsets_.verdict();
      check_ = true;
    }
    if (leaves) {
      left_state_ok_ = was_ghost_ || decoder_.at_end();
      left_verdict_ = symbols_.verdict();
    }
    symbols_.edge({in.symbol_valid, in.symbol_word, in.symbol_last, leaves, enters});
    offsets_.edge({in.offset_valid, in.offset_word, in.offset_last, finishes, offset_enters});
    if (enters) enter(tables);
    if (in.job_valid && out.job_ready) accept(job, in);
  }

  /// Clocks from the next one on in which it takes, begins and ends no job, whatever is at its
  /// other ports. @param offered a job is, in all of them
  std::uint64_t calm(bool offered) const {
    if (done_ || check_ || (offered && symbols_.can_announce() && offsets_.can_announce()))
      return 0;
    if (!busy()) return unit::Bench::kForever;
    if (!run_ || last_ || !offsets_.open()) return 0;
    if (hold_ && (hold_last_ || hold_bank_ != bank_)) return 0;
    return (left_values_ - 1) / kValues;
  }

  /// clock() at ports that are always open, for some of n_clocks in which it is calm. Their number.
  std::uint64_t flow(const Tables& tables, bool turn, std::uint64_t n_clocks,
                     unit::OpenPorts& ports) {
    typename Symbols::Flow symbols;
    typename Offsets::Flow offsets;
    if (!kTakesTurns && !hold_) return 0;
    if (!symbols_.flows(ports.symbols, symbols) || !offsets_.flows(ports.offsets, offsets)) {
      return 0;
    }
    const Row* rows = tables[bank_].rows();
    const std::uint64_t begin = ports.cycle, end = begin + n_clocks;
    std::uint64_t hash = ports.hash, n_beats = 0, n_steps = 0, cycle = begin;
    value_t* next_value = ports.next_value;
    auto decoder = decoder_;
    symbol_t symbol = symbol_;
    bool hold = hold_;
    for (; cycle != end && symbols.goes_on() && offsets.goes_on(); ++cycle) {
      const bool steps = !kTakesTurns || turn, fires = !kTakesTurns || hold;
      const bool symbol_word = symbols.drops(), offset_word = offsets.drops();
      unsigned events = 0;
      const symbol_t held = symbol;
      if (steps) {
        symbol = decoder.step(symbols);
        events |= unit::kRetired;
        ++n_steps;
      }
      if (fires) {
        for (unsigned v = 0; v < kValues; ++v) {
          *next_value++ = read_value(rows[kValues == 1 ? held : nth_of(held, v)], offsets);
        }
        events |= unit::kValueLeft | (kValues == 2 ? unsigned{unit::kTwoValuesLeft} : 0);
        ++n_beats;
      }
      if (symbol_word && symbols.takes()) events |= unit::kSymbolWordTaken;
      if (offset_word && offsets.takes()) events |= unit::kOffsetWordTaken;
      const Stall stall = fires ? Stall::kNone : Stall::kTurn;
      hash = unit::hash_clock(hash, cycle, static_cast<unsigned>(stall), events);
      symbols.edge(symbol_word);
      offsets.edge(offset_word);
      hold = steps;
      turn = !turn;
    }
    decoder_ = decoder;
    symbol_ = symbol;
    hold_ = hold;
    if (n_steps != 0) {
      hold_last_ = hold_ghost_ = was_ghost_ = false;
      hold_two_ = kValues == 2;
      hold_bank_ = bank_;
      left_values_ -= static_cast<std::uint32_t>(n_steps * kValues);
      last_ = left_values_ <= kValues;
    }
    symbols_.settle(symbols, ports.symbols);
    offsets_.settle(offsets, ports.offsets);
    ports.next_value = next_value;
    ports.hash = hash;
    ports.cycle = cycle;
    ports.n_beats = n_beats;
    ports.n_turns = cycle - begin - n_beats;
    return cycle - begin;
  }

  bool busy() const {
    return job_ || run_ || hold_ || check_ || symbols_.drains() || offsets_.drains();
  }

  /// Bit b: a job here wants bank b.
  unsigned banks() const {
    return unsigned{job_} << job_bank_ | unsigned{run_} << bank_ | unsigned{hold_} << hold_bank_;
  }

 private:
  using Symbols = BitWindow<kMaxTake, 3>;
  using Offsets = BitWindow<kMaxValueBits * kValues, kValues + 1>;
  /// Offset bits that are seen, and not taken before the value leaves.
  struct Peek {
    const Offsets& offsets;
    unsigned n_bits = 0;

    std::uint32_t read(unsigned nbits) {
      const std::uint32_t bits = offsets.peek(n_bits, nbits);
      n_bits += nbits;
      return bits;
    }
  };

  void idle(const unit::UnitInputs& job, const unit::StreamInputs& in, unit::StreamOutputs& out) {
    done_ = false;
    out.job_ready = true;
    out.symbol_ready = out.offset_ready = out.value_valid = out.retire_valid = false;
    out.stall = Stall::kNone;
    if (in.job_valid) accept(job, in);
  }

  void accept(const unit::UnitInputs& job, const unit::StreamInputs& in) {
    job_ = true;
    job_bank_ = job.bank;
    job_table_log_ = job.table_log;
    job_n_values_ = in.n_values;
    symbols_.announce(in.symbol_empty);
    offsets_.announce(in.offset_empty);
  }

  void enter(const Tables& tables) {
    job_ = false;
    run_ = true;
    bank_ = job_bank_;
    left_values_ = job_n_values_;
    ghost_ = left_values_ == 0;
    last_ = left_values_ <= kValues;
    decoder_ = {tables[bank_].words(), job_table_log_};
    if (!ghost_) decoder_.start(symbols_);
    symbols_.commit();
  }

  /// The verdict on a job that finished a clock ago.
  void judge() {
    done_ = check_;
    if (!check_) return;
    check_ = false;
    if (bad_table_) {
      status_ = Status::kBadTable;
    } else if (verdict_.is_short || offset_verdict_.is_short) {
      status_ = Status::kTruncated;
    } else if (!state_ok_) {
      status_ = Status::kBadState;
    } else {
      const bool clean = verdict_.is_clean && offset_verdict_.is_clean;
      status_ = clean ? Status::kOk : Status::kTrailing;
    }
  }

  Stall stall(bool fires, bool symbol_enough, bool offset_enough) const {
    if (fires && !hold_ghost_) return Stall::kNone;
    if (hold_ && !offset_enough) return Stall::kOffsetWords;
    if (hold_ && !hold_ghost_) return Stall::kConsumer;
    if (run_ ? !symbol_enough : (job_ && !symbols_.head_valid()) || symbols_.drains()) {
      return Stall::kSymbolWords;
    }
    if (offsets_.drains() && !run_ && !job_) return Stall::kOffsetWords;
    return kTakesTurns && run_ && !ghost_ ? Stall::kTurn : Stall::kFill;
  }

  void value(const Tables& tables, bool fires, unit::StreamOutputs& out) {
    out.value_two = hold_two_;
    out.value_last = hold_last_;
    Peek ahead{offsets_};
    for (unsigned v = 0; v < kValues; ++v) {
      if (v == 1 && !hold_two_) break;
      const symbol_t s = kValues == 1 ? symbol_ : nth_of(symbol_, v);
      out.values[v] = read_value(tables[hold_bank_].rows()[s], ahead);
    }
    if (fires) offsets_.read(ahead.n_bits);
  }

  void step(unit::Retire& retire) {
    hold_last_ = last_;
    hold_two_ = kValues == 2 && left_values_ != 1;
    hold_ghost_ = was_ghost_ = ghost_;
    hold_bank_ = bank_;
    run_ = !last_;
    if (ghost_) return;
    retire.fill = static_cast<std::uint8_t>(symbols_.fill());
    symbol_ = decoder_.step(symbols_);
    retire.symbol = symbol_;
    retire.take = static_cast<std::uint8_t>(symbols_.taken());
    retire.state = decoder_.state();
    last_ = left_values_ <= 2 * kValues;
    left_values_ -= kValues;
  }

  Symbols symbols_;
  Offsets offsets_;
  typename Coder::Decoder decoder_{nullptr, 0};
  std::uint32_t left_values_ = 0;  ///< values that are still to be stepped
  std::uint32_t job_n_values_ = 0;
  unsigned job_table_log_ = 0;
  symbol_t symbol_ = 0;
  Status status_ = Status::kOk;
  typename Offsets::Verdict offset_verdict_;
  typename Symbols::Verdict verdict_, left_verdict_;
  bool state_ok_ = true, left_state_ok_ = true;
  bool bad_table_ = false;
  bool job_ = false;  ///< one waits
  bool job_bank_ = false;
  bool run_ = false;  ///< stage 1 steps
  bool last_ = false;
  bool ghost_ = false;  ///< the job has no values: it passes both stages so that jobs end in order
  bool was_ghost_ = false;
  bool bank_ = false;
  bool hold_ = false;  ///< stage 2 holds a symbol
  bool hold_last_ = false;
  bool hold_two_ = false;
  bool hold_ghost_ = false;
  bool hold_bank_ = false;
  bool check_ = false;  ///< offsets were left in the clock before
  bool done_ = false;
};

}  // namespace transom::cycle
