// rows.cpp — see rows.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/gpu/rows/rows.hpp"

#include <bit>
#include <limits>
#include <type_traits>

#include "transom/gpu/rows/kernel.hpp"

namespace transom::gpu {
namespace {

constexpr std::string_view kName = "rows";

/// The words of a look-up, and RowTable::n.
std::uint32_t append_lookup(std::vector<std::uint32_t>&, const SearchLookup&,
                            const RansBounds& bounds) {
  return static_cast<std::uint32_t>(bounds.bounds().size() - 1);
}
std::uint32_t append_lookup(std::vector<std::uint32_t>& words, const InverseCdfLookup& lookup,
                            const RansBounds& bounds) {
  const std::uint32_t n_slots = std::uint32_t{1} << bounds.table_log();
  for (std::uint32_t slot = 0; slot < n_slots; slot += 2) {
    const std::uint32_t next = slot + 1 < n_slots ? lookup(slot + 1).symbol : 0;
    words.push_back(lookup(slot).symbol | next << 16);
  }
  return 0;
}
std::uint32_t append_lookup(std::vector<std::uint32_t>& words, const AliasLookup& lookup,
                            const RansBounds& bounds) {
  for (const AliasLookup::Bucket& b : lookup.buckets()) {
    words.insert(words.end(), {b.divider, b.other, b.own_offset, b.other_offset});
  }
  const auto buckets_log = static_cast<unsigned>(std::countr_zero(lookup.buckets().size()));
  return bounds.table_log() - buckets_log;
}

/// Throws unless there are n_rows equal parts; the size of one.
std::size_t part_of(std::string_view what, std::size_t n, std::size_t n_rows) {
  if (n_rows == 0 ? n != 0 : n % n_rows != 0) {
    refuse(kName, what, n, "must be a multiple of the " + std::to_string(n_rows) + " rows");
  }
  return n_rows == 0 ? 0 : n / n_rows;
}

template <class Geometry>
RowMemory<Geometry> memory_of(const RowSpans<Geometry>& rows) {
  const std::size_t n_rows = rows.n_bytes.size();
  const std::size_t capacity = part_of("number of words", rows.words.size(), n_rows);
  return {rows.words.data(), capacity, capacity, rows.n_bytes.data(), 1, n_rows};
}

}  // namespace

FlatTables::FlatTables(const foreign::TorchTables& tables)
    : words_(tables.size() * kRowTableWords),
      tables_{nullptr, static_cast<std::uint32_t>(tables.size()), tables.freq_precision(),
              tables.bypass_precision(), TorchLookup::kSearch} {
  const auto here = [this] { return static_cast<std::uint32_t>(words_.size()); };
  const auto append = [this](std::span<const std::uint32_t> more) {
    words_.insert(words_.end(), more.begin(), more.end());
  };
  const auto flatten = [&]<class Lookup>(const std::vector<Lookup>& lookups) {
    for (std::size_t t = 0; t < tables.size(); ++t) {
      const RansBounds& bounds = tables.bounds(t);
      RowTable table{here(), static_cast<std::uint32_t>(bounds.n_symbols()), tables.offset(t), 0, 0,
                     0};
      append(bounds.bounds());
      table.entries = here();
      table.n = append_lookup(words_, lookups[t], bounds);
      table.remap = here();
      if (tables.is_alias()) append(tables.remap(t));
      std::uint32_t* head = words_.data() + t * kRowTableWords;
      for (const std::uint32_t word :
           {table.bounds, table.n_symbols, static_cast<std::uint32_t>(table.offset), table.entries,
            table.n, table.remap}) {
        *head++ = word;
      }
    }
    if constexpr (std::is_same_v<Lookup, InverseCdfLookup>) {
      tables_.lookup = TorchLookup::kInverseCdf;
    } else if constexpr (std::is_same_v<Lookup, AliasLookup>) {
      tables_.lookup = TorchLookup::kAlias;
    }
  };
  tables.visit_lookups([&](const auto& lookups) {
    if constexpr (!std::is_same_v<std::decay_t<decltype(lookups)>, std::monostate>) {
      flatten(lookups);
    }
  });
  require_range(kName, "number of table words", words_.size(), 0,
                std::numeric_limits<std::uint32_t>::max());
}

RowTables FlatTables::on(const std::uint32_t* words) const {
  RowTables tables = tables_;
  tables.words = words;
  return tables;
}

// A push of R bits takes x + 1 to 2^R (x + 1) at most, a word given leaves x >= 1 and so takes it
// to 2 (x + 1) / 2^word_bits at most; it begins below bL + 1 and ends above L.
template <class Geometry>
std::size_t most_row_words(const FlatTables& tables, std::size_t n_states, std::size_t n_symbols) {
  const RowTables flat = tables.on(nullptr);
  check_rows(RowMemory<Geometry>{}, flat, n_states);
  std::size_t n_bits = flat.freq_precision;
  if (const std::size_t digit_bits = flat.bypass_precision; digit_bits != 0) {
    const std::size_t n_digits = 31 / digit_bits;
    n_bits += (n_digits + n_digits / ((std::size_t{1} << digit_bits) - 1) + 1) * digit_bits;
  }
  constexpr std::size_t kWordBits = Geometry::word_bits;
  constexpr std::size_t kStateWords = sizeof(typename Geometry::State) * 8 / kWordBits;
  return n_states * kStateWords +
         (n_symbols * n_bits + n_states * kWordBits + kWordBits - 2) / (kWordBits - 1);
}

template <class Geometry>
void push_rows_on_host(const PushJob<Geometry>& job, std::size_t n_states) {
  check_rows(job.rows, job.tables, n_states);
  with_row_coder(n_states, job.tables.lookup, [&]<std::size_t K, TorchLookup kLookup>() {
    for (std::size_t row = 0; row < job.rows.n_rows; ++row) {
      push_row_thread<Geometry, K, kLookup == TorchLookup::kAlias>(job, row);
    }
  });
}

template <class Geometry>
void pop_rows_on_host(const PopJob<Geometry>& job, std::size_t n_states) {
  check_rows(job.rows, job.tables, n_states);
  with_row_coder(n_states, job.tables.lookup, [&]<std::size_t K, TorchLookup kLookup>() {
    for (std::size_t row = 0; row < job.rows.n_rows; ++row) {
      pop_row_thread<Geometry, K, kLookup>(job, row);
    }
  });
}

template <class Geometry>
void push_rows_on_host(const RowSpans<Geometry>& rows, const FlatTables& tables,
                       std::span<const std::uint32_t> indexes,
                       std::span<const std::int32_t> symbols, std::span<PushStatus> statuses) {
  const std::size_t n_rows = rows.n_bytes.size();
  require_range(kName, "number of symbols", symbols.size(), indexes.size(), indexes.size());
  require_range(kName, "number of statuses", statuses.size(), n_rows, n_rows);
  push_rows_on_host(
      PushJob<Geometry>{memory_of(rows), tables.on(tables.words().data()), indexes.data(),
                        symbols.data(), part_of("number of symbols", symbols.size(), n_rows),
                        statuses.data()},
      rows.n_states);
}

template <class Geometry>
void pop_rows_on_host(const RowSpans<Geometry>& rows, const FlatTables& tables,
                      std::span<const std::uint32_t> indexes, std::span<std::int32_t> symbols,
                      std::span<PoppedRow> ends) {
  const std::size_t n_rows = rows.n_bytes.size();
  require_range(kName, "number of symbols", symbols.size(), indexes.size(), indexes.size());
  require_range(kName, "number of ends", ends.size(), n_rows, n_rows);
  pop_rows_on_host(
      PopJob<Geometry>{memory_of(rows), tables.on(tables.words().data()), indexes.data(),
                       symbols.data(), part_of("number of symbols", symbols.size(), n_rows),
                       ends.data()},
      rows.n_states);
}

#define TRANSOM_ROWS(Geometry)                                                                   \
  template std::size_t most_row_words<Geometry>(const FlatTables&, std::size_t, std::size_t);    \
  template void push_rows_on_host(const PushJob<Geometry>&, std::size_t);                        \
  template void pop_rows_on_host(const PopJob<Geometry>&, std::size_t);                          \
  template void push_rows_on_host(const RowSpans<Geometry>&, const FlatTables&,                  \
                                  std::span<const std::uint32_t>, std::span<const std::int32_t>, \
                                  std::span<PushStatus>);                                        \
  template void pop_rows_on_host(const RowSpans<Geometry>&, const FlatTables&,                   \
                                 std::span<const std::uint32_t>, std::span<std::int32_t>,        \
                                 std::span<PoppedRow>)
TRANSOM_ROWS(foreign::TorchRans64);
TRANSOM_ROWS(foreign::TorchRans32);
TRANSOM_ROWS(foreign::TorchRans32x16);
#undef TRANSOM_ROWS

}  // namespace transom::gpu
