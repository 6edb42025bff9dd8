"""test_stack.py — messages and codecs of any parameters: what is pushed is popped, and the message is as before."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("hypothesis", reason="python3-hypothesis is not installed")
pytest.importorskip("transom._stack", reason="the Python module was not built")
from hypothesis import assume, given
from hypothesis import strategies as st

import transom.stack as cs
from properties.registry import of

Draw = Callable[..., Any]
Drawn = tuple[Any, Any]  # a codec, data of it
LOGS = st.sampled_from((31, 32))
WORD = st.integers(0, 2**32 - 1)
UNIT, SMALL, POSITIVE = st.floats(0, 1), st.floats(-4, 4), st.floats(0.125, 8)


@st.composite
def messages(draw: Draw, n_heads: Any = None) -> cs.Message:
    """Of any heads and words."""
    n, log = n_heads or draw(st.integers(1, 9)), draw(LOGS)
    heads = draw(st.lists(st.integers(1 << log, (1 << log + 32) - 1), min_size=n, max_size=n))
    return cs.Message.of(heads, draw(st.lists(WORD, max_size=30)), log)


def some(draw: Draw, numbers: Any, n: int) -> Any:
    """One for all heads, or one for each."""
    return draw(numbers | st.lists(numbers, min_size=n, max_size=n))


def rows(draw: Draw, numbers: Any, n: int, k: int) -> Any:
    """k numbers for all heads, or k for each."""
    row = st.lists(numbers, min_size=k, max_size=k)
    return draw(row | st.lists(row, min_size=n, max_size=n))


def shares(draw: Draw, n: int) -> Any:
    """Probabilities of 1 to 7 symbols."""
    weights = np.array(rows(draw, st.floats(0.01, 1), n, draw(st.integers(1, 7))))
    return weights / weights.sum(axis=-1, keepdims=True)


def cdfs(draw: Draw, n: int) -> Any:
    return np.sort(rows(draw, st.integers(0, 1 << 9), n, draw(st.integers(2, 7))), axis=-1)


R = st.integers(9, 24)
BITS = st.integers(0, 6)
STEPS = (("push_ranges", "slots", "pop_ranges"), ("push_any", "slots_any", "pop_any"))
FLAT = ("flatten", "flatten_raw", "unflatten", "unflatten_raw")
#: A codec's name -> arguments for n heads.
ARGUMENTS: dict[str, Callable[[Draw, int], tuple[Any, ...]]] = {
    "uniform": lambda d, n: (some(d, st.integers(0, 31), n),),
    "big_uniform": lambda d, n: (some(d, st.integers(0, 64), n),),
    "benford": lambda _, n: (),  # noqa: ARG005 - as all have it
    "benford_high_bits": lambda d, n: (d(st.integers(1, 9)), d(R)),  # noqa: ARG005
    "table": lambda d, n: (cdfs(d, n), d(R)),
    "bernoulli": lambda d, n: (np.array(some(d, UNIT, n), d(st.sampled_from((np.float32, np.float64)))), d(R)),
    "categorical": lambda d, n: (shares(d, n), d(R), d(st.sampled_from(("nearest", "one_each")))),
    "categorical_of_weights": lambda d, n: (rows(d, st.floats(0.01, 9), n, 3), d(R)),
    "counts": lambda d, n: (rows(d, st.integers(1, 9), n, 3),),
    "binomial": lambda d, n: (d(st.integers(1, 40)), some(d, UNIT, n), d(R)),
    "beta_binomial": lambda d, n: (d(st.integers(1, 40)), some(d, POSITIVE, n), some(d, POSITIVE, n), d(R)),
    "beta_latent": lambda d, n: (d(st.tuples(POSITIVE, POSITIVE)), (some(d, POSITIVE, n), 1), d(BITS), d(R)),
    "gaussian": lambda d, n: (some(d, SMALL, n), some(d, POSITIVE, n), d(BITS), d(R)),
    "gaussian_in_gaussian_bins": lambda d, n: (some(d, SMALL, n), d(POSITIVE), d(SMALL), d(POSITIVE), d(BITS), d(R)),
    "gaussian_in_uniform_bins": lambda d, n: (
        some(d, SMALL, n),
        1,
        (-3, 3, d(st.integers(2, 99))),
        d(R),
        d(st.booleans()),
    ),
    "discretised": lambda d, n: (d(st.sampled_from(("normal", "logistic"))), -1, d(POSITIVE), d(BITS), d(R)),  # noqa: ARG005
    "logistic": lambda d, n: (some(d, SMALL, n), some(d, SMALL, n), (-1, 1), d(BITS), d(R)),
    "logistic_mixture": lambda d, n: ([rows(d, SMALL, n, 3) for _ in range(3)], (-1, 1), d(BITS), d(R)),
}


def data_of(draw: Draw, name: str, codec: Any, arguments: Any, m: cs.Message) -> Any:
    """Symbols that have slots."""
    n = m.n_heads
    if name in {"uniform", "big_uniform"}:
        bits = np.broadcast_to(arguments[0], n).tolist()
        return [draw(st.integers(0, 2**b - 1)) for b in bits]
    if name == "benford":
        return [draw(st.integers(1 << m.lower_log, (1 << m.lower_log + 32) - 1)) for _ in range(n)]
    if name == "counts":
        return draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    owned = [np.flatnonzero(np.diff(codec.cdf(i).astype(np.int64))).tolist() for i in range(codec.size)]
    assume(all(owned))
    return [draw(st.sampled_from(owned[i % len(owned)])) for i in range(n)]


def check(m: cs.Message, codec: cs.Codec, data: Any) -> None:
    init = m.copy()
    m.push(codec, data)
    popped = m.pop(codec)
    assert np.array_equal(flat(popped), flat(data)) and m == init


def flat(data: Any) -> list[int]:
    """The numbers of arrays in lists in lists."""
    return [n for item in data for n in flat(item)] if hasattr(data, "__len__") else [int(data)]


@of(*(f"transom.stack.{name}" for name in ARGUMENTS))
@given(st.data(), messages(), st.sampled_from(sorted(ARGUMENTS)))
def test_what_is_pushed_is_popped_and_the_message_as_before(choose: Any, m: cs.Message, name: str) -> None:
    arguments = ARGUMENTS[name](choose.draw, m.n_heads)
    codec = getattr(cs, name)(*arguments)
    check(m, codec, data_of(choose.draw, name, codec, arguments, m))


@of("transom.stack.UnderflowError", "transom.stack.SlotError", "transom.stack.Lanes")
@given(st.data(), messages(), st.sampled_from(sorted(ARGUMENTS)))
def test_what_is_popped_from_anything_is_pushed_back_or_nothing_changed(choose: Any, m: cs.Message, name: str) -> None:
    codec, init = getattr(cs, name)(*ARGUMENTS[name](choose.draw, m.n_heads)), m.copy()
    assert isinstance(codec, cs.Lanes | cs.NonUniform)
    try:
        data = m.pop(codec)
    except (cs.UnderflowError, cs.SlotError):
        assert m == init
        return
    m.push(codec, data)
    assert m == init


@of("transom.stack.one_head")
@given(st.data(), messages(), st.sampled_from(("table", "bernoulli", "gaussian", "uniform")), st.integers(0, 9))
def test_one_head_codes_in_turn(choose: Any, m: cs.Message, name: str, n: int) -> None:
    arguments = ARGUMENTS[name](choose.draw, 1)
    each = getattr(cs, name)(*arguments)
    data = [data_of(choose.draw, name, each, arguments, cs.Message())[0] for _ in range(n)]
    other, init = m.copy(), m.copy()
    check(m, cs.one_head(each, n), data)
    m.push(cs.one_head(each, n), data)
    other.push(cs.substack(cs.repeat(each, n), [0]), data)
    assert m == other and (m.heads[1:] == init.heads[1:]).all()


COMBINATORS = ("serial", "from_iterable", "repeat", "substack", "parallel", "autoregressive", "from_generator")


def nested(draw: Draw, n: int, depth: int, kind: str = "uniform") -> Drawn:
    """Codecs of codecs on n heads, and data."""
    if kind in {"substack", "parallel"}:
        return on_parts(draw, n, depth, kind)
    if kind == "uniform":
        bits = draw(st.integers(0, 20))
        return cs.uniform(bits), draw(st.lists(st.integers(0, 2**bits - 1), min_size=n, max_size=n))
    made = [inner(draw, n, depth) for _ in range(draw(st.integers(1, 3)))]
    codecs, data = [codec for codec, _ in made], [data for _, data in made]
    make: dict[str, Callable[[], cs.Codec]] = {
        "serial": lambda: cs.serial(*codecs),
        "from_iterable": lambda: cs.from_iterable(codecs),
        "repeat": lambda: cs.repeat(codecs[0], 3),
        "autoregressive": lambda: cs.autoregressive(len(made), lambda before: codecs[len(before)]),
        "from_generator": lambda: cs.from_generator(lambda: (codec for codec in codecs)),
    }
    return make[kind](), [data[0]] * 3 if kind == "repeat" else data


def inner(draw: Draw, n: int, depth: int) -> Drawn:
    return nested(draw, n, depth - 1, draw(st.sampled_from(COMBINATORS)) if depth > 1 else "uniform")


def on_parts(draw: Draw, n: int, depth: int, kind: str) -> Drawn:
    """On some heads in any order, or on two parts of them."""
    heads, cut = draw(st.permutations(range(n))), draw(st.integers(1, n))
    parts = [part for part in (heads[:cut], heads[cut:]) if part]
    made = [inner(draw, len(part), depth) for part in parts]
    if kind == "substack":
        return cs.substack(made[0][0], parts[0]), made[0][1]
    return cs.parallel([codec for codec, _ in made], parts), [data for _, data in made]


@of(*(f"transom.stack.{name}" for name in COMBINATORS))
@given(st.data(), messages(), st.sampled_from(COMBINATORS))
def test_codecs_of_codecs_of_codecs_restore_what_was(choose: Any, m: cs.Message, kind: str) -> None:
    codec, data = nested(choose.draw, m.n_heads, 3, kind)
    assert type(codec).__module__ == getattr(cs, kind).__module__
    check(m, codec, data)


@of("transom.stack.multiset")
@given(messages(1), st.lists(st.integers(0, 9), max_size=12))
def test_a_multiset_comes_back_sorted_or_wants_words(m: cs.Message, symbols: list[int]) -> None:
    codec, init = cs.multiset(cs.uniform(4), len(symbols)), m.copy()
    try:
        m.push(codec, symbols)
    except cs.UnderflowError:
        assert m.n_words < len(symbols)
        return
    assert flat(m.pop(codec)) == sorted(symbols) and m == init


@of(*(f"transom.stack.{name}{verb}" for name in ("NonUniform", "Codec") for verb in ("", ".push", ".pop")))
@given(st.data(), messages(), st.integers(1, 2**31))
def test_functions_are_codecs_of_any_number_of_slots(choose: Any, m: cs.Message, n_slots: int) -> None:
    functions: cs.Codec = cs.NonUniform(lambda x: (x, 1), lambda slot: slot, n_slots=n_slots)
    data = choose.draw(st.lists(st.integers(0, n_slots - 1), min_size=m.n_heads, max_size=m.n_heads))
    init = m.copy()
    functions.push(m, data)
    assert flat(functions.pop(m)) == data and m == init


@of(*(f"transom.stack.{name}" for names in STEPS for name in names))
@given(st.data(), messages(), st.integers(0, 31), st.booleans())
def test_steps_are_undone_and_slots_are_within(choose: Any, m: cs.Message, bits: int, is_any: bool) -> None:
    n_slots = choose.draw(st.integers(1, 2**31)) if is_any else 2**bits
    starts = choose.draw(st.lists(st.integers(0, n_slots - 1), min_size=m.n_heads, max_size=m.n_heads))
    freqs = [choose.draw(st.integers(1, n_slots - start)) for start in starts]
    push, slots, pop = (getattr(cs, name) for name in STEPS[is_any])
    size, init = n_slots if is_any else bits, m.copy()
    push(m, starts, freqs, size)
    found = slots(m, size)
    assert (np.array(starts) <= found).all() and (found - np.array(starts) < freqs).all()
    pop(m, starts, freqs, size)
    assert m == init


@of(*(f"transom.stack.{name}" for name in ("Message", "is_base", "random_message", *FLAT)))
@given(messages(), st.integers(1, 40), st.integers(0, 99))
def test_messages_flatten_and_fold_there_and_back(m: cs.Message, n_heads: int, n_words: int) -> None:
    init, log = m.copy(), m.lower_log
    assert cs.Message.of(m.heads, m.tail, log) == m and cs.is_base(m) == (m == cs.Message(m.n_heads, log))
    assert cs.unflatten_raw(cs.flatten_raw(m), m.n_heads, log) == m
    assert cs.unflatten(cs.flatten(m), m.n_heads, log) == m
    try:
        m.resize(n_heads)
    except cs.UnderflowError:
        assert n_heads > init.n_heads and m == init
    m.resize(init.n_heads)
    assert m == init
    random = cs.random_message(n_heads, n_words, np.random.default_rng(n_words), log)
    assert (random.n_heads, random.n_words, random.lower_log) == (n_heads, n_words, log)
    assert (random.heads >> np.uint64(log) == 1).all()


@of("transom.stack.unflatten", "transom.stack.unflatten_raw")
@given(st.lists(WORD, max_size=40), st.integers(1, 2**32 - 1) | st.integers(1, 9), LOGS, st.booleans())
def test_any_words_are_a_message_or_refused(words: list[int], n_heads: int, log: int, raw: bool) -> None:
    read, write = (cs.unflatten_raw, cs.flatten_raw) if raw else (cs.unflatten, cs.flatten)
    try:
        m = read(words, n_heads, log)
    except ValueError as error:
        assert "words: " in str(error)
        return
    assert m.n_heads == n_heads and write(m).tolist() == words


@of("transom.stack.bb_ans", "transom.stack.vae", "transom.stack.VaePrecisions", "transom.stack.std_gaussian_bins")
@given(messages(4), st.lists(st.integers(0, 1), min_size=2, max_size=2), st.booleans(), st.floats(-1, 1))
def test_bits_back_gives_back_the_bits(m: cs.Message, x: list[int], spread: bool, shift: float) -> None:
    def recognise(data: Any) -> Any:
        return np.ravel(data) - 0.5 + shift, [0.5, 0.75]

    def generate(z: Any) -> cs.Codec:
        law = cs.bernoulli(0.5 + z / 99, 12)
        return law if spread else cs.one_head(law)

    def pairs() -> Generator[cs.Codec, Any, None]:
        bits = yield cs.uniform(5)
        yield cs.uniform(np.array(bits))

    edges, centres = cs.std_gaussian_bins(6)
    assert (edges[:-1] < centres).all() and (centres < edges[1:]).all() and (centres == -centres[::-1]).all()
    heads = ([0, 1], [3, 2]) if spread else None
    deep = cs.random_message(4, 9, np.random.default_rng(1), m.lower_log)
    check(deep, cs.vae(2, recognise, generate, cs.VaePrecisions(6, 14), heads), x)
    bits_back = cs.bb_ans(cs.uniform(2), lambda z: cs.from_generator(pairs), lambda data: cs.uniform(2))  # noqa: ARG005
    init = m.copy()
    try:
        check(m, bits_back, [[3, 3, 0, 31], [7, 0, 0, 2**31 - 1]])
    except cs.UnderflowError:
        assert m == init
