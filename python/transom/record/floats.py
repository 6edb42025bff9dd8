"""floats.py — the float types of a trace beside integers, as the bits that its files hold.

bf16 and fp8 are no types of numpy's: their bits lie in uint16 and uint8 arrays, and the manifest's `dtype` says what
they are. Conversions to float32 are exact; those from it round to nearest, ties to even.
"""
# SPDX-License-Identifier: Apache-2.0

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Float32s = NDArray[np.float32]


@dataclass(frozen=True)
class FloatType:
    """storage: numpy's type of the file; exponent_bits and mantissa_bits: with the sign's, all its bits."""

    storage: str
    exponent_bits: int
    mantissa_bits: int
    has_infinity: bool = True

    @property
    def bits(self) -> int:
        return 1 + self.exponent_bits + self.mantissa_bits


FLOAT_TYPES = {
    "bf16": FloatType("uint16", 8, 7),
    "fp16": FloatType("float16", 5, 10),
    "fp8_e4m3": FloatType("uint8", 4, 3, has_infinity=False),
    "fp8_e5m2": FloatType("uint8", 5, 2),
}


def pattern(values: NDArray[Any]) -> NDArray[Any]:
    """The values' bits as unsigned integers of the same width."""
    return values.view(f"u{values.dtype.itemsize}")


def to_float32(values: NDArray[Any], name: str) -> Float32s:
    """What the bits of float type `name` (of FLOAT_TYPES) stand for, NaN payloads aside."""
    if name == "fp16":
        return values.view(np.float16).astype(np.float32)
    if name == "bf16":
        return (values.astype(np.uint32) << 16).view(np.float32)
    table: Float32s = _fp8_table(FLOAT_TYPES[name])[values]
    return table


def from_float32(values: Float32s, name: str) -> NDArray[Any]:
    """The nearest float16s of float32s, or bits of the nearest bf16s. A NaN stays one."""
    if name == "fp16":
        with np.errstate(over="ignore"):  # is infinity then, as the type has it
            return values.astype(np.float16)
    if name != "bf16":
        raise ValueError(f"float32 cannot be made {name}; take bf16, fp16 or a quantiser of integers")
    bits = np.ascontiguousarray(values).view(np.uint32)
    half = np.uint32(0x7FFF) + (bits >> 16 & 1)
    rounded = ((bits + half) >> 16).astype(np.uint16)
    quiet = (bits >> 16).astype(np.uint16) | np.uint16(0x40)  # or a payload could round to infinity
    return np.where(np.isnan(values), quiet, rounded)


def _fp8_table(kind: FloatType) -> Float32s:
    """All 256 values, by their definition (arXiv:2209.05433, table 1)."""
    bits = np.arange(256)
    exponent = bits >> kind.mantissa_bits & (1 << kind.exponent_bits) - 1
    mantissa = (bits & (1 << kind.mantissa_bits) - 1) / (1 << kind.mantissa_bits)
    bias = (1 << kind.exponent_bits - 1) - 1
    magnitude = np.where(exponent == 0, mantissa * 2.0 ** (1 - bias), (1 + mantissa) * 2.0 ** (exponent - bias))
    top = (1 << kind.exponent_bits) - 1
    if kind.has_infinity:
        magnitude[(exponent == top) & (mantissa == 0)] = np.inf
        magnitude[(exponent == top) & (mantissa != 0)] = np.nan
    else:
        magnitude[bits & 0x7F == 0x7F] = np.nan
    return np.where(bits >= 0x80, -magnitude, magnitude).astype(np.float32)
