// noise.hpp — what lies at ports of decoder whose valid is low: anything.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "transom/unit/ports.hpp"
#include "transom/unit/pressure.hpp"

namespace transom::mutate {

/// The inputs of a bench with numbers drawn for all that nobody may look at.
class Noise {
 public:
  explicit Noise(const unit::UnitShape& shape) : groups_((1u << shape.table_log) / kLoadEntries) {}

  const unit::UnitInputs& operator()(const unit::UnitInputs& in) {
    noisy_ = in;
    unit::LoadInputs& load = noisy_.load;
    if (!load.table_valid) {
      load.table_addr = static_cast<std::uint16_t>(draw() % std::max(groups_, 1u));
      for (std::uint32_t& word : load.table_words) word = draw();
    }
    if (!load.row_valid) {
      load.row_addr = static_cast<std::uint8_t>(draw());
      load.row_word = draw();
    }
    if (!load.table_valid && !load.row_valid) {
      load.bank = draw() % 2 != 0;
      load.table_log = static_cast<std::uint8_t>(draw() % 16);
      load.last_row = static_cast<std::uint8_t>(draw());
    }
    bool any_job = false;
    for (unit::StreamInputs& stream : noisy_.streams) {
      any_job = any_job || stream.job_valid;
      if (!stream.job_valid) {
        stream.n_values = draw();
        stream.symbol_empty = draw() % 2 != 0;
        stream.offset_empty = draw() % 2 != 0;
      }
      if (!stream.symbol_valid) {
        stream.symbol_word = draw();
        stream.symbol_last = draw() % 2 != 0;
      }
      if (!stream.offset_valid) {
        stream.offset_word = draw();
        stream.offset_last = draw() % 2 != 0;
      }
    }
    if (!any_job) {
      noisy_.table_log = draw() % 16;
      noisy_.bank = draw() % 2 != 0;
    }
    return noisy_;
  }

 private:
  std::uint32_t draw() { return static_cast<std::uint32_t>(unit::mix(++drawn_) >> 32); }

  unsigned groups_;
  std::uint64_t drawn_ = 0;
  unit::UnitInputs noisy_;
};

}  // namespace transom::mutate
