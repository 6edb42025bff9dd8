// cosim.cpp — the comparator of room verify: told what a decoder does, says where it first differs.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verify/cosim.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include "bind.hpp"

namespace transom::bind {
namespace {

using verify::Cosim;
using verify::Difference;

constexpr std::string_view kStatusNames[] = {"ok",         "truncated",   "bad_state",
                                             "trailing",   "bad_value",   "bad_table",
                                             "bad_header", "bad_checksum"};
static_assert([] {
  for (unsigned i = 0; i < std::size(kStatusNames); ++i) {
    if (kStatusNames[i] != status_name(static_cast<Status>(i))) return false;
  }
  return true;
}());

unsigned lane_of(std::string_view function, const Integer& lane) {
  return lane.to<unsigned>(function, "lane");
}

bool step(Cosim& cosim, const Integer& lane, const Integer& symbol,
          const std::optional<Integer>& state, const std::optional<Integer>& position) {
  constexpr std::string_view kName = "Cosim.step";
  const unsigned l = lane_of(kName, lane);
  const auto s = symbol.to<std::uint32_t>(kName, "symbol");
  if (position && !state) refuse(kName, "position", "alone", "must come with a state");
  if (!state) return cosim.step(l, s);
  const auto x = state->to<std::uint64_t>(kName, "state");
  return position ? cosim.step(l, s, x, position->to<std::uint64_t>(kName, "position"))
                  : cosim.step(l, s, x);
}

bool end(Cosim& cosim, const Integer& number, nb::handle verdict) {
  const unsigned lane = lane_of("Cosim.end", number);
  if (verdict.is_none()) return cosim.end(lane);
  if (nb::isinstance<nb::bool_>(verdict)) return cosim.end(lane, nb::cast<bool>(verdict));
  std::string name;
  if (!nb::try_cast(verdict, name)) {
    refuse("Cosim.end", "verdict", nb::type_name(verdict.type()).c_str(),
           "must be None, a bool or a status's name");
  }
  return cosim.end(lane, named<Status>("Cosim.end", "verdict", kStatusNames, name));
}

}  // namespace

void bind_cosim(nb::module_& m) {
  nb::class_<Difference>(m, "Difference",
                         "The first thing in which a decoder differs from the model.")
      .def_prop_ro(
          "what", [](const Difference& d) { return verify::what_name(d.what); },
          "\"symbol\", \"state\", \"position\", \"value\", \"status\" or \"count\".")
      .def_ro("lane", &Difference::lane)
      .def_ro("index", &Difference::index,
              "Of the step or value in its stream; of an end, how many came.")
      .def_ro("cycle", &Difference::cycle, "If at() told one.")
      .def_ro("want", &Difference::want)
      .def_ro("got", &Difference::got)
      .def_ro("symbol_position", &Difference::symbol_position,
              "Bits of the symbol stream read before the step.")
      .def_ro("offset_position", &Difference::offset_position,
              "Bits of the offset stream read before the value.")
      .def_ro("state_before", &Difference::state_before)
      .def_ro("want_state", &Difference::want_state)
      .def_ro("got_state", &Difference::got_state)
      .def_ro("entry", &Difference::entry, "The table entry that the step uses, in words.")
      .def_prop_ro(
          "fault", [](const Difference& d) { return verify::fault_name(d.diagnosis.fault); },
          "The probable class: \"refill\", \"shift\", \"table\", \"offset\", \"end\", \"order\", "
          "\"unknown\".")
      .def_prop_ro(
          "confidence",
          [](const Difference& d) { return verify::confidence_name(d.diagnosis.confidence); },
          "\"guess\", \"likely\" or \"certain\".")
      .def_prop_ro(
          "because", [](const Difference& d) { return d.diagnosis.because; }, "The evidence.")
      .def("_repr_html_",
           [](nb::handle self) {
             return nb::str(nb::module_::import_("transom.html").attr("of_difference")(self));
           })
      .def("__str__", &verify::to_text);
  nb::class_<Cosim>(
      m, "Cosim",
      R"(The comparator: told what a decoder does, says where it first differs from the model.

Lane i decodes stream i of `coded`. Steps, values and the end of a lane come in their own order, each; between these
and between lanes there is none. A state is the coder's: of tANS t = x - L, of rANS x. Every call returns False once
the lane differs, and raises ValueError for a lane that is not there.)")
      .def(
          "__init__", [](Cosim* to, const CodedTensor& coded) { new (to) Cosim(coded); },
          nb::arg("coded"))
      .def_prop_ro("n_lanes", &Cosim::n_lanes)
      .def(
          "at",
          [](Cosim& c, const Integer& cycle) {
            c.at(cycle.to<std::uint64_t>("Cosim.at", "cycle"));
          },
          nb::arg("cycle"), "The cycle of what is told from now on. Only reports have it.")
      .def("step", &step, nb::arg("lane"), nb::arg("symbol"), nb::arg("state") = nb::none(),
           nb::arg("position") = nb::none(),
           "A retired step: its symbol, the state after it, the bits of the symbol stream read so "
           "far.")
      .def(
          "value",
          [](Cosim& c, const Integer& lane, const Integer& value) {
            return c.value(lane_of("Cosim.value", lane),
                           value.to<std::uint32_t>("Cosim.value", "value"));
          },
          nb::arg("lane"), nb::arg("value"), "A value: its W-bit pattern, zero-extended.")
      .def("end", &end, nb::arg("lane"), nb::arg("verdict") = nb::none(),
           nb::sig("def end(self, lane: int, verdict: bool | str | None = None) -> bool"),
           "The lane's end: without a verdict, with whether all is well, or with a status's name.")
      .def("finish", &Cosim::finish,
           "Nothing more comes: what is missing is a difference. False if there is one.")
      .def(
          "restart", [](Cosim& c) { c.restart(); },
          "All lanes from the start again: the decoder was reset.")
      .def_prop_ro("ok", &Cosim::ok)
      .def_prop_ro("n_compared", &Cosim::n_compared, "Steps and values.")
      .def(
          "first", [](const Cosim& c) { return c.first(); },
          "The first difference that was told, with the probable class of the fault; None without "
          "one.");
}

}  // namespace transom::bind
