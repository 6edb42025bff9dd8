// ports.hpp — ports of Verilated classes: a CData .. QData up to 64 bits, a VlWide above.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <type_traits>

namespace transom::verilated {

/// Word `index` of a port of 32-bit words.
template <class Port>
void put_word(Port& port, unsigned index, std::uint32_t word) {
  if constexpr (std::is_integral_v<Port>) {
    port = static_cast<Port>((port & ~(std::uint64_t{0xffff'ffff} << 32 * index)) |
                             std::uint64_t{word} << 32 * index);
  } else {
    port[index] = word;
  }
}

/// Field `index` of a port of fields of `width` bits, at most 64.
template <class Port>
std::uint64_t get_field(const Port& port, unsigned index, unsigned width) {
  const std::uint64_t mask = width == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
  const unsigned lsb = index * width;
  if constexpr (std::is_integral_v<Port>) {
    return std::uint64_t{port} >> lsb & mask;
  } else {
    const unsigned word = lsb / 32;
    const unsigned shift = lsb % 32;
    std::uint64_t field = std::uint64_t{port[word]} >> shift;
    for (unsigned have = 32 - shift, next = word + 1; have < width; have += 32, ++next) {
      field |= std::uint64_t{port[next]} << have;
    }
    return field & mask;
  }
}
template <class Port>
bool get_bit(const Port& port, unsigned index) {
  return get_field(port, index, 1) != 0;
}

}  // namespace transom::verilated
