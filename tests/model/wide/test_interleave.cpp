// test_interleave.cpp — the order of the wide unit's halfwords against one made from positions, and
// what damaged records give.
// SPDX-License-Identifier: Apache-2.0
#include "transom/container/interleave.hpp"

#include <catch2/catch.hpp>

#include "support.hpp"
#include "transom/plan/wide_plan.hpp"

namespace transom {
namespace {

using Words = std::vector<std::uint32_t>;

WideHeader header_of(const Words& record) {
  return to_wide_header(std::span(record).first<kWideHeaderWords>());
}
std::vector<std::uint32_t> payload_of(const Words& record) {
  const WideHeader h = header_of(record);
  const auto at =
      static_cast<std::ptrdiff_t>(kWideHeaderWords + (h.count_halves() + h.row_halves()) / 2);
  std::vector<std::uint32_t> halves;
  for (std::uint32_t i = 0; i < h.n_halves; ++i) {
    halves.push_back(*(record.begin() + at + i / 2) >> i % 2 * 16 & 0xffff);
  }
  return halves;
}

/// A stream as its bits and where its steps were in them.
struct Traced {
  std::vector<bool> symbols, offsets;  ///< behind the state
  std::vector<std::uint64_t> symbol_ends, offset_ends;
  std::uint32_t state = 0;

  static std::uint32_t half(const std::vector<bool>& bits, std::uint64_t at) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < 16 && at + i < bits.size(); ++i)
      value |= std::uint32_t{bits[at + i]} << i;
    return value;
  }
};

std::vector<bool> bits_of(const Words& words, std::uint64_t from) {
  std::vector<bool> bits;
  for (std::uint64_t i = from; i < 32 * words.size(); ++i)
    bits.push_back(words[i / 32] >> i % 32 & 1);
  return bits;
}

std::vector<Traced> trace(const CodedTensor& tensor) {
  const Codec& c = codec(tensor.code.coding);
  const bool tans = tensor.code.coding == Coding::kApackTans;
  const unsigned state_bits = tensor.code.table_log + (tans ? 0 : 2);
  const auto table = c.make_table(tensor.code), rows = make_row_words(tensor.code);
  std::vector<Traced> streams;
  for (std::uint32_t s = 0; s < tensor.streams.size(); ++s) {
    const StreamWords& words = tensor.streams[s];
    Traced stream{bits_of(words.symbols, state_bits), bits_of(words.offsets, 0), {}, {}, 0};
    stream.state = words.symbols.empty() ? 0 : words.symbols[0] & low_bits(state_bits);
    if (!tans) stream.state <<= 16 - state_bits;
    for (const TracedValue& v : c.trace_stream(table, tensor.code.table_log, rows, words,
                                               tensor.layout().stream_values(s))) {
      stream.symbol_ends.push_back(v.symbol_position - state_bits);
      stream.offset_ends.push_back(v.offset_position);
    }
    streams.push_back(std::move(stream));
  }
  return streams;
}

/// The order, from where the steps end; and that each step has its bits three rounds, or two,
/// before.
class Naive {
 public:
  Naive(const CodedTensor& tensor, const WideTable& table)
      : streams_(trace(tensor)), asked_(streams_.size()) {
    for (const Traced& stream : streams_) {
      halves.push_back(stream.state);
    }
    for (unsigned pass = 1; pass <= 3; ++pass) {
      for (std::size_t s = 0; s < streams_.size(); ++s) {
        if (16 * (pass - 1) < table.symbol_bits_wanted) ask(s, 0);
        if (16 * (pass - 1) < table.offset_bits_wanted) ask(s, 1);
      }
    }
    for (std::size_t round = 0; round < streams_[0].symbol_ends.size(); ++round) {
      history_.push_back(asked_);
      for (std::size_t s = 0; s < streams_.size(); ++s) {
        const std::size_t m = streams_[s].symbol_ends.size();
        if (round + 3 < m &&
            asked_[s][0] - streams_[s].symbol_ends[round] < table.symbol_bits_wanted)
          ask(s, 0);
        if (round + 2 < m &&
            asked_[s][1] - streams_[s].offset_ends[round] < table.offset_bits_wanted)
          ask(s, 1);
      }
    }
  }

