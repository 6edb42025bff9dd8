"""test_stack_names.py — each test of the two ancestors has a counterpart here: its name, its cases.

Counted by pytest, craystack has 65 (61 of its codecs, 4 of its rANS), bits-back 9.
"""
# SPDX-License-Identifier: Apache-2.0

import importlib
import math
from types import ModuleType

import pytest

pytest.importorskip("transom._stack", reason="the Python module was not built")

CRAYSTACK_CODECS = """gaussian_cdfs uniform big_uniform benford_higher_bits benford benford_inverse repeat substack
    parallel from_iterable from_generator_simple from_generator_serial from_generator_dependent bernoulli categorical
    categorical_new logistic discretized logistic_mixture autoregressive gaussian_db gaussian_ub resize_head_1d:25
    reshape_head:9 flatten_unflatten:3 flatten_rate multiset_codec"""
CRAYSTACK_RANS = "rans flatten_unflatten base_message finer_prec"
BITS_BACK = """rans flatten_unflatten gaussian_latent_cdf beta_latent_cdf binomial_cdf uniform_append_pop
    non_uniform_append_pop categorical_cdf categorical_append_pop"""


def cases(words: str) -> dict[str, int]:
    """name:cases, one where it is not said."""
    return {f"test_{name}": int(n or 1) for name, _, n in (word.partition(":") for word in words.split())}


def cases_of(module: ModuleType) -> dict[str, int]:
    """The tests of a file, and how many cases their parameters make."""
    tests = {name: thing for name, thing in vars(module).items() if name.startswith("test_")}
    marks = {name: getattr(test, "pytestmark", []) for name, test in tests.items()}
    return {name: math.prod(len(mark.args[1]) for mark in marks[name]) for name in tests}


@pytest.mark.parametrize(
    ("file", "words", "total"),
    [
        ("test_stack_craystack", CRAYSTACK_CODECS, 61),
        ("test_stack_craystack_rans", CRAYSTACK_RANS, 4),
        ("test_stack_bits_back", BITS_BACK, 9),
    ],
)
def test_every_test_of_the_ancestors_has_its_counterpart(file: str, words: str, total: int) -> None:
    assert cases_of(importlib.import_module(file)) == cases(words)
    assert sum(cases(words).values()) == total
