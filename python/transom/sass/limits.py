"""limits.py — what instructions per value allow at most on one GPU: every number of the hardware is here.

First order: each pipeline by itself, always busy; memory, latency and occupancy are not in it.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import comb

LANES = 32  # of a warp
BANKS = 32  # of shared memory, 4 bytes wide each: CUDA C++ Programming Guide, compute capability 5.x and later


@dataclass(frozen=True)
class Gpu:
    """Numbers of a board.

    sms, schedulers (each issues one warp's instruction in a clock), alu_lanes: NVIDIA H100 Tensor Core GPU
    Architecture, whose die the H200 has, and the CUDA C++ Programming Guide, table of arithmetic throughput, 9.0:
    64 lanes for additions, comparisons, shifts and logic of 32 bits. clock_hz: what is assumed, not what a board
    keeps; `nvidia-smi -q -d CLOCK` tells that.
    """

    name: str = "H200"
    sms: int = 132
    schedulers: int = 4
    alu_lanes: int = 64
    clock_hz: float = 1.755e9


@cache
def conflict_degree(n: int = BANKS) -> float:
    """The mean of the most-loaded bank where n lanes read words of n banks, each at random, no two the same word.

    Exact: of the n^n ways to put n lanes on n banks, those that load none above `most` are counted bank by bank.
    """
    mean = Fraction(0)
    for most in range(n):  # E[max] = sum of P(max > most)
        ways = [1] + [0] * n  # of so many lanes on the banks so far
        for _ in range(n):
            ways = [
                sum(comb(lanes, k) * ways[lanes - k] for k in range(min(most, lanes) + 1)) for lanes in range(n + 1)
            ]
        mean += 1 - Fraction(ways[n], n**n)
    return float(mean)


def wavefronts(widths: Mapping[int, int], *, random: bool) -> float:
    """Clocks that shared memory is busy with a warp's accesses of these widths.

    Without conflicts: as many as 128 bytes take. Random: 8 bytes go by half warps and 16 by quarters, each of
    them to as many groups of banks as it has lanes.
    """
    total = 0.0
    for width, n in widths.items():
        parts = max(1, width // 4)
        total += n * parts * (conflict_degree(BANKS // parts) if random else 1)
    return total


def issue_limit(gpu: Gpu, per_value: float) -> float:
    """Values per second where each takes so many instructions of one thread."""
    return gpu.sms * gpu.schedulers * LANES * gpu.clock_hz / per_value


def alu_limit(gpu: Gpu, per_value: float) -> float | None:
    """The same for the pipeline of additions, shifts and logic."""
    return gpu.sms * gpu.alu_lanes * gpu.clock_hz / per_value if per_value else None


def shared_limit(gpu: Gpu, wavefronts_per_value: float) -> float | None:
    """The same for shared memory, one wavefront of a clock and SM. None where it is not used."""
    return gpu.sms * LANES * gpu.clock_hz / wavefronts_per_value if wavefronts_per_value else None
