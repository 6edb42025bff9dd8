#!/bin/sh
# delay.sh — area and longest combinational path of every lane, mapped to a liberty file by Yosys.
#
# usage: rtl/delay.sh LIBERTY [LANE...]
# Without memories, flip-flop times and wires: a figure to compare lanes with, not a sign-off.
# SPDX-License-Identifier: Apache-2.0
set -eu
[ $# -ge 1 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
liberty=$(realpath "$1")
[ -r "$liberty" ] || { echo "$0: cannot read $1" >&2; exit 2; }
shift
cd "$(dirname "$0")"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
echo 'strash; dch -f; map -B 0.9 -D 100; topo; buffer -c; upsize -D 100; dnsize -D 100; stime -p' \
  > "$out/abc"
[ $# -gt 0 ] || set -- tans_lane tans_pair_lane rans_lane arith_lane
printf '%-16s %12s %12s\n' lane "area um2" "path ps"
for lane in "$@"; do
  yosys -p "
    read_verilog -sv $(echo $(cat decoder.f))
    hierarchy -check -top $lane
    synth -top $lane -flatten -run begin:fine
    opt -full; techmap; opt -fast
    abc -liberty $liberty -script $out/abc
    stat -liberty $liberty" > "$out/log"
  area=$(sed -n 's/.*Chip area for module.*: *//p' "$out/log")
  delay=$(sed -n 's/.*Delay = *\([0-9.]*\) ps.*/\1/p' "$out/log" | tail -1)
  printf '%-16s %12.1f %12.0f\n' "$lane" "$area" "$delay"
done
