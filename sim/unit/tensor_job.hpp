// tensor_job.hpp — a coded tensor as a job for the decoder unit, and its values back in order.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "transom/codec/codec.hpp"
#include "transom/unit/job.hpp"
#include "transom/unit/run.hpp"

namespace transom::unit {

/// Why a lane has no table of this size; empty if it has.
inline std::string why_not_a_job(LaneKind kind, unsigned table_log) {
  if (table_log <= max_lane_table_log(kind)) return {};
  return "table log " + std::to_string(table_log) + " is over the " +
         std::string(lane_kind_name(kind)) + " lane's " + std::to_string(max_lane_table_log(kind));
}

/// Why the unit cannot decode this tensor; empty if it can.
inline std::string why_not_a_job(const CodedTensor& tensor) {
  const LaneKind kind = codec(tensor.code.coding).lane;
  if (std::string why = why_not_a_job(kind, tensor.code.table_log); !why.empty()) return why;
  const std::string lane = std::string(lane_kind_name(kind)) + " lane";
  if (tensor.streams.size() > max_streams(kind)) {
    return std::to_string(tensor.streams.size()) + " streams are over the " +
           std::to_string(max_streams(kind)) + " of the largest unit with a " + lane;
  }
  return {};
}

/// Only where why_not_a_job() is empty.
inline Job make_job(const CodedTensor& tensor) {
  const Codec& c = codec(tensor.code.coding);
  Job job{c.lane, tensor.code.table_log, c.make_unit_table(tensor.code), {}, {}, tensor.code};
  for (const Row& row : tensor.code.rows) job.rows.push_back(to_word(row));
  const StreamLayout layout = tensor.layout();
  for (std::uint32_t stream = 0; stream < layout.n_streams; ++stream) {
    const StreamWords& words = tensor.streams[stream];
    job.streams.push_back({layout.stream_values(stream), words.symbols, words.offsets});
  }
  return job;
}

/// What job `job` of a run gave, as any decoder's result: values back in the tensor's order, and
/// judged. Values that did not come are 0.
inline Decoded collect(const CodedTensor& tensor, const Run& run, std::size_t job = 0) {
  const StreamLayout layout = tensor.layout();
  std::vector<value_t> values(layout.n_values);
  std::vector<Status> statuses;
  for (std::uint32_t s = 0; s < layout.n_streams; ++s) {
    const StreamRun& stream = run.streams[s];
    std::size_t next = 0;
    for (std::size_t j = 0; j < job; ++j) next += stream.jobs[j].n_values;
    layout.for_each(s, [&](std::uint32_t i) {
      if (next < stream.values.size()) values[i] = stream.values[next++];
    });
    statuses.push_back(stream.jobs[job].status);
  }
  return judge(tensor, std::move(values), std::move(statuses));
}

}  // namespace transom::unit
