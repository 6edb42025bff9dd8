#!/bin/sh
# run.sh SIMULATOR WHAT VECTORS [+PLUSARG...] — the benches of this folder on golden vectors.
#   SIMULATOR  verilator; icarus, which takes the unit as the Verilog that Yosys makes of it
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
  more="-GLanes=$lanes" top=decoder
  set_parameters="-set Kind $(parameter KIND) -set Lanes $lanes -set TableLog $(parameter MOST_TABLE_LOG) -set MaxRows $rows"
  define="-Plane_bench.Lanes=$lanes"
else
  sources=$here/axi_bench.sv more= define=
  set_parameters="-set Kind $(parameter KIND) -set Lanes $(parameter LANES) -set TableLog $(parameter TABLE_LOG) -set DataBits $(parameter DATA_BITS)"
  if [ "$(parameter WIDE)" = 0 ]; then
    top=decoder_axi lists="decoder.f decoder_axi.f"
    set_parameters="$set_parameters -set MaxRows $(parameter MAX_ROWS)"
  else
    top=decoder_wide lists=decoder_wide.f
    set_parameters="$set_parameters -set MaxOffset $(parameter MAX_OFFSET) -set Halves $(parameter HALVES)"
  fi
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
    at=$PWD
    (cd "$rtl" && yosys -q -p "
      read_verilog -sv $(for list in $lists; do grep -v '^+' "$list"; done | tr '\n' ' ')
      chparam $set_parameters $top
      hierarchy -check -top $top
      rename -top $top
      proc
      write_verilog -noattr $at/$build/$top.v")
    # shellcheck disable=SC2086 # several words
    iverilog -g2012 -DFLAT "-I$data" "-I$here" $define -s $bench -o "$build/bench" "$build/$top.v" $sources
    vvp -n "$build/bench" "$plusarg" "$@"
    ;;
  *) echo "run.sh: no simulator '$simulator'" >&2; usage ;;
esac
