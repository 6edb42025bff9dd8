#!/usr/bin/env bash
# shapes.sh — builds the shapes of the RTL that tests run, some at a time, before they run.
#
#   shapes.sh FOLDER COMPILER GROUP     GROUP: units, tiny, axi
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
folder=${TRANSOM_SHAPES:-$1} compiler=$2
names() {
  case $1 in
    units) # cosim_support.hpp: kTestLanes
      echo decoder_tans_64
      for kind in tans rans arith tans_pair nrans; do
        for lanes in 16 4 1; do echo decoder_${kind}_$lanes; done
      done
      echo decoder_tans_4_waves
      echo decoder_tans_1_fault_unchecked ;;
    tiny)
      echo tans_lane_tiny
      echo nrans_tiny
      for fault in tans rans arith tans_pair nrans; do echo decoder_${fault}_1_fault_$fault; done
      echo decoder_tans_1_fault_swap ;;
    axi) # axi_support.hpp: kTestShapes
      printf "%s\n" tans_build{,_fault_build} wide_tans{,_fault_overwrite}
      echo decoder_axi_tans_16_bus128_log14
      echo decoder_axi_tans_4_bus128_log14_addr40
      printf "%s\n" decoder_axi_tans_4_bus128_log14{,_fault_fetch}
      echo decoder_axi_rans_4_bus64_log12
      echo decoder_axi_arith_4_bus512_log10
      echo decoder_axi_tans_pair_4_bus256_log14
      echo decoder_axi_nrans_4_bus128_log12
      printf "%s\n" decoder_{tans_4,axi_tans_4_bus128}_log8_rows16 # cosim_sizes.cpp: a small unit
      echo decoder_wide_4_bus64_log12_halves8_offset16 # cosim_wide.cpp: all_parameters()
      printf "%s\n" decoder_wide_16_bus128_log10_halves8_offset8{,_fault_router}
      printf "%s\n" decoder_wide_tans_8_bus128_log8_halves8_offset16{,_fault_overwrite} ;;
  esac
}
export TRANSOM_JOBS=1
names "$3" | xargs -P "$(nproc)" -I NAME \
  bash "$(dirname "$0")/../../sim/verilated/shape.sh" "$folder" NAME "$compiler"
