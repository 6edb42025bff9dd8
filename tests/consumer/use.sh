#!/bin/sh
# Transom from outside its tree: use.sh find_package|add_subdirectory|pkg_config|model_alone|program|examples
# Everything is made below $TRANSOM_BUILD/consumer/WAY, which stays there to look at.
# SPDX-License-Identifier: Apache-2.0
set -eu
way=$1
scratch=$TRANSOM_BUILD/consumer/$way
prefix=$scratch/prefix
rm -rf "$scratch"
mkdir -p "$scratch/project"
cd "$scratch"
cp "$TRANSOM_SOURCE"/tests/consumer/*.[ch]pp "$TRANSOM_SOURCE/tests/consumer/CMakeLists.txt" project

install() { # COMPONENT...
  for component; do
    cmake --install "$TRANSOM_BUILD" --prefix "$prefix" --component "$component" >> install.log
  done
}
configure_and_build() { # SOURCE [ARGUMENT...]
  cmake -S "$1" -B build -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 "$@" > configure.log 2>&1 ||
    { cat configure.log; exit 1; }
  cmake --build build > build.log 2>&1 || { cat build.log; exit 1; }
}
run() { # PROGRAM...
  for program; do
    echo "== $program"
    "./$program"
  done
}

case $way in
  find_package)
    install model cuda unit files verify cycle golden rtl
    # Every header that an installed one includes is installed, and no header wants another's includes.
    cd "$prefix/include"
    missing=$(grep -rhoE '#include "[^"]+"' . | sort -u | sed 's/.*"\(.*\)"/\1/' | grep '^transom/' |
      while read -r header; do [ -f "$header" ] || echo "$header"; done)
    [ -z "$missing" ] || { echo "not installed, but included: $missing"; exit 1; }
    find transom -name '*.hpp' ! -path '*/verilated*' | sort | sed 's/.*/#include "&"/' > "$scratch/all.cpp"
    cd "$scratch"
    $CXX -std=c++20 -fsyntax-only -Wall -Wextra -Werror -I"$prefix/include" all.cpp
    configure_and_build project -DCMAKE_PREFIX_PATH="$prefix"
    run build/model build/compare build/trace build/kernels
    ;;
  add_subdirectory)
    configure_and_build project -DTRANSOM_FOLDER="$TRANSOM_SOURCE" -DTRANSOM_SYSTEMC=OFF -DTRANSOM_GOLDEN=OFF
    run build/model build/compare
    ;;
  pkg_config)
    command -v pkg-config > /dev/null || { echo "pkg-config is not installed"; exit 77; }
    install model cuda unit files verify cycle golden
    export PKG_CONFIG_PATH="$prefix/lib/pkgconfig:$prefix/lib/$(${CXX} -dumpmachine)/pkgconfig"
    cd project
    $CXX -std=c++20 model.cpp $(pkg-config --cflags --libs transom-model) -o ../model
    $CXX -std=c++20 compare.cpp $(pkg-config --cflags --libs transom-cycle transom-verify) -o ../compare
    $CXX -std=c++20 trace.cpp $(pkg-config --cflags --libs transom-golden) -o ../trace
    $CXX -std=c++20 kernels.cpp $(pkg-config --cflags --libs transom-cuda) -o ../kernels
    cd ..
    test "$(pkg-config --modversion transom-model)" = "$(./model | sed 's/transom \(.*\):.*/\1/')"
    run model compare trace kernels
    ;;
  model_alone)
    install model
    configure_and_build project -DCMAKE_PREFIX_PATH="$prefix"
    run build/model
    test ! -e build/compare && test ! -e build/trace
    # Transom configures with nothing but a compiler.
    cmake -S "$TRANSOM_SOURCE" -B alone $(for package in nlohmann_json OpenSSL PkgConfig CLI11 verilator ZLIB Catch2 \
      benchmark; do echo "-DCMAKE_DISABLE_FIND_PACKAGE_$package=ON"; done) -DCMAKE_CUDA_COMPILER= > alone.log 2>&1 ||
      { cat alone.log; exit 1; }
    grep '^-- transom: no' alone.log
    ;;
  program)
    install program rtl
    test "$(prefix/bin/transom --version)" = "transom $TRANSOM_VERSION"
    prefix/bin/transom sweep --help > sweep.txt
    if ls "$TRANSOM_BUILD"/sim/libtransom_systemc.a > /dev/null 2>&1; then
      # SystemC is not loaded but where it is asked for, and then from beside the program.
      ldd prefix/bin/transom | grep libsystemc && exit 1
      LD_DEBUG=files prefix/bin/transom coverage --units lanes --kinds nrans --decoders systemc --runs 1 > loaded.txt 2>&1 || true
      grep -q "prefix/.*transom_with_systemc.so" loaded.txt
      grep -q "open after 1 runs, [1-9]" loaded.txt
    fi
    ;;
  examples)
    install model unit cycle
    grep -q '^TRANSOM_SYSTEMC:BOOL=ON' "$TRANSOM_BUILD/CMakeCache.txt" &&
      ls "$TRANSOM_BUILD"/sim/libtransom_systemc.a > /dev/null 2>&1 && install systemc
    configure_and_build "$TRANSOM_SOURCE/examples" -DCMAKE_PREFIX_PATH="$prefix"
    run build/roundtrip
    [ ! -e build/platform ] || run build/platform
    ;;
  *) echo "use.sh: no way '$way'"; exit 2 ;;
esac
