// tlm_lt.hpp — decoder_axi for a virtual platform, loosely timed.
//
// Temporally decoupled: it runs ahead of the kernel up to the global quantum, then waits. Memory is
// read a burst at a time over b_transport, or by DMI where that is offered; either way the memory's
// delay is taken as the time to the burst's first beat. TLM.md says what that amounts to.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tlm.h>
#include <tlm_utils/tlm_quantumkeeper.h>

#include "transom/lt/decoder.hpp"
#include "transom/systemc/tlm_decoder.hpp"

namespace transom::systemc {

/// The loosely timed view.
class TlmDecoderLt : public TlmDecoder, private lt::Platform {
 public:
  SC_HAS_PROCESS(TlmDecoderLt);
  explicit TlmDecoderLt(const sc_core::sc_module_name& name, const TlmParameters& parameters = {});

 private:
  std::uint32_t read_register(std::uint32_t address, sc_core::sc_time& delay) override;
  void write_register(std::uint32_t address, std::uint32_t word, std::uint32_t mask,
                      sc_core::sc_time& delay) override;
  std::uint32_t peek_register(std::uint32_t address) const override {
    return registers_.read(address);
  }
  void invalidate_dmi(sc_dt::uint64 begin, sc_dt::uint64 end) override;

  bool read(std::uint64_t address, std::span<std::uint8_t> bytes, lt::cycle_t& cycle) override;
  void write(std::span<const value_t> some, bool last, lt::cycle_t& cycle) override;
  void reached(lt::cycle_t cycle) override;

  void run();
  void drive_irq() { irq.write(registers_.irq()); }
  /// From the kernel's time to a cycle of the run, 0 if that has passed.
  sc_core::sc_time ahead(lt::cycle_t cycle) const;
  lt::cycle_t to_cycles(const sc_core::sc_time& time) const;
  void pass(lt::cycle_t cycle);
  void tell_error();
  bool in_dmi(std::uint64_t address, std::size_t n_bytes) const;

  lt::Decoder decoder_;
  system::AxiRegisters registers_;
  tlm_utils::tlm_quantumkeeper keeper_;
  tlm::tlm_dmi dmi_;
  bool has_dmi_ = false;
  sc_core::sc_time begin_;  ///< start of the run
  sc_core::sc_event start_;
  sc_core::sc_event irq_changes_;
  bool error_told_ = false;
  bool aborts_ = false;  ///< software has asked for it
};

}  // namespace transom::systemc
