#!/bin/sh
# lint.sh — rtl/ without a warning in Verilator, for all kinds and numbers of lanes that are built.
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/../../rtl"
sources=$(grep -v '^+' decoder.f)  # not its options
lint() { verilator --lint-only -Wall -I. "$@" lint.vlt $(printf '../rtl/%s ' $sources); }
for lanes in 1 4 16; do
  for kind in 0:14 1:12 2:10 3:14 4:12; do  # and the largest table
    lint --assert --top-module decoder -GLanes=$lanes -GKind=${kind%:*} -GTableLog=${kind#*:}
  done
done
lint --assert --top-module decoder -GLanes=64 -GKind=0 -GTableLog=14  # most, of one kind: it takes seconds
for kind in 0 1 2 3 4; do
  lint --top-module decoder -GLanes=3 -GKind=$kind -GTableLog=9
done
for kind in 0:8 0:6 1:8; do  # small units
  lint --assert --top-module decoder -GLanes=4 -GKind=${kind%:*} -GTableLog=${kind#*:} -GMaxRows=16
done
lint --assert --top-module tans_lane -GTableLog=4
for kind in 0 1 2 3 4; do
  lint --assert -DTRANSOM_ASSERTS_OFF --top-module decoder -GLanes=2 -GKind=$kind -GTableLog=10
done
(cd / && verilator --lint-only -Wall --assert --top-module decoder "$OLDPWD/lint.vlt" \
  -F "$OLDPWD/decoder.f")  # the list as a user takes it

# decoder_axi with every width of the bus, and with the largest bursts.
sources="$sources $(cat decoder_axi.f)"
for bits in 64 128 256 512; do
  for kind in 0:14 1:12 2:10 3:14 4:12; do
    lint --assert --top-module decoder_axi -GLanes=4 -GDataBits=$bits -GKind=${kind%:*} \
      -GTableLog=${kind#*:}
  done
  lint --top-module decoder_axi -GLanes=1 -GDataBits=$bits -GAddrBits=40 \
    -GMaxBurst=$((bits == 64 ? 256 : 32768 / bits)) -GFifoBeats=512
done
lint --assert --top-module decoder_axi -GLanes=64 -GKind=0 -GTableLog=14
lint --assert --top-module decoder_axi -GLanes=4 -GTableLog=6 -GMaxRows=16 -GFifoMacro=0

# decoder_wide: few lanes and many, windows of less and more than a round's wishes.
sources=$(cat decoder_wide.f)
for shape in "4 64 12 8 16" "16 128 10 8 8" "64 128 10 32 8" "128 512 4 64 8" "128 256 12 512 16"; do
  set -- $shape
  lint --assert --top-module decoder_wide -GLanes="$1" -GDataBits="$2" -GTableLog="$3" -GHalves="$4" \
    -GMaxOffset="$5"
done
for shape in "4 64 4 8 16" "16 128 8 16 8" "128 512 6 64 16"; do
  set -- $shape
  lint --assert --top-module decoder_wide -GKind=0 -GLanes="$1" -GDataBits="$2" -GTableLog="$3" -GHalves="$4" \
    -GMaxOffset="$5"
done

# fed_unit, which is by itself.
sources=fed/fed_unit.sv
for shape in "1 1 2 4" "3 4 4 8" "15 16 16 8"; do
  set -- $shape
  lint --assert --top-module fed_unit -GCompares="$1" -GDivideBits="$2" -GTables="$3" -GSymbolLog="$4"
done
