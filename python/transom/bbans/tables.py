"""tables.py — the constants of integer networks, from 50 decimal digits; `python3 -m transom.bbans.tables` writes
model/vae/tables.cpp. What each one is: model/vae/README.md, "Tables".
"""
# SPDX-License-Identifier: Apache-2.0

import statistics
import sys
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal, getcontext
from functools import cache

DIGITS = 50
PI = Decimal("3.14159265358979323846264338327950288419716939937510582")


def _rounded(x: Decimal) -> int:
    return int(x.to_integral_value(ROUND_HALF_EVEN))


def _density(x: Decimal) -> Decimal:
    return (-x * x / 2).exp() / (2 * PI).sqrt()


def _above_half(x: Decimal) -> Decimal:
    """Phi(x) - 1/2 = phi(x) (x + x^3 / 3 + x^5 / (3 5) + ...), x >= 0."""
    term, total, n = x, x, 1
    while term > Decimal(10) ** -DIGITS:
        n += 2
        term = term * x * x / n
        total += term
    return total * _density(x)


def _quantile(above: Decimal) -> Decimal:
    """The x of Phi(x) - 1/2 = above: Newton's method, whose steps square the error of a double."""
    x = Decimal(statistics.NormalDist().inv_cdf(float(above) + 0.5))
    for _ in range(3):
        x -= (_above_half(x) - above) / _density(x)
    return x


def _table(n: int, unit: int, f: Callable[[Decimal], Decimal]) -> list[int]:
    return [_rounded(unit * f(Decimal(i))) for i in range(n)]


@cache
def tables() -> dict[str, list[int]]:
    """Name and numbers of each table."""
    getcontext().prec = DIGITS
    ln2 = Decimal(2).ln()
    return {
        "kExp2": _table(256, 1 << 30, lambda i: (ln2 * i / 256).exp()),
        "kExp2Low": _table(256, 1 << 30, lambda i: (ln2 * i / 65536).exp()),
        "kLog2": _table(256, 1 << 16, lambda i: (1 + i / 256).ln() / ln2),
        "kSigmoid": _table(1024, 1 << 32, lambda i: 1 / (1 + (-i / 64).exp())),
        "kNormalCdf": _table(513, 1 << 32, lambda i: _above_half(i / 64)),
        "kNormalQuantile": _table(1024, 1 << 16, lambda i: _quantile(i / 2048)),
    }


def cpp(numbers: dict[str, list[int]]) -> str:
    """model/vae/tables.cpp."""
    out = [
        "// tables.cpp — written by python/transom/bbans/tables.py: change that, not this.",
        "// SPDX-License-Identifier: Apache-2.0",
        '#include "transom/vae/tables.hpp"',
        "",
        "// clang-format off",
        "namespace transom::vae {",
    ]
    for name, table in numbers.items():
        out += ["", f"const std::array<std::uint32_t, {len(table)}> {name}{{", *_lines(table), "};"]
    return "\n".join([*out, "", "}  // namespace transom::vae", ""])


def _lines(table: Sequence[int], most: int = 118) -> list[str]:
    lines = [" "]
    for number in table:
        word = f" {number}u,"
        if len(lines[-1]) + len(word) > most:
            lines.append(" ")
        lines[-1] += word
    return lines


if __name__ == "__main__":
    sys.stdout.write(cpp(tables()))
