// codec.cpp — whole tensors through the codecs.
// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/string.h>

#include "bind.hpp"
#include "transom/codec/codec.hpp"
#include "transom/plan/plan.hpp"

namespace transom::bind {

void bind_codec(nb::module_& m) {
  nb::class_<CodedTensor>(m, "CodedTensor").def_ro("name", &CodedTensor::name);
  m.def(
      "encode_best",
      [](const Tensor& tensor, const std::string& coding, std::uint32_t n_streams) {
        const Codec* found = find_codec(coding);
        if (found == nullptr) refuse("encode_best", "coding", coding, "must be one of codecs()");
        PlanOptions options;
        options.coding = found->coding;
        options.n_streams = n_streams;
        nb::gil_scoped_release release;
        return encode_best(tensor, options);
      },
      nb::arg("tensor"), nb::arg("coding") = "apack-tans", nb::arg("n_streams") = 4);
  m.def(
      "decode",
      [](const CodedTensor& tensor) {
        Decoded decoded;
        {
          nb::gil_scoped_release release;
          decoded = decode(tensor);
        }
        return to_integers(decoded.values, tensor.dtype, tensor.shape);
      },
      nb::arg("tensor"));
}

}  // namespace transom::bind
