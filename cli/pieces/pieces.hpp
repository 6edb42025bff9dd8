// pieces.hpp — tensors that need not fit in memory, from files to containers and back.
//
// Such a tensor has one table, and streams of one chunk each, which follow each other as its values
// do: some of them at a time are a piece. Coding reads it twice, for counts and for the streams.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "transom/container/container_reader.hpp"
#include "transom/files/whole.hpp"
#include "transom/golden/manifest.hpp"
#include "transom/golden/npy/npy_file.hpp"
#include "transom/plan/plan.hpp"

namespace transom::cli {

/// Streams of a piece: as many as the fast paths have lanes for.
inline constexpr std::uint32_t kPieceStreams = 64;
/// Values of a piece, unless --piece says otherwise.
inline constexpr std::uint32_t kPieceValues = std::uint32_t{1} << 22;

/// Told of how much of a tensor is done: 0 .. 1.
using Share = std::function<void(double share)>;

/// As many pieces at a time as there are threads, up to a number that bounds what they hold.
std::size_t n_piece_threads(std::size_t threads);

/// Appends the record of a file that is larger than a piece. Returns its tensor, of empty streams.
/// Throws DataError where the file changes meanwhile.
/// @param options of which streams and chunk are not looked at
/// @param piece   values, at least kPieceStreams
CodedTensor encode_in_pieces(golden::NpyFile& in, PlanOptions options, std::uint32_t piece,
                             std::size_t threads, std::size_t number, files::WholeFile& out,
                             const Share& share);

/// Adds the tensor that the reader gave and has in pieces. Returns the verdict on it.
/// @param share may be told of what is decoded
Status decode_in_pieces(ContainerReader& in, const CodedTensor& tensor, std::size_t threads,
                        golden::TraceWriter& out, const Share& share);

}  // namespace transom::cli
