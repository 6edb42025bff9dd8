// lane_points.cpp — the cover points of a kind of lane, collected at the ports of a unit.
// SPDX-License-Identifier: Apache-2.0
#include "transom/coverage/lane_points.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <set>
#include <stdexcept>

#include "transom/coder/arith.hpp"
#include "transom/coder/rans.hpp"
#include "transom/table/pairs.hpp"

namespace transom::coverage {

using namespace unit;

namespace {

/// The number of the first limit that n is below; the number of limits if of none.
template <std::size_t N>
unsigned bucket(std::uint64_t n, const std::array<std::uint64_t, N>& limits) {
  return static_cast<unsigned>(std::upper_bound(limits.begin(), limits.end(), n) - limits.begin());
}

TableClass class_of(const Job& job, const TableBank& bank) {
  const std::size_t L = std::size_t{1} << job.table_log;
  std::set<std::uint32_t> symbols;
  for (std::size_t slot = 0; slot < job.entries.size(); ++slot) {
    if (!lane_traits(job.kind).counts) {
      symbols.insert(bank.words()[slot] & 0xff);
    } else {
      const std::uint32_t next = slot + 1 < job.entries.size() ? bank.words()[slot + 1]
                                                               : std::uint32_t{1} << job.table_log;
      if (next > bank.words()[slot]) symbols.insert(static_cast<std::uint32_t>(slot));
    }
  }
  if (symbols.size() <= 1) return TableClass::kOneSymbol;
  return symbols.size() == L ? TableClass::kAllOnce : TableClass::kOther;
}

unsigned label_of(Status status) {
  return status == Status::kBadTable ? 4u : static_cast<unsigned>(status);
}

}  // namespace

EndClass end_class(std::span<const std::uint32_t> words, std::uint64_t n_bits) {
  const std::uint64_t n_there = words.size() * kWordBits;
  if (n_bits > n_there) return EndClass::kShort;
  if (n_there == 0) return EndClass::kNothing;
  if (n_bits == n_there) return EndClass::kWhole;
  if (n_there - n_bits >= kWordBits) return EndClass::kLeft;
  return words.back() >> n_bits % kWordBits == 0 ? EndClass::kPadded : EndClass::kNoise;
}

LaneCoverage::LaneCoverage(const UnitShape& shape, std::span<const Job> jobs)
    : shape_(shape), jobs_(jobs), groups_(lane_groups(shape.kind)) {
  std::size_t n_streams = 0;
  for (const Job& job : jobs) {
    banks_.emplace_back(job.kind).load(job.table_log, job.entries, job.rows);
    tables_.push_back(class_of(job, banks_.back()));
    n_streams = std::max(n_streams, job.streams.size());
  }
  streams_.resize(n_streams);
  for (unsigned s = 0; s < n_streams; ++s) {
    to_used(s, streams_[s].taken);
    to_used(s, streams_[s].done);
  }
}

void LaneCoverage::clock(const UnitInputs& in, const UnitOutputs& out) {
  ports(in, out);
  waits(in, out);
  for (unsigned s = 0; s < streams_.size(); ++s) {
    Stream& stream = streams_[s];
    const StreamInputs& from = in.streams[s];
    const StreamOutputs& to = out.streams[s];
    refill(stream, from, to);
    if (to.value_valid && from.value_ready) values(stream, s, to);
    if (to.retire_valid) step(stream, s, to.retire);
    if (to.done) end(stream, s, to.status);
    if (from.job_valid && to.job_ready) {
      take_job(stream, to.busy, s);
    }
  }
  ++clock_;
}

void LaneCoverage::take_job(Stream& stream, bool busy, unsigned s) {
  if (!uses(stream.taken, s)) return;
  const Job& job = jobs_[stream.taken];
  const std::uint32_t n_values = job.streams[s].n_values;
  hit(kSizes, {bucket<5>(n_values, {1, 2, 4, 16, 256}), busy});
  hit(kTables, {job.table_log - lane_traits(job.kind).min_table_log,
                static_cast<unsigned>(tables_[stream.taken])});
  to_used(s, ++stream.taken);
}

void LaneCoverage::refill(const Stream& stream, const StreamInputs& in, const StreamOutputs& out) {
  if (in.symbol_valid && out.symbol_ready && stream.stepped && stream.n_steps > 0) {
    const auto bit = static_cast<unsigned>(stream.symbol_bits % kWordBits);
    hit(kSymbolRefills, {shape_.kind == LaneKind::kRans ? bit / Rans32x16::word_bits : bit});
  }
  if (in.offset_valid && out.offset_ready && stream.left) {
    hit(kOffsetRefills, {static_cast<unsigned>(stream.offset_bits % kWordBits)});
  }
}

void LaneCoverage::step(Stream& stream, unsigned s, const Retire& retire) {
  if (stream.n_steps == 0) {  // the first step of a job
    bool over = false;
    to_used(s, stream.step_job);
    while (uses(stream.step_job, s) && jobs_[stream.step_job].streams[s].n_values == 0) {
      over = true;
      to_used(s, ++stream.step_job);
    }
    if (!uses(stream.step_job, s)) return;  // a step too many
    const unsigned per_step = values_per_beat(shape_.kind);
    const Job& job = jobs_[stream.step_job];
    stream.n_steps = (job.streams[s].n_values + per_step - 1) / per_step;
    stream.symbol_bits = start_bits(job.kind, job.table_log);
    stream.stepped = false;
    if (stream.last_step != 0) {
      hit(kSwitches, {bucket<2>(clock_ - stream.last_step, {17, 64}), over});
    }
  }
  const Job& job = jobs_[stream.step_job];
  cross_state(stream, job, retire);
  stream.symbol_bits += retire.take;
  stream.state = retire.state;
  stream.stepped = true;
  stream.held.push_back(retire.symbol);
  if (--stream.n_steps != 0) return;
  stream.last_step = clock_;
  stream.n_read.push_back(stream.symbol_bits);
  ++stream.step_job;
}

void LaneCoverage::cross_state(const Stream& stream, const Job& job, const Retire& retire) {
  // What a table that is none, or a first state that is none, leads to has no points.
  if (banks_[stream.step_job].bad()) return;
  const bool rans = job.kind == LaneKind::kRans;
  const auto state = static_cast<unsigned>(retire.state);
  const unsigned take = rans ? retire.take / Rans32x16::word_bits : retire.take;
  if (rans && (!stream.stepped || stream.state < Rans32x16::lower)) return;
  hit(kTakes, {take});
  if (job.kind == LaneKind::kArith) {
    const auto hi = static_cast<unsigned>(retire.state >> 32);
    const auto lo = static_cast<unsigned>(retire.state >> 16 & 0xffff);
    return hit(kUsualStates, {((hi - lo) >> 14) - 1, take});
  }
  if (job.table_log == kTinyLog) {
    hit(kTinyStates, {rans ? state % (1u << kTinyLog) : state, take});
  } else if (job.table_log == kUsualLog) {
    const unsigned sixteenth = state >> (start_bits(job.kind, kUsualLog) - 4) % 32;
    hit(kUsualStates, {rans ? static_cast<unsigned>(std::bit_width(state)) - 17 : sixteenth, take});
  }
}

void LaneCoverage::values(Stream& stream, unsigned s, const StreamOutputs& out) {
  if (stream.held.empty()) return;  // a value too many
  if (stream.n_values == 0) {       // the first value of a job
    stream.offset_bits = 0;
    while (stream.n_values == 0) {
      to_used(s, stream.value_job);
      if (!uses(stream.value_job, s)) return;
      stream.n_values = jobs_[stream.value_job++].streams[s].n_values;
    }
  }
  const TableBank& bank = banks_[stream.value_job - 1];
  const symbol_t symbol = stream.held.front();
  stream.held.pop_front();
  const auto width = [&](symbol_t of) { return unsigned{bank.rows()[of].offset_bits}; };
  unsigned bits = 0;
  if (values_per_beat(shape_.kind) == 1) {
    bits = width(symbol);
    hit(kWidths, {bits});
  } else {
    const unsigned first = width(first_of(symbol)), second = width(second_of(symbol));
    bits = first + (out.value_two ? second : 0);
    hit(kWidths, {first, out.value_two ? second : kMaxValueBits + 1});
  }
  stream.offset_bits += bits;
  stream.n_values -= std::min(stream.n_values, out.value_two ? 2u : 1u);
  stream.left = stream.n_values != 0;
  if (!stream.left) stream.n_read_offsets.push_back(stream.offset_bits);
}

void LaneCoverage::end(Stream& stream, unsigned s, Status status) {
  const std::uint32_t j = stream.done;
  if (!uses(j, s)) return;  // an end too many
  const JobStream& of_job = jobs_[j].streams[s];
  hit(kStatuses, {bucket<3>(of_job.n_values, {1, 2, kManyValues}), label_of(status)});

  std::uint64_t n_symbols = 0, n_offsets = 0;
  if (of_job.n_values != 0) {
    if (stream.n_read.empty() || stream.n_read_offsets.empty()) return;  // an end too soon
    n_symbols = stream.n_read.front();
    n_offsets = stream.n_read_offsets.front();
    stream.n_read.pop_front();
    stream.n_read_offsets.pop_front();
  }
  hit(kEnds, {static_cast<unsigned>(end_class(of_job.symbol_words, n_symbols)),
              static_cast<unsigned>(end_class(of_job.offset_words, n_offsets))});

  std::uint32_t most = 0, ahead = 0;
  for (unsigned t = 0; t < jobs_[j].streams.size(); ++t) {
    const Stream& other = streams_[t];
    ahead = std::max(ahead, other.done > j ? other.done - j : 0);
    if (other.value_job <= j) {
      most = std::max(most, jobs_[j].streams[t].n_values);
    } else if (other.value_job == j + 1) {
      most = std::max(most, other.n_values);
    }
  }
  hit(kSkew, {bucket<6>(most, {1, 2, 4, 8, 16, 64})});
  hit(kJobsApart, {std::min(ahead, 2u)});
  to_used(s, ++stream.done);
}

void LaneCoverage::ports(const UnitInputs& in, const UnitOutputs& out) {
  const bool loads = in.load.table_valid || in.load.row_valid;
  for (unsigned s = 0; s < streams_.size(); ++s) {
    const StreamInputs& from = in.streams[s];
    const StreamOutputs& to = out.streams[s];
    if (!to.busy) continue;
    unsigned value = 0;
    if (to.value_valid) value = (from.value_ready ? 1u : 2u) + (to.value_last ? 2u : 0u);
    hit(kPorts, {to.symbol_ready && !from.symbol_valid, to.offset_ready && !from.offset_valid,
                 value, loads});
    hit(kStallCauses, {static_cast<unsigned>(to.stall), loads});
  }
  const unsigned loaded = loads ? 1u + in.load.bank : 0u;
  hit(kBanksAtWork, {unsigned{out.bank_busy[0]} | unsigned{out.bank_busy[1]} << 1, loaded});
}

void LaneCoverage::waits(const UnitInputs& in, const UnitOutputs& out) {
  std::array<bool, kMaxDecoderLanes> busy{}, waits{};
  for (unsigned s = 0; s < streams_.size(); ++s) {
    busy[s % shape_.n_lanes] |= out.streams[s].busy;
    waits[s % shape_.n_lanes] |= streams_[s].taken < jobs_.size() && !in.streams[s].job_valid;
  }
  const auto n_lanes = std::min(shape_.n_lanes, kCoveredLanes);
  if (shape_.n_lanes != n_lanes || std::count(busy.begin(), busy.end(), true) != 1) return;
  const auto one = static_cast<unsigned>(std::find(busy.begin(), busy.end(), true) - busy.begin());
  for (unsigned lane = 0; lane < n_lanes; ++lane) {
    if (lane != one && waits[lane]) hit(kWaits, {lane, one});
  }
}

}  // namespace transom::coverage
