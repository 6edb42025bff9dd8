// lane_jobs.cpp — random jobs for a unit, drawn as knobs say.
// SPDX-License-Identifier: Apache-2.0
#include "transom/coverage/lane_jobs.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "transom/coder/arith.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/tans.hpp"
#include "transom/verify/golden_steps.hpp"

namespace transom::coverage {

using namespace unit;

namespace {

template <class T>
const T& one_of(const std::vector<T>& some, Draws& draws) {
  return some[draws() % some.size()];
}
/// std::shuffle differs from library to library.
void shuffle(std::vector<symbol_t>& all, Draws& draws) {
  for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[draws() % i]);
}
bool chance(Draws& draws, unsigned percent) { return draws() % 100 < percent; }

/// What a step yields, each with its frequency.
struct Alphabet {
  std::vector<std::uint32_t> freq;
  std::vector<symbol_t> symbols;  ///< of a frequency
  unsigned n_rows = 1;
};

Alphabet draw_alphabet(const LaneKnobs& knobs, LaneKind kind, unsigned R, Draws& draws) {
  const std::uint32_t L = std::uint32_t{1} << R;
  const bool pairs = kind == LaneKind::kTansPair;
  const auto most_rows = static_cast<std::uint32_t>(max_rows(kind));
  const std::uint32_t most = std::min(L, pairs ? most_rows * most_rows : most_rows);
  std::uint32_t n = draw(draws, 1, draw(draws, 1, most));
  if (knobs.table == TableClass::kOneSymbol || knobs.freq == L) n = 1;
  if (knobs.table == TableClass::kAllOnce) n = std::min(L, most);
  if (knobs.table == TableClass::kOther || (knobs.freq && *knobs.freq < L)) n = std::max(n, 2u);
  if (knobs.freq) n = std::min(n, L - *knobs.freq + 1);
  if (knobs.table == TableClass::kOther) n = std::min(n, L - 1);

  Alphabet alphabet{std::vector<std::uint32_t>(pairs ? kMaxAlphabet : most_rows), {}, 1};
  std::vector<symbol_t> all(pairs ? most_rows * most_rows : n);
  std::iota(all.begin(), all.end(), symbol_t{0});
  if (pairs) shuffle(all, draws);
  alphabet.symbols.assign(all.begin(), all.begin() + n);
  for (const symbol_t s : alphabet.symbols) {
    const unsigned largest = pairs ? std::max(first_of(s), second_of(s)) : s;
    alphabet.n_rows = std::max(alphabet.n_rows, largest + 1);
    alphabet.freq[s] = 1;
  }
  std::uint32_t left = L - n;
  if (knobs.freq) {
    alphabet.freq[alphabet.symbols[0]] = *knobs.freq;
    left -= *knobs.freq - 1;
  }
  const std::uint32_t from = knobs.freq && n > 1 ? 1 : 0;
  for (; left > 0; --left) {  // the first ones are likelier
    ++alphabet.freq[alphabet.symbols[draw(draws, from, draw(draws, from, n - 1))]];
  }
  return alphabet;
}

using Encode = std::function<std::vector<std::uint32_t>(const std::vector<symbol_t>&)>;

/// The job's table, and who codes with it.
Encode set_table(Job& job, const Alphabet& alphabet, Spread spread) {
  const unsigned R = job.table_log;
  const std::vector<std::uint32_t>& freq = alphabet.freq;
  switch (job.kind) {
    case LaneKind::kRans:
      job.entries = make_rans_slots(freq, R);
      return
          [of = RansEncoder<Rans32x16>(freq, R)](const auto& s) { return encode_symbols(of, s); };
    case LaneKind::kNrans:
      job.entries = make_nrans_counts(freq, R);
      return [of = NransEncoder<>(freq, R)](const auto& s) { return encode_symbols(of, s); };
    case LaneKind::kArith:
      job.entries = make_arith_table(freq);
      job.entries.resize(kMaxApackRows);
      return [of = ArithEncoder(freq)](const auto& s) { return encode_symbols(of, s); };
    case LaneKind::kTans:
    case LaneKind::kTansPair:
      break;
  }
  job.entries = make_decode_table(freq, R, spread);
  return [of = TansEncoder(freq, R, spread), R](const auto& s) { return encode_symbols(of, R, s); };
}

/// A word of the table or a row becomes none.
void spoil(Job& job, Draws& draws) {
  if (chance(draws, 50)) {
    const auto bits = static_cast<std::uint8_t>(draw(draws, kMaxValueBits + 1, 31));
    job.rows[draws() % job.rows.size()] = to_word(Row{0, bits});
  } else if (lane_traits(job.kind).counts) {
    job.entries[0] = 1;
  } else {
    job.entries[draws() % job.entries.size()] = ~std::uint32_t{0};
  }
}

void set_end(std::vector<std::uint32_t>& words, std::uint64_t n_bits, EndClass end, Draws& draws) {
  const auto rest = static_cast<unsigned>(n_bits % kWordBits);
  words.resize((n_bits + kWordBits - 1) / kWordBits);
  if (rest != 0) words.back() &= low_bits(rest);
  if (end == EndClass::kShort && !words.empty()) words.resize(draws() % words.size());
  if (end == EndClass::kNoise && rest != 0) words.back() |= 1u << draw(draws, rest, 31);
  if (end == EndClass::kLeft) {
    for (std::uint32_t n = draw(draws, 1, 3); n > 0; --n) words.push_back(draws());
  }
}

/// Whether words can end so behind so many bits.
bool can_end(std::uint64_t n_bits, EndClass end) {
  switch (end) {
    case EndClass::kNothing:
      return n_bits == 0;
    case EndClass::kWhole:
      return n_bits != 0 && n_bits % kWordBits == 0;
    case EndClass::kPadded:
    case EndClass::kNoise:
      return n_bits % kWordBits != 0;
    case EndClass::kShort:
      return n_bits != 0;
    case EndClass::kLeft:
      return true;
  }
  return false;
}

/// Draws streams of one job.
class StreamDraws {
 public:
  StreamDraws(const LaneKnobs& knobs, const Job& job, const Alphabet& alphabet,
              const Encode& encode, Draws& draws)
      : knobs_(knobs),
        job_(job),
        alphabet_(alphabet),
        encode_(encode),
        bank_(job.kind),
        draws_(draws) {
    bank_.load(job.table_log, job.entries, job.rows);
    for (const symbol_t s : alphabet.symbols) {
      slots_.insert(slots_.end(), std::min(alphabet.freq[s], std::uint32_t{64}), s);
    }
  }

