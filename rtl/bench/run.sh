#!/bin/sh
# run.sh SIMULATOR WHAT VECTORS [+PLUSARG...] — the benches of this folder on golden vectors.
#   SIMULATOR  verilator; of lanes also icarus, which takes the unit as the Verilog that Yosys makes of it
#   WHAT       tans, rans, arith, tans_pair, nrans: all vectors for that kind of lane (lane_bench.sv);
#              axi/NAME: that memory image (axi_bench.sv)
#   VECTORS    a folder of `transom vectors`
#   LANES=2    lanes of the unit that lane_bench.sv has
# Builds in bench-SIMULATOR-WHAT/ of the folder where it is called.
# SPDX-License-Identifier: Apache-2.0
set -eu
usage() { sed -n '2,8s/^# //p' "$0" >&2; exit 2; }
[ $# -ge 3 ] || usage
simulator=$1 what=$2 vectors=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
rtl=${here%/bench}
build=bench-$simulator-$(echo "$what" | tr / -)
case $what in
  axi/*) data=$vectors/$what bench=axi_bench plusarg=+image=$data ;;
  *) data=$vectors/lanes/$what bench=lane_bench plusarg=+vectors=$vectors ;;
esac
parameters=$data/params.svh
[ -f "$parameters" ] || { echo "run.sh: no $parameters: WHAT is no kind of lane and no image of $vectors" >&2; usage; }
parameter() { sed -n "s/^localparam int $1 = \([0-9]*\);.*/\1/p" "$parameters"; }

if [ $bench = lane_bench ]; then
  rows=16
  [ "$(parameter MOST_ROWS)" -le 16 ] || rows=256
  lists=decoder.f sources="$here/lane_dut.sv $here/lane_bench.sv" lanes=${LANES:-2}
  more="-GLanes=$lanes"
else
  sources=$here/axi_bench.sv lists="decoder.f decoder_axi.f" more=
  [ "$(parameter WIDE)" = 0 ] || lists=decoder_wide.f
fi
mkdir -p "$build"
case $simulator in
  verilator)
    files=$(for list in $lists; do echo "-F $rtl/$list"; done)
    verilator --binary --timing --assert -O3 --x-assign fast -Wno-fatal -Wno-WIDTH "-I$data" "-I$here" "-I$rtl" \
      $more --top-module $bench -Mdir "$build" $files $sources > "$build/log" 2>&1 ||
      { cat "$build/log" >&2; exit 1; }
    "$build/V$bench" "$plusarg" "$@"
    ;;
  icarus)
    [ $bench = lane_bench ] || { echo "run.sh: memory images are for verilator" >&2; usage; }
    at=$PWD
    (cd "$rtl" && yosys -q -p "
      read_verilog -sv $(grep -v '^+' decoder.f | tr '\n' ' ')
      chparam -set Kind $(parameter KIND) -set Lanes $lanes -set TableLog $(parameter MOST_TABLE_LOG) -set MaxRows $rows decoder
      hierarchy -check -top decoder
      proc
      write_verilog -noattr $at/$build/decoder.v")
    iverilog -g2012 -DFLAT "-I$data" "-I$here" "-Plane_bench.Lanes=$lanes" -s lane_bench -o "$build/bench" \
      "$build/decoder.v" $sources
    vvp -n "$build/bench" "$plusarg" "$@"
    ;;
  *) echo "run.sh: no simulator '$simulator'" >&2; usage ;;
esac
