#!/usr/bin/env bash
# shape.sh — makes a shape of the RTL, Verilated, as a shared object: when it is asked for, once.
#
#   shape.sh FOLDER NAME [COMPILER]     prints FOLDER/NAME/<key>.so, made if it is not there
#
# NAME tells module, kind of lane, lanes and the rest:
#   decoder_KIND_LANES                       KIND: tans, rans, arith, tans_pair, nrans; and _logR, _rowsN where they
#                                            are not the kind's
#   decoder_axi_KIND_LANES_busBITS_logR      and _addrN, _burstN, _outN, _fifoN, _beatsN, _rowsN where they are not the
#                                            module's
#   decoder_wide_LANES_busBITS_logR_halvesN_offsetBITS      and _addrN, _burstN, _outN, _fifoN; of tANS:
#   decoder_wide_tans_LANES_...
#   tans_lane_tiny, nrans_tiny               for tests/sim/cosim_tiny
#   tans_build, wide_tans                    for tests/sim/axi/cosim_axi_build
#   ..._fault_NAME                           spoilt as tests/rtl/faults/NAME says
#   ..._waves                                can write FST files
# The key is a hash of sources, tools and flags: what is stale is made again. Any number of processes
# may ask at once. TRANSOM_JOBS: how many compilers run at a time. TRANSOM_RTL_COVERAGE=line or toggle: a shape that counts
# what it reaches, and adds that to the files of TRANSOM_COVERAGE_DATA when its process ends (./dev coverage); it wants a
# FOLDER of its own.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
shopt -s nullglob

say() { echo "transom: $*" >&2; }
fail() { say "$name: $1"; exit 1; }

