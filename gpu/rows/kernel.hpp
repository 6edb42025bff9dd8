// kernel.hpp — what one thread of the row coder does, in plain C++: pushes on one row, or pops.
//
// One thread keeps the states of its row in registers; order, folding and steps are the model's
// own. A warp's 32 rows lie apart, so only the caches save the rest of each sector.
//
// A push decides at its end: states and length are written if all of it is good, and what lies
// beyond a row's length is no part of it. So the row is as it was after every status but kOk, and
// one that is both out of room and has a symbol that cannot be coded says the latter: room can be
// given, and would not help.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "transom/base/spec.hpp"
#include "transom/coder/rans_alias.hpp"
#include "transom/coder/rans_lookup.hpp"
#include "transom/coder/rans_stack.hpp"
#include "transom/foreign/torch/torch_steps.hpp"
#include "transom/gpu/rows/jobs.hpp"

namespace transom::gpu {

namespace detail {

/// K values that stay in registers: no element is addressed by a number known only at run time.
template <class T, class Places>
class RegisterFile;
template <class T, std::size_t... J>
class RegisterFile<T, std::index_sequence<J...>> {
 public:
  constexpr T get(std::size_t k) const {
    T one = all_[0];
    ((one = J == k ? all_[J] : one), ...);
    return one;
  }
  constexpr void set(std::size_t k, T value) { ((all_[J] = J == k ? value : all_[J]), ...); }

 private:
  T all_[sizeof...(J)] = {};
};
template <class T, std::size_t K>
using Registers = RegisterFile<T, std::make_index_sequence<K>>;

/// RansStack over a row in memory, of K states. Total: words beyond the capacity are counted and
/// not written, missing ones are zero.
template <class Geometry, std::size_t K>
class RowStack {
 public:
  using State = typename Geometry::State;
  using Word = typename Geometry::Word;

  constexpr RowStack(const RowMemory<Geometry>& rows, std::size_t row)
      : words_(rows.words + row * rows.row_stride), capacity_(rows.capacity) {}

  /// As foreign::read_stack() judges; nothing may follow but kOk.
  constexpr Status load(std::uint32_t n_bytes) {
    n_words_ = n_bytes / sizeof(Word);
    if (n_bytes > capacity_ * sizeof(Word)) return Status::kBadHeader;
    if (n_words_ < kHead || n_bytes % sizeof(Word) != 0) return Status::kTruncated;
    bool good = true;
    for (std::size_t k = 0; k < K; ++k) {
      State x = 0;
      for (std::size_t i = 0; i < kStateWords; ++i) {
        x |= State{words_[k * kStateWords + i]} << i * Geometry::word_bits;
      }
      good = good && Geometry::is_state(x);
      states_.set(k, x);
    }
    return good ? Status::kOk : Status::kBadState;
  }
  /// Writes the states; the row's length in bytes.
  constexpr std::uint32_t store() {
    for (std::size_t i = 0; i < kHead; ++i) {
      const State x = states_.get(i / kStateWords);
      words_[i] = static_cast<Word>(x >> i % kStateWords * Geometry::word_bits);
    }
    return static_cast<std::uint32_t>(n_words_ * sizeof(Word));
  }

  template <class SlotOf>
  constexpr void push(std::size_t state, RansRange range, unsigned R, const SlotOf& slot_of) {
    State x = states_.get(state);
    transom::detail::rans_encode<Geometry>(
        x, range, R,
        [this](std::uint32_t word) {
          if (n_words_ < capacity_) words_[n_words_] = static_cast<Word>(word);
          ++n_words_;
        },
        slot_of);
    states_.set(state, x);
  }
  constexpr void push_bits(std::size_t state, std::uint32_t value, unsigned nbits) {
    push(state, {value, 1}, nbits, [](std::uint32_t slot) { return slot; });
  }
  template <class Lookup>
  constexpr std::uint32_t pop(std::size_t state, unsigned R, const Lookup& lookup) {
    State x = states_.get(state);
    const std::uint32_t symbol = rans_decode_step<Geometry>(x, R, lookup, [this](State& y) {
      const bool missing = n_words_ == kHead;
      ran_dry_ = ran_dry_ || missing;
      y = static_cast<State>(y << Geometry::word_bits) | (missing ? Word{0} : words_[--n_words_]);
    });
    states_.set(state, x);
    return symbol;
  }
  constexpr std::uint32_t pop_bits(std::size_t state, unsigned nbits) {
    return pop(state, nbits, [](std::uint32_t slot) { return RansSlot{slot, 1, 0}; });
  }

  constexpr bool has_room() const { return n_words_ <= capacity_; }
  constexpr bool ran_dry() const { return ran_dry_; }
  constexpr Status status() const {
    bool at_start = true;
    for (std::size_t k = 0; k < K; ++k) at_start = at_start && states_.get(k) == Geometry::start;
    return transom::detail::stack_status(ran_dry_, at_start, n_words_ - kHead);
  }

 private:
  static_assert(8 * sizeof(Word) == Geometry::word_bits && sizeof(State) % sizeof(Word) == 0);
  static_assert(!kMayRunDry<Geometry>);
  static constexpr std::size_t kStateWords = sizeof(State) / sizeof(Word);
  static constexpr std::size_t kHead = K * kStateWords;

  Word* words_;
  std::size_t capacity_;
  std::size_t n_words_ = 0;
  Registers<State, K> states_;
  bool ran_dry_ = false;
};

/// A slot's symbol, as the look-up of the same name finds it.
template <TorchLookup kLookup>
struct RowLookup {
  const std::uint32_t* bounds;
  const std::uint32_t* entries;
  std::uint32_t n;

