// interop_torch_tables.cpp — checks of torch_cdf.json and torch_bytes.json: quantisers, containers.
// SPDX-License-Identifier: Apache-2.0
#include <bit>

#include "transom/foreign/rans_bytes.hpp"
#include "transom/foreign/torch/torch_ans.hpp"
#include "transom/foreign/torch/torch_bytes.hpp"
#include "transom/foreign/torch/torch_cdf.hpp"
#include "transom/golden/interop/interop.hpp"

namespace transom::golden {
namespace {

using foreign::Bytes;
using foreign::CdfMode;

/// IEEE binary32 bit patterns, 8 hex digits of the value.
std::vector<std::vector<float>> float_rows(const json& one, std::string_view name) {
  std::vector<std::vector<float>> rows;
  for (const json& row : list(one, name)) {
    if (!row.is_array()) throw DataError("field '" + std::string(name) + "' has no lists");
    auto& floats = rows.emplace_back();
    for (const json& pattern : row) {
      const auto bytes = hex(pattern, name);
      if (bytes.size() != 4) throw DataError("field '" + std::string(name) + "': not 8 digits");
      std::uint32_t word = 0;  // the highest byte first
      for (const std::uint8_t byte : bytes) word = word << 8 | byte;
      floats.push_back(std::bit_cast<float>(word));
    }
  }
  return rows;
}

std::string row_difference(std::string_view what,
                           const std::vector<std::vector<std::int32_t>>& want,
                           const std::vector<std::vector<std::int32_t>>& got) {
  if (want.size() != got.size()) return std::string(what) + ": number of rows";
  for (std::size_t r = 0; r < want.size(); ++r) {
    const std::string wrong = difference(what, want[r], got[r]);
    if (!wrong.empty()) return "row " + std::to_string(r) + " " + wrong;
  }
  return {};
}

/// The fixed mode on a row: a table, always.
std::string check_fixed(const std::vector<float>& pmf, unsigned precision) {
  const auto cdf = foreign::pmf_to_cdf(pmf, precision, CdfMode::kFixed);
  return foreign::is_cdf(cdf, precision) ? "" : "the fixed mode's result is no table";
}

std::string check_cdf(const json&, const json& one) {
  const auto precision = integer<unsigned>(one, "precision");
  const bool fails = has(one, "error");
  std::vector<std::vector<std::int32_t>> got;
  bool valid = true;
  for (const auto& pmf : float_rows(one, "pmf_f32")) {
    try {
      got.push_back(foreign::pmf_to_cdf(pmf, precision, CdfMode::kCompat));
    } catch (const std::invalid_argument&) {
      if (fails) return {};
      throw;
    }
    valid = valid && foreign::is_cdf(got.back(), precision);
    if (const std::string wrong = check_fixed(pmf, precision); !wrong.empty()) return wrong;
  }
  if (fails) return "want an error (" + text(one, "error") + "), got a table";
  const std::string wrong = row_difference("cdf", integer_rows<std::int32_t>(one, "cdf"), got);
  return wrong.empty() ? difference_of("valid", flag(one, "valid"), valid) : wrong;
}

std::string check_init_params(const json&, const json& one) {
  const auto rows = foreign::cdf_of_freqs(
      integer_rows<std::uint32_t>(one, "freqs"), integers<std::uint32_t>(one, "num_freqs"),
      integer<unsigned>(one, "precision"), flag(one, "bypass"), CdfMode::kCompat);
  const std::string wrong = row_difference("cdf", integer_rows<std::int32_t>(one, "cdf"), rows.cdf);
  return wrong.empty()
             ? difference("cdf_sizes", integers<std::uint32_t>(one, "cdf_sizes"), rows.sizes)
             : wrong;
}

std::string check_inverse(const json&, const json& one) {
  const auto cdf = integers<std::uint32_t>(one, "cdf");
  const auto precision = integer<unsigned>(one, "precision");
  const auto want = hex_member(one, "inverse_hex");
  const std::string wrong = difference("inverse", want, foreign::inverse_cdf(cdf, precision));
  if (!wrong.empty()) return wrong;
  const InverseCdfLookup lookup(RansBounds(cdf, precision));
  for (std::uint32_t slot = 0; slot < want.size(); ++slot) {
    if (lookup(slot).symbol != want[slot]) return "look-up of slot " + std::to_string(slot);
  }
  return {};
}

std::string check_batched(const json&, const json& one) {
  const auto got = foreign::pmf_to_cdf_batched(
      float_rows(one, "pmf_f32"), integer<unsigned>(one, "precision"),
      {.add_tail = flag(one, "add_tail"), .normalise = flag(one, "normalize")});
  return row_difference("cdf", integer_rows<std::int32_t>(one, "cdf"), got);
}

std::vector<Bytes> segments_of(const json& one, std::string_view name) {
  std::vector<Bytes> segments;
  for (const json& segment : list(one, name)) segments.push_back(hex(segment, name));
  return segments;
}

std::string check_merge(const json&, const json& one) {
  const auto segments = segments_of(one, "segments_hex");
  const auto merged = hex_member(one, "merged_hex");
  auto length_bytes = integer<unsigned>(one, "num_bytes_length");
  std::optional<std::size_t> n;
  if (has(one, "num_segments")) n = integer<std::size_t>(one, "num_segments");
  if (has(one, "defect")) {  // refused as it is asked for; what was written has lengths of 4 bytes
    try {
      foreign::merge_bytes(segments, length_bytes, n);
      return "a length that torch_ans cannot read back is not refused";
    } catch (const std::invalid_argument&) {
      length_bytes = 4;
    }
  }
  std::string wrong = difference("merged", merged, foreign::merge_bytes(segments, length_bytes, n));
  if (!wrong.empty()) return wrong;
  const auto want =
      has(one, "peer_splits_to_hex") ? segments_of(one, "peer_splits_to_hex") : segments;
  const auto split = foreign::split_bytes(merged, length_bytes, n);
  if (split.status != Status::kOk) return "split: " + std::string(status_name(split.status));
  if (want.size() != split.segments.size()) return "split: number of segments";
  for (std::size_t i = 0; i < want.size() && wrong.empty(); ++i) {
    wrong = difference("segment " + std::to_string(i), want[i], split.segments[i]);
  }
  return wrong;
}

/// Everything that one call of TorchANSInterface codes, rows of a batch one after the other.
struct Call {
  std::size_t batch = 0;
  std::vector<std::uint32_t> indexes;
  std::vector<std::int32_t> symbols;
};

template <class T>
std::vector<T> flattened(const std::vector<std::vector<T>>& rows) {
  std::vector<T> flat;
  for (const auto& row : rows) flat.insert(flat.end(), row.begin(), row.end());
  return flat;
}

std::vector<Call> calls_of(const json& one) {
  std::vector<Call> calls;
  const auto add = [&](const json& call, bool has_indexes) {
    const auto symbols = integer_rows<std::int32_t>(call, "symbols");
    Call& added = calls.emplace_back(Call{symbols.size(), {}, flattened(symbols)});
    if (has_indexes) {
      added.indexes = flattened(integer_rows<std::uint32_t>(call, "indexes"));
    } else {  // a table to each position
      for (std::uint32_t i = 0; i < added.symbols.size(); ++i) added.indexes.push_back(i);
    }
    if (added.indexes.size() != added.symbols.size()) throw DataError("a call's lists differ");
  };
  if (has(one, "calls")) {
    for (const json& call : list(one, "calls")) add(call, true);
  } else {
    add(one, false);
  }
  if (calls.empty()) throw DataError("field 'calls' is empty");
  return calls;
}

foreign::TorchTables interface_tables(const json& one) {
  std::vector<std::vector<std::uint32_t>> freqs;
  std::vector<std::int32_t> offsets;
  if (text(one, "mode") == "freqs") {  // [B][N] of them
    for (const json& row : list(one, "freqs")) {
      for (const json& f : row) freqs.push_back(to_integers<std::uint32_t>(f, "freqs"));
    }
    offsets = flattened(integer_rows<std::int32_t>(one, "offsets"));
  } else {
    freqs = integer_rows<std::uint32_t>(one, "freqs");
    offsets = integers<std::int32_t>(one, "offsets");
  }
  if (freqs.size() != offsets.size()) throw DataError("'freqs' and 'offsets' differ in number");
  std::vector<std::uint32_t> n_freqs;
  for (const auto& f : freqs) n_freqs.push_back(static_cast<std::uint32_t>(f.size()));
  const auto precision = integer<unsigned>(one, "freq_precision");
  const bool bypass = flag(one, "bypass");
  const auto rows = foreign::cdf_of_freqs(freqs, n_freqs, precision, bypass, CdfMode::kCompat);
  std::vector<foreign::TorchTable> tables;
  for (std::size_t t = 0; t < rows.cdf.size(); ++t) {
    tables.push_back({{rows.cdf[t].begin(), rows.cdf[t].end()}, offsets[t]});
  }
  return foreign::TorchTables(tables, precision,
                              bypass ? integer<unsigned>(one, "bypass_precision") : 0,
                              foreign::TorchLookup::kSearch);
}

/// The part of row r of P of a flattened list.
template <class T>
std::span<const T> row_part(const std::vector<T>& flat, std::size_t r, std::size_t P) {
  return std::span(flat).subspan(r * (flat.size() / P), flat.size() / P);
}

template <class Geometry>
std::string check_rows(const foreign::TorchTables& tables, const std::vector<Call>& calls,
                       const std::vector<Bytes>& rows) {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    auto [status, stack] =
        foreign::read_stack<Geometry>(rows[r], 1, foreign::WordOrder::kAsWritten);
    if (status != Status::kOk) return "row " + std::to_string(r) + ": no stream";
    RansStack<Geometry> fresh(1);
    for (const Call& call : calls) {  // decoded in the order of the calls
      const auto want = row_part(call.symbols, r, rows.size());
      const auto got = foreign::torch_pop(stack, tables, row_part(call.indexes, r, rows.size()));
      const std::string wrong = difference("decoded", want, got.symbols);
      if (!wrong.empty()) return "row " + std::to_string(r) + " " + wrong;
    }
    if (stack.status() != Status::kOk) return "row " + std::to_string(r) + " does not end";
    for (std::size_t c = calls.size(); c-- > 0;) {  // and pushed in reverse
      foreign::torch_push(fresh, tables, row_part(calls[c].indexes, r, rows.size()),
                          row_part(calls[c].symbols, r, rows.size()));
    }
    const std::string wrong =
        difference("encoded", rows[r], foreign::to_bytes(fresh, foreign::WordOrder::kAsWritten));
    if (!wrong.empty()) return "row " + std::to_string(r) + " " + wrong;
  }
  return {};
}

std::string check_interface(const json&, const json& one) {
  const auto calls = calls_of(one);
  const bool known = has(one, "num_parallel_states");
  const std::size_t P = known ? integer<std::size_t>(one, "num_parallel_states")
                              : (text(one, "mode") == "flush" ? calls.front().batch : 1);
  for (const Call& call : calls) {
    if (P == 0 || call.symbols.size() % P != 0) throw DataError("symbols do not divide by streams");
  }
  const auto length_bytes = integer<unsigned>(one, "num_bytes_code_length");
  const auto n_segments = known ? std::optional(P) : std::nullopt;
  const auto merged = hex_member(one, "bytes_hex");
  const auto split = foreign::split_bytes(merged, length_bytes, n_segments);
  if (split.status != Status::kOk || split.segments.size() != P) return "bytes: no streams";
  const auto tables = interface_tables(one);
  const std::string impl = text(one, "impl");
  if (impl != "rans64" && impl != "rans32") throw DataError("field 'impl': '" + impl + "'");
  const std::string wrong = impl == "rans64"
                                ? check_rows<foreign::TorchRans64>(tables, calls, split.segments)
                                : check_rows<foreign::TorchRans32>(tables, calls, split.segments);
  return wrong.empty() ? difference("merged", merged,
                                    foreign::merge_bytes(split.segments, length_bytes, n_segments))
                       : wrong;
}

constexpr InteropCheck kTorchTableChecks[] = {
    {"torch_cdf", "cases", check_cdf},
    {"torch_cdf", "init_params_cases", check_init_params},
    {"torch_cdf", "inverse_cases", check_inverse},
    {"torch_cdf", "batched_cases", check_batched},
    {"torch_bytes", "merge_cases", check_merge},
    {"torch_bytes", "interface_cases", check_interface},
};

}  // namespace

std::span<const InteropCheck> interop_torch_tables() { return kTorchTableChecks; }

}  // namespace transom::golden
