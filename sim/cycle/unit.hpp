// unit.hpp — the decoder unit a clock at a time: all streams of one kind of lane, in C++.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "transom/cycle/stream.hpp"
#include "transom/unit/ports.hpp"

namespace transom::cycle {

/// The decoder unit for one kind of lane, a clock at a time.
class UnitModel {
 public:
  virtual ~UnitModel() = default;
  /// One clock: the outputs that go with these inputs, then the clock edge.
  virtual void clock(const unit::UnitInputs& in, unit::UnitOutputs& out) = 0;
  /// As many clocks in which nothing is asked of it and nothing is at work.
  virtual void rest(std::uint64_t n_clocks) = 0;
  /// All but what was loaded.
  virtual void reset() = 0;
};

/// The unit for one coder of cycle/stream.hpp.
template <class Coder>
class UnitOf final : public UnitModel {
 public:
  explicit UnitOf(const unit::UnitShape& shape)
      : n_lanes_(shape.n_lanes), tables_(shape.kind), streams_(shape.n_streams()) {}

  void clock(const unit::UnitInputs& in, unit::UnitOutputs& out) override {
    unsigned busy_banks = 0;
    const unsigned open = ~late_banks_ & (1u << bank_);
    for (std::size_t s = 0; s < streams_.size(); ++s) {
      busy_banks |= streams_[s].banks();
      const bool turn = !Stream<Coder>::kTakesTurns || (s >= n_lanes_) == turn_;
      streams_[s].clock(tables_, in, turn, open, in.streams[s], out.streams[s]);
    }
    out.bank_busy = {(busy_banks & 1) != 0, (busy_banks & 2) != 0};
    if (in.load.table_valid || in.load.row_valid) tables_.load(in.load);
    turn_ = !turn_;
    if constexpr (Stream<Coder>::kSharesBank) {
      if (busy_banks == 2u >> bank_) bank_ ^= 1;
      const bool last =
          in.load.table_valid && in.load.table_addr == kMaxApackRows / kLoadEntries - 1;
      late_banks_ = last ? 1u << in.load.bank : 0;
    }
  }
  void rest(std::uint64_t n_clocks) override {
    turn_ ^= n_clocks % 2 != 0;
    if (n_clocks != 0) late_banks_ = 0;
  }
  void reset() override {
    streams_.assign(streams_.size(), {});
    turn_ = false;
    bank_ = late_banks_ = 0;
  }

 private:
  std::size_t n_lanes_;
  Tables tables_;
  std::vector<Stream<Coder>> streams_;
  bool turn_ = false;  ///< which of a lane's streams has it
  // Of tables that all lanes share:
  unsigned bank_ = 0;        ///< they are at work in
  unsigned late_banks_ = 0;  ///< bit b: bank b's last write was in the clock before
};

/// A unit of a shape, as after reset.
inline std::unique_ptr<UnitModel> make_unit(const unit::UnitShape& shape) {
  return visit_coder(shape.kind, [&](auto coder) -> std::unique_ptr<UnitModel> {
    return std::make_unique<UnitOf<decltype(coder)>>(shape);
  });
}

}  // namespace transom::cycle
