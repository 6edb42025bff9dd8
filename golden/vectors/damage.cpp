// damage.cpp — the table of damages: what is done to a good vector, and how its stream must end.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "transom/golden/vectors/lane_files.hpp"

namespace transom::golden {
namespace {

constexpr std::size_t kMostPlaces = 1024;

using Words = std::vector<std::uint32_t>;
using Steps = std::span<const TracedValue>;

std::string flip(Words& words, std::uint64_t bit, const char* of) {
  if (bit >= words.size() * kWordBits) return "";
  words[bit / kWordBits] ^= std::uint32_t{1} << bit % kWordBits;
  return "stream 0: bit " + std::to_string(bit) + " of its " + of + " flipped";
}
std::string keep(Words& words, std::size_t n_words, const char* of) {
  if (words.size() <= n_words) return "";
  const std::string changed = "stream 0: " + std::to_string(n_words) + " of its " +
                              std::to_string(words.size()) + " words of " + of + " kept";
  words.resize(n_words);
  return changed;
}
std::string append(Words& words, std::uint32_t word, const char* of) {
  words.push_back(word);
  return std::string("stream 0: a word of ") + (word == 0 ? "zeros" : "ones") + " behind its " + of;
}
/// A bit of the filling: the first or the last.
std::string fill(Words& words, std::uint64_t used, bool last, const char* of) {
  if (used % kWordBits == 0) return "";
  return flip(words, last ? words.size() * kWordBits - 1 : used, of);
}
std::uint64_t symbol_bits(Steps steps) { return steps.empty() ? 0 : steps.back().symbol_position; }
std::uint64_t offset_bits(Steps steps) { return steps.empty() ? 0 : steps.back().offset_position; }

constexpr const char* kSymbols = "symbols";
constexpr const char* kOffsets = "offsets";

template <std::size_t N>
std::string keep_symbols(CodedTensor& t, Steps, std::size_t place) {
  return place != 0 ? "" : keep(t.streams[0].symbols, N, kSymbols);
}
template <std::size_t N>
std::string keep_offsets(CodedTensor& t, Steps, std::size_t place) {
  return place != 0 ? "" : keep(t.streams[0].offsets, N, kOffsets);
}
template <std::uint32_t Word>
std::string long_symbols(CodedTensor& t, Steps, std::size_t place) {
  return place != 0 ? "" : append(t.streams[0].symbols, Word, kSymbols);
}
template <std::uint32_t Word>
std::string long_offsets(CodedTensor& t, Steps, std::size_t place) {
  return place != 0 ? "" : append(t.streams[0].offsets, Word, kOffsets);
}
template <bool Last>
std::string fill_symbols(CodedTensor& t, Steps steps, std::size_t place) {
  return place != 0 ? "" : fill(t.streams[0].symbols, symbol_bits(steps), Last, kSymbols);
}
template <bool Last>
std::string fill_offsets(CodedTensor& t, Steps steps, std::size_t place) {
  return place != 0 ? "" : fill(t.streams[0].offsets, offset_bits(steps), Last, kOffsets);
}

std::string cut_symbols(CodedTensor& t, Steps, std::size_t place) {
  Words& words = t.streams[0].symbols;
  return place != 0 || words.empty() ? "" : keep(words, words.size() - 1, kSymbols);
}
std::string cut_offsets(CodedTensor& t, Steps, std::size_t place) {
  Words& words = t.streams[0].offsets;
  return place != 0 || words.empty() ? "" : keep(words, words.size() - 1, kOffsets);
}
std::string flip_first_state(CodedTensor& t, Steps, std::size_t place) {
  return place >= 16 ? "" : flip(t.streams[0].symbols, place, kSymbols);
}
std::string flip_symbols(CodedTensor& t, Steps steps, std::size_t place) {
  const std::uint64_t bit = symbol_bits(steps) / 2 + place;
  return bit >= symbol_bits(steps) ? "" : flip(t.streams[0].symbols, bit, kSymbols);
}
/// A bit near the end that no symbol and no offset hangs on.
std::string flip_end_state(CodedTensor& t, Steps steps, std::size_t place) {
  if (place >= symbol_bits(steps)) return "";
  const std::string changed = flip(t.streams[0].symbols, symbol_bits(steps) - 1 - place, kSymbols);
  const auto now = trace_of(t, 0);
  const bool same = std::equal(now.begin(), now.end(), steps.begin(), steps.end(),
                               [](const TracedValue& a, const TracedValue& b) {
                                 return a.symbol == b.symbol && a.value == b.value &&
                                        a.symbol_position == b.symbol_position;
                               });
  return same ? changed : "";
}
std::string flip_offsets(CodedTensor& t, Steps steps, std::size_t place) {
  const std::uint64_t bit = offset_bits(steps) / 2 + place;
  return bit >= offset_bits(steps) ? "" : flip(t.streams[0].offsets, bit, kOffsets);
}
std::string flip_any_offset(CodedTensor& t, Steps steps, std::size_t place) {
  return place >= offset_bits(steps) ? "" : flip(t.streams[0].offsets, place, kOffsets);
}
std::string swap_streams(CodedTensor& t, Steps, std::size_t place) {
  if (place != 0 || t.streams.size() < 2) return "";
  std::swap(t.streams[0], t.streams[1]);
  return "streams 0 and 1 exchanged";
}
std::string fewer_values(CodedTensor& t, Steps, std::size_t place) {
  if (place != 0) return "";
  --t.shape.back();
  return "one value fewer is told than the last stream has";
}
/// The same of every stream, in each at another place; nothing unless every stream has one.
template <class Change>
std::string in_each(const CodedTensor& t, std::string what, Change change) {
  for (std::uint32_t stream = 0; stream < t.streams.size(); ++stream) {
    if (!change(stream)) return "";
  }
  return what;
}
template <Words StreamWords::*Of>
std::string cut_each(CodedTensor& t, Steps, std::size_t place) {
  if (place != 0) return "";
  return in_each(t, "every stream: its last word is missing", [&](std::uint32_t stream) {
    Words& words = t.streams[stream].*Of;
    if (words.empty()) return false;
    words.pop_back();
    return true;
  });
}
template <Words StreamWords::*Of>
std::string long_each(CodedTensor& t, Steps, std::size_t place) {
  if (place != 0) return "";
  return in_each(t, "every stream: 1 to 4 words follow", [&](std::uint32_t stream) {
    Words& words = t.streams[stream].*Of;
    words.insert(words.end(), 1 + stream % 4, stream % 8 < 4 ? 0 : 1u << stream % kWordBits);
    return true;
  });
}
template <Words StreamWords::*Of, std::uint64_t (*Used)(Steps)>
std::string fill_each(CodedTensor& t, Steps, std::size_t place) {
  if (place != 0) return "";
  return in_each(t, "every stream: a bit behind its end is 1", [&](std::uint32_t stream) {
    Words& words = t.streams[stream].*Of;
    const std::uint64_t used = Used(trace_of(t, stream));
    const std::uint64_t room = words.size() * std::uint64_t{kWordBits} - used;
    if (room == 0)
      words.push_back(1);
    else
      flip(words, used + stream % room, "");
    return true;
  });
}
/// Of streams of one symbol, whose last state is the first one: in each another bit of it.
std::string flip_each_end(CodedTensor& t, Steps, std::size_t place) {
  if (place != 0) return "";
  const unsigned n_bits = first_state_bits(codec(t.code.coding).lane, t.code.table_log);
  return in_each(t, "every stream: another bit of the state flipped", [&](std::uint32_t stream) {
    return !flip(t.streams[stream].symbols, stream % n_bits, kSymbols).empty();
  });
}

std::string other_checksum(CodedTensor& t, Steps, std::size_t place) {
  if (place != 0) return "";
  t.checksum ^= 1;
  return "bit 0 of the values' checksum flipped";
}

// Sets: C checksum; L over-long; S symbols; E end state by a flipped bit; O offsets; B an offset
// outside of its row; M two streams of as many values; N number of values; T every word of a small
// one; F the first state alone, where no step takes a bit; A all streams; X the end of words; Y, Z
// a zero word behind words that are full; K each bit of the last state.
constexpr Damage kDamages[] = {
    {"SX", "cut", "TruncatedSymbols", "the last symbol word is missing", Status::kTruncated,
     cut_symbols},
    {"S", "cut_all", "MissingFirstState", "the symbol stream is empty", Status::kTruncated,
     keep_symbols<0>},
    {"F", "no_state", "MissingFirstState",
     "the symbol stream is empty, and no step takes a bit of it", Status::kTruncated,
     keep_symbols<0>},
    {"LXY", "long", "OverLongSymbols", "a zero word follows the symbols", Status::kTrailing,
     long_symbols<0>},
    {"L", "long_ones", "OverLongSymbols", "a word of ones follows the symbols", Status::kTrailing,
     long_symbols<~0u>},
    {"S", "start_state", "FirstState", "a bit of the first state is flipped", Status::kBadState,
     flip_first_state},
    {"S", "flip", "FlippedSymbol", "a bit in the middle of the symbols is flipped",
     Status::kBadState, flip_symbols},
    {"E", "end_state", "EndState", "every value is right, the last state is not", Status::kBadState,
     flip_end_state},
    {"N", "fewer_values", "EndState", "a value fewer is asked for than was coded",
     Status::kBadState, fewer_values},
    {"S", "fill_first", "SymbolFilling", "the first bit behind the symbols is 1", Status::kTrailing,
     fill_symbols<false>},
    {"SX", "fill_last", "SymbolFilling", "the last bit of the last symbol word is 1",
     Status::kTrailing, fill_symbols<true>},
    {"OX", "offsets_cut", "TruncatedOffsets", "the last offset word is missing", Status::kTruncated,
     cut_offsets},
    {"O", "offsets_cut_all", "TruncatedOffsets", "the offset stream is empty", Status::kTruncated,
     keep_offsets<0>},
    {"LXZ", "offsets_long", "OverLongOffsets", "a zero word follows the offsets", Status::kTrailing,
     long_offsets<0>},
    {"L", "offsets_long_ones", "OverLongOffsets", "a word of ones follows the offsets",
     Status::kTrailing, long_offsets<~0u>},
    {"O", "offsets_fill_first", "OffsetFilling", "the first bit behind the offsets is 1",
     Status::kTrailing, fill_offsets<false>},
    {"OX", "offsets_fill_last", "OffsetFilling", "the last bit of the last offset word is 1",
     Status::kTrailing, fill_offsets<true>},
    {"O", "offsets_flip", "FlippedOffset", "a bit of an offset is flipped: all streams end well",
     Status::kBadChecksum, flip_offsets},
    {"B", "offsets_outside", "OffsetOutsideRow",
     "an offset is not below its row's size: all streams end well", Status::kBadValue,
     flip_any_offset},
    {"M", "swapped", "StreamOrder", "two streams are exchanged: all streams end well",
     Status::kBadChecksum, swap_streams},
    {"C", "checksum", "Checksum", "the values' checksum is wrong", Status::kBadChecksum,
     other_checksum},
    {"A", "cut_each", "TruncatedSymbols", "the last symbol word of every stream is missing",
     Status::kTruncated, cut_each<&StreamWords::symbols>},
    {"A", "offsets_cut_each", "TruncatedOffsets", "the last offset word of every stream is missing",
     Status::kTruncated, cut_each<&StreamWords::offsets>},
    {"A", "long_each", "OverLongSymbols", "words follow the symbols of every stream",
     Status::kTrailing, long_each<&StreamWords::symbols>},
    {"A", "offsets_long_each", "OverLongOffsets", "words follow the offsets of every stream",
     Status::kTrailing, long_each<&StreamWords::offsets>},
    {"A", "fill_each", "SymbolFilling", "a bit behind the symbols of every stream is 1",
     Status::kTrailing, fill_each<&StreamWords::symbols, symbol_bits>},
    {"A", "offsets_fill_each", "OffsetFilling", "a bit behind the offsets of every stream is 1",
     Status::kTrailing, fill_each<&StreamWords::offsets, offset_bits>},
    {"K", "end_each", "EndState", "in every stream another bit of the last state is wrong",
     Status::kBadState, flip_each_end},
    {"T", "keep_0", "TruncatedSymbols", "no symbol word", Status::kTruncated, keep_symbols<0>},
    {"T", "keep_1", "TruncatedSymbols", "1 symbol word of 6", Status::kTruncated, keep_symbols<1>},
    {"T", "keep_2", "TruncatedSymbols", "2 symbol words of 6", Status::kTruncated, keep_symbols<2>},
    {"T", "keep_3", "TruncatedSymbols", "3 symbol words of 6", Status::kTruncated, keep_symbols<3>},
    {"T", "keep_4", "TruncatedSymbols", "4 symbol words of 6", Status::kTruncated, keep_symbols<4>},
    {"T", "keep_5", "TruncatedSymbols", "5 symbol words of 6", Status::kTruncated, keep_symbols<5>},
    {"T", "offsets_keep_0", "TruncatedOffsets", "no offset word", Status::kTruncated,
     keep_offsets<0>},
    {"T", "offsets_keep_1", "TruncatedOffsets", "1 offset word of 4", Status::kTruncated,
     keep_offsets<1>},
    {"T", "offsets_keep_2", "TruncatedOffsets", "2 offset words of 4", Status::kTruncated,
     keep_offsets<2>},
    {"T", "offsets_keep_3", "TruncatedOffsets", "3 offset words of 4", Status::kTruncated,
     keep_offsets<3>},
};

/// Of words with bits left over behind `read`: the first that is 1, or the first of a word that
/// nobody read. Nothing if none is.
std::optional<std::uint64_t> first_left(const Words& words, std::uint64_t read) {
  const std::uint64_t filled = (read + kWordBits - 1) / kWordBits * kWordBits;
  for (std::uint64_t bit = read; bit < std::min(filled, words.size() * std::uint64_t{kWordBits});
       ++bit) {
    if ((words[bit / kWordBits] >> bit % kWordBits & 1) != 0) return bit;
  }
  if (words.size() * kWordBits > filled) return filled;
  return std::nullopt;
}

/// Where a stream's verdict follows from.
Noticed noticed_in(const CodedTensor& tensor, std::uint32_t stream, Status status) {
  const auto steps = trace_of(tensor, stream);
  const StreamWords& words = tensor.streams[stream];
  const std::uint64_t n_symbols = words.symbols.size() * kWordBits;
  const std::uint64_t n_offsets = words.offsets.size() * kWordBits;
  if (status == Status::kTruncated) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (steps[i].symbol_position > n_symbols) return {stream, i, kSymbols, n_symbols};
      if (steps[i].offset_position > n_offsets) return {stream, i, kOffsets, n_offsets};
    }
  }
  if (status == Status::kTrailing) {
    if (const auto bit = first_left(words.symbols, symbol_bits(steps)))
      return {stream, steps.size(), kSymbols, *bit};
    if (const auto bit = first_left(words.offsets, offset_bits(steps)))
      return {stream, steps.size(), kOffsets, *bit};
  }
  return {stream, steps.size(), "state", symbol_bits(steps)};
}

