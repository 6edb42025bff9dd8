"""test_integer_tables.py — the tables of model/vae are what their script writes, and what they are called."""
# SPDX-License-Identifier: Apache-2.0

import math
import statistics
from collections.abc import Callable

from program import SOURCE

from transom.bbans.tables import cpp, tables


def test_the_tables_of_the_library_are_those_that_the_script_writes() -> None:
    assert (SOURCE / "model/vae/tables.cpp").read_text() == cpp(tables())


def test_every_table_is_what_it_is_called() -> None:
    """By the machine's own functions, whose last place may differ."""
    normal = statistics.NormalDist()
    want: dict[str, Callable[[int], float]] = {
        "kExp2": lambda i: 2 ** (30 + i / 256),
        "kExp2Low": lambda i: 2 ** (30 + i / 65536),
        "kLog2": lambda i: 65536 * math.log2(1 + i / 256),
        "kSigmoid": lambda i: 2**32 / (1 + math.exp(-i / 64)),
        "kNormalCdf": lambda i: 2**31 * math.erf(i / 64 / math.sqrt(2)),
        "kNormalQuantile": lambda i: 65536 * normal.inv_cdf(0.5 + i / 2048),
    }
    assert tables().keys() == want.keys()
    for name, table in tables().items():
        assert all(abs(n - want[name](i)) < 0.51 for i, n in enumerate(table)), name
        assert table == sorted(table)
