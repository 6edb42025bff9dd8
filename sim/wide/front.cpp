// front.cpp — rtl/wide/wide_front.sv in C++: a clock of it.
// SPDX-License-Identifier: Apache-2.0
#include "transom/wide/front.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace transom::wide {
namespace {

std::uint32_t word_at(const std::uint16_t* halves, unsigned word) {
  return halves[2 * word] | std::uint32_t{halves[2 * word + 1]} << 16;
}

}  // namespace

/// Whether n halfwords are there, which are then taken.
bool Front::take(const Inputs& in, unsigned n, Outputs& out) const {
  out.waits_words = in.fill < n;
  if (!out.waits_words) out.taken = n;
  return !out.waits_words;
}

void Front::ask(const Inputs& in, Outputs& out) {
  out.cause =
      n_tensors_ > in.limits->max_descriptors
          ? AxiCause::kLimit
          : system::read_cause(parameters_->axi, *in.limits, in.descriptors / 64 * 16, in.n_words);
  if (out.cause != AxiCause::kNone) {
    state_ = State::kDrain;
  } else if (in.n_words == 0 || in.fetch_ready) {
    out.fetches = in.n_words != 0;
    state_ = State::kHeader;
  }
}

void Front::take_header(const Inputs& in, Outputs& out) {
  constexpr unsigned kHalves = 2 * kWideHeaderWords;
  const bool none = tensor_ == n_tensors_;
  if (none && in.untaken == 0) {
    state_ = State::kDrain;
    return;
  }
  if (none || (in.loaded && in.fill < kHalves)) return discard(AxiCause::kDescriptor, out);
  if (!take(in, kHalves, out)) return;
  const std::array words{word_at(in.halves, 0), word_at(in.halves, 1), word_at(in.halves, 2)};
  header_ = to_wide_header(words);
  row_ = 0;
  table_ = {};
  left_ = header_.n_halves;
  values_ = header_.n_values;
  checks_ = true;
  state_ = header_.raw() ? State::kRaw : State::kCums;
}

/// Beside what the next state does; told a clock later. Behind it nothing can be missing.
AxiCause Front::judge(std::uint64_t untaken) {
  if (why_bad_header(header_, parameters_->limits()) != nullptr ||
      2 * (header_.n_words() - kWideHeaderWords) > untaken) {
    return AxiCause::kDescriptor;
  }
  if (header_.n_values > values_left_) return AxiCause::kLimit;
  values_left_ -= header_.n_values;
  return AxiCause::kNone;
}

/// Four counts a clock, for all rows that there can be, once nothing is built of those before.
void Front::take_counts(const Inputs& in, Outputs& out) {
  if (!built()) return;
  const bool there = row_ < header_.room();
  if (!take(in, there ? 4 : 0, out)) return;
  if (there) std::copy_n(in.halves, 4, table_.cum.begin() + row_);
  row_ += 4;
  if (row_ != kMaxApackRows) return;
  row_ = 0;
  state_ = State::kVmins;
}

/// The rows' smallest values: four halfwords a clock, or none where rows are values.
void Front::take_rows(const Inputs& in, Outputs& out) {
  const unsigned in_half = header_.value_bits <= 8 ? 2 : 1;
  const unsigned n = header_.plain ? 0 : std::min(4 * in_half, header_.room() - row_);
  if (!take(in, n / in_half, out)) return;
  for (unsigned i = 0; i < n; ++i, ++row_) {
    const unsigned half = in.halves[i / in_half];
    table_.vmin[row_] = static_cast<value_t>(in_half == 2 ? half >> i % 2 * 8 & 0xff : half);
  }
  if (!header_.plain && row_ != header_.room()) return;
  table_.derive(header_);
  state_ = State::kWait;
}

/// The values of a raw tensor, as many as a beat or the window holds.
void Front::push_raw(const Inputs& in, Outputs& out, OutBeat& beat) {
  if (!in.core_empty) return;
  const unsigned bits = header_.raw_bits();
  const unsigned most = std::min(parameters_->n_lanes(), 16 * parameters_->halves / bits);
  const auto n = std::min<std::uint32_t>(most, values_);
  const unsigned n_halves = (n * bits + 15) / 16;
  out.waits_words = in.fill < n_halves;
  out.waits_room = !out.waits_words && !in.room;
  if (out.waits_words || out.waits_room) return;
  out.taken = n_halves;
  for (unsigned i = 0; i < n; ++i) {
    const unsigned at = i * bits;
    beat.values[i] = static_cast<value_t>(in.halves[at / 16] >> at % 16 & ((1u << bits) - 1));
  }
  values_ -= n;
  beat.n = n;
  beat.last = values_ == 0;
  out.pushes = true;
  if (beat.last) end_payload();
}

Front::Outputs Front::step(const Inputs& in, OutBeat& beat) {
  Outputs out;
  const bool at_counts = state_ == State::kCums;
  const unsigned shown = std::min(in.fill, parameters_->halves);
  if (in.told) over_ = false;
  const bool checks = std::exchange(checks_, false);
  const AxiCause cause = std::exchange(judged_, checks ? judge(in.untaken) : AxiCause::kNone);
  out.parses = (state_ >= State::kHeader && state_ <= State::kVmins) || state_ == State::kPad ||
               state_ == State::kSkip || state_ == State::kDiscard ||
               (state_ == State::kRaw && checks);
  switch (state_) {
    case State::kIdle:
      tensor_ = 0;
      n_tensors_ = in.n_tensors;
      values_left_ = in.limits->max_values;
      if (in.start) state_ = State::kAsk;
      break;
    case State::kAsk:
      ask(in, out);
      break;
    case State::kHeader:
      take_header(in, out);
      break;
    case State::kCums:
      take_counts(in, out);
      break;
    case State::kVmins:
      take_rows(in, out);
      break;
    case State::kWait:
      if (table_.good) {
        out.starts_core = in.core_ready && in.go;
        if (out.starts_core) state_ = State::kPayload;
      } else if (in.core_idle) {
        out.waits_room = !in.room;
        if (!in.room) break;
        out.pushes = true;
        out.status = Status::kBadTable;
        beat.n = 0;
        beat.last = true;
        left_ += left_ % 2;
        state_ = State::kSkip;
      }
      break;
    case State::kPayload:
      left_ -= in.given;
      if (left_ == 0) {
        end_payload();
      } else if (in.core_ready) {
        over_ = true;
        left_ += header_.n_halves % 2;
        state_ = State::kSkip;
      }
      break;
    case State::kPad:
      if (!take(in, 1, out)) break;
      if (in.halves[0] != 0 && header_.raw()) {
        out.status = Status::kTrailing;
      } else if (in.halves[0] != 0) {
        over_ = true;
      }
      next_tensor();
      break;
    case State::kSkip:
      out.taken = static_cast<unsigned>(std::min<std::uint64_t>(shown, left_));
      out.waits_words = in.fill == 0 && in.untaken != 0;
      left_ -= out.taken;
      if (left_ == 0) next_tensor();
      break;
    case State::kRaw:
      if (!checks && cause == AxiCause::kNone) push_raw(in, out, beat);
      break;
    case State::kDiscard:
      out.taken = shown;
      out.waits_words = in.fill == 0 && in.untaken != 0;
      if (in.untaken == 0) state_ = State::kDrain;
      break;
    case State::kDrain:
      if (in.drained) state_ = State::kIdle;
      break;
  }
  builder_.edge(header_.tans() && at_counts && state_ != State::kCums, 1u << header_.table_log,
                in.core_ready);
  if (cause != AxiCause::kNone) discard(cause, out);
  return out;
}

}  // namespace transom::wide
