"""Messages and codecs, in C++: transom.stack has the words."""

from typing import Annotated, Any, overload

import numpy
from numpy.typing import NDArray

import transom._core


class UnderflowError(transom._core.DataError):
    pass

class SlotError(transom._core.DataError):
    pass

class Message:
    """
    rANS heads over a shared tail of words, last in, first out.

    Codecs change it in place. A step of transom's own codecs that raises leaves it as it was.
    """

    def __init__(self, n_heads: int = 1, lower_log: int = 31) -> None:
        """
        A base message: n_heads heads (1 or more) of 2^lower_log, no words.

        Heads lie in [2^lower_log, 2^(lower_log + 32)), lower_log 31 (craystack) or 32 (bits-back).
        """

    @staticmethod
    def of(heads: object | None, tail: object | None, lower_log: int = 31) -> Message:
        """
        Of heads and words, the top of the tail last.

        Raises ValueError for no heads, and for one outside [2^lower_log, 2^(lower_log + 32)).
        """

    @property
    def heads(self) -> NDArray[numpy.uint64]:
        """The heads, uint64 (n_heads,): a copy."""

    @property
    def tail(self) -> NDArray[numpy.uint32]:
        """The words, uint32 (n_words,), top last: a copy."""

    @property
    def n_heads(self) -> int: ...

    @property
    def n_words(self) -> int:
        """Words of the tail."""

    @property
    def lower_log(self) -> int:
        """31 or 32: log2 of the least head."""

    def copy(self) -> Message:
        """The same, by itself."""

    def push(self, codec: Any, data: Any) -> None:
        """codec.push(self, data)."""

    def pop(self, codec: Any) -> Any:
        """codec.pop(self)."""

    def resize(self, n_heads: int) -> None:
        """
        Folds the last heads into the first by Benford's law, or pops more from them.

        Raises UnderflowError, and changes nothing, where the words are too few for n_heads.
        """

    def lend(self, places: object | None) -> Message:
        """
        The heads of these places, in their order, as a message over the same tail.

        Until take_back() the message itself is not to be used. Raises ValueError for a place that is twice there, or nowhere.
        """

    def take_back(self, view: Message) -> None:
        """
        Ends lend(): the view's heads come to their places. Raises ValueError for another's.
        """

    def __eq__(self, other: object, /) -> bool: ...

    def __repr__(self) -> str: ...

def is_base(message: Message) -> bool:
    """Whether nothing is in it."""

def flatten_raw(message: Message) -> NDArray[numpy.uint32]:
    """
    uint32 (2 n_heads + n_words,): high halves of the heads, low halves, words from the top.
    """

def flatten(message: Message) -> NDArray[numpy.uint32]:
    """
    What is stored, uint32: the heads folded into one by Benford's law, then as flatten_raw().

    64 new heads are 71 words.
    """

def unflatten_raw(words: object | None, n_heads: int = 1, lower_log: int = 31) -> Message:
    """
    The inverse of flatten_raw(). Raises DataError for words that are no message.
    """

def unflatten(words: object | None, n_heads: int = 1, lower_log: int = 31) -> Message:
    """
    The inverse of flatten(). Raises DataError for words that are no message of n_heads.
    """

def push_ranges(message: Message, starts: object | None, freqs: object | None, precision: object | None) -> None:
    """
    Codes the symbol that owns slots [start, start + freq) of 2^precision, on each head.

    Integers, or arrays of (n_heads,); precision 0..lower_log, freq 1..2^precision. Raises ValueError for others.
    """

def slots(message: Message, precision: object | None) -> NDArray[numpy.uint32]:
    """
    The slot below 2^precision that each head is at, uint32 (n_heads,): whose it is, was pushed last.
    """

def pop_ranges(message: Message, starts: object | None, freqs: object | None, precision: object | None) -> None:
    """
    The inverse of push_ranges(): the ranges that own the slots().

    Raises SlotError where one does not, UnderflowError where words are missing.
    """

def push_any(message: Message, starts: object | None, freqs: object | None, n_slots: object | None) -> None:
    """
    push_ranges() of any numbers of slots, 1..2^lower_log, instead of 2^precision.
    """

def slots_any(message: Message, n_slots: object | None) -> NDArray[numpy.uint32]:
    """slots() of any numbers of slots."""

