// encode.hpp — all streams of a tensor coded in one pass over its values, several in one loop: in
// the lanes of vectors where there are some, by fours elsewhere.
//
// Stack coders walk a stream's values last to first; offsets, which a queue would append, come out
// the same when they are prepended on that walk. So values are looked at once: a table gives what
// each does to the state and which offset it leaves. Blocks of all streams, last block first, stay
// in the nearest cache. Words are those of encode_symbols() and BitWriter.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "transom/base/isa.hpp"
#include "transom/base/stream.hpp"
#include "transom/fast/back_writer.hpp"
#include "transom/fast/bmi2.hpp"
#include "transom/fast/encode_group.hpp"
#include "transom/fast/walk.hpp"

namespace transom::fast {

/// @tparam Coder   a stack coder: Coder::Step, Coder::Lane with x, out, start(), put() and take();
///                 and what EncodeGroup wants
/// @tparam Offsets whether rows have offsets
/// @tparam T       of the values: bytes look entries up by themselves, others by their symbols
template <class Coder, bool Offsets, class T>
class StreamEncoder {
 public:
  using Entry = EncodeEntry<typename Coder::Step>;

  /// @param entries of each byte, or of each symbol
  /// @param symbols of each value
  /// @param n_rows  how many symbols there are
  StreamEncoder(const Coder& coder, std::span<const Entry> entries,
                std::span<const symbol_t> symbols, std::size_t n_rows, unsigned most_offset_bits,
                const StreamLayout& layout, const T* values)
      : coder_(coder),
        entries_(entries.data()),
        symbols_(symbols.data()),
        group_(coder, entries, symbols, n_rows, most_offset_bits, layout),
        layout_(layout),
        values_(values),
        cursors_(layout.n_streams) {
    // Rooms of streams, one behind the other. What is not touched of them takes no memory.
    const auto bytes_of = [](std::uint64_t n, unsigned bits) {
      return static_cast<std::size_t>(n * bits / 8 + 1) + 2 * kWriterSlack;
    };
    std::size_t n_bytes = 0;
    const auto each_room = [&](auto&& take) {
      for (std::uint32_t s = 0; s < layout.n_streams; ++s) {
        const std::uint64_t n = layout.stream_values(s);
        take(s, bytes_of(n, coder.most_bits()) + 4, Offsets ? bytes_of(n, most_offset_bits) : 0);
      }
    };
    each_room([&](std::uint32_t, std::size_t symbols_room, std::size_t offsets_room) {
      n_bytes += symbols_room + offsets_room;
    });
    rooms_ = std::make_unique_for_overwrite<std::uint8_t[]>(n_bytes);
    std::uint8_t* at = rooms_.get();
    const auto writer = [&](std::size_t room) {
      at += room;
      std::fill_n(at - kWriterSlack, kWriterSlack, std::uint8_t{0});
      return BackWriter(at - kWriterSlack);
    };
    each_room([&](std::uint32_t s, std::size_t symbols_room, std::size_t offsets_room) {
      cursors_[s].lane.start(coder, writer(symbols_room));
      if (Offsets) cursors_[s].offsets = writer(offsets_room);
    });
  }

  /// @returns whether each value has a frequency; if not, the words are of no use
  bool encode(std::vector<StreamWords>& streams) {
    const std::uint64_t in_all = values_of_each(layout_);
    for (std::uint32_t s = 0; s < layout_.n_streams; ++s) {
      advance<1>(s, in_all, layout_.stream_values(s));
    }
    const std::uint64_t block = std::max<std::uint64_t>(64, kBlockValues / layout_.n_streams);
    for (std::uint64_t last = in_all, first = 0; last != 0; last = first) {
      first = last > block ? last - block : 0;
      std::uint32_t s = 0;
      for (unsigned n = kMaxLanes; n >= kLeastLanes; n /= 2) {
        const EncodeLoop loop = group_.find(n);
        if (loop == nullptr) continue;
        for (; s + n <= layout_.n_streams; s += n) {
          const bool lie_so = layout_.chunk == 1;
          const T* const from = lie_so ? values_ + layout_.index(s, last - 1)
                                       : beside_.take(layout_, values_, s, n, first, last);
          group_.run(loop, &cursors_[s], n, {from, lie_so ? layout_.n_streams : n}, last - first);
        }
      }
      for (; s + kGroup <= layout_.n_streams; s += kGroup) advance<kGroup>(s, first, last);
      for (; s < layout_.n_streams; ++s) advance<1>(s, first, last);
    }
    for (std::uint32_t s = 0; s < layout_.n_streams; ++s) {
      if (layout_.stream_values(s) == 0) continue;
      streams[s].symbols = cursors_[s].lane.take(coder_);
      if (Offsets) streams[s].offsets = cursors_[s].offsets.take();
    }
    return missing_ == 0 && !group_.missing();
  }

