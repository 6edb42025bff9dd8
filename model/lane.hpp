// lane.hpp — a tensor's values over N lanes, and the decoding of one lane.
//
// Values go to lanes in chunks of k: chunk c to lane c mod N. k = 1 is in-order hardware, a larger
// k gives a GPU thread consecutive bytes. A lane has two streams: prefix symbols (which the entropy
// coder sees) and offsets (raw bits), as in APack, arXiv:2201.08830.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <vector>

#include "bits.hpp"
#include "spec.hpp"

namespace transom {

/// Which value goes where.
struct Lanes {
  std::uint32_t n_values = 0;
  std::uint32_t n_lanes = 1;  ///< >= 1
  std::uint32_t chunk = 1;    ///< k >= 1

  /// Values of one lane; the sum over all lanes is n_values.
  constexpr std::uint32_t lane_values(std::uint32_t lane) const {
    const std::uint64_t round = std::uint64_t{n_lanes} * chunk;
    const std::uint64_t whole = n_values / round * chunk;
    const std::uint64_t rest = n_values % round;
    const std::uint64_t before = std::uint64_t{lane} * chunk;
    const std::uint64_t part = rest > before ? std::min<std::uint64_t>(rest - before, chunk) : 0;
    return static_cast<std::uint32_t>(whole + part);
  }

  /// Calls visit(index) for the tensor indices of one lane, in the lane's order.
  template <class Visit>
  constexpr void for_each(std::uint32_t lane, Visit&& visit) const {
    const std::uint64_t round = std::uint64_t{n_lanes} * chunk;
    for (std::uint64_t first = std::uint64_t{lane} * chunk; first < n_values; first += round) {
      const std::uint64_t end = std::min<std::uint64_t>(first + chunk, n_values);
      for (std::uint64_t i = first; i < end; ++i) visit(static_cast<std::uint32_t>(i));
    }
  }
};

/// The two streams of a lane, in words, the last one filled up with zero bits.
struct LaneStreams {
  std::vector<std::uint32_t> symbols;
  std::vector<std::uint32_t> offsets;

  friend bool operator==(const LaneStreams&, const LaneStreams&) = default;
};

/// The verdict on a lane after its last value. Order matters: a cut stream ends in a wrong state
/// too.
template <class Bits>
constexpr Status lane_status(bool state_at_end, const Bits& symbols, const Bits& offsets) {
  if (symbols.past_end() || offsets.past_end()) return Status::kTruncated;
  if (!state_at_end) return Status::kBadState;
  if (!symbols.clean_end() || !offsets.clean_end()) return Status::kTrailing;
  return Status::kOk;
}

/// Decodes one lane: values[index] for the lane's indices, in order. Total on any stream.
/// @param rows  kMaxAlphabet rows (those beyond the alphabet are never reached)
/// @param values room for the whole tensor, lanes.n_values
template <class Decoder>
constexpr Status decode_lane(Decoder decoder, const std::uint32_t* rows, BitReader symbols,
                             BitReader offsets, const Lanes& lanes, std::uint32_t lane,
                             value_t* values) {
  if (lanes.lane_values(lane) == 0) return lane_status(true, symbols, offsets);
  decoder.start(symbols);
  lanes.for_each(lane, [&](std::uint32_t index) {
    const Row row = to_row(rows[decoder.step(symbols)]);
    values[index] = static_cast<value_t>(row.vmin + offsets.read(row.offset_bits));
  });
  return lane_status(decoder.at_end(), symbols, offsets);
}

/// One decoded value with everything a verification engineer compares.
struct TracedValue {
  symbol_t symbol;
  value_t value;
  std::uint64_t state;            ///< after the step; the coder's state()
  std::uint64_t symbol_position;  ///< bits of the symbol stream read, after the step
  std::uint64_t offset_position;  ///< bits of the offset stream read, after the step
};

/// decode_lane(), told step by step. `n_values` are the lane's.
template <class Decoder>
std::vector<TracedValue> trace_lane(Decoder decoder, const std::uint32_t* rows, BitReader symbols,
                                    BitReader offsets, std::uint32_t n_values) {
  std::vector<TracedValue> trace;
  if (n_values == 0) return trace;
  decoder.start(symbols);
  for (std::uint32_t i = 0; i < n_values; ++i) {
    const symbol_t s = decoder.step(symbols);
    const Row row = to_row(rows[s]);
    const auto value = static_cast<value_t>(row.vmin + offsets.read(row.offset_bits));
    trace.push_back({s, value, decoder.state(), symbols.position(), offsets.position()});
  }
  return trace;
}

}  // namespace transom
