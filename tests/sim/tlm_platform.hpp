// tlm_platform.hpp — a small virtual platform: memory, a place for values, a processor's driver.
//
// One per unit under test, all elaborated before the first of them runs, because a process holds
// one SystemC simulation.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tlm.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "transom/system/axi_image.hpp"
#include "transom/systemc/tlm_decoder.hpp"

namespace transom::support {
using namespace system;
using namespace systemc;

using sc_core::sc_time;

/// Memory behind one port: each burst waits for the one before to leave it, then takes the latency.
class TestMemory : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<TestMemory> socket{"socket"};
  std::uint64_t base = 0;
  std::vector<std::uint8_t> bytes;
  sc_time latency;
  sc_time byte_time;  ///< inverse of the bandwidth
  bool offers_dmi = false;
  std::uint64_t bad = ~std::uint64_t{0};  ///< address of a byte that cannot be read
  std::uint64_t n_reads = 0;

  explicit TestMemory(const sc_core::sc_module_name& name) : sc_module(name) {
    socket.register_b_transport(this, &TestMemory::b_transport);
    socket.register_get_direct_mem_ptr(this, &TestMemory::get_direct_mem_ptr);
  }
  void forget_dmi() { socket->invalidate_direct_mem_ptr(base, base + bytes.size()); }

 private:
  void b_transport(tlm::tlm_generic_payload& access, sc_time& delay) {
    ++n_reads;
    const std::uint64_t address = access.get_address();
    const std::uint64_t n = access.get_data_length();
    const sc_time now = sc_core::sc_time_stamp();
    const sc_time begin = std::max(now + delay, free_);
    free_ = begin + static_cast<double>(n) * byte_time;
    delay = begin + latency - now;
    if (address < base || address + n > base + bytes.size()) {
      access.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    } else if (bad >= address && bad < address + n) {
      access.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    } else {
      std::memcpy(access.get_data_ptr(), &bytes[address - base], n);
      access.set_dmi_allowed(offers_dmi);
      access.set_response_status(tlm::TLM_OK_RESPONSE);
    }
  }
  bool get_direct_mem_ptr(tlm::tlm_generic_payload&, tlm::tlm_dmi& dmi) {
    if (!offers_dmi) return false;
    dmi.set_dmi_ptr(bytes.data());
    dmi.set_start_address(base);
    dmi.set_end_address(base + bytes.size() - 1);
    dmi.set_read_latency(latency);
    dmi.allow_read();
    return true;
  }

  sc_time free_;
};

/// Takes values as a FIFO does, so many in a time, and holds them to their addresses.
class TestSink : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<TestSink> socket{"socket"};
  std::vector<value_t> values;
  std::vector<std::size_t> ends;  ///< of tensors: values before
  sc_time value_time;
  std::uint64_t values_address = 0;
  bool in_order = true;

  explicit TestSink(const sc_core::sc_module_name& name) : sc_module(name) {
    socket.register_b_transport(this, &TestSink::b_transport);
  }

 private:
  void b_transport(tlm::tlm_generic_payload& access, sc_time& delay) {
    const bool nothing = access.get_command() == tlm::TLM_IGNORE_COMMAND;
    const std::size_t n = nothing ? 0 : access.get_data_length() / sizeof(value_t);
    in_order = in_order && (access.is_write() || nothing) &&
               access.get_address() == values_address + values.size() * 2;
    values.resize(values.size() + n);
    std::memcpy(values.data() + values.size() - n, access.get_data_ptr(), n * sizeof(value_t));
    const TensorEnd* end = access.get_extension<TensorEnd>();
    if (end != nullptr && end->last) ends.push_back(values.size());
    const sc_time now = sc_core::sc_time_stamp();
    free_ = std::max(now + delay, free_) + static_cast<double>(n) * value_time;
    delay = std::max(free_ - now, delay);
    access.set_response_status(tlm::TLM_OK_RESPONSE);
  }

  sc_time free_;
};

