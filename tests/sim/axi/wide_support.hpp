// wide_support.hpp — containers for the wide unit, without the RTL.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>

#include "random.hpp"
#include "support.hpp"
#include "transom/container/container.hpp"
#include "transom/wide/image.hpp"
#include "transom/wide/run.hpp"

namespace transom::wide_cases {
using namespace system;

inline constexpr std::uint64_t kBase = 0x1'2345'6000;  // more than 32 bits

struct Case {
  wide::Parameters unit;
  std::vector<CodedTensor> tensors;
  AxiImage image;
  std::vector<AxiTensor> golden;

  AxiRun run(const AxiPressure& pressure = {}) const {
    AxiBench bench(image, golden, unit.axi.shape, pressure);
    return wide::run_model(bench, unit);
  }
  AxiRun run(const AxiStart& start) const {
    AxiBench bench(image, std::vector{start}, unit.axi.shape);
    return wide::run_model(bench, unit);
  }
  AxiStart start() const {
    return {.descriptors = image.descriptors,
            .n_descriptors = image.n_descriptors,
            .section_words = image.section_words};
  }
};

inline Case make_case(const wide::Parameters& unit, std::vector<CodedTensor> tensors) {
  wide::check_parameters(unit);
  Case made{unit, std::move(tensors), {}, {}};
  made.image = wide::make_image(write_wide_container(made.tensors), made.tensors, unit, kBase);
  for (const CodedTensor& tensor : made.tensors) {
    made.golden.push_back(wide::make_tensor(tensor, unit));
  }
  return made;
}

inline wide::Parameters shape(unsigned n_lanes, unsigned data_bits, unsigned halves,
                              LaneKind kind = LaneKind::kNrans) {
  const unsigned table_log = kind == LaneKind::kTans ? kWideTansTableLog : kNransTableLog;
  return {.axi = {.shape = {{kind, n_lanes, table_log, kMaxApackRows}, data_bits}},
          .halves = halves};
}
inline LaneKind random_kind(support::Random& random) {
  return random() % 2 == 0 ? LaneKind::kNrans : LaneKind::kTans;
}

inline CodedTensor coded(Coding coding, unsigned bits, std::uint32_t n, unsigned n_streams,
                         support::Random& random) {
  std::mt19937 engine(random());
  const DType dtype{static_cast<std::uint8_t>(bits), false};
  const Code code = support::random_wide_code(coding, dtype, engine);
  return encode(support::random_tensor(dtype, {n}, engine), code, n_streams, 1);
}

inline CodedTensor random_coded(const wide::Parameters& unit, support::Random& random) {
  const unsigned n_lanes = unit.n_lanes();
  const unsigned bits = 1 + random() % 16;
  const std::uint32_t n = random() % 2 == 0 ? random() % (3 * n_lanes) : random() % 2000;
  const bool raw = n == 0 || random() % 4 == 0;
  return coded(raw ? Coding::kRaw : unit.coding(), bits, n, raw ? 1 : 1 + random() % n_lanes,
               random);
}

inline std::uint32_t word_at(const AxiImage& image, std::uint64_t word) {
  const std::size_t at = image.descriptors - image.base + 4 * word;
  return image.bytes[at] | std::uint32_t{image.bytes[at + 1]} << 8 |
         std::uint32_t{image.bytes[at + 2]} << 16 | std::uint32_t{image.bytes[at + 3]} << 24;
}

}  // namespace transom::wide_cases
