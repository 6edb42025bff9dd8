// task.hpp — what a decoder is given: a table, rows, and for each stream its words and a count.
//
// A task comes from a container, from a golden vector's folder, or from memory: any table that the
// coders have (tANS of single symbols or of pairs, rANS, narrow rANS, arithmetic), whoever made it.
// What a task holds has been checked, so that the model can decode it without a further look.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/codec/codec.hpp"
#include "transom/coder/tans.hpp"
#include "transom/unit/job.hpp"

namespace transom::verify {

/// A container, or a vector's folder, that is not what its format says.
class ContainerError : public std::runtime_error {
 public:
  ContainerError(Status status, const std::string& what)
      : std::runtime_error(what), status_(status) {}
  Status status() const { return status_; }

 private:
  Status status_;
};

/// What the model's decoder of one kind looks symbols up in.
struct Table {
  LaneKind kind = LaneKind::kTans;
  unsigned table_log = 0;            ///< R
  std::vector<std::uint32_t> words;  ///< tANS: Entry words; else as the coder's make_..._table()
};

/// tANS from the words of its decode table, see Entry: 2^R of them, R = 0..kMaxTableLog. Throws
/// naming the first word that leads out of the table.
Table tans_table(std::vector<std::uint32_t> entries);
/// tANS from frequencies that sum to 2^R (throws).
Table tans_table(std::span<const std::uint32_t> freq, unsigned R, Spread spread);
/// As above, of pairs: a symbol of an entry is first | second << 4.
Table tans_pair_table(std::vector<std::uint32_t> entries);
/// @param freq n_symbols^2 of them, that of s1 and then s2 at s1 * n_symbols + s2
Table tans_pair_table(std::span<const std::uint32_t> freq, std::size_t n_symbols, unsigned R,
                      Spread spread);
/// rANS, L = b = 2^16, from frequencies that sum to 2^R (throws).
Table rans_table(std::span<const std::uint32_t> freq, unsigned R);
/// Narrow rANS, from frequencies that sum to 2^R, R = 0..kNransTableLog (throws).
Table nrans_table(std::span<const std::uint32_t> freq, unsigned R);
/// APack's arithmetic coder, from counts that sum to 2^10 (throws).
Table arith_table(std::span<const std::uint32_t> counts);

struct Task {
  std::string name;
  Table table;
  std::vector<Row> rows;  ///< one per symbol
  std::vector<unit::JobStream> streams;
};

/// Rows of `n_symbols` = 1..256 (throws) whole values: symbol s is value s, and there are no
/// offsets.
std::vector<Row> identity_rows(std::size_t n_symbols);

/// Throws naming what is wrong: no stream, a table that is none of its kind, a symbol of the table
/// without a row, a row of more than kMaxValueBits offset bits.
void check_task(const Task& task);

/// Throws as check_coded() does.
Task make_task(const CodedTensor& tensor);

/// Which tensor of a container: by number or by name.
using Which = std::variant<std::size_t, std::string>;

/// Throws ContainerError if the bytes are no container, PreconditionError if it has no such tensor.
CodedTensor pick_tensor(std::span<const std::uint8_t> bytes, const Which& which = std::size_t{0});
/// As pick_tensor(); also throws std::runtime_error if the file cannot be read.
CodedTensor read_tensor(const std::filesystem::path& file, const Which& which = std::size_t{0});
/// The tensor of a golden vector's folder. What the folder says of the values must be what the
/// model decodes: throws ContainerError naming the first line that is not.
CodedTensor read_vector(const std::filesystem::path& folder);

}  // namespace transom::verify
