// test_foreign_fse.cpp — compat/fse.hpp against its description, and against damaged input.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/fse.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>

#include "foreign_support.hpp"
#include "transom/foreign/zstd_tables.hpp"

namespace transom::foreign::fse {
namespace {

using support::Random;

/// Any table: some symbols absent (in runs, too), some rare, some of a single slot.
Norm random_norm(Random& random) {
  Norm norm{kMinTableLog + random() % (kMaxTableLog - kMinTableLog + 1), {}};
  std::vector<std::uint32_t> freq;
  while (freq.size() < 2) freq = support::full_freq(random, 100, norm.table_log);
  const std::uint32_t absent = random() % 3;
  for (const std::uint32_t f : freq) {
    const std::size_t gap = random() % 4 < absent ? random() % 30 : 0;
    if (norm.cells.size() + gap + freq.size() < 256) norm.cells.resize(norm.cells.size() + gap);
    norm.cells.push_back(f == 1 && random() % 2 == 0 ? std::int16_t{-1}
                                                     : static_cast<std::int16_t>(f));
  }
  return norm;
}

std::vector<symbol_t> random_message(Random& random, const Norm& norm, std::size_t n) {
  std::vector<std::uint32_t> freq;
  for (const int cells : norm.cells) freq.push_back(static_cast<std::uint32_t>(std::abs(cells)));
  return support::draw<symbol_t>(random, freq, n);
}

/// Two states by the library's encode words: a list of bits, lowest first.
std::vector<std::uint8_t> encode_slowly(const Table& table, const std::vector<symbol_t>& message) {
  const auto L = std::uint32_t{1} << table.table_log();
  const auto states = table.encoder().next_states();
  std::vector<bool> bits;
  const auto append = [&](std::uint32_t value, std::uint32_t n) {
    for (std::uint32_t i = 0; i < n; ++i) bits.push_back((value >> i & 1) != 0);
  };
  const auto next = [&](symbol_t s, std::uint32_t x) {
    const auto words = table.symbol_words(s);
    return states[static_cast<std::size_t>(static_cast<std::int32_t>(x) + words.delta_state)];
  };
  std::uint32_t state[2] = {0, 0};
  for (std::size_t i = message.size(); i-- > 0;) {
    std::uint32_t& x = state[i % 2];
    const symbol_t s = message[i];
    if (x == 0) {
      x = 2 * L;  // the lowest state of the symbol
      for (std::uint32_t t = 0; t < L && x == 2 * L; ++t) {
        if (to_entry(table.decode_words()[t]).symbol == s) x = L + t;
      }
      continue;
    }
    const std::uint32_t n = (x + table.symbol_words(s).delta_nbits) >> 16;
    append(x, n);
    x = next(s, x >> n);
  }
  append(state[1], table.table_log());
  append(state[0], table.table_log());
  append(1, 1);
  std::vector<std::uint8_t> bytes((bits.size() + 7) / 8);
  for (std::size_t i = 0; i < bits.size(); ++i) {
    bytes[i / 8] = static_cast<std::uint8_t>(bytes[i / 8] | unsigned{bits[i]} << i % 8);
  }
  return bytes;
}

}  // namespace

TEST_CASE("fse: streams are those of the library's encode words, and decode", "[unit]") {
  Random random(1);
  for (int i = 0; i < 300; ++i) {
    const Norm norm = random_norm(random);
    CAPTURE(norm.cells, norm.table_log);
    const Table table(norm);
    const auto message = random_message(random, norm, 3 + random() % 200);
    const auto stream = encode(table, message);
    REQUIRE(stream == encode_slowly(table, message));
    const Decoded back = decode(table, stream, message.size());
    REQUIRE(back.status == Status::kOk);
    REQUIRE(back.message == message);
    const Decoded all = decode_all(table, stream, message.size());
    REQUIRE(all.status == Status::kOk);
    REQUIRE(all.message == message);
    REQUIRE(decode_all(table, stream, message.size() - 1).status == Status::kTrailing);
  }
}

TEST_CASE("fse: one state or two, from its first symbol or from L, each length decodes", "[unit]") {
  Random random(2);
  for (unsigned n_states = 1; n_states <= 2; ++n_states) {
    for (const bool from_symbol : {false, true}) {
      for (std::size_t n = n_states; n < 60; ++n) {
        const Norm norm = random_norm(random);
        const Table table(norm);
        const Layout layout{n_states, from_symbol};
        const auto message = random_message(random, norm, n);
        const auto stream = encode(table, message, layout);
        const Decoded back = decode(table, stream, n, layout);
        REQUIRE(back.status == Status::kOk);
        REQUIRE(back.message == message);
        REQUIRE(decode(table, stream, n + 1, layout).status != Status::kOk);
        auto longer = stream;
        longer.insert(longer.begin(), 0);  // eight bits that no step reads
        REQUIRE(decode(table, longer, n, layout).status == Status::kTrailing);
      }
    }
  }
}

TEST_CASE("fse: a table's slots are those of its norm, rare symbols last", "[unit]") {
  Random random(3);
  for (int i = 0; i < 200; ++i) {
    const Norm norm = random_norm(random);
    const Table table(norm);
    std::map<int, int> slots;
    for (const std::uint32_t word : table.decode_words()) ++slots[to_entry(word).symbol];
    std::size_t last = table.decode_words().size();
    for (std::size_t s = 0; s < norm.cells.size(); ++s) {
      REQUIRE(slots[static_cast<int>(s)] == std::abs(norm.cells[s]));
      if (norm.cells[s] != -1) continue;
      REQUIRE(to_entry(table.decode_words()[--last]) ==
              Entry{static_cast<symbol_t>(s), static_cast<std::uint8_t>(norm.table_log), 0});
    }
  }
}

TEST_CASE("fse: headers give back each table but for trailing absent symbols", "[unit]") {
  Random random(4);
  for (int i = 0; i < 500; ++i) {
    Norm norm = random_norm(random);
    const auto bytes = write_header(norm);
    const Header header = read_header(bytes);
    REQUIRE(header.status == Status::kOk);
    REQUIRE(header.n_bytes == bytes.size());
    REQUIRE(header.norm == norm);
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      REQUIRE(read_header(std::span(bytes).first(n)).status != Status::kOk);
    }
    norm.cells.resize(256);
    REQUIRE(write_header(norm) == bytes);
  }
}

