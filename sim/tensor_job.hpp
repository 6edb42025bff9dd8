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
  const LaneKind kind = codec(tensor.code.coding).lane;
  const std::string lane = std::string(lane_kind_name(kind)) + " lane";
  if (tensor.code.table_log > max_lane_table_log(kind)) {
    return "table log " + std::to_string(tensor.code.table_log) + " is over the " + lane + "'s " +
           std::to_string(max_lane_table_log(kind));
  }
  if (tensor.lanes.size() > max_streams(kind)) {
    return std::to_string(tensor.lanes.size()) + " streams are over the " +
           std::to_string(max_streams(kind)) + " of the largest unit with a " + lane;
  }
  return {};
}

/// Only where why_not_a_job() is empty.
inline Job make_job(const CodedTensor& tensor) {
  const Codec& c = codec(tensor.code.coding);
  Job job{c.lane, tensor.code.table_log, c.make_unit_table(tensor.code), {}, {}};
  for (const Row& row : tensor.code.rows) job.rows.push_back(to_word(row));
  const Lanes lanes = tensor.layout();
  for (std::uint32_t lane = 0; lane < lanes.n_lanes; ++lane) {
    const LaneStreams& streams = tensor.lanes[lane];
    job.streams.push_back({lanes.lane_values(lane), streams.symbols, streams.offsets});
  }
  return job;
}

/// What job `job` of a run gave, as any decoder's result: values back in the tensor's order, and
/// judged. Values that did not come are 0.
inline Decoded collect(const CodedTensor& tensor, const Run& run, std::size_t job = 0) {
  const Lanes lanes = tensor.layout();
  std::vector<value_t> values(lanes.n_values);
  std::vector<Status> statuses;
  for (std::uint32_t lane = 0; lane < lanes.n_lanes; ++lane) {
    const StreamRun& stream = run.streams[lane];
    std::size_t next = 0;
    for (std::size_t j = 0; j < job; ++j) next += stream.jobs[j].n_values;
    lanes.for_each(lane, [&](std::uint32_t i) {
      if (next < stream.values.size()) values[i] = stream.values[next++];
    });
    statuses.push_back(stream.jobs[job].status);
  }
  return judge(tensor, std::move(values), std::move(statuses));
}

}  // namespace transom
