// tensor_job.hpp — a coded tensor as a job for the decoder unit, and its values back in order.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bench.hpp"
#include "codec.hpp"
#include "job.hpp"

namespace transom {

/// Why the unit cannot decode this tensor; empty if it can.
inline std::string why_not_a_job(const CodedTensor& tensor) {
  const Codec& c = codec(tensor.code.coding);
  if (c.lane != LaneKind::kTans) return std::string(c.name) + " has no hardware lane";
  if (tensor.lanes.size() > kMaxDecoderLanes) {
    return std::to_string(tensor.lanes.size()) + " lanes are over the unit's " +
           std::to_string(kMaxDecoderLanes);
  }
  return {};
}

/// Only where why_not_a_job() is empty.
inline Job make_job(const CodedTensor& tensor) {
  Job job{tensor.code.table_log, codec(tensor.code.coding).make_table(tensor.code), {}, {}};
  for (const Row& row : tensor.code.rows) job.rows.push_back(to_word(row));
  const Lanes lanes = tensor.layout();
  for (std::uint32_t lane = 0; lane < lanes.n_lanes; ++lane) {
    const LaneStreams& streams = tensor.lanes[lane];
    job.lanes.push_back({lanes.lane_values(lane), streams.symbols, streams.offsets});
  }
  return job;
}

/// What a run gave, as any decoder's result: values back in the tensor's order, and judged.
inline Decoded collect(const CodedTensor& tensor, const Run& run) {
  const Lanes lanes = tensor.layout();
  std::vector<value_t> values(lanes.n_values);
  std::vector<Status> statuses;
  for (std::uint32_t lane = 0; lane < lanes.n_lanes; ++lane) {
    std::size_t next = 0;
    lanes.for_each(lane, [&](std::uint32_t i) {
      if (next < run.lanes[lane].values.size()) values[i] = run.lanes[lane].values[next++];
    });
    statuses.push_back(run.lanes[lane].status);
  }
  return judge(tensor, std::move(values), std::move(statuses));
}

}  // namespace transom
