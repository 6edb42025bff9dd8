// jumps.cpp — see jumps.hpp. What jumps comes first, or has gone on by the time it counts: the run
// is that of a counter that has come a long way.
// SPDX-License-Identifier: Apache-2.0
#include "jumps.hpp"

#include <utility>

#include "../list_parts.hpp"
#include "jump_case.hpp"
#include "transom/container/container.hpp"

namespace transom::mutate {
namespace {

using namespace system;
using coverage::SystemCase;

// Words of designs.py's registers: number of the descriptor, values that the run may have, offset
// words of the stream, counters.
constexpr unsigned kIndex = 0, kValuesLeft = 1, kOffsetWords = 3, kCounters = 4;
constexpr std::uint64_t kOften = 61;  // clocks
constexpr std::uint64_t kLate = 700;  // a clock in which all but the last tensor is asked for
constexpr std::uint64_t kHostClocks = 12'000;
constexpr AxiPressure kSlow{.seed = 21, .values_closed = 90};

/// Now and then any number.
Jumps often(std::uint64_t seed) {
  return [seed](std::uint64_t clock) {
    Amounts by{};
    if (clock % kOften != kOften - 1) return by;
    const auto draw = [&](std::uint64_t n) {
      return static_cast<std::uint32_t>(unit::mix(seed << 40 ^ clock << 8 ^ n) >> 32);
    };
    by[kIndex] = draw(kIndex);
    for (unsigned word = kCounters; word < by.size(); ++word) by[word] = draw(word);
    return by;
  };
}
/// Once.
Jumps back(unsigned word, std::uint64_t by) {
  return [=](std::uint64_t clock) {
    Amounts amounts{};
    if (clock != kLate) return amounts;
    amounts[word] = static_cast<std::uint32_t>(0 - by);
    if (word == kValuesLeft) amounts[word + 1] = static_cast<std::uint32_t>((0 - by) >> 32);
    return amounts;
  };
}

SystemCase list_of(const std::vector<CodedTensor>& tensors, const AxiShape& shape) {
  SystemCase made{make_axi_image(write_container(tensors), tensors, shape, kBase), {}, {}, {}, {}};
  made.starts = {
      {.descriptors = made.image.descriptors, .n_descriptors = made.image.n_descriptors}};
  return made;
}

}  // namespace

void add_jumps(Cases& cases, const AxiParameters& unit, const SharedCase& of, Coding coding) {
  const auto add = [&](const std::string& name, SystemCase made, Jumps jumps) {
    const auto shared = std::make_shared<const SystemCase>(std::move(made));
    cases.push_back(jump_case(unit, name, session(unit, shared), std::move(jumps)));
  };
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    cases.push_back(jump_case(unit, "any accesses to registers",
                              random_host(unit, of, seed, kHostClocks), often(seed)));
  }
  // The first or the second ends badly.
  std::vector<CodedTensor> bad;
  for (unsigned stream = 0; stream < 4; ++stream) {
    bad.push_back(small_tensor(coding, 24));
    bad.push_back(with_tail(small_tensor(coding, 40), stream, false, 1));
  }
  SystemCase ends = list_of(bad, unit.shape);
  ends.pressure = kSlow;
  for (std::uint32_t n = 0; n < 16; ++n) {
    const std::uint32_t first = n % 7;
    ends.starts.push_back({.descriptors = ends.image.descriptors + first * kDescriptorBytes,
                           .n_descriptors = 2 - n % 2 * (first % 2)});
  }
  add("bad streams", ends, often(3));
  // Nine streams, of which the last are too long by then.
  SystemCase limit =
      list_of({small_tensor(coding, 300, 5, Spread::kTuned, 3),
               small_tensor(coding, 30, 5, Spread::kTuned, 2), small_tensor(coding, 40)},
              unit.shape);
  limit.pressure = kSlow;
  for (unsigned bit = 32; bit < 64; ++bit) {
    limit.starts.front().limits.max_values = (std::uint64_t{1} << bit) + 331;
    add("a limit with bit " + std::to_string(bit), limit,
        back(kValuesLeft, std::uint64_t{1} << bit));
  }
  // A stream that waits for its channel, of ever so many words.
  for (const std::uint32_t more : {0x5555'5000u, 0xaaaa'a000u}) {
    SystemCase words = list_of({small_tensor(coding, 1'600), small_tensor(coding, 40)}, unit.shape);
    words.pressure = kSlow;
    const std::uint64_t second = words.image.descriptors + kDescriptorBytes;
    const std::uint64_t record =
        word(words.image, second + 32) | std::uint64_t{word(words.image, second + 36)} << 32;
    put(words.image, record + 8, word(words.image, record + 8) + more);
    add("many offset words", words, back(kOffsetWords, more));
  }
}

}  // namespace transom::mutate
