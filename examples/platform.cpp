// platform.cpp — a TLM-2.0 platform: software, a memory and the decoder, in either of its views.
//
// sim/systemc/TLM.md shows this file from its marker on.
// SPDX-License-Identifier: Apache-2.0
// The page begins here.
#include <algorithm>
#include <cstring>
#include <iostream>

#include "transom/container/container.hpp"
#include "transom/plan/plan.hpp"
#include "transom/system/axi_image.hpp"
#include "transom/systemc/tlm_ca.hpp"
#include "transom/systemc/tlm_lt.hpp"

using namespace transom;
using namespace transom::system;
using namespace transom::systemc;

/// Memory with two ports: the decoder reads through one and writes its values through the other.
struct Ram : sc_core::sc_module {
  tlm_utils::simple_target_socket<Ram> reads{"reads"}, writes{"writes"};
  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(1 << 20);

  explicit Ram(const sc_core::sc_module_name& name) : sc_module(name) {
    reads.register_b_transport(this, &Ram::b_transport);
    writes.register_b_transport(this, &Ram::b_transport);
  }
  void b_transport(tlm::tlm_generic_payload& access, sc_core::sc_time& delay) {
    if (access.get_address() + access.get_data_length() > bytes.size()) {
      access.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
      return;
    }
    std::uint8_t* const at = &bytes[access.get_address()];
    if (access.is_read()) {
      std::memcpy(access.get_data_ptr(), at, access.get_data_length());
      delay += sc_core::sc_time(30, sc_core::SC_NS);  // until the first beat is there
    } else if (access.is_write()) {
      std::memcpy(at, access.get_data_ptr(), access.get_data_length());
    }
    access.set_response_status(tlm::TLM_OK_RESPONSE);
  }
};

/// Software: lays a tensor in memory, has it decoded, looks at the values.
struct Software : sc_core::sc_module {
  tlm_utils::simple_initiator_socket<Software> bus{"bus"};
  sc_core::sc_in<bool> irq{"irq"};
  Ram& ram;
  AxiShape shape;
  bool ok = false;

  SC_HAS_PROCESS(Software);
  Software(const sc_core::sc_module_name& name, Ram& memory, const AxiShape& of)
      : sc_module(name), ram(memory), shape(of) {
    SC_THREAD(main);
  }
  void write(AxiRegister reg, std::uint32_t word) {
    tlm::tlm_generic_payload access;
    access.set_write();
    access.set_address(static_cast<std::uint64_t>(reg));
    access.set_data_ptr(reinterpret_cast<unsigned char*>(&word));
    access.set_data_length(4);
    access.set_streaming_width(4);
    sc_core::sc_time delay;
    bus->b_transport(access, delay);
    wait(delay);
  }
  void write_long(AxiRegister reg, std::uint64_t word) {
    write(reg, static_cast<std::uint32_t>(word));
    write(static_cast<AxiRegister>(static_cast<int>(reg) + 4),
          static_cast<std::uint32_t>(word >> 32));
  }
  void main() {
    Tensor tensor{"ramp", {8, false}, {4000}, std::vector<value_t>(4000)};
    for (std::size_t i = 0; i < 4000; ++i) tensor.values[i] = static_cast<value_t>(i * i % 40);
    const std::vector<CodedTensor> coded{encode_best(tensor, {})};  // 4 streams, apack-tans
    const AxiImage image = make_axi_image(write_container(coded), coded, shape, 0);
    std::copy(image.bytes.begin(), image.bytes.end(), ram.bytes.begin());

    write(AxiRegister::kDescriptorsLow, static_cast<std::uint32_t>(image.descriptors));
    write(AxiRegister::kDescriptorCount, image.n_descriptors);
    const AxiLimits limits = image_limits(image);  // it may read the image, and nothing else
    write_long(AxiRegister::kWindowBase, limits.window_base);
    write_long(AxiRegister::kWindowLimit, limits.window_limit);
    write_long(AxiRegister::kMaxValues, limits.max_values);
    write(AxiRegister::kMaxDescriptors, limits.max_descriptors);
    write(AxiRegister::kIrqEnable, 1);
    write(AxiRegister::kControl, kAxiStart);
    wait(irq.posedge_event());
    std::cout << name() << " is done at " << sc_core::sc_time_stamp() << "\n";
    ok = std::memcmp(&ram.bytes[0x8'0000], tensor.values.data(), 2 * tensor.values.size()) == 0;
  }
};

/// The same platform around either view.
template <class Decoder>
struct Platform : sc_core::sc_module {
  Ram ram{"ram"};
  Decoder decoder;
  Software software;
  sc_core::sc_signal<bool> irq{"irq"};

  Platform(const sc_core::sc_module_name& name, const TlmParameters& parameters)
      : sc_module(name),
        decoder("decoder", parameters),
        software("software", ram, parameters.axi.shape) {
    software.bus.bind(decoder.registers);
    decoder.memory.bind(ram.reads);
    decoder.values.bind(ram.writes);
    decoder.irq.bind(irq);
    software.irq.bind(irq);
  }
};

int sc_main(int, char**) {
  TlmParameters parameters;
  parameters.axi.shape.unit = {LaneKind::kTans, 4};
  parameters.axi.shape.data_bits = 128;
  parameters.clock = sc_core::sc_time(2, sc_core::SC_NS);
  parameters.values_address = 0x8'0000;
  tlm::tlm_global_quantum::instance().set(sc_core::sc_time(1, sc_core::SC_US));
  Platform<TlmDecoderLt> loosely_timed("loosely_timed", parameters);
  Platform<TlmDecoderCa> cycle_accurate("cycle_accurate", parameters);
  sc_core::sc_start();
  return loosely_timed.software.ok && cycle_accurate.software.ok ? 0 : 1;
}
