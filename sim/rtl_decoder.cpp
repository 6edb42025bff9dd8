// rtl_decoder.cpp — rtl/decoder.sv, Verilated, as a run of the bench.
// SPDX-License-Identifier: Apache-2.0
#include "rtl_decoder.hpp"

#include <Vdecoder1.h>
#include <Vdecoder16.h>
#include <Vdecoder4.h>
#include <Vdecoder64.h>

#include "rtl_unit.hpp"

namespace transom {

Run run_rtl(Bench& bench, const RtlOptions& options) {
  const unsigned n = bench.n_lanes();
  if (n <= 1) return RtlUnit<Vdecoder1>(n, options).run(bench);
  if (n <= 4) return RtlUnit<Vdecoder4>(n, options).run(bench);
  if (n <= 16) return RtlUnit<Vdecoder16>(n, options).run(bench);
  return RtlUnit<Vdecoder64>(n, options).run(bench);
}

}  // namespace transom
