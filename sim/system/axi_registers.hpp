// axi_registers.hpp — the registers of decoder_axi as a driver sees them: contents, no time.
//
// rtl/axi/axi_regs.sv, axi_errors.sv and axi_counters.sv without their clock: each view of the unit
// puts its own time around it. The map is in rtl/AXI.md.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "transom/base/spec.hpp"
#include "transom/system/axi_bus.hpp"

namespace transom::system {

inline constexpr std::uint32_t kAxiRegisterBytes = 0x100;  ///< addresses that the unit answers to
inline constexpr std::uint32_t kAxiStart = 1;              ///< bit of AxiRegister::kControl
inline constexpr std::uint32_t kAxiIrqDone = 1, kAxiIrqError = 2;

/// What went wrong: every kind is remembered, the first error with its place.
struct AxiErrors {
  bool any = false;
  bool bus = false;
  bool descriptor = false;
  Status status = Status::kOk;  ///< status of the first stream that ended badly
  std::uint32_t first_descriptor = 0;
  std::uint32_t first_stream = 0;  ///< its number, or kNoStream

  void bus_error(std::uint32_t of_descriptor, std::uint32_t stream) {
    bus = true;
    place(of_descriptor, stream);
  }
  void bad_descriptor(std::uint32_t of_descriptor) {
    descriptor = true;
    place(of_descriptor, kNoStream);
  }
  void bad_stream(std::uint32_t of_descriptor, std::uint32_t stream, Status how) {
    if (status == Status::kOk) status = how;
    place(of_descriptor, how == Status::kBadTable ? kNoStream : stream);  // a table is all streams'
  }

 private:
  void place(std::uint32_t of_descriptor, std::uint32_t stream) {
    if (any) return;
    any = true;
    first_descriptor = of_descriptor;
    first_stream = stream;
  }
};

/// The register file of decoder_axi, without time.
struct AxiRegisters {
  bool busy = false;
  bool done = false;
  std::uint32_t irq_enable = 0;
  std::uint32_t irq_status = 0;
  std::uint64_t descriptors = 0;  ///< address of the first
  std::uint32_t n_descriptors = 0;
  std::uint32_t config = 0;
  AxiErrors errors;
  AxiCounters counters{};

  bool irq() const { return (irq_status & irq_enable) != 0; }

  /// @param address of the word
  std::uint32_t read(std::uint32_t address) const {
    switch (static_cast<AxiRegister>(address)) {
      case AxiRegister::kId:
        return kAxiId;
      case AxiRegister::kConfig:
        return config;
      case AxiRegister::kStatus:
        return (busy ? kAxiBusy : 0) | (done ? kAxiDone : 0) | (errors.any ? kAxiError : 0) |
               static_cast<std::uint32_t>(errors.status) << 8 | (errors.bus ? kAxiBusError : 0) |
               (errors.descriptor ? kAxiBadDescriptor : 0);
      case AxiRegister::kIrqEnable:
        return irq_enable;
      case AxiRegister::kIrqStatus:
        return irq_status;
      case AxiRegister::kDescriptorsLow:
        return static_cast<std::uint32_t>(descriptors);
      case AxiRegister::kDescriptorsHigh:
        return static_cast<std::uint32_t>(descriptors >> 32);
      case AxiRegister::kDescriptorCount:
        return n_descriptors;
      case AxiRegister::kErrorDescriptor:
        return errors.first_descriptor;
      case AxiRegister::kErrorStream:
        return errors.first_stream;
      default:
        return counter_word(address);
    }
  }

  /// @param mask bits of the word that are written
  /// @return whether that starts the unit
  bool write(std::uint32_t address, std::uint32_t word, std::uint32_t mask) {
    word &= mask;
    const auto put = [&](auto& field, unsigned bit) {
      using T = std::remove_reference_t<decltype(field)>;
      field = (field & ~(T{mask} << bit)) | T{word} << bit;
    };
    switch (static_cast<AxiRegister>(address)) {
      case AxiRegister::kControl:
        return (word & kAxiStart) != 0 && !busy;
      case AxiRegister::kIrqEnable:
        put(irq_enable, 0);
        irq_enable &= kAxiIrqDone | kAxiIrqError;
        break;
      case AxiRegister::kIrqStatus:
        irq_status &= ~word;
        break;
      case AxiRegister::kDescriptorsLow:
        put(descriptors, 0);
        break;
      case AxiRegister::kDescriptorsHigh:
        put(descriptors, 32);
        break;
      case AxiRegister::kDescriptorCount:
        put(n_descriptors, 0);
        break;
      default:
        break;
    }
    return false;
  }

 private:
  std::uint32_t counter_word(std::uint32_t address) const {
    const auto first = static_cast<std::uint32_t>(AxiRegister::kCycles);
    const std::uint32_t word = (address - first) / 4;
    if (address < first || word >= 2 * kAxiCounters) return 0;
    return static_cast<std::uint32_t>(counters[word / 2] >> word % 2 * 32);
  }
};

}  // namespace transom::system
