"""entropy.py — the order-0 entropy of a histogram: a figure for manifests and reports, never for coding."""
# SPDX-License-Identifier: Apache-2.0

import math
from typing import Any

from numpy.typing import NDArray


def entropy(counts: NDArray[Any]) -> float:
    """Bits per symbol; 0 for no symbols."""
    total = int(counts.sum())
    return math.fsum(int(c) / total * math.log2(total / int(c)) for c in counts[counts > 0])
