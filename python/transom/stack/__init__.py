"""Messages and codecs that compose, bits-back coding, sets: the verbs of model/stack in Python.

A message is a stack: `codec.push(message, data)` codes, `codec.pop(message)` takes what was pushed last. Codecs code a
datum per head, in C++; combinators take any object with these two verbs. model/stack/README.md teaches it.
"""
# SPDX-License-Identifier: Apache-2.0

import numpy as np

from transom._stack import (
    Lanes,
    Message,
    SlotError,
    UnderflowError,
    flatten,
    flatten_raw,
    is_base,
    pop_any,
    pop_ranges,
    push_any,
    push_ranges,
    slots,
    slots_any,
    unflatten,
    unflatten_raw,
)
from transom.stack.bits_back import VaePrecisions, bb_ans, vae
from transom.stack.codecs import (
    NonUniform,
    benford,
    benford_high_bits,
    bernoulli,
    beta_binomial,
    beta_latent,
    big_uniform,
    binomial,
    categorical,
    categorical_of_weights,
    counts,
    discretised,
    gaussian,
    gaussian_in_gaussian_bins,
    gaussian_in_uniform_bins,
    logistic,
    logistic_mixture,
    one_head,
    std_gaussian_bins,
    table,
    uniform,
)
from transom.stack.combinators import (
    Codec,
    autoregressive,
    from_generator,
    from_iterable,
    multiset,
    parallel,
    repeat,
    serial,
    substack,
)

__all__ = [
    "Codec",
    "Lanes",
    "Message",
    "NonUniform",
    "SlotError",
    "UnderflowError",
    "VaePrecisions",
    "autoregressive",
    "bb_ans",
    "benford",
    "benford_high_bits",
    "bernoulli",
    "beta_binomial",
    "beta_latent",
    "big_uniform",
    "binomial",
    "categorical",
    "categorical_of_weights",
    "counts",
    "discretised",
    "flatten",
    "flatten_raw",
    "from_generator",
    "from_iterable",
    "gaussian",
    "gaussian_in_gaussian_bins",
    "gaussian_in_uniform_bins",
    "is_base",
    "logistic",
    "logistic_mixture",
    "multiset",
    "one_head",
    "parallel",
    "pop_any",
    "pop_ranges",
    "push_any",
    "push_ranges",
    "random_message",
    "repeat",
    "serial",
    "slots",
    "slots_any",
    "std_gaussian_bins",
    "substack",
    "table",
    "unflatten",
    "unflatten_raw",
    "uniform",
    "vae",
]


def random_message(n_heads: int, n_words: int, random: np.random.Generator, lower_log: int = 31) -> Message:
    """n_words random words below n_heads random heads of [L, 2L), L = 2^lower_log, as those of new messages are."""
    least = 1 << lower_log
    heads = random.integers(least, 2 * least, n_heads, np.uint64)
    return Message.of(heads, random.integers(0, 1 << 32, n_words, np.uint32), lower_log)
