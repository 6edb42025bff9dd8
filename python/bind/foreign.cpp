// foreign.cpp — other coders' streams of one table, by name.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bind.hpp"
#include "transom/files/errors.hpp"
#include "transom/foreign/format/format.hpp"
#include "transom/foreign/ryg_rans.hpp"

namespace transom::bind {
namespace {

using namespace foreign;

ForeignStream make_stream(nb::handle bytes, nb::handle freq, const Integer& scale_bits,
                          const Integer& n_states, const Integer& n, const Integer& n_bits,
                          nb::handle rare) {
  constexpr std::string_view kName = "ForeignStream";
  const auto buffer = to_buffer(kName, "bytes", bytes);
  const auto span = bytes_of(buffer);
  ForeignStream stream;
  stream.bytes.assign(span.begin(), span.end());
  stream.freq = to_numbers(kName, "freq", freq);
  stream.scale_bits = scale_bits.to<unsigned>(kName, "scale_bits");
  stream.n_states = n_states.to<std::size_t>(kName, "n_states");
  stream.n = n.to<std::size_t>(kName, "n");
  require_range(kName, "n", stream.n, 0, kMaxForeignValues);
  stream.n_bits = n_bits.to<std::uint64_t>(kName, "n_bits");
  stream.rare = to_numbers(kName, "rare", rare);
  return stream;
}

void bind_formats(nb::module_& m) {
  nb::class_<ForeignFormat>(m, "ForeignFormat", "A coder of other people's: what it takes.")
      .def_ro("name", &ForeignFormat::name)
      .def_ro("least_bits", &ForeignFormat::least_bits, "scale_bits of the tables to write.")
      .def_ro("most_bits", &ForeignFormat::most_bits)
      .def_ro("n_states", &ForeignFormat::n_states, "0: 1..64, as one likes.")
      .def_ro("every_symbol", &ForeignFormat::every_symbol, "Each symbol of the table has a slot.")
      .def_ro("has_escape", &ForeignFormat::has_escape, "The last frequency is that of an escape.")
      .def_ro("counts_bits", &ForeignFormat::counts_bits, "The stream ends within a byte: n_bits.")
      .def_ro("holds_table", &ForeignFormat::holds_table, "The table is in the stream.")
      .def("__repr__",
           [](const ForeignFormat& f) { return "<transom.ForeignFormat " + f.name + ">"; });
  nb::class_<ForeignStream>(m, "ForeignStream",
                            R"(A stream of another coder, with what it does not say of itself.

freq: up to 256 and the escape's, sum 2^scale_bits. n_states: interleaved, symbol i in state i mod n_states. n: symbols, up
to 2^28. n_bits: length, of a format that counts_bits. rare: of fse*, symbols whose one slot lies at the table's end.)")
      .def(
          "__init__",
          [](ForeignStream* to, nb::object bytes, nb::object freq, const Integer& scale_bits,
             const Integer& n_states, const Integer& n, const Integer& n_bits, nb::object rare) {
            new (to) ForeignStream(make_stream(bytes, freq, scale_bits, n_states, n, n_bits, rare));
          },
          nb::arg("bytes").none() = nb::bytes("", 0), nb::arg("freq").none() = nb::tuple(),
          nb::arg("scale_bits") = 12, nb::arg("n_states") = 1, nb::arg("n") = 0,
          nb::arg("n_bits") = 0, nb::arg("rare").none() = nb::tuple())
      .def_prop_ro("bytes", [](const ForeignStream& s) { return to_bytes(s.bytes); })
      .def_prop_ro(
          "freq", [](const ForeignStream& s) { return to_numpy(s.freq); }, "uint32.",
          nb::rv_policy::automatic)
      .def_ro("scale_bits", &ForeignStream::scale_bits)
      .def_ro("n_states", &ForeignStream::n_states)
      .def_ro("n", &ForeignStream::n)
      .def_ro("n_bits", &ForeignStream::n_bits)
      .def_ro("rare", &ForeignStream::rare);
  m.def("foreign_formats", &foreign_formats, "All of them.");
  m.def(
      "encode_foreign",
      [](const std::string& format, nb::object symbols, const ForeignStream& table) {
        const ForeignFormat found = find_foreign(format);
        const auto buffer = to_buffer("encode_foreign", "symbols", symbols);
        ForeignStream stream = table;
        without_gil([&] { encode_foreign(found, bytes_of(buffer), stream); });
        return stream;
      },
      nb::arg("format"), nb::arg("symbols").none(), nb::arg("table"),
      R"(The stream of some symbols, uint8, in a format of foreign_formats(), by name; of `table` the table and n_states count.

Raises ValueError for a table that the format lacks, and where its original would corrupt the data.)");
  m.def(
      "decode_foreign",
      [](const std::string& format, const ForeignStream& stream) {
        const ForeignFormat found = find_foreign(format);
        ForeignStream copy = stream;
        ForeignSymbols symbols = without_gil([&] { return decode_foreign(found, copy); });
        if (symbols.status != Status::kOk) {
          throw files::DataError(found.name + ": " + std::string(status_name(symbols.status)) +
                                 ": the stream is not one of n symbols of this table");
        }
        return to_numpy(std::move(symbols.symbols));
      },
      nb::arg("format"), nb::arg("stream"),
      "The symbols of a stream, uint8. Raises DataError unless it is one of exactly n symbols.");
}

}  // namespace

void bind_foreign(nb::module_& m) {
  bind_formats(m);
  m.def(
      "ryg_normalise",
      [](nb::object counts, const Integer& scale_bits) {
        return to_numpy(ryg_normalise(to_numbers("ryg_normalise", "counts", counts),
                                      scale_bits.to<unsigned>("ryg_normalise", "scale_bits")));
      },
      nb::arg("counts").none(), nb::arg("scale_bits"),
      "Frequencies of sum 2^scale_bits as ryg_rans' sample programs make them: uint32.");
}

}  // namespace transom::bind
