// axi_bench.cpp — the environment of decoder_axi: memory, software, and the consumer of the values.
// SPDX-License-Identifier: Apache-2.0
#include "transom/system/axi_bench.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace transom::system {
namespace {

const char* name(AxiMismatch::What what) {
  constexpr const char* kNames[] = {"symbol word",
                                    "end of the symbol words",
                                    "offset word",
                                    "end of the offset words",
                                    "step",
                                    "symbol",
                                    "position of the symbol bits, modulo 16",
                                    "position of the offset bits, modulo 16",
                                    "state",
                                    "value",
                                    "TKEEP",
                                    "TLAST",
                                    "beat after the last tensor"};
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

/// Four bytes of memory; those outside of the image are 0.
std::uint32_t image_word(const AxiImage& image, std::uint64_t address) {
  const std::uint64_t at = address - image.base, size = image.bytes.size();
  if (at < size && size - at >= 4) {
    const std::uint8_t* b = &image.bytes[at];
    return b[0] | std::uint32_t{b[1]} << 8 | std::uint32_t{b[2]} << 16 | std::uint32_t{b[3]} << 24;
  }
  std::uint32_t word = 0;
  for (std::uint64_t i = 0; i < 4; ++i) {
    if (at + i < size) word |= std::uint32_t{image.bytes[at + i]} << 8 * i;
  }
  return word;
}

}  // namespace

std::string AxiMismatch::text() const {
  return std::string(name(what)) + ": tensor " + std::to_string(tensor) + ", stream " +
         std::to_string(stream) + ", index " + std::to_string(index) +
         (bit ? ", bit " + std::to_string(*bit) : std::string()) + ", cycle " +
         std::to_string(cycle) + ": want " + std::to_string(want) + ", got " + std::to_string(got);
}

std::string AxiRun::error_text(std::size_t start) const {
  const std::uint32_t status = reg(AxiRegister::kStatus, start);
  const AxiCause cause = first_cause(status);
  if (cause == AxiCause::kNone) return {};
  std::string text = "STATUS tells an error: " + std::string(cause_name(cause));
  if (cause == AxiCause::kStream) text += " " + std::string(status_name(first_bad_status(status)));
  text += ", descriptor " + std::to_string(reg(AxiRegister::kErrorDescriptor, start));
  const std::uint32_t stream = reg(AxiRegister::kErrorStream, start);
  return stream == kNoStream ? text : text + ", stream " + std::to_string(stream);
}

AxiBench::AxiBench(const AxiImage& image, std::span<const AxiTensor> tensors, const AxiShape& shape,
                   const AxiPressure& pressure, std::vector<AxiFaultRange> faults,
                   unsigned n_starts)
    : AxiBench(image,
               std::vector<AxiStart>(n_starts, {.descriptors = image.descriptors,
                                                .n_descriptors = image.n_descriptors,
                                                .section_words = image.section_words,
                                                .tensors = tensors}),
               shape, pressure, std::move(faults)) {}

AxiBench::AxiBench(const AxiImage& image, std::vector<AxiStart> starts, const AxiShape& shape,
                   const AxiPressure& pressure, std::vector<AxiFaultRange> faults)
    : image_(image),
      starts_(std::move(starts)),
      shape_(shape),
      pressure_(pressure),
      faults_(std::move(faults)),
      patience_(patience_of(pressure, shape)),
      own_memory_(pressure, shape.beat_bytes()),
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
  using What = Access::What;
  const AxiStart& start = now();
  const auto write = [&](AxiRegister r, std::uint32_t data) {
    accesses_.push_back({What::kWrite, r, data});
  };
  const auto write_long = [&](AxiRegister r, std::uint64_t data, std::uint64_t had) {
    if (data == had) return;
    write(r, static_cast<std::uint32_t>(data));
    write(static_cast<AxiRegister>(static_cast<unsigned>(r) + 4),
          static_cast<std::uint32_t>(data >> 32));
  };
  write(AxiRegister::kDescriptorsLow, static_cast<std::uint32_t>(start.descriptors));
  write(AxiRegister::kDescriptorsHigh, static_cast<std::uint32_t>(start.descriptors >> 32));
  write(AxiRegister::kDescriptorCount, start.n_descriptors);
  if (start.section_words != section_words_) write(AxiRegister::kSectionWords, start.section_words);
  section_words_ = start.section_words;
  write_long(AxiRegister::kWindowBase, start.limits.window_base, limits_.window_base);
  write_long(AxiRegister::kWindowLimit, start.limits.window_limit, limits_.window_limit);
  write_long(AxiRegister::kMaxValues, start.limits.max_values, limits_.max_values);
  if (start.limits.max_descriptors != limits_.max_descriptors) {
    write(AxiRegister::kMaxDescriptors, start.limits.max_descriptors);
  }
  limits_ = start.limits;
  write(AxiRegister::kIrqStatus, 3);
  write(AxiRegister::kIrqEnable, 3);
  write(AxiRegister::kControl, kAxiStart);
  if (start.reset_after != AxiStart::kNever) {
    accesses_.push_back({What::kReset, {}, 0, start.reset_after});
    limits_ = {};
    section_words_ = 0;
  } else {
    if (start.abort_after != AxiStart::kNever) {
      accesses_.push_back({What::kWrite, AxiRegister::kControl, kAxiAbort, start.abort_after});
    }
    accesses_.push_back({What::kPoll, AxiRegister::kStatus});
    for (std::size_t r = 0; r < kAxiRegisters; ++r) {
      accesses_.push_back({What::kRead, static_cast<AxiRegister>(4 * r)});
    }
  }
  access_at_ = run_.cycles + start.rest;
}