TEST_CASE("fse: normalised counts fill the table, absent symbols have no slot", "[unit]") {
  Random random(5);
  std::map<Outcome, int> seen;
  bool rare = false;
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::uint32_t> counts(2 + random() % 255);
    const std::uint32_t shift = random() % 24;
    for (std::uint32_t& n : counts) {
      n = random() % 3 == 0 ? 0 : random() >> 8 >> (shift + random() % 8);
    }
    const unsigned log = 4 + random() % 10;
    const Normalised got = normalise(counts, log);
    ++seen[got.outcome];
    if (got.outcome != Outcome::kWritten) continue;
    CAPTURE(counts, log);
    REQUIRE(why_not_a_norm(got.norm).empty());
    REQUIRE(got.norm.table_log == log);
    for (std::size_t s = 0; s < counts.size(); ++s) {
      REQUIRE((counts[s] == 0) == (got.norm.cells[s] == 0));
      rare = rare || got.norm.cells[s] == -1;
    }
  }
  CHECK(seen[Outcome::kWritten] > 1000);
  CHECK(seen[Outcome::kRefused] > 100);
  CHECK(rare);
  CHECK(normalise(std::vector<std::uint32_t>{0, 7}, 5).outcome == Outcome::kOneSymbol);
  CHECK(normalise(std::vector<std::uint32_t>{0, 0}, 5).outcome == Outcome::kRefused);
  CHECK(normalise({}, 5).outcome == Outcome::kRefused);
  // 5 in 20 of 32 slots: 8 and 24, by hand
  CHECK(normalise(std::vector<std::uint32_t>{5, 15}, 5).norm == Norm{5, {8, 24}});
}

