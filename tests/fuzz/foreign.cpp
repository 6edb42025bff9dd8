// foreign.cpp — any bytes as a stream of any of the foreign formats, and any symbols there and
// back.
// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include "fuzz.hpp"
#include "transom/foreign/format/format.hpp"
#include "transom/table/quantise.hpp"

using namespace transom;
using namespace transom::foreign;

namespace {

/// Half of the tables are good ones, the rest any numbers.
void take_table(fuzz::Input& in, ForeignStream& stream) {
  const bool good = in.flag();
  stream.freq.resize(std::size_t{in.byte()} + in.below(3));
  for (std::uint32_t& f : stream.freq) f = good ? in.byte() : in.u16();
  if (!good) return;
  stream.scale_bits %= kMaxTableLog + 1;
  if (std::accumulate(stream.freq.begin(), stream.freq.end(), 0u) == 0) return;
  try {
    stream.freq = quantise(stream.freq, stream.scale_bits);
  } catch (const std::invalid_argument&) {  // more symbols than slots
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t n) {
  static const std::vector<ForeignFormat> formats = foreign_formats();
  fuzz::Input in(data, n);
  const ForeignFormat& format = formats[in.byte() % formats.size()];
  const bool symbols_follow = in.flag();
  ForeignStream stream;
  stream.scale_bits = in.below(34);
  stream.n_states = in.flag() ? std::max<std::size_t>(format.n_states, 1) : in.byte();
  stream.n = in.u16();
  if (format.counts_bits) stream.n_bits = in.u32();
  take_table(in, stream);
  for (unsigned i = in.below(4); i > 0; --i) stream.rare.push_back(in.byte());

  std::vector<std::uint8_t> symbols(in.rest().begin(), in.rest().end());
  try {
    if (!symbols_follow) {
      stream.bytes = symbols;
      const ForeignSymbols decoded = decode_foreign(format, stream);
      if (decoded.status != Status::kOk) return 0;
      fuzz::claim(decoded.symbols.size() == stream.n, "ok: as many symbols as were asked for");
      symbols = decoded.symbols;
    }
    encode_foreign(format, symbols, stream);
    const ForeignSymbols again = decode_foreign(format, stream);
    fuzz::claim(again.status == Status::kOk && again.symbols == symbols,
                "symbols that are coded are decoded");
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
