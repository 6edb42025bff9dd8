// stretch.hpp — the bench over many clocks of a model, stream by stream.
//
// Streams meet only at the load port and where jobs are offered, begin and end. Between, each goes
// on alone: by the clock, as in Bench::drive() and observe(), or, at ports that are always open, as
// far as the model knows by itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "transom/unit/bench_stream.hpp"

namespace transom::unit {

/// @tparam Unit has bank_busy(), and of a stream s: busy(s), calm(s, offered): clocks in which it
/// takes, begins and ends no job; load(LoadInputs); clock(s, n, in, out): stream s in clock n of
/// the stretch; flow(s, n, n_clocks, ports): as many clocks as it can, no more than n_clocks
template <class Unit>
std::uint64_t Bench::stretch(Unit& unit) {
  std::uint64_t n_clocks = calm(unit.bank_busy());
  for (unsigned s = 0; n_clocks != 0 && s < streams_.size(); ++s) {
    n_clocks = std::min(n_clocks, unit.calm(s, streams_[s].taken < n_offered_));
  }
  if (n_clocks == 0 || n_clocks == kForever) return 0;
  const std::uint64_t begin = cycle_;
  LoadInputs load;
  do {
    drive_load(load);
    unit.load(load);
  } while (load.table_valid + load.row_valid != 0 && ++cycle_ < begin + n_clocks);
  for (unsigned s = 0; s < streams_.size(); ++s) {
    changed_[s] = static_cast<std::uint16_t>(s);
    cycle_ = begin;
    // A word may come to a stream that has no job yet.
    if (pressure_.early || unit.busy(s)) go_alone(unit, s, n_clocks);
  }
  n_changed_ = streams_.size();
  cycle_ = begin;
  note_banks(unit.bank_busy());
  pass(n_clocks);
  return n_clocks;
}

template <class Unit>
void Bench::go_alone(Unit& unit, unsigned s, std::uint64_t n_clocks) {
  const std::uint64_t begin = cycle_, end = begin + n_clocks;
  const bool open = !has_rhythm_ && observer_ == nullptr && !keep_events_;
  StreamInputs in;
  in.value_ready = true;
  StreamOutputs out;
  while (true) {
    if (open) go_open(unit, s, begin, end);
    if (cycle_ == end) return;
    drive_stream(s, in);
    unit.clock(s, cycle_ - begin, in, out);
    observe_stream(s, in, out);
    ++cycle_;
  }
}

template <class Unit>
void Bench::go_open(Unit& unit, unsigned s, std::uint64_t begin, std::uint64_t end) {
  Stream& stream = streams_[s];
  if (stream.next_value == stream.job_end) return;
  OpenPorts ports{stream.symbols, stream.offsets, stream.next_value, stream.hash, cycle_};
  if (unit.flow(s, cycle_ - begin, end - cycle_, ports) == 0) return;
  stream.symbol_words_taken += static_cast<std::uint64_t>(ports.symbols.next - stream.symbols.next);
  stream.offset_words_taken += static_cast<std::uint64_t>(ports.offsets.next - stream.offsets.next);
  stream.symbols.next = ports.symbols.next;
  stream.offsets.next = ports.offsets.next;
  stream.next_value = ports.next_value;
  stream.hash = ports.hash;
  stream.stalls[static_cast<unsigned>(Stall::kNone)] += ports.n_beats;
  stream.stalls[static_cast<unsigned>(Stall::kTurn)] += ports.n_turns;
  cycle_ = ports.cycle;
  last_event_ = std::max(last_event_, cycle_ - 1);
}

}  // namespace transom::unit
