// test_gpu_rows.cpp — the row kernel's bodies on the host: torch_ans' 12 variants beside the model.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <map>
#include <numeric>

#include "foreign_support.hpp"
#include "transom/foreign/torch/torch_rows.hpp"
#include "transom/gpu/rows/rows.hpp"

namespace transom {
using namespace foreign;
using namespace gpu;
namespace {

using support::Random;
using Indexes = std::vector<std::uint32_t>;
using Symbols = std::vector<std::int32_t>;

template <class Run>
void for_each_variant(Run run) {
  for (const TorchVariant& variant : torch_variants()) {
    INFO(variant.name);
    with_torch_geometry(
        variant, [&]<class Geometry>(Geometry) { run.template operator()<Geometry>(variant); });
  }
}

/// Rows with their bytes, and words behind each that nobody may touch.
template <class Geometry>
struct Rows {
  using Word = typename Geometry::Word;
  static constexpr Word kGuard = static_cast<Word>(0x5a5a'5a5a);
  static constexpr std::size_t kGuards = 3;

  Rows(std::size_t n_rows, std::size_t most_words)
      : capacity(most_words), words(n_rows * (capacity + kGuards), kGuard), n_bytes(n_rows) {}

  RowMemory<Geometry> memory() {
    return {words.data(), capacity + kGuards, capacity, n_bytes.data(), 1, n_bytes.size()};
  }
  void put(std::size_t row, const Bytes& bytes) {
    REQUIRE(bytes.size() <= capacity * sizeof(Word));
    std::copy(bytes.begin(), bytes.end(), bytes_at(row));
    n_bytes[row] = static_cast<std::uint32_t>(bytes.size());
  }
  std::uint8_t* bytes_at(std::size_t row) {
    return reinterpret_cast<std::uint8_t*>(words.data() + row * (capacity + kGuards));
  }
  Bytes get(std::size_t row) {
    const std::uint8_t* bytes = bytes_at(row);
    return {bytes, bytes + n_bytes[row]};
  }
  bool is_guarded() const {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (i % (capacity + kGuards) >= capacity && words[i] != kGuard) return false;
    }
    return true;
  }

  std::size_t capacity;
  std::vector<Word> words;
  std::vector<std::uint32_t> n_bytes;
};

/// Tables of a variant, and the rows of symbols that they make.
struct Load {
  TorchTables tables;
  FlatTables flat{tables};
  std::vector<std::vector<std::uint32_t>> freqs;

