"""model_file.py — integer networks as bytes: model/vae/README.md, "The file"."""
# SPDX-License-Identifier: Apache-2.0

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAGIC, VERSION = b"TVAE", 1
OBSERVATIONS = ("bernoulli", "beta_binomial")
HEADER = struct.Struct("<4sH8B2xII")


@dataclass(frozen=True)
class Layer:
    """y = clip((weights x + bias) multipliers / 2^shift, low, high)"""

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
class Model:
    """What model/vae/model.hpp calls Parameters."""

    observation: str
    prior_bits: int
    latent_bits: int
    observation_bits: int
    particles_log: int
    recogniser: tuple[Layer, ...]
    mean: Layer
    log2_stdd: Layer
    generator: tuple[Layer, ...]
    likelihood: Layer
    n: int = 255  # of beta_binomial: the largest pixel

    def layers(self) -> Iterator[Layer]:
        """All, in the order of the file."""
        yield from (*self.recogniser, self.mean, self.log2_stdd, *self.generator, self.likelihood)

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
            MAGIC,
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
