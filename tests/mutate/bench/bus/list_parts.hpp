// list_parts.hpp — what lists that no driver makes are put together of: words of an image, a small
// tensor.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transom/coverage/system_cases.hpp"

namespace transom::mutate {

inline constexpr std::uint64_t kBase = 0x5a'2345'6000;
inline constexpr std::uint64_t kPatience = 260;  ///< clocks before the abort of what may not end

std::uint32_t word(const system::AxiImage& image, std::uint64_t address);
void put(system::AxiImage& image, std::uint64_t address, std::uint32_t to);
/// Its bytes up to a whole descriptor.
void align(system::AxiImage& image);
/// So many bytes of it once more, behind it; where they are then.
std::uint64_t copy(system::AxiImage& image, std::uint64_t from, std::size_t bytes);

/// With a small table.
CodedTensor small_tensor(Coding coding, std::uint32_t n_values, unsigned table_log = 5,
                         Spread spread = Spread::kTuned, std::uint32_t n_streams = 4);
/// Words behind the end of a stream.
CodedTensor with_tail(CodedTensor tensor, std::size_t stream, bool offsets, std::size_t n_words);

}  // namespace transom::mutate
