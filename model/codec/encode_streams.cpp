// encode_streams.cpp — tANS and rANS for fast::StreamEncoder: their steps, without a branch.
// SPDX-License-Identifier: Apache-2.0
#include "transom/codec/encode_streams.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "transom/coder/rans.hpp"
#include "transom/coder/tans.hpp"
#include "transom/fast/encode.hpp"
#include "transom/fast/rans.hpp"

namespace transom {
namespace {

/// TansEncoder's step; the fields of some symbols in a row go out together.
class FastTans {
 public:
  using Step = TansEncoder::Step;

  FastTans(const TansEncoder& encoder, unsigned table_log)
      : next_(encoder.next_states().data()), lower_(encoder.start_state()), table_log_(table_log) {}
  static std::vector<Step> steps(const TansEncoder& encoder) {
    return {encoder.steps().begin(), encoder.steps().end()};
  }
  unsigned most_bits() const { return table_log_; }
  unsigned table_log() const { return table_log_; }
  const std::uint32_t* next() const { return next_; }

  static constexpr auto kLanes = fast::EncodeCoder::kTans;
  static constexpr unsigned kWords = 1;
  /// delta_nbits = (k << 16) - T, L <= T < 2 L.
  static std::array<std::uint32_t, kWords> words_of(const Step& s, bool missing, unsigned R) {
    const std::int32_t L = std::int32_t{1} << R;
    const std::int32_t k = (s.delta_nbits + 2 * L) >> 16, T = (k << 16) - s.delta_nbits;
    return {
        fast::tans_step_word(static_cast<std::uint32_t>((k << R) - T + L), s.delta_index, missing)};
  }

  struct Lane {
    std::uint32_t x = 0;
    fast::BackWriter out;

    void start(const FastTans& coder, const fast::BackWriter& to) {
      x = coder.lower_;
      out = to;
    }
    template <class... Steps>
    [[gnu::always_inline]] inline void put(const FastTans& coder, const Steps&... steps) {
      const auto step = [&](const Step& s) {
        const auto state = static_cast<std::int32_t>(x);
        const auto nbits = static_cast<unsigned>((state + s.delta_nbits) >> 16);
        out.prepend(x & ((std::uint32_t{1} << nbits) - 1), nbits);
        x = coder.next_[(state >> nbits) + s.delta_index];
      };
      (step(steps), ...);
      out.flush();
    }
    std::vector<std::uint32_t> take(const FastTans& coder) {
      out.prepend(x - coder.lower_, coder.table_log_);
      return out.take();
    }
  };

 private:
  const std::uint32_t* next_;
  std::uint32_t lower_;
  unsigned table_log_;
};

/// The step of RansEncoder<Rans32x16>, R >= 1, with a product for its division (Granlund and
/// Montgomery, 1994): with m = floor(2^64 / f) + 1 the product exceeds x 2^64 / f by at most
/// x < 2^32, and f x < 2^46 is too little to reach the next integer. For f = 1, m would be 2^64;
/// one less gives x - 1 with the rest 1, which `bias` makes good.
class FastRans {
 public:
  struct Step {
    std::uint64_t reciprocal;
    std::uint32_t freq;
    std::uint32_t bias;
    std::uint32_t complement;  ///< 2^R - freq
  };

  explicit FastRans(unsigned table_log)
      : table_log_(table_log), shift_(Rans32x16::state_bits - table_log) {}
  static std::vector<Step> steps(std::span<const std::uint32_t> freq, unsigned R) {
    std::vector<Step> steps(freq.size());
    const std::uint32_t slots = std::uint32_t{1} << R;
    std::uint32_t cum = 0;
    for (std::size_t s = 0; s < freq.size(); ++s) {
      const std::uint32_t f = freq[s];
      if (f != 0) {
        const bool one = f == 1;
        steps[s] = {one ? ~std::uint64_t{0} : ~std::uint64_t{0} / f + 1, f,
                    one ? cum + slots - 1 : cum, slots - f};
      }
      cum += f;
    }
    return steps;
  }
  unsigned most_bits() const { return Rans32x16::word_bits; }
  unsigned table_log() const { return table_log_; }
  static const std::uint32_t* next() { return nullptr; }

