// foreign_tans_py.cpp — the Python tANS' tables and streams: transom.tans_py's coder.
//
// A message is bytes here, a symbol's number each; what the numbers stand for is Python's.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/array.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "bind.hpp"
#include "foreign.hpp"
#include "transom/base/precondition.hpp"
#include "transom/foreign/tans_py.hpp"

namespace transom::bind {
namespace {

namespace tans_py = foreign::tans_py;

std::pair<nb::bytes, std::uint64_t> encode(const tans_py::Table& table, const nb::bytes& message) {
  tans_py::Stream stream;
  {
    nb::gil_scoped_release release;
    stream = tans_py::encode(table, bytes_of(message));
  }
  return {to_python(stream.bytes), stream.n_bits};
}

nb::bytes decode(const tans_py::Table& table, const nb::bytes& bits, std::uint64_t n_bits,
                 std::size_t max_symbols) {
  tans_py::Decoded decoded;
  {
    nb::gil_scoped_release release;
    decoded = tans_py::decode(table, bytes_of(bits), n_bits, max_symbols);
  }
  if (decoded.status != Status::kOk) throw_damaged("bitstream", decoded.status);
  return to_python(decoded.message);
}

/// [symbol, bits to read, state before they are added] of each slot.
std::vector<std::array<std::uint32_t, 3>> decode_table(const tans_py::Table& table) {
  std::vector<std::array<std::uint32_t, 3>> entries;
  for (const std::uint32_t word : table.decode_words()) {
    const Entry entry = to_entry(word);
    entries.push_back({entry.symbol, entry.nbits, entry.base});
  }
  return entries;
}

/// The bytes of a message in the order of their first occurrence, and the number of each.
std::pair<nb::bytes, std::vector<std::uint64_t>> count_bytes(const nb::bytes& message) {
  std::array<std::uint64_t, 256> counts{};
  std::vector<std::uint8_t> order;
  {
    nb::gil_scoped_release release;
    for (const std::uint8_t value : bytes_of(message)) {
      if (counts[value]++ == 0) order.push_back(value);
    }
  }
  std::vector<std::uint64_t> found;
  for (const std::uint8_t value : order) found.push_back(counts[value]);
  return {to_python(order), std::move(found)};
}

}  // namespace

void bind_foreign_tans_py(nb::module_& m) {
  nb::class_<tans_py::Table>(m, "TansPyTable", "The Python tANS' tables of a set of counts.")
      .def(
          "__init__",
          [](tans_py::Table* self, const std::vector<std::uint32_t>& counts, bool fast) {
            new (self)
                tans_py::Table(counts, fast ? tans_py::Spread::kFast : tans_py::Spread::kPrecise);
          },
          nb::arg("counts"), nb::arg("fast"))
      .def("encode", encode, nb::arg("message"),
           "(bits, number of bits): bit i is i % 8 of byte i / 8.")
      .def("decode", decode, nb::arg("bits"), nb::arg("n_bits"), nb::arg("max_symbols"),
           "The message of these bits.")
      .def_prop_ro("spread", [](const tans_py::Table& table) { return to_python(table.spread()); })
      .def_prop_ro("decode_table", decode_table);
  m.def(
      "tans_py_rescale",
      [](const std::vector<std::uint64_t>& counts, std::uint64_t max_sum) {
        return tans_py::rescale(counts, max_sum, tans_py::Target::kNext);
      },
      nb::arg("counts"), nb::arg("max_sum"),
      "Counts of at least 1 that sum to the power of two at or above max_sum.");
  m.def("tans_py_count", count_bytes, nb::arg("message"),
        "(values in the order of their first occurrence, their numbers).");
}

}  // namespace transom::bind
