#!/bin/sh
# icarus.sh — Icarus Verilog 11 reads what it can: bit_reader and table_ram as they are, the rest
# (its packages hold no structs) as the Verilog that Yosys elaborates.
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/../../rtl"
sources=$(grep -v '^+' decoder.f)  # not its options
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
iverilog -g2012 -s bit_reader -o "$out/bit_reader" codec_pkg.sv lane/bit_reader.sv
iverilog -g2012 -s table_ram -o "$out/table_ram" lane/table_ram.sv
for kind in 0 1 2 3 4; do
  yosys -q -p "
    read_verilog -sv $(echo $sources)
    chparam -set Kind $kind -set Lanes 2 -set TableLog 12 decoder
    hierarchy -check -top decoder
    proc
    write_verilog -noattr $out/decoder.v"
  iverilog -g2005-sv -s decoder -o "$out/decoder" "$out/decoder.v"
done
