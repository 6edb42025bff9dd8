// unit_shapes.hpp — the decoder units that a set of tensors runs on.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <span>

#include "transom/codec/codec.hpp"
#include "transom/unit/job.hpp"

namespace transom::workbench {

/// One unit for each kind of lane, so that no more RTL is built than there are kinds: it has the
/// lanes asked for, or as few as take all tensors; the tables and rows asked for, or the kind's.
class UnitShapes {
 public:
  UnitShapes(std::span<const CodedTensor> tensors, std::optional<unsigned> n_lanes,
             std::optional<unsigned> table_log, std::optional<unsigned> max_rows);
  unit::UnitShape of(LaneKind kind) const {
    return {kind, n_lanes_[index(kind)], table_log_, max_rows_};
  }

 private:
  static std::size_t index(LaneKind kind) { return static_cast<std::size_t>(kind); }
  std::array<unsigned, kLaneKinds> n_lanes_;
  unsigned table_log_, max_rows_;
};

}  // namespace transom::workbench
