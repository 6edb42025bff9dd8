"""kinds.py — messages and comparisons of arrays of either kind."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable
from typing import Any

import numpy as np

Make = Callable[..., Any]  # make(values, dtype=numpy.int32): an array of the kind


def assert_same(got: Any, want: Any) -> None:
    """Of one kind, one type and one content."""
    assert type(got) is type(want) and got.dtype == want.dtype
    np.testing.assert_array_equal(np.asarray(got), np.asarray(want))


def joined(*arrays: Any) -> Any:
    """Side by side."""
    whole = np.concatenate([np.asarray(a) for a in arrays], axis=1)
    return whole if isinstance(arrays[0], np.ndarray) else arrays[0].new_tensor(whole)
