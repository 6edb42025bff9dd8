// cosim.hpp — the comparator for any decoder: told what it does, says where it first differs.
//
//   Cosim cosim(read_tensor("tensor.tsm"));
//   cosim.value(0, 17);              // lane 0 showed value 17 (its W-bit pattern)
//   cosim.step(0, 5, 288, 13);       // or a step: symbol 5, state 288 after it, 13 bits read
//   cosim.end(0, Status::kOk);       // lane 0 ended, with a verdict
//   cosim.finish();                  // nothing more comes
//   if (auto d = cosim.first()) std::cerr << to_text(*d) << '\n';
//
// Lane i of the decoder decodes stream i of the tensor. Each lane tells what it can: values, or
// symbols, or symbols with the state after them, or with the bit position too; or values beside
// steps. Steps, values and the end of a lane come in their own order, each; between these three and
// between lanes there is no order, and time plays no part. The golden side reads the streams by
// itself (model/), whatever the decoder was fed. A state is the coder's state(): for tANS t, which
// is x - L, 0..2^R - 1; for narrow rANS t, 0..2^(R+b) - 1; for rANS x; for the arithmetic coder
// CODE, LO and HI in bits 0, 16 and 32. With a table of pairs a step yields first | second << 4,
// and values come one by one.
//
// A lane is compared up to its first difference. What it tells after that, kWindow steps and values
// of it, is kept as evidence for the probable class of the fault. Nothing is allocated before.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "transom/verify/difference.hpp"
#include "transom/verify/golden_steps.hpp"
#include "transom/verify/task.hpp"
#include "transom/verify/what_if.hpp"

namespace transom::verify {

class Cosim {
 public:
  /// Steps and values of a lane that are kept from its first difference on.
  static constexpr std::size_t kWindow = 64;

  /// A table and streams in memory. Throws as check_task() does.
  explicit Cosim(Task task);
  /// A tensor of a container, see read_tensor(), pick_tensor() and read_vector().
  explicit Cosim(const CodedTensor& tensor);

  unsigned n_lanes() const { return static_cast<unsigned>(task_->streams.size()); }
  const Task& task() const { return *task_; }

  /// The cycle of what is told from now on. Only reports have it.
  void at(std::uint64_t cycle) { cycle_ = cycle; }

  // What lane `lane` did. False once the lane differs. All throw if there is no such lane, or no
  // such Status.

  /// A step that shows its symbol alone, or the state after it, or also the bits of the symbol
  /// stream read so far, those of the initial state and of this step among them.
  bool step(unsigned lane, std::uint32_t symbol) { return step(lane, {symbol, 0, 0}, 0); }
  bool step(unsigned lane, std::uint32_t symbol, std::uint64_t state) {
    return step(lane, {symbol, state, 0}, kState);
  }
  bool step(unsigned lane, std::uint32_t symbol, std::uint64_t state, std::uint64_t position) {
    return step(lane, {symbol, state, position}, kState | kPosition);
  }
  /// A value: its W-bit pattern (tensor.hpp: a float's has its exponent first), zero-extended.
  bool value(unsigned lane, std::uint32_t value);
  /// The end of the lane: of one that shows no verdict, that shows whether all is well, or that
  /// shows a Status.
  bool end(unsigned lane);
  bool end(unsigned lane, bool good);
  bool end(unsigned lane, Status status);
  /// Nothing more comes, of any lane: what is missing is a difference. False if there is one.
  bool finish();

  /// The verdict that the model comes to, on the streams as they are. Throws if there is no such
  /// lane.
  Status golden_status(unsigned lane) const;

  /// All lanes, or one (throws for none), from the start again: the decoder was reset. A difference
  /// stays.
  void restart();
  void restart(unsigned lane);

  bool ok() const { return !first_lane_; }
  /// The first difference that was told, with the probable class from what was told since.
  std::optional<Difference> first() const;
  /// The first difference of a lane. Throws if there is no such lane.
  std::optional<Difference> first(unsigned lane) const;
  std::uint64_t n_compared() const { return n_compared_; }  ///< steps and values

 private:
  enum Shown : unsigned { kState = 1, kPosition = 2 };
  /// What a lane told from its first difference on.
  struct Finding {
    Difference difference;
    std::uint64_t first_step = 0;
    std::uint64_t first_value = 0;
    std::vector<ToldStep> steps;
    std::vector<std::uint32_t> values;
  };
  struct Lane {
    GoldenSteps steps;   ///< what steps are compared with
    GoldenSteps values;  ///< the steps of the values, which may come before or after the steps
    BitReader offsets;
    std::uint32_t n_steps = 0;  ///< told
    std::uint32_t n_values = 0;
    unsigned shown = 0;  ///< with the steps
    symbol_t step = 0;   ///< of the last value
    bool ended = false;
    std::unique_ptr<Finding> finding;
  };

  Lane& lane_of(unsigned lane);
  const Lane& lane_of(unsigned lane) const;
  bool step(unsigned lane, const ToldStep& told, unsigned shown);
  bool end_of(unsigned l, std::optional<bool> good, std::optional<Status> status);
  bool count_differs(unsigned l, Lane& lane, std::uint64_t want, std::uint64_t got);
  bool all_came(unsigned l, Lane& lane);
  bool find(unsigned l, Lane& lane, const Difference& difference);

  std::unique_ptr<const Task> task_;  ///< at one place: decoders refer to it
  std::vector<std::uint32_t> rows_;   ///< row words, kMaxAlphabet of them
  LaneKind kind_;
  unsigned per_step_;  ///< symbols of a step
  std::vector<Lane> lanes_;
  std::optional<std::uint64_t> cycle_;
  std::optional<unsigned> first_lane_;
  std::uint64_t n_compared_ = 0;
};

}  // namespace transom::verify
