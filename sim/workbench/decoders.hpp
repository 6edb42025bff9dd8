// decoders.hpp — the decoders that there are: one table, a line each.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "transom/codec/codec.hpp"
#include "transom/unit/bench.hpp"

namespace transom::workbench {

struct Decoder {
  std::string_view name;
  /// Why it cannot run here; empty if it can.
  std::string (*why_not)();
  /// Why it cannot decode this tensor; empty if it can.
  std::string (*why_not_tensor)(const CodedTensor& tensor);
  Decoded (*decode)(const CodedTensor& tensor);
  /// Runs a bench to its end, cycle by cycle; nullptr where there is no notion of cycles.
  unit::Run (*run)(unit::Bench& bench);
};

/// The first is the golden model.
std::span<const Decoder> decoders();
/// nullptr when there is none of that name.
const Decoder* find_decoder(std::string_view name);

}  // namespace transom::workbench