  std::vector<std::uint32_t> halves;
  bool has_its_bits() const {
    for (std::size_t s = 0; s < streams_.size(); ++s) {
      for (std::size_t round = 0; round < streams_[s].symbol_ends.size(); ++round) {
        const auto& symbols = history_[round < 2 ? 0 : round - 2][s];
        const auto& offsets = history_[round < 1 ? 0 : round - 1][s];
        if (streams_[s].symbol_ends[round] > symbols[0]) return false;
        if (streams_[s].offset_ends[round] > offsets[1]) return false;
      }
    }
    return true;
  }

 private:
  void ask(std::size_t s, unsigned which) {
    halves.push_back(
        Traced::half(which == 0 ? streams_[s].symbols : streams_[s].offsets, asked_[s][which]));
    asked_[s][which] += 16;
  }

  std::vector<Traced> streams_;
  std::vector<std::array<std::uint64_t, 2>> asked_;
  std::vector<std::vector<std::array<std::uint64_t, 2>>> history_;  ///< before each round
};

WideTable table_of(const Words& record) {
  const WideHeader h = header_of(record);
  WideTable table;
  const auto* halves = reinterpret_cast<const std::uint16_t*>(record.data() + kWideHeaderWords);
  for (unsigned i = 0; i < h.count_halves(); ++i) table.cum[i] = halves[i];
  for (unsigned i = 0; i < (h.plain ? 0 : h.room()); ++i) {
    const std::uint16_t* rows = halves + h.count_halves();
    const unsigned half = rows[h.value_bits > 8 ? i : i / 2];
    table.vmin[i] = static_cast<value_t>(h.value_bits > 8 ? half : half >> i % 2 * 8 & 0xff);
  }
  table.derive(h);
  return table;
}

CodedTensor random_coded(unsigned bits, std::uint32_t n, std::uint32_t n_streams,
                         std::mt19937& random, Coding coding = Coding::kApackNrans) {
  const DType dtype{static_cast<std::uint8_t>(bits), false};
  const Code code = support::random_wide_code(coding, dtype, random);
  return encode(support::random_tensor(dtype, {n}, random), code, n_streams, 1);
}

}  // namespace

TEST_CASE("interleave: halfwords lie in the order of lanes in lockstep, and each step has its bits",
          "[unit]") {
  std::mt19937 random(5);
  for (const std::uint32_t S : {1u, 2u, 3u, 8u, 31u, 128u}) {
    for (const std::uint32_t n : {1u, 2u, S, S + 1, 3 * S - 1, 4 * S + S / 2, 40 * S + 1}) {
      for (unsigned bits = 1; bits <= 16; bits += S > 8 ? 3 : 1) {
        const Coding coding = random() % 2 == 0 ? Coding::kApackNrans : Coding::kApackTans;
        const CodedTensor coded = random_coded(bits, n, S, random, coding);
        const Words record = wide_record(coded);
        REQUIRE(record.size() == header_of(record).n_words());
        const WideTable table = table_of(record);
        REQUIRE(table.good);
        const Naive naive(coded, table);
        REQUIRE(naive.halves == payload_of(record));
        REQUIRE(naive.has_its_bits());
        const WideTensor back = read_wide_record(header_of(record), record);
        REQUIRE(back.status == Status::kOk);
        REQUIRE(back.streams == coded.streams);
        REQUIRE(back.code.coding == coding);
        REQUIRE(back.code.freq == coded.code.freq);
        REQUIRE(back.code.rows == coded.code.rows);
      }
    }
  }
}

TEST_CASE("interleave: values without bits take none", "[unit]") {
  const DType dtype{2, false};
  const Code code{Coding::kApackNrans,
                  3,
                  Spread::kTuned,
                  {0, 8, 0, 0},
                  make_rows(std::vector<value_t>{0, 1, 2, 3}, 2)};
  const CodedTensor coded =
      encode(Tensor{"", dtype, {1000}, std::vector<value_t>(1000, 1)}, code, 16, 1);
  const Words record = wide_record(coded);
  CHECK(header_of(record).plain);
  CHECK(record.size() == 3 + 2 + 8);
  CHECK(read_wide_record(header_of(record), record).status == Status::kOk);
}