TEST_CASE("fse: shares of under eight slots are rounded up from the library's limits", "[unit]") {
  // Shares in thousandths of a slot, below and above 473195 / 2^20 = 0.451, 0.481, 0.497, ...
  const std::uint32_t below[] = {1450, 2480, 3496, 4524, 5667, 6715, 7791};
  std::vector<std::uint32_t> counts;
  std::uint32_t left = 4'096'000;
  for (const std::uint32_t n : below) {
    for (const std::uint32_t share : {n, n + 2}) {
      counts.push_back(share);
      left -= share;
    }
  }
  counts.insert(counts.end(), {1000, 1001, 8999, left - 11000});
  const auto got = normalise(counts, 12);
  REQUIRE(got.outcome == Outcome::kWritten);
  for (int slots = 1; slots <= 7; ++slots) {
    CHECK(got.norm.cells[static_cast<std::size_t>(2 * slots - 2)] == slots);
    CHECK(got.norm.cells[static_cast<std::size_t>(2 * slots - 1)] == slots + 1);
  }
  CHECK(got.norm.cells[14] == -1);  // one slot's share is rare, more is not
  CHECK(got.norm.cells[15] == 1);
  CHECK(got.norm.cells[16] == 8);  // from eight on, down
}

TEST_CASE("fse: blocks shrink and come back, or say why they were not written", "[unit]") {
  Random random(6);
  std::map<Outcome, int> seen;
  for (int i = 0; i < 400; ++i) {
    const Norm norm = random_norm(random);
    const auto message = random_message(random, norm, random() % 3000);
    const Block block = encode_block(message, 255, 5 + random() % 8);
    ++seen[block.outcome];
    if (block.outcome != Outcome::kWritten) {
      REQUIRE(block.bytes.empty());
      continue;
    }
    REQUIRE(block.bytes.size() + 1 < message.size());
    const Decoded back = decode_block(block.bytes, message.size());
    REQUIRE(back.status == Status::kOk);
    REQUIRE(back.message == message);
  }
  CHECK(seen[Outcome::kWritten] > 200);
  const auto outcome = [](const std::vector<symbol_t>& message, unsigned max = 255,
                          unsigned log = 11) { return encode_block(message, max, log).outcome; };
  CHECK(outcome({}) == Outcome::kIncompressible);
  CHECK(outcome({7}) == Outcome::kIncompressible);
  CHECK(outcome({7, 7}) == Outcome::kOneSymbol);
  CHECK(outcome({7, 8, 9}) == Outcome::kIncompressible);
  CHECK(outcome(std::vector<symbol_t>(100, 7), 6) == Outcome::kRefused);
  CHECK(outcome(std::vector<symbol_t>(100, 7), 255, 0) == Outcome::kRefused);
  CHECK(outcome(std::vector<symbol_t>(100, 7), 255, 13) == Outcome::kRefused);
}

TEST_CASE("fse: the predefined tables of zstd are those of RFC 8878, appendix A", "[golden]") {
  // The first and last rows of each table there: symbol, bits, base.
  const auto check = [](const Norm& norm, std::size_t n_symbols, const std::vector<Entry>& first,
                        const Entry& last) {
    REQUIRE(why_not_a_norm(norm).empty());
    CHECK(norm.cells.size() == n_symbols);
    const Table table(norm);
    for (std::size_t t = 0; t < first.size(); ++t) {
      CHECK(to_entry(table.decode_words()[t]) == first[t]);
    }
    CHECK(to_entry(table.decode_words().back()) == last);
    CHECK(read_header(write_header(norm)).norm == norm);
  };
  check(zstd_literal_lengths(), 36,
        {{0, 4, 0}, {0, 4, 16}, {1, 5, 32}, {3, 5, 0}, {4, 5, 0}, {6, 5, 0}}, {32, 6, 0});
  check(zstd_match_lengths(), 53,
        {{0, 6, 0}, {1, 4, 0}, {2, 5, 32}, {3, 5, 0}, {5, 5, 0}, {6, 5, 0}}, {46, 6, 0});
  check(zstd_offsets(), 29, {{0, 5, 0}, {6, 4, 0}, {9, 5, 0}, {15, 5, 0}, {21, 5, 0}, {3, 5, 0}},
        {24, 5, 0});
}

