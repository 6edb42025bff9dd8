"""tables.py — probabilities to cumulative counts, as torch_ans computes them."""
# SPDX-License-Identifier: Apache-2.0

import numpy as np

from transom import _core
from transom.torch.arrays import Array, floats, integers, like, scalar


def rans_pmf_to_quantized_cdf(pmfs: Array, precision: int = 16) -> Array:
    """Cumulative counts of each row of probabilities: 0 to 2^precision, every symbol with at least one.

    Args:
        pmfs: (rows, n), 0 and more, each row with a sum near 1; computed in binary32.
        precision: 1..23.

    Returns:
        int32 (rows, n + 1). Where torch_ans' int32 wraps and gives no table (a probability of 1/2 or more at 16 bits),
        the exact one.

    Raises:
        ValueError: more symbols than 2^precision, other probabilities, another precision.
    """
    return like(_core.torch_pmf_to_cdf(floats(pmfs, "pmfs"), scalar(precision, "precision", 1, 23)), pmfs)


def pmf_to_quantized_cdf_batched(
    pmf: Array, precision: int = 16, add_tail: bool = True, tail_mass: float = 1e-10, normalize: bool = True
) -> Array:
    """The alternative that steals no count: adds one to each, scales, and scales down while a row has too many.

    Args:
        pmf: (rows, n), 2 n < 2^precision.
        precision: 1..23.
        add_tail: with one more symbol, of the probability tail_mass.
        tail_mass: of that symbol.
        normalize: divide each row by its sum first.

    Returns:
        int32 (rows, n + 1), or n + 2 with the tail.

    Raises:
        ValueError: as rans_pmf_to_quantized_cdf.
    """
    rows = floats(pmf, "pmf")
    if rows.shape[1] * 2 >= 1 << scalar(precision, "precision", 1, 23):
        raise ValueError(f"pmf has {rows.shape[1]} symbols; must be fewer than half of 2^precision")
    return like(_core.torch_pmf_to_cdf_batched(rows, precision, add_tail, tail_mass, normalize), pmf)


def inverse_quantized_cdf(quantized_cdf: Array, freq_precision: int = 16) -> Array:
    """The symbol of each of 2^freq_precision slots: int32 (rows, 2^freq_precision), freq_precision 0..16."""
    cdfs = integers(quantized_cdf, "quantized_cdf", 2)
    return like(_core.torch_inverse_cdf(cdfs, scalar(freq_precision, "freq_precision", 0, 16)), quantized_cdf)


def rans_alias_build_table(
    cdfs: Array, cdfs_sizes: Array, symbol_precision: int = 8, freq_precision: int = 16
) -> tuple[Array, Array]:
    """What rans*_alias_push and rans*_alias_pop take as cdfs: ([cdf][2^freq_precision remap], [cdf][4 n elements]).

    Both also take plain cdfs here: the tables follow from them. Every row must have 2^symbol_precision symbols, the
    escape included.

    Raises:
        ValueError: another number of symbols, where torch_ans writes past its table; a row that is no cdf.
    """
    rows, sizes = integers(cdfs, "cdfs", 2), integers(cdfs_sizes, "cdfs_sizes", 1)
    size = (1 << scalar(symbol_precision, "symbol_precision", 0, 15)) + 1
    if (sizes != size).any():
        raise ValueError(f"cdfs_sizes must all be 2^symbol_precision + 1 = {size}")
    precision = scalar(freq_precision, "freq_precision", 1, 16)
    coder = _core.TorchCoder("rans64_alias", rows, sizes, np.zeros_like(sizes), precision, 0)
    push, pop = coder.alias_rows()
    return like(push, cdfs), like(pop, cdfs)