TEST_CASE("interleave: no tensor of over 256 values of 4, 8, 16 bits grows by over 16 bytes",
          "[unit]") {
  std::mt19937 random(6);
  for (const unsigned bits : {4u, 8u, 16u}) {
    for (const std::uint32_t n : {257u, 300u, 1000u, 4001u}) {
      const DType dtype{static_cast<std::uint8_t>(bits), false};
      Tensor tensor{"noise", dtype, {n}, {}};
      for (std::uint32_t i = 0; i < n; ++i)
        tensor.values.push_back(static_cast<value_t>(random() & low_bits(bits)));
      for (const unsigned lanes : {4u, 64u}) {
        const CodedTensor coded = encode_wide(tensor, {.n_lanes = lanes});
        CHECK(4 * wide_record(coded).size() <= (std::size_t{n} * bits + 7) / 8 + 16);
        CHECK(decode(coded).values == tensor.values);
      }
    }
  }
}

TEST_CASE("interleave: a raw tensor has its values in 4, 8 or 16 bits", "[unit]") {
  std::mt19937 random(7);
  for (unsigned bits = 1; bits <= 16; ++bits) {
    for (const std::uint32_t n : {0u, 1u, 5u, 100u}) {
      const DType dtype{static_cast<std::uint8_t>(bits), bits % 2 == 0};
      const Tensor tensor = support::random_tensor(dtype, {n}, random);
      const Words record = wide_record(encode(tensor, raw_code(dtype), 3, 1));
      const unsigned width = bits <= 4 ? 4 : bits <= 8 ? 8 : 16;
      REQUIRE(record.size() == 3 + (n * width + 31) / 32);
      CodedTensor back = encode(tensor, raw_code(dtype), 1, 1);
      const WideTensor read = read_wide_record(header_of(record), record);
      REQUIRE(read.status == Status::kOk);
      REQUIRE(read.streams == back.streams);
    }
  }
}

