"""codecs.py — transom's own codecs: a symbol per head, coded in C++ (model/stack has the arithmetic).

Parameters are numbers, for all heads, or arrays with one for each head, in C order whatever their shape. Each codec is
a Lanes: `push(message, data)` takes an integer, or as many as heads, `pop(message)` gives uint32 (n_heads,). What is no
distribution's parameter is a ValueError that names it. `precision` is log2 of a distribution's slots, 0..31.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from transom import _stack
from transom._stack import Lanes, Message
from transom.stack.arrays import Reals, columns, real, rows, word


def one_head(codec: Lanes, n: int | None = None) -> Lanes:
    """Symbols one after the other on the first head, as bits-back has them: one of each distribution, or n of one.

    The first is popped first. ValueError for codecs of several steps (big_uniform, benford), and without n for one
    distribution.
    """
    if n is None and codec.size == 1:
        raise ValueError("one_head: n is None; must be given for a codec of one distribution")
    return _stack.one_head(codec, codec.size if n is None else n)


def uniform(precision: ArrayLike) -> Lanes:
    """0 .. 2^precision - 1, each as likely; precision 0..32, at most the message's lower_log."""
    return _stack.uniform(precision)


def big_uniform(precision: ArrayLike) -> Lanes:
    """The same of up to 64 bits, popped as uint64: 16 bits after the other, the lowest pushed first."""
    return _stack.big_uniform(precision)


def benford() -> Lanes:
    """Heads of a message, uint64: each exponent as likely, each mantissa as Benford says."""
    return _stack.benford()


def benford_high_bits(n_bits: int, precision: int) -> Lanes:
    """The n_bits bits behind the leading one, by Benford's law, in integers alone: n_bits 1..12, precision up to 24."""
    return _stack.benford_high_bits(n_bits, precision)


