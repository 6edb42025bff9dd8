"""test_stack_refused.py — what is refused leaves the message as it was; codecs of the user's own; loans of heads."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("transom._stack", reason="the Python module was not built")
from stack_checks import check_codec, message

import transom
import transom.stack as cs

HALF = cs.table([0, 0, 8], 3)  # symbol 0 has no slots
GAP = cs.table([2, 5], 3)  # slots 0, 1, 5, 6, 7 are nobody's


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([1, 2], "number of data is 2; must be 4"),
        (3, "number of data is 1; must be 4"),
        ([1, 1, 1, 2], r"symbol is 2; must be 0\.\.1"),
        ([1, 1, -1, 1], r"data\[2\] is -1; must be 0\.\.4294967295"),
        ([1, 2**80, 1, 1], "data.* is 2.64 or more"),
        ([1, 0, 1, 1], r"data\[1\] is 0; must have slots"),
        ([1.0] * 4, "data is of floats; must be integers"),
        ("1111", "data is .*; must be an array of integers"),
        (None, "data is .*; must be an array of integers"),
        ({"a": 1}, "data is .*; must be an array of integers"),
    ],
)
def test_data_that_are_none_are_refused_by_name(data: Any, words: str) -> None:
    init = message(4)
    m = init.copy()
    with pytest.raises(ValueError, match=words):
        m.push(HALF, data)
    assert m == init


def test_a_pop_without_words_changes_nothing() -> None:
    codecs: list[tuple[cs.Codec, type[Exception]]] = [
        (cs.uniform(31), cs.UnderflowError),
        (cs.big_uniform(64), cs.UnderflowError),
        (cs.benford(), cs.UnderflowError),
        (cs.one_head(cs.uniform(16), 99), cs.UnderflowError),
        (cs.counts([1] * 1000003), cs.UnderflowError),
        (GAP, cs.SlotError),
        (cs.NonUniform(lambda _: (0, 1), lambda _: None, 3), cs.SlotError),
    ]
    for n_words in (0, 3):
        for codec, error in codecs:
            init = message(50, n_words)
            m = init.copy()
            with pytest.raises(error):
                m.pop(codec)
            assert m == init
    assert issubclass(cs.UnderflowError, transom.DataError) and issubclass(cs.SlotError, transom.DataError)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: cs.Message(0), "number of heads is 0"),
        (lambda: cs.Message(1, 30), r"lower_log is 30; must be 31\.\.32"),
        (lambda: cs.Message.of([1], []), r"heads\[0\] is 1; must be in \[L, bL\)"),
        (lambda: cs.Message.of([1 << 63], []), "must be in"),
        (lambda: cs.uniform(33), r"precision is 33; must be 0\.\.32"),
        (lambda: cs.uniform([3, -1]), r"precision\[1\] is -1"),
        (lambda: cs.bernoulli([0.5, 1.5], 8), r"p is 1\.5; must be 0\.\.1"),
        (lambda: cs.bernoulli(np.nan, 8), r"p is -?nan; must be 0\.\.1"),
        (lambda: cs.bernoulli("half", 8), "p is of <U4; must be real numbers"),
        (lambda: cs.bernoulli(1j, 8), "p is of complex128"),
        (lambda: cs.categorical(0.5, 8), "probabilities is a number"),
        (lambda: cs.categorical([], 8), "number of probabilities is 0"),
        (lambda: cs.categorical([1.0], 8, "up"), "rounding is 'up'; must be 'nearest' or 'one_each'"),
        (lambda: cs.gaussian([1, 2], [1, 2, 3], 4, 8), r"mean \(2,\), stdd \(3,\)"),
        (lambda: cs.gaussian(0, 0, 4, 8), "stdd is 0; must be above 0"),
        (lambda: cs.gaussian(0, 1, 25, 8), r"bin_prec is 25; must be 0\.\.24"),
        (lambda: cs.table(3, 8), "cdf is a number"),
        (lambda: cs.table([0, 5, 4], 8), r"cdf\[2\] is 4"),
        (lambda: cs.counts([1, -1]), "numbers must be integers of 0"),
        (lambda: cs.counts([np.inf]), "numbers must be integers of 0"),
        (lambda: cs.discretised("square", 0, 1, 4, 8), "shape is 'square'"),
        (lambda: cs.one_head(cs.uniform(3)), "n is None"),
        (lambda: cs.NonUniform(lambda _: (0, 1), lambda _: 0), "one of them must be given"),
        (lambda: cs.multiset(cs.uniform(3), -1), "n is -1"),
        (lambda: cs.std_gaussian_bins(4, np.complex64), "must be real numbers"),
        (lambda: cs.unflatten([1, 2, 3], 9), "words: truncated"),
        (lambda: cs.unflatten_raw([1], 1), "words: truncated"),
        (lambda: cs.unflatten_raw([0, 1], 1), "words: bad_state"),
    ],
)
def test_what_cannot_be_made_is_refused_by_name(make: Callable[[], Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize(
    ("codec", "data", "words"),
    [
        (cs.serial(HALF, HALF), [[1] * 4], "number of data is 1; must be 2"),
        (cs.repeat(HALF, 2), [], "number of data is 0; must be 2"),
        (cs.autoregressive(2, lambda _: HALF), [1], "number of data is 1; must be 2"),
        (cs.multiset(HALF, 2), [1], "number of data is 1; must be 2"),
        (cs.from_generator(lambda: (HALF for _ in range(2))), [[1] * 4], "must be that of the codecs, more"),
        (cs.from_generator(lambda: (HALF for _ in range(2))), [[1] * 4] * 3, "must be that of the codecs, 2"),
        (cs.substack(HALF, [0, 0]), [1, 1], "head is 0; must be in one place alone"),
        (cs.substack(HALF, [0, -4]), [1, 1], "head is 0; must be in one place alone"),
        (cs.substack(HALF, [4]), [1], r"place is 4; must be 0\.\.3"),
        (cs.substack(HALF, [-5]), [1], r"places\[0\] is -1"),
        (cs.substack(HALF, [0.5]), [1], "heads are of float64"),
        (cs.parallel([HALF, HALF], [slice(0, 2), [3, 1]]), [[1, 1], [1, 1]], "head 1 is in two parts"),
        (cs.one_head(cs.benford(), 2), [1, 1], "codec is of several steps"),
        (cs.uniform([1, 2]), [1, 1, 1, 1], "number of symbols is 4; must be 2"),
        (cs.counts([1, 1]), [0, 1, 2, 0], r"data must be 0\.\.1"),
    ],
)
def test_combinators_refuse_by_name_before_anything_is_pushed(codec: cs.Codec, data: Any, words: str) -> None:
    init = message(4)
    m = init.copy()
    with pytest.raises(ValueError, match=words):
        m.push(codec, data)
    assert m == init


class Number:
    """Numbers below 2^31 on one head, small ones cheaper."""

    def push(self, m: cs.Message, x: int) -> None:
        cs.uniform(x.bit_length()).push(m, x)  # popped last, so pushed first
        cs.uniform(5).push(m, x.bit_length())

    def pop(self, m: cs.Message) -> int:
        return int(cs.uniform(cs.uniform(5).pop(m)).pop(m)[0])


def test_combinators_take_codecs_of_the_users_own() -> None:
    number, init = Number(), message(3, 60)

    def as_many() -> Generator[cs.Codec, Any, None]:
        yield cs.substack(cs.repeat(number, (yield cs.substack(number, [0]))), [1])

    def one_more(z: int) -> cs.Codec:
        return cs.substack(cs.NonUniform(lambda x: (x - z, 1), lambda slot: slot + z, 1), [0])

    data = [3, 0, 2**31 - 1, 17]
    check_codec(init, cs.substack(cs.repeat(number, 4), [2]), data)
    check_codec(init, cs.parallel([number, cs.serial(number, number)], [[2], [0]]), [7, [1, 2]])
    check_codec(init, cs.from_generator(as_many), [2, [1000, 0]])
    check_codec(message(), cs.autoregressive(4, lambda before: number if before else cs.uniform(2)), data)
    check_codec(message(), cs.multiset(number, 4), sorted(data))
    prior = cs.substack(cs.uniform(2), [0])
    bits_back = cs.bb_ans(prior, lambda z: one_more(int(z[0])), lambda x: one_more(int(x[0]) - 1))
    check_codec(init, bits_back, np.array([3]))


def test_a_view_is_the_heads_until_it_is_taken_back() -> None:
    init = message(6)
    m = init.copy()
    view = m.lend([4, 1])
    assert (view.heads == init.heads[[4, 1]]).all() and view.n_words == m.n_words
    for use in (lambda: m.push(HALF, [1] * 6), lambda: m.lend([0]), m.copy, lambda: cs.flatten(m), lambda: m.resize(3)):
        with pytest.raises(ValueError, match="heads is lent; must be taken back"):
            use()
    view.push(cs.uniform(31), [5, 6])
    m.take_back(view)
    assert (m.heads[[0, 2, 3, 5]] == init.heads[[0, 2, 3, 5]]).all() and m != init
    after = m.copy()
    view.push(cs.uniform(31), [5, 6])  # what is done to it now is nobody's
    assert m == after
    with pytest.raises(ValueError, match="of another loan"):
        m.take_back(view)


def test_a_view_must_keep_its_heads() -> None:
    m = message(6, 99)
    view = m.lend([0, 1])
    view.resize(3)
    with pytest.raises(ValueError, match="number of the view's heads is 3; must be 2"):
        m.take_back(view)
    view = m.lend([2, 3])
    inner = view.lend([1])
    with pytest.raises(ValueError, match="heads is lent"):
        m.take_back(view)
    inner.push(cs.uniform(3), 5)
    view.take_back(inner)
    m.take_back(view)
    assert m.pop(cs.substack(cs.uniform(3), [3])) == 5


def test_heads_come_back_whatever_a_codec_raises() -> None:
    class Fails:
        def push(self, _: cs.Message, data: Any) -> None:
            raise KeyError(data)

        pop = push

    init = message(4)
    m = init.copy()
    with pytest.raises(KeyError, match="of the codec"):
        m.push(cs.substack(Fails(), [1]), "of the codec")  # type: ignore[arg-type]
    assert m == init
    m.push(HALF, [1] * 4)


def test_memory_grows_with_what_is_there_not_with_what_is_claimed() -> None:
    init = message(1, 20)
    for codec in (cs.one_head(cs.uniform(16), 1 << 40), cs.repeat(cs.uniform(16), 1 << 40)):
        m = init.copy()
        with pytest.raises(cs.UnderflowError):
            m.pop(codec)
    with pytest.raises(cs.UnderflowError):
        init.copy().resize(1 << 31)


def test_symbols_without_an_order_are_refused_by_python() -> None:
    for symbols in ([object(), object()], [1, "a"]):
        with pytest.raises(TypeError):
            message().push(cs.multiset(Number(), 2), symbols)


def test_an_order_must_not_use_the_set_that_it_is_asked_for() -> None:
    held = [transom._stack.CountedSet()]  # noqa: SLF001 - what multiset() is made of

    class Greedy:
        def __lt__(self, other: object) -> bool:
            held[0].insert(Greedy())
            return False

    held[0].insert(Greedy())
    with pytest.raises(ValueError, match="being compared"):
        held[0].insert(Greedy())
    held.clear()
