// pieces.cpp — see pieces.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "pieces.hpp"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "transom/base/in_order.hpp"
#include "transom/container/container.hpp"
#include "transom/table/histogram.hpp"

namespace transom::cli {
namespace {

using golden::OwnPatterns;

constexpr std::size_t kMostAtATime = 12;

/// What the first reading of a file finds.
struct Counted {
  std::vector<std::uint32_t> counts;
  std::uint32_t checksum = 0;
  std::vector<std::uint32_t> of_pieces;  ///< checksums
};

Counted count(golden::NpyFile& in, std::size_t piece, const Share& share) {
  Counted counted{std::vector<std::uint32_t>(std::size_t{1} << in.dtype().bits), 0, {}};
  const std::uint64_t n = in.n_values();
  for (std::uint64_t done = 0; done < n;) {
    const OwnPatterns values = in.read(piece);
    const Patterns view = golden::view(values);
    count_into(counted.counts, view);
    counted.checksum = checksum(view, in.dtype(), counted.checksum);
    counted.of_pieces.push_back(checksum(view, in.dtype()));
    done += n_patterns(view);
    share(0.5 * static_cast<double>(done) / static_cast<double>(n));
  }
  return counted;
}

/// Memory of pieces that are done, for those that follow: as many as there are at a time.
class Spares {
 public:
  /// Room for n values of a type, with whatever was in it.
  OwnPatterns take(const DType& dtype, std::size_t n) {
    const auto of = [&](auto values) -> OwnPatterns {
      const std::lock_guard lock(mutex_);
      if (!spares_.empty()) {
        values = std::move(std::get<decltype(values)>(spares_.back()));
        spares_.pop_back();
      }
      values.resize(n);
      return values;
    };
    return dtype.bits <= 8 ? of(std::vector<std::uint8_t>()) : of(std::vector<value_t>());
  }
  void give(OwnPatterns values) {
    const std::lock_guard lock(mutex_);
    spares_.push_back(std::move(values));
  }

 private:
  std::mutex mutex_;
  std::vector<OwnPatterns> spares_;  ///< of one type
};

}  // namespace

std::size_t n_piece_threads(std::size_t threads) {
  return std::min(n_threads(threads), kMostAtATime);
}

CodedTensor encode_in_pieces(golden::NpyFile& in, PlanOptions options, std::uint32_t piece,
                             std::size_t threads, std::size_t number, files::WholeFile& out,
                             const Share& share) {
  const std::uint32_t n = in.n_values();
  // So many values that there are not too many streams; of raw ones, words that are full.
  const std::uint32_t chunk = std::max(piece / kPieceStreams, (n - 1) / kMaxStreams + 1);
  const std::uint32_t in_piece = chunk * kPieceStreams;
  options.n_streams = (n - 1) / chunk + 1;
  options.chunk = chunk;
  const Counted counted = count(in, in_piece, share);
  CodedTensor tensor{in.name,
                     in.dtype(),
                     in.header().shape,
                     best_code(in.dtype(), in.header().shape.size(), counted.counts, options),
                     chunk,
                     std::vector<StreamWords>(options.n_streams),
                     counted.checksum};
  if (!uses_spread(tensor.code.coding)) tensor.code.spread = Spread::kTuned;
  const bool raw = tensor.code.coding == Coding::kRaw;
  std::vector<StreamSize> sizes(options.n_streams);
  const std::uint64_t start = out.n_bytes();
  out.append(record_frame(tensor, sizes, number).head);

  struct Piece {
    std::vector<StreamSize> sizes;
    std::vector<std::uint8_t> bytes;
    std::size_t n_values;
  };
  std::size_t n_streams = 0;
  std::uint64_t done = 0;
  InOrder<Piece> jobs(n_piece_threads(threads), [&](const Piece& coded) {
    out.append(coded.bytes);
    std::copy(coded.sizes.begin(), coded.sizes.end(),
              sizes.begin() + static_cast<std::ptrdiff_t>(n_streams));
    n_streams += coded.sizes.size();
    done += coded.n_values;
    share(0.5 + 0.5 * static_cast<double>(done) / n);
  });
  in.rewind();
  for (const std::uint32_t of_piece : counted.of_pieces) {
    jobs.add([&in, &tensor, chunk, raw, of_piece, values = in.read(in_piece)] {
      const Patterns view = golden::view(values);
      // Counts that are others' would leave values without a frequency.
      if (checksum(view, tensor.dtype) != of_piece) in.fail_changed();
      const auto n_values = static_cast<std::uint32_t>(n_patterns(view));
      const std::uint32_t shape[] = {n_values};
      const CodedTensor coded = encode(TensorView{tensor.name, tensor.dtype, shape, view},
                                       tensor.code, raw ? 1 : (n_values - 1) / chunk + 1, chunk);
      return Piece{stream_sizes(coded.streams), stream_bytes(coded.streams), n_values};
    });
  }
  jobs.finish();
  const RecordFrame frame = record_frame(tensor, sizes, number);
  out.overwrite(start, frame.head);
  out.append(std::vector<std::uint8_t>(frame.n_padding));
  return tensor;
}

Status decode_in_pieces(ContainerReader& in, const CodedTensor& tensor, std::size_t threads,
                        golden::TraceWriter& out, const Share& share) {
  struct Piece {
    Status status;
    OwnPatterns values;
  };
  const std::uint64_t n = tensor.layout().n_values;
  std::uint64_t done = 0;
  std::uint32_t crc = 0;
  Status first = Status::kOk;
  out.begin(tensor.name, tensor.dtype, tensor.shape);
  Spares spares;
  InOrder<Piece> jobs(n_piece_threads(threads), [&](Piece piece) {
    if (first != Status::kOk) return;
    first = piece.status;
    const Patterns values = golden::view(piece.values);
    crc = out.append(values, crc);
    done += n_patterns(values);
    spares.give(std::move(piece.values));
    share(static_cast<double>(done) / static_cast<double>(n));
  });
  while (first == Status::kOk) {
    std::optional<CodedTensor> piece = in.next_piece();
    if (!piece) break;
    jobs.add([&spares, piece = std::move(*piece)] {
      Piece decoded{Status::kOk, spares.take(piece.dtype, piece.layout().n_values)};
      const auto decode_to = [&](auto& values) { return decode_part(piece, std::span(values)); };
      decoded.status = std::visit(decode_to, decoded.values).status;
      return decoded;
    });
  }
  jobs.finish();
  if (first != Status::kOk || in.status() != Status::kOk) return first;
  if (crc != tensor.checksum) return Status::kBadChecksum;
  out.end();
  return Status::kOk;
}

}  // namespace transom::cli
