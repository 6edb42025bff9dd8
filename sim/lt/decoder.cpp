// decoder.cpp — decoder_axi, loosely timed: values, status and errors exact, cycles estimated.
// SPDX-License-Identifier: Apache-2.0
#include "transom/lt/decoder.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace transom::lt {
namespace {

// Cycles of the hardware's pipelines, from rtl/AXI.md: where they are not hidden behind values.
constexpr cycle_t kBankCycles = 3;            // the last value to a bank that may be loaded
constexpr cycle_t kEndCycles = 2;             // the last beat of values to the end of the run
constexpr std::uint32_t kStrangeRounds = 32;  // rounds of a step before the consumer is known
constexpr std::size_t kValuesAtOnce = 2048;   // values of a step, and of a write

}  // namespace

Decoder::Decoder(const system::AxiParameters& parameters, Platform& platform)
    : parameters_((system::check_parameters(parameters), parameters)),
      platform_(platform),
      fetch_(parameters_, platform),
      streams_(make_lt_streams(parameters.shape.unit,
                               std::size_t{2} * (parameters.fifo_beats + parameters.max_burst) *
                                   parameters.beat_words())),
      loader_(parameters_, fetch_, channels_),
      out_(parameters_, platform),
      attention_(2 * std::size_t{parameters.n_streams()}, kNever),
      n_values_(parameters.n_streams()),
      left_(parameters.n_streams()) {
  for (std::size_t c = 0; c < attention_.size(); ++c) {
    channels_.emplace_back(parameters_, streams_->reader(c));
  }
  const std::size_t rounds = kValuesAtOnce / parameters.n_streams();
  step_ = std::max(static_cast<std::uint32_t>(rounds), kLeastRounds) & ~1u;
}

cycle_t Decoder::run(system::AxiRegisters& registers) {
  registers_ = &registers;
  registers.errors = {};
  registers.counters = {};
  fetch_.restart();
  for (Channel& c : channels_) c.restart();
  events_.clear();
  n_passed_ = 0;
  is_draining_ = false;
  std::fill(left_.begin(), left_.end(), 0u);
  out_.restart();
  now_ = 0;
  loader_.restart(registers);
  try {
    decode_all();
  } catch (const Aborted&) {
    registers.errors.add(AxiCause::kAborted, loader_.index());
    out_.close(now_);
  }
  const cycle_t end = std::max(std::max(now_, out_.gone_at()) + kEndCycles, loader_.done_at());
  system::AxiCounters& counters = registers.counters;
  counters[system::kCountCycles] = end;
  counters[system::kCountBeatsRead] = fetch_.n_beats();
  const std::uint64_t busy =
      std::accumulate(&counters[system::kCountFill], &counters[system::kCountTurn] + 1,
                      counters[system::kCountBeats]);
  const std::uint64_t all = end * parameters_.n_streams();
  counters[system::kCountIdle] = all > busy ? all - busy : 0;
  return end;
}

void Decoder::decode_all() {
  while (true) {
    while (!loader_.is_loaded() && !loader_.is_done()) next_event();
    if (!loader_.is_loaded()) return;
    const Tensor tensor = loader_.take();
    if (tensor.records.empty()) {
      ++registers_->counters[system::kCountBeatsOut];  // as of every tensor without values
      now_ = std::max(now_, tensor.loaded_at);
      send(0, true);
    } else {
      decode(tensor);
      loader_.open_bank(now_ + kBankCycles);
    }
    platform_.reached(now_);
  }
}

///////////////////////////////////////////////////////////////////////////////////////////////
// Values

void Decoder::decode(const Tensor& tensor) {
  begin_streams(tensor);
  for (std::uint32_t n = find_active(); n != 0; n = find_active()) {
    while (n != 0) {
      const std::uint32_t most = out_.is_strange() ? std::min(step_, kStrangeRounds) : step_;
      const std::uint32_t now = with_words(std::min(n, most));
      rounds(now);
      n -= now;
    }
  }
  send(out_.buffer().size(), true);
  drain(tensor);
  end_streams(tensor);
}

