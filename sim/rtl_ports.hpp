// rtl_ports.hpp — ports of Verilated classes: a CData .. QData up to 64 bits, a VlWide above.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <type_traits>

namespace transom::ports {

/// Writes word `i` of a port of 32-bit words.
template <class Port>
void put_word(Port& port, unsigned i, std::uint32_t word) {
  if constexpr (std::is_integral_v<Port>) {
    port = static_cast<Port>((port & ~(std::uint64_t{0xffff'ffff} << 32 * i)) | std::uint64_t{word}
                                                                                    << 32 * i);
  } else {
    port[i] = word;
  }
}

/// Field `i` of a port of fields of `width` bits, at most 32.
template <class Port>
std::uint32_t get_field(const Port& port, unsigned i, unsigned width) {
  const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
  const unsigned lsb = i * width;
  if constexpr (std::is_integral_v<Port>) {
    return static_cast<std::uint32_t>(std::uint64_t{port} >> lsb & mask);
  } else {
    const unsigned shift = lsb % 32;
    std::uint64_t two = port[lsb / 32];
    if (shift + width > 32) two |= std::uint64_t{port[lsb / 32 + 1]} << 32;
    return static_cast<std::uint32_t>(two >> shift & mask);
  }
}

}  // namespace transom::ports
