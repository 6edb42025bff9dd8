// table.cpp — counts, frequencies, ranges: rooms table and, for spreads, coder.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "bind.hpp"
#include "transom/coder/tans.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/pairs.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/ranges.hpp"

namespace transom::bind {
namespace {

constexpr double kBit = double{std::uint64_t{1} << kCostFraction};  // in units of cost_t

Cover cover_named(std::string_view function, std::string_view name) {
  return named<Cover>(function, "cover", kCoverNames, name);
}

std::vector<std::uint32_t> counts_of(nb::handle object) {
  const TensorArgument tensor("histogram", "tensor", object);
  return without_gil([&] { return histogram((*tensor).values, (*tensor).dtype.bits); });
}

void bind_ranges(nb::module_& m) {
  nb::class_<Row>(m, "Row", "A range of values: vmin, and offsets of offset_bits bits from it.")
      .def_ro("vmin", &Row::vmin, "Its smallest value, as a pattern.")
      .def_ro("offset_bits", &Row::offset_bits, "Bits of an offset, 0..W.")
      .def(
          "__eq__", [](const Row& a, const Row& b) { return a == b; },
          nb::sig("def __eq__(self, other: object, /) -> bool"))
      .def("__repr__", [](const Row& row) {
        return "Row(" + std::to_string(row.vmin) + ", " + std::to_string(row.offset_bits) + ")";
      });
  nb::class_<RangeTable>(m, "RangeTable",
                         "Rows with their frequencies, and the proof of how good they are.")
      .def_ro("rows", &RangeTable::rows)
      .def_prop_ro(
          "freq", [](const RangeTable& t) { return to_numpy(t.freq); }, "uint32, sum 2^R.",
          nb::rv_policy::automatic)
      .def_prop_ro(
          "cost", [](const RangeTable& t) { return static_cast<double>(t.cost) / kBit; },
          "Bits of the histogram's values: offsets and symbols.")
      .def_prop_ro(
          "bound", [](const RangeTable& t) { return static_cast<double>(t.bound) / kBit; },
          "No table that was searched takes fewer bits.")
      .def_prop_ro("proven", &RangeTable::proven, "Whether cost is bound: no table takes fewer.");
  nb::class_<RangeSearch>(m, "RangeSearch",
                          R"(APack's best ranges (arXiv:2201.08830) of one histogram.

counts: 2^W of them, W = 1..16, by pattern, sum below 2^32. max_rows: 1..256. Raises ValueError for others.)")
      .def(
          "__init__",
          [](RangeSearch* to, nb::object counts, const Integer& max_rows) {
            const auto numbers = to_numbers("RangeSearch", "counts", counts);
            const auto bits = static_cast<unsigned>(std::bit_width(numbers.size()) - 1);
            const auto k = max_rows.to<unsigned>("RangeSearch", "max_rows");
            without_gil([&] { new (to) RangeSearch(numbers, bits, k); });
          },
          nb::arg("counts").none(), nb::arg("max_rows") = kMaxApackRows)
      .def_prop_ro("max_rows", &RangeSearch::max_rows)
      .def(
          "cost",
          [](const RangeSearch& s, const Integer& n_rows) {
            const auto k = n_rows.to<unsigned>("RangeSearch.cost", "n_rows");
            return static_cast<double>(s.cost(k)) / kBit;
          },
          nb::arg("n_rows"), "Bits that an ideal coder takes with the best n_rows rows or fewer.")
      .def(
          "rows",
          [](const RangeSearch& s, const Integer& n_rows) {
            return s.rows(n_rows.to<unsigned>("RangeSearch.rows", "n_rows"));
          },
          nb::arg("n_rows"), "The rows of that table.")
      .def(
          "best",
          [](const RangeSearch& search, const Integer& n_rows, const Integer& table_log,
             const std::string& cover) {
            const auto k = n_rows.to<unsigned>("RangeSearch.best", "n_rows");
            const auto R = table_log.to<unsigned>("RangeSearch.best", "table_log");
            const Cover how = cover_named("RangeSearch.best", cover);
            return without_gil([&] { return search.best(k, R, how); });
          },
          nb::arg("n_rows"), nb::arg("table_log"), nb::arg("cover") = "occurring",
          "The best table of at most n_rows rows whose frequencies sum to 2^table_log.");
  m.def(
      "make_rows",
      [](nb::object starts, const Integer& value_bits) {
        std::vector<value_t> values;
        for (const std::uint32_t v : to_numbers("make_rows", "starts", starts)) {
          require_range("make_rows", "starts", v, 0, UINT16_MAX);
          values.push_back(static_cast<value_t>(v));
        }
        std::vector<Row> rows =
            make_rows(values, value_bits.to<unsigned>("make_rows", "value_bits"));
        if (rows.empty()) {
          refuse("make_rows", "starts", nb::repr(starts).c_str(),
                 "must ascend from 0 and stay below 2^value_bits");
        }
        return rows;
      },
      nb::arg("starts").none(), nb::arg("value_bits"),
      "The rows that begin at these patterns, which ascend from 0 below 2^value_bits.");
}

}  // namespace

void bind_table(nb::module_& m) {
  m.def(
      "histogram", [](nb::object tensor) { return to_numpy(counts_of(tensor)); },
      nb::arg("tensor").none(),
      R"(How often each of the 2^W patterns of a tensor or an array occurs: uint32, by pattern.

Negative values are in the upper half, as two's complement has them. Raises ValueError as Tensor does.)");
  m.def(
      "quantise",
      [](nb::object counts, const Integer& table_log, const std::string& cover) {
        const auto R = table_log.to<unsigned>("quantise", "table_log");
        const auto numbers = to_numbers("quantise", "counts", counts);
        const Cover how = cover_named("quantise", cover);
        return to_numpy(without_gil([&] { return quantise(numbers, R, how); }));
      },
      nb::arg("counts").none(), nb::arg("table_log"), nb::arg("cover") = "occurring",
      R"(Frequencies of least coded cost, uint32: they sum to 2^table_log, and none that is needed is 0.

counts: 1..65536 numbers. table_log: R, 0..14. cover: "occurring", or "every" symbol has a frequency.
Raises ValueError where more symbols need a slot than there are.)");
  m.def(
      "coded_cost",
      [](nb::object counts, nb::object freq, const Integer& table_log) {
        const auto R = table_log.to<unsigned>("coded_cost", "table_log");
        const auto n = to_numbers("coded_cost", "counts", counts);
        const auto f = to_numbers("coded_cost", "freq", freq);
        return static_cast<double>(coded_cost(n, f, R)) / kBit;
      },
      nb::arg("counts").none(), nb::arg("freq").none(), nb::arg("table_log"),
      "Bits of the counted symbols by an ideal coder of these frequencies: the sum of n (R - log2 "
      "f).");
  m.def(
      "pair_histogram",
      [](nb::object symbols, const Integer& n_symbols, const Integer& n_streams,
         const Integer& chunk) {
        constexpr std::string_view kName = "pair_histogram";
        const auto n = n_symbols.to<std::size_t>(kName, "n_symbols");
        StreamLayout layout{0, n_streams.to<std::uint32_t>(kName, "n_streams"),
                            chunk.to<std::uint32_t>(kName, "chunk")};
        require_range(kName, "n_streams", layout.n_streams, 1, kMaxStreams);
        require_range(kName, "chunk", layout.chunk, 1, UINT32_MAX);
        const auto buffer = to_buffer(kName, "symbols", symbols);
        const auto all = bytes_of(buffer);
        require_range(kName, "number of symbols", all.size(), 0, UINT32_MAX);
        layout.n_values = static_cast<std::uint32_t>(all.size());
        layout.n_streams = std::min(layout.n_streams, std::max(layout.n_values, 1u));
        return to_numpy(without_gil(
            [&] { return pair_histogram(layout, n, [&](std::uint32_t i) { return all[i]; }); }));
      },
      nb::arg("symbols").none(), nb::arg("n_symbols"), nb::arg("n_streams") = 4,
      nb::arg("chunk") = 1,
      R"(How often each pair of symbols is coded as one, uint32: s1 and then s2 at s1 * n_symbols + s2.

symbols: uint8, in the order of the tensor, each below n_symbols, 1..256. n_streams, chunk: as encode() has them; pairs
are formed in each stream, and an odd last symbol counts with what follows it most often.)");
  m.def(
      "make_spread",
      [](nb::object freq, const Integer& table_log, const std::string& spread) {
        const auto R = table_log.to<unsigned>("make_spread", "table_log");
        const auto numbers = to_numbers("make_spread", "freq", freq);
        return to_numpy(
            make_spread(numbers, R, named<Spread>("make_spread", "spread", kSpreadNames, spread)));
      },
      nb::arg("freq").none(), nb::arg("table_log"), nb::arg("spread") = "tuned",
      R"(The symbol of each of tANS's 2^table_log slots, uint8 (J. Duda, arXiv:1311.2540).

freq: up to 256 numbers that sum to 2^table_log. spread: "step", "exact" or "tuned".)");
  bind_ranges(m);
}

}  // namespace transom::bind
