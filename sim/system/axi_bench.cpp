// axi_bench.cpp — the environment of decoder_axi: memory, software, and the consumer of the values.
// SPDX-License-Identifier: Apache-2.0
#include "transom/system/axi_bench.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace transom::system {
namespace {

const char* name(AxiMismatch::What what) {
  constexpr const char* kNames[] = {"symbol word", "end of the symbol words",
                                    "offset word", "end of the offset words",
                                    "value",       "TKEEP",
                                    "TLAST",       "beat after the last tensor"};
  return kNames[static_cast<unsigned>(what)];
}

// Two registers and the beat register of a channel lie between a long pause and a sign of life.
constexpr std::uint64_t kPatience = 20'000;

/// The longest that memory and consumer alone can make everything wait; pauses by chance are 20
/// times as long at most.
std::uint64_t patience_of(const AxiPressure& pressure, const AxiShape& shape) {
  const std::uint32_t beat = beat_tokens(shape.beat_bytes());
  const std::uint64_t beat_cycles = beat / memory_tokens(pressure, shape.beat_bytes());
  const std::uint64_t values = pressure.consumer_burst + shape.beat_values();
  const std::uint64_t burst_cycles =
      values * kTokensPerUnit / std::max<std::uint64_t>(pressure.consumer_rate, 1);
  return kPatience + 20 * (pressure.latency + pressure.more_latency) + 2000 * beat_cycles +
         (pressure.consumer_rate == 0 ? 0 : 20 * burst_cycles);
}

}  // namespace

std::string AxiMismatch::text() const {
  return std::string(name(what)) + ": tensor " + std::to_string(tensor) + ", stream " +
         std::to_string(stream) + ", index " + std::to_string(index) + ", cycle " +
         std::to_string(cycle) + ": want " + std::to_string(want) + ", got " + std::to_string(got);
}

AxiBench::AxiBench(const AxiImage& image, std::span<const AxiTensor> tensors, const AxiShape& shape,
                   const AxiPressure& pressure, std::vector<AxiFaultRange> faults,
                   unsigned n_starts)
    : image_(image),
      tensors_(tensors),
      shape_(shape),
      pressure_(pressure),
      faults_(std::move(faults)),
      starts_left_(n_starts),
      patience_(patience_of(pressure, shape)),
      memory_(pressure, shape.beat_bytes()),
      consumer_(pressure),
      cursors_(2 * shape.unit.n_streams()) {
  for (const unsigned closed :
       {pressure.ar_closed, pressure.r_closed, pressure.values_closed, pressure.lite_closed}) {
    if (closed > 95) {
      throw std::invalid_argument("bench: a channel closed in " + std::to_string(closed) +
                                  " percent of the cycles");
    }
  }
  script();
}

void AxiBench::script() {
  const auto write = [&](AxiRegister r, std::uint32_t data) {
    accesses_.push_back({true, false, static_cast<std::uint8_t>(r), data});
  };
  write(AxiRegister::kDescriptorsLow, static_cast<std::uint32_t>(image_.descriptors));
  write(AxiRegister::kDescriptorsHigh, static_cast<std::uint32_t>(image_.descriptors >> 32));
  write(AxiRegister::kDescriptorCount, image_.n_descriptors);
  write(AxiRegister::kIrqStatus, 3);
  write(AxiRegister::kIrqEnable, 3);
  write(AxiRegister::kControl, 1);
  accesses_.push_back({false, true, static_cast<std::uint8_t>(AxiRegister::kStatus), 0});
  for (std::size_t r = 0; r < kAxiRegisters; ++r) {
    accesses_.push_back({false, false, static_cast<std::uint8_t>(4 * r), 0});
  }
}

void AxiBench::drive(AxiInputs& in) {
  drive_memory(in);
  drive_software(in);
  consumer_.pass(1);
  in.tready = consumer_.is_open() && open(kT, pressure_.values_closed);
}

void AxiBench::observe(const AxiInputs& in, const AxiOutputs& out) {
  observe_words(out);
  observe_values(in, out);
  observe_memory(in, out);
  observe_software(in, out);
  observe_counters(out);
  run_.irq_cycles += out.irq;
  ++run_.cycles;
  if (run_.cycles - last_event_ > patience_) {
    give_up("nothing moved for " + std::to_string(patience_) + " cycles");
  }
}

void AxiBench::give_up(const std::string& why) {
  run_.fault = "cycle " + std::to_string(run_.cycles) + ": " + why;
  done_ = true;
}

/////////////////////////////////////////////////////////////////////////////////////////////////
// Memory

