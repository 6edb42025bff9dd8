#!/bin/sh
# synth.sh — Yosys reads rtl/ and synthesises it, and the memories are what was written.
#
# Memories stay memories: no target is meant, gates for the rest show that nothing is left over.
# Yosys 0.23 can drop a memory's dimension without a word: so words and bits are counted.
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/../../rtl"
sources=$(grep -v '^+' decoder.f)  # not its options
# synth KIND LANES R ROWS WIDTH READS ROW_READS: R of the largest table, bits of its words (0: no table
# memory), read ports of the table and of the rows. Both banks are in one memory.
synth() {
  table=""
  n_memories=1
  if [ "$5" -ne 0 ]; then
    table="select -assert-count 1 t:\$mem_v2 r:SIZE=$((2 << $3)) %i r:WIDTH=$5 %i r:RD_PORTS=$6 %i"
    n_memories=2
  fi
  yosys -q -p "
    read_verilog -sv $(echo $sources)
    chparam -set Kind $1 -set Lanes $2 -set TableLog $3 -set MaxRows $4 decoder
    hierarchy -check -top decoder
    synth -top decoder -run begin:fine
    flatten
    select -assert-count $n_memories t:\$mem_v2
    $table
    select -assert-count 1 t:\$mem_v2 r:SIZE=$((2 * $4)) %i r:WIDTH=21 %i r:RD_PORTS=$7 %i
    opt -fast -full
    techmap
    abc -fast
    opt -fast
    check -assert
    select -assert-none t:\$_DLATCH*"
}
# The same for decoder_axi with 4 lanes of a kind: synth_axi KIND MEMORIES CHANNELS STREAMS. Beside
# the FIFOs of channels and streams there are that of the sequencer, the queues of tensors, bursts
# and beats out, what the channels want, and the decoder's table and rows.
synth_axi() {
  yosys -q -p "
    read_verilog -sv $(echo $sources $(cat decoder_axi.f))
    chparam -set Kind $1 -set Lanes 4 -set TableLog 10 decoder_axi
    hierarchy -check -top decoder_axi
    rename -top decoder_axi
    synth -top decoder_axi -run begin:fine
    flatten
    select -assert-count $2 t:\$mem_v2
    select -assert-count $3 t:\$mem_v2 r:SIZE=32 %i r:WIDTH=134 %i r:RD_CLK_ENABLE=1'1 %i
    select -assert-count $4 t:\$mem_v2 r:SIZE=8 %i
    opt -fast -full
    techmap
    check -assert
    select -assert-none t:\$_DLATCH*"
}
synth 0 1 10 256 22 1 1  # of one lane: the same generate blocks for every kind
synth 0 2 10 256 22 2 2
synth 1 2 10 256 28 2 4
synth 2 2 10 16 0 0 4
synth 3 2 10 16 22 2 4
synth 4 2 10 16 0 0 2
synth 0 2 8 16 16 2 2  # 2 * 256 * 16: the 8,192 bits that rtl/README.md has of a lane
synth 0 2 6 16 13 2 2
synth 1 2 8 16 20 2 4
synth_axi 0 19 8 4
# decoder_wide: the FIFO of beats, the queues of bursts and of beats out, what the fetch wants.
yosys -q -p "
  read_verilog -sv $(echo $(cat decoder_wide.f))
  chparam -set Lanes 4 -set Halves 8 decoder_wide
  hierarchy -check -top decoder_wide
  rename -top decoder_wide
  synth -top decoder_wide -run begin:fine
  flatten
  select -assert-count 4 t:\$mem_v2
  select -assert-count 1 t:\$mem_v2 r:SIZE=32 %i r:WIDTH=131 %i r:RD_CLK_ENABLE=1'1 %i
  opt -fast -full
  techmap
  check -assert
  select -assert-none t:\$_DLATCH*"