 private:
  static constexpr unsigned kGroup = 4;
  static constexpr std::uint64_t kBlockValues = 1 << 14;

  struct Cursor {
    typename Coder::Lane lane;
    BackWriter offsets;
  };

  /// Values last - 1 .. first of the streams s .. s + G - 1.
  template <unsigned G>
  void advance(std::uint32_t s, std::uint64_t first, std::uint64_t last) {
    if (first == last) return;
    const std::make_integer_sequence<unsigned, G> lanes;
    run_on(isa(), [&] { run(s, first, last, lanes); });
  }
  template <unsigned... g>
  [[gnu::always_inline]] inline void run(std::uint32_t s, std::uint64_t first, std::uint64_t last,
                                         std::integer_sequence<unsigned, g...>) {
    std::array at{cursors_[s + g]...};
    const Coder coder = coder_;
    std::uint32_t missing = 0;
    const std::uint64_t k = layout_.chunk;
    stretches_back(layout_, s, first, last,
                   [&](std::uint64_t i, std::uint64_t n, std::uint64_t stride) {
                     for (; n >= 4; n -= 4, i -= 4 * stride) {
                       (four(coder, at[g], values_ + (i + g * k), stride, missing), ...);
                     }
                     for (; n > 0; --n, i -= stride) {
                       (one(coder, at[g], values_[i + g * k], missing), ...);
                     }
                   });
    ((cursors_[s + g] = at[g]), ...);
    missing_ |= missing;
  }

  const Entry& entry(T value) const {
    if constexpr (sizeof(T) == 1) return entries_[value];
    return entries_[symbols_[value]];
  }
  [[gnu::always_inline]] inline void four(const Coder& coder, Cursor& at, const T* value,
                                          std::uint64_t stride, std::uint32_t& missing) const {
    const T v0 = value[0], v1 = *(value - stride), v2 = *(value - 2 * stride),
            v3 = *(value - 3 * stride);
    const Entry &e0 = entry(v0), &e1 = entry(v1), &e2 = entry(v2), &e3 = entry(v3);
    at.lane.put(coder, e0.step, e1.step, e2.step, e3.step);
    missing |= e0.missing | e1.missing | e2.missing | e3.missing;
    if constexpr (Offsets) {
      offset(at, v0, e0);
      offset(at, v1, e1);
      at.offsets.flush();
      offset(at, v2, e2);
      offset(at, v3, e3);
      at.offsets.flush();
    }
  }
  [[gnu::always_inline]] inline void one(const Coder& coder, Cursor& at, T value,
                                         std::uint32_t& missing) const {
    const Entry& e = entry(value);
    at.lane.put(coder, e.step);
    missing |= e.missing;
    if constexpr (Offsets) {
      offset(at, value, e);
      at.offsets.flush();
    }
  }
  [[gnu::always_inline]] static inline void offset(Cursor& at, T value, const Entry& e) {
    at.offsets.prepend(static_cast<std::uint32_t>(value - e.vmin), e.offset_bits);
  }

  Coder coder_;
  const Entry* entries_;
  const symbol_t* symbols_;
  EncodeGroup<Coder, Offsets, T> group_;
  SideBySide<T> beside_;
  StreamLayout layout_;
  const T* values_;
  std::vector<Cursor> cursors_;
  std::unique_ptr<std::uint8_t[]> rooms_;
  std::uint32_t missing_ = 0;
};

}  // namespace transom::fast