  constexpr RansSlot operator()(std::uint32_t slot) const {
    if constexpr (kLookup == TorchLookup::kSearch) {
      return transom::detail::search_slot(bounds, n, slot);
    } else if constexpr (kLookup == TorchLookup::kInverseCdf) {
      const std::uint32_t s = entries[slot / 2] >> slot % 2 * 16 & 0xffff;
      return transom::detail::slot_of(bounds, s, slot);
    } else {
      const std::uint32_t b = slot >> n;
      const std::uint32_t* at = entries + std::size_t{b} * 4;
      return AliasLookup::Bucket{at[0], at[1], at[2], at[3]}.slot_of(
          b, slot, [this](std::uint32_t s) { return bounds[s + 1] - bounds[s]; });
    }
  }
};

/// What torch_pop_positions() asks of tables, and ranges for pushing.
class TableReader {
 public:
  constexpr explicit TableReader(const RowTables& tables) : tables_(tables) {}

  constexpr std::size_t size() const { return tables_.n_tables; }
  constexpr unsigned freq_precision() const { return tables_.freq_precision; }
  constexpr unsigned bypass_precision() const { return tables_.bypass_precision; }
  constexpr RowTable table(std::uint32_t t) const {
    const std::uint32_t* at = tables_.words + std::size_t{t} * kRowTableWords;
    return {at[0], at[1], static_cast<std::int32_t>(at[2]), at[3], at[4], at[5]};
  }
  constexpr const std::uint32_t* words(std::uint32_t index) const { return tables_.words + index; }
  constexpr RansRange range(const RowTable& table, std::uint32_t symbol) const {
    const std::uint32_t* at = words(table.bounds) + symbol;
    return {at[0], at[1] - at[0]};
  }

 protected:
  const RowTables& tables_;
};
template <TorchLookup kLookup>
class PopReader : public TableReader {
 public:
  using TableReader::TableReader;
  constexpr std::uint32_t n_symbols(std::uint32_t t) const { return table(t).n_symbols; }
  constexpr std::int32_t offset(std::uint32_t t) const { return table(t).offset; }
  constexpr RowLookup<kLookup> lookup(std::uint32_t t) const {
    const RowTable one = table(t);
    return {words(one.bounds), words(one.entries), one.n};
  }
};

/// Pushes the symbols of a row, last to first, until one cannot be coded; whether all were.
template <bool kIsAlias, class Geometry, std::size_t K>
constexpr bool push_symbols(RowStack<Geometry, K>& stack, const TableReader& tables,
                            const std::uint32_t* indexes, const std::int32_t* symbols,
                            std::size_t n) {
  const unsigned digit_bits = tables.bypass_precision();
  bool good = true;
  RowTable table{};
  foreign::TorchItem item{};
  RansRange range{};
  const auto fold = [&](std::size_t i) {
    const std::uint32_t t = indexes[i];
    if (t >= tables.size()) return false;
    table = tables.table(t);
    item =
        foreign::torch_fold(std::int64_t{symbols[i]} - table.offset, table.n_symbols, digit_bits);
    if (!is_coded(item.fold)) return false;
    range = tables.range(table, item.symbol);
    return range.freq != 0;
  };
  foreign::torch_push_positions(
      n, K,
      [&](std::size_t i) {
        good = fold(i);
        if (good && item.fold == foreign::TorchFold::kEscape) {
          foreign::torch_push_raw(item.raw, digit_bits, [&](std::uint32_t digit) {
            stack.push_bits(i % K, digit, digit_bits);
          });
        }
        return good;
      },
      [&](std::size_t i) {
        if constexpr (K > 1) fold(i);  // again: others of the group came between
        stack.push(i % K, range, tables.freq_precision(), [&](std::uint32_t place) {
          if constexpr (kIsAlias) return tables.words(table.remap)[place];
          return place;
        });
      });
  return good;
}

}  // namespace detail

/// Pushes n_symbols on a row.
template <class Geometry, std::size_t K, bool kIsAlias>
constexpr void push_row_thread(const PushJob<Geometry>& job, std::size_t row) {
  std::uint32_t& n_bytes = job.rows.n_bytes[row * job.rows.length_stride];
  detail::RowStack<Geometry, K> stack(job.rows, row);
  auto status = static_cast<PushStatus>(stack.load(n_bytes));
  if (status == PushStatus::kOk) {
    const std::size_t first = row * job.n_symbols;
    if (!detail::push_symbols<kIsAlias>(stack, detail::TableReader(job.tables), job.indexes + first,
                                        job.symbols + first, job.n_symbols)) {
      status = PushStatus::kBadValue;
    } else if (!stack.has_room()) {
      status = PushStatus::kNoRoom;
    } else {
      n_bytes = stack.store();
    }
  }
  job.statuses[row] = status;
}

/// Pops n_symbols from a row, or as many as it has.
template <class Geometry, std::size_t K, TorchLookup kLookup>
constexpr void pop_row_thread(const PopJob<Geometry>& job, std::size_t row) {
  std::uint32_t& n_bytes = job.rows.n_bytes[row * job.rows.length_stride];
  detail::RowStack<Geometry, K> stack(job.rows, row);
  Status status = stack.load(n_bytes);
  if (status != Status::kOk) {
    job.ends[row] = {status, status, 0};
    return;
  }
  const std::size_t first = row * job.n_symbols;
  std::int32_t* symbols = job.symbols + first;
  std::uint32_t n_symbols = 0;
  detail::Registers<std::uint32_t, K> values;
  status = foreign::torch_pop_positions(
      stack, K, detail::PopReader<kLookup>(job.tables), job.indexes + first, job.n_symbols, values,
      [&](std::int32_t symbol) { symbols[n_symbols++] = symbol; });
  n_bytes = stack.store();
  job.ends[row] = {status, stack.status(), n_symbols};
}

}  // namespace transom::gpu