folder=${1:?folder} name=${2:?name}
mkdir -p "$folder" 2>/dev/null || fail "$folder cannot be made; name another folder in TRANSOM_SHAPES"
folder=$(cd "$folder" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD
CXX=${3:-c++}
jobs=${TRANSOM_JOBS:-$(nproc)}
for tool in verilator "${CXX##* }"; do
  command -v "$tool" >/dev/null || fail "its RTL is not built and $tool is not here to build it; \
install it (apt-get install ${tool/#*\/*/g++})"
done

# --- what the name says ---------------------------------------------------------------------------
fault='' waves=0 rest=$name lanes=1
if [[ $rest == *_waves ]]; then waves=1 rest=${rest%_waves}; fi
if [[ $rest =~ ^(.*)_fault_([a-z_]+)$ ]]; then rest=${BASH_REMATCH[1]} fault=${BASH_REMATCH[2]}; fi
listed() { grep -v '^+' "rtl/$1" | sed 's,^,rtl/,'; } # not its options
mapfile -t sources < <(listed decoder.f)
config=()
parameters=() glue=sim/verilated/shape/decoder.cpp top=decoder defines=()
# with_options OPTION...: parameters that a unit in its system has, and the table's log.
with_options() {
  for option; do
    case $option in
      log*) log=${option#log} ;;
      rows*) parameters+=(-GMaxRows="${option#rows}") ;;
      bus*) parameters+=(-GDataBits="${option#bus}") ;;
      addr*) parameters+=(-GAddrBits="${option#addr}") ;;
      burst*) parameters+=(-GMaxBurst="${option#burst}") ;;
      out*) parameters+=(-GOutstanding="${option#out}") ;;
      fifo*) parameters+=(-GFifoBeats="${option#fifo}") ;;
      beats*) parameters+=(-GValueBeats="${option#beats}") ;;
      halves*) parameters+=(-GHalves="${option#halves}") ;;
      offset*) parameters+=(-GMaxOffset="${option#offset}") ;;
      *) fail "there is no such shape" ;;
    esac
  done
}
# What a shape may know of the program: nothing else is in its include path.
headers=(model/base/{spec,bits,precondition}.hpp sim/unit/ports.hpp sim/system/axi_bus.hpp sim/verilated/shape/*.hpp)
if [[ $rest =~ ^decoder(_axi)?_(tans_pair|tans|rans|arith|nrans)_([0-9]+)((_[a-z]+[0-9]+)*)$ ]]; then
  top=decoder${BASH_REMATCH[1]} lanes=${BASH_REMATCH[3]} options=${BASH_REMATCH[4]//_/ }
  case ${BASH_REMATCH[2]} in # as LaneKind, with the largest table of the kind
    tans) kind=0 log=14 ;;
    rans) kind=1 log=12 ;;
    arith) kind=2 log=10 ;;
    tans_pair) kind=3 log=14 ;;
    nrans) kind=4 log=12 ;;
  esac
  with_options $options
  parameters+=(-GKind=$kind -GLanes="$lanes" -GTableLog="$log")
  defines=(-DTRANSOM_LANE_KIND=$kind)
  if [ $top = decoder_axi ]; then
    mapfile -t -O ${#sources[@]} sources < <(listed decoder_axi.f)
    config+=(sim/verilated/shape/axi_probe.vlt)
    glue=sim/verilated/shape/decoder_axi.cpp
  fi
elif [[ $rest =~ ^decoder_wide_(tans_)?([0-9]+)((_[a-z]+[0-9]+)*)$ ]]; then
  top=decoder_wide lanes=${BASH_REMATCH[2]} log=10 glue=sim/verilated/shape/decoder_wide.cpp
  config+=(sim/verilated/shape/wide_probe.vlt)
  kind=4
  [ -z "${BASH_REMATCH[1]}" ] || kind=0 log=8
  with_options ${BASH_REMATCH[3]//_/ }
  parameters+=(-GKind=$kind -GLanes="$lanes" -GTableLog="$log")
  mapfile -t sources < <(listed decoder_wide.f)
elif [ "$rest" = tans_lane_tiny ]; then
  top=tans_lane parameters=(-GTableLog=4) glue=tests/rtl/tans_lane.cpp headers+=(tests/rtl/tans_lane.hpp)
  if [ -e tests/rtl/flat_lane.sv ]; then top=flat_lane sources+=(tests/rtl/flat_lane.sv); fi
elif [ "$rest" = tans_build ]; then
  top=tans_build sources=(rtl/codec_pkg.sv rtl/lane/tans_{slots,build}.sv) parameters=(-GTableLog=12)
  glue=tests/rtl/tans_build.cpp headers+=(tests/rtl/tans_build.hpp)
elif [ "$rest" = wide_tans ]; then
  top=flat_wide_tans glue=tests/rtl/wide_tans.cpp headers+=(tests/rtl/{wide_tans,nrans}.hpp)
  sources=(rtl/codec_pkg.sv rtl/lane/tans_slots.sv rtl/wide/wide_tans_{table,step}.sv tests/rtl/flat_wide_tans.sv)
elif [ "$rest" = nrans_tiny ]; then
  top=flat_nrans parameters=(-GTableLog=4) glue=tests/rtl/nrans.cpp
  headers+=(tests/rtl/nrans.hpp) sources+=(tests/rtl/flat_nrans.sv)
else
  fail "there is no such shape"
fi

# --- how it is made -------------------------------------------------------------------------------
# Verilator 5.006 forgets to declare a loop variable in some functions, so it writes no loops. Of many
# lanes modules are not inlined: that simulates faster, by a fifth at 64, and compiles faster.
verilate=(--cc --assert --x-assign fast --x-initial fast -fno-reloop -Wno-lint -Wno-fatal -Irtl --prefix Vshape --top-module $top)
[ "$lanes" -lt 8 ] || [ $top != decoder ] || verilate+=(-fno-inline) # of decoder_axi the glue sees inside
((waves)) && verilate+=(--trace-fst)
counts=0
if [ -n "${TRANSOM_RTL_COVERAGE:-}" ]; then counts=1 verilate+=("--coverage-$TRANSOM_RTL_COVERAGE"); fi
flags=(-std=c++20 -fPIC -fvisibility=hidden -pthread -w -include transom/verilated/shape/print.hpp
  -DVL_PRINTF=transom_rtl_print -DVM_TRACE=$waves -DVM_TRACE_FST=$waves -DVM_COVERAGE=$counts -DVM_SC=0)
tools=$(verilator --version; $CXX --version | head -n 1; uname -m)
hash_of() { sha256sum | cut -c 1-16; }
spoil=()
[ -z "$fault" ] || spoil=("tests/rtl/faults/$fault")
key=$({ echo "$tools" "${verilate[@]}" "${parameters[@]}" "${flags[@]}"
  cat "${sources[@]}" rtl/*.svh "${config[@]}" "${headers[@]}" "$glue" "${spoil[@]}" sim/verilated/shape.sh \
    sim/verilated/shape/{print.cpp,shape.map}; } | hash_of)
made=$folder/$name/$key.so
if [ -e "$made" ]; then echo "$made"; exit; fi

# --- one process makes it -------------------------------------------------------------------------
mkdir -p "$folder/$name"
exec {lock}>"$folder/$name/lock"
if ! flock -n $lock; then
  say "another process is building the RTL of $name: waiting for it"
  flock $lock
fi
if [ -e "$made" ]; then echo "$made"; exit; fi
seconds=$((12 + lanes))
say "building the RTL of $name (once, about $seconds s): $folder/$name"

work=$folder/$name/work log=$folder/$name/log
rm -rf "$work"
mkdir -p "$work/include"
cleanup() {
  local left
  left=$(jobs -p)
  [ -z "$left" ] || kill $left 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
: >"$log"
failed() {
  { say "$name: $1; the last lines of $log:"; tail -n 12 "$log"; } >&2
  exit 1
}

for header in "${headers[@]}"; do
  room=$(basename "$(dirname "$header")")
  case $header in
    sim/verilated/*) room=verilated/shape ;;
    tests/*) room=tests ;;
  esac
  mkdir -p "$work/include/transom/$room"
  ln -s "$root/$header" "$work/include/transom/$room/"
done

# spoil MODULE: the file with its fault, which must find what it spoils exactly once.
if [ -n "$fault" ]; then
  { read -r module; IFS= read -r text; IFS= read -r bad; } < <(grep -v '^#' "${spoil[0]}")
  for file in "${sources[@]}"; do
    if [[ $file == */"$module.sv" ]]; then spoilt=$file; fi
  done
  source=$(cat "$spoilt")
  once=${source/"$text"/}
  [ ${#once} -eq $((${#source} - ${#text})) ] && [[ $once != *"$text"* ]] \
    || fail "what the seeded fault '$fault' spoils is not once in $spoilt"
  mkdir "$work/rtl"
  printf '%s\n' "${source/"$text"/"$bad"}" >"$work/rtl/$module.sv"
  sources=("${sources[@]/#"$spoilt"/"$work/rtl/$module.sv"}")
fi

verilator "${verilate[@]}" "${parameters[@]}" --Mdir "$work" "${config[@]}" "${sources[@]}" >>"$log" 2>&1 \
  || failed "Verilator failed"

# Few large files: the headers take the compiler a second each time.
cd "$work"
ln -s "$root" transom
together() { # GROUP FILE...: of about 300 KB each
  local group=$1 file size=0 n=0
  shift
  for file; do
    echo "#include \"$file\"" >>"$group$n.cc"
    size=$((size + $(stat -c %s "$file")))
    if ((size > 300000)); then size=0 n=$((n + 1)); fi
  done
}
slow=() trace=() fast=()
for file in Vshape*.cpp; do
  case $file in
    Vshape__Trace*) trace+=("$file") ;;
    *__Slow.cpp | *__Syms.cpp) slow+=("$file") ;;
    *) fast+=("$file") ;;
  esac
