// axi.cpp — rtl/decoder_axi.sv in C++, a clock at a time.
// SPDX-License-Identifier: Apache-2.0
#include "transom/cycle/axi.hpp"

namespace transom::cycle {

void Registers::drive(system::AxiOutputs& out) const {
  out.lite_awready = !aw_;
  out.lite_wready = !w_;
  out.lite_bvalid = b_;
  out.lite_arready = !ar_;
  out.lite_rvalid = r_;
  out.lite_bresp = out.lite_rresp = 0;
  out.lite_rdata = read_word_;
  out.irq = contents.irq();
}

void Registers::edge(const system::AxiInputs& in, bool busy, bool done) {
  contents.busy = busy || start_;
  const bool write = aw_ && w_ && !b_;
  const bool answers = ar_ && !r_;
  if (answers) read_word_ = contents.read(read_address_);
  if (in.lite_arvalid && !ar_) read_address_ = in.lite_araddr & 0xfc;
  ar_ = (ar_ && r_) || (!ar_ && in.lite_arvalid);
  r_ = answers || (r_ && !in.lite_rready);

  const std::uint32_t acts = write ? contents.write(write_address_, write_word_, write_mask_) : 0;
  if (in.lite_awvalid && !aw_) write_address_ = in.lite_awaddr & 0xfc;
  if (in.lite_wvalid && !w_) {
    write_word_ = in.lite_wdata;
    write_mask_ = 0;
    for (unsigned byte = 0; byte < 4; ++byte) {
      if ((in.lite_wstrb >> byte & 1) != 0) write_mask_ |= 0xffu << 8 * byte;
    }
  }
  aw_ = !write && (aw_ || in.lite_awvalid);
  w_ = !write && (w_ || in.lite_wvalid);
  b_ = write || (b_ && !in.lite_bready);

  // What happens sets a flag even while it is being cleared.
  if (done) contents.irq_status |= system::kAxiIrqDone;
  if (contents.errors.any() && !error_seen_) contents.irq_status |= system::kAxiIrqError;
  error_seen_ = contents.errors.any();
  if (start_) {
    contents.done = false;
  } else if (done) {
    contents.done = true;
  }
  start_ = acts == system::kAxiStart;
  abort_ = acts == system::kAxiAbort;
}

AxiModel::AxiModel(const system::AxiParameters& parameters)
    : parameters_((system::check_parameters(parameters), parameters)),
      unit_(make_unit(parameters.shape.unit)),
      fetch_(parameters_, 2 * std::size_t{parameters.n_streams()} + 1),
      groups_(parameters_),
      words_(2 * std::size_t{parameters.n_streams()}, WordBuffer<1>(parameters.fifo_beats)),
      sequencer_(parameters_),
      jobs_(parameters.n_streams()),
      gather_(parameters_) {
  registers_.contents.config = parameters.config();
  in_.streams.resize(parameters.n_streams());
  out_.streams.resize(parameters.n_streams());
}

void AxiModel::reset_run() {
  unit_->reset();
  fetch_.reset();
  groups_.reset();
  for (WordBuffer<1>& words : words_) words.reset();
  sequencer_ = Sequencer(parameters_);
  jobs_.reset();
  gather_.reset();
}

void AxiModel::reset() {
  const std::uint32_t config = registers_.contents.config;
  registers_ = {};
  registers_.contents.config = config;
  counters_ = {};
  descriptor_of_bank_ = {};
  settle_ = 0;
  abort_ = false;
  reset_run();
  fetch_.reset_bus();
  gather_.reset_bus();
}

void AxiModel::outputs(system::AxiOutputs& out) const {
  out.arvalid = fetch_.arvalid();
  out.araddr = fetch_.araddr();
  out.arlen = fetch_.arlen();
  out.rready = true;
  out.tvalid = gather_.valid();
  if (out.tvalid) {
    out.values = gather_.beat().values;
    out.keep = gather_.beat().keep;
    out.tlast = gather_.beat().last;
  }
  registers_.drive(out);
  out.counters = registers_.contents.counters;
}

bool AxiModel::quiet() const {
  return registers_.quiet() && counters_.quiet() && !sequencer_.busy() && !abort_ && settle_ == 0;
}

void AxiModel::drive_unit() {
  in_.load = sequencer_.load();
  in_.load.bank = sequencer_.bank();
  jobs_.drive(in_);
  for (std::size_t s = 0; s < in_.streams.size(); ++s) {
    unit::StreamInputs& stream = in_.streams[s];
    const WordBuffer<1>& symbols = words_[2 * s];
    const WordBuffer<1>& offsets = words_[2 * s + 1];
    stream.symbol_valid = symbols.valid();
    stream.offset_valid = offsets.valid();
    if (stream.symbol_valid) {
      stream.symbol_word = *symbols.word();
      stream.symbol_last = symbols.last();
    }
    if (stream.offset_valid) {
      stream.offset_word = *offsets.word();
      stream.offset_last = offsets.last();
    }
    stream.value_ready = gather_.value_ready(s);
  }
}

void AxiModel::take_words(std::vector<system::TakenWord>& taken) const {
  taken.resize(words_.size());
  for (std::size_t port = 0; port < words_.size(); ++port) {
    const unit::StreamOutputs& stream = out_.streams[port / 2];
    const bool ready = port % 2 == 0 ? stream.symbol_ready : stream.offset_ready;
    taken[port] = {};
    if (!words_[port].valid() || !ready) continue;
    taken[port] = {true, words_[port].last(), *words_[port].word()};
  }
}

AxiModel::Told AxiModel::listen() const {
  Told told;
  told.counts[system::kCountCycles] = 1;
  for (std::size_t s = 0; s < out_.streams.size(); ++s) {
    const unit::StreamOutputs& stream = out_.streams[s];
    told.busy |= stream.busy;
    if (stream.job_ready) told.job_ready[s] = true;
    if (stream.done) told.done[s] = true;
    if (stream.value_valid && in_.streams[s].value_ready) {
      told.fires[s] = true;
      ++told.counts[system::kCountBeats];
      told.counts[system::kCountValues] +=
          stream.value_two && values_per_beat(parameters_.shape.unit.kind) == 2 ? 2 : 1;
    } else if (stream.stall == Stall::kNone) {
      ++told.counts[system::kCountIdle];
    } else {
      ++told.counts[system::kCountFill + static_cast<unsigned>(stream.stall) - 1];
    }
  }
  return told;
}

/// In the order of rtl/axi/axi_errors.sv: the first of a clock has the place.
void AxiModel::edge_errors(bool clear, AxiCause cause, bool aborts) {
  system::AxiErrors& errors = registers_.contents.errors;
  const std::array<std::uint32_t, unit::kBanks> of_bank = descriptor_of_bank_;
  if (clear) {
    errors = {};
    return;
  }
  if (sequencer_.load().row_valid) {
    descriptor_of_bank_[sequencer_.bank()] = sequencer_.descriptor();
  }
  if (beat_valid_ && beat_.error) {
    const bool of_sequencer = beat_channel_ == words_.size();
    errors.add(AxiCause::kRead,
               of_sequencer ? sequencer_.descriptor() : of_bank[fetch_.beat_bank()],
               of_sequencer ? system::kNoStream : beat_channel_ / 2);
  }
  errors.add(cause, sequencer_.descriptor(),
             sequencer_.cause_of_stream() ? sequencer_.stream() : system::kNoStream);
  if (const Jobs::Bad& bad = jobs_.bad(); bad.valid) {
    errors.bad_stream(of_bank[bad.bank], bad.stream, bad.status);
  }
  if (aborts) errors.add(AxiCause::kAborted, sequencer_.descriptor());
}

void AxiModel::edge_words() {
  for (std::size_t port = 0; port < words_.size(); ++port) {
    const unit::StreamOutputs& stream = out_.streams[port / 2];
    const bool ready = port % 2 == 0 ? stream.symbol_ready : stream.offset_ready;
    const bool comes = beat_valid_ && beat_channel_ == port;
    if (words_[port].edge(ready, comes ? &beat_ : nullptr)) fetch_.freed(port);
  }
  const bool comes = beat_valid_ && beat_channel_ == words_.size();
  if (groups_.edge(sequencer_.group_ready(), comes ? &beat_ : nullptr)) fetch_.freed(words_.size());
}

void AxiModel::edge(const system::AxiInputs& in, std::vector<system::TakenWord>* taken) {
  if (in.reset) {
    if (taken != nullptr) taken->assign(words_.size(), {});
    return;
  }
  drive_unit();
  unit_->clock(in_, out_);
  if (taken != nullptr) take_words(*taken);
  Told told = listen();

  beat_valid_ = fetch_.beat_valid();
  if (beat_valid_) {
    beat_ = fetch_.beat();
    beat_channel_ = fetch_.beat_channel();
  }
  const bool start = registers_.start();
  const bool run = start || sequencer_.busy() || abort_;
  const bool drained = fetch_.quiet() && gather_.idle() && !jobs_.waits() && !told.busy &&
                       !jobs_.bank_out(false) && !jobs_.bank_out(true);
  const bool done = sequencer_.done(drained);
  const bool aborts = registers_.abort() && sequencer_.busy() && !done;
  const bool was_abort = abort_;
  told.counts[system::kCountBeatsRead] = in.rvalid;
  told.counts[system::kCountBeatsOut] = gather_.valid() && in.tready;

  const system::AxiRegisters& contents = registers_.contents;
  Sequencer::Inputs seq;
  seq.start = start;
  seq.descriptors = contents.descriptors;
  seq.n_descriptors = contents.n_descriptors;
  seq.limits = contents.limits;
  seq.drained = drained;
  seq.fetch_ready = fetch_.start_ready();
  seq.group_valid = groups_.valid();
  if (seq.group_valid) {
    seq.group = groups_.group();
    seq.group_error = groups_.error();
  }
  seq.may_load =
      !jobs_.waits() && !out_.bank_busy[sequencer_.bank()] && !jobs_.bank_out(sequencer_.bank());
  seq.tensor_ready = gather_.tensor_ready();
  const AxiCause cause = sequencer_.cause(contents.limits);
  const FetchStart fetch_start =
      sequencer_.fetch_start(cause, seq.may_load, [&](std::size_t c) { return fetch_.idle(c); });
  const Sequencer::Job job = sequencer_.job(fetch_start, seq.fetch_ready);
  const bool tensor_valid = sequencer_.tensor_valid();
  const StreamMask tensor_streams = sequencer_.tensor_streams();

  // Edges: whoever reads another's registers comes before it.
  registers_.edge(in, sequencer_.busy() || abort_ || settle_ != 0, (settle_ & 4) != 0);
  counters_.edge(start, run, told.counts, registers_.contents.counters);
  edge_errors(start, cause, aborts);
  gather_.edge(tensor_valid, tensor_streams, told.fires, out_.streams, in.tready, abort_);
  jobs_.edge(job, told.job_ready, told.done, out_.streams);
  fetch_.edge(fetch_start, in);
  edge_words();
  sequencer_.edge(seq, cause, fetch_start, job);
  abort_ = was_abort ? !drained : aborts;
  settle_ = (settle_ << 1 | unsigned{done || (was_abort && drained)}) & 7;
  if (abort_ || was_abort) reset_run();
}

}  // namespace transom::cycle
