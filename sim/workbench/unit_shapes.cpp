// unit_shapes.cpp — the decoder units that a set of tensors runs on.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/unit_shapes.hpp"

#include <algorithm>

#include "transom/unit/tensor_job.hpp"

namespace transom::workbench {

UnitShapes::UnitShapes(std::span<const CodedTensor> tensors, std::optional<unsigned> n_lanes,
                       std::optional<unsigned> table_log, std::optional<unsigned> max_rows)
    : table_log_(table_log.value_or(kMaxTableLog)), max_rows_(max_rows.value_or(kMaxAlphabet)) {
  n_lanes_.fill(n_lanes.value_or(1));
  for (const CodedTensor& tensor : tensors) {
    // What is stored raw runs on tANS lanes whatever was asked for, so those may be more.
    if (n_lanes && tensor.code.coding != Coding::kRaw) continue;
    if (!unit::why_not_a_job(tensor).empty()) continue;
    const LaneKind kind = codec(tensor.code.coding).lane;
    unsigned& most = n_lanes_[index(kind)];
    most = std::max(most, unit::unit_shape(kind, tensor.streams.size()).n_lanes);
  }
}

}  // namespace transom::workbench
