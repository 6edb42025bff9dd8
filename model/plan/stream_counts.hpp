// stream_counts.hpp — how many values of each stream lie below each place where a row may begin.
// Not a public header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "transom/base/stream.hpp"
#include "transom/base/tensor_view.hpp"

namespace transom::plan_detail {

inline constexpr unsigned kLanes = 4;           ///< streams that are looked at together
inline constexpr unsigned kMostApart = 8;       ///< streams that are told apart; more are as one
inline constexpr std::size_t kMaxPlaces = 257;  ///< of 8-bit values, all

class StreamCounts {
 public:
  /// @param bounds ascending from 0 to 2^W, where rows may begin; kMaxPlaces at most
  StreamCounts(const TensorView& tensor, const StreamLayout& layout,
               std::vector<std::uint32_t> bounds)
      : bounds_(std::move(bounds)),
        n_apart_(layout.n_streams <= kMostApart ? layout.n_streams : 1),
        lanes_((n_apart_ + kLanes - 1) / kLanes * kLanes),
        below_(bounds_.size() * lanes_),
        total_(bounds_.size()) {
    count(tensor, layout);
    for (std::size_t i = lanes_; i < below_.size(); ++i) below_[i] += below_[i - lanes_];
    for (std::size_t i = 0; i < total_.size(); ++i) {
      for (unsigned s = 0; s < lanes_; ++s) total_[i] += below_[i * lanes_ + s];
    }
  }

  /// The last place, which is 2^W.
  std::uint32_t last() const { return static_cast<std::uint32_t>(bounds_.size() - 1); }
  std::uint32_t bound(std::size_t place) const { return bounds_[place]; }
  /// The place of a bound that is one.
  std::uint32_t place_of(std::uint32_t bound) const {
    return static_cast<std::uint32_t>(std::lower_bound(bounds_.begin(), bounds_.end(), bound) -
                                      bounds_.begin());
  }
  unsigned n_apart() const { return n_apart_; }  ///< streams
  unsigned lanes() const { return lanes_; }      ///< a multiple of kLanes; those of no stream: 0
  const std::uint32_t* below(std::size_t place) const { return &below_[place * lanes_]; }
  /// Of all streams, by place.
  std::span<const std::uint32_t> total() const { return total_; }

 private:
  /// below_ at a place + 1 = values from that place to the next.
  void count(const TensorView& tensor, const StreamLayout& layout) {
    const std::size_t n_patterns = bounds_.back(), n_cells = bounds_.size() - 1;
    if (n_cells == n_patterns) {
      return visit(tensor, layout, [](std::size_t v) { return v; });
    }
    std::vector<std::uint8_t> cells(n_patterns);
    for (std::size_t c = 1; c < n_cells; ++c) {
      std::fill(cells.begin() + bounds_[c], cells.begin() + bounds_[c + 1],
                static_cast<std::uint8_t>(c));
    }
    visit(tensor, layout, [&](std::size_t v) { return std::size_t{cells[v]}; });
  }
  template <class CellOf>
  void visit(const TensorView& tensor, const StreamLayout& layout, const CellOf& cell_of) {
    std::visit([&](const auto& values) { count_cells(values, layout, cell_of); }, tensor.values);
  }
  template <class T, class CellOf>
  void count_cells(std::span<const T> values, const StreamLayout& layout, const CellOf& cell_of) {
    std::uint32_t* const to = below_.data() + lanes_;
    std::size_t i = 0;
    if (n_apart_ == kLanes && layout.chunk == 1) {
      for (; i + kLanes <= values.size(); i += kLanes) {
        for (unsigned s = 0; s < kLanes; ++s) ++to[cell_of(values[i + s]) * kLanes + s];
      }
    }
    for (std::uint64_t s = 0, in_chunk = 0; i < values.size(); ++i) {
      ++to[cell_of(values[i]) * lanes_ + s];
      if (++in_chunk < layout.chunk) continue;
      in_chunk = 0;
      if (++s == n_apart_) s = 0;
    }
  }

  std::vector<std::uint32_t> bounds_;
  unsigned n_apart_;
  unsigned lanes_;
  std::vector<std::uint32_t> below_;  ///< by place, then stream
  std::vector<std::uint32_t> total_;
};

}  // namespace transom::plan_detail
