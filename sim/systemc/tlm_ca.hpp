// tlm_ca.hpp — decoder_axi for a virtual platform, cycle-accurate.
//
// One method per clock around AxiModel, which is equal to the RTL in every clock; no clock is
// simulated while the unit rests. The memory socket speaks b_transport, each burst from a thread of
// its own: any memory serves, also one that waits, and as many bursts are on their way as the
// hardware has. TLM.md says what the times of the platform mean here.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tlm.h>

#include <deque>
#include <memory>
#include <vector>

#include "transom/cycle/axi.hpp"
#include "transom/systemc/tlm_decoder.hpp"

namespace transom::systemc {

/// The cycle-accurate view.
class TlmDecoderCa : public TlmDecoder {
 public:
  SC_HAS_PROCESS(TlmDecoderCa);
  explicit TlmDecoderCa(const sc_core::sc_module_name& name, const TlmParameters& parameters = {});

 private:
  /// A burst between its address and its last beat.
  struct Flight {
    std::uint64_t address = 0;
    std::vector<std::uint8_t> bytes;
    std::vector<bool> fails;  ///< beats
    std::size_t sent = 0;     ///< beats
    bool is_there = false;
    sc_core::sc_time at;  ///< first beat
  };
  /// A thread that fetches.
  struct Fetcher {
    Flight* flight = nullptr;
    sc_core::sc_event go;
  };
  /// Of software, one at a time.
  struct Access {
    bool write = false;
    bool address_open = false;  ///< not yet taken by the unit
    bool data_open = false;
    bool answered = true;
    std::uint8_t address = 0;
    std::uint8_t strobe = 0xf;
    std::uint32_t word = 0;
    sc_core::sc_event done;
  };

  std::uint32_t read_register(std::uint32_t address, sc_core::sc_time& delay) override;
  void write_register(std::uint32_t address, std::uint32_t word, std::uint32_t mask,
                      sc_core::sc_time& delay) override;
  std::uint32_t peek_register(std::uint32_t address) const override {
    return model_.registers().read(address);
  }
  void access(sc_core::sc_time& delay, bool write, std::uint32_t address);

  void tick();
  bool wake();
  void drive_memory();
  void drive_software();
  void take_burst();
  void take_values();
  void fetch(std::size_t fetcher);
  void send_values();

  cycle::AxiModel model_;
  system::AxiInputs in_;
  system::AxiOutputs out_;
  std::deque<Flight> flights_;
  std::vector<std::unique_ptr<Fetcher>> fetchers_;
  sc_core::sc_mutex software_;
  Access access_;
  // Values on their way to the consumer.
  std::vector<value_t> beat_;
  bool beat_last_ = false;
  bool sending_ = false;
  sc_core::sc_time sent_at_;
  sc_core::sc_event send_;
  // The clock.
  bool rests_ = true;
  sc_core::sc_time last_tick_;
  sc_core::sc_event wake_;
};

}  // namespace transom::systemc