void AxiBench::drive(AxiInputs& in) {
  drive_memory(in);
  drive_software(in);
  consumer_.pass(1);
  in.tready = consumer_.is_open() && open(kT, pressure_.values_closed);
}

void AxiBench::observe(const AxiInputs& in, const AxiOutputs& out) {
  observe_words(out);
  observe_steps(out);
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
  memory_->begin(run_.cycles);
  in.arready = memory_->takes_address(run_.cycles, port_);
  in.rvalid = memory_->is_sending(port_);
  if (!in.rvalid) return;
  const AxiMemory::Burst& burst = memory_->burst();
  const bool inside = burst.address < image_.base + image_.bytes.size() &&
                      burst.address + shape_.beat_bytes() > image_.base;
  in.rdata.resize(shape_.beat_bytes() / 4);
  for (std::size_t i = 0; i < in.rdata.size(); ++i) {
    in.rdata[i] = image_word(image_, burst.address + 4 * i);
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
    if (memory_->burst().address < image_.base + image_.file_bytes) {
      if (run_.first_payload_cycle == 0) run_.first_payload_cycle = run_.cycles;
      run_.last_payload_cycle = run_.cycles;
    }
    last_event_ = run_.cycles;
    memory_->sent(shape_.beat_bytes());
  }
  if (out.arvalid && in.arready) {
    const std::uint64_t bytes = (std::uint64_t{out.arlen} + 1) * shape_.beat_bytes();
    if (out.araddr % shape_.beat_bytes() != 0) give_up("a burst is not aligned to the bus");
    if (out.araddr / 4096 != (out.araddr + bytes - 1) / 4096) give_up("a burst crosses 4 KiB");
    memory_->accept(out.araddr, out.arlen + 1u, run_.cycles, port_);
    ++run_.bursts;
    run_.max_outstanding = std::max<std::uint64_t>(run_.max_outstanding, memory_->n_bursts());
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
  const bool wanted = now().tensors && tensor_ != n_tensors() && !closed_;
  const AxiBeat want = wanted ? (*now().tensors)[tensor_].beat(beat_) : AxiBeat{};
  const bool equal = wanted && std::ranges::equal(out.keep, want.keep) &&
                     std::ranges::equal(out.values, want.values);
  const std::uint64_t n_kept = equal ? want.n_kept : count_kept(out.keep);
  consumer_.take(n_kept);
  const bool goes_on = std::exchange(frame_, !out.tlast);
  if (goes_on && n_kept == 0 && out.tlast && now().abort_after != AxiStart::kNever) {
    closed_ = true;
    return;
  }
  if (!now().tensors) return;
  if (!wanted) {
    mismatch(What::kNothingMore, tensor_, 0, beat_++, 0, 1);
    return;
  }
  if (beat_ == 0) tensor_cycle_ = run_.cycles;
  run_.values += n_kept;
  for (std::size_t i = 0; !equal && i < want.values.size(); ++i) {
    if (out.keep[i] != want.keep[i]) {
      mismatch(What::kKeep, tensor_, want.stream[i], beat_, want.keep[i], out.keep[i]);
    } else if (want.keep[i] != 0 && out.values[i] != want.values[i]) {
      mismatch(What::kValue, tensor_, want.stream[i], want.index[i], want.values[i], out.values[i]);
    }
  }
  if (out.tlast != want.last) mismatch(What::kLast, tensor_, 0, beat_, want.last, out.tlast);
  if (++beat_ == (*now().tensors)[tensor_].n_beats()) {
    ++tensor_;
    beat_ = 0;
    run_.layers.push_back({tensor_cycle_, run_.cycles, {}});
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

/////////////////////////////////////////////////////////////////////////////////////////////////
// Software: one access at a time, but the next register's address may be offered while the data of
// the one before is awaited. Address and data of a write are offered independently.

void AxiBench::drive_software(AxiInputs& in) {
  in.reset = in.lite_awvalid = in.lite_wvalid = in.lite_arvalid = false;
  in.lite_bready = open(kB, pressure_.lite_closed);
  in.lite_rready = open(kLiteR, pressure_.lite_closed);
  if (accesses_.empty() || run_.cycles < access_at_) return;
  const Access& access = accesses_.front();
  if (access.what == Access::What::kReset) {
    in.reset = true;
  } else if (access.write()) {
    aw_valid_ = aw_valid_ || open(kAw, pressure_.lite_closed);
    w_valid_ = w_valid_ || open(kW, pressure_.lite_closed);
    in.lite_awvalid = aw_valid_ && !aw_taken_;
    in.lite_wvalid = w_valid_ && !w_taken_;
    in.lite_awaddr = static_cast<std::uint8_t>(access.address);
    in.lite_wdata = access.data;
  } else if (reads_taken_ == 0 ||
             (reads_taken_ == 1 && access.what == Access::What::kRead && accesses_.size() > 1)) {
    ar_valid_ = ar_valid_ || open(kLiteAr, pressure_.lite_closed);
    in.lite_arvalid = ar_valid_;
    in.lite_araddr = static_cast<std::uint8_t>(accesses_[reads_taken_].address);
  }
}

void AxiBench::finish_access(std::uint32_t data) {
  const Access access = accesses_.front();
  aw_valid_ = w_valid_ = aw_taken_ = w_taken_ = false;
  if (access.what == Access::What::kPoll && (data & kAxiDone) == 0) return;
  if (access.write()) {
    if (access.address == AxiRegister::kControl && access.data == kAxiStart) {
      run_.start_cycles.push_back(run_.cycles);
      run_.first_beat_cycle = 0;
      run_.layers.clear();
      tensor_ = beat_ = counted_ = 0;
      frame_ = closed_ = false;
      std::fill(cursors_.begin(), cursors_.end(), Cursor{});
      round_ = {};
      in_rounds_ = true;
    }
  } else {
    registers_[static_cast<std::size_t>(access.address) / 4] = data;
  }
  next_access();
}

void AxiBench::next_access() {
  accesses_.pop_front();
  last_event_ = run_.cycles;
  if (accesses_.empty()) {
    finish_start();
  } else {
    access_at_ = run_.cycles + accesses_.front().wait;
  }
}

void AxiBench::finish_start() {
  run_.registers.push_back(std::exchange(registers_, {}));
  const bool is_reset = now().reset_after != AxiStart::kNever;
  const bool ends_early =
      is_reset || first_cause(run_.reg(AxiRegister::kStatus, start_)) == AxiCause::kAborted;
  if (frame_ && !is_reset) {
    give_up("done, but a tensor is not ended");
  } else if (now().tensors && tensor_ != n_tensors() && !ends_early) {
    give_up("done, but tensor " + std::to_string(tensor_) + " is not out");
  } else if (start_ + 1 == starts_.size()) {
    done_ = true;
  } else {
    ++start_;
    script();
  }
}

void AxiBench::observe_software(const AxiInputs& in, const AxiOutputs& out) {
  if (accesses_.empty()) return;
  if (in.reset) {
    aw_valid_ = w_valid_ = ar_valid_ = aw_taken_ = w_taken_ = false;
    reads_taken_ = 0;
    return next_access();
  }
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