std::uint32_t Decoder::find_active() {
  active_.clear();
  std::uint32_t n = UINT32_MAX;
  for (std::uint32_t s = 0; s < left_.size(); ++s) {
    if (left_[s] == 0) continue;
    active_.push_back(s);
    n = std::min(n, left_[s]);
  }
  if (active_.empty()) return 0;
  // A pair is not torn: where one stream has an odd value left, that is a round of its own.
  if (values_per_beat(parameters_.shape.unit.kind) == 2 && n > 1) n &= ~1u;
  return n;
}

cycle_t Decoder::cycles_of(std::uint32_t n_rounds) const {
  const unit::UnitShape& unit = parameters_.shape.unit;
  return cycle_t{(n_rounds + values_per_beat(unit.kind) - 1) / values_per_beat(unit.kind)} *
         streams_per_lane(unit.kind);
}

void Decoder::rounds(std::uint32_t n) {
  if (out_.n_waiting() >= (out_.is_slow() ? 1 : kValuesAtOnce / 2)) {
    send(out_.buffer().size(), false);
  }
  if (out_.n_waiting() == 0) out_.next_leaves(now_);
  platform_.reached(std::min(now_, out_.since()));  // before values that are still to be sent
  const std::size_t before = out_.buffer().size();
  decode_values(n);
  pass(n, before);
}

void Decoder::decode_values(std::uint32_t n) {
  std::vector<value_t>& values = out_.buffer();
  const std::size_t at = values.size();
  const std::size_t stride = active_.size();
  if (n == 1 && values_per_beat(parameters_.shape.unit.kind) == 2) return decode_last_pairs();
  values.resize(at + n * stride);
  for (std::size_t i = 0; i < stride; ++i) {
    streams_->decode(active_[i], n, &values[at + i], stride);
    left_[active_[i]] -= n;
  }
}

void Decoder::decode_last_pairs() {
  std::vector<value_t>& values = out_.buffer();
  std::vector<value_t> second;
  for (const std::uint32_t s : active_) {
    std::array<value_t, 2> pair{};
    const std::uint32_t n = std::min(left_[s], 2u);
    streams_->decode(s, n, pair.data(), 1);
    values.push_back(pair[0]);
    if (n == 2) second.push_back(pair[1]);
    left_[s] -= n;
  }
  values.insert(values.end(), second.begin(), second.end());
}

void Decoder::send(std::size_t end, bool last) {
  const cycle_t goes_on = out_.send(end, last, now_);
  registers_->counters[system::kCountConsumer] += (goes_on - now_) * active_.size();
  now_ = goes_on;
}

void Decoder::end_streams(const Tensor& tensor) {
  system::AxiCounters& counters = registers_->counters;
  const unit::UnitShape& unit = parameters_.shape.unit;
  const auto n_streams = static_cast<std::uint32_t>(tensor.records.size());
  std::vector<std::uint32_t> by_end(n_streams);
  std::iota(by_end.begin(), by_end.end(), 0u);
  std::stable_sort(by_end.begin(), by_end.end(),
                   [&](auto a, auto b) { return n_values_[a] < n_values_[b]; });
  for (const std::uint32_t s : by_end) {
    const Status status = streams_->end(s, n_values_[s]);
    if (status != Status::kOk) registers_->errors.bad_stream(tensor.index, s, status);
    counters[system::kCountValues] += n_values_[s];
    counters[system::kCountBeats] +=
        (n_values_[s] + values_per_beat(unit.kind) - 1) / values_per_beat(unit.kind);
  }
  if (streams_per_lane(unit.kind) == 2) {
    counters[system::kCountTurn] +=
        std::accumulate(n_values_.begin(), n_values_.begin() + n_streams, std::uint64_t{0});
  }
  // Beats alternate between the halves of the streams; each has one for its longest stream.
  std::uint64_t beats = 0;
  for (std::uint32_t half = 0; half < n_streams; half += unit.n_lanes) {
    const auto first = n_values_.begin() + half;
    const std::uint32_t most =
        *std::max_element(first, n_values_.begin() + std::min(n_streams, half + unit.n_lanes));
    beats += (most + values_per_beat(unit.kind) - 1) / values_per_beat(unit.kind);
  }
  counters[system::kCountBeatsOut] += std::max<std::uint64_t>(beats, 1);
}

}  // namespace transom::lt
