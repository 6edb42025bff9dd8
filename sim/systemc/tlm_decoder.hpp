// tlm_decoder.hpp — decoder_axi for a virtual platform: what its two views have in common.
//
// Sockets of TLM-2.0 (IEEE 1666-2011), 32 bits wide as its simple sockets are by default. How to
// bind them, and what each view times, is in TLM.md; registers and memory layout in rtl/AXI.md.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tlm.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <span>
#include <systemc>

#include "transom/system/axi_parameters.hpp"
#include "transom/system/axi_registers.hpp"

namespace transom::systemc {

/// What both views are made with.
struct TlmParameters {
  system::AxiParameters axi = {};
  sc_core::sc_time clock = sc_core::sc_time(1, sc_core::SC_NS);  ///< period
  /// Of the first value of a run; those after it follow at multiples of 2 bytes.
  std::uint64_t values_address = 0;
  bool use_dmi = true;  ///< loosely timed: where the memory offers it
};

/// Goes with each write of values; who has no use for it need not look.
struct TensorEnd : tlm::tlm_extension<TensorEnd> {
  bool last = false;  ///< these are the last values of their tensor

  tlm::tlm_extension_base* clone() const override { return new TensorEnd(*this); }
  void copy_from(const tlm::tlm_extension_base& from) override {
    last = static_cast<const TensorEnd&>(from).last;
  }
};

/// The ports that both views have: registers, memory, values, irq.
class TlmDecoder : public sc_core::sc_module {
 public:
  /// AXI4-Lite: words of 4 bytes, any byte enables.
  tlm_utils::simple_target_socket<TlmDecoder> registers{"registers"};
  /// AXI4: reads of whole bursts.
  tlm_utils::simple_initiator_socket<TlmDecoder> memory{"memory"};
  /// AXI4-Stream: writes of 16-bit values, in the order of the beats, as a memory wants them; a
  /// target that is a FIFO ignores the address. A tensor without values is TLM_IGNORE_COMMAND,
  /// which is how TLM-2.0 transfers nothing.
  tlm_utils::simple_initiator_socket<TlmDecoder> values{"values"};
  sc_core::sc_out<bool> irq{"irq"};

  const TlmParameters& parameters() const { return parameters_; }

 protected:
  /// Throws std::invalid_argument if there is no such unit.
  TlmDecoder(const sc_core::sc_module_name& name, const TlmParameters& parameters);

  /// A register access by software; `delay` as in b_transport.
  virtual std::uint32_t read_register(std::uint32_t address, sc_core::sc_time& delay) = 0;
  virtual void write_register(std::uint32_t address, std::uint32_t word, std::uint32_t mask,
                              sc_core::sc_time& delay) = 0;
  /// Without time and effect.
  virtual std::uint32_t peek_register(std::uint32_t address) const = 0;
  virtual void invalidate_dmi(sc_dt::uint64, sc_dt::uint64) {}

  /// Reads over the memory socket. False: an error response.
  bool read_memory(std::uint64_t address, std::span<std::uint8_t> bytes, sc_core::sc_time& delay,
                   bool* dmi_allowed = nullptr);
  /// Writes over the values socket, behind those of the run before them. An error is the
  /// platform's.
  void write_values(std::span<const value_t> values, bool last, sc_core::sc_time& delay);
  void begin_values() { n_values_ = 0; }

  TlmParameters parameters_;

 private:
  void b_transport(tlm::tlm_generic_payload& access, sc_core::sc_time& delay);
  unsigned transport_dbg(tlm::tlm_generic_payload& access);

  std::uint64_t n_values_ = 0;  ///< written in this run
};

}  // namespace transom::systemc