/// The processor: runs a script of register accesses.
class TestProcessor : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<TestProcessor> socket{"socket"};
  sc_core::sc_in<bool> irq{"irq"};

  SC_HAS_PROCESS(TestProcessor);
  explicit TestProcessor(const sc_core::sc_module_name& name) : sc_module(name) { SC_THREAD(run); }

  /// Runs the kernel until the script is done.
  void execute(std::function<void()> script) {
    script_ = std::move(script);
    go_.notify(sc_core::SC_ZERO_TIME);
    sc_core::sc_start();
  }

  tlm::tlm_response_status access(tlm::tlm_command command, std::uint32_t address,
                                  std::uint32_t& word) {
    tlm::tlm_generic_payload access;
    access.set_command(command);
    access.set_address(address);
    access.set_data_ptr(reinterpret_cast<unsigned char*>(&word));
    access.set_data_length(4);
    access.set_streaming_width(4);
    access.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    sc_time delay;
    socket->b_transport(access, delay);
    wait(delay);
    return access.get_response_status();
  }
  std::uint32_t read(AxiRegister reg) {
    std::uint32_t word = 0;
    access(tlm::TLM_READ_COMMAND, static_cast<std::uint32_t>(reg), word);
    return word;
  }
  std::uint64_t read_counter(AxiRegister reg) {
    std::uint32_t high = 0;
    const std::uint32_t low = read(reg);
    access(tlm::TLM_READ_COMMAND, static_cast<std::uint32_t>(reg) + 4, high);
    return low | std::uint64_t{high} << 32;
  }
  void write(AxiRegister reg, std::uint32_t word) {
    access(tlm::TLM_WRITE_COMMAND, static_cast<std::uint32_t>(reg), word);
  }
  void write_long(AxiRegister reg, std::uint64_t word) {
    write(reg, static_cast<std::uint32_t>(word));
    write(static_cast<AxiRegister>(static_cast<unsigned>(reg) + 4),
          static_cast<std::uint32_t>(word >> 32));
  }
  void pass(const sc_time& time) { wait(time); }
  void wait_for_irq() {
    if (!irq.read()) wait(irq.posedge_event());
  }

 private:
  void run() {
    while (true) {
      wait(go_);
      script_();
      sc_core::sc_pause();
    }
  }

  std::function<void()> script_;
  sc_core::sc_event go_;
};

/// What a run of a unit told.
struct TlmRun {
  std::uint32_t status = 0;
  std::uint32_t irq_status = 0;
  std::uint32_t error_descriptor = 0;
  std::uint32_t error_stream = 0;
  std::vector<std::uint64_t> counters;  ///< in the order of their registers
  sc_time time;                         ///< from the write that starts to the interrupt
  std::vector<value_t> values;
  std::vector<std::size_t> ends;

  std::uint64_t counter(AxiRegister reg) const {
    return counters[(static_cast<std::size_t>(reg) -
                     static_cast<std::size_t>(AxiRegister::kCycles)) /
                    8];
  }
};

template <class Decoder>
struct TestPlatform : sc_core::sc_module {
  Decoder decoder;
  TestMemory memory{"memory"};
  TestSink sink{"sink"};
  TestProcessor processor{"processor"};
  sc_core::sc_signal<bool> irq{"irq"};

  TestPlatform(const sc_core::sc_module_name& name, const TlmParameters& parameters)
      : sc_module(name), decoder("decoder", parameters) {
    decoder.memory.bind(memory.socket);
    decoder.values.bind(sink.socket);
    decoder.irq.bind(irq);
    processor.socket.bind(decoder.registers);
    processor.irq.bind(irq);
  }

  void lay(const AxiImage& image) {
    memory.base = image.base;
    memory.bytes = image.bytes;
    memory.forget_dmi();
  }

  /// Decodes what lies in memory, as a driver does it.
  /// @param abort_after of the start, if not zero: software ends the run
  TlmRun run(std::uint64_t descriptors, std::uint32_t n_descriptors, const AxiLimits& limits = {},
             const sc_time& abort_after = {}) {
    TlmRun run;
    sink.values.clear();
    sink.ends.clear();
    processor.execute([&] {
      TestProcessor& p = processor;
      p.write(AxiRegister::kIrqEnable, 1);
      p.write(AxiRegister::kDescriptorsLow, static_cast<std::uint32_t>(descriptors));
      p.write(AxiRegister::kDescriptorsHigh, static_cast<std::uint32_t>(descriptors >> 32));
      p.write(AxiRegister::kDescriptorCount, n_descriptors);
      p.write_long(AxiRegister::kWindowBase, limits.window_base);
      p.write_long(AxiRegister::kWindowLimit, limits.window_limit);
      p.write_long(AxiRegister::kMaxValues, limits.max_values);
      p.write(AxiRegister::kMaxDescriptors, limits.max_descriptors);
      p.write(AxiRegister::kControl, kAxiStart);
      const sc_time begin = sc_core::sc_time_stamp();
      if (abort_after != sc_core::SC_ZERO_TIME) {
        p.pass(abort_after);
        p.write(AxiRegister::kControl, kAxiAbort);
      }
      p.wait_for_irq();
      run.time = sc_core::sc_time_stamp() - begin;
      run.status = p.read(AxiRegister::kStatus);
      run.irq_status = p.read(AxiRegister::kIrqStatus);
      run.error_descriptor = p.read(AxiRegister::kErrorDescriptor);
      run.error_stream = p.read(AxiRegister::kErrorStream);
      for (auto reg = static_cast<std::uint32_t>(AxiRegister::kCycles);
           reg <= static_cast<std::uint32_t>(AxiRegister::kBeats); reg += 8) {
        run.counters.push_back(p.read_counter(static_cast<AxiRegister>(reg)));
      }
      p.write(AxiRegister::kIrqStatus, 3);
    });
    run.values = sink.values;
    run.ends = sink.ends;
    return run;
  }
};

}  // namespace transom::support
