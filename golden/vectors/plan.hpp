// plan.hpp — what a vector is made of: its values, its table, and how it is damaged. Not a public
// header.
//
// A plan draws from numbers of its own, which the seed and its name give: one plan more changes no
// other. What a plan is for must not hang on luck: it is drawn again until `wants` holds and every
// damage of its sets has a place at which it ends as the table of damages says.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "transom/codec/codec.hpp"

namespace transom::golden {

using Random = std::mt19937;  // raw draws only: distributions differ between libraries

/// Where values come from.
enum class Draw : std::uint8_t {
  kGeometric,  ///< two-sided around 0, as weights and activations are; `scale` in values
  kUniform,    ///< all 2^W alike
  kEnds,       ///< half of them the least or the greatest value, the others all alike
  kShift,      ///< rare rows wherever they make the arithmetic coder shift most
  kUnderflow,  ///< rows that keep the arithmetic coder's interval around its middle
  kRows,       ///< half of them of any row, the others as often as the frequencies say
};

/// Where the frequencies come from; of all but the first, rows are of like sizes.
enum class Freq : std::uint8_t {
  kFitted,  ///< the values' own
  kOnes,    ///< 1 of each symbol but the first
  kEqual,   ///< the same of each symbol, as far as they divide
  kOneRow,  ///< 1 of each symbol but one, the `scale`-th
};

/// A tensor, its coding and how it lies over streams.
struct Plan {
  std::string name;
  std::string comment;
  Coding coding;
  DType dtype;
  std::uint32_t n_values;
  unsigned scale;  ///< of kGeometric; 0: every value is 0
  unsigned table_log;
  unsigned rows;  ///< APack's; 0 for whole values
  std::uint32_t n_streams = 1;
  std::uint32_t chunk = 1;
  Spread spread = Spread::kTuned;
  const char* damages = "";  ///< sets of Damage, a letter each
  const char* flag = "";     ///< a type of bug that it is for, see bug_types()
  bool (*wants)(const CodedTensor& tensor) = nullptr;
  Draw draw = Draw::kGeometric;
  Freq freq = Freq::kFitted;
};

/// Plans about one thing: a file of tests.
struct Subject {
  const char* name;
  const char* comment;
  std::vector<Plan> (*plans)();
};
std::span<const Subject> subjects();
std::vector<Plan> tans_plans();
std::vector<Plan> rans_plans();
std::vector<Plan> apack_tans_plans();
std::vector<Plan> apack_pair_plans();
std::vector<Plan> apack_nrans_plans();
std::vector<Plan> apack_rans_plans();
std::vector<Plan> apack_ac_plans();
std::vector<Plan> raw_plans();
std::vector<Plan> width_plans();
std::vector<Plan> long_plans();

/// A tensor of a plan, whatever the plan wants.
CodedTensor make(const Plan& plan, Random& random);
/// The golden decoder's steps of one stream.
std::vector<TracedValue> trace_of(const CodedTensor& tensor, std::uint32_t stream);

// What plans want of stream 0.
/// A step that takes as many bits as one can: R, or 16 of rANS, or 12 of the arithmetic coder.
bool has_widest_step(const CodedTensor& tensor);
/// Each state that its table has.
bool has_every_state(const CodedTensor& tensor);
/// More than 2^16 values, more than 2^16 symbol bits, and offset bits where there are any.
bool is_long(const CodedTensor& tensor);
/// The second symbol of the last pair is none of the tensor's, and has more offset bits than fill
/// the last word: who takes them reads past the end.
bool drops_an_offset(const CodedTensor& tensor);
/// Six words of symbols, four of offsets, both with room for filling.
bool is_small(const CodedTensor& tensor);
/// The least and the greatest value are there.
bool has_both_ends(const CodedTensor& tensor);
/// The last beat's bits, of symbols and of offsets, begin in one word and end within the next; rANS
/// takes no symbol bits so.
bool ends_across(const CodedTensor& tensor);
/// They lie in a word of which the beat before took the first bits, or has left it for them.
bool ends_after_a_word(const CodedTensor& tensor);
/// The last beat's bits of symbols end a word.
bool ends_a_word(const CodedTensor& tensor);
/// The last beat takes no bits of symbols, those before it end a word.
bool ends_behind_a_word(const CodedTensor& tensor);
/// 32 bits and more that the arithmetic coder owes at once.
bool owes_a_word(const CodedTensor& tensor);

/// A type of bug that vectors hunt.
struct BugType {
  const char* flag;
  const char* what;
};
std::span<const BugType> bug_types();

/// Where a decoder must notice that a vector is bad.
struct Noticed {
  std::uint32_t stream = 0;
  std::uint64_t index = 0;  ///< of the step or value in its stream; how many, for the end
  const char* where = "";   ///< "symbols", "offsets", "state", "values": what `bit` counts in
  std::uint64_t bit = 0;    ///< position in the stream's words; bits read, of a state or values
};

/// A way to damage a stream, or the tensor.
struct Damage {
  const char* sets;  ///< of Plan::damages, those that have it
  const char* name;
  const char* flag;
  const char* comment;
  Status status;
  /// Damages a good tensor at its `place`-th place; says what was changed, or nothing where there
  /// is no such place. `steps` are stream 0's.
  std::string (*apply)(CodedTensor& tensor, std::span<const TracedValue> steps, std::size_t place);
};

struct Vector {
  unsigned id = 0;  ///< tcId: counts all vectors of a set, from 1
  std::string name;
  std::string comment;
  std::vector<std::string> flags;
  CodedTensor tensor;
  Decoded decoded;
  // Of a damaged one:
  unsigned parent = 0;
  std::string changed;
  std::optional<Noticed> noticed;
};

/// A plan's vectors: the good one and its damaged ones, without ids. The same statuses whatever the
/// seed. Throws std::logic_error naming a plan that cannot have what it wants.
std::vector<Vector> vectors_of(const Plan& plan, std::uint32_t seed);
/// Damaged ones of a good vector, in the order of the table; none if some damage has no place.
std::optional<std::vector<Vector>> damaged(const Vector& good, const char* sets);

/// "lane", "checksum" or "container": who can notice the status.
const char* detected_by(const Decoded& decoded);

}  // namespace transom::golden