  JobStream stream(std::uint32_t n_values) {
    const bool noise = bank_.bad() || chance(draws_, knobs_.noise);
    const std::uint32_t n_steps = verify::n_steps(job_.kind, n_values);
    JobStream stream{n_values, {}, {}};
    std::uint64_t n_symbols = 0, n_offsets = 0;
    const EndClass symbol_end = one_of(knobs_.symbol_ends, draws_);
    const EndClass offset_end = one_of(knobs_.offset_ends, draws_);
    if (n_values != 0) {
      stream.symbol_words = noise ? words(n_steps * kMaxTake + kWordBits) : encode_(steps(n_steps));
      read(stream.symbol_words, n_values);
      const std::uint32_t n = fit(n_values, symbol_end, offset_end);
      stream.n_values = n;
      n_symbols = symbol_bits_[n];
      n_offsets = offset_bits_[n];
    }
    stream.offset_words = words(n_offsets);
    set_end(stream.symbol_words, n_symbols, symbol_end, draws_);
    set_end(stream.offset_words, n_offsets, offset_end, draws_);
    return stream;
  }

 private:
  std::vector<std::uint32_t> words(std::uint64_t n_bits) {
    std::vector<std::uint32_t> some((n_bits + kWordBits - 1) / kWordBits);
    for (std::uint32_t& word : some) word = draws_();
    return some;
  }
  /// Half of them as likely as their frequencies are, half alike.
  std::vector<symbol_t> steps(std::uint32_t n) {
    std::vector<symbol_t> some(n);
    for (symbol_t& s : some) s = one_of(chance(draws_, 50) ? slots_ : alphabet_.symbols, draws_);
    return some;
  }
  /// Bits that are read up to each value.
  void read(const std::vector<std::uint32_t>& words, std::uint32_t n_values) {
    symbol_bits_.assign(1, 0);
    offset_bits_.assign(1, 0);
    verify::GoldenSteps steps = golden(words);
    symbol_t step = 0;
    for (std::uint32_t i = 0; i < n_values; ++i) {
      const unsigned of_step = i % verify::symbols_per_step(job_.kind);
      if (of_step == 0) step = steps.step().symbol;
      const symbol_t symbol = verify::symbol_of(job_.kind, step, of_step);
      symbol_bits_.push_back(steps.symbols().position());
      offset_bits_.push_back(offset_bits_.back() + bank_.rows()[symbol].offset_bits);
    }
  }
  verify::GoldenSteps golden(const std::vector<std::uint32_t>& words) const {
    if (job_.kind == LaneKind::kRans) {
      return {RansSlotDecoder{bank_.words(), job_.table_log}, words};
    }
    if (job_.kind == LaneKind::kNrans) {
      return {NransCountDecoder{bank_.words(), job_.table_log}, words};
    }
    return {verify::make_decoder(job_.kind, bank_.words(), job_.table_log), words};
  }
  /// So many values, or fewer, behind which both can end so.
  std::uint32_t fit(std::uint32_t n_values, EndClass symbols, EndClass offsets) const {
    for (std::uint32_t n = n_values; n > 0; --n) {
      if (can_end(symbol_bits_[n], symbols) && can_end(offset_bits_[n], offsets)) return n;
    }
    return n_values;
  }

