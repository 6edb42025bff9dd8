// core.hpp — rtl/wide/wide_core.sv in C++: the lanes in lockstep, and the router before them.
//
// A clock is: what registers tell; then step() with the inputs of the clock. Stages: A steps a
// round, B adds its offsets, D asks for halfwords, Q is given them; all of them move with `go`
// alone, but what is given is taken (rtl/WIDE.md).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/container/interleave.hpp"
#include "transom/wide/queues.hpp"

namespace transom::wide {

/// How a tensor ended.
struct Verdict {
  Status status = Status::kOk;
  std::uint32_t lane = system::kNoStream;
  std::uint32_t tensor = 0;
};

/// All lanes of a unit.
class Core {
 public:
  explicit Core(const Parameters& p)
      : n_lanes_(p.n_lanes()), block_(p.halves), value_mask_(low_bits(p.max_offset)) {}

  /// Ready for a tensor: the last step of the one before was in an earlier clock.
  bool ready() const { return phase_ == Phase::kIdle; }
  bool fills() const { return phase_ == Phase::kFill; }
  /// And its last beat left.
  bool empty() const { return ready() && !b_valid_ && want() == 0; }
  bool idle() const { return empty() && !judges_ && !verdict_; }
  /// Halfwords of the router's next block, and whether it is the last before the stages move.
  unsigned want() const { return std::min(block_, asked_[q_].n - given_); }
  bool last_block() const { return asked_[q_].n - given_ <= block_; }
  /// A beat is ready for the out-queue.
  bool has_beat() const { return b_valid_; }
  /// A step with `go` in this clock retires a round.
  bool steps() const { return phase_ == Phase::kRun; }
  /// A verdict that is told in this clock: the lanes were judged in the one before.
  const std::optional<Verdict>& verdict() const { return verdict_; }
  /// The steps whose values left in step(), by lane.
  std::span<const system::LaneStep> retired() const {
    return {steps_[retired_].data(), n_retired_};
  }

  struct Inputs {
    bool go = false;
    unsigned given = 0;     ///< halfwords for Q in this clock
    unsigned n_halves = 0;  ///< of them; zeros then, wanted beyond H
    const std::uint16_t* halves = nullptr;
    bool built = true;                   ///< its table is, or will be in the next clock
    const WideHeader* header = nullptr;  ///< with go: a tensor is taken, with its table
    const WideTable* table = nullptr;
    std::uint32_t tensor = 0;
    Status front_status = Status::kOk;  ///< of a tensor that the front alone has ended
  };
  /// @param beat of B, if there is one and `go`
  void step(const Inputs& in, OutBeat& beat);

 private:
  enum class Phase : std::uint8_t { kIdle, kFill, kRun };
  static constexpr unsigned kSymbols = 0, kOffsets = 1;
  /// A row of the table, in a word that lanes hand on.
  class Row {
   public:
    Row() = default;
    Row(value_t vmin, unsigned offset_bits, unsigned symbol)
        : word_(symbol << 24 | offset_bits << 16 | vmin) {}
    std::uint32_t vmin() const { return word_ & 0xffff; }
    unsigned offset_bits() const { return word_ >> 16 & 31; }
    unsigned symbol() const { return word_ >> 24; }

   private:
    std::uint32_t word_ = 0;
  };
  /// What a step makes of a state t: y = freq * (t >> R) + bias, of which bits are missing below.
  struct Slot {
    std::uint16_t freq;  ///< tANS: base
    std::uint16_t bias;  ///< tANS: nbits
    Row row;
  };
  /// A port's bits: those that have come, and how many are on their way.
  struct Buffer {
    std::uint64_t bits = 0;
    unsigned n = 0;
    unsigned coming = 0;
    unsigned asked() const { return n + coming; }
    /// Bits taken, modulo 16: what came are halfwords.
    unsigned position() const { return 0u - n; }
    /// The next bits, at most 16.
    std::uint32_t take(unsigned count) {
      assert(n >= count);
      const auto taken = static_cast<std::uint32_t>(bits) & ((1u << count) - 1);
      bits >>= count;
      n -= count;
      return taken;
    }
    void put(std::uint32_t half) {
      bits |= std::uint64_t{half} << n;
      n += 16;
      coming -= 16;
    }
    /// A halfword, where `asks`: without a branch, as that is anybody's guess.
    unsigned ask(bool asks) {
      coming += 16u * asks;
      return asks;
    }
  };
  struct Lane {
    std::array<Buffer, 2> buffers{};  ///< kSymbols, kOffsets: as ports count
    std::uint32_t t = 0;
    Row row;              ///< of the step in B
    bool beside = false;  ///< a bit beside t was set in the halfword that brought it
  };
  /// Ports in the order of their halfwords: 2s symbols of lane s, 2s + 1 its offsets.
  struct Asked {
    std::array<std::uint16_t, 2 * kMaxWideLanes + 1> ports{};  ///< one place for who does not ask
    unsigned n = 0;
    bool states = false;  ///< pass 0: halfwords are states
    void add(unsigned port) { ports[n++] = static_cast<std::uint16_t>(port); }
  };

  void take_tensor(const Inputs& in);
  void make_slots(const WideHeader& header, const WideTable& table);
  void judge();
  void ask_pass(Asked& asked);
  void leave(OutBeat& beat, Asked& asked);
  void step_round();
  template <bool Tans>
  void step_lanes(unsigned n);
  void give(const Inputs& in);

  unsigned n_lanes_;
  unsigned block_;            ///< K
  std::uint32_t value_mask_;  ///< values have as many bits as the unit's widest
  Phase phase_ = Phase::kIdle;
  // The tensor.
  WideHeader header_;
  unsigned n_streams_ = 0;
  unsigned n_active_ = 0;
  std::uint64_t left_ = 0;  ///< values from the next round on
  unsigned pass_ = 0;
  unsigned passes_ = 0, symbol_passes_ = 0, offset_passes_ = 0;
  unsigned symbols_wanted_ = 0, offsets_wanted_ = 0;
  std::uint32_t tensor_ = 0;
  std::vector<Slot> slots_;
  std::array<Lane, kMaxWideLanes> lanes_{};
  // B
  bool b_valid_ = false;
  std::uint64_t b_left_ = 0;  ///< values from its round on
  unsigned b_streams_ = 0;
  std::array<std::array<system::LaneStep, kMaxWideLanes>, 2> steps_{};  ///< B's, and those before
  unsigned retired_ = 0;                                                ///< which are those
  unsigned n_retired_ = 0;
  // Q
  std::array<Asked, 2> asked_{};  ///< Q, and what D makes of it
  unsigned q_ = 0;                ///< which is Q
  unsigned given_ = 0;            ///< of Q
  // The end of a tensor.
  bool judges_ = false;  ///< its last beat left in the clock before
  bool truncated_ = false;
  std::uint32_t ended_tensor_ = 0;
  std::optional<Verdict> verdict_;
};

}  // namespace transom::wide