def pop_any(message: Message, starts: object | None, freqs: object | None, n_slots: object | None) -> None:
    """The inverse of push_any(); raises as pop_ranges()."""

class Lanes:
    """A codec of transom's own: a symbol per head, or one_head()."""

    def push(self, message: Message, data: object | None) -> None:
        """
        Codes an integer, or an array or list of them, one per head, from the last to the first.

        Raises ValueError, and changes nothing, for a symbol without slots, and for another number of them.
        """

    def pop(self, message: Message) -> NDArray[Any]:
        """
        What was pushed, uint32 (n_heads,), of 64-bit codecs uint64.

        Raises UnderflowError or SlotError, and changes nothing, where the message was not made so.
        """

    def cdf(self, number: int = 0) -> NDArray[numpy.uint32]:
        """
        The integers of distribution `number`: symbol s owns slots [cdf[s], cdf[s + 1]).
        """

    @property
    def size(self) -> int:
        """Distributions: one per head, or 1 for all."""

def one_head(codec: Lanes, n: int) -> Lanes: ...

def uniform(precision: object | None) -> Lanes: ...

def big_uniform(precision: object | None) -> Lanes: ...

def benford() -> Lanes: ...

def benford_high_bits(n_bits: int, precision: int) -> Lanes: ...

def table(rows: object | None, n_rows: int, precision: int) -> Lanes: ...

@overload
def bernoulli(p: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], precision: int) -> Lanes: ...

@overload
def bernoulli(p: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], precision: int) -> Lanes: ...

@overload
def categorical(probabilities: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], precision: int, one_each: bool) -> Lanes: ...

@overload
def categorical(probabilities: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], precision: int, one_each: bool) -> Lanes: ...

@overload
def gaussian(mean: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], stdd: Annotated[NDArray[numpy.float32], dict(shape=(None,), order='C', device='cpu', writable=False)], bin_prec: int, precision: int, even: bool) -> Lanes: ...

@overload
def gaussian(mean: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], stdd: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], bin_prec: int, precision: int, even: bool) -> Lanes: ...

def categorical_of_weights(weights: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], precision: int) -> Lanes: ...

def binomial(n: int, p: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], precision: int) -> Lanes: ...

def beta_binomial(n: int, a: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], b: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], precision: int) -> Lanes: ...

def beta_latent(prior_a: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], prior_b: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], a: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], b: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], bin_prec: int, precision: int) -> Lanes: ...

def std_gaussian_bins(bin_prec: int) -> tuple[NDArray[numpy.float64], NDArray[numpy.float64]]: ...

def std_gaussian_bins_f32(bin_prec: int) -> tuple[NDArray[numpy.float32], NDArray[numpy.float32]]: ...

def gaussian_in_gaussian_bins(mean: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], stdd: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], bin_mean: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], bin_stdd: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], bin_prec: int, precision: int) -> Lanes: ...

def gaussian_in_uniform_bins(mean: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], stdd: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], low: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], high: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], n_bins: int, precision: int, rebalanced: bool) -> Lanes: ...

def discretised(logistic: bool, low: float, high: float, bin_prec: int, precision: int) -> Lanes: ...

def logistic(mean: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], log_scale: Annotated[NDArray[numpy.float64], dict(shape=(None,), order='C', device='cpu', writable=False)], low: float, high: float, bin_prec: int, precision: int) -> Lanes: ...

def logistic_mixture(means: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], log_scales: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], logits: Annotated[NDArray[numpy.float64], dict(shape=(None, None), order='C', device='cpu', writable=False)], low: float, high: float, bin_prec: int, precision: int) -> Lanes: ...

class CountedSet:
    """Symbols with their numbers, in their order: a balanced tree."""

    def __init__(self) -> None: ...

    def insert(self, symbol: object | None) -> None:
        """Once more; raises what comparing raises."""

    def erase(self, symbol: object | None) -> None:
        """Once less; raises ValueError unless it is there."""

    def range_of(self, symbol: object | None) -> tuple[int, int]:
        """(how many are less, how many of it there are)."""

    def symbol_at(self, place: int) -> object:
        """The one at a place of all in order; raises ValueError beyond them."""

    def __len__(self) -> int: ...
