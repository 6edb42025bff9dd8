// convert.cpp — transom convert: one coder's stream into another's, through the values.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iostream>
#include <memory>

#include "common.hpp"
#include "transom/container/container.hpp"
#include "transom/files/read.hpp"
#include "transom/files/whole.hpp"
#include "transom/foreign/format/format.hpp"
#include "transom/golden/npy.hpp"
#include "transom/golden/side_file.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/ranges.hpp"
#include "verbs.hpp"

namespace transom::cli {
using namespace golden;
using namespace foreign;
namespace {

struct ConvertOptions {
  std::string input, from, output, to, sidecar, tensor;
  std::optional<unsigned> table_log;
  std::optional<std::size_t> interleave;
  std::uint32_t n_streams = 1;
  bool as_json = false;
};

const CodedTensor& choose(const ConvertOptions& o, const std::vector<CodedTensor>& tensors) {
  if (o.tensor.empty() && tensors.size() == 1) return tensors.front();
  std::string names;
  for (const CodedTensor& t : tensors) {
    if (t.name == o.tensor) return t;
    names += (names.empty() ? "" : ", ") + t.name;
  }
  throw std::invalid_argument(o.input + ": choose one with --tensor: " + names.substr(0, 500));
}

Message read_tsm(const ConvertOptions& o) {
  const auto tensors = read_container(o.input);
  const CodedTensor& coded = choose(o, tensors);
  if (coded.dtype.bits > 8) {
    throw std::invalid_argument(o.input + ": tensor '" + coded.name +
                                "' has values of over 8 bits; a foreign stream has byte symbols");
  }
  Decoded decoded = decode(coded);
  if (decoded.status != Status::kOk) {
    throw DataError(o.input + ": tensor '" + coded.name +
                    "': " + std::string(status_name(decoded.status)));
  }
  Message message{{coded.name, coded.dtype, coded.shape, std::move(decoded.values)}, {}, 0};
  if (codes_whole_values(coded.code.coding, coded.dtype)) {
    message.freq = coded.code.freq;
    message.scale_bits = coded.code.table_log;
  }
  return message;
}

Message read_stream(const ConvertOptions& o) {
  std::vector<std::uint8_t> bytes = files::read_whole(
      o.input, "name a stream, and with --sidecar its JSON file", kMaxForeignBytes);
  return read_foreign(find_foreign(o.from), o.input, std::move(bytes),
                      o.sidecar.empty() ? o.input + ".json" : o.sidecar);
}

/// The table to write: the one read where the format takes it, else the values' counts quantised;
/// beyond 2^kMaxTableLog slots, each of those slots divided.
void choose_table(const ConvertOptions& o, unsigned least, unsigned most, bool every_symbol,
                  Message& message) {
  const unsigned W = message.tensor.dtype.bits;
  least = std::max(least, every_symbol ? W : 0u);
  const bool had_table = !message.freq.empty();
  const unsigned R = o.table_log ? *o.table_log
                     : had_table ? std::clamp(message.scale_bits, least, most)
                                 : std::clamp(12u, least, most);
  if (R < least || R > most) {
    throw std::invalid_argument("--table-log " + std::to_string(R) + ": " + o.to + " takes " +
                                std::to_string(least) + ".." + std::to_string(most));
  }
  const bool lacks = std::find(message.freq.begin(), message.freq.end(), 0u) != message.freq.end();
  if (had_table && R == message.scale_bits && !(every_symbol && lacks)) return;
  const unsigned quantised = std::min(R, kMaxTableLog);
  message.freq = quantise(histogram(message.tensor.values, W), quantised,
                          every_symbol ? Cover::kEvery : Cover::kOccurring);
  for (std::uint32_t& f : message.freq) f <<= R - quantised;
  message.scale_bits = R;
}

/// Bytes of the file.
std::uint64_t write_tsm(const ConvertOptions& o, Message& message) {
  choose_table(o, 0, kMaxTableLog, false, message);
  const unsigned W = message.tensor.dtype.bits;
  std::vector<value_t> starts(std::size_t{1} << W);
  for (std::size_t v = 0; v < starts.size(); ++v) starts[v] = static_cast<value_t>(v);
  const Code code{Coding::kRans, message.scale_bits, Spread::kTuned, message.freq,
                  make_rows(starts, W)};
  const std::vector<CodedTensor> coded{encode(message.tensor, code, o.n_streams, 1)};
  if (decode(coded.front()).values != message.tensor.values) {
    throw std::logic_error(o.output + ": does not decode to what was read; not written");
  }
  const auto bytes = write_container(coded);
  write_file(o.output, bytes);
  return bytes.size();
}

std::uint64_t write_foreign(const ConvertOptions& o, const ForeignFormat& format,
                            Message& message) {
  choose_table(o, format.least_bits, format.most_bits, format.every_symbol, message);
  const std::vector<std::uint8_t> symbols(message.tensor.values.begin(),
                                          message.tensor.values.end());
  ForeignStream stream;
  stream.freq = message.freq;
  if (format.has_escape) {
    --*std::max_element(stream.freq.begin(), stream.freq.end());
    stream.freq.push_back(1);
  }
  stream.scale_bits = message.scale_bits;
  stream.n_states = format.n_states != 0 ? format.n_states : o.interleave.value_or(1);
  if (o.interleave && *o.interleave != stream.n_states) {
    throw std::invalid_argument("--interleave " + std::to_string(*o.interleave) + ": " + o.to +
                                " takes " + std::to_string(format.n_states));
  }
  encode_foreign(format, symbols, stream);
  if (decode_foreign(format, stream).symbols != symbols) {
    throw std::logic_error(o.output + ": does not decode to what was read; not written");
  }
  const std::string text = side_text(format, message.tensor, stream);
  const std::vector<std::uint8_t> side(text.begin(), text.end());
  files::write_pair(o.output + ".json", side, o.output,
                    stream.bytes);  // a stream is not without it
  return stream.bytes.size();
}

std::vector<std::string> format_names() {
  std::vector<std::string> names{"tsm"};
  for (const ForeignFormat& f : foreign_formats()) names.push_back(f.name);
  return names;
}

int run(const ConvertOptions& o) {
  Message message = o.from == "tsm" ? read_tsm(o) : read_stream(o);
  const std::uint64_t n_bytes =
      o.to == "tsm" ? write_tsm(o, message) : write_foreign(o, find_foreign(o.to), message);
  const std::size_t n = message.tensor.values.size();
  if (o.as_json) {
    print({{"file", o.output},
           {"format", o.to},
           {"values", n},
           {"bytes", n_bytes},
           {"table_log", message.scale_bits}});
  } else {
    std::cout << printable(o.output) << ": " << n << " values as " << o.to << ", " << n_bytes
              << " bytes, R " << message.scale_bits << "; decoded again and compared\n";
  }
  return kFine;
}

}  // namespace

Action add_convert(App& app) {
  auto o = std::make_shared<ConvertOptions>();
  app.add_option("IN", o->input, "what to read")->required();
  app.add_option("--from", o->from, "its format")->required()->check(IsMember(format_names()));
  app.add_option("-o,--output", o->output, "what to write")->required();
  app.add_option("--to", o->to, "its format")->required()->check(IsMember(format_names()));
  app.add_option("--sidecar", o->sidecar,
                 "what IN does not say of itself [default: IN.json]; see below")
      ->no_effect_if([o] { return o->from == "tsm" ? "a .tsm file says all of itself" : ""; });
  app.add_option("--tensor", o->tensor, "which tensor of a .tsm file with several")
      ->no_effect_if([o] { return o->from == "tsm" ? "" : "a foreign stream is one tensor"; });
  app.add_option("--table-log", o->table_log,
                 "R of the table to write [default: that of IN, else 12, if the format takes it]")
      ->check(Range(0u, 31u));
  app.add_option("--interleave", o->interleave, "states of a ryg stream to write [default: 1]")
      ->check(Range(1u, 64u))
      ->no_effect_if([o] { return o->to == "tsm" ? "a .tsm file has --streams" : ""; });
  app.add_option("--streams", o->n_streams, "streams of a .tsm file to write")
      ->check(Range(1u, kMaxStreams))
      ->capture_default_str()
      ->no_effect_if([o] { return o->to == "tsm" ? "" : "ryg streams have --interleave"; });
  app.add_flag("--json", o->as_json, "print the result as JSON");
  app.footer(
      "Foreign streams are bare: ryg-* are ryg_rans' bytes in the order of reading, torch-* the\n"
      "byte string of one torch_ans row (one table, no escapes), constriction its words,\n"
      "little-endian; compressai one string of one table, offset 0; tans-py-* ANS_py's bits, "
      "packed\n"
      "from bit 0 of byte 0, by spread; fse a two-state FSE stream, fse-block one with its table\n"
      "header before it. What they lack stands in a JSON file beside them, read and written:\n"
      "  {\"n\": 1000, \"scale_bits\": 12, \"freqs\": [f0, f1, ...], \"interleave\": 2,\n"
      "   \"dtype\": \"int8\", \"name\": \"w\", \"shape\": [10, 100]}\n"
      "n symbols, the frequencies of symbols 0.. with sum 2^scale_bits; the rest may be left out.\n"
      "Ours have sha256, too: of the stream, so that no other is taken for it.\n"
      "tans-py-* want n_bits, too, the bits of the stream. fse has rare, the symbols that FSE's\n"
      "normalised counts have as -1 (their frequency is 1). compressai's last frequency is that "
      "of\n"
      "its escape. fse-block wants neither freqs nor scale_bits.\n"
      "Symbols are the values' two's complement patterns. IN is decoded completely; OUT is "
      "decoded\n"
      "again and compared before it is written. The table is kept where both formats have it.\n"
      "Example: transom convert w.tsm --from tsm -o w.ryg --to ryg-word --interleave 8");
  return [o] { return run(*o); };
}

}  // namespace transom::cli
