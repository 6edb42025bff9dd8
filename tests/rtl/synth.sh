#!/bin/sh
# synth.sh — Yosys reads rtl/ and synthesises it, and the memories are what was written.
#
# Memories stay memories: no target is meant, gates for the rest show that nothing is left over.
# Yosys 0.23 can drop a memory's dimension without a word: so words and bits are counted.
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/../../rtl"
sources="codec_pkg.sv bit_reader.sv tans_lane.sv table_ram.sv decoder.sv"
for lanes in 1 4; do
  # Ports of the memories: kLoadEntries writes for the table, one for the rows, a read per lane.
  yosys -q -p "
    read_verilog -sv $sources
    chparam -set Lanes $lanes -set TableLog 10 decoder
    hierarchy -check -top decoder
    synth -top decoder -run begin:fine
    flatten
    select -assert-count 2 t:\$mem_v2
    select -assert-count 1 t:\$mem_v2 r:SIZE=1024 %i r:WIDTH=26 %i r:RD_PORTS=$lanes %i
    select -assert-count 1 t:\$mem_v2 r:SIZE=256 %i r:WIDTH=21 %i r:RD_PORTS=$lanes %i
    opt -fast -full
    techmap
    abc -fast
    opt -fast
    check -assert
    select -assert-none t:\$_DLATCH*"
done