void AxiBench::drive_memory(AxiInputs& in) {
  memory_.begin(run_.cycles);
  in.arready = memory_.takes_address(run_.cycles);
  in.rvalid = memory_.is_sending();
  if (!in.rvalid) return;
  const AxiMemory::Burst& burst = memory_.burst();
  const std::uint64_t end = image_.base + image_.bytes.size();
  bool inside = false;
  in.rdata.assign(shape_.beat_bytes() / 4, 0);
  for (unsigned byte = 0; byte < shape_.beat_bytes(); ++byte) {
    const std::uint64_t at = burst.address + byte;
    if (at < image_.base || at >= end) continue;
    inside = true;
    in.rdata[byte / 4] |= std::uint32_t{image_.bytes[at - image_.base]} << byte % 4 * 8;
  }
  in.rlast = burst.beats == 1;
  in.rresp = inside ? 0 : 3;  // DECERR
  for (const AxiFaultRange& fault : faults_) {
    if (burst.address + shape_.beat_bytes() > fault.begin && burst.address < fault.end) {
      in.rresp = 2;  // SLVERR
    }
  }
}

void AxiBench::observe_memory(const AxiInputs& in, const AxiOutputs& out) {
  if (in.rvalid && out.rready) {
    ++run_.beats_read;
    if (memory_.burst().address < image_.base + image_.file_bytes) {
      if (run_.first_payload_cycle == 0) run_.first_payload_cycle = run_.cycles;
      run_.last_payload_cycle = run_.cycles;
    }
    last_event_ = run_.cycles;
    memory_.sent(shape_.beat_bytes());
  }
  if (out.arvalid && in.arready) {
    const std::uint64_t bytes = (std::uint64_t{out.arlen} + 1) * shape_.beat_bytes();
    if (out.araddr % shape_.beat_bytes() != 0) give_up("a burst is not aligned to the bus");
    if (out.araddr / 4096 != (out.araddr + bytes - 1) / 4096) give_up("a burst crosses 4 KiB");
    memory_.accept(out.araddr, out.arlen + 1u, run_.cycles);
    ++run_.bursts;
    run_.max_outstanding = std::max<std::uint64_t>(run_.max_outstanding, memory_.n_bursts());
    last_event_ = run_.cycles;
  }
}

/////////////////////////////////////////////////////////////////////////////////////////////////
// Values and words

void AxiBench::mismatch(AxiMismatch::What what, std::size_t tensor, std::size_t stream,
                        std::uint64_t index, std::uint32_t want, std::uint32_t got) {
  if (run_.n_mismatches++ == 0) {
    run_.first = AxiMismatch{what,
                             run_.cycles,
                             static_cast<std::uint32_t>(tensor),
                             static_cast<std::uint16_t>(stream),
                             index,
                             want,
                             got};
  }
}

void AxiBench::observe_values(const AxiInputs& in, const AxiOutputs& out) {
  using What = AxiMismatch::What;
  if (!out.tvalid || !in.tready) return;
  last_event_ = run_.cycles;
  ++run_.beats_out;
  if (run_.first_beat_cycle == 0) run_.first_beat_cycle = run_.cycles;
  run_.last_beat_cycle = run_.cycles;
  consumer_.take(static_cast<std::uint64_t>(
      std::count_if(out.keep.begin(), out.keep.end(), [](auto keep) { return keep != 0; })));
  if (tensor_ == tensors_.size()) {
    mismatch(What::kNothingMore, tensor_, 0, beat_++, 0, 1);
    return;
  }
  const AxiBeat& want = tensors_[tensor_].beats[beat_];
  for (std::size_t i = 0; i < want.values.size(); ++i) {
    run_.values += want.keep[i] != 0;
    if (out.keep[i] != want.keep[i]) {
      mismatch(What::kKeep, tensor_, want.stream[i], beat_, want.keep[i], out.keep[i]);
    } else if (want.keep[i] != 0 && out.values[i] != want.values[i]) {
      mismatch(What::kValue, tensor_, want.stream[i], want.index[i], want.values[i], out.values[i]);
    }
  }
  if (out.tlast != want.last) mismatch(What::kLast, tensor_, 0, beat_, want.last, out.tlast);
  if (++beat_ == tensors_[tensor_].beats.size()) {
    ++tensor_;
    beat_ = 0;
    run_.layers.push_back({run_.cycles, {}});
  }
}

/// What had happened up to the last beat of a tensor is known some clocks later.
void AxiBench::observe_counters(const AxiOutputs& out) {
  if (counted_ == run_.layers.size()) return;
  AxiLayer& layer = run_.layers[counted_];
  if (run_.cycles < layer.last_beat_cycle + kCounterDelay) return;
  layer.counters = out.counters;
  ++counted_;
}

