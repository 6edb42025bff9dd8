"""stack_checks.py — what every codec must do, said once; messages that are the same in each run."""
# SPDX-License-Identifier: Apache-2.0

from typing import Any

import numpy as np

import transom.stack as cs


def message(n_heads: int = 1, n_words: int = 50, lower_log: int = 31) -> cs.Message:
    """Of random heads and words."""
    return cs.random_message(n_heads, n_words, np.random.default_rng(n_heads), lower_log)


def same(a: Any, b: Any) -> bool:
    """Whether data are equal, whatever their shape: those of a head that was popped are flat."""
    if isinstance(a, list | tuple) and len(a) == len(b) and any(np.ndim(item) for item in a):
        return all(same(x, y) for x, y in zip(a, b, strict=True))
    return np.array_equal(np.ravel(np.asarray(a)), np.ravel(np.asarray(b)))


def check_codec(init: cs.Message, codec: cs.Codec, data: Any, final: cs.Message | None = None) -> None:
    """Pushed and popped, the data come back and the message is as before; `final` is what it must be between."""
    m = init.copy()
    m.push(codec, data)
    if final is not None:
        assert m == final
    popped = m.pop(codec)
    assert same(popped, data), (popped, data)
    assert m == init
