// axi_memory.hpp — when the memory in front of decoder_axi takes an address and sends a beat.
//
// It answers in order. A burst's first beat leaves after its latency, any beat once the tokens for
// all of its bytes are there; between bursts at most a beat's tokens are saved up. It holds so many
// bursts at a time, from the address to the last beat. Several units may share it, by turns;
// one of them gets a beat in a cycle.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>

#include "transom/system/axi_pressure.hpp"
#include "transom/system/token_bucket.hpp"

namespace transom::system {

/// Tokens of a beat.
constexpr std::uint32_t beat_tokens(unsigned beat_bytes) { return beat_bytes * kTokensPerUnit; }
/// Tokens that the memory has per cycle: the bus takes a beat at most.
constexpr std::uint32_t memory_tokens(const AxiPressure& pressure, unsigned beat_bytes) {
  const std::uint32_t most = beat_tokens(beat_bytes);
  return pressure.memory_rate == 0 ? most : std::min(pressure.memory_rate, most);
}

/// A memory of a given rate and latency that answers bursts in their order. Who shares it is called
/// by its port.
class AxiMemory {
 public:
  struct Burst {
    std::uint64_t address;  ///< address of the next beat
    unsigned beats;         ///< beats to come
    std::uint64_t ready_cycle;
    unsigned port;
  };

  AxiMemory(const AxiPressure& pressure, unsigned beat_bytes, unsigned n_ports = 1)
      : pressure_(pressure),
        beat_tokens_(beat_tokens(beat_bytes)),
        n_ports_(n_ports),
        tokens_(memory_tokens(pressure, beat_bytes), beat_tokens_) {}

  /// In each cycle, by every port, before anything else.
  void begin(std::uint64_t cycle) {
    if (cycle < next_cycle_) return;
    next_cycle_ = cycle + 1;
    tokens_.pass(1);
    const unsigned most = pressure_.memory_outstanding;
    has_room_ = most == 0 || bursts_.size() < most;
    if (has_room_) turn_ = (turn_ + 1) % n_ports_;
    if (is_sending_ || bursts_.empty() || bursts_.front().ready_cycle > cycle ||
        !tokens_.has(beat_tokens_) || !is_open(pressure_, kR, pressure_.r_closed, cycle)) {
      return;
    }
    is_sending_ = true;
    tokens_.take(beat_tokens_);
  }
  bool takes_address(std::uint64_t cycle, unsigned port = 0) const {
    return port == turn_ && has_room_ && is_open(pressure_, kAr, pressure_.ar_closed, cycle);
  }
  /// A beat is offered to the port; it stays until sent().
  bool is_sending(unsigned port = 0) const { return is_sending_ && burst().port == port; }
  const Burst& burst() const { return bursts_.front(); }
  std::size_t n_bursts() const { return bursts_.size(); }

  void sent(unsigned beat_bytes) {
    is_sending_ = false;
    bursts_.front().address += beat_bytes;
    if (--bursts_.front().beats == 0) bursts_.pop_front();
  }
  void accept(std::uint64_t address, unsigned beats, std::uint64_t cycle, unsigned port = 0) {
    bursts_.push_back({address, beats, cycle + 1 + latency_of(pressure_, cycle), port});
  }

 private:
  AxiPressure pressure_;
  std::uint32_t beat_tokens_;
  unsigned n_ports_;
  bool has_room_ = true;  ///< in this cycle
  unsigned turn_ = 0;     ///< of the port whose address is taken; not the one that came last
  std::uint64_t next_cycle_ = 0;
  TokenBucket tokens_;
  std::deque<Burst> bursts_;
  bool is_sending_ = false;
};

}  // namespace transom::system
