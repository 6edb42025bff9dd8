"""transom.record — records the tensors of a quantised neural network as a trace folder.

`python3 -m transom.record -o DIR` records the default network; `record` writes arrays of your own.
"""
# SPDX-License-Identifier: Apache-2.0

from .trace import Tensor, record

__all__ = ["Tensor", "record"]
