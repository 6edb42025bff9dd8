// fse.cpp — FSE's tables, streams and blocks over tans.hpp's tables and steps.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/fse.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "transom/base/bits.hpp"
#include "transom/foreign/bit_order.hpp"

namespace transom::foreign::fse {
namespace {

constexpr unsigned kMaxStates = 2;

const Norm& checked(const Norm& norm) {
  if (const std::string why = why_not_a_norm(norm); !why.empty()) {
    refuse("fse::Table", "norm", std::to_string(norm.cells.size()) + " symbols", why);
  }
  return norm;
}

void check_layout(std::string_view function, const Layout& layout) {
  require_range(function, "number of states", layout.n_states, 1, kMaxStates);
}

std::vector<std::uint32_t> slots_of(const Norm& norm) {
  std::vector<std::uint32_t> freq(norm.cells.size());
  std::transform(norm.cells.begin(), norm.cells.end(), freq.begin(),
                 [](int cells) { return static_cast<std::uint32_t>(std::abs(cells)); });
  return freq;
}

/// Rare symbols from the last slot down, the others by steps over what is left.
std::vector<symbol_t> spread_of(const Norm& norm) {
  std::vector<symbol_t> spread(std::size_t{1} << norm.table_log);
  std::vector<std::uint32_t> stepped = slots_of(norm);
  std::size_t end = spread.size();
  for (std::size_t s = 0; s < stepped.size(); ++s) {
    if (norm.cells[s] >= 0) continue;
    spread[--end] = static_cast<symbol_t>(s);
    stepped[s] = 0;
  }
  detail::lay_by_step(stepped, static_cast<std::uint32_t>(end), spread);
  return spread;
}

void check_message(const Table& table, std::span<const symbol_t> message, const Layout& layout) {
  check_layout("fse::encode", layout);
  require_range("fse::encode", "number of symbols", message.size(), layout.n_states, SIZE_MAX);
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (table.encoder().can_encode(message[i])) continue;
    refuse_at("fse::encode", "message", i, message[i], "must be in the table");
  }
}

/// A stream without its end mark: the highest one bit of the last byte. kTruncated if there is
/// none.
struct Opened {
  Status status;
  std::vector<std::uint32_t> words;
  std::uint64_t n_bits;
};
Opened open(std::span<const std::uint8_t> stream) {
  if (stream.empty() || stream.back() == 0) return {Status::kTruncated, {}, 0};
  const auto top = static_cast<unsigned>(std::bit_width(stream.back())) - 1;
  return {Status::kOk, words_of_bytes(stream), std::uint64_t{8} * (stream.size() - 1) + top};
}

/// States that take turns.
class Decoder {
 public:
  Decoder(const Table& table, BackReader& in, unsigned n_states)
      : table_(table.decode_words().data()), encoder_(table.encoder()), n_states_(n_states) {
    for (unsigned i = 0; i < n_states; ++i) t_[i] = in.read(table.table_log());
  }

  std::uint32_t& state(std::size_t position) { return t_[position % n_states_]; }
  Entry entry(std::size_t position) { return to_entry(table_[state(position)]); }
  symbol_t step(std::size_t position, BackReader& in) {
    return decode_step(table_, state(position), in).symbol;
  }
  /// Whether the state is one that an encoder begins with where its first symbol selects it.
  bool is_lowest(std::size_t position) {
    const std::uint32_t L = encoder_.start_state();
    return encoder_.lowest_state(entry(position).symbol) - L == state(position);
  }

 private:
  const std::uint32_t* table_;
  const TansEncoder& encoder_;
  unsigned n_states_;
  std::array<std::uint32_t, kMaxStates> t_{};
};

Status verdict(const BackReader& in, bool states_at_end) {
  if (in.past_end()) return Status::kTruncated;
  if (!states_at_end) return Status::kBadState;
  return in.left() == 0 ? Status::kOk : Status::kTrailing;
}

}  // namespace

Table::Table(const Norm& norm)
    : norm_(checked(norm)),
      freq_(slots_of(norm_)),
      spread_(spread_of(norm_)),
      decode_(make_decode_table(spread_, freq_)),
      encoder_(spread_, freq_) {}

bool Table::every_step_reads() const {
  const auto half = static_cast<std::int16_t>(1 << (norm_.table_log - 1));
  return std::all_of(norm_.cells.begin(), norm_.cells.end(),
                     [half](std::int16_t cells) { return cells < half; });
}

Table::SymbolWords Table::symbol_words(symbol_t s) const {
  require_range("fse::Table::symbol_words", "symbol", s, 0, freq_.size() - 1);
  const unsigned R = norm_.table_log;
  const std::uint32_t f = freq_[s];
  if (f == 0) return {((R + 1) << 16) - (1u << R), 0};
  std::uint32_t cum = 0;
  for (std::size_t i = 0; i < s; ++i) cum += freq_[i];
  const auto delta_state = static_cast<std::int32_t>(cum - f);
  if (f == 1) return {(R << 16) - (1u << R), delta_state};
  const unsigned most = R + 1 - static_cast<unsigned>(std::bit_width(f - 1));
  return {(most << 16) - (f << most), delta_state};
}

