#!/usr/bin/env bash
# run.sh — runs fuzz targets for some minutes each and says what they did; `./dev fuzz` has built them.
#
#   run.sh BUILD MINUTES [TARGET...]      all targets if none is named
#
# Each starts from tests/fuzz/corpus/TARGET, from recorded vectors where they are (TRANSOM_SHARED), and from what
# earlier runs found new, BUILD/corpus/TARGET. A line per target: executions, edges, inputs kept. Exit code 1 with
# a finding, which is named: put it into tests/fuzz/corpus/TARGET with the fix, and every test run tries it.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
build=${1:?build} minutes=${2:?minutes}
shift 2
mkdir -p "$build"/{findings,logs}
build=$(cd "$build" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=$(awk -v m="$minutes" 'BEGIN { printf "%d", m * 60; exit m * 60 < 1 }') \
  || { echo "fuzz: MINUTES is '$minutes'; give a number of at least 1/60" >&2; exit 2; }

python_targets=(sweep_csv sweep_json)
programs=("$build"/fuzz_*)
all=("${programs[@]##*/fuzz_}" "${python_targets[@]}")
[ $# -gt 0 ] || set -- "${all[@]}"

# The words of the formats: field names and magic strings are hard to guess.
grep -ohE '"[A-Za-z_][A-Za-z_0-9]{1,30}"' golden/*.cpp golden/interop/*.cpp model/foreign/*.cpp python/transom/sweep/rows.py \
  | sort -u >"$build/words.dict"
shared=${TRANSOM_SHARED:-../shared}
[ ! -d "$shared/interop" ] || /usr/bin/python3 tests/fuzz/seeds.py --interop "$shared/interop" "$build/corpus/interop"

failed=0
printf '%-12s %8s %12s %8s %8s\n' target seconds executions edges inputs
for target; do
  case " ${all[*]} " in
    *" $target "*) ;;
    *) echo "fuzz: no target '$target'; there are: ${all[*]}" >&2; exit 2 ;;
  esac
  corpus=$build/corpus/$target log=$build/logs/$target
  mkdir -p "$corpus"
  command=("$build/fuzz_$target")
  [[ " ${python_targets[*]} " != *" $target "* ]] \
    || command=(build/venv/bin/python tests/fuzz/sweep.py "$target" --fuzz)
  words=(-max_total_time="$seconds" -timeout=120 -rss_limit_mb=2048 -print_final_stats=1 -max_len=65536 -len_control=20
    -dict="$build/words.dict" -artifact_prefix="$build/findings/$target-" "$corpus" "tests/fuzz/corpus/$target")
  status=fine
  "${command[@]}" "${words[@]}" >"$log" 2>&1 || status=failed
  edges=$(grep -oE 'cov: [0-9]+' "$log" | tail -n 1 | cut -d ' ' -f 2 || true)
  executions=$(sed -nE 's/^stat::number_of_executed_units: +//p; s/^Done ([0-9]+) runs.*/\1/p' "$log" | tail -n 1)
  printf '%-12s %8d %12s %8s %8d\n' "$target" "$seconds" "${executions:-?}" "${edges:-?}" "$(ls "$corpus" | wc -l)"
  if [ $status = failed ]; then
    failed=1
    echo "fuzz: $target has a finding; the end of $log:" >&2
    grep -E '^claim:|ERROR|SUMMARY|Test unit written|Exception|Error' "$log" | tail -n 8 >&2 || tail -n 5 "$log" >&2
  fi
done
exit $failed
