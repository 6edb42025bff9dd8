#!/usr/bin/env bash
# run.sh — model and golden, built by two compilers and for other machines, must write the same bytes.
#
#   run.sh FOLDER [MACHINE...]     MACHINE: native, clang; sanitized, clang-sanitized (AddressSanitizer and UBSan);
#                                  aarch64, s390x (big-endian); all of them if none is named
#   IMAGE_SETS='MODEL.tvae IMAGES.npy ...'   whole sets of images, too, by models of them
#
# A machine that is not this one is emulated by qemu's user emulation; its libraries are Debian's, unpacked below
# FOLDER and not installed. Prints a hash per machine; exit code 1 where two differ, with the first line that does.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
folder=${1:?folder}
shift
[ $# -gt 0 ] || set -- native clang sanitized clang-sanitized aarch64 s390x
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# The libraries of another machine: what golden/ links, and what they need.
sysroot() { # DEBIAN'S NAME OF THE MACHINE
  local root=$folder/$1/root apt=$folder/$1/apt
  [ ! -e "$root/ready" ] || return 0
  mkdir -p "$apt"/{state/lists/partial,cache/archives/partial} "$root"
  local options=(-qq -o "APT::Architecture=$1" -o "APT::Architectures=$1" -o "Dir::State=$apt/state"
    -o Dir::State::status=/dev/null -o "Dir::Cache=$apt/cache")
  apt-get "${options[@]}" update
  apt-get "${options[@]}" install --yes --download-only --no-install-recommends libzip-dev libssl-dev libstdc++6 >/dev/null
  local package
  for package in "$apt"/cache/archives/*.deb; do
    case $package in # the compiler has a C library of its own to link with
      */libc6-dev_* | */linux-libc-dev_* | */libcrypt-dev_*) ;;
      *) dpkg -x "$package" "$root" ;;
    esac
  done
  touch "$root/ready"
}

build() { # MACHINE [CMAKE'S WORDS...]
  local machine=$1
  shift
  cmake -S . -B "$folder/$machine" -G Ninja -DCMAKE_BUILD_TYPE=Release -DTRANSOM_PORTABLE=ON "$@" >"$folder/$machine.log"
  cmake --build "$folder/$machine" --target portable_driver >>"$folder/$machine.log" || {
    tail -n 20 "$folder/$machine.log" >&2
    return 1
  }
}

cross() { # MACHINE DEBIAN'S NAME
  sysroot "$2"
  local root=$folder/$2/root tuple=$1-linux-gnu
  PKG_CONFIG_LIBDIR=$root/usr/lib/$tuple/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root build "$1" \
    -DCMAKE_SYSTEM_NAME=Linux "-DCMAKE_SYSTEM_PROCESSOR=$1" "-DCMAKE_CXX_COMPILER=$tuple-g++" \
    "-DCMAKE_EXE_LINKER_FLAGS=-L$root/usr/lib/$tuple -Wl,-rpath-link,$root/usr/lib/$tuple:$root/lib/$tuple" \
    "-DOPENSSL_INCLUDE_DIR=$root/usr/include" "-DOPENSSL_CRYPTO_LIBRARY=$root/usr/lib/$tuple/libcrypto.so" \
    "-DCMAKE_CXX_FLAGS=-isystem $root/usr/include/$tuple"
  run=("qemu-$1-static" -L "$root")
}

first='' failed=0
for machine; do
  run=()
  case $machine in
    native) build native ;;
    clang) build clang -DCMAKE_CXX_COMPILER=clang++ ;;
    sanitized) build sanitized -DTRANSOM_SANITIZE=ON ;;
    clang-sanitized) build clang-sanitized -DTRANSOM_SANITIZE=ON -DCMAKE_CXX_COMPILER=clang++ ;;
    aarch64) cross aarch64 arm64 ;;
    s390x) cross s390x s390x ;;
    *) echo "run.sh: no machine '$machine'" >&2; exit 2 ;;
  esac
  rm -rf "$folder/files"
  "${run[@]}" "$folder/$machine/portable_driver" "$folder/files" ${IMAGE_SETS:-} >"$folder/$machine.hashes"
  printf '%-15s %5d hashes, together %s\n' "$machine" "$(wc -l <"$folder/$machine.hashes")" \
    "$(sha256sum <"$folder/$machine.hashes" | cut -c 1-32)"
  if [ -z "$first" ]; then
    first=$machine
  elif ! cmp -s "$folder/$first.hashes" "$folder/$machine.hashes"; then
    echo "run.sh: $machine is not as $first; first:" >&2
    diff "$folder/$first.hashes" "$folder/$machine.hashes" | head -n 4 >&2 || true
    failed=1
  fi
done
exit $failed