done
together fast "${fast[@]}"
together slow "${slow[@]}"
((waves)) && together trace "${trace[@]}"

include=$(verilator --getenv VERILATOR_ROOT)/include
flags+=(-I. -Iinclude -isystem "$include" -isystem "$include/vltstd")
ccache=()
command -v ccache >/dev/null && ccache=(ccache)
compile() { "${ccache[@]}" $CXX "${flags[@]}" "$@"; }

# Verilator's runtime is the same for all shapes: made once, by whoever comes first.
objects=$folder/runtime/$({ echo "$tools" "${flags[@]}"; cat transom/sim/verilated/shape/print.hpp; } | hash_of)
runtime() { # OBJECT
  exec {rt}>"$objects/$1.lock"
  flock $rt
  [ -e "$objects/$1" ] && return
  compile -O2 -c "$include/${1%.o}.cpp" -o "$objects/$1.new"
  mv "$objects/$1.new" "$objects/$1"
}
mkdir -p "$objects"
runtime=(verilated.o verilated_threads.o)
((waves)) && runtime+=(verilated_fst_c.o)
((counts)) && runtime+=(verilated_cov.o)

todo=()
for object in "${runtime[@]}"; do
  [ -e "$objects/$object" ] || todo+=("runtime $object")
done
for file in fast*.cc; do todo+=("compile -O2 -c $file -o ${file%.cc}.o"); done
((counts)) && defines+=(-DTRANSOM_SHAPE_NAME="$name")
todo+=("compile -O2 ${defines[*]} -c transom/$glue -o glue.o")
for file in slow*.cc trace*.cc; do todo+=("compile -O0 -c $file -o ${file%.cc}.o"); done
todo+=("compile -O2 -c transom/sim/verilated/shape/print.cpp -o print.o")

SECONDS=0 told=0 n_done=0 n_running=0
finish_one() {
  wait -n || failed "$CXX failed"
  n_done=$((n_done + 1)) n_running=$((n_running - 1))
  if ((SECONDS >= told + 2)); then
    told=$SECONDS
    say "$name: $n_done of ${#todo[@]} compiled, $SECONDS s"
  fi
}
for one in "${todo[@]}"; do
  if ((n_running == jobs)); then finish_one; fi
  $one >>"$log" 2>&1 &
  n_running=$((n_running + 1))
done
while ((n_running > 0)); do finish_one; done

libraries=()
((waves)) && libraries=(-lz)
$CXX -shared -pthread -Wl,--version-script="$root/sim/verilated/shape/shape.map" -o shape.so ./*.o \
  "${runtime[@]/#/$objects/}" "${libraries[@]}" >>"$log" 2>&1 || failed "the linker failed"
cd "$root"
rm -f "$folder/$name"/*.so
mv "$work/shape.so" "$made"
echo "$made"
