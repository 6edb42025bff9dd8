// common.hpp — what the verbs share: exit codes, files, coding options, progress, tables of
// figures.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "codec.hpp"
#include "plan.hpp"
#include "tensor.hpp"

namespace transom::cli {

using json = nlohmann::ordered_json;

/// What scripts can trust.
enum ExitCode : int { kFine = 0, kMismatch = 1, kUsage = 2, kBadData = 3 };

/// A file that is missing, cut, forged or not what it claims: exit code 3.
struct DataError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// --coding, --table-log, --rows, --lanes, --chunk, --spread of `encode` and `cosim`.
struct CodingOptions {
  std::string coding = "apack-tans";
  std::optional<unsigned> table_log;
  std::optional<unsigned> rows;
  std::uint32_t n_lanes = 4;
  std::uint32_t chunk = 1;
  std::string spread = "tuned";

  void add_to(CLI::App& app);
  PlanOptions plan() const;
};

/// Codes every tensor; progress on stderr when it takes long.
std::vector<CodedTensor> encode_trace(const std::vector<Tensor>& trace, const PlanOptions& options);

/// The same for one kind of lane: what would not shrink gets a code of one row, not the raw form,
/// which lies flat and wants tANS lanes.
std::vector<CodedTensor> encode_for_lanes(const std::vector<Tensor>& trace,
                                          const PlanOptions& options);

/// Whether a file's name says .tsm.
bool is_container(const std::filesystem::path& path);

/// Reads a .tsm file. Throws DataError naming file, tensor and field.
std::vector<CodedTensor> read_container(const std::filesystem::path& path);

/// Bytes of a tensor's values, packed.
std::uint64_t raw_bytes(const CodedTensor& tensor);
/// "int8", "uint4", ...
std::string type_name(const DType& dtype);
std::string shape_text(const std::vector<std::uint32_t>& shape);

/// A line on stderr now and then, once a job has taken two seconds.
class Progress {
 public:
  Progress(std::string what, std::size_t n_steps) : what_(std::move(what)), n_steps_(n_steps) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void step(const std::string& name);
  /// So many of the steps are done.
  void at(std::size_t n_steps_done, const std::string& name);

 private:
  using Clock = std::chrono::steady_clock;
  std::string what_;
  std::size_t n_steps_;
  std::size_t done_ = 0;
  bool shown_ = false;
  bool in_place_ = isatty(STDERR_FILENO) != 0;
  Clock::time_point next_ = Clock::now() + std::chrono::seconds(2);
};

/// Columns of text, the first to the left, the others to the right.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : rows_{std::move(header)} {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void rule() { rows_.emplace_back(); }
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};
std::string fixed(double value, int decimals);
void print(const json& result);

}  // namespace transom::cli
