"""compare.py — what other compressors make of the same images.

As bits-back's benchmark has it: gzip, bz2 and lzma take pixels as bytes, eight to a byte if they are bits; PNG and
WebP an image, bits as black and white. All of them at their best.
"""
# SPDX-License-Identifier: Apache-2.0

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.uint8]


def _lzma(data: bytes) -> bytes:
    """At its best; a dictionary as large as the data is as good as one of 64 MiB, which takes longer to make."""
    best = {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": max(4096, len(data))}
    return lzma.compress(data, filters=[best])


STREAMS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, 9, mtime=0),
    "bz2": lambda data: bz2.compress(data, 9),
    "lzma": _lzma,
}
FORMATS: dict[str, dict[str, Any]] = {
    "PNG": {"optimize": True},
    "WebP": {"lossless": True, "quality": 100},
}


def _stream_bits(pack: Callable[[bytes], bytes], pictures: Pictures, bits: bool) -> int:
    return 8 * len(pack(np.packbits(pictures).tobytes() if bits else pictures.tobytes()))


def _format_bits(name: str, picture: Pictures, bits: bool) -> int:
    from PIL import Image  # noqa: PLC0415  a package of its own

    shown = Image.fromarray(picture * np.uint8(255) if bits else picture)
    if bits and name == "PNG":
        shown = shown.convert("1")
    file = io.BytesIO()
    shown.save(file, name, **FORMATS[name])
    return 8 * len(file.getvalue())


def compare(pictures: Pictures) -> dict[str, dict[str, float | None]]:
    """Bits per dimension of all images as one, and of each by itself; None where a format has no such thing."""
    bits = bool(pictures.max() <= 1)
    flat = pictures.reshape(len(pictures), -1)
    shown = pictures if pictures.ndim == 3 else flat[:, None, :]
    found: dict[str, dict[str, float | None]] = {}
    for name, pack in STREAMS.items():
        each = sum(_stream_bits(pack, row, bits) for row in flat)
        found[name] = {"whole": _stream_bits(pack, flat, bits) / flat.size, "each": each / flat.size}
    for name in FORMATS:
        each = sum(_format_bits(name, np.ascontiguousarray(picture), bits) for picture in shown)
        found[name] = {"whole": None, "each": each / flat.size}
    return found
