// test_codec.cpp — every codec of the table, on every width, stream count and chunk.
// SPDX-License-Identifier: Apache-2.0
#include "transom/codec/codec.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "support.hpp"
#include "transom/table/histogram.hpp"

namespace transom {

TEST_CASE("stream: every value goes to one stream, chunk c to stream c mod N, in order", "[unit]") {
  for (const std::uint32_t n : {0u, 1u, 2u, 7u, 64u, 100u, 129u}) {
    for (const std::uint32_t n_streams : {1u, 2u, 3u, 64u}) {
      for (const std::uint32_t chunk : {1u, 2u, 5u, 1000u, 0xffff'ffffu}) {
        const StreamLayout layout{n, n_streams, chunk};
        std::vector<std::uint32_t> lane_of(n, ~0u);
        std::uint64_t sum = 0;
        for (std::uint32_t stream = 0; stream < n_streams; ++stream) {
          std::uint32_t seen = 0;
          layout.for_each(stream, [&](std::uint32_t i) {
            REQUIRE(i < n);
            REQUIRE(lane_of[i] == ~0u);
            lane_of[i] = stream;
            ++seen;
          });
          REQUIRE(seen == layout.stream_values(stream));
          sum += seen;
        }
        REQUIRE(sum == n);
        for (std::uint32_t i = 0; i < n; ++i) REQUIRE(lane_of[i] == i / chunk % n_streams);
      }
    }
  }
}

TEST_CASE("codec: every coding round-trips on every width, sign, stream count and chunk",
          "[unit]") {
  std::mt19937 random(11);
  for (const Codec& c : codecs()) {
    for (const unsigned bits : {1u, 2u, 4u, 7u, 8u, 9u, 12u, 16u}) {
      if (bits < 2 && c.max_rows == 1 && c.coding != Coding::kRaw) continue;
      for (int i = 0; i < 12; ++i) {
        const DType dtype{static_cast<std::uint8_t>(bits), i % 2 == 0};
        const Code code = support::random_code(c.coding, dtype, random);
        const std::uint32_t n =
            i < 3 ? static_cast<std::uint32_t>(i) : static_cast<std::uint32_t>(random() % 3000);
        const Tensor tensor = support::random_tensor(dtype, {n}, random);
        const auto n_streams = static_cast<std::uint32_t>(1 + random() % 70);
        const auto chunk = static_cast<std::uint32_t>(1 + random() % 40);
        const CodedTensor coded = encode(tensor, code, n_streams, chunk);
        const Decoded decoded = decode(coded);
        INFO(c.name << " W=" << bits << " R=" << code.table_log << " A=" << code.rows.size()
                    << " n=" << n << " N=" << n_streams << " k=" << chunk);
        REQUIRE(decoded.status == Status::kOk);
        REQUIRE(decoded.values == tensor.values);
      }
    }
  }
}

TEST_CASE("codec: a missing word, a word too many and a flipped bit are told apart", "[unit]") {
  std::mt19937 random(5);
  std::size_t n_flips = 0, n_seen_by_lane = 0;
  for (const Codec& c : codecs()) {
    const Code code = support::random_code(c.coding, {8, false}, random);
    const Tensor tensor = support::random_tensor({8, false}, {500}, random);
    const CodedTensor good = encode(tensor, code, 2, 1);
    for (auto stream : {&StreamWords::symbols, &StreamWords::offsets}) {
      if ((good.streams[1].*stream).empty()) continue;
      CodedTensor cut = good;
      (cut.streams[1].*stream).pop_back();
      CHECK(decode(cut).status == Status::kTruncated);
      CodedTensor longer = good;
      (longer.streams[1].*stream).push_back(0);
      CHECK(decode(longer).status == Status::kTrailing);
      const std::size_t n_bits = 32 * (good.streams[1].*stream).size();
      for (std::size_t bit = 0; bit < n_bits; ++bit) {
        CodedTensor flipped = good;
        (flipped.streams[1].*stream)[bit / 32] ^= 1u << bit % 32;
        const Decoded decoded = decode(flipped);
        REQUIRE(decoded.status != Status::kOk);
        REQUIRE(decoded.streams[0] == Status::kOk);
        ++n_flips;
        n_seen_by_lane += decoded.streams[1] != Status::kOk;
      }
    }
  }
  WARN(n_seen_by_lane << " of " << n_flips
                      << " single-bit errors are seen by the stream itself, all by the checksum");
  CHECK(n_seen_by_lane > 0);
}

TEST_CASE("codec: bytes are coded and decoded as value_t is, damaged streams, too", "[unit]") {
  std::mt19937 random(17);
  std::size_t n_damaged = 0;
  std::vector<DType> dtypes{float_dtype(2), float_dtype(3)};
  for (std::uint8_t bits = 1; bits <= 8; ++bits) dtypes.push_back({bits, bits % 2 == 0});
  for (const Codec& c : codecs()) {
    for (const DType& dtype : dtypes) {
      const Code code = support::random_code(c.coding, dtype, random);
      const Tensor tensor = support::random_tensor(dtype, {500}, random);
      const std::vector<std::uint8_t> bytes(tensor.values.begin(), tensor.values.end());
      const TensorView view(tensor.name, dtype, tensor.shape, std::span(bytes));
      INFO(c.name << " " << type_name(dtype));
      REQUIRE(histogram(view.values, dtype.bits) == histogram(tensor.values, dtype.bits));
      REQUIRE(checksum(view.values, dtype) == checksum(tensor.values, dtype));
      CodedTensor coded = encode(tensor, code, 3, 2);
      REQUIRE(encode(view, code, 3, 2) == coded);
      for (int damage = 0; damage < 8; ++damage) {
        const Decoded want = decode(coded);
        std::vector<std::uint8_t> room(500, 0xa5);
        const Statuses statuses = decode(coded, room);
        CHECK(statuses.status == want.status);
        CHECK(statuses.streams == want.streams);
        CHECK(std::equal(room.begin(), room.end(), want.values.begin(), [](auto byte, value_t v) {
          return byte == static_cast<std::uint8_t>(v);
        }));
        n_damaged += want.status != Status::kOk;
        StreamWords& stream = coded.streams[random() % coded.streams.size()];
        auto& words = random() % 2 != 0 ? stream.offsets : stream.symbols;
        if (!words.empty()) words[random() % words.size()] ^= 1u << random() % 32;
      }
    }
  }
  CHECK(n_damaged > 300);
}

TEST_CASE("codec: what cannot be coded is refused by name", "[unit]") {
  Code code{Coding::kApackTans, 1, Spread::kStep, {2, 0}, make_rows(std::vector<value_t>{0, 3}, 4)};
  const Tensor tensor{"t", {4, false}, {2}, {1, 3}};
  CHECK_THROWS_WITH(encode(tensor, code, 1, 1), Catch::Contains("values[1] of tensor 't' is 3"));
  const std::vector<std::uint8_t> bytes{1, 3}, too_large{1, 16};
  CHECK_THROWS_WITH(encode({"b", {4, false}, tensor.shape, std::span(bytes)}, code, 1, 1),
                    Catch::Contains("values[1] of tensor 'b' is 3"));
  CHECK_THROWS_WITH(encode({"b", {4, false}, tensor.shape, std::span(too_large)}, code, 1, 1),
                    Catch::Contains("values[1] of tensor 'b' is 16; must be 0..15"));
  code.freq = {1, 2};
  CHECK_THROWS_WITH(encode(tensor, code, 1, 1), Catch::Contains("sum to 3"));
  code.freq = {1, 1};
  code.rows[1].offset_bits = 1;
  CHECK_THROWS_WITH(encode(tensor, code, 1, 1), Catch::Contains("do not tile"));
  code.rows = make_rows(std::vector<value_t>{0, 3}, 4);
  CHECK_THROWS_WITH(encode(tensor, code, 0, 1), Catch::Contains("n_streams is 0"));
  CHECK_THROWS_WITH(encode(tensor, code, 1, 0), Catch::Contains("chunk is 0"));
  CHECK(decode(encode(tensor, code, 1, 1)).status == Status::kOk);

  // values 1 3 of two rows are the pair (0, 1); an odd end needs any pair of its symbol
  code.coding = Coding::kApackTansPair;
  CHECK_THROWS_WITH(encode(tensor, code, 1, 1), Catch::Contains("2 frequencies for 2 rows"));
  code.freq = {1, 0, 1, 0};
  CHECK_THROWS_WITH(encode(tensor, code, 1, 1),
                    Catch::Contains("pair of symbols of tensor 't' is 0, 1"));
  CHECK(decode(encode(tensor, code, 2, 1)).values == tensor.values);
  code.freq = {0, 2, 0, 0};
  CHECK(decode(encode(tensor, code, 1, 1)).values == tensor.values);
  CHECK_THROWS_WITH(encode(tensor, code, 2, 1),
                    Catch::Contains("odd last symbol 1") && Catch::Contains("'t'"));
  std::vector<value_t> starts(17);
  std::iota(starts.begin(), starts.end(), value_t{0});
  code = {Coding::kApackTansPair, 9, Spread::kStep, std::vector<std::uint32_t>(289, 1),
          make_rows(starts, 8)};
  CHECK_THAT(why_not_a_code(code, {8, false}), Catch::Contains("17 rows; there must be 1..16"));
  CHECK(find_codec("apack-ac")->coding == Coding::kApackAc);
  CHECK(find_codec("huffman") == nullptr);
}

TEST_CASE("codec: constant tensors cost no bits per value", "[unit]") {
  for (const Coding coding : {Coding::kTans, Coding::kApackTans}) {
    const Tensor tensor{"zero", {8, true}, {100'000}, std::vector<value_t>(100'000)};
    Code code{coding, 0, Spread::kStep, {1}, {}};
    if (coding == Coding::kTans) {
      code.freq.resize(256);
      std::vector<value_t> starts(256);
      std::iota(starts.begin(), starts.end(), value_t{0});
      code.rows = make_rows(starts, 8);
    } else {
      code.freq = {1, 0};
      code.rows = make_rows(std::vector<value_t>{0, 1}, 8);
    }
    const CodedTensor coded = encode(tensor, code, 4, 1);
    for (const StreamWords& stream : coded.streams)
      CHECK(stream.symbols.size() + stream.offsets.size() == 0);
    CHECK(decode(coded).values == tensor.values);
  }
}

}  // namespace transom
