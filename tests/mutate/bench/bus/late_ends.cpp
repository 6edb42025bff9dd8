// late_ends.cpp — streams that end, well or badly, when their next job waits or is at work. See
// lists.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "list_parts.hpp"
#include "lists.hpp"
#include "transom/container/container.hpp"

namespace transom::mutate {

using namespace system;
using coverage::SystemCase;

namespace {

/// Of the largest table, built of counts that are no powers of two: where they are, a state stays
/// among the slots that it is in.
CodedTensor uneven_tensor(Coding coding, unsigned table_log) {
  constexpr std::uint32_t kValues = 2'000;
  Code code = small_tensor(coding, 4, table_log, Spread::kStep).code;
  const std::uint32_t part = (1u << table_log) / 7;
  code.freq = {part, 3 * part, 2 * part, (1u << table_log) - 6 * part};
  Tensor tensor{"uneven", {8, false}, {kValues}, std::vector<value_t>(kValues)};
  for (std::uint32_t i = 0; i < kValues; ++i) tensor.values[i] = unit::mix(i) & 255;
  return encode(tensor, code, 4, 1);
}

}  // namespace

std::vector<NamedCase> late_ends(const AxiShape& shape, Coding coding) {
  std::vector<CodedTensor> tensors;
  for (std::size_t stream = 0; stream < 4; ++stream) {
    tensors.push_back(small_tensor(coding, 24));
    tensors.push_back(with_tail(small_tensor(coding, 90), stream, false, 1));
    tensors.push_back(small_tensor(coding, 60));
    tensors.push_back(small_tensor(coding, 40));
  }
  const AxiImage image = make_axi_image(write_container(tensors), tensors, shape, kBase);
  std::vector<NamedCase> cases;
  for (const unsigned closed : {0u, 60u, 90u}) {
    SystemCase made{image, {}, {}, {}, {.seed = 13, .values_closed = closed}};
    for (std::uint32_t first = 0; first < tensors.size(); ++first) {  // with either bank
      if (first % 4 > 1) continue;
      made.starts.push_back({.descriptors = image.descriptors + first * kDescriptorBytes,
                             .n_descriptors = 4 - first % 4});
    }
    cases.push_back({"late bad ends, " + std::to_string(closed) + " %", std::move(made)});
  }
  const std::vector<CodedTensor> large{uneven_tensor(coding, shape.unit.table_log)};
  SystemCase tables{make_axi_image(write_container(large), large, shape, kBase), {}, {}, {}, {}};
  tables.starts = {{.descriptors = tables.image.descriptors, .n_descriptors = 1}};
  cases.push_back({"all slots of the largest table", std::move(tables)});
  return cases;
}

}  // namespace transom::mutate
