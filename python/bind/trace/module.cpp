// module.cpp — transom._trace: traces as the program reads and writes them. A module of its own,
// because it wants libraries that coding does without.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/nanobind.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>
#include <vector>

#include "transom/golden/trace.hpp"

namespace nb = nanobind;
using namespace transom;

NB_MODULE(_trace, m) {
  m.doc() = "Trace files, in C++: transom.read_trace and transom.write_trace.";
  nb::module_::import_("transom._core");  // its Tensor, and its DataError
  m.def(
      "read_trace",
      [](const std::filesystem::path& path) {
        std::vector<Tensor> tensors;
        std::vector<std::string> notes;
        const auto take = [&](Tensor tensor, std::size_t) {
          tensors.push_back(std::move(tensor));
          const nb::gil_scoped_acquire acquire;  // Ctrl-C ends it between two tensors
          if (PyErr_CheckSignals() != 0) throw nb::python_error();
        };
        {
          const nb::gil_scoped_release release;
          golden::read_trace(path, take, [&](const std::string& note) { notes.push_back(note); });
        }
        return std::pair(std::move(tensors), std::move(notes));
      },
      nb::arg("path"),
      nb::sig("def read_trace(path: str | os.PathLike[str]) -> tuple[list[transom._core.Tensor], "
              "list[str]]"),
      "(tensors, notes): transom.read_trace has the words.");
  m.def(
      "write_trace",
      [](const std::filesystem::path& folder, const std::vector<Tensor>& tensors,
         const std::string& source, const std::string& licence, const std::string& input,
         const std::string& note) {
        const nb::gil_scoped_release release;
        golden::write_trace(folder, tensors, {source, licence, input, note});
      },
      nb::arg("folder"), nb::arg("tensors"), nb::arg("source"), nb::arg("licence"),
      nb::arg("input"), nb::arg("note"),
      nb::sig("def write_trace(folder: str | os.PathLike[str], tensors: "
              "collections.abc.Sequence[transom._core.Tensor], source: str, licence: str, input: "
              "str, note: str) -> None"),
      "transom.write_trace has the words.");
}
