// beats.cpp — see beats.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/vectors/beats.hpp"

#include <stdexcept>

#include "transom/unit/lane_kind.hpp"

namespace transom::workbench {
namespace {

constexpr const char* kDigits = "0123456789abcdef";

}  // namespace

std::string beats_text(std::span<const Beat> beats) {
  std::string text;
  for (const Beat& beat : beats) {
    text += beat.last ? "1_" : "0_";
    const std::size_t n = beat.keep.size();
    for (std::size_t digit = (n + 1) / 2; digit-- > 0;) {
      const unsigned second = 2 * digit + 1 < n ? beat.keep[2 * digit + 1] : 0u;
      text += kDigits[beat.keep[2 * digit] | second << 2];
    }
    text += '_';
    for (std::size_t i = n; i-- > 0;) {
      const unsigned value = beat.keep[i] != 0 ? beat.values[i] : 0u;
      for (unsigned d = 4; d-- > 0;) text += kDigits[value >> 4 * d & 15];
    }
    text += '\n';
  }
  return text;
}

std::vector<Beat> beats_of(std::span<const CodedTensor> tensors, unsigned n_values) {
  std::vector<Beat> beats;
  for (const CodedTensor& tensor : tensors) {
    const LaneKind kind = codec(tensor.code.coding).lane;
    const unsigned each = values_per_beat(kind), lanes = n_values / each;
    if (lanes == 0 || lanes > kMaxDecoderLanes || n_values % each != 0) {
      throw std::invalid_argument("a beat of " + std::to_string(n_values) +
                                  " values is of no unit with lanes of " +
                                  std::string(lane_kind_name(kind)));
    }
    const system::AxiShape shape{.unit = {kind, lanes, max_lane_table_log(kind),
                                          static_cast<unsigned>(unit::max_rows(kind))}};
    if (const std::string why = system::why_not_in_image(tensor, shape); !why.empty()) {
      throw std::invalid_argument("tensor '" + tensor.name + "': " + why);
    }
    const system::AxiTensor out = system::make_axi_tensor(tensor, shape);
    for (std::size_t b = 0; b < out.n_beats(); ++b) {
      const system::AxiBeat beat = out.beat(b);
      beats.push_back({{beat.values.begin(), beat.values.end()},
                       {beat.keep.begin(), beat.keep.end()},
                       beat.last});
    }
  }
  return beats;
}

}  // namespace transom::workbench
