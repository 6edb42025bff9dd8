// run.hpp — a recorded run: what a decoder without the network is given, and what it must make of
// it.
//
// The words of a message; of each step the distribution, or the slots that are pushed; and the
// symbols and states of the model. README.md is the file, and the arithmetic of a step.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "transom/stack/message.hpp"
#include "transom/vae/coder.hpp"

namespace transom::vae {

/// Slots of n >= 2 symbols: symbol s owns those from its start to the next one's; symbol 0 begins
/// at 0, the last one ends at 2^R.
struct SlotTable {
  std::uint32_t R = 0;                ///< 1..kMaxRunLog
  std::vector<std::uint32_t> starts;  ///< of symbols 1 .. n - 1, rising, below 2^R

  std::uint32_t n_symbols() const { return static_cast<std::uint32_t>(starts.size()) + 1; }
  RansRange range_of(std::uint32_t symbol) const {
    const std::uint32_t start = symbol == 0 ? 0 : starts[symbol - 1];
    return {start, (symbol == starts.size() ? 1u << R : starts[symbol]) - start};
  }
  friend auto operator<=>(const SlotTable&, const SlotTable&) = default;
};

enum class Op : std::uint8_t {
  kPopUniform = 0,  ///< each slot is a symbol
  kPopTable = 1,
  kPush = 2,  ///< of slots that are given
};
constexpr std::uint8_t kOps = 3;

struct RunStep {
  Op op = Op::kPopUniform;
  bool waits = false;  ///< its parameters, and those behind, are of networks that see all before
  std::uint8_t R = 0;  ///< 1..kMaxRunLog
  std::uint16_t symbol = 0;  ///< expected of a pop; 0 for a push
  std::uint32_t table = 0;   ///< of kPopTable
  std::uint32_t start = 0;   ///< of kPush
  std::uint32_t freq = 0;    ///< of kPush
  std::uint64_t state = 0;   ///< expected, after the step

  friend bool operator==(const RunStep&, const RunStep&) = default;
};

constexpr std::uint32_t kMaxRunLog = 24;  ///< one word a step, whichever way
constexpr std::uint32_t kMaxRunSymbols = 1u << 16;

struct Run {
  std::uint32_t n_images = 0;
  std::uint32_t image_steps = 0;  ///< of one image
  std::uint32_t first_pixel = 0;  ///< the step of an image that pops its first pixel
  std::uint32_t n_pixels = 0;     ///< of one image
  std::uint64_t head = 0;         ///< in [2^31, 2^63)
  stack::Words words;             ///< below it, top at the back
  std::vector<SlotTable> tables;  ///< all different
  std::vector<RunStep> steps;     ///< n_images times image_steps
  stack::Words words_left;        ///< after the last step

  friend bool operator==(const Run&, const Run&) = default;
};

/// Pops images from a message, n_images times, and keeps what a decoder would be given. Throws
/// stack::UnderflowError if there are fewer.
Run record_run(Coder& coder, stack::Message<> message, std::uint32_t n_images);

/// The file. Throws for what read_run() would refuse.
std::vector<std::uint8_t> write_run(const Run& run);

struct ReadRun {
  Status status = Status::kOk;
  std::string what;        ///< where and why, unless kOk
  std::optional<Run> run;  ///< if kOk
};
/// Any bytes. Of what is read each step is one that a decoder can do; whether it makes the expected
/// of it is not known.
ReadRun read_run(std::span<const std::uint8_t> bytes);

}  // namespace transom::vae
