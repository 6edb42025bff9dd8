// wide.hpp — decoder_wide, loosely timed: values, status and errors exact, cycles estimated.
//
// Tensors one after the other, as the front takes them; their values in the order in which
// halfwords are asked for. Time follows: a round takes a cycle unless halfwords are not shown
// (wide_words.hpp) or the consumer is slow; header and table of the next tensor are read while the
// last rounds are made.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "transom/container/interleave.hpp"
#include "transom/lt/wide_values.hpp"
#include "transom/lt/wide_words.hpp"
#include "transom/system/axi_registers.hpp"

namespace transom::lt {

/// decoder_wide without clocks.
class WideDecoder {
 public:
  /// Throws std::invalid_argument if there is no such unit.
  WideDecoder(const wide::Parameters& parameters, Platform& platform);
  WideDecoder(const WideDecoder&) = delete;  // parts refer to the parameters
  WideDecoder& operator=(const WideDecoder&) = delete;

  /// Decodes the section of `registers`; sets errors and counters, but neither busy nor done.
  /// Returns the cycles from start to done. Platform::reached() may end it by an Aborted.
  cycle_t run(system::AxiRegisters& registers);

 private:
  struct Slot {
    std::uint16_t freq;  ///< tANS: base
    std::uint16_t bias;  ///< tANS: nbits
    std::uint8_t row;
  };
  struct Buffer {
    std::uint64_t bits = 0;
    unsigned n = 0;
    std::uint64_t take(unsigned count);
  };
  struct Lane {
    std::uint32_t t = 0;
    bool beside = false;  ///< a bit beside t was set in the halfword that brought it
    Buffer symbols, offsets;
  };
  /// Of a halfword.
  struct Wish {
    enum class What : std::uint8_t { kState, kSymbols, kOffsets };
    std::uint32_t lane;
    What what;
  };
  static constexpr std::size_t kWishes = 4;
  /// How a tensor ended, and when that is told.
  struct Verdict {
    cycle_t told;
    Status status = Status::kOk;
    std::uint32_t tensor;
    std::uint32_t lane = system::kNoStream;
  };
  friend void transom::walk_interleaved<WideDecoder>(const WideHeader&, const WideTable&,
                                                     WideDecoder&);

  void decode_all();
  bool take_header();
  AxiCause judge() const;
  void take_counts();
  void take_rows();
  void decode_raw();
  void skip_bad_table();
  void decode_lanes();
  void make_slots();
  bool end_payload(cycle_t ended);
  void end_lanes(bool over);
  void discard(AxiCause cause, cycle_t cycle);
  void skip(std::uint64_t n_halves, cycle_t cycle);
  std::uint16_t take_padding();
  void tell(cycle_t before);
  void end_round(bool last);

  // What the interleaved order asks for, see walk_interleaved().
  void state(std::uint32_t s) { wish(s, Wish::What::kState); }
  void symbols(std::uint32_t s) { wish(s, Wish::What::kSymbols); }
  void offsets(std::uint32_t s) { wish(s, Wish::What::kOffsets); }
  std::pair<unsigned, unsigned> step(std::uint32_t s);
  void wish(std::uint32_t lane, Wish::What what);
  cycle_t give(std::vector<Wish>& wishes, cycle_t cycle);
  void put(const Wish& wish, std::uint32_t half);
  void begin_round();

  wide::Parameters parameters_;
  Platform& platform_;
  WideWords words_;
  WideValues out_;
  system::AxiRegisters* registers_ = nullptr;
  // The front.
  cycle_t front_ = 0;  ///< the cycle of its next state
  std::uint32_t tensor_ = 0;
  std::uint64_t values_left_ = 0;
  WideHeader header_;
  WideTable table_;
  // The lanes.
  std::vector<Slot> slots_;
  std::array<Lane, kMaxWideLanes> lanes_{};
  std::array<std::vector<Wish>, kWishes> wishes_;  ///< of the last rounds, as a ring
  std::uint64_t ungiven_ = 0;                      ///< halfwords of the payload
  unsigned pass_ = 0;        ///< of those before the first round; one more behind them
  std::uint64_t round_ = 0;  ///< the next one
  bool truncated_ = false;
  cycle_t step_ = 0;   ///< of the last round
  cycle_t empty_ = 0;  ///< nothing of a tensor is in the lanes from then on
  cycle_t built_ = 0;  ///< the table is, and counts may come
  std::optional<Verdict> verdict_;
};

}  // namespace transom::lt
