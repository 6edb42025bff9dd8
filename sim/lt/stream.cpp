// stream.cpp — values by the model's decoders, for each kind of lane.
// SPDX-License-Identifier: Apache-2.0
#include "transom/lt/stream.hpp"

#include <algorithm>

namespace transom::lt {
namespace {

template <class Coder>
class StreamsOf final : public Streams {
 public:
  StreamsOf(std::size_t n_streams, std::size_t capacity)
      : Streams(n_streams, capacity),
        decoders_(n_streams, Decoder{nullptr, 0}),
        table_(std::size_t{1} << 16),
        rows_(kMaxAlphabet) {}

  void load(unsigned table_log, std::span<const std::uint32_t> table,
            std::span<const std::uint32_t> rows) override {
    table_log_ = table_log;
    std::transform(table.begin(), table.end(), table_.begin(),
                   [](std::uint32_t word) { return word & Coder::entry_mask; });
    if constexpr (unit::lane_traits(Coder::kind).counts) {
      // Counts that fall would be an empty interval; it decodes to something, without a promise of
      // what.
      for (std::size_t i = 1; i <= kMaxAlphabet; ++i) {
        const std::uint32_t cum = i < table.size() ? table_[i] : 1u << kArithTableLog;
        table_[i] = std::clamp(cum, table_[i - 1], 1u << kArithTableLog);
      }
      table_[0] = 0;
    }
    std::transform(rows.begin(), rows.end(), rows_.begin(), to_row);
    most_bits_ = {kMaxTake / kValues, 0};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      most_bits_[1] = std::max<unsigned>(most_bits_[1], rows_[i].offset_bits);
    }
  }

  void start(std::size_t s) override {
    decoders_[s] = {table_.data(), table_log_};
    RingReader::Cursor in(symbols(s));
    decoders_[s].start(in);
  }

  void decode(std::size_t s, std::uint32_t n_values, value_t* values, std::size_t stride) override {
    Decoder decoder = decoders_[s];
    {
      RingReader::Cursor in(symbols(s)), offsets_in(offsets(s));
      const Row* const rows = rows_.data();
      const auto put = [&](symbol_t symbol) {
        *values = read_value(rows[symbol], offsets_in);
        values += stride;
      };
      for (std::uint32_t i = 0; i < n_values; i += kValues) {
        const symbol_t symbol = decoder.step(in);
        if constexpr (kValues == 2) {
          put(first_of(symbol));
          if (i + 1 < n_values) put(second_of(symbol));
        } else {
          put(symbol);
        }
      }
    }
    decoders_[s] = decoder;
  }

  Status end(std::size_t s, std::uint32_t n_values) const override {
    return stream_status(n_values == 0 || decoders_[s].at_end(), readers_[2 * s],
                         readers_[2 * s + 1]);
  }

 private:
  using Decoder = typename Coder::Decoder;
  static constexpr unsigned kValues = values_per_beat(Coder::kind);

  std::vector<Decoder> decoders_;
  /// As many as any entry can lead to: 2^14 - 1 + 2^15 - 1 at most, if the table is not one.
  std::vector<std::uint32_t> table_;
  std::vector<Row> rows_;
  unsigned table_log_ = 0;
};

}  // namespace

std::unique_ptr<Streams> make_lt_streams(const unit::UnitShape& shape, std::size_t capacity) {
  return cycle::visit_coder(shape.kind, [&](auto coder) -> std::unique_ptr<Streams> {
    return std::make_unique<StreamsOf<decltype(coder)>>(shape.n_streams(), capacity);
  });
}

}  // namespace transom::lt
