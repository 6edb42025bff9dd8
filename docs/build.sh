#!/bin/sh
# Writes pages of all public headers to BUILD/docs, from a build folder that is configured: build.sh BUILD
# Fails on any warning of Doxygen's, and on a header that does not open with its name and what it is.
# SPDX-License-Identifier: Apache-2.0
set -eu
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
export TRANSOM_DOCS="$build/docs"
TRANSOM_VERSION=$(sed -nE 's/^project\(transom VERSION ([0-9.]+).*/\1/p' CMakeLists.txt)
export TRANSOM_VERSION
rm -rf "$TRANSOM_DOCS"
mkdir -p "$TRANSOM_DOCS"
cmake --install "$build" --prefix "$TRANSOM_DOCS" --component headers > "$TRANSOM_DOCS/install.log"
find "$TRANSOM_DOCS/include" -name '*.hpp' | while read -r header; do
  head -n 1 "$header" | grep -q "^// $(basename "$header") — " ||
    { echo "$header does not open with '// $(basename "$header") — what it is'"; exit 1; }
done
doxygen docs/Doxyfile
