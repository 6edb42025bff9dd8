"""model_file.py — networks of integers, and of real numbers, as bytes: model/vae/README.md, "The file"."""
# SPDX-License-Identifier: Apache-2.0

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

VERSION = 1
OBSERVATIONS = ("bernoulli", "beta_binomial")
HEADER = struct.Struct("<4sH8B2xII")


@dataclass(frozen=True)
class Layer:
    """y = clip((weights x + bias) multipliers / 2^shift, low, high)"""

    MAGIC: ClassVar[bytes] = b"TVAE"
    weights: NDArray[np.int16]
    bias: NDArray[np.int32]
    multipliers: NDArray[np.int32]
    shift: int
    low: int
    high: int

    def __call__(self, x: NDArray[np.int64]) -> NDArray[np.int64]:
        sums = x @ self.weights.T.astype(np.int64) + self.bias
        half = (1 << self.shift) >> 1
        return np.clip((sums * self.multipliers.astype(np.int64) + half) >> self.shift, self.low, self.high)

    def to_bytes(self) -> bytes:
        parts = (self.bias.astype("<i4"), self.multipliers.astype("<i4"), self.weights.astype("<i2"))
        data = struct.pack("<hhB3x", self.low, self.high, self.shift) + b"".join(part.tobytes() for part in parts)
        return data + bytes(-len(data) % 4)


@dataclass(frozen=True)
class RealLayer:
    """y = weights x + bias"""

    MAGIC: ClassVar[bytes] = b"TVAR"
    weights: NDArray[np.float64]
    bias: NDArray[np.float64]

    def to_bytes(self) -> bytes:
        return self.bias.astype("<f8").tobytes() + self.weights.astype("<f8").tobytes()


LayerT = TypeVar("LayerT", Layer, RealLayer)


@dataclass(frozen=True)
class ModelOf(Generic[LayerT]):
    """What model/vae/model.hpp calls ParametersOf."""

    observation: str
    prior_bits: int
    latent_bits: int
    observation_bits: int
    particles_log: int
    recogniser: tuple[LayerT, ...]
    mean: LayerT
    log2_stdd: LayerT
    generator: tuple[LayerT, ...]
    likelihood: LayerT
    n: int = 255  # of beta_binomial: the largest pixel

    def layers(self) -> Iterator[LayerT]:
        """All, in the order of the file."""
        yield from self.recogniser
        yield from (self.mean, self.log2_stdd)
        yield from self.generator
        yield self.likelihood

    @property
    def pixels(self) -> int:
        return int(self.recogniser[0].weights.shape[1])

    @property
    def latents(self) -> int:
        return len(self.mean.bias)

    def to_bytes(self) -> bytes:
        """The file."""
        hidden = (*self.recogniser, *self.generator)
        header = HEADER.pack(
            self.mean.MAGIC,
            VERSION,
            OBSERVATIONS.index(self.observation),
            self.prior_bits,
            self.latent_bits,
            self.observation_bits,
            self.particles_log,
            len(self.recogniser),
            len(self.generator),
            self.n % 255,
            self.pixels,
            self.latents,
        )
        widths = struct.pack(f"<{len(hidden)}I", *(len(layer.bias) for layer in hidden))
        data = header + widths + b"".join(layer.to_bytes() for layer in self.layers())
        return data + struct.pack("<I", crc32c(data))


Model = ModelOf[Layer]
RealModel = ModelOf[RealLayer]


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
        table.append(crc)
    return table


_CRC_TABLE = _crc_table()


def crc32c(data: bytes) -> int:
    """CRC-32C, start and end inverted."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF
