"""combinators.py — codecs of codecs: of any objects with `push(message, data)` and `pop(message)`.

A list of codecs is in the order in which they are popped; what is popped first is pushed last.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable, Generator, Iterable, Sequence
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from transom._stack import CountedSet, Message, pop_any, push_any, slots_any


class Codec(Protocol):
    """What two verbs make: what `pop` gives is what was pushed, and the message is then as before."""

    def push(self, message: Message, data: Any, /) -> None:
        """Codes the data on the message, in place."""

    def pop(self, message: Message, /) -> Any:
        """Takes what was pushed last."""


def sized(function: str, data: Any, n: int) -> Sequence[Any]:
    """The data as a sequence of n. ValueError for another number of them."""
    items: Sequence[Any] = data if hasattr(data, "__len__") and hasattr(data, "__getitem__") else list(data)
    if len(items) != n:
        raise ValueError(f"{function}: number of data is {len(items)}; must be {n}")
    return items


class Serial:
    """A datum of each codec of a list."""

    def __init__(self, codecs: Iterable[Codec]) -> None:
        self.codecs = list(codecs)

    def push(self, message: Message, data: Any) -> None:
        items = sized("serial", data, len(self.codecs))
        for codec, item in zip(reversed(self.codecs), reversed(items), strict=True):
            codec.push(message, item)

    def pop(self, message: Message) -> list[Any]:
        return [codec.pop(message) for codec in self.codecs]


def serial(*codecs: Codec) -> Serial:
    """One after the other; data are a sequence with one of each."""
    return Serial(codecs)


def from_iterable(codecs: Iterable[Codec]) -> Serial:
    """serial() of a list."""
    return Serial(codecs)


class Repeat:
    """n data of one codec."""

    def __init__(self, codec: Codec, n: int) -> None:
        self.codec, self.n = codec, n

    def push(self, message: Message, data: Any) -> None:
        for item in reversed(sized("repeat", data, self.n)):
            self.codec.push(message, item)

    def pop(self, message: Message) -> list[Any]:
        return [self.codec.pop(message) for _ in range(self.n)]


def repeat(codec: Codec, n: int) -> Repeat:
    """n data, a sequence or an array (n, ...), of one codec."""
    return Repeat(codec, n)


Heads = slice | ArrayLike


def on_heads(message: Message, heads: Heads, work: Callable[[Message], Any]) -> Any:
    """work(view of these heads), which come back to their places whatever it raises."""
    view = message.lend(places(heads, message.n_heads))
    try:
        return work(view)
    finally:
        message.take_back(view)


def places(heads: Heads, n_heads: int) -> NDArray[Any]:
    """Which of n_heads heads: those of a slice, or indices, negative ones from the end, as Python has it."""
    if isinstance(heads, slice):
        return np.arange(n_heads)[heads]
    indices = np.asarray(heads).reshape(-1)
    if indices.size and indices.dtype.kind not in "iu":
        raise ValueError(f"substack: heads are of {indices.dtype}; must be a slice or integers")
    return np.where(indices < 0, indices + n_heads, indices).astype(np.int64)


class Substack:
    """A codec on some heads of a message, over its whole tail."""

    def __init__(self, codec: Codec, heads: Heads) -> None:
        self.codec, self.heads = codec, heads

    def push(self, message: Message, data: Any) -> None:
        on_heads(message, self.heads, lambda view: self.codec.push(view, data))

    def pop(self, message: Message) -> Any:
        return on_heads(message, self.heads, self.codec.pop)


def substack(codec: Codec, heads: Heads) -> Substack:
    """The codec on heads [heads], a slice or indices. ValueError for one that is there twice, or not in the message."""
    return Substack(codec, heads)


class Parallel(Serial):
    """Substacks that share no head."""

    def __init__(self, parts: Sequence[Substack]) -> None:
        super().__init__(parts)
        self.parts = parts

    def check(self, message: Message) -> None:
        """ValueError where two parts have a head in common."""
        all_places = np.concatenate([places(part.heads, message.n_heads) for part in self.parts] or [np.zeros(0)])
        which, numbers = np.unique(all_places, return_counts=True)
        if (numbers > 1).any():
            raise ValueError(f"parallel: head {int(which[numbers > 1][0])} is in two parts; must be in one alone")

    def push(self, message: Message, data: Any) -> None:
        self.check(message)
        super().push(message, data)

    def pop(self, message: Message) -> list[Any]:
        self.check(message)
        return super().pop(message)


def parallel(codecs: Sequence[Codec], heads: Sequence[Heads]) -> Parallel:
    """Codec i on heads[i]; data are a sequence with one of each. ValueError for heads that overlap."""
    return Parallel([Substack(codec, where) for codec, where in zip(codecs, heads, strict=True)])


class AutoRegressive:
    """n data, each with a codec that depends on those before it."""

    def __init__(self, n: int, codec_after: Callable[[Sequence[Any]], Codec]) -> None:
        self.n, self.codec_after = n, codec_after

    def push(self, message: Message, data: Any) -> None:
        items = sized("autoregressive", data, self.n)
        for i in reversed(range(self.n)):
            self.codec_after(items[:i]).push(message, items[i])

    def pop(self, message: Message) -> list[Any]:
        data: list[Any] = []
        for _ in range(self.n):
            data.append(self.codec_after(data).pop(message))
        return data


def autoregressive(n: int, codec_after: Callable[[Sequence[Any]], Codec]) -> AutoRegressive:
    """p(x_0) p(x_1 | x_0) ...: codec_after(data before) is the codec of the next one. It must not change its list."""
    return AutoRegressive(n, codec_after)


class FromGenerator:
    """The codecs that a generator yields; it is told what each popped."""

    def __init__(self, start: Callable[[], Generator[Codec, Any, Any]]) -> None:
        self.start = start

    def push(self, message: Message, data: Any) -> None:
        items = data if hasattr(data, "__len__") else list(data)
        codecs: list[Codec] = []
        running = self.start()
        try:
            codecs.append(next(running))
            for item in items:
                codecs.append(running.send(item))  # noqa: PERF401 - what came so far is kept at the end
        except StopIteration:
            pass
        if len(codecs) != len(items):
            more = "more" if len(codecs) > len(items) else str(len(codecs))
            raise ValueError(f"from_generator: number of data is {len(items)}; must be that of the codecs, {more}")
        Serial(codecs).push(message, items)

    def pop(self, message: Message) -> list[Any]:
        data: list[Any] = []
        running = self.start()
        try:
            codec = next(running)
            while True:
                data.append(codec.pop(message))
                codec = running.send(data[-1])
        except StopIteration:
            return data


def from_generator(start: Callable[[], Generator[Codec, Any, Any]]) -> FromGenerator:
    """start() is a generator of codecs: `x = yield codec`; what it yields may depend on what came before."""
    return FromGenerator(start)


def order_of(symbol: Any) -> Any:
    """What symbols are sorted by: arrays by their numbers, the first ones first; others as they are."""
    return tuple(symbol.reshape(-1).tolist()) if isinstance(symbol, np.ndarray) else symbol


FIRST = slice(0, 1)


class Multiset:
    """n data without an order."""

    def __init__(self, codec: Codec, n: int, key: Callable[[Any], Any] = order_of) -> None:
        if not 0 <= n <= 1 << 31:
            raise ValueError(f"multiset: n is {n}; must be 0..{1 << 31}")
        self.codec, self.n, self.key = codec, n, key

    def push(self, message: Message, data: Any) -> None:
        items = sized("multiset", data, self.n)
        left, symbols = CountedSet(), {}
        for item in items:
            key = self.key(item)
            left.insert(key)
            symbols[key] = item
        for size in reversed(range(1, self.n + 1)):
            key = on_heads(message, FIRST, partial(self.sample, left=left, size=size))
            left.erase(key)
            self.codec.push(message, symbols[key])

    @staticmethod
    def sample(head: Message, left: CountedSet, size: int) -> Any:
        """Pops which of all that are left comes next."""
        key = left.symbol_at(int(slots_any(head, size)[0]))
        pop_any(head, *left.range_of(key), size)
        return key

    def pop(self, message: Message) -> list[Any]:
        found, data = CountedSet(), []
        for size in range(1, self.n + 1):
            data.append(self.codec.pop(message))
            key = self.key(data[-1])
            found.insert(key)
            start, freq = found.range_of(key)
            on_heads(message, FIRST, partial(push_any, starts=start, freqs=freq, n_slots=size))
        return sorted(data, key=self.key)


def multiset(codec: Codec, n: int, key: Callable[[Any], Any] = order_of) -> Multiset:
    """n data for the price of a set, log2(n!) bits less if all differ: what is popped is sorted by `key`.

    The key of equal data is equal, hashable and ordered; that of an array is the tuple of its numbers. Which datum
    comes next is popped from the first head: the message needs words (UnderflowError).
    """
    return Multiset(codec, n, key)