TEST_CASE("fse: wrong tables and messages are refused, and named", "[unit]") {
  const auto refuse = [](const Norm& norm, const char* what) {
    CHECK_THROWS_WITH(Table(norm), Catch::Contains(what));
    CHECK_THROWS_WITH(write_header(norm), Catch::Contains(what));
  };
  refuse({4, {8, 8}}, "table log 4");
  refuse({13, {4096, 4096}}, "table log 13");
  refuse({5, {16, 15}}, "31 slots");
  refuse({5, {}}, "0 slots");
  refuse({5, {32}}, "symbol 0 has 32");
  refuse({5, {30, -2}}, "symbol 1 has -2");
  refuse({5, std::vector<std::int16_t>(257)}, "257 symbols");
  const Table table(Norm{5, {16, 0, 16}});
  CHECK_FALSE(table.every_step_reads());
  CHECK(Table(Norm{5, {15, 2, 15}}).every_step_reads());
  CHECK_THROWS_WITH(encode(table, std::vector<symbol_t>{0, 1, 0}),
                    Catch::Contains("message[1] is 1"));
  CHECK_THROWS_WITH(encode(table, std::vector<symbol_t>{0, 0, 3}),
                    Catch::Contains("message[2] is 3"));
  CHECK_THROWS_WITH(encode(table, std::vector<symbol_t>{0}),
                    Catch::Contains("number of symbols is 1"));
  CHECK_THROWS_WITH(encode(table, std::vector<symbol_t>{0, 0, 0}, {3, true}),
                    Catch::Contains("number of states is 3"));
}

TEST_CASE("fse: damaged streams and blocks end within their bits and the limit", "[unit]") {
  Random random(7);
  std::map<Status, std::size_t> streams, blocks;
  for (std::size_t i = 0; i < support::n_mutations();) {
    const Norm norm = random_norm(random);
    const Table table(norm);
    const auto message = random_message(random, norm, 3 + random() % 100);
    const Layout layout{1 + random() % 2, random() % 2 == 0};
    const auto stream = encode(table, message, layout);
    auto block = write_header(norm);
    block.insert(block.end(), stream.begin(), stream.end());
    for (int j = 0; j < 10; ++j, ++i) {
      auto bad_stream = stream, bad_block = block;
      support::damage(random, bad_stream);
      support::damage(random, bad_block);
      const std::size_t limit = random() % 200;
      const Decoded known = decode(table, bad_stream, limit, layout);
      REQUIRE(known.message.size() <= limit);
      ++streams[known.status];
      const Decoded all = decode_all(table, bad_stream, limit);
      REQUIRE(all.message.size() <= limit);
      const Decoded whole = decode_block(bad_block, limit);
      REQUIRE(whole.message.size() <= limit);
      ++blocks[whole.status];
      const Header header = read_header(bad_block);
      if (header.status == Status::kOk) {
        REQUIRE(read_header(write_header(header.norm)).norm == header.norm);
      }
    }
  }
  for (const Status status : {Status::kTruncated, Status::kBadState, Status::kTrailing}) {
    CHECK(streams[status] > 0);
    CHECK(blocks[status] > 0);
  }
  CHECK(blocks[Status::kBadTable] > 0);
}

}  // namespace transom::foreign::fse
