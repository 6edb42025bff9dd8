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
  state_ = State::kCheck;
}

void Front::check() {
  group_ = 0;
  table_ = {};
  left_ = header_.n_halves;
  values_ = header_.n_values;
  judges_ = true;
  state_ = header_.raw() ? State::kRaw : State::kCums;
}

/// A clock after check(), beside what the next state does. Behind it nothing can be missing.
AxiCause Front::judge(std::uint64_t untaken) {
  if (why_bad_header(header_, parameters_->limits()) != nullptr ||
      2 * (header_.n_words() - kWideHeaderWords) > untaken) {
    return AxiCause::kDescriptor;
  }
  if (header_.n_values > values_left_) return AxiCause::kLimit;
  values_left_ -= header_.n_values;
  return AxiCause::kNone;
}

/// Four rows a clock: counts, for all rows that there can be; then smallest values.
void Front::take_table(const Inputs& in, Outputs& out) {
  const bool counts = state_ == State::kCums;
  const bool bytes = !counts && header_.value_bits <= 8;
  const bool there = 4 * group_ < header_.room();
  if (!take(in, !there ? 0 : bytes ? 2 : 4, out)) return;
  for (unsigned i = 0; there && i < 4; ++i) {
    const unsigned row = 4 * group_ + i;
    if (counts) {
      table_.cum[row] = in.halves[i];
    } else {
      const unsigned half = in.halves[bytes ? i / 2 : i];
      table_.vmin[row] = static_cast<value_t>(bytes ? half >> i % 2 * 8 & 0xff : half);
    }
  }
  if (4 * ++group_ != (counts ? kMaxApackRows : header_.room())) return;
  group_ = 0;
  state_ = counts && !header_.plain ? State::kVmins : State::kVerdict;
}

/// The values of a raw tensor, as many as a beat or the window holds.
void Front::push_raw(const Inputs& in, Outputs& out, OutBeat& beat) {
  if (!in.core_idle) return;
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
  const unsigned shown = std::min(in.fill, parameters_->halves);
  if (in.told) over_ = false;
  const bool judges = std::exchange(judges_, false);
  out.parses = (state_ >= State::kHeader && state_ <= State::kVerdict) || state_ == State::kPad ||
               state_ == State::kSkip || state_ == State::kDiscard;
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
    case State::kCheck:
      check();
      break;
    case State::kCums:
    case State::kVmins:
      take_table(in, out);
      break;
    case State::kVerdict:
      table_.derive(header_);
      state_ = State::kWait;
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
      if (!judges) push_raw(in, out, beat);
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
  if (!judges) return out;
  if (const AxiCause cause = judge(in.untaken); cause != AxiCause::kNone) discard(cause, out);
  return out;
}

}  // namespace transom::wide
