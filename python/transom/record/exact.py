"""exact.py — floating point whose results do not depend on the machine.

A matrix product is the only step of training whose value depends on the order of its additions,
and each BLAS, vector width and thread count has its own order. So every operand of a product is
first rounded to a multiple of 2^-16: each product term is then a multiple of 2^-32, and as long as
the magnitudes of the terms add up to less than 2^21, every partial sum in any order, fused or not,
is a multiple of 2^-32 below 2^21: 53 bits, exact in float64. The bound is checked at each product.
Everything else is elementwise + - * / sqrt and rounding, which IEEE 754 defines to the last bit;
no exp, log or power is used, because libraries differ in their last bit.
(Rounding the results alone would only make a difference rare: an error of 1e-15 across a rounding
boundary still shows, and training visits some 10^8 of them.)
"""
# SPDX-License-Identifier: Apache-2.0

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GRID = 2.0**-16
EXACT_SUM_BOUND = 2.0**53 * GRID * GRID


def snap(values: Floats) -> Floats:
    """Returns the values rounded to the nearest multiple of GRID, ties to even."""
    snapped: Floats = np.rint(values / GRID) * GRID
    return snapped


def exact_product(left: Floats, right: Floats) -> Floats:
    """Returns left @ right, (n, k) x (k, m) -> (n, m), identical in every summation order.

    Both operands are multiples of GRID (see `snap`); the result is a multiple of GRID^2.
    Raises ArithmeticError where the sums could need more than 53 bits.
    """
    largest_sum = left.shape[1] * np.max(np.abs(left)) * np.max(np.abs(right))
    if not largest_sum < EXACT_SUM_BOUND:
        raise ArithmeticError(f"sums of up to {largest_sum:.0f} are not exact; the bound is {EXACT_SUM_BOUND:.0f}")
    return left @ right