  const LaneKnobs& knobs_;
  const Job& job_;
  const Alphabet& alphabet_;
  const Encode& encode_;
  TableBank bank_;
  Draws& draws_;
  std::vector<symbol_t> slots_;
  std::vector<std::uint64_t> symbol_bits_, offset_bits_;  ///< by the number of values
};

Rhythm draw_rhythm(Draws& draws) {
  switch (draws() % 4) {
    case 0:
      return {Rhythm::Kind::kPeriod, draw(draws, 2, 6)};
    case 1:
      return {Rhythm::Kind::kRandom, draw(draws, 10, 90)};
    default:
      return {};
  }
}

}  // namespace

LaneKnobs draw_knobs(Draws& draws) {
  LaneKnobs knobs;
  knobs.n_jobs = draw(draws, 1, 5);
  knobs.sizes = {{0, 0}, {1, 1}, {2, 15}, {16, 80}, {16, 300}};
  for (unsigned i = 0; i < 4; ++i) knobs.widths.push_back(draw(draws, 0, kMaxValueBits));
  // A stream ends as its last bit has it, or in any way.
  const std::vector<EndClass> ends{
      EndClass::kPadded, EndClass::kPadded, EndClass::kPadded, EndClass::kPadded, EndClass::kPadded,
      EndClass::kPadded, EndClass::kWhole,  EndClass::kShort,  EndClass::kNoise,  EndClass::kLeft};
  knobs.symbol_ends = knobs.offset_ends = ends;
  knobs.pressure = {draws(), draw_rhythm(draws), draw_rhythm(draws), draw_rhythm(draws)};
  return knobs;
}

std::vector<Job> draw_jobs(const LaneKnobs& knobs, const UnitShape& shape, Draws& draws) {
  std::vector<Job> jobs(knobs.n_jobs);
  for (Job& job : jobs) {
    const unsigned least = lane_traits(shape.kind).min_table_log;
    job.kind = shape.kind;
    // Small tables are likelier: large ones take long to make and to load.
    job.table_log =
        knobs.table_log.value_or(draw(draws, least, draw(draws, least, max_table_log(shape))));
    const Alphabet alphabet = draw_alphabet(knobs, shape.kind, job.table_log, draws);
    const auto spread =
        job.table_log > kUsualLog ? Spread::kStep : static_cast<Spread>(draws() % kSpreads);
    const Encode encode = set_table(job, alphabet, spread);
    for (unsigned row = 0; row < alphabet.n_rows; ++row) {
      const auto width = static_cast<std::uint8_t>(one_of(knobs.widths, draws));
      job.rows.push_back(to_word(Row{static_cast<value_t>(draws()), width}));
    }
    if (chance(draws, knobs.bad)) spoil(job, draws);
    StreamDraws of_job(knobs, job, alphabet, encode, draws);
    for (unsigned s = 0; s < shape.n_streams(); ++s) {
      const bool slow = knobs.slow_lane == s % shape.n_lanes;
      const LaneKnobs::Sizes sizes = slow ? knobs.slow_sizes : one_of(knobs.sizes, draws);
      job.streams.push_back(of_job.stream(draw(draws, sizes.least, sizes.most)));
    }
  }
  return jobs;
}

}  // namespace transom::coverage
