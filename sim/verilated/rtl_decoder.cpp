// rtl_decoder.cpp — rtl/decoder.sv, Verilated, as a run of the bench.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verilated/rtl_decoder.hpp"

#include <Vdecoder_arith_1.h>
#include <Vdecoder_arith_16.h>
#include <Vdecoder_arith_4.h>
#include <Vdecoder_arith_64.h>
#include <Vdecoder_rans_1.h>
#include <Vdecoder_rans_16.h>
#include <Vdecoder_rans_4.h>
#include <Vdecoder_rans_64.h>
#include <Vdecoder_tans_1.h>
#include <Vdecoder_tans_16.h>
#include <Vdecoder_tans_4.h>
#include <Vdecoder_tans_64.h>
#include <Vdecoder_tans_pair_1.h>
#include <Vdecoder_tans_pair_16.h>
#include <Vdecoder_tans_pair_4.h>
#include <Vdecoder_tans_pair_64.h>

#include <stdexcept>

#include "transom/verilated/rtl_unit.hpp"

namespace transom::verilated {

namespace {

template <LaneKind kind, class Of1, class Of4, class Of16, class Of64>
unit::Run run_kind(unit::Bench& bench, const RtlOptions& options) {
  const unsigned n = bench.shape().n_streams();
  switch (bench.shape().n_lanes) {
    case 1:
      return RtlUnit<Of1, kind>(n, options).run(bench);
    case 4:
      return RtlUnit<Of4, kind>(n, options).run(bench);
    case 16:
      return RtlUnit<Of16, kind>(n, options).run(bench);
    case 64:
      return RtlUnit<Of64, kind>(n, options).run(bench);
  }
  throw std::invalid_argument("no RTL is built for " + std::to_string(bench.shape().n_lanes) +
                              " lanes");
}

}  // namespace

unit::Run run_rtl(unit::Bench& bench, const RtlOptions& options) {
  switch (bench.shape().kind) {
    case LaneKind::kTans:
      return run_kind<LaneKind::kTans, Vdecoder_tans_1, Vdecoder_tans_4, Vdecoder_tans_16,
                      Vdecoder_tans_64>(bench, options);
    case LaneKind::kRans:
      return run_kind<LaneKind::kRans, Vdecoder_rans_1, Vdecoder_rans_4, Vdecoder_rans_16,
                      Vdecoder_rans_64>(bench, options);
    case LaneKind::kArith:
      return run_kind<LaneKind::kArith, Vdecoder_arith_1, Vdecoder_arith_4, Vdecoder_arith_16,
                      Vdecoder_arith_64>(bench, options);
    case LaneKind::kTansPair:
      return run_kind<LaneKind::kTansPair, Vdecoder_tans_pair_1, Vdecoder_tans_pair_4,
                      Vdecoder_tans_pair_16, Vdecoder_tans_pair_64>(bench, options);
  }
  throw std::invalid_argument("no such kind of lane");
}

}  // namespace transom::verilated
