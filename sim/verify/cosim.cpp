// cosim.cpp — see cosim.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verify/cosim.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "transom/base/stream.hpp"
#include "transom/verify/diagnose.hpp"

namespace transom::verify {

namespace {

std::unique_ptr<const Task> checked(Task task) {
  check_task(task);
  return std::make_unique<const Task>(std::move(task));
}

}  // namespace

Cosim::Cosim(Task task)
    : task_(checked(std::move(task))),
      rows_(kMaxAlphabet),
      kind_(task_->table.kind),
      per_step_(symbols_per_step(kind_)),
      lanes_(task_->streams.size()) {
  std::transform(task_->rows.begin(), task_->rows.end(), rows_.begin(),
                 [](const Row& row) { return to_word(row); });
  restart();
}

Cosim::Cosim(const CodedTensor& tensor) : Cosim(make_task(tensor)) {}

const Cosim::Lane& Cosim::lane_of(unsigned lane) const {
  if (lane >= lanes_.size()) {
    refuse("Cosim", "lane", lane,
           "must be below the " + std::to_string(lanes_.size()) + " streams of the tensor");
  }
  return lanes_[lane];
}
Cosim::Lane& Cosim::lane_of(unsigned lane) {
  return const_cast<Lane&>(std::as_const(*this).lane_of(lane));
}

void Cosim::restart() {
  for (unsigned l = 0; l < lanes_.size(); ++l) restart(l);
}

void Cosim::restart(unsigned l) {
  Lane& lane = lane_of(l);
  const unit::JobStream& stream = task_->streams[l];
  const Table& table = task_->table;
  if (stream.n_values != 0) {
    const GoldenDecoder decoder = make_decoder(kind_, table.words.data(), table.table_log);
    lane.steps = GoldenSteps(decoder, stream.symbol_words);
    lane.values = lane.steps;
  }
  lane.offsets = BitReader(stream.offset_words);
  lane.n_steps = 0;
  lane.n_values = 0;
  lane.ended = false;
}

/// The first difference of a lane. What it tells from now on is kept.
bool Cosim::find(unsigned l, Lane& lane, const Difference& difference) {
  lane.finding = std::make_unique<Finding>();
  Finding& finding = *lane.finding;
  finding.difference = difference;
  finding.difference.lane = l;
  finding.difference.cycle = cycle_;
  finding.first_step = lane.n_steps;
  finding.first_value = lane.n_values;
  finding.steps.reserve(kWindow);
  finding.values.reserve(kWindow);
  if (!first_lane_) first_lane_ = l;
  return false;
}

bool Cosim::count_differs(unsigned l, Lane& lane, std::uint64_t want, std::uint64_t got) {
  Difference d;
  d.what = What::kCount;
  d.index = std::min(want, got);
  d.want = want;
  d.got = got;
  return find(l, lane, d);
}

bool Cosim::step(unsigned l, const ToldStep& told, unsigned shown) {
  Lane& lane = lane_of(l);
  if (lane.finding) {
    if (lane.finding->steps.size() < kWindow) lane.finding->steps.push_back(told);
    return false;
  }
  lane.shown = shown;
  const std::uint32_t n = n_steps(kind_, task_->streams[l].n_values);
  if (lane.n_steps == n || lane.ended) return count_differs(l, lane, n, std::uint64_t{n} + 1);
  const GoldenStep want = lane.steps.step();
  ++n_compared_;
  const std::uint64_t position = lane.steps.within(want.position + want.take);
  Difference d;
  d.index = lane.n_steps;
  if (told.symbol != want.symbol) {
    d.what = What::kSymbol;
    d.want = want.symbol;
    d.got = told.symbol;
  } else if ((shown & kState) != 0 && told.state != want.state) {
    d.what = What::kState;
    d.want = want.state;
    d.got = told.state;
  } else if ((shown & kPosition) != 0 && lane.steps.within(told.position) != position) {
    d.what = What::kPosition;
    d.want = position;
    d.got = told.position;
  } else {
    ++lane.n_steps;
    return true;
  }
  find(l, lane, d);
  if ((shown & kState) != 0) lane.finding->difference.got_state = told.state;
  lane.finding->steps.push_back(told);
  return false;
}

bool Cosim::value(unsigned l, std::uint32_t got) {
  Lane& lane = lane_of(l);
  if (lane.finding) {
    if (lane.finding->values.size() < kWindow) lane.finding->values.push_back(got);
    return false;
  }
  const std::uint32_t n = task_->streams[l].n_values;
  if (lane.n_values == n || lane.ended) return count_differs(l, lane, n, std::uint64_t{n} + 1);
  const unsigned i = lane.n_values % per_step_;
  if (i == 0) lane.step = lane.values.step().symbol;
  const symbol_t symbol = symbol_of(kind_, lane.step, i);
  const value_t want = read_value(to_row(rows_[symbol]), lane.offsets);
  ++n_compared_;
  if (got == want) {
    ++lane.n_values;
    return true;
  }
  Difference d;
  d.what = What::kValue;
  d.index = lane.n_values;
  d.want = want;
  d.got = got;
  find(l, lane, d);
  lane.finding->values.push_back(got);
  return false;
}

Status Cosim::golden_status(unsigned l) const {
  lane_of(l);
  const unit::JobStream& stream = task_->streams[l];
  BitReader offsets(stream.offset_words);
  if (stream.n_values == 0) return stream_status(true, BitReader(stream.symbol_words), offsets);
  const Table& table = task_->table;
  GoldenSteps steps(make_decoder(kind_, table.words.data(), table.table_log), stream.symbol_words);
  symbol_t step = 0;
  for (std::uint32_t i = 0; i < stream.n_values; ++i) {
    if (i % per_step_ == 0) step = steps.step().symbol;
    read_value(to_row(rows_[symbol_of(kind_, step, i % per_step_)]), offsets);
  }
  return stream_status(steps.at_end(), steps.symbols(), offsets);
}

/// Whether all steps and values of the lane were told, of those that it tells.
bool Cosim::all_came(unsigned l, Lane& lane) {
  const std::uint32_t n = task_->streams[l].n_values;
  const std::uint32_t steps = n_steps(kind_, n);
  if (lane.n_values != n && (lane.n_values != 0 || lane.n_steps == 0)) {
    return count_differs(l, lane, n, lane.n_values);
  }
  if (lane.n_steps != steps && lane.n_steps != 0)
    return count_differs(l, lane, steps, lane.n_steps);
  return true;
}

bool Cosim::end_of(unsigned l, std::optional<bool> good, std::optional<Status> status) {
  Lane& lane = lane_of(l);
  if (lane.finding) return false;
  const bool again = std::exchange(lane.ended, true);
  if (again) return count_differs(l, lane, 1, 2);
  if (!all_came(l, lane)) return false;
  if (!good && !status) return true;
  const Status want = golden_status(l);
  if (status ? *status == want : *good == (want == Status::kOk)) return true;
  Difference d;
  d.what = What::kStatus;
  d.index = task_->streams[l].n_values;
  d.want = static_cast<std::uint64_t>(want);
  d.got = static_cast<std::uint64_t>(status.value_or(*good ? Status::kOk : Status::kBadState));
  return find(l, lane, d);
}

bool Cosim::end(unsigned lane) { return end_of(lane, std::nullopt, std::nullopt); }
bool Cosim::end(unsigned lane, bool good) { return end_of(lane, good, std::nullopt); }
bool Cosim::end(unsigned lane, Status status) {
  require_range("Cosim::end", "status", static_cast<unsigned>(status), 0,
                static_cast<unsigned>(Status::kBadChecksum));
  return end_of(lane, std::nullopt, status);
}

bool Cosim::finish() {
  for (unsigned l = 0; l < lanes_.size(); ++l) {
    if (!lanes_[l].finding && !lanes_[l].ended) all_came(l, lanes_[l]);
  }
  return ok();
}

std::optional<Difference> Cosim::first() const {
  return first_lane_ ? first(*first_lane_) : std::nullopt;
}

std::optional<Difference> Cosim::first(unsigned l) const {
  const Lane& lane = lane_of(l);
  if (!lane.finding) return std::nullopt;
  const Finding& finding = *lane.finding;
  Evidence evidence;
  evidence.task = task_.get();
  evidence.lane = l;
  evidence.steps_told = finding.first_step != 0 || !finding.steps.empty();
  evidence.states_told = evidence.steps_told && (lane.shown & kState) != 0;
  evidence.positions_told = evidence.steps_told && (lane.shown & kPosition) != 0;
  evidence.values_told = finding.first_value != 0 || !finding.values.empty();
  evidence.ended = lane.ended;
  evidence.first_step = finding.first_step;
  evidence.first_value = finding.first_value;
  evidence.steps = finding.steps;
  evidence.values = finding.values;
  return explain(evidence, finding.difference);
}

}  // namespace transom::verify
