#!/bin/sh
# lint.sh — rtl/ without a warning in Verilator, for all kinds and numbers of lanes that are built.
# SPDX-License-Identifier: Apache-2.0
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../rtl"
. "$here/sources.sh"
lint() { verilator --lint-only -Wall "$@" lint.vlt $(printf '../rtl/%s ' $sources); }
for lanes in 1 4 16 64; do
  for kind in 0:14 1:12 2:10 3:14; do  # and the largest table
    lint --assert --top-module decoder -GLanes=$lanes -GKind=${kind%:*} -GTableLog=${kind#*:}
  done
done
for kind in 0 1 2 3; do
  lint --top-module decoder -GLanes=3 -GKind=$kind -GTableLog=9
done
lint --assert --top-module tans_lane -GTableLog=4
