// front.hpp — rtl/wide/wide_front.sv in C++: records out of the window, tensor after tensor.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "transom/base/spec.hpp"
#include "transom/container/interleave.hpp"
#include "transom/system/axi_limits.hpp"
#include "transom/wide/parameters.hpp"
#include "transom/wide/queues.hpp"

namespace transom::wide {

/// When rtl/wide/wide_tans_table.sv builds a table of tANS out of its counts: in place, so once no
/// step of the tensor before is to come.
class Builder {
 public:
  /// It is, but for what the next clock brings.
  bool built() const { return !counts_end_ && !waits_; }
  /// @param counts_end those of a table of so many slots end in this clock
  void edge(bool counts_end, unsigned n_slots, bool core_ended) {
    if (waits_ && (core_ended || group_ != 0)) {
      waits_ = ++group_ != n_groups_;
      if (!waits_) group_ = 0;
    }
    waits_ = waits_ || counts_end_;
    counts_end_ = counts_end;
    if (counts_end) n_groups_ = std::max(1u, n_slots / kWideBuildEntries);
  }

 private:
  bool counts_end_ = false;  ///< in the clock before
  bool waits_ = false;       ///< for its last group
  unsigned group_ = 0;
  unsigned n_groups_ = 0;
};

/// Reads headers and tables of the next tensor while the core decodes this one.
class Front {
 public:
  enum class State : std::uint8_t {
    kIdle,
    kAsk,
    kHeader,
    kCums,
    kVmins,
    kWait,
    kPayload,
    kPad,
    kSkip,
    kRaw,
    kDiscard,
    kDrain
  };
  explicit Front(const Parameters& p) : parameters_(&p) {}

  State state() const { return state_; }
  bool busy() const { return state_ != State::kIdle; }
  /// The tensor that it is at: of the list's number if it has come to all.
  std::uint32_t tensor() const { return tensor_; }
  /// Halfwords were left over, or the padding was not zero.
  bool over() const { return over_; }
  /// The router takes halfwords, so many at most.
  bool live() const { return state_ == State::kPayload; }
  std::uint64_t left() const { return left_; }
  const WideHeader& header() const { return header_; }
  const WideTable& table() const { return table_; }
  bool built() const { return builder_.built(); }

  struct Inputs {
    bool start = false;
    std::uint64_t descriptors = 0;
    std::uint32_t n_tensors = 0;
    std::uint32_t n_words = 0;
    const system::AxiLimits* limits = nullptr;
    bool fetch_ready = false;
    const std::uint16_t* halves = nullptr;
    unsigned fill = 0;          ///< of them
    std::uint64_t untaken = 0;  ///< of the whole section
    bool loaded = false;        ///< all of the section's are in `fill`
    unsigned given = 0;         ///< halfwords that the router takes
    bool go = false;
    bool core_ready = false;
    bool core_empty = false;
    bool core_idle = false;
    bool room = false;  ///< in the out-queue
    bool told = false;  ///< a verdict, and over() with it
    bool drained = false;
  };
  /// What a clock does beside the registers.
  struct Outputs {
    AxiCause cause = AxiCause::kNone;
    bool fetches = false;  ///< the whole section, from DESCRIPTORS on
    unsigned taken = 0;    ///< halfwords
    bool starts_core = false;
    Status status = Status::kOk;  ///< of tensor(), which no lane ends
    bool pushes = false;          ///< a beat
    bool waits_words = false;
    bool waits_room = false;
    bool parses = false;
  };
  Outputs step(const Inputs& in, OutBeat& beat);

 private:
  void ask(const Inputs& in, Outputs& out);
  void take_header(const Inputs& in, Outputs& out);
  AxiCause judge(std::uint64_t untaken);
  void take_counts(const Inputs& in, Outputs& out);
  void take_rows(const Inputs& in, Outputs& out);
  void push_raw(const Inputs& in, Outputs& out, OutBeat& beat);
  bool take(const Inputs& in, unsigned n, Outputs& out) const;
  void next_tensor() {
    ++tensor_;
    state_ = State::kHeader;
  }
  void end_payload() { header_.n_halves % 2 != 0 ? void(state_ = State::kPad) : next_tensor(); }
  void discard(AxiCause cause, Outputs& out) {
    out.cause = cause;
    state_ = State::kDiscard;
  }

  const Parameters* parameters_;
  State state_ = State::kIdle;
  std::uint32_t tensor_ = 0;
  std::uint32_t n_tensors_ = 0;
  std::uint64_t values_left_ = 0;  ///< that the run may have
  WideHeader header_;
  WideTable table_;
  Builder builder_;
  unsigned row_ = 0;                   ///< the next one of counts, or of smallest values
  bool checks_ = false;                ///< the header was taken in the clock before
  AxiCause judged_ = AxiCause::kNone;  ///< what this clock tells of it
  std::uint64_t left_ = 0;             ///< halfwords of payload; in kSkip its padding, too
  std::uint32_t values_ = 0;           ///< raw values to come
  bool over_ = false;
};

}  // namespace transom::wide
