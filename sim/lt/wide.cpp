// wide.cpp — decoder_wide, loosely timed.
// SPDX-License-Identifier: Apache-2.0
#include "transom/lt/wide.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "transom/base/bits.hpp"
#include "transom/coder/tans.hpp"

namespace transom::lt {
namespace {

// Cycles of rtl/WIDE.md.
constexpr cycle_t kAskCycle = 1;            // of the front, the start being in cycle 0
constexpr cycle_t kJudgeCycles = 2;         // header to verdict on it
constexpr cycle_t kToldCycles = 3;          // last step to the tensor's verdict
constexpr cycle_t kDrainCycles = 2;         // the front's last state to the end of the run
constexpr std::uint32_t kCountsAtOnce = 4;  // rows
constexpr unsigned kHeaderHalves = 2 * kWideHeaderWords;

}  // namespace

WideDecoder::WideDecoder(const wide::Parameters& parameters, Platform& platform)
    : parameters_((wide::check_parameters(parameters), parameters)),
      platform_(platform),
      words_(parameters_, platform),
      out_(platform) {}

std::uint64_t WideDecoder::Buffer::take(unsigned count) {
  const std::uint64_t taken = bits & low_bits(count);
  bits >>= count;
  n -= count;
  return taken;
}

cycle_t WideDecoder::run(system::AxiRegisters& registers) {
  registers_ = &registers;
  registers.errors = {};
  registers.counters = {};
  words_.restart();
  out_.restart();
  lanes_ = {};
  front_ = kAskCycle;
  tensor_ = 0;
  values_left_ = registers.limits.max_values;
  step_ = empty_ = built_ = 0;
  verdict_.reset();
  try {
    decode_all();
  } catch (const Aborted&) {
    tell(front_);
    registers.errors.add(AxiCause::kAborted, tensor_);
    out_.close(front_);
  }
  tell(kNever);
  const cycle_t end = std::max(std::max(front_, empty_), out_.gone_at()) + kDrainCycles;
  system::AxiCounters& counters = registers.counters;
  counters[system::kCountCycles] = end;
  counters[system::kCountBeatsRead] = words_.n_beats_read();
  const std::uint64_t told = counters[system::kCountBeats] + counters[system::kCountSymbolWords] +
                             counters[system::kCountConsumer];
  counters[system::kCountIdle] = end - std::min(end, told);
  return end;
}

void WideDecoder::decode_all() {
  const system::AxiRegisters& r = *registers_;
  const std::uint64_t first = r.descriptors / 64 * 16;
  const AxiCause cause =
      r.n_descriptors > r.limits.max_descriptors
          ? AxiCause::kLimit
          : system::read_cause(parameters_.axi, r.limits, first, r.section_words);
  if (cause != AxiCause::kNone) {
    registers_->errors.add(cause, 0);
    return;
  }
  if (r.section_words != 0) words_.start(first, r.section_words, front_);
  ++front_;
  while (take_header()) {
    if (header_.raw()) {
      decode_raw();
    } else {
      take_counts();
      take_rows();
      table_.good ? decode_lanes() : skip_bad_table();
    }
    ++tensor_;
    platform_.reached(front_);
  }
}

///////////////////////////////////////////////////////////////////////////////////////////////
// The front

/// What ended badly is told, up to a cycle.
void WideDecoder::tell(cycle_t before) {
  if (words_.fails_at() < before) registers_->errors.add(AxiCause::kRead, tensor_);
  if (!verdict_ || verdict_->told >= before) return;
  if (verdict_->status != Status::kOk) {
    registers_->errors.bad_stream(verdict_->tensor, verdict_->lane, verdict_->status);
  }
  verdict_.reset();
}

/// All that is left of the section is read.
void WideDecoder::discard(AxiCause cause, cycle_t cycle) {
  tell(cycle);
  registers_->errors.add(cause, tensor_);
  skip(words_.left(), cycle);
}

/// False if the run is at its end.
bool WideDecoder::take_header() {
  if (tensor_ == registers_->n_descriptors && words_.left() == 0) return false;
  if (tensor_ == registers_->n_descriptors || words_.left() < kHeaderHalves) {
    discard(AxiCause::kDescriptor, std::max(front_, words_.there(words_.left())));
    return false;
  }
  front_ = std::max(front_, words_.there(kHeaderHalves));
  std::array<std::uint32_t, kWideHeaderWords> record{};
  for (unsigned i = 0; i < kWideHeaderWords; ++i) {
    record[i] = words_.half(2 * i) | std::uint32_t{words_.half(2 * i + 1)} << 16;
  }
  words_.take(kHeaderHalves, front_);
  header_ = to_wide_header(record);
  table_ = {};
  if (const AxiCause cause = judge(); cause != AxiCause::kNone) {
    discard(cause, front_ + kJudgeCycles);
    return false;
  }
  values_left_ -= header_.n_values;
  registers_->counters[system::kCountValues] += header_.n_values;
  ++front_;
  return true;
}

AxiCause WideDecoder::judge() const {
  if (why_bad_header(header_, parameters_.limits()) != nullptr ||
      2 * (header_.n_words() - kWideHeaderWords) > words_.left()) {
    return AxiCause::kDescriptor;
  }
  return header_.n_values > values_left_ ? AxiCause::kLimit : AxiCause::kNone;
}

void WideDecoder::take_counts() {
  front_ = std::max(front_, built_);
  for (unsigned row = 0; row < kMaxApackRows; row += kCountsAtOnce, ++front_) {
    if (row >= header_.room()) continue;
    front_ = std::max(front_, words_.there(kCountsAtOnce));
    for (unsigned i = 0; i < kCountsAtOnce; ++i) table_.cum[row + i] = words_.half(i);
    words_.take(kCountsAtOnce, front_);
  }
}

void WideDecoder::take_rows() {
  const cycle_t counts_end = front_ - 1;
  const unsigned in_half = header_.value_bits <= 8 ? 2 : 1;
  unsigned row = 0;
  do {
    const unsigned n = header_.plain ? 0 : std::min(4 * in_half, header_.room() - row);
    front_ = std::max(front_, words_.there(n / in_half));
    for (unsigned i = 0; i < n; ++i, ++row) {
      const unsigned half = words_.half(i / in_half);
      table_.vmin[row] = static_cast<value_t>(in_half == 2 ? half >> i % 2 * 8 & 0xff : half);
    }
    words_.take(n / in_half, front_);
    ++front_;
  } while (!header_.plain && row != header_.room());
  table_.derive(header_);
  if (!header_.tans()) return;
  const unsigned groups = std::max(1u, (1u << header_.table_log) / kWideBuildEntries);
  built_ = std::max(counts_end + 2, step_ + 1) + groups;
}

void WideDecoder::decode_raw() {
  const unsigned bits = header_.raw_bits();
  const unsigned most = std::min(parameters_.n_lanes(), 16 * parameters_.halves / bits);
  std::vector<value_t>& values = out_.buffer();
  // Of a tensor before the last beat has left.
  cycle_t cycle = std::max(front_, step_ + 1);
  for (std::uint32_t left = header_.n_values, n = 0;; left -= n) {
    n = std::min(most, left);
    const std::uint64_t n_halves = (std::uint64_t{n} * bits + 15) / 16;
    cycle = std::max(cycle + 1, words_.there(n_halves));
    for (unsigned i = 0; i < n; ++i) {
      const unsigned at = i * bits;
      values.push_back(static_cast<value_t>(words_.half(at / 16) >> at % 16 & ((1u << bits) - 1)));
    }
    ++registers_->counters[system::kCountBeats];
    ++registers_->counters[system::kCountBeatsOut];
    const cycle_t pushed = out_.push(cycle, left == n);
    registers_->counters[system::kCountConsumer] += pushed - cycle;
    cycle = step_ = pushed;
    words_.take(n_halves, cycle);
    if (left == n) break;
  }
  empty_ = std::max(empty_, cycle);
  front_ = cycle + 1;
  if (header_.n_halves % 2 == 0) return;
  if (take_padding() == 0) return;
  tell(front_);
  registers_->errors.bad_stream(tensor_, system::kNoStream, Status::kTrailing);
}

std::uint16_t WideDecoder::take_padding() {
  front_ = std::max(front_, words_.there(1));
  const std::uint16_t half = words_.half(0);
  words_.take(1, front_++);
  return half;
}

/// So many halfwords are read and thrown away, after that cycle.
void WideDecoder::skip(std::uint64_t n_halves, cycle_t cycle) {
  while (n_halves != 0) {
    const auto n = std::min<std::uint64_t>(n_halves, parameters_.halves);
    cycle = std::max(cycle + 1, words_.there(n));
    words_.take(n, cycle);
    n_halves -= n;
  }
  front_ = cycle + 1;
}

void WideDecoder::skip_bad_table() {
  registers_->counters[system::kCountValues] -= header_.n_values;
  front_ = std::max(front_, empty_);
  tell(front_ + 1);
  registers_->errors.bad_stream(tensor_, system::kNoStream, Status::kBadTable);
  ++registers_->counters[system::kCountBeats];
  ++registers_->counters[system::kCountBeatsOut];
  front_ = step_ = out_.push(front_, true);
  skip(header_.n_halves + std::uint64_t{header_.n_halves % 2}, front_);
}

/// The last round's values, a cycle behind its step; the lanes go on when they have room.
void WideDecoder::end_round(bool last) {
  const cycle_t pushed = out_.push(step_ + 1, last);
  registers_->counters[system::kCountConsumer] += pushed - (step_ + 1);
  step_ = pushed - 1;
}

///////////////////////////////////////////////////////////////////////////////////////////////
// The lanes

void WideDecoder::make_slots() {
  slots_.clear();
  std::vector<std::uint32_t> freq;
  for (unsigned row = 0; row < header_.n_rows; ++row) freq.push_back(table_.freq(row, header_));
  if (header_.tans()) {
    for (const std::uint32_t word : make_decode_table(freq, header_.table_log, Spread::kStep)) {
      const Entry e = to_entry(word);
      slots_.push_back({static_cast<std::uint16_t>(e.base), e.nbits, e.symbol});
    }
    return;
  }
  for (unsigned row = 0; row < header_.n_rows; ++row) {
    for (std::uint32_t bias = 0; bias < freq[row]; ++bias) {
      slots_.push_back({static_cast<std::uint16_t>(freq[row]), static_cast<std::uint16_t>(bias),
                        static_cast<std::uint8_t>(row)});
    }
  }
}

void WideDecoder::decode_lanes() {
  make_slots();
  ungiven_ = header_.n_halves;
  truncated_ = false;
  pass_ = 0;
  round_ = 0;
  // Taken once there is no step to come. Passes are asked for from the next cycle on, and given
  // then.
  step_ = std::max(front_, step_ + 1) + 1;
  front_ = step_ + 1;
  walk_interleaved(header_, table_, *this);
  for (auto& wishes : wishes_) wishes.clear();
  const cycle_t ended = step_ + 1;
  end_round(true);
  const bool over = end_payload(ended);
  end_lanes(over);
}

/// What no lane wished for, and padding; whether any of it is more than padding.
bool WideDecoder::end_payload(cycle_t ended) {
  const bool odd = header_.n_halves % 2 != 0;
  if (ungiven_ != 0) {
    skip(ungiven_ + odd, ended);
    return true;
  }
  return odd && take_padding() != 0;
}

/// All lanes at once: those that the tensor did not use are zero.
void WideDecoder::end_lanes(bool over) {
  tell(kNever);
  Verdict& v = verdict_.emplace(Verdict{.told = step_ + kToldCycles, .tensor = tensor_});
  const auto lowest = [&](Status status, auto is_bad) {
    const auto bad = std::find_if(lanes_.begin(), lanes_.end(), is_bad);
    if (v.status != Status::kOk || bad == lanes_.end()) return;
    v.status = status;
    v.lane = static_cast<std::uint32_t>(bad - lanes_.begin());
  };
  if (truncated_) v.status = Status::kTruncated;
  lowest(Status::kBadState, [](const Lane& l) { return l.t != 0 || l.beside; });
  lowest(Status::kTrailing, [](const Lane& l) { return (l.symbols.bits | l.offsets.bits) != 0; });
  if (v.status == Status::kOk && over) v.status = Status::kTrailing;
  std::fill_n(lanes_.begin(), header_.n_streams, Lane{});
  empty_ = v.told + 1;
}

/// Wishes of a pass come before any step; those of a round are given two steps later.
void WideDecoder::wish(std::uint32_t lane, Wish::What what) {
  if (pass_ > table_.passes()) return wishes_[(round_ - 1) % kWishes].push_back({lane, what});
  std::vector<Wish>& wishes = wishes_[0];
  wishes.push_back({lane, what});
  const unsigned of_a_lane =
      pass_ == 0 ? 1 : (pass_ <= table_.symbol_passes) + (pass_ <= table_.offset_passes);
  const std::uint32_t n_active = std::min(header_.n_streams, header_.n_values);
  if (wishes.size() != std::size_t{of_a_lane} * n_active) return;
  step_ = give(wishes, step_ + 1);
  if (++pass_ > table_.passes()) step_ = std::max(step_, built_);
}

/// Block by block; those beyond the payload, which are zero, at once. Returns when the last one is.
cycle_t WideDecoder::give(std::vector<Wish>& wishes, cycle_t cycle) {
  for (std::size_t at = 0; at < wishes.size();) {
    const std::size_t n = std::min<std::size_t>(wishes.size() - at, parameters_.halves);
    const auto there = std::min<std::uint64_t>(n, ungiven_);
    const cycle_t given = std::max(cycle, words_.there(there));
    registers_->counters[system::kCountSymbolWords] += given - cycle;
    for (std::size_t i = 0; i < n; ++i) put(wishes[at + i], i < there ? words_.half(i) : 0u);
    words_.take(there, given);
    ungiven_ -= there;
    truncated_ = truncated_ || there < n;
    if (there != 0 && ungiven_ == 0) front_ = given + 1;
    at += n;
    cycle = at == wishes.size() ? given : given + 1;
  }
  wishes.clear();
  return cycle;
}

void WideDecoder::put(const Wish& wish, std::uint32_t half) {
  Lane& lane = lanes_[wish.lane];
  if (wish.what == Wish::What::kState) {
    lane.t = half >> header_.state_shift() & low_bits(header_.state_bits());
    lane.beside = half != lane.t << header_.state_shift();
    return;
  }
  Buffer& buffer = wish.what == Wish::What::kSymbols ? lane.symbols : lane.offsets;
  buffer.bits |= std::uint64_t{half} << buffer.n;
  buffer.n += 16;
}

void WideDecoder::begin_round() {
  if (round_ != 0) end_round(false);
  if (round_ == 0) {
    ++step_;
  } else {
    step_ = give(wishes_[(round_ + kWishes - 2) % kWishes], step_ + 1);
  }
  ++round_;
  ++registers_->counters[system::kCountBeats];
  ++registers_->counters[system::kCountBeatsOut];
}

/// A value of a lane.
std::pair<unsigned, unsigned> WideDecoder::step(std::uint32_t s) {
  if (s == 0) begin_round();
  Lane& lane = lanes_[s];
  const unsigned R = header_.table_log;
  const Slot& slot = slots_[lane.t & low_bits(R)];
  const std::uint32_t y = slot.freq * ((lane.t >> R) + (1u << kNransBlockLog)) + slot.bias;
  const unsigned k = header_.tans()
                         ? slot.bias
                         : header_.state_bits() + 1 - static_cast<unsigned>(std::bit_width(y));
  const auto low = static_cast<std::uint32_t>(lane.symbols.take(k));
  lane.t = ((header_.tans() ? slot.freq : y << k) | low) & low_bits(header_.state_bits());
  const unsigned nbits = table_.offset_bits[slot.row];
  const auto offset = static_cast<std::uint32_t>(lane.offsets.take(nbits));
  out_.buffer().push_back(
      static_cast<value_t>((table_.vmin[slot.row] + offset) & low_bits(parameters_.max_offset)));
  return {k, nbits};
}

}  // namespace transom::lt
