"""transom — tANS, rANS and APack coding of neural tensors: the golden model, and the tools around it.

The coder's names are those of the C++ library. They come from transom._core when they are first asked for: the tools
(transom.cost, .energy, .figures, .record, .sweep) need no compiled module.
"""
# SPDX-License-Identifier: Apache-2.0

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transom._core import (
        ApackRow,
        Code,
        Codec,
        CodedTensor,
        DataError,
        Decoded,
        DType,
        ForeignFormat,
        ForeignStream,
        RangeSearch,
        RangeTable,
        RecordBytes,
        Row,
        StreamWords,
        Tensor,
        codecs,
        coded_cost,
        decode,
        decode_foreign,
        encode,
        encode_best,
        encode_foreign,
        encode_wide,
        foreign_formats,
        fse_normalise,
        histogram,
        make_rows,
        make_spread,
        parse_apack_table,
        parse_container,
        quantise,
        raw_code,
        record_bytes,
        ryg_normalise,
        try_decode,
        write_apack_table,
        write_container,
    )
    from transom.container import Container, decode_all, encode_all, read_container

_FROM_CONTAINER = ("Container", "decode_all", "encode_all", "read_container")
__all__ = [
    "ApackRow",
    "Code",
    "Codec",
    "CodedTensor",
    "Container",
    "DType",
    "DataError",
    "Decoded",
    "ForeignFormat",
    "ForeignStream",
    "RangeSearch",
    "RangeTable",
    "RecordBytes",
    "Row",
    "StreamWords",
    "Tensor",
    "codecs",
    "coded_cost",
    "decode",
    "decode_all",
    "decode_foreign",
    "encode",
    "encode_all",
    "encode_best",
    "encode_foreign",
    "encode_wide",
    "foreign_formats",
    "fse_normalise",
    "histogram",
    "make_rows",
    "make_spread",
    "parse_apack_table",
    "parse_container",
    "quantise",
    "raw_code",
    "read_container",
    "record_bytes",
    "ryg_normalise",
    "try_decode",
    "write_apack_table",
    "write_container",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'transom' has no attribute '{name}'")
    module = "transom.container" if name in _FROM_CONTAINER else "transom._core"
    return getattr(import_module(module), name)


def __dir__() -> list[str]:
    return __all__