def table(cdf: ArrayLike, precision: int) -> Lanes:
    """Any integer CDF: symbol s owns slots [cdf[s], cdf[s + 1]) of 2^precision; (n + 1,), or (heads, n + 1).

    cdf does not fall. It need not begin at 0 or end at 2^precision: to pop one of the other slots is a SlotError.
    """
    array = np.asarray(cdf)
    if array.ndim == 0:
        raise ValueError("table: cdf is a number; must have a last dimension")
    return _stack.table(array, array.size // array.shape[-1] if array.size else 1, precision)


def bernoulli(p: ArrayLike, precision: int) -> Lanes:
    """0 or 1, P(1) = p: (1 - p) 2^precision slots for 0, halves rounded down, at least one each (craystack).

    The arithmetic is in p's type, float32 or float64. precision 1..31.
    """
    (given,) = columns("bernoulli", p=p)
    return _stack.bernoulli(given, precision)


def categorical(probabilities: ArrayLike, precision: int, rounding: str = "nearest") -> Lanes:
    """Of probabilities that sum to 1, nearly: (k,), or (heads, k), k 1..2^precision, each with a slot or more.

    rounding: "nearest", p 2^precision (craystack), or "one_each", 1 + p (2^precision - k) (bits-back), in p's type.
    """
    one_each = word("categorical", "rounding", rounding, ("nearest", "one_each"))
    (p,) = rows("categorical", probabilities=probabilities)
    return _stack.categorical(p, precision, one_each)


def categorical_of_weights(weights: ArrayLike, precision: int) -> Lanes:
    """Of weights of any sum above 0, (k,) or (heads, k). A symbol may have no slots (craystack's CategoricalNew)."""
    (w,) = rows("categorical_of_weights", np.float64, weights=weights)
    return _stack.categorical_of_weights(w, precision)


def binomial(n: int, p: ArrayLike, precision: int) -> Lanes:
    """0..n: how often of n times, with probability p. A symbol may have no slots (bits-back)."""
    (given,) = columns("binomial", np.float64, p=p)
    return _stack.binomial(n, given, precision)


def beta_binomial(n: int, a: ArrayLike, b: ArrayLike, precision: int) -> Lanes:
    """The same of a p that is beta(a, b) distributed; each symbol has slots (bits-back)."""
    left, right = columns("beta_binomial", np.float64, a=a, b=b)
    return _stack.beta_binomial(n, left, right, precision)


def beta_latent(
    prior: tuple[ArrayLike, ArrayLike], posterior: tuple[ArrayLike, ArrayLike], bin_prec: int, precision: int
) -> Lanes:
    """2^bin_prec bins of equal mass under beta(*prior), coded by beta(*posterior). A bin may have no slots."""
    (a, b), (c, d) = prior, posterior
    a, b, c, d = columns("beta_latent", np.float64, prior_a=a, prior_b=b, posterior_a=c, posterior_b=d)
    return _stack.beta_latent(a, b, c, d, bin_prec, precision)


def gaussian(mean: ArrayLike, stdd: ArrayLike, bin_prec: int, precision: int, halves: str = "down") -> Lanes:
    """N(mean, stdd) in 2^bin_prec bins of equal mass under N(0, 1), bin_prec 0..24. A bin may have no slots.

    halves: how a boundary in the middle of two slots is rounded, "down" (craystack) or "even" (bits-back). The
    arithmetic of the bins' edges is in the parameters' type, float32 or float64.
    """
    even = word("gaussian", "halves", halves, ("down", "even"))
    m, s = columns("gaussian", mean=mean, stdd=stdd)
    laws: Lanes = _stack.gaussian(m, s, bin_prec, precision, even)
    return laws


def gaussian_in_gaussian_bins(
    mean: ArrayLike, stdd: ArrayLike, bin_mean: ArrayLike, bin_stdd: ArrayLike, bin_prec: int, precision: int
) -> Lanes:
    """The same in bins of equal mass under N(bin_mean, bin_stdd), in float64."""
    name = "gaussian_in_gaussian_bins"
    m, s, bin_m, bin_s = columns(name, np.float64, mean=mean, stdd=stdd, bin_mean=bin_mean, bin_stdd=bin_stdd)
    return _stack.gaussian_in_gaussian_bins(m, s, bin_m, bin_s, bin_prec, precision)


def gaussian_in_uniform_bins(
    mean: ArrayLike, stdd: ArrayLike, bins: tuple[ArrayLike, ArrayLike, int], precision: int, rebalanced: bool = True
) -> Lanes:
    """The same in equal bins of [low, high], the outer ones with the tails; bins = (low, high, n_bins).

    rebalanced: each bin has a slot; there is then one bin fewer, as in craystack. Otherwise a bin may have none.
    """
    low, high, n_bins = bins
    m, s, low, high = columns("gaussian_in_uniform_bins", np.float64, mean=mean, stdd=stdd, low=low, high=high)
    return _stack.gaussian_in_uniform_bins(m, s, low, high, n_bins, precision, rebalanced)


def discretised(shape: str, low: float, high: float, bin_prec: int, precision: int) -> Lanes:
    """The "normal" or "logistic" distribution in 2^bin_prec equal bins of [low, high]; what is beyond is nobody's."""
    logistic_shape = word("discretised", "shape", shape, ("normal", "logistic"))
    return _stack.discretised(logistic_shape, low, high, bin_prec, precision)


def logistic(
    mean: ArrayLike, log_scale: ArrayLike, interval: tuple[float, float], bin_prec: int, precision: int
) -> Lanes:
    """The logistic distribution in 2^bin_prec equal bins of interval = (low, high), each with a slot."""
    m, s = columns("logistic", np.float64, mean=mean, log_scale=log_scale)
    low, high = interval
    return _stack.logistic(m, s, low, high, bin_prec, precision)


def logistic_mixture(
    parts: tuple[ArrayLike, ArrayLike, ArrayLike], interval: tuple[float, float], bin_prec: int, precision: int
) -> Lanes:
    """A mixture of them, parts = (means, log_scales, logits), each (k,) or (heads, k), weights exp(logits) / sum.

    The outer bins have both tails; each bin has a slot.
    """
    (means, log_scales, logits), (low, high) = parts, interval
    m, s, weights = rows("logistic_mixture", np.float64, means=means, log_scales=log_scales, logits=logits)
    return _stack.logistic_mixture(m, s, weights, low, high, bin_prec, precision)


def std_gaussian_bins(bin_prec: int, dtype: DTypeLike = np.float64) -> tuple[Reals, Reals]:
    """(edges, centres) of gaussian()'s bins: (2^bin_prec + 1,), the outer ones infinite, and (2^bin_prec,)."""
    single = real("std_gaussian_bins", "dtype", np.zeros(0, dtype)).dtype == np.float32
    return (_stack.std_gaussian_bins_f32 if single else _stack.std_gaussian_bins)(bin_prec)


Step = Callable[[Message, Any, Any, Any], None]
Steps = tuple[Step, Step, Callable[[Message, Any], NDArray[np.uint32]]]
POWER_OF_TWO: Steps = (_stack.push_ranges, _stack.pop_ranges, _stack.slots)
ANY_NUMBER: Steps = (_stack.push_any, _stack.pop_any, _stack.slots_any)


class NonUniform:
    """A codec of two functions of arrays: which slots are a symbol's, and whose a slot is."""

    def __init__(
        self,
        range_of: Callable[[Any], tuple[ArrayLike, ArrayLike]],
        symbol_of: Callable[[NDArray[np.uint32]], Any],
        precision: ArrayLike | None = None,
        n_slots: ArrayLike | None = None,
    ) -> None:
        """range_of(symbols) is (starts, freqs), symbol_of(slots) the symbols, of 2^precision slots or of n_slots.

        n_slots is any number of 1..2^lower_log. ValueError unless one of both is given.
        """
        if (precision is None) == (n_slots is None):
            raise ValueError("NonUniform: precision and n_slots: one of them must be given")
        self.range_of, self.symbol_of = range_of, symbol_of
        self.push_step, self.pop_step, self.slots = POWER_OF_TWO if n_slots is None else ANY_NUMBER
        self.n_slots = precision if n_slots is None else n_slots

    def push(self, message: Message, data: Any) -> None:
        self.push_step(message, *self.range_of(data), self.n_slots)

    def pop(self, message: Message) -> Any:
        """Raises SlotError where range_of() does not give the slot that symbol_of() was asked about."""
        data = self.symbol_of(self.slots(message, self.n_slots))
        self.pop_step(message, *self.range_of(data), self.n_slots)
        return data


def counts(numbers: ArrayLike) -> NonUniform:
    """Symbols as often as counted, exactly: (k,), or (heads, k); the sum is any of 1..2^lower_log."""
    (given,) = rows("counts", numbers=numbers)
    if not ((given >= 0) & (given <= 1 << 32) & (given == np.floor(given))).all():
        raise ValueError("counts: numbers must be integers of 0..2^32")
    cdf = np.zeros((len(given), given.shape[1] + 1), np.uint64)
    cdf[:, 1:] = np.cumsum(given.astype(np.uint64), axis=1)
    all_heads = np.arange(len(given)) if len(given) > 1 else 0

    def range_of(data: ArrayLike) -> tuple[Any, Any]:
        symbols = np.asarray(data)
        if symbols.size and not (symbols.min() >= 0 and symbols.max() < given.shape[1]):
            raise ValueError(f"counts: data must be 0..{given.shape[1] - 1}")
        starts = cdf[all_heads, symbols]
        return starts, cdf[all_heads, symbols + 1] - starts

    def symbol_of(slots: NDArray[np.uint32]) -> NDArray[np.uint32]:
        symbols: NDArray[np.uint32] = (cdf[:, 1:] <= slots[:, None]).sum(axis=1, dtype=np.uint32)
        return symbols

    return NonUniform(range_of, symbol_of, n_slots=cdf[:, -1])
