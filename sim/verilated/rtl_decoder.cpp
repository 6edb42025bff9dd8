// rtl_decoder.cpp — rtl/decoder.sv, Verilated, as a run of the bench.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verilated/rtl_decoder.hpp"

#include <ostream>

#include "transom/verilated/shapes.hpp"

namespace transom::verilated {

unit::Run run_rtl(unit::Bench& bench, const RtlOptions& options) {
  const auto shape = make_shape<DecoderShape>(
      shape_name(bench.shape(), options.fault),
      {options.assertions, options.wave, options.wave_from, options.wave_to});
  std::uint64_t to_record = options.ports != nullptr ? options.ports_cycles : 0;
  std::string text;
  if (options.ports != nullptr) {
    shape->append_port_names(text);
    *options.ports << text;
  }
  unit::UnitOutputs out;
  out.streams.resize(bench.shape().n_streams());
  return run_bench(bench, *shape, std::move(out), [&] {
    if (to_record == 0) return;
    text.clear();
    shape->append_ports(text);
    *options.ports << text;
    --to_record;
  });
}

void load_rtl(const unit::UnitShape& shape) { load_shape(shape_name(shape)); }

}  // namespace transom::verilated