  /// n positions: values by their frequencies, escapes now and then far outside.
  void draw(Random& random, std::size_t n, Indexes& indexes, Symbols& symbols) const {
    for (std::size_t i = 0; i < n; ++i) {
      const auto t = static_cast<std::uint32_t>(random() % freqs.size());
      auto value = support::draw<std::int32_t>(random, freqs[t], 1)[0];
      const auto escape = static_cast<std::int32_t>(freqs[t].size() - 1);
      if (tables.bypass_precision() != 0 && (value == escape || random() % 16 == 0)) {
        const auto far = static_cast<std::int32_t>(random() >> (9 + random() % 23));
        value = random() % 2 != 0 ? escape + far : -1 - far;
      }
      indexes.push_back(t);
      symbols.push_back(value + tables.offset(t));
    }
  }
};

/// 1..3 tables of any precision that the coder and its look-up take; some with symbols that have no
/// slots, some with slots that have no symbol.
template <class Geometry>
Load random_load(Random& random, const TorchVariant& variant) {
  const bool is_alias = variant.lookup == TorchLookup::kAlias;
  const unsigned most = variant.lookup == TorchLookup::kSearch ? Geometry::lower_log
                                                               : std::min(12u, Geometry::lower_log);
  const unsigned fp = random() % (most + 1), bp = random() % 3 == 0 ? 0 : 1 + random() % 8;
  std::vector<std::vector<std::uint32_t>> freqs;
  std::vector<TorchTable> tables;
  for (std::uint32_t t = 1 + random() % 3; t > 0; --t) {
    auto freq = support::full_freq(random, 200, fp);
    if (is_alias) {
      freq.resize(std::bit_floor(freq.size()));
      freq.back() += (std::uint32_t{1} << fp) - std::reduce(freq.begin(), freq.end());
    }
    const std::size_t gone = random() % freq.size();
    if (freq.size() > 2 && gone + 1 != freq.size() && random() % 3 == 0) {
      if (is_alias) freq.back() += freq[gone];
      freq[gone] = 0;
    }
    std::vector<std::uint32_t> cdf(1);
    for (const std::uint32_t f : freq) cdf.push_back(cdf.back() + f);
    tables.push_back({std::move(cdf), static_cast<std::int32_t>(random() % 300) - 150});
    freqs.push_back(std::move(freq));
  }
  return {.tables = TorchTables(tables, fp, bp, variant.lookup), .freqs = std::move(freqs)};
}

std::size_t at(std::size_t row, std::size_t n) { return row * n; }

/// A push on all rows at once, and each by the model; the model's verdicts.
template <class Geometry>
std::vector<Status> check_push(const TorchVariant& variant, const Load& load, Rows<Geometry>& rows,
                               const Indexes& indexes, const Symbols& symbols) {
  const std::size_t n_rows = rows.n_bytes.size(), n = symbols.size() / n_rows;
  std::vector<RowBytes> want;
  std::vector<Status> verdicts;
  for (std::size_t r = 0; r < n_rows; ++r) {
    want.push_back(push_torch_row(variant, load.tables, rows.get(r),
                                  std::span(indexes).subspan(at(r, n), n),
                                  std::span(symbols).subspan(at(r, n), n)));
    verdicts.push_back(want.back().status);
  }
  std::vector<PushStatus> got(n_rows, PushStatus{0xff});
  push_rows_on_host(PushJob<Geometry>{rows.memory(), load.flat.on(load.flat.words().data()),
                                      indexes.data(), symbols.data(), n, got.data()},
                    variant.n_states);
  for (std::size_t r = 0; r < n_rows; ++r) {
    REQUIRE(got[r] == PushStatus{static_cast<std::uint8_t>(want[r].status)});
    REQUIRE(rows.get(r) == want[r].bytes);
  }
  REQUIRE(rows.is_guarded());
  return verdicts;
}

/// The same of a pop. What was not popped stays unwritten.
template <class Geometry>
std::vector<TorchPoppedRow> check_pop(const TorchVariant& variant, const Load& load,
                                      Rows<Geometry>& rows, const Indexes& indexes) {
  const std::size_t n_rows = rows.n_bytes.size(), n = indexes.size() / n_rows;
  std::vector<TorchPoppedRow> want;
  for (std::size_t r = 0; r < n_rows; ++r) {
    want.push_back(
        pop_torch_row(variant, load.tables, rows.get(r), std::span(indexes).subspan(at(r, n), n)));
  }
  constexpr std::int32_t kUnwritten = 0x5eed'5eed;
  Symbols symbols(indexes.size(), kUnwritten);
  std::vector<PoppedRow> ends(n_rows, PoppedRow{Status{0xff}, Status{0xff}, 0xffff'ffff});
  pop_rows_on_host(PopJob<Geometry>{rows.memory(), load.flat.on(load.flat.words().data()),
                                    indexes.data(), symbols.data(), n, ends.data()},
                   variant.n_states);
  for (std::size_t r = 0; r < n_rows; ++r) {
    REQUIRE(ends[r].status == want[r].status);
    REQUIRE(ends[r].end == want[r].end);
    REQUIRE(ends[r].n_symbols == want[r].symbols.size());
    want[r].symbols.resize(n, kUnwritten);
    const auto row = std::span(symbols).subspan(at(r, n), n);
    REQUIRE(std::equal(row.begin(), row.end(), want[r].symbols.begin()));
    REQUIRE(rows.get(r) == want[r].row);
  }
  REQUIRE(rows.is_guarded());
  return want;
}

/// n_rows begun, with room for n_symbols and for some words more.
template <class Geometry>
Rows<Geometry> begin_rows(const TorchVariant& variant, const Load& load, std::size_t n_rows,
                          std::size_t n_symbols, std::size_t n_more = 0) {
  Rows<Geometry> rows(n_rows,
                      n_more + most_row_words<Geometry>(load.flat, variant.n_states, n_symbols));
  for (std::size_t r = 0; r < n_rows; ++r) rows.put(r, start_torch_row(variant, variant.n_states));
  return rows;
}

}  // namespace

TEST_CASE("gpu rows: pushes and pops are the model's, for every variant, table and length",
          "[unit]") {
  std::size_t n_checked = 0;
  for_each_variant([&]<class Geometry>(const TorchVariant& variant) {
    Random random(51);
    for (std::size_t round = 0; round < 80; ++round) {
      const Load load = random_load<Geometry>(random, variant);
      const std::size_t n = round < 20 ? round : random() % 301, more = random() % 40;
      const std::size_t n_rows = 1 + random() % 8;
      INFO("round " << round << " n " << n << " then " << more);
      Rows<Geometry> rows = begin_rows<Geometry>(variant, load, n_rows, n + more);
      Indexes first, second;
      Symbols symbols, others;
      load.draw(random, n_rows * n, first, symbols);
      load.draw(random, n_rows * more, second, others);
      check_push(variant, load, rows, first, symbols);
      for (const Status status : check_push(variant, load, rows, second, others)) {
        REQUIRE(status == Status::kOk);
      }
      for (const TorchPoppedRow& row : check_pop(variant, load, rows, second)) {
        REQUIRE(row.status == Status::kOk);
      }
      for (const TorchPoppedRow& row : check_pop(variant, load, rows, first)) {
        REQUIRE(row.end == Status::kOk);
      }
      check_pop(variant, load, rows, first);  // of rows that have no more
      n_checked += n_rows;
    }
  });
  CHECK(n_checked > 3000);
}

TEST_CASE("gpu rows: damaged rows are judged as the model judges them", "[unit]") {
  std::map<Status, std::size_t> seen, seen_at_end, seen_by_push;
  for_each_variant([&]<class Geometry>(const TorchVariant& variant) {
    Random random(52);
    for (std::size_t round = 0; round < 60; ++round) {
      const Load load = random_load<Geometry>(random, variant);
      const std::size_t n = random() % 60, n_rows = 12;
      Rows<Geometry> rows = begin_rows<Geometry>(variant, load, n_rows, 2 * n, 24);
      Indexes indexes;
      Symbols symbols;
      load.draw(random, n_rows * n, indexes, symbols);
      check_push(variant, load, rows, indexes, symbols);
      const std::size_t most = rows.capacity * sizeof(typename Geometry::Word);
      for (std::size_t r = 0; r < n_rows; ++r) {
        Bytes bytes = rows.get(r);
        const std::size_t word = sizeof(typename Geometry::Word);
        if (r == 0) bytes[random() % bytes.size()] ^= static_cast<std::uint8_t>(1u << random() % 8);
        if (r == 1) bytes.resize(bytes.size() - word);
        if (r == 2) bytes.insert(bytes.end(), word, static_cast<std::uint8_t>(random()));
        if (r == 3) bytes.pop_back();
        if (r == 4) bytes.clear();
        if (r > 5) support::damage(random, bytes);
        bytes.resize(std::min(bytes.size(), most));
        rows.put(r, bytes);
      }
      Rows<Geometry> pushed = rows;
      for (const Status status : check_push(variant, load, pushed, indexes, symbols)) {
        ++seen_by_push[status];
      }
      if (!indexes.empty() && random() % 4 == 0) indexes[random() % indexes.size()] = 3;
      for (const TorchPoppedRow& row : check_pop(variant, load, rows, indexes)) {
        ++seen[row.status];
        ++seen_at_end[row.end];
      }
    }
  });
  for (const Status status :
       {Status::kOk, Status::kTruncated, Status::kBadState, Status::kBadValue}) {
    CHECK(seen[status] > 100);
  }
  CHECK(seen_at_end[Status::kTrailing] > 100);
  CHECK(seen_by_push[Status::kTruncated] > 100);
  CHECK(seen_by_push[Status::kBadState] > 100);
}

TEST_CASE("gpu rows: a push without room, or of what cannot be coded, leaves the row as it was",
          "[unit]") {
  std::map<PushStatus, std::size_t> seen;
  std::size_t n_gone = 0;  // symbols that have no slots
  for_each_variant([&]<class Geometry>(const TorchVariant& variant) {
    Random random(53);
    for (std::size_t round = 0; round < 60; ++round) {
      const Load load = random_load<Geometry>(random, variant);
      const std::size_t n = 1 + random() % 50, word = sizeof(typename Geometry::Word);
      Indexes indexes;
      Symbols symbols;
      load.draw(random, n, indexes, symbols);
      const Bytes begun = start_torch_row(variant, variant.n_states);
      const Bytes whole = push_torch_row(variant, load.tables, begun, indexes, symbols).bytes;
      const auto push = [&](std::size_t capacity) {
        Rows<Geometry> rows(1, capacity);
        rows.put(0, begun);
        PushStatus status{0xff};
        push_rows_on_host(PushJob<Geometry>{rows.memory(), load.flat.on(load.flat.words().data()),
                                            indexes.data(), symbols.data(), n, &status},
                          variant.n_states);
        REQUIRE(rows.get(0) == (status == PushStatus::kOk ? whole : begun));
        REQUIRE(rows.is_guarded());
        ++seen[status];
        return status;
      };
      REQUIRE(push(whole.size() / word) == PushStatus::kOk);
      for (std::size_t bytes = begun.size(); bytes < whole.size(); bytes += word) {
        REQUIRE(push(bytes / word) == PushStatus::kNoRoom);
      }
      const std::size_t wrong = random() % n;
      const auto& freq = load.freqs[indexes[wrong]];
      if (const auto gone = std::find(freq.begin(), freq.end(), 0u); gone != freq.end()) {
        symbols[wrong] =
            load.tables.offset(indexes[wrong]) + static_cast<std::int32_t>(gone - freq.begin());
        ++n_gone;
      } else if (random() % 2 != 0) {
        indexes[wrong] =
            static_cast<std::uint32_t>(load.tables.size() + random() % 2 * 0x7fff'ffff);
      } else {
        symbols[wrong] = random() % 2 != 0 ? INT32_MAX : INT32_MIN;
      }
      CHECK_THROWS_AS(push_torch_row(variant, load.tables, begun, indexes, symbols),
                      PreconditionError);
      REQUIRE(push(begun.size() / word) == PushStatus::kBadValue);  // and no room
      REQUIRE(push(begun.size() / word + 999) == PushStatus::kBadValue);
    }
  });
  CHECK(seen[PushStatus::kNoRoom] > 1000);
  CHECK(n_gone > 50);
}

}  // namespace transom
