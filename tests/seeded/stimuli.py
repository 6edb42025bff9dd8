"""stimuli.py — what is decoded to find a seeded fault: jobs back to back, the same for every fault and every bench."""
# SPDX-License-Identifier: Apache-2.0

from functools import cache
from pathlib import Path
from typing import NamedTuple

from program import TRACE, transom

TENSOR = TRACE / "010_a_dense1_relu.npy"  # 1,280 values in each of two streams: their offsets have up to seven bits
N_STREAMS = 2


class Finding(NamedTuple):
    """The first difference."""

    where: str
    told: str  # the class; empty: none was told
    confidence: str


# Codings of the jobs, and a vector whose first stream ends with a filling that is not zero, by kind of lane: 0, 1, 2.
JOBS = {
    "tans": (["apack-tans", "tans", "apack-tans"], "tans_int8_fill_first"),
    "rans": (["apack-rans", "rans", "apack-rans"], "rans_int8_fill_first"),
    "arith": (["apack-ac", "apack-ac"], "apack_ac_rare_fill_first"),
}


@cache
def vectors(folder: Path) -> Path:
    """All golden vectors."""
    transom("vectors", "-o", folder / "vectors", "--seed", 1)
    return folder / "vectors"


@cache
def runs(lane: str, folder: Path) -> list[list[Path]]:
    """The containers of each run, a tensor in each."""
    codings, vector = JOBS[lane]
    for coding in set(codings):
        transom("encode", TENSOR, "-o", folder / f"{coding}.tsm", "--coding", coding, "--streams", N_STREAMS)
    jobs = [folder / f"{coding}.tsm" for coding in codings]
    return [jobs, [vectors(folder) / vector / "tensor.tsm"]]
