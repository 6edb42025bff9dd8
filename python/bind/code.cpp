// code.cpp — codes: all that a decoder knows of a tensor beside its streams, and its tables.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/operators.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "bind.hpp"

namespace transom::bind {
namespace {

constexpr std::string_view kCode = R"(All that a decoder knows of a tensor beside its streams.

coding: one of codecs(). table_log: R. freq: A frequencies that sum to 2^R; of a coding of pairs A * A, that of s1
and then s2 at s1 * A + s2. rows: A of them, from make_rows() or RangeSearch; by default whole values of as many
bits as freq has symbols for. spread: of tANS alone. Whether it codes a dtype, encode() looks.)";

Code make_code(const std::string& coding, const Integer& table_log, nb::handle freq,
               nb::handle rows, const std::string& spread) {
  Code code;
  code.coding = codec_named("Code", coding).coding;
  code.table_log = table_log.to<unsigned>("Code", "table_log");
  code.spread = named<Spread>("Code", "spread", kSpreadNames, spread);
  code.freq = to_numbers("Code", "freq", freq);
  if (rows.is_none()) {
    for (std::size_t v = 0; v < code.freq.size(); ++v)
      code.rows.push_back({static_cast<value_t>(v), 0});
  } else if (!nb::try_cast(rows, code.rows)) {
    refuse("Code", "rows", nb::type_name(rows.type()).c_str(), "must be a list of Row");
  }
  return code;
}

/// Throws for a code that encode() would refuse for every dtype of as many bits as its rows tile.
nb::ndarray<nb::numpy, std::uint32_t> table_of(const Code& code, bool of_unit) {
  const Codec& c = codec(code.coding);
  return to_numpy(
      without_gil([&] { return of_unit ? c.make_unit_table(code) : c.make_table(code); }));
}

void bind_codecs(nb::module_& m) {
  nb::class_<Codec>(m, "Codec", "A coding: what it is called, and what its coder takes.")
      .def_ro("name", &Codec::name, "\"raw\", \"tans\", ...")
      .def_ro("max_rows", &Codec::max_rows, "0: whole values up to 8 bits, else up to 256 ranges.")
      .def_ro("min_table_log", &Codec::min_table_log, "R that the coder takes.")
      .def_ro("max_table_log", &Codec::max_table_log)
      .def_ro("pairs", &Codec::pairs, "Whether a table entry yields two symbols.")
      .def_prop_ro(
          "lane", [](const Codec& c) { return lane_kind_name(c.lane); },
          "The kind of hardware lane that decodes it.")
      .def("__repr__",
           [](const Codec& c) { return "<transom.Codec " + std::string(c.name) + ">"; });
  m.def(
      "codecs",
      [] {
        nb::list list;
        for (const Codec& c : codecs()) list.append(nb::cast(c, nb::rv_policy::reference));
        return nb::typed<nb::list, Codec>(list);
      },
      "All codings, in the order of the container's numbers.");
}

}  // namespace

const Codec& codec_named(std::string_view function, const std::string& name) {
  if (const Codec* found = find_codec(name)) return *found;
  std::string names;
  for (const Codec& c : codecs()) names += (names.empty() ? "" : ", ") + std::string(c.name);
  refuse(function, "coding", name, "must be one of " + names);
}

void bind_code(nb::module_& m) {
  bind_codecs(m);
  nb::class_<Code>(m, "Code", kCode.data())
      .def(
          "__init__",
          [](Code* to, const std::string& coding, const Integer& table_log, nb::object freq,
             nb::object rows, const std::string& spread) {
            new (to) Code(make_code(coding, table_log, freq, rows, spread));
          },
          nb::arg("coding"), nb::arg("table_log"), nb::arg("freq").none(),
          nb::arg("rows") = nb::none(), nb::arg("spread") = "tuned",
          nb::sig("def __init__(self, coding: str, table_log: int, freq: object, rows: list[Row] | "
                  "None = None, "
                  "spread: str = 'tuned') -> None"))
      .def_prop_ro("coding", [](const Code& c) { return codec(c.coding).name; })
      .def_ro("table_log", &Code::table_log, "R.")
      .def_prop_ro("spread",
                   [](const Code& c) { return kSpreadNames[static_cast<unsigned>(c.spread)]; })
      .def_prop_ro(
          "freq", [](const Code& c) { return to_numpy(c.freq); }, "uint32, sum 2^R.",
          nb::rv_policy::automatic)
      .def_ro("rows", &Code::rows)
      .def_prop_ro(
          "table", [](const Code& c) { return table_of(c, false); },
          R"(The words that the golden decoder looks symbols up in, uint32.

tANS and pairs: an entry a slot, symbol in bits 7..0, nbits in 15..8, base in 31..16. Others: as the coder has it.
Raises ValueError for a code that is none.)",
          nb::rv_policy::automatic)
      .def_prop_ro(
          "unit_table", [](const Code& c) { return table_of(c, true); },
          "The words that the hardware unit is loaded with, uint32.", nb::rv_policy::automatic)
      .def(
          "why_not",
          [](const Code& c, nb::object dtype) {
            return why_not_a_code(c, to_dtype("why_not", dtype));
          },
          nb::arg("dtype").none(), nb::sig("def why_not(self, dtype: DType | str) -> str"),
          "Why it is no code for values of this dtype; empty if it is.")
      .def(nb::self == nb::self, nb::sig("def __eq__(self, other: object, /) -> bool"))
      .def("_repr_html_",
           [](nb::handle self) {
             return nb::str(nb::module_::import_("transom.html").attr("of_code")(self));
           })
      .def("__repr__", [](const Code& c) {
        return "<transom.Code " + std::string(codec(c.coding).name) +
               ", R = " + std::to_string(c.table_log) + ", " + std::to_string(c.rows.size()) +
               " rows>";
      });
  m.def(
      "raw_code", [](nb::object dtype) { return raw_code(to_dtype("raw_code", dtype)); },
      nb::arg("dtype").none(), nb::sig("def raw_code(dtype: DType | str) -> Code"),
      "The code of raw values: what a tensor that does not shrink is stored as.");
}

}  // namespace transom::bind
