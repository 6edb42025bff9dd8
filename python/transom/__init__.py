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
        apack_join,
        apack_split,
        codecs,
        coded_cost,
        decode,
        decode_foreign,
        encode,
        encode_best,
        encode_foreign,
        encode_wide,
        foreign_formats,
        fse_decode_block,
        fse_encode_block,
        fse_normalise,
        fse_read_header,
        fse_write_header,
        histogram,
        make_rows,
        make_spread,
        pair_histogram,
        parse_apack_table,
        parse_container,
        quantise,
        raw_code,
        record_bytes,
        released_search,
        ryg_normalise,
        try_decode,
        write_apack_table,
        write_container,
    )
    from transom.container import Container, decode_all, encode_all, read_container
    from transom.trace import read_trace, write_trace

_ELSEWHERE = {
    "Container": "container",
    "decode_all": "container",
    "encode_all": "container",
    "read_container": "container",
    "read_trace": "trace",
    "write_trace": "trace",
}  # what is not of _core
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
    "apack_join",
    "apack_split",
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
    "fse_decode_block",
    "fse_encode_block",
    "fse_normalise",
    "fse_read_header",
    "fse_write_header",
    "histogram",
    "make_rows",
    "make_spread",
    "pair_histogram",
    "parse_apack_table",
    "parse_container",
    "quantise",
    "raw_code",
    "read_container",
    "read_trace",
    "record_bytes",
    "released_search",
    "ryg_normalise",
    "try_decode",
    "write_apack_table",
    "write_container",
    "write_trace",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'transom' has no attribute '{name}'")
    return getattr(import_module(f"transom.{_ELSEWHERE.get(name, '_core')}"), name)


def __dir__() -> list[str]:
    return __all__
