#!/bin/sh
# archive.sh TRANSOM SEED FILE.tar.gz — the vectors of a seed as one file: with the pages that explain them, the
# schema, the RTL and its benches, the licence and SHA-256 of all. The same bytes whenever it is called.
# SPDX-License-Identifier: Apache-2.0
set -eu
[ $# -eq 3 ] || { sed -n '2,3s/^# //p' "$0" >&2; exit 2; }
transom=$1 seed=$2 archive=$3
source=$(cd "$(dirname "$0")/../.." && pwd)
case $archive in *.tar.gz) ;; *) echo "archive.sh: $archive: name it .tar.gz" >&2; exit 2 ;; esac
work=$(mktemp -d "$archive.XXXXXX")
trap 'rm -rf "$work"' EXIT
name=transom-vectors-$seed
root=$work/$name
mkdir -p "$root/docs" "$root/golden/vectors" "$root/model"
"$transom" vectors -o "$root/vectors" --seed "$seed" >&2
cp "$source/LICENSE" "$root"
cp "$source/docs/check-your-decoder.md" "$root/docs"
cp "$source/model/FORMAT.md" "$source/model/EXAMPLES.md" "$source/model/EXAMPLES-2.md" "$root/model"
cp "$source/golden/vectors/schema.json" "$source/golden/vectors/chains.schema.json" "$root/golden/vectors"
(cd "$source" && find rtl -name '*.sv' -o -name '*.svh' -o -name '*.f' -o -name '*.sh' -o -name '*.md') |
  tar -C "$source" -cf - -T - | tar -C "$root" -xf -
cat > "$root/README.md" << END
# Golden vectors of Transom, seed $seed
Streams, containers and memories, good and damaged, with all that a decoder of tANS, rANS, narrow rANS or APack's arithmetic coder must report.

- \`vectors/\`: the set; \`vectors/manifest.json\` says what each is. [docs/check-your-decoder.md](docs/check-your-decoder.md) explains it.
- [model/FORMAT.md](model/FORMAT.md): the format; [golden/vectors/schema.json](golden/vectors/schema.json): that of the tests in JSON.
- \`sh rtl/bench/run.sh verilator nrans vectors\`: the bench in plain SystemVerilog on Transom's own lanes; yours goes into
  [rtl/bench/lane_dut.sv](rtl/bench/lane_dut.sv).
- \`sha256sum -c SHA256SUMS\`: whether all is there.

Licence: Apache-2.0.
END
(cd "$root" && find . -type f | LC_ALL=C sort | xargs sha256sum > "$work/sums" && mv "$work/sums" SHA256SUMS)
tar -C "$work" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --format=ustar -cf - "$name" |
  gzip -n > "$work/archive"
mv "$work/archive" "$archive"
