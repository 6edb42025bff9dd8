// goal.hpp — what a plan makes least, and the best code so far. Not a public header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "transom/base/log2.hpp"
#include "transom/codec/count.hpp"
#include "transom/container/container.hpp"
#include "transom/plan/plan.hpp"

namespace transom::plan_detail {

/// What is to be least: bits of a record, or what the options say of its sizes.
class Goal {
 public:
  Goal(const DType& dtype, std::size_t n_dims, std::uint64_t n_values, const PlanOptions& options)
      : dtype_(dtype),
        n_dims_(n_dims),
        layout_{static_cast<std::uint32_t>(n_values), options.n_streams, options.chunk},
        options_(options) {
    layout_.n_streams = std::min(layout_.n_streams, std::max(layout_.n_values, 1u));
  }

  /// No coder's streams cost less. @param coded the ideal coder's
  std::uint64_t least(const Code& code, cost_t coded) const {
    if (!options_.cost) return whole_bits(coded) + table_bits(code, dtype_);
    return options_.cost(sizes(code, {0, whole_bits(coded) / kWordBits}));
  }
  /// What a record takes beside what least() counts: all but its table and what the streams hold.
  /// A tANS stream begins with its last state, whose bits but one say nothing of the values.
  std::uint64_t beside(Coding coding, unsigned table_log) const {
    if (options_.cost) return 0;
    const RecordBytes none =
        record_bytes(one_row_code(coding, dtype_), dtype_, layout_, n_dims_, 0, 0);
    const bool tans = codec(coding).lane == LaneKind::kTans;
    return 8 * (none.header + none.streams) +
           (tans && table_log != 0 ? std::uint64_t{layout_.n_streams} * (table_log - 1) : 0);
  }
  std::uint64_t of(const Code& code, const WordCount& words) const {
    if (options_.cost) return options_.cost(sizes(code, words));
    return 8 * record_bytes(code, dtype_, layout_, n_dims_, 0, words.n_words).coded();
  }
  std::uint64_t of(const CodedTensor& tensor) const {
    return options_.cost ? options_.cost(plan_sizes(tensor)) : 8 * record_bytes(tensor).coded();
  }
  const StreamLayout& layout() const { return layout_; }

 private:
  PlanSizes sizes(const Code& code, const WordCount& words) const {
    return {.table_log = code.table_log,
            .spread = code.spread,
            .n_rows = code.rows.size(),
            .n_values = layout_.n_values,
            .n_streams = layout_.n_streams,
            .n_sequences = words.n_sequences,
            .n_words = words.n_words};
  }

  DType dtype_;
  std::size_t n_dims_;
  StreamLayout layout_;
  const PlanOptions& options_;
};

/// The best code so far; the tensor in it, where it was coded to know what it costs.
class Best {
 public:
  /// @param tensor none: what its streams lose beyond the ideal is not known
  Best(const TensorView* tensor, const PlanOptions& options, const Goal& goal)
      : tensor_(tensor), options_(options), goal_(goal) {}

  /// Takes `code` if it is the first, or costs less.
  /// @param least what it costs at the least
  void consider(const Code& code, std::uint64_t least) {
    std::optional<CodedTensor> coded;
    std::uint64_t cost = 0;
    if (code.coding == Coding::kRaw) {
      cost = goal_.of(code, {});
    } else if (tensor_ == nullptr) {
      cost = least + least / kLostShare + goal_.beside(code.coding, code.table_log);
    } else if (tensor_->n_values() != 0 && counts_words(code.coding)) {
      cost = goal_.of(code, count_words(*tensor_, code, options_.n_streams, options_.chunk));
    } else {
      coded = encode(*tensor_, code, options_.n_streams, options_.chunk);
      cost = goal_.of(*coded);
    }
    take_if_less(code, std::move(coded), cost);
  }
  /// The same of a code by which the tensor is then there.
  void code_if_less(const Code& code) {
    CodedTensor coded = encode(*tensor_, code, options_.n_streams, options_.chunk);
    const std::uint64_t cost = goal_.of(coded);
    take_if_less(code, std::move(coded), cost);
  }
  std::uint64_t cost() const { return cost_; }
  const Code& code() const { return *code_; }
  CodedTensor take() {
    if (coded_) return std::move(*coded_);
    return encode(*tensor_, *code_, options_.n_streams, options_.chunk);
  }

 private:
  void take_if_less(const Code& code, std::optional<CodedTensor> coded, std::uint64_t cost) {
    if (code_ && cost >= cost_) return;
    code_ = code;
    coded_ = std::move(coded);
    cost_ = cost;
  }

  static constexpr std::uint64_t kLostShare = 2048;  ///< streams lose that part of the ideal, about

  const TensorView* tensor_;
  const PlanOptions& options_;
  const Goal& goal_;
  std::optional<Code> code_;
  std::optional<CodedTensor> coded_;
  std::uint64_t cost_ = 0;
};

}  // namespace transom::plan_detail
