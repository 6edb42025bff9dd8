// encode.cpp — transom encode: a trace into a container.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>

#include "common.hpp"
#include "pieces.hpp"
#include "transom/base/in_order.hpp"
#include "transom/container/container.hpp"
#include "transom/files/whole.hpp"
#include "transom/golden/trace.hpp"
#include "verbs.hpp"

namespace transom::cli {
using namespace golden;

namespace {

struct Options {
  std::string trace, output;
  CodingOptions coding;
  UnitOptions unit;
  std::size_t threads = 0;
  std::uint32_t piece = kPieceValues;
  bool may_be_pieces = true;  ///< nothing asks for streams of another layout
  bool as_json = false;

  EncodeTensor coder() const {
    return coding.n_lanes || unit.wide() ? unit_coder(coding, unit) : trace_coder(coding.plan());
  }
};

/// Of the tensors of a container.
struct Sizes {
  std::size_t tensors = 0, stored_raw = 0;
  std::uint64_t values = 0, raw_bytes = 0;

  void add(const CodedTensor& tensor) {
    ++tensors;
    stored_raw += tensor.code.coding == Coding::kRaw;
    values += tensor.layout().n_values;
    raw_bytes += workbench::raw_bytes(tensor);
  }
};

/// Tensor by tensor, as many at a time as there are threads, large ones piece by piece: neither the
/// trace nor a tensor need fit in memory. Returns the bytes of the file.
std::uint64_t encode_file(const Options& options, Sizes& sizes) {
  struct Tiles {
    std::string name;
    std::vector<CodedTensor> coded;
    std::uint64_t n_bytes;  ///< of the trace's files
  };
  const EncodeTensor coder = options.coder();
  files::WholeFile file(options.output);
  file.append(container_header(0));  // of how many, is known at the end
  Progress progress("encode", Bytes{golden::trace_bytes(options.trace)});
  std::uint64_t done = 0, n_bytes = 0;
  InOrder<Tiles> jobs(n_threads(options.threads), [&](const Tiles& tiles) {
    for (const CodedTensor& coded : tiles.coded) {
      file.append(container_record(coded, sizes.tensors));
      sizes.add(coded);
    }
    progress.at(done += tiles.n_bytes, tiles.name);
  });
  golden::TraceReading reading;
  reading.next = [&](std::uint64_t n) { n_bytes = n; };
  if (options.coding.tile || options.may_be_pieces) {
    reading.most_values = options.piece;
    reading.take_file = [&](golden::NpyFile& in, std::size_t) {
      jobs.finish();
      const auto share = [&](double of) {
        progress.at(done + static_cast<std::uint64_t>(of * static_cast<double>(n_bytes)), in.name);
      };
      sizes.add(encode_in_pieces(in, options.coding.plan(), options.piece, options.threads,
                                 sizes.tensors, file, share));
      done += n_bytes;
    };
  }
  const auto take = [&](std::vector<Tensor> tiles, std::size_t) {
    jobs.add([&coder, n = n_bytes, tiles = std::move(tiles)]() mutable {
      Tiles coded{tiles.front().name, {}, n};
      for (Tensor& tile : tiles) {
        coded.coded.push_back(encode_one(tile, coder));
        tile.values = {};
      }
      return coded;
    });
  };
  read_trace_to_code(options.trace, options.coding, take, reading);
  jobs.finish();
  file.keep(container_header(sizes.tensors));
  return file.n_bytes();
}

/// All of it at once: the index of version 2 lies behind the records, and its header has their sum.
std::uint64_t encode_wide_file(const Options& options, Sizes& sizes) {
  const std::vector<CodedTensor> coded =
      encode_each(read_trace_to_code(options.trace, options.coding), options.coder());
  for (const CodedTensor& tensor : coded) sizes.add(tensor);
  const std::vector<std::uint8_t> bytes = write_wide_container(coded);
  write_file(options.output, bytes);
  return bytes.size();
}

}  // namespace

Action add_encode(App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("TRACE", options->trace, "what to code")->required();
  app.add_option("-o,--output", options->output, "the .tsm file to write")->required();
  Option* chunk = add_coding(app, options->coding, {.unit = &options->unit});
  Option* streams = add_streams(app, options->coding, {.unit = &options->unit});
  Option* lanes = add_lanes(app, options->coding)->excludes(streams);
  add_for_unit(app, options->coding)->needs(lanes);
  add_unit(app, options->unit, [options] {
    const auto& goal = options->coding.for_unit;
    const bool planned = options->unit.wide() || (goal && *goal != "file");
    return planned ? "" : "only --for-unit bytes and cycles ask what the unit is like";
  });
  add_threads(app, options->threads);
  Option* piece =
      app.add_option("--piece", options->piece,
                     "a tensor of a .npy file with more values is coded in pieces of as many, and "
                     "need not fit in memory: one table, streams of a 64th of a piece")
          ->check(Range(kPieceStreams, 0x4000'0000u))
          ->capture_default_str();
  const auto why_whole = [=]() -> std::string {
    if (options->unit.wide()) return "the wide unit's tensors are coded whole";
    if (options->coding.tile) return "tiles are tensors of their own";
    if (find_codec(options->coding.coding_name())->pairs)
      return "pairs are planned from all values";
    const bool layout = streams->given() || lanes->given() || chunk->given();
    return layout ? "--streams, --lanes and --chunk ask for other streams" : "";
  };
  piece->no_effect_if(why_whole);
  app.add_flag("--json", options->as_json, "print the result as JSON");
  app.footer(
      "With --lanes the file is for a hardware unit: each of its tensors fits the unit's kind of\n"
      "lane, and none is stored raw unless --for-unit file says so. `sim` codes a trace in the "
      "same way.\n"
      "With --unit wide it is of version 2: records as the wide unit reads them, each tensor raw "
      "or "
      "apack-nrans\n(--coding apack-tans: that), over as many streams as take fewest cycles of "
      "it.\n"
      "Example: transom encode golden/traces/digits_cnn_int8 -o digits.tsm --lanes 16");
  return [options, why_whole] {
    options->may_be_pieces = why_whole().empty();
    Sizes total;
    const std::uint64_t bytes =
        options->unit.wide() ? encode_wide_file(*options, total) : encode_file(*options, total);
    const double ratio = static_cast<double>(total.raw_bytes) / static_cast<double>(bytes);
    if (options->as_json) {
      print({{"file", options->output},
             {"tensors", total.tensors},
             {"stored_raw", total.stored_raw},
             {"values", total.values},
             {"raw_bytes", total.raw_bytes},
             {"bytes", bytes},
             {"ratio", ratio}});
    } else {
      std::cout << printable(options->output) << ": " << total.tensors << " tensors ("
                << total.stored_raw << " stored raw), " << total.values << " values, "
                << total.raw_bytes << " -> " << bytes << " bytes, ratio " << fixed(ratio, 3)
                << " with all tables and headers\n";
    }
    return kFine;
  };
}

}  // namespace transom::cli
