// table.cpp — counts, frequencies.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/vector.h>

#include "bind.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/quantise.hpp"

namespace transom::bind {

void bind_table(nb::module_& m) {
  m.def(
      "histogram",
      [](const Tensor& tensor) {
        std::vector<std::uint32_t> counts;
        {
          nb::gil_scoped_release release;
          counts = histogram(tensor.values, tensor.dtype.bits);
        }
        return to_numpy(std::move(counts));
      },
      nb::arg("tensor"));
  m.def(
      "quantise",
      [](nb::object counts, unsigned table_log) {
        const auto numbers = to_numbers("quantise", "counts", counts);
        nb::gil_scoped_release release;
        return quantise(numbers, table_log);
      },
      nb::arg("counts"), nb::arg("table_log"));
}

}  // namespace transom::bind
