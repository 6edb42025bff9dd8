// model.cpp — rtl/decoder_wide.sv in C++, a clock at a time.
// SPDX-License-Identifier: Apache-2.0
#include "transom/wide/model.hpp"

#include <algorithm>

namespace transom::wide {
namespace {

system::AxiCounter counter_of(WideStall did) {
  constexpr system::AxiCounter kCounters[] = {system::kCountBeats,       system::kCountConsumer,
                                              system::kCountOffsetWords, system::kCountSymbolWords,
                                              system::kCountFill,        system::kCountTurn,
                                              system::kCountIdle};
  return kCounters[static_cast<unsigned>(did)];
}

}  // namespace

Model::Model(const Parameters& parameters)
    : parameters_((check_parameters(parameters), parameters)),
      fetch_(parameters_.axi, 1),
      beats_(parameters.axi.fifo_beats),
      window_(parameters),
      front_(parameters_),
      core_(parameters_) {
  reset();
}

void Model::reset_run() {
  fetch_.reset();
  beats_.reset();
  window_.reset();
  front_ = Front(parameters_);
  core_ = Core(parameters_);
}

void Model::reset() {
  registers_ = {};
  registers_.contents.id = system::kWideId;
  registers_.contents.config = parameters_.axi.config();
  counters_ = {};
  settle_ = 0;
  abort_ = false;
  reset_run();
  fetch_.reset_bus();
  out_.reset();
}

void Model::outputs(system::AxiOutputs& out) const {
  registers_.drive(out);
  out.counters = registers_.contents.counters;
  out.rready = true;
  out.arvalid = fetch_.arvalid();
  out.araddr = fetch_.araddr();
  out.arlen = fetch_.arlen();
  out.tvalid = out_.valid();
  if (!out.tvalid) return;
  const OutBeat& beat = out_.front();
  out.tlast = beat.last;
  std::copy_n(beat.values.begin(), beat.n, out.values.begin());
  std::fill(out.values.begin() + beat.n, out.values.end(), value_t{0});
  std::fill_n(out.keep.begin(), beat.n, std::uint8_t{3});
  std::fill(out.keep.begin() + beat.n, out.keep.end(), std::uint8_t{0});
}

Model::Told Model::decode(bool start) {
  const system::AxiRegisters& contents = registers_.contents;
  const unsigned fill = window_.fill(), want = core_.want();
  // A block is given whole. Beyond H, and once the front has gone on, it is filled up with zeros.
  const auto of_tensor =
      front_.live() ? static_cast<unsigned>(std::min<std::uint64_t>(want, front_.left())) : 0;
  const bool gives = fill >= of_tensor;
  const unsigned taken = gives ? of_tensor : 0;
  const bool waits_room = core_.has_beat() && !out_.room();
  const bool go = gives && core_.last_block() && !waits_room;
  const bool core_idle = core_.idle(), fills = core_.fills(), more = !core_.last_block();
  const bool steps = go && core_.steps(), pops = go && core_.has_beat(), built = front_.built();

  Told told{.tensor = front_.tensor(), .over = front_.over(), .verdict = core_.verdict()};
  const bool drained = front_.state() == Front::State::kDrain && core_idle && !out_.valid() &&
                       window_.untaken() == 0 && fetch_.quiet();
  told.done = drained;
  const Front::Outputs front = front_.step({.start = start,
                                            .descriptors = contents.descriptors,
                                            .n_tensors = contents.n_descriptors,
                                            .n_words = contents.section_words,
                                            .limits = &contents.limits,
                                            .fetch_ready = fetch_.start_ready(),
                                            .halves = window_.halves(),
                                            .fill = fill,
                                            .untaken = window_.untaken(),
                                            .loaded = window_.loaded(),
                                            .given = taken,
                                            .go = go,
                                            .core_ready = core_.ready(),
                                            .core_empty = core_.empty(),
                                            .core_idle = core_idle,
                                            .room = out_.room(),
                                            .told = told.verdict.has_value(),
                                            .drained = drained},
                                           beat_);
  core_.step({.go = go,
              .given = gives ? want : 0,
              .n_halves = taken,
              .halves = window_.halves(),
              .built = built,
              .header = front.starts_core ? &front_.header() : nullptr,
              .table = &front_.table(),
              .tensor = told.tensor,
              .front_status = front.status},
             beat_);
  const bool loads = beats_.valid() && window_.loads();
  window_.edge(taken + front.taken, loads ? &beats_.beat() : nullptr);
  if (front.fetches) window_.start(2 * std::uint64_t{contents.section_words});

  told.loads = loads;
  told.pushes = pops || front.pushes;
  told.fetches = front.fetches;
  told.cause = front.cause;
  if (steps || front.pushes) {
    told.did = WideStall::kStep;
  } else if (waits_room || front.waits_room) {
    told.did = WideStall::kConsumer;
  } else if (gives && more) {
    told.did = WideStall::kRouter;
  } else if (!gives || front.waits_words) {
    told.did = WideStall::kWords;
  } else if (fills) {
    told.did = WideStall::kFill;
  } else if (front.parses) {
    told.did = WideStall::kParse;
  }
  return told;
}

/// In the order of rtl/decoder_wide.sv: the first of a clock has the place.
void Model::edge_errors(const Told& told, bool read_error, bool aborts) {
  system::AxiErrors& errors = registers_.contents.errors;
  if (read_error) errors.add(AxiCause::kRead, told.tensor);
  errors.add(told.cause, told.tensor);
  if (const auto& v = told.verdict; v && v->status != Status::kOk) {
    errors.bad_stream(v->tensor, v->lane, v->status);
  } else if (v && told.over) {
    errors.bad_stream(v->tensor, system::kNoStream, Status::kTrailing);
  }
  if (aborts) errors.add(AxiCause::kAborted, told.tensor);
}

void Model::edge(const system::AxiInputs& in, std::span<system::LaneStep> steps) {
  if (in.reset) {
    std::fill(steps.begin(), steps.end(), system::LaneStep{});
    return;
  }
  const bool start = registers_.start(), was_busy = front_.busy(), was_abort = abort_;
  const bool drained = fetch_.quiet() && !out_.valid() && !out_.open();  // after an abort
  const bool closes = was_abort && out_.open() && out_.room();
  const bool comes = fetch_.beat_valid();
  const bool read_error = comes && fetch_.beat_error();
  cycle::Beat beat;  // that leaves the fetch in this clock
  if (comes) beat = fetch_.beat();
  system::AxiCounters counts{};
  counts[system::kCountCycles] = 1;
  counts[system::kCountBeatsRead] = in.rvalid;
  counts[system::kCountBeatsOut] = out_.valid() && in.tready;

  const Told told = decode(start);
  if (!steps.empty()) {
    const auto now = core_.retired();
    auto old = std::copy(now.begin(), now.end(), steps.begin());
    for (; old != steps.end() && old->valid(); ++old) *old = {};  // those of the clock before
  }
  if (told.pushes) counts[system::kCountValues] = beat_.n;
  ++counts[counter_of(told.did)];
  if (closes) {
    beat_.n = 0;
    beat_.last = true;
  }
  const bool aborts = registers_.abort() && was_busy && !told.done;
  system::AxiRegisters& contents = registers_.contents;
  const cycle::FetchStart fetches{.valid = told.fetches,
                                  .n_words = contents.section_words,
                                  .word_address = contents.descriptors / 64 * 16};

  // Edges: whoever reads another's registers comes before it.
  registers_.edge(in, was_busy || was_abort || settle_ != 0, (settle_ & 4) != 0);
  counters_.edge(start, start || was_busy || was_abort, counts, contents.counters);
  if (start) {
    contents.errors = {};
  } else {
    edge_errors(told, read_error, aborts);
  }
  fetch_.edge(fetches, in);
  if (beats_.edge(told.loads, comes ? &beat : nullptr)) fetch_.freed(0);
  out_.edge(told.pushes || closes ? &beat_ : nullptr, in.tready);
  abort_ = was_abort ? !drained : aborts;
  settle_ = (settle_ << 1 | unsigned{told.done || (was_abort && drained)}) & 7;
  if (abort_ || was_abort) reset_run();
}

}  // namespace transom::wide
