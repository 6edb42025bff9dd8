// tlm_lt.cpp — decoder_axi for a virtual platform, loosely timed.
// SPDX-License-Identifier: Apache-2.0
#include "transom/systemc/tlm_lt.hpp"

#include <algorithm>
#include <cstring>

namespace transom::systemc {
namespace {

constexpr unsigned kRegisterCycles = 3;  // cycles of an access over AXI4-Lite

}  // namespace

TlmDecoderLt::TlmDecoderLt(const sc_core::sc_module_name& name, const TlmParameters& parameters)
    : TlmDecoder(name, parameters), decoder_(parameters.axi, *this) {
  registers_.config = parameters.axi.config();
  SC_THREAD(run);
  SC_METHOD(drive_irq);
  sensitive << irq_changes_;
}

std::uint32_t TlmDecoderLt::read_register(std::uint32_t address, sc_core::sc_time& delay) {
  delay += kRegisterCycles * parameters_.clock;
  return registers_.read(address);
}

void TlmDecoderLt::write_register(std::uint32_t address, std::uint32_t word, std::uint32_t mask,
                                  sc_core::sc_time& delay) {
  delay += kRegisterCycles * parameters_.clock;
  const std::uint32_t acts = registers_.write(address, word, mask);
  if (acts == system::kAxiStart) {
    registers_.busy = true;
    registers_.done = aborts_ = false;
    start_.notify(delay);
  }
  if (acts == system::kAxiAbort) aborts_ = true;
  irq_changes_.notify(delay);
}

void TlmDecoderLt::run() {
  while (true) {
    wait(start_);
    keeper_.reset();
    begin_ = sc_core::sc_time_stamp();
    begin_values();
    error_told_ = false;
    pass(decoder_.run(registers_));
    if (registers_.errors.any() && !error_told_) tell_error();
    registers_.busy = false;
    registers_.done = true;
    registers_.irq_status |= system::kAxiIrqDone;
    irq_changes_.notify(sc_core::SC_ZERO_TIME);
  }
}

///////////////////////////////////////////////////////////////////////////////////////////////
// Time

sc_core::sc_time TlmDecoderLt::ahead(lt::cycle_t cycle) const {
  const sc_core::sc_time at = begin_ + static_cast<double>(cycle) * parameters_.clock;
  return std::max(at, sc_core::sc_time_stamp()) - sc_core::sc_time_stamp();
}

lt::cycle_t TlmDecoderLt::to_cycles(const sc_core::sc_time& time) const {
  const auto period = parameters_.clock.value();
  return (time.value() + period - 1) / period;
}

void TlmDecoderLt::pass(lt::cycle_t cycle) {
  keeper_.set(ahead(cycle));
  keeper_.sync();
}

void TlmDecoderLt::reached(lt::cycle_t cycle) {
  keeper_.set(ahead(cycle));
  const bool tell = registers_.errors.any() && !error_told_;
  if (!tell && !keeper_.need_sync()) return;
  keeper_.sync();
  if (tell) tell_error();
  if (aborts_) throw lt::Aborted{};
}

void TlmDecoderLt::tell_error() {
  error_told_ = true;
  registers_.irq_status |= system::kAxiIrqError;
  irq_changes_.notify(sc_core::SC_ZERO_TIME);
}

///////////////////////////////////////////////////////////////////////////////////////////////
// Memory and values. A target may take its time by `delay` or by waiting.

bool TlmDecoderLt::in_dmi(std::uint64_t address, std::size_t n_bytes) const {
  return has_dmi_ && address >= dmi_.get_start_address() &&
         address + (n_bytes - 1) <= dmi_.get_end_address();
}

bool TlmDecoderLt::read(std::uint64_t address, std::span<std::uint8_t> bytes, lt::cycle_t& cycle) {
  if (in_dmi(address, bytes.size())) {
    std::memcpy(bytes.data(), dmi_.get_dmi_ptr() + (address - dmi_.get_start_address()),
                bytes.size());
    cycle += to_cycles(dmi_.get_read_latency());
    return true;
  }
  const sc_core::sc_time offset = ahead(cycle);
  const sc_core::sc_time asked = sc_core::sc_time_stamp() + offset;
  sc_core::sc_time delay = offset;
  bool dmi_allowed = false;
  const bool ok = read_memory(address, bytes, delay, &dmi_allowed);
  cycle += to_cycles(sc_core::sc_time_stamp() + delay - asked);
  if (ok && dmi_allowed && parameters_.use_dmi) {
    tlm::tlm_generic_payload request;
    request.set_read();
    request.set_address(address);
    dmi_.init();
    has_dmi_ = memory->get_direct_mem_ptr(request, dmi_) && dmi_.is_read_allowed();
  }
  return ok;
}

void TlmDecoderLt::invalidate_dmi(sc_dt::uint64 begin, sc_dt::uint64 end) {
  if (begin <= dmi_.get_end_address() && end >= dmi_.get_start_address()) has_dmi_ = false;
}

void TlmDecoderLt::write(std::span<const value_t> some, bool last, lt::cycle_t& cycle) {
  const sc_core::sc_time offset = ahead(cycle);
  const sc_core::sc_time asked = sc_core::sc_time_stamp() + offset;
  sc_core::sc_time delay = offset;
  write_values(some, last, delay);
  cycle += to_cycles(sc_core::sc_time_stamp() + delay - asked);
}

}  // namespace transom::systemc