  static constexpr auto kLanes = fast::EncodeCoder::kRans;
  static constexpr unsigned kWords = 2;
  static std::array<std::uint32_t, kWords> words_of(const Step& s, bool missing, unsigned R) {
    const fast::Reciprocal r = fast::reciprocal(s.freq, R);
    const std::uint32_t cum = s.freq == 1 ? s.bias + 1 - (std::uint32_t{1} << R) : s.bias;
    return {r.m, fast::rans_step_word(s.freq, cum, r.shift, r.add, missing)};
  }

  struct Lane {
    std::uint32_t x = 0;
    fast::BackWriter out;

    void start(const FastRans& /*coder*/, const fast::BackWriter& to) {
      x = Rans32x16::start;
      out = to;
    }
    template <class... Steps>
    [[gnu::always_inline]] inline void put(const FastRans& coder, const Steps&... steps) {
      const auto step = [&](const Step& s) {
        const bool gives = x >> coder.shift_ >= s.freq;
        out.prepend_word(x & 0xffff, gives);
        const std::uint32_t rest = gives ? x >> 16 : x;
        const auto quotient = static_cast<std::uint32_t>((uint128_t{rest} * s.reciprocal) >> 64);
        x = rest + s.bias + quotient * s.complement;
      };
      (step(steps), ...);
    }
    std::vector<std::uint32_t> take(const FastRans& /*coder*/) {
      out.prepend_word(x >> 16, true);
      out.prepend_word(x & 0xffff, true);
      return out.take();
    }
  };

 private:
  unsigned table_log_;
  unsigned shift_;
};

template <class Coder>
bool encode_by(const Coder& coder, const std::vector<typename Coder::Step>& steps,
               const TensorView& tensor, const PrefixMap& prefix, CodedTensor& coded) {
  const Code& code = coded.code;
  const auto some =
      std::find_if(code.freq.begin(), code.freq.end(), [](std::uint32_t f) { return f != 0; });
  const auto coded_symbol = static_cast<std::size_t>(some - code.freq.begin());
  unsigned most = 0;
  for (const Row& row : code.rows) most = std::max(most, unsigned{row.offset_bits});
  const std::span<const symbol_t> symbols = prefix.symbols();
  const auto entry_of = [&](std::size_t s) -> fast::EncodeEntry<typename Coder::Step> {
    const bool missing = code.freq[s] == 0;
    return {steps[missing ? coded_symbol : s], code.rows[s].vmin, code.rows[s].offset_bits,
            static_cast<std::uint8_t>(missing)};
  };
  const auto encode_values = [&]<class T>(std::span<const T> values) {
    std::vector<fast::EncodeEntry<typename Coder::Step>> entries;
    if constexpr (sizeof(T) == 1) {
      for (const symbol_t s : symbols) entries.push_back(entry_of(s));
    } else {
      for (std::size_t s = 0; s < code.rows.size(); ++s) entries.push_back(entry_of(s));
    }
    const auto encode = [&]<bool Offsets>(std::bool_constant<Offsets>) {
      return fast::StreamEncoder<Coder, Offsets, T>(coder, entries, symbols, code.rows.size(), most,
                                                    coded.layout(), values.data())
          .encode(coded.streams);
    };
    return most == 0 ? encode(std::false_type{}) : encode(std::true_type{});
  };
  return std::visit(encode_values, tensor.values);
}

}  // namespace

bool encode_streams(const TensorView& tensor, const PrefixMap& prefix, CodedTensor& coded) {
  const Code& code = coded.code;
  const LaneKind lane = codec(code.coding).lane;
  if (isa() == Isa::kScalar) return false;
  if (lane == LaneKind::kTans) {
    const TansEncoder encoder(code.freq, code.table_log, code.spread);
    return encode_by(FastTans(encoder, code.table_log), FastTans::steps(encoder), tensor, prefix,
                     coded);
  }
  if (lane == LaneKind::kRans && code.table_log != 0) {
    return encode_by(FastRans(code.table_log), FastRans::steps(code.freq, code.table_log), tensor,
                     prefix, coded);
  }
  return false;
}

}  // namespace transom
