# sources.sh — the files of rtl/, packages first: for the other scripts, to be sourced in rtl/.
# SPDX-License-Identifier: Apache-2.0
sources="codec_pkg.sv bit_reader.sv table_ram.sv lane_control.sv turn_control.sv tans_lane.sv
  tans_pair_lane.sv rans_coder.sv rans_lane.sv arith_coder.sv arith_table.sv arith_lane.sv lane.sv decoder.sv"
axi_sources="axi_fifo.sv word_fifo.sv group_fifo.sv axi_pick.sv axi_fetch.sv axi_descriptor.sv
  axi_sequencer.sv axi_jobs.sv axi_errors.sv axi_counters.sv axi_regs.sv value_gather.sv axi_checks.sv decoder_axi.sv"
