#!/bin/sh
# run.sh SIMULATOR KIND VECTORS [+PLUSARG...] — lane_bench.sv on all vectors for a kind of lane.
#   SIMULATOR  verilator, or icarus, which takes the unit as the Verilog that Yosys makes of it
#   KIND       tans, rans, arith, tans_pair, nrans
#   VECTORS    a folder of `transom vectors`
#   LANES=2    lanes of the unit
# Builds in bench-SIMULATOR-KIND/ of the folder where it is called.
# SPDX-License-Identifier: Apache-2.0
set -eu
[ $# -ge 3 ] || { sed -n '2,7s/^# //p' "$0" >&2; exit 2; }
simulator=$1 kind=$2 vectors=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
rtl=$here/..
lanes=${LANES:-2}
build=bench-$simulator-$kind
parameter() { sed -n "s/^localparam int $1 = \([0-9]*\);.*/\1/p" "$vectors/lanes/$kind/params.svh"; }
case $kind in
  tans | rans | arith | tans_pair | nrans) ;;
  *) echo "run.sh: $kind is no kind of lane: tans, rans, arith, tans_pair, nrans" >&2; exit 2 ;;
esac
mkdir -p "$build"
case $simulator in
  verilator)
    verilator --binary --timing --assert -O3 --x-assign fast -Wno-fatal -Wno-WIDTH "-I$vectors/lanes/$kind" "-I$here" \
      "-GLanes=$lanes" --top-module lane_bench -Mdir "$build" -F "$rtl/decoder.f" "$here/lane_dut.sv" \
      "$here/lane_bench.sv" > "$build/log" 2>&1 || { cat "$build/log" >&2; exit 1; }
    "$build/Vlane_bench" "+vectors=$vectors" "$@"
    ;;
  icarus)
    rows=16
    [ "$(parameter MOST_ROWS)" -le 16 ] || rows=256
    (cd "$rtl" && yosys -q -p "
      read_verilog -sv $(grep -v '^+' decoder.f | tr '\n' ' ')
      chparam -set Kind $(parameter KIND) -set Lanes $lanes -set TableLog $(parameter MOST_TABLE_LOG) -set MaxRows $rows decoder
      hierarchy -check -top decoder
      proc
      write_verilog -noattr $OLDPWD/$build/decoder.v")
    iverilog -g2012 -DFLAT "-I$vectors/lanes/$kind" "-I$here" "-Plane_bench.Lanes=$lanes" -s lane_bench -o "$build/bench" \
      "$build/decoder.v" "$here/lane_dut.sv" "$here/lane_bench.sv"
    vvp -n "$build/bench" "+vectors=$vectors" "$@"
    ;;
  *) echo "run.sh: no simulator '$simulator': verilator, icarus" >&2; exit 2 ;;
esac