std::vector<std::uint8_t> encode(const Table& table, std::span<const symbol_t> message,
                                 Layout layout) {
  check_message(table, message, layout);
  const TansEncoder& encoder = table.encoder();
  std::array<std::uint32_t, kMaxStates> x{encoder.start_state(), encoder.start_state()};
  std::size_t n = message.size();
  if (layout.from_symbol) {
    for (unsigned i = 0; i < layout.n_states; ++i) {
      --n;
      x[n % layout.n_states] = encoder.lowest_state(message[n]);
    }
  }
  BitWriter out;
  while (n-- > 0) {
    const Field field = encoder.encode_step(x[n % layout.n_states], message[n]);
    out.append(field.value, field.nbits);
  }
  for (unsigned i = layout.n_states; i-- > 0;) {
    out.append(x[i] - encoder.start_state(), table.table_log());
  }
  out.append(1, 1);
  const auto n_bytes = static_cast<std::size_t>((out.n_bits() + 7) / 8);
  return bytes_of_words(out.take(), n_bytes);
}

Decoded decode(const Table& table, std::span<const std::uint8_t> stream, std::size_t n,
               Layout layout) {
  check_layout("fse::decode", layout);
  const Opened opened = open(stream);
  if (opened.status != Status::kOk || n < layout.n_states) return {Status::kTruncated, {}};
  BackReader in(opened.words, opened.n_bits);
  Decoder decoder(table, in, layout.n_states);
  Decoded out{Status::kOk, std::vector<symbol_t>(n)};
  const std::size_t n_steps = layout.from_symbol ? n - layout.n_states : n;
  for (std::size_t i = 0; i < n_steps; ++i) out.message[i] = decoder.step(i, in);
  bool at_end = true;
  for (std::size_t i = n_steps; i < n; ++i) {
    out.message[i] = decoder.entry(i).symbol;
    at_end = at_end && decoder.is_lowest(i);
  }
  for (std::size_t i = 0; i < layout.n_states && !layout.from_symbol; ++i) {
    at_end = at_end && decoder.state(i) == 0;
  }
  out.status = verdict(in, at_end);
  return out;
}

Decoded decode_all(const Table& table, std::span<const std::uint8_t> stream,
                   std::size_t max_symbols) {
  constexpr unsigned kStates = 2;
  const Opened opened = open(stream);
  if (opened.status != Status::kOk) return {opened.status, {}};
  BackReader in(opened.words, opened.n_bits);
  Decoder decoder(table, in, kStates);
  Decoded out;
  std::size_t i = 0;
  for (; decoder.entry(i).nbits <= in.left(); ++i) {
    if (i + kStates >= max_symbols) return {Status::kTrailing, std::move(out.message)};
    out.message.push_back(decoder.step(i, in));
  }
  if (i + kStates > max_symbols) return {Status::kTrailing, std::move(out.message)};
  for (std::size_t last = i; last < i + kStates; ++last) {
    out.message.push_back(decoder.entry(last).symbol);
  }
  out.status = verdict(in, decoder.is_lowest(i) && decoder.is_lowest(i + 1));
  return out;
}

Block encode_block(std::span<const symbol_t> message, unsigned max_symbol, unsigned table_log) {
  if (table_log == 0 || table_log > kMaxTableLog) return {};
  if (message.size() <= 1) return {Outcome::kIncompressible, {}};
  std::vector<std::uint32_t> counts(kMaxAlphabet);
  for (const symbol_t s : message) ++counts[s];
  while (counts.back() == 0) counts.pop_back();
  if (counts.size() - 1 > max_symbol) return {};
  const std::uint32_t most = *std::max_element(counts.begin(), counts.end());
  if (most == message.size()) return {Outcome::kOneSymbol, {}};
  if (most == 1 || most < message.size() >> 7 || message.size() <= kMaxStates) {
    return {Outcome::kIncompressible, {}};
  }
  const unsigned log =
      optimal_table_log(table_log, message.size(), static_cast<unsigned>(counts.size() - 1));
  const Normalised normalised = normalise(counts, log);
  if (normalised.outcome != Outcome::kWritten) return {normalised.outcome, {}};
  Block block{Outcome::kWritten, write_header(normalised.norm)};
  const std::vector<std::uint8_t> stream = encode(Table(normalised.norm), message);
  block.bytes.insert(block.bytes.end(), stream.begin(), stream.end());
  if (block.bytes.size() + 1 >= message.size()) return {Outcome::kIncompressible, {}};
  return block;
}

Decoded decode_block(std::span<const std::uint8_t> block, std::size_t max_symbols) {
  const Header header = read_header(block);
  if (header.status != Status::kOk) return {header.status, {}};
  return decode_all(Table(header.norm), block.subspan(header.n_bytes), max_symbols);
}

}  // namespace transom::foreign::fse
