"""images.py — images for the verbs of this package: .npy files, and scikit-learn's digits."""
# SPDX-License-Identifier: Apache-2.0

import io
import sys

import numpy as np
from numpy.typing import NDArray

from transom.errors import DataError, UsageError

DIGITS, DIGITS_THRESHOLD = "digits", 8  # of 0..16
GREY_DIGITS = "grey-digits"  # as they are


def digits(half: str = "train") -> NDArray[np.uint8]:
    """scikit-learn's digits, N x 8 x 8 of 0..16: the first half trains, the second tests, other people's hands."""
    from sklearn.datasets import load_digits  # noqa: PLC0415  only where it is asked for

    whole: NDArray[np.uint8] = load_digits().images.astype(np.uint8)
    middle = len(whole) // 2
    return whole[:middle] if half == "train" else whole[middle:]


def _checked(name: str, pictures: NDArray[np.generic]) -> NDArray[np.uint8]:
    if pictures.ndim not in (2, 3) or 0 in pictures.shape:
        raise DataError(f"{name}: shape: {pictures.shape} is not N x height x width or N x pixels; reshape the array")
    if pictures.dtype.kind not in "iub" or pictures.min() < 0 or pictures.max() > 255:
        raise DataError(f"{name}: values: they are not integers 0..255; save the images as uint8")
    return pictures.astype(np.uint8)


def read(name: str, threshold: int | None) -> NDArray[np.uint8]:
    """Rows of pixels. DataError for what is no images."""
    if threshold is not None and not 1 <= threshold <= 255:
        raise UsageError(f"--threshold {threshold} is not in 1..255")
    if name in (DIGITS, GREY_DIGITS):
        pictures, threshold = digits(), threshold or (DIGITS_THRESHOLD if name == DIGITS else None)
    else:
        try:
            pictures = _checked(name, np.load(name))
        except (ValueError, EOFError) as error:
            raise DataError(f"{name}: {error}; give a .npy of images") from error
    rows = pictures.reshape(len(pictures), -1)
    return rows if threshold is None else (rows >= threshold).astype(np.uint8)


def read_stdin() -> NDArray[np.uint8]:
    try:
        return _checked("stdin", np.load(io.BytesIO(sys.stdin.buffer.read())))
    except (ValueError, EOFError) as error:
        raise DataError(f"stdin: {error}; give a .npy of images") from error
