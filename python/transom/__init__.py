"""transom — tANS, rANS and APack coding of neural tensors: the golden model, and the tools around it.

The coder's names are those of the C++ library and come from transom._core when they are first asked for: the tools
(transom.cost, .energy, .figures, .record, .sweep) need no compiled module.
"""
# SPDX-License-Identifier: Apache-2.0

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transom._core import CodedTensor, DataError, DType, Tensor, decode, encode_best, histogram, quantise

__all__ = ["CodedTensor", "DType", "DataError", "Tensor", "decode", "encode_best", "histogram", "quantise"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'transom' has no attribute '{name}'")
    from transom import _core  # noqa: PLC0415  not before it is needed

    return getattr(_core, name)


def __dir__() -> list[str]:
    return __all__
