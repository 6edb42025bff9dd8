"""integers.py — images through a model of integers, step by step as model/vae/README.md says: the twin of model/vae.

Written for reading, not for speed: tests compare its bits with those of the C++ library.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from transom.bbans.model_file import Layer, Model
from transom.bbans.tables import tables

T = tables()
LOWER = 1 << 31  # a head is in [2^31, 2^63)
CHOICE_BITS = 16


@dataclass
class Message:
    """One head over a tail of 32-bit words, top at the back."""

    head: int = LOWER
    tail: list[int] = field(default_factory=list)

    def push(self, start: int, freq: int, precision: int) -> None:
        if self.head >= freq << (63 - precision):
            self.tail.append(self.head & 0xFFFFFFFF)
            self.head >>= 32
        self.head = (self.head // freq << precision) + self.head % freq + start

    def pop(self, owner: Callable[[int], tuple[int, int, int]], precision: int) -> int:
        """@param owner of a slot: symbol, first slot, number of slots"""
        slot = self.head & ((1 << precision) - 1)
        symbol, start, freq = owner(slot)
        self.head = freq * (self.head >> precision) + slot - start
        if self.head < LOWER:
            self.head = self.head << 32 | self.tail.pop()
        return symbol

    def words(self) -> list[int]:
        """As it is stored."""
        return [self.head >> 32, self.head & 0xFFFFFFFF, *reversed(self.tail)]


def exp2(x: int) -> int:
    whole, fraction = x >> 16, x & 0xFFFF
    if whole < -31:
        return 0
    return (T["kExp2"][fraction >> 8] * T["kExp2Low"][fraction & 0xFF] >> 30) >> -whole


def log2(n: int) -> int:
    e = n.bit_length() - 1
    return (e << 16) + T["kLog2"][(n << 8 >> e) & 0xFF]


def normal_cdf(t: int) -> int:
    u = min(abs(t), (8 << 16) - 1)
    low, high = T["kNormalCdf"][u >> 10], T["kNormalCdf"][(u >> 10) + 1]
    above = low + ((high - low) * (u & 0x3FF) >> 10)
    return (1 << 31) + above if t >= 0 else (1 << 31) - above


def quantile(i: int) -> int:
    return T["kNormalQuantile"][i] if i >= 0 else -T["kNormalQuantile"][-i]


def centre(i: int, prior_bits: int) -> int:
    c = quantile(((2 * i + 1) << (10 - prior_bits)) - 1024)
    return (c + 8) >> 4 if c >= 0 else -((-c + 8) >> 4)


def slots(precision: int, logs: Sequence[int]) -> list[int]:
    heaviest = max(logs)
    weights = [exp2(log - heaviest) for log in logs]
    n_free = (1 << precision) - len(logs)
    found = [1 + weight * n_free // sum(weights) for weight in weights]
    found[logs.index(heaviest)] += (1 << precision) - sum(found)
    return found


def log2_exact(n: int) -> int:
    """In units of 2^-32, rounded down: squaring doubles a logarithm."""
    e = n.bit_length() - 1
    mantissa, log = n << (63 - e), 0
    for _ in range(32):
        square = mantissa * mantissa
        bit = square >> 127
        mantissa = square >> (64 if bit else 63)
        log = log << 1 | bit
    return (e << 32) + log


def starts(freqs: Sequence[int]) -> list[int]:
    return [0, *accumulate(freqs)]


def _shape(i: int) -> int:
    power = T["kExp2"][64 * (i & 3)]
    return power << (i >> 2) if i >= 0 else power >> -(i >> 2)


class Coder:
    """Pushes images on messages and pops them."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.rising: dict[int, list[int]] = {}
        n = model.n
        self.choices = [log >> 16 for log in starts([log2_exact(n - j) - log2_exact(j + 1) for j in range(n)])]
        self.shapes: dict[tuple[int, int], list[int]] = {}

    def _rising(self, i: int) -> list[int]:
        if i not in self.rising:
            logs = [log2_exact(_shape(i) + (j << 30)) - (30 << 32) for j in range(self.model.n)]
            self.rising[i] = [log >> 16 for log in starts(logs)]
        return self.rising[i]

    def _run(self, layers: Sequence[Layer], x: NDArray[np.int64]) -> NDArray[np.int64]:
        for layer in layers:
            x = layer(x)
        return x

    def posterior(self, image: NDArray[np.uint8]) -> list[list[int]]:
        """First slots of the bins of each latent variable."""
        m = self.model
        hidden = self._run(m.recogniser, image.astype(np.int64))
        n, found = 1 << m.prior_bits, []
        edges = [quantile((i << (11 - m.prior_bits)) - 1024) for i in range(1, n)]
        for mean, s in zip(m.mean(hidden).tolist(), m.log2_stdd(hidden).tolist(), strict=True):
            inverse = T["kExp2"][-s & 0xFF] >> (14 - (-s >> 8))
            inner = (normal_cdf((edge - (mean << 4)) * inverse >> 16) for edge in edges)
            cuts = (i + (((1 << m.latent_bits) - n) * cdf >> 32) for i, cdf in enumerate(inner, 1))
            found.append([0, *cuts, 1 << m.latent_bits])
        return found

    def likelihood(self, z: Sequence[int]) -> list[list[int]]:
        """First slots of the values of each pixel."""
        m = self.model
        x = np.array([centre(i, m.prior_bits) for i in z], dtype=np.int64)
        y = m.likelihood(self._run(m.generator, x)).tolist()
        n = 1 << m.observation_bits
        if m.observation == "bernoulli":
            found = []
            for logit in y:
                rounding = 1 << (31 - m.observation_bits)
                likely = (T["kSigmoid"][abs(logit)] + rounding) >> (32 - m.observation_bits)
                likely = min(max(likely, 1), n - 1)
                found.append([0, n - likely if logit >= 0 else likely, n])
            return found
        pairs = list(zip(y[: m.pixels], y[m.pixels :], strict=True))
        for alpha, beta in set(pairs) - set(self.shapes):
            up, down = self._rising(alpha), self._rising(beta)
            logs = [self.choices[k] + up[k] + down[m.n - k] for k in range(m.n + 1)]
            self.shapes[alpha, beta] = starts(slots(m.observation_bits, logs))
        return [self.shapes[pair] for pair in pairs]

    def _weights(self, image: Sequence[int], posterior: list[list[int]], zs: list[list[int]]) -> list[int]:
        logs = []
        for z in zs:
            log = sum(log2(cdf[x + 1] - cdf[x]) for cdf, x in zip(self.likelihood(z), image, strict=True))
            log -= sum(log2(cdf[i + 1] - cdf[i]) for cdf, i in zip(posterior, z, strict=True))
            logs.append(log)
        return slots(CHOICE_BITS, logs)

    def push(self, message: Message, image: NDArray[np.uint8]) -> None:
        m, values = self.model, image.tolist()
        posterior = self.posterior(image)
        zs = [_pop_all(message, posterior, m.latent_bits) for _ in range(1 << m.particles_log)]
        k = 0
        if len(zs) > 1:
            k = _pop(message, starts(self._weights(values, posterior, zs)), CHOICE_BITS)
        for z in reversed(zs[:k] + zs[k + 1 :]):
            _push_all(message, posterior, z, m.latent_bits)
        _push_all(message, self.likelihood(zs[k]), values, m.observation_bits)
        for i in reversed(zs[k]):
            message.push(i, 1, m.prior_bits)
        message.push(k, 1, m.particles_log)

    def pop(self, message: Message) -> NDArray[np.uint8]:
        m = self.model
        k = message.pop(_itself, m.particles_log)
        chosen = [message.pop(_itself, m.prior_bits) for _ in range(m.latents)]
        values = _pop_all(message, self.likelihood(chosen), m.observation_bits)
        image = np.array(values, dtype=np.uint8)
        posterior = self.posterior(image)
        zs = [chosen if j == k else _pop_all(message, posterior, m.latent_bits) for j in range(1 << m.particles_log)]
        if len(zs) > 1:
            cuts = starts(self._weights(values, posterior, zs))
            message.push(cuts[k], cuts[k + 1] - cuts[k], CHOICE_BITS)
        for z in reversed(zs):
            _push_all(message, posterior, z, m.latent_bits)
        return image


def _itself(slot: int) -> tuple[int, int, int]:
    return slot, slot, 1


def _pop(message: Message, cdf: Sequence[int], precision: int) -> int:
    def owner(slot: int) -> tuple[int, int, int]:
        symbol = int(np.searchsorted(cdf, slot, side="right")) - 1
        return symbol, cdf[symbol], cdf[symbol + 1] - cdf[symbol]

    return message.pop(owner, precision)


def _pop_all(message: Message, cdfs: Sequence[Sequence[int]], precision: int) -> list[int]:
    return [_pop(message, cdf, precision) for cdf in cdfs]


def _push_all(message: Message, cdfs: Sequence[Sequence[int]], symbols: Sequence[int], precision: int) -> None:
    for cdf, symbol in reversed(list(zip(cdfs, symbols, strict=True))):
        message.push(cdf[symbol], cdf[symbol + 1] - cdf[symbol], precision)
