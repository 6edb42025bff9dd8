"""tans_py.py — transom.tans_py beside tANS_py itself, where that is installed: processor time of the same calls.

    PYTHONPATH=build/python python3 bench/tans_py.py [number of values]

Both code the same int8 array; the bits are compared. tANS_py is `pip install tANS_py`.
"""
# SPDX-License-Identifier: Apache-2.0

import importlib
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from transom import tans_py


def seconds(call: Callable[[], Any], least: float = 0.2) -> float:
    """Of one call, the mean of as many as take `least` seconds."""
    n, start = 0, time.process_time()
    while n == 0 or time.process_time() - start < least:
        call()
        n += 1
    return (time.process_time() - start) / n


def main() -> int:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 16384
    values = np.clip(np.random.default_rng(1).laplace(0, 6, n).round(), -128, 127).astype(np.int8)
    listed = values.tolist()  # the original miscounts arrays
    bits, coder = tans_py.encode(values)
    ours = {
        "encode of a list": lambda: tans_py.encode(listed, dtype="list"),
        "Coder.encode": lambda: coder.encode(values),
        "Coder.decode": lambda: coder.decode(bits),
        "encode_decode_test": lambda: tans_py.encode_decode_test(values),
    }
    try:
        original = importlib.import_module("tANS_py.tANS")
    except ImportError as error:
        print(f"tANS_py is not installed ({error}): its times are not measured")
        theirs = None
    else:
        its_coder = importlib.import_module("tANS_py.Coder").Coder(coder.L, coder.s_list, coder.L_s)
        if its_coder.encode(values) != list(bits):
            print("tANS_py gives other bits", file=sys.stderr)
            return 1
        its_bits = list(bits)
        theirs = {
            "encode of a list": lambda: original.encode(listed, dtype="list"),
            "Coder.encode": lambda: its_coder.encode(values),
            "Coder.decode": lambda: its_coder.decode(its_bits),
            "encode_decode_test": lambda: original.encode_decode_test(values),
        }
    print(f"{n} values, {len(bits) / n:.3f} bits each; ns of processor time for each value")
    print(f"{'':20}{'tANS_py':>12}{'transom':>12}{'ratio':>10}")
    for call, run in ours.items():
        own = seconds(run)
        its = seconds(theirs[call], 0) if theirs else float("nan")
        print(f"{call:20}{its / n * 1e9:12.0f}{own / n * 1e9:12.1f}{its / own:10.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