TEST_CASE("interleave: damaged records have the verdict that comes first", "[unit]") {
  const Coding coding = GENERATE(Coding::kApackNrans, Coding::kApackTans);
  std::mt19937 random(8);
  const CodedTensor coded = random_coded(8, 500, 7, random, coding);
  const Words record = wide_record(coded);
  const WideHeader good = header_of(record);
  const auto verdict = [&](auto damage) {
    WideHeader h = good;
    Words words = record;
    damage(h, words);
    words.resize(h.n_words());
    return read_wide_record(h, words).status;
  };
  const std::size_t table = kWideHeaderWords,
                    payload = table + (good.count_halves() + good.row_halves()) / 2;
  CHECK(verdict([](WideHeader&, Words&) {}) == Status::kOk);
  CHECK(verdict([](WideHeader& h, Words&) { h.n_halves -= 1; }) == Status::kTruncated);
  CHECK(verdict([](WideHeader& h, Words&) { h.n_halves = 0; }) == Status::kTruncated);
  CHECK(verdict([](WideHeader& h, Words&) { h.n_halves += 1; }) == Status::kTrailing);
  CHECK(verdict([&](WideHeader&, Words& w) { w[table] ^= 1; }) == Status::kBadTable);
  CHECK(verdict([&](WideHeader&, Words& w) { w[payload - 1] ^= 0xffff'0000; }) ==
        Status::kBadTable);
  if (!good.tans() && good.state_shift() > 0) {
    CHECK(verdict([&](WideHeader&, Words& w) { w[payload] ^= 1; }) == Status::kBadState);
  }
  CHECK(verdict([&](WideHeader&, Words& w) { w[payload] ^= 0x8000; }) == Status::kBadState);
  // Hardly a bit of the payload flips without a verdict, but those of offsets.
  std::size_t n_ok = 0;
  for (std::size_t bit = 0; bit < 32 * (record.size() - payload); ++bit) {
    n_ok += verdict([&](WideHeader&, Words& w) { w[payload + bit / 32] ^= 1u << bit % 32; }) ==
            Status::kOk;
  }
  std::uint64_t offset_bits = 0;
  for (const value_t v : decode(coded).values) {
    for (std::size_t row = coded.code.rows.size(); row-- > 0;) {
      if (coded.code.rows[row].vmin > v) continue;
      offset_bits += coded.code.rows[row].offset_bits;
      break;
    }
  }
  // A coder may find its way back to the right state by chance.
  CHECK(n_ok >= offset_bits);
  CHECK(n_ok < offset_bits + 40);
}

TEST_CASE("interleave: headers that no record has are refused by name", "[unit]") {
  std::mt19937 random(9);
  const WideHeader good = header_of(wide_record(random_coded(8, 500, 7, random)));
  WideLimits limits{.coding = Coding::kApackNrans, .n_lanes = 8, .table_log = 12, .max_offset = 8};
  const auto why = [&](auto change) {
    WideHeader h = good;
    change(h);
    const char* text = why_bad_header(h, limits);
    return std::string(text == nullptr ? "" : text);
  };
  CHECK(why([](WideHeader&) {}).empty());
  CHECK(to_wide_header(to_words(good)) == good);
  CHECK_THAT(why([](WideHeader& h) { h.reserved = 1; }), Catch::Contains("25..31"));
  CHECK_THAT(why([](WideHeader& h) { h.coding = 2; }), Catch::Contains("not known"));
  CHECK_THAT(why([](WideHeader& h) { h.coding = 3; }), Catch::Contains("not that of the unit"));
  limits.coding.reset();
  CHECK(why([](WideHeader& h) { h.coding = 3, h.table_log = 8; }).empty());
  CHECK_THAT(why([](WideHeader& h) { h.coding = 3, h.table_log = 9; }),
             Catch::Contains("table log"));
  CHECK_THAT(why([](WideHeader& h) { h.n_streams = 9; }), Catch::Contains("lanes"));
  CHECK_THAT(why([](WideHeader& h) { h.table_log = 13; }), Catch::Contains("table log"));
  CHECK_THAT(why([](WideHeader& h) { h.n_values = 0; }), Catch::Contains("raw"));
  CHECK_THAT(why([](WideHeader& h) { h.value_bits = 9; }), Catch::Contains("wider"));
  CHECK_THAT(why([](WideHeader& h) { h.plain = true; }), Catch::Contains("rows"));
  const WideHeader raw{.value_bits = 8, .n_values = 5, .n_halves = 3};
  CHECK(why([&](WideHeader& h) { h = raw; }).empty());
  CHECK_THAT(why([&](WideHeader& h) { h = raw, h.n_halves = 2; }), Catch::Contains("fill"));
  CHECK_THAT(why([&](WideHeader& h) { h = raw, h.n_streams = 2; }), Catch::Contains("one stream"));
  CHECK_THROWS_WITH(wide_record(encode(Tensor{"t", {8, false}, {4}, {1, 2, 3, 4}},
                                       one_row_code(Coding::kApackRans, {8, false}), 1, 1)),
                    Catch::Contains("must be raw, apack-nrans or apack-tans"));
  Code code = one_row_code(Coding::kApackTans, {8, false});
  code.spread = Spread::kTuned;
  CHECK_THROWS_WITH(wide_record(encode(Tensor{"t", {8, false}, {4}, {1, 2, 3, 4}}, code, 1, 1)),
                    Catch::Contains("must be step"));
  code = {Coding::kApackTans, 9, Spread::kStep, {512}, code.rows};
  CHECK_THROWS_WITH(wide_record(encode(Tensor{"t", {8, false}, {4}, {1, 2, 3, 4}}, code, 1, 1)),
                    Catch::Contains("table log"));
  CHECK_THROWS_WITH(wide_record(encode(Tensor{"t", {8, false}, {4}, {1, 2, 3, 4}},
                                       one_row_code(Coding::kApackNrans, {8, false}), 2, 2)),
                    Catch::Contains("chunk"));
}

}  // namespace transom
