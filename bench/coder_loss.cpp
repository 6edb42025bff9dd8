// coder_loss.cpp — what a symbol costs over its entropy: tANS, and narrow rANS with b = 0..3.
//
//   build/coder_loss golden/traces/digits_cnn_int8
//
// Up to 16 symbols, because that is what lanes without a table memory have. Drawn symbols stand in
// random order, their counts falling by a tenth, by 0.3 or by 0.6 from one to the next; those of a
// trace are the rows of its tensors, one stream each. Then what the whole container of a trace is.
// Exit codes as `transom` has them.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <exception>
#include <iostream>
#include <random>

#include "transom/coder/nrans.hpp"
#include "transom/container/container.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/ranges.hpp"
#include "transom/workbench/inputs.hpp"
#include "transom/workbench/text.hpp"

namespace transom::workbench {
namespace {

using Counts = std::vector<std::uint32_t>;

/// Symbols that have a table of their own.
struct Message {
  std::vector<symbol_t> symbols;
  Counts counts;

  double entropy() const {  // bits of all symbols
    const auto n = static_cast<double>(symbols.size());
    double bits = 0;
    for (const std::uint32_t count : counts) {
      if (count != 0) bits += count * std::log2(n / count);
    }
    return bits;
  }
};

/// About 2^20 symbols, each of which is `tenths` / 10 as frequent as the one before.
Message draw(unsigned tenths) {
  Message message;
  std::uint32_t count = (1u << 20) / 10 * (10 - tenths);
  for (unsigned s = 0; s < kMaxApackRows; ++s, count = count * tenths / 10 + 1) {
    message.counts.push_back(count);
    message.symbols.insert(message.symbols.end(), count, static_cast<symbol_t>(s));
  }
  std::mt19937 random(1);
  for (std::size_t i = message.symbols.size(); i > 1; --i) {
    std::swap(message.symbols[i - 1], message.symbols[random() % i]);
  }
  return message;
}

/// The rows' symbols of every tensor.
std::vector<Message> messages_of(const std::vector<Tensor>& trace) {
  std::vector<Message> messages;
  for (const Tensor& tensor : trace) {
    const Counts counts = histogram(tensor.values, tensor.dtype.bits);
    const auto rows = RangeSearch(counts, tensor.dtype.bits, kMaxApackRows).rows(kMaxApackRows);
    const PrefixMap prefix(rows, tensor.dtype.bits);
    Message message{{}, row_counts(rows, counts)};
    for (const value_t value : tensor.values) message.symbols.push_back(prefix[value]);
    messages.push_back(std::move(message));
  }
  return messages;
}

/// Bits over the entropy, per symbol, that bits_of(message, freq) of all messages are.
template <class BitsOf>
std::string excess(const std::vector<Message>& messages, unsigned R, BitsOf bits_of) {
  double n = 0, bits = 0;
  for (const Message& message : messages) {
    n += static_cast<double>(message.symbols.size());
    bits += bits_of(message, quantise(message.counts, R)) - message.entropy();
  }
  return fixed(bits / n, 4);
}

double bits_in(const std::vector<std::uint32_t>& words) {
  return static_cast<double>(words.size()) * kWordBits;
}

void add_rows(Table& table, const std::string& name, const std::vector<Message>& messages) {
  for (unsigned R = 6; R <= kNransTableLog; ++R) {
    const auto nrans = [&]<unsigned BlockLog>(std::integral_constant<unsigned, BlockLog>) {
      return excess(messages, R, [&](const Message& message, const Counts& freq) {
        return bits_in(encode_symbols(NransEncoder<BlockLog>(freq, R), message.symbols));
      });
    };
    const auto ideal = excess(messages, R, [&](const Message& message, const Counts& freq) {
      double bits = 0;
      for (std::size_t s = 0; s < freq.size(); ++s) {
        if (freq[s] != 0) bits += message.counts[s] * (R - std::log2(freq[s]));
      }
      return bits;
    });
    const auto tans = excess(messages, R, [&](const Message& message, const Counts& freq) {
      const TansEncoder encoder(freq, R, Spread::kTuned);
      return bits_in(encode_symbols(encoder, R, message.symbols));
    });
    table.add({name, std::to_string(R), ideal, tans, nrans(std::integral_constant<unsigned, 0>{}),
               nrans(std::integral_constant<unsigned, 1>{}),
               nrans(std::integral_constant<unsigned, 2>{}),
               nrans(std::integral_constant<unsigned, 3>{})});
  }
}

/// Bytes of the container that a unit of 16 lanes reads, R = 10.
std::size_t file_bytes(const std::vector<Tensor>& trace, Coding coding) {
  PlanOptions plan;
  plan.coding = coding;
  plan.table_log = 10;
  plan.n_streams = 16;
  return write_container(encode_trace(trace, plan)).size();
}

int run(std::span<char*> paths) {
  Table losses({"bits per symbol over entropy", "R", "frequencies alone", "tans", "nrans b=0",
                "b=1", "b=2", "b=3"});
  for (const unsigned tenths : {9u, 7u, 4u}) {
    add_rows(losses, "0." + std::to_string(tenths) + " of the one before", {draw(tenths)});
  }
  Table sizes({"16 streams, R = 10, bytes", "apack-tans", "apack-nrans", "more"});
  for (const std::filesystem::path path : paths) {
    const std::vector<Tensor> trace = load_trace(path);
    const std::string name = path.filename().string();
    add_rows(losses, name, messages_of(trace));
    const std::size_t tans = file_bytes(trace, Coding::kApackTans);
    const std::size_t nrans = file_bytes(trace, Coding::kApackNrans);
    const double more = 100 * (static_cast<double>(nrans) / static_cast<double>(tans) - 1);
    sizes.add({name, std::to_string(tans), std::to_string(nrans), fixed(more, 3) + " %"});
  }
  std::cout << losses.text() << '\n' << sizes.text();
  return std::cout.flush() ? 0 : 3;
}

}  // namespace
}  // namespace transom::workbench

int main(int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') {
    std::cerr << "usage: coder_loss TRACE...\n";
    return 2;
  }
  try {
    return transom::workbench::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "coder_loss: " << error.what() << '\n';
    return 3;
  }
}
