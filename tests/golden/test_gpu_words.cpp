// test_gpu_words.cpp — what the CUDA kernels' threads read and write words by.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <random>
#include <utility>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/gpu/kernel/tans.hpp"
#include "transom/gpu/kernel/words.hpp"

namespace transom {
using namespace gpu;

TEMPLATE_TEST_CASE_SIG("gpu: a thread's reader is BitReader, past the end too", "[unit]",
                       ((unsigned kBelow), kBelow), 0, kStepWordLog) {
  std::mt19937 random(20);
  for (int round = 0; round < 3000; ++round) {
    const auto n_words = static_cast<std::uint32_t>(random() % 6);
    const std::uint32_t stride = round % 2 == 0 ? 1 : kSlabStreams;
    std::vector<std::uint32_t> words(n_words), apart(n_words * stride);
    for (std::uint32_t i = 0; i < n_words; ++i) {
      words[i] = static_cast<std::uint32_t>(random() & random());
      apart[i * stride] = words[i];
    }
    BitReader want(words);
    WordReader<kBelow> got(apart.data(), n_words, stride);
    for (int fill = 0; fill < 8; ++fill) {
      got.fill();
      for (unsigned left = got.kReady, nbits = 0; left > 0; left -= nbits) {
        nbits = static_cast<unsigned>(random() % (std::min(left, 16u) + 1));
        const auto above = static_cast<std::uint32_t>(random()) << 8;
        REQUIRE(got.take(above | nbits) == want.read(nbits) << kBelow);
        REQUIRE(got.position() == want.position());
        REQUIRE(got.past_end() == want.past_end());
        REQUIRE(got.clean_end() == want.clean_end());
        if (random() % 8 == 0) break;
      }
    }
  }
}

TEST_CASE("gpu: four bytes are picked, values packed as they are stored", "[unit]") {
  STATIC_REQUIRE(pick_bytes(0x33221100, 0x77665544, 0x7531) == 0x77553311);
  STATIC_REQUIRE(pick_bytes(0x33221100, 0x77665544, 0x5511) == 0x55551111);
  std::uint32_t words[16];
  for (std::uint32_t i = 0; i < 16; ++i) words[i] = i << 24 | 0xab'0000 | (i + 1) << 8 | (0x80 + i);
  const auto bytes = [](const auto& group) {
    std::array<std::uint8_t, 16> stored;
    std::memcpy(stored.data(), &group, sizeof group);
    return stored;
  };
  Group<std::uint8_t> low, high;
  low.pack(words);
  high.pack<1>(words);
  for (std::uint32_t i = 0; i < 16; ++i) {
    CHECK(bytes(low)[i] == 0x80 + i);
    CHECK(bytes(high)[i] == i + 1);
  }
  Group<value_t> wide, wide_high;
  const std::uint32_t(&half)[8] = *reinterpret_cast<const std::uint32_t(*)[8]>(words);
  wide.pack(half);
  wide_high.pack<2>(half);
  for (std::uint32_t i = 0; i < 8; ++i) {
    CHECK(bytes(wide)[2 * i] == 0x80 + i);
    CHECK(bytes(wide)[2 * i + 1] == i + 1);
    CHECK(bytes(wide_high)[2 * i] == 0xab);
    CHECK(bytes(wide_high)[2 * i + 1] == i);
  }
}

TEST_CASE("gpu: a thread's writers are StackWriter and BitWriter", "[unit]") {
  std::mt19937 random(24);
  for (int round = 0; round < 2000; ++round) {
    StackWriter stack;
    BitWriter queue;
    BitCounter counter;
    std::vector<std::array<std::uint32_t, 2>> fields(random() % 20);
    for (auto& [value, nbits] : fields) {
      nbits = static_cast<std::uint32_t>(random() % 33);
      value = static_cast<std::uint32_t>(random()) & low_bits(nbits);
      stack.prepend(value, nbits);
      queue.append(value, nbits);
      counter.append(value, nbits);
    }
    REQUIRE(counter.n_bits() == stack.n_bits());
    const std::uint32_t stride = round % 2 == 0 ? 1 : kSlabStreams;
    const std::size_t n_words = (counter.n_bits() + 31) / 32;
    std::vector<std::uint32_t> back(n_words * stride + 1, 0xdeadbeef), forth = back;
    BackWordWriter back_out(back.data(), counter.n_bits(), stride);
    WordWriter forth_out(forth.data(), stride);
    for (const auto& [value, nbits] : fields) {
      back_out.prepend(value, nbits);
      forth_out.append(value, nbits);
    }
    forth_out.finish();
    const auto require_words = [&](const std::vector<std::uint32_t>& got,
                                   const std::vector<std::uint32_t>& want) {
      REQUIRE(want.size() == n_words);
      for (std::size_t i = 0; i < got.size(); ++i) {
        const bool of_stream = i % stride == 0 && i / stride < n_words;
        REQUIRE(got[i] == (of_stream ? want[i / stride] : 0xdeadbeef));
      }
    };
    require_words(back, stack.take());
    require_words(forth, queue.take());
  }
}

TEST_CASE("gpu: tables of the kernels' own have the fields of the model's", "[unit]") {
  const std::vector<std::uint32_t> table{to_word(Entry{0x52, 3, 0x3ff8}),
                                         to_word(Entry{0x41, 0, 7})};
  std::vector<std::uint32_t> rows(kMaxAlphabet);
  for (const auto& [symbol, row] : {std::pair{0x52, Row{0xabcd, 16}},
                                    {0x41, Row{0xfedc, 1}},
                                    {0x1, Row{1, 2}},
                                    {0x2, Row{3, 4}},
                                    {0x4, Row{5, 6}},
                                    {0x5, Row{7, 8}}}) {
    rows[static_cast<std::size_t>(symbol)] = to_word(row);
  }
  std::vector<std::uint32_t> sizes(kMaxAlphabet, 1);
  sizes[0x52] = 256;
  sizes[0x2] = 9;
  using Words = std::vector<std::uint32_t>;
  CHECK(make_step_words(table) == Words{0xffe0'5203, 0x001c'4100});
  CHECK(make_value_words(table, rows, sizes, false, false) == Words{0xabcd'5210, 0xfedc'4101});
  CHECK(make_value_words(table, rows, sizes, false, true) == Words{0xabcd'ff10, 0xfedc'0001});
  CHECK(make_value_words(table, rows, sizes, true, false) ==
        Words{0x0003'0204, 0x0007'0508, 0x0001'0102, 0x0005'0406});
  CHECK(make_value_words(table, rows, sizes, true, true) ==
        Words{0x0003'0804, 0x0007'0008, 0x0001'0002, 0x0005'0006});
}

}  // namespace transom