const std::vector<std::uint32_t>& AxiBench::words_of(std::size_t tensor, std::size_t port) const {
  static const std::vector<std::uint32_t> kNone;
  const std::vector<AxiStream>& streams = tensors_[tensor].streams;
  if (port / 2 >= streams.size()) return kNone;
  return port % 2 == 0 ? streams[port / 2].symbols : streams[port / 2].offsets;
}

void AxiBench::observe_words(const AxiOutputs& out) {
  for (std::size_t port = 0; port < out.words.size(); ++port) {
    const TakenWord& taken = out.words[port];
    if (!taken.valid) continue;
    last_event_ = run_.cycles;
    Cursor& at = cursors_[port];
    while (at.tensor < tensors_.size() && at.word == words_of(at.tensor, port).size()) {
      ++at.tensor;
      at.word = 0;
    }
    using What = AxiMismatch::What;
    const bool symbols = port % 2 == 0;
    const What what = symbols ? What::kSymbolWord : What::kOffsetWord;
    if (at.tensor == tensors_.size()) {
      mismatch(what, at.tensor, port / 2, at.word, 0, taken.word);
      continue;
    }
    const std::vector<std::uint32_t>& words = words_of(at.tensor, port);
    const bool last = at.word + 1 == words.size();
    if (taken.word != words[at.word]) {
      mismatch(what, at.tensor, port / 2, at.word, words[at.word], taken.word);
    } else if (taken.last != last) {
      mismatch(symbols ? What::kSymbolEnd : What::kOffsetEnd, at.tensor, port / 2, at.word, last,
               taken.last);
    }
    ++at.word;
  }
}

/////////////////////////////////////////////////////////////////////////////////////////////////
// Software: one access at a time, but the next register's address may be offered while the data of
// the one before is awaited. Address and data of a write are offered independently.

void AxiBench::drive_software(AxiInputs& in) {
  in.lite_awvalid = in.lite_wvalid = in.lite_arvalid = false;
  in.lite_bready = open(kB, pressure_.lite_closed);
  in.lite_rready = open(kLiteR, pressure_.lite_closed);
  if (accesses_.empty()) return;
  const Access& access = accesses_.front();
  if (access.write) {
    aw_valid_ = aw_valid_ || open(kAw, pressure_.lite_closed);
    w_valid_ = w_valid_ || open(kW, pressure_.lite_closed);
    in.lite_awvalid = aw_valid_ && !aw_taken_;
    in.lite_wvalid = w_valid_ && !w_taken_;
    in.lite_awaddr = access.address;
    in.lite_wdata = access.data;
  } else if (reads_taken_ == 0 ||
             (reads_taken_ == 1 && !access.poll && accesses_.size() > 1 && !accesses_[1].write)) {
    ar_valid_ = ar_valid_ || open(kLiteAr, pressure_.lite_closed);
    in.lite_arvalid = ar_valid_;
    in.lite_araddr = accesses_[reads_taken_].address;
  }
}

void AxiBench::finish_access(std::uint32_t data) {
  const Access access = accesses_.front();
  aw_valid_ = w_valid_ = aw_taken_ = w_taken_ = false;
  if (access.poll && (data & kAxiDone) == 0) return;
  accesses_.pop_front();
  last_event_ = run_.cycles;
  if (access.write) {
    if (access.address == static_cast<std::uint8_t>(AxiRegister::kControl)) {
      run_.start_cycles.push_back(run_.cycles);
      run_.first_beat_cycle = 0;
      run_.layers.clear();
      tensor_ = beat_ = counted_ = 0;
      std::fill(cursors_.begin(), cursors_.end(), Cursor{});
    }
    return;
  }
  registers_[access.address / 4] = data;
  if (!accesses_.empty()) return;
  run_.registers.push_back(registers_);
  if (tensor_ != tensors_.size()) {
    give_up("done, but tensor " + std::to_string(tensor_) + " is not out");
  } else if (--starts_left_ == 0) {
    done_ = true;
  } else {
    script();
  }
}

void AxiBench::observe_software(const AxiInputs& in, const AxiOutputs& out) {
  if (accesses_.empty()) return;
  if (in.lite_awvalid && out.lite_awready) aw_taken_ = true;
  if (in.lite_wvalid && out.lite_wready) w_taken_ = true;
  if (in.lite_arvalid && out.lite_arready) {
    ++reads_taken_;
    ar_valid_ = false;
  }
  if (out.lite_bvalid && in.lite_bready) {
    if (!aw_taken_ || !w_taken_ || out.lite_bresp != 0) give_up("a write is answered wrongly");
    finish_access(0);
  } else if (out.lite_rvalid && in.lite_rready) {
    if (reads_taken_ == 0 || out.lite_rresp != 0) give_up("a read is answered wrongly");
    --reads_taken_;
    finish_access(out.lite_rdata);
  }
}

}  // namespace transom::system
