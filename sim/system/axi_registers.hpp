// axi_registers.hpp — the registers of decoder_axi as a driver sees them: contents, no time.
//
// rtl/axi/axi_regs.sv, axi_errors.sv and axi_counters.sv without their clock: each view of the unit
// puts its own time around it. The map is in rtl/AXI.md.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <type_traits>
#include <utility>

#include "transom/base/spec.hpp"
#include "transom/system/axi_bus.hpp"
#include "transom/system/axi_limits.hpp"

namespace transom::system {

inline constexpr std::uint32_t kAxiRegisterBytes = 0x100;  ///< addresses that the unit answers to
inline constexpr std::uint32_t kAxiIrqDone = 1, kAxiIrqError = 2;

/// What went wrong: every cause is remembered, the first error with its place.
struct AxiErrors {
  AxiCause cause = AxiCause::kNone;  ///< of the first error
  std::uint32_t bits = 0;            ///< axi_error_bit() of all
  Status status = Status::kOk;       ///< status of the first stream that ended badly
  std::uint32_t first_descriptor = 0;
  std::uint32_t first_stream = 0;  ///< its number, or kNoStream

  bool any() const { return cause != AxiCause::kNone; }
  void add(AxiCause how, std::uint32_t of_descriptor, std::uint32_t stream = kNoStream) {
    if (how == AxiCause::kNone) return;
    if (how != AxiCause::kStream) bits |= axi_error_bit(how);
    if (any()) return;
    cause = how;
    first_descriptor = of_descriptor;
    first_stream = stream;
  }
  void bad_stream(std::uint32_t of_descriptor, std::uint32_t stream, Status how) {
    if (status == Status::kOk) status = how;
    // A table is all streams'.
    add(AxiCause::kStream, of_descriptor, how == Status::kBadTable ? kNoStream : stream);
  }
};

/// The register file of decoder_axi, without time.
class AxiRegisters {
  /// The limit of 64 bits of which a word is at the address, and the word's first bit; or nullptr.
  template <class Self>
  static auto limit_at(Self& self, std::uint32_t address) {
    auto* const base = &self.limits.window_base;
    decltype(base) fields[] = {base, &self.limits.window_limit, &self.limits.max_values};
    const auto first = static_cast<std::uint32_t>(AxiRegister::kWindowBase);
    const std::uint32_t word = (address - first) / 4;
    const bool is_one = address >= first && word < 2 * std::size(fields);
    return std::pair(is_one ? fields[word / 2] : nullptr, word % 2 * 32);
  }

 public:
  std::uint32_t id = kAxiId;
  std::uint32_t section_words = 0;  ///< decoder_axi has no such register
  bool busy = false;
  bool done = false;
  std::uint32_t irq_enable = 0;
  std::uint32_t irq_status = 0;
  std::uint64_t descriptors = 0;  ///< address of the first
  std::uint32_t n_descriptors = 0;
  AxiLimits limits;
  std::uint32_t config = 0;
  AxiErrors errors;
  AxiCounters counters{};

  bool irq() const { return (irq_status & irq_enable) != 0; }

  /// @param address of the word
  std::uint32_t read(std::uint32_t address) const {
    switch (static_cast<AxiRegister>(address)) {
      case AxiRegister::kId:
        return id;
      case AxiRegister::kConfig:
        return config;
      case AxiRegister::kStatus:
        return (busy ? kAxiBusy : 0) | (done ? kAxiDone : 0) | (errors.any() ? kAxiError : 0) |
               static_cast<std::uint32_t>(errors.status) << 8 | errors.bits |
               axi_first_cause(errors.cause);
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
      case AxiRegister::kMaxDescriptors:
        return limits.max_descriptors;
      case AxiRegister::kSectionWords:
        return section_words;
      default:
        break;
    }
    const auto [field, bit] = limit_at(*this, address);
    return field != nullptr ? static_cast<std::uint32_t>(*field >> bit) : counter_word(address);
  }

  /// @param mask bits of the word that are written
  /// @return kAxiStart if that starts the unit, kAxiAbort if it ends its run
  std::uint32_t write(std::uint32_t address, std::uint32_t word, std::uint32_t mask) {
    word &= mask;
    const auto put = [&](auto& field, unsigned bit) {
      using T = std::remove_reference_t<decltype(field)>;
      field = (field & ~(T{mask} << bit)) | T{word} << bit;
    };
    switch (static_cast<AxiRegister>(address)) {
      case AxiRegister::kControl:
        return word & (busy ? kAxiAbort : kAxiStart);
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
      case AxiRegister::kMaxDescriptors:
        if (!busy) put(limits.max_descriptors, 0);
        break;
      case AxiRegister::kSectionWords:
        if (id == kWideId) put(section_words, 0);
        break;
      default:
        if (const auto [field, bit] = limit_at(*this, address); field != nullptr && !busy) {
          put(*field, bit);
        }
    }
    return 0;
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
