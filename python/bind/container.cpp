// container.cpp — containers of both versions as bytes, and what a tensor takes in them.
// SPDX-License-Identifier: Apache-2.0
#include "transom/container/container.hpp"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bind.hpp"
#include "transom/files/errors.hpp"

namespace transom::bind {
namespace {

bool is_wide(std::string_view function, const Integer& version) {
  const auto number = version.to<std::uint32_t>(function, "version");
  require_range(function, "version", number, kContainerVersion, kWideContainerVersion);
  return number == kWideContainerVersion;
}

}  // namespace

void bind_container(nb::module_& m) {
  nb::class_<RecordBytes>(m, "RecordBytes", "Where the bytes of a tensor in a container go.")
      .def_ro("header", &RecordBytes::header)
      .def_ro("name", &RecordBytes::name)
      .def_ro("table", &RecordBytes::table)
      .def_ro("streams", &RecordBytes::streams, "The directory of its streams.")
      .def_ro("payload", &RecordBytes::payload, "The streams.")
      .def_ro("padding", &RecordBytes::padding)
      .def_prop_ro("total", &RecordBytes::total)
      .def_prop_ro("coded", &RecordBytes::coded, "All but the name: what coding the tensor costs.");
  m.def(
      "record_bytes",
      [](const CodedTensor& tensor, const Integer& version) {
        const bool wide = is_wide("record_bytes", version);
        return without_gil([&] { return wide ? wide_record_bytes(tensor) : record_bytes(tensor); });
      },
      nb::arg("coded"), nb::arg("version") = kContainerVersion,
      "What a tensor takes in a container.");
  m.def(
      "write_container",
      [](const std::vector<CodedTensor>& tensors, const Integer& version) {
        const bool wide = is_wide("write_container", version);
        return to_bytes(without_gil(
            [&] { return wide ? write_wide_container(tensors) : write_container(tensors); }));
      },
      nb::arg("tensors").none(), nb::arg("version") = kContainerVersion,
      R"(The bytes of a container (model/FORMAT.md). version: 1, or 2 as the wide unit reads it.

Raises ValueError for what the version does not hold: its names, dimensions, streams or codings.)");
  m.def(
      "parse_container",
      [](nb::object bytes) {
        const auto buffer = to_buffer("parse_container", "bytes", bytes);
        Parsed parsed = without_gil([&] { return parse_container(bytes_of(buffer)); });
        if (parsed.status != Status::kOk) {
          throw files::DataError("container: " + std::string(status_name(parsed.status)) + ": " +
                                 parsed.what);
        }
        return std::pair(unsigned{parsed.version}, std::move(parsed.tensors));
      },
      nb::arg("bytes").none(),
      R"((version, tensors) of the bytes of a container: bytes, or anything that holds uint8.

Raises DataError with the byte, the tensor and the field where they are none.)");
}

}  // namespace transom::bind
