// inputs.hpp — what the workbench decodes: traces, coded for a unit or not, and containers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "transom/base/tensor.hpp"
#include "transom/codec/codec.hpp"
#include "transom/container/container_reader.hpp"
#include "transom/files/read.hpp"
#include "transom/golden/errors.hpp"
#include "transom/golden/trace.hpp"
#include "transom/plan/plan.hpp"

namespace transom::workbench {

using golden::DataError;

inline constexpr std::uint32_t kDefaultLanes = 4;  ///< of a unit that nobody gave lanes

/// How a trace is coded, as a user says it.
struct CodingOptions {
  std::optional<std::string> coding;  ///< none: that of the unit, apack-tans where there is none
  std::optional<unsigned> table_log;
  std::optional<unsigned> rows;
  std::uint32_t n_streams = 4;           ///< streams of each tensor, unless n_lanes are given
  std::optional<std::uint32_t> n_lanes;  ///< lanes of the unit that the streams are for
  std::uint32_t chunk = 1;
  std::optional<std::string> spread;  ///< none: tuned, or what a plan for a unit finds better
  std::string search = "words";
  std::optional<std::uint32_t> tile;    ///< values of each part that is a tensor of its own
  std::optional<std::string> for_unit;  ///< what a plan for a unit makes least: plan_goals()

  std::string coding_name() const { return coding.value_or("apack-tans"); }
  /// Throws std::invalid_argument naming the option that is no such thing.
  PlanOptions plan() const;
};
/// The words for Spread and Search.
std::vector<std::string> spread_names();
std::vector<std::string> search_names();

/// Each tensor cut into tensors of n values, `name[0]` on; the last has the rest.
std::vector<Tensor> tiles_of(const std::vector<Tensor>& trace, std::uint32_t n);

/// A trace that will be coded so, in tiles if it is to be. Throws DataError if a name is not one
/// for a container, std::invalid_argument if rows are asked for where none of its tensors has any.
std::vector<Tensor> read_trace_to_code(const std::filesystem::path& path,
                                       const CodingOptions& options);
/// Is given the tiles of a tensor, itself if there are none, and of how many tensors it is one.
using TakeTiles = std::function<void(std::vector<Tensor> tiles, std::size_t n_tensors)>;
/// The same for a trace that need not fit in memory: one tensor after the other.
void read_trace_to_code(const std::filesystem::path& path, const CodingOptions& options,
                        const TakeTiles& take);
/// The same, and of files that `reading` takes as such (golden/trace.hpp) nothing is held but some
/// tiles at a time, or nothing at all, where these go to reading.take_file.
void read_trace_to_code(const std::filesystem::path& path, const CodingOptions& options,
                        const TakeTiles& take, golden::TraceReading reading);

/// Codes any tensor of a trace.
using EncodeTensor = std::function<CodedTensor(const Tensor&)>;
/// Codes one; what is wrong with it is said with its name.
CodedTensor encode_one(const Tensor& tensor, const EncodeTensor& encode);
/// Codes every tensor by itself; progress on stderr when it takes long.
std::vector<CodedTensor> encode_each(const std::vector<Tensor>& trace, const EncodeTensor& encode);

/// By encode_best(). What is stored raw runs on tANS
/// lanes: given the lanes of a unit, it has streams for as many of these.
EncodeTensor trace_coder(const PlanOptions& options, std::optional<std::uint32_t> n_lanes = {});
std::vector<CodedTensor> encode_trace(const std::vector<Tensor>& trace, const PlanOptions& options,
                                      std::optional<std::uint32_t> n_lanes = {});

/// The same for one kind of lane: what would not shrink gets a code of one row, not the raw form,
/// which lies flat and wants tANS lanes.
EncodeTensor lane_coder(const PlanOptions& options);
std::vector<CodedTensor> encode_for_lanes(const std::vector<Tensor>& trace,
                                          const PlanOptions& options);

/// Whether a file's name says .tsm.
bool is_container(const std::filesystem::path& path);

/// Reads a trace; what no manifest vouches for is said on stderr, a line each. Throws DataError.
std::vector<Tensor> load_trace(const std::filesystem::path& path);

/// Reads a .tsm file. Throws DataError naming file, tensor and field.
std::vector<CodedTensor> read_container(const std::filesystem::path& path);

/// A .tsm file that is read as it is decoded.
class ContainerFile {
 public:
  /// Throws DataError where it is no container.
  ContainerFile(const std::filesystem::path& path, std::uint64_t most_values);

  ContainerReader& reader() { return *reader_; }
  std::uint64_t n_bytes() const { return n_bytes_; }
  /// Throws DataError naming file, tensor and field, if something was wrong so far.
  void check() const;

 private:
  std::filesystem::path path_;
  files::InputFile file_;
  std::uint64_t n_bytes_;
  std::vector<std::uint8_t> start_;
  std::optional<ContainerReader> reader_;
};

/// The version that a file says it has, 0 if it is too short or no container.
std::uint16_t container_version(const std::filesystem::path& path);

/// Bytes of a tensor's values, packed.
std::uint64_t raw_bytes(const CodedTensor& tensor);
/// "64x3x3x3"; "scalar" for no dimension.
std::string shape_text(const std::vector<std::uint32_t>& shape);

}  // namespace transom::workbench
