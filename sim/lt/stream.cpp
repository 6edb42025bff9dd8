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
        bank_(Coder::kind) {}

  void load(unsigned table_log, std::span<const std::uint32_t> table,
            std::span<const std::uint32_t> rows) override {
    table_log_ = table_log;
    bank_.load(table_log, table, rows);
    most_bits_ = {kMaxTake / kValues, 0};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      most_bits_[1] = std::max<unsigned>(most_bits_[1], bank_.rows()[i].offset_bits);
    }
  }

  void start(std::size_t s) override {
    decoders_[s] = {bank_.words(), table_log_};
    RingReader::Cursor in(symbols(s));
    decoders_[s].start(in);
  }

  void decode(std::size_t s, std::uint32_t n_values, value_t* values, std::size_t stride) override {
    Decoder decoder = decoders_[s];
    {
      RingReader::Cursor in(symbols(s)), offsets_in(offsets(s));
      const Row* const rows = bank_.rows();
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
                         readers_[2 * s + 1], !bank_.bad());
  }

 private:
  using Decoder = typename Coder::Decoder;
  static constexpr unsigned kValues = values_per_beat(Coder::kind);

  std::vector<Decoder> decoders_;
  unit::TableBank bank_;
  unsigned table_log_ = 0;
};

}  // namespace

std::unique_ptr<Streams> make_lt_streams(const unit::UnitShape& shape, std::size_t capacity) {
  return cycle::visit_coder(shape.kind, [&](auto coder) -> std::unique_ptr<Streams> {
    return std::make_unique<StreamsOf<decltype(coder)>>(shape.n_streams(), capacity);
  });
}

}  // namespace transom::lt