/// Where the first value of another kind is: what a checksum or a row's size notices.
std::optional<Noticed> noticed_value(const Vector& good, const Vector& bad) {
  const StreamLayout layout = bad.tensor.layout();
  std::optional<Noticed> first;
  for (std::uint32_t s = 0; s < layout.n_streams && !first; ++s) {
    std::uint64_t index = 0;
    layout.for_each(s, [&](std::uint32_t i) {
      if (!first && good.decoded.values[i] != bad.decoded.values[i]) {
        const auto steps = trace_of(bad.tensor, s);
        first = {s, index, "values", index == 0 ? 0 : steps[index - 1].offset_position};
      }
      ++index;
    });
  }
  return first;
}

std::optional<Noticed> noticed(const Vector& good, const Vector& bad) {
  const auto& streams = bad.decoded.streams;
  const auto found =
      std::find_if(streams.begin(), streams.end(), [](Status s) { return s != Status::kOk; });
  if (found == streams.end()) return noticed_value(good, bad);
  return noticed_in(bad.tensor, static_cast<std::uint32_t>(found - streams.begin()), *found);
}

/// The damage at the first place that ends as it must; none if there is none.
std::optional<Vector> damage_one(const Vector& good, const Damage& damage) {
  const auto steps = trace_of(good.tensor, 0);
  for (std::size_t place = 0; place < kMostPlaces; ++place) {
    Vector bad{0,
               good.name + '_' + damage.name,
               damage.comment,
               {damage.flag},
               good.tensor,
               {},
               0,
               "",
               std::nullopt};
    bad.changed = damage.apply(bad.tensor, steps, place);
    if (bad.changed.empty()) continue;
    bad.decoded = decode(bad.tensor);
    if (bad.decoded.status != damage.status) continue;
    bad.noticed = noticed(good, bad);
    return bad;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<Vector>> damaged(const Vector& good, const char* sets) {
  std::vector<Vector> all;
  for (const Damage& damage : kDamages) {
    if (std::string_view(sets).find_first_of(damage.sets) == std::string_view::npos) continue;
    std::optional<Vector> bad = damage_one(good, damage);
    if (!bad) return std::nullopt;
    all.push_back(*std::move(bad));
  }
  return all;
}

const char* detected_by(const Decoded& decoded) {
  const bool lanes_ok = std::all_of(decoded.streams.begin(), decoded.streams.end(),
                                    [](Status s) { return s == Status::kOk; });
  if (!lanes_ok) return "lane";
  return decoded.status == Status::kBadChecksum ? "checksum" : "container";
}

}  // namespace transom::golden
