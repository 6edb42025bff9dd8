// beats.hpp — beats of values as lines of hex: TLAST, TKEEP, TDATA.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "transom/system/axi_image.hpp"

namespace transom::workbench {

/// A beat as it leaves.
struct Beat {
  std::vector<value_t> values;
  std::vector<std::uint8_t> keep;  ///< of a value: 3 where one is there, else 0
  bool last = false;

  friend bool operator==(const Beat&, const Beat&) = default;
};

/// A line each: 0_ff_0004000300020001, every field from its highest bit down.
std::string beats_text(std::span<const Beat> beats);

/// The beats of tensors, one behind the other, of a decoder_axi whose beats have so many values.
/// Throws std::invalid_argument where there is no such unit, or it cannot decode one of them.
std::vector<Beat> beats_of(std::span<const CodedTensor> tensors, unsigned n_values);

}  // namespace transom::workbench
