#!/bin/sh
# lint.sh — rtl/ without a warning in Verilator, for all numbers of lanes that are built.
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/../.."
sources="rtl/lint.vlt rtl/codec_pkg.sv rtl/bit_reader.sv rtl/tans_lane.sv rtl/table_ram.sv
  rtl/decoder.sv"
lint() { verilator --lint-only -Wall "$@" $sources; }
for lanes in 1 4 16 64; do
  lint --assert --top-module decoder -GLanes=$lanes
done
lint --top-module decoder -GLanes=3 -GTableLog=9
lint --assert --top-module tans_lane -GTableLog=4
