// unit.hpp — the decoder unit a clock at a time: all streams of one kind of lane, in C++.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "transom/cycle/stream.hpp"
#include "transom/unit/ports.hpp"
#include "transom/unit/stretch.hpp"

namespace transom::cycle {

/// The decoder unit for one kind of lane, a clock at a time.
class UnitModel {
 public:
  virtual ~UnitModel() = default;
  /// One clock: the outputs that go with these inputs, then the clock edge.
  virtual void clock(const unit::UnitInputs& in, unit::UnitOutputs& out) = 0;
  /// As many clocks of the bench as no job begins or ends in. Their number; 0: clock() it.
  virtual std::uint64_t stretch(unit::Bench& bench) = 0;
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
    for (std::size_t s = 0; s < streams_.size(); ++s) {
      busy_banks |= streams_[s].banks();
      clock(s, 0, in, in.streams[s], out.streams[s]);
    }
    out.bank_busy = {(busy_banks & 1) != 0, (busy_banks & 2) != 0};
    if (kSharesBank && busy_banks == 2u >> bank_) bank_ ^= 1;
    load(in.load);
    turn_ = !turn_;
  }
  std::uint64_t stretch(unit::Bench& bench) override {
    const std::uint64_t n_clocks = bench.stretch(*this);
    turn_ ^= n_clocks % 2 != 0;
    return n_clocks;
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

  // Of Bench::stretch():
  std::array<bool, unit::kBanks> bank_busy() const {
    unsigned busy = 0;
    for (const Stream<Coder>& stream : streams_) busy |= stream.banks();
    return {(busy & 1) != 0, (busy & 2) != 0};
  }
  bool busy(std::size_t s) const { return streams_[s].busy(); }
  std::uint64_t calm(std::size_t s, bool offered) const { return streams_[s].calm(offered); }
  void load(const unit::LoadInputs& in) {
    if (in.table_valid || in.row_valid) tables_.load(in);
    const bool last = in.table_valid && in.table_addr == kMaxApackRows / kLoadEntries - 1;
    late_banks_ = last ? 1u << in.bank : 0;
  }
  void clock(std::size_t s, std::uint64_t n, const unit::StreamInputs& in,
             unit::StreamOutputs& out) {
    clock(s, n, no_job_, in, out);
  }
  std::uint64_t flow(std::size_t s, std::uint64_t n, std::uint64_t n_clocks,
                     unit::OpenPorts& ports) {
    return streams_[s].flow(tables_, has_turn(s, n), n_clocks, ports);
  }

 private:
  static constexpr bool kSharesBank = Stream<Coder>::kSharesBank;

  /// In the n-th clock from now on.
  bool has_turn(std::size_t s, std::uint64_t n) const {
    return !Stream<Coder>::kTakesTurns || (s >= n_lanes_) == (turn_ != (n % 2 != 0));
  }
  void clock(std::size_t s, std::uint64_t n, const unit::UnitInputs& job,
             const unit::StreamInputs& in, unit::StreamOutputs& out) {
    streams_[s].clock(tables_, job, has_turn(s, n), ~late_banks_ & (1u << bank_), in, out);
  }

  std::size_t n_lanes_;
  unit::UnitInputs no_job_;
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
