"""test_torch_file.py — torch's old files are read without torch; a pickle that does anything else is refused."""
# SPDX-License-Identifier: Apache-2.0

import pickle
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from program import SHARED

from transom.bbans import torch_file
from transom.bbans.network import read_bits_back
from transom.errors import DataError

MAGIC = 0x1950A86A20F9469CFC6C


def name(text: str) -> bytes:
    return b"X" + struct.pack("<I", len(text)) + text.encode()


def number(n: int) -> bytes:
    return b"J" + struct.pack("<i", n)


def tensor(key: str, count: int, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> bytes:
    """The instructions that rebuild a tensor, as torch writes them."""
    storage = b"(" + name("storage") + b"ctorch\nFloatStorage\n" + name(key) + name("cpu") + number(count) + b"NtQ"
    dims = [b"(" + b"".join(map(number, numbers)) + b"t" for numbers in (shape, strides)]
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + number(offset) + b"".join(dims) + b"\x89NtR"


def file_of(tensors: bytes, items: dict[str, np.ndarray[Any, Any]]) -> bytes:
    dictionary = b"\x80\x02ccollections\nOrderedDict\n)R(" + tensors + b"u."
    heads = [pickle.dumps(value, 2) for value in (MAGIC, 1001, {"little_endian": True})]
    data = b"".join(heads) + dictionary + pickle.dumps(sorted(items), 2)
    for key in sorted(items):
        data += struct.pack("<q", len(items[key])) + items[key].astype("<f4").tobytes()
    return data


ITEMS = {"1": np.arange(12.0), "2": np.array([5.0])}
GOOD = name("a") + tensor("1", 12, 2, (2, 3), (5, 1)) + name("b") + tensor("2", 1, 0, (1,), (1,))


def test_tensors_are_views_of_their_storages() -> None:
    found = torch_file.parse(file_of(GOOD, ITEMS))
    assert found["a"].tolist() == [[2, 3, 4], [7, 8, 9]]
    assert found["b"].tolist() == [5]


BAD = {
    "the pickle imports os system": name("a") + b"cos\nsystem\n(" + name("true") + b"tR",
    "the pickle imports builtins eval": name("a") + b"cbuiltins\neval\n(" + name("1") + b"tR",
    "the pickle has the instruction STACK_GLOBAL": name("a") + name("os") + name("system") + b"\x93",
    "the pickle has the instruction INST": name("a") + b"(" + name("true") + b"ios\nsystem\n",
    "the pickle calls torch FloatStorage": name("a") + b"ctorch\nFloatStorage\n(tR",
    "the pickle a storage is not of": name("a") + number(1) + b"Q",
    "'a' is not a tensor": name("a") + number(1),
    "holds no dictionary": b"",
    "a tensor lies outside of its storage": name("a") + tensor("1", 12, 2, (3, 3), (5, 1)),
    "a tensor has more items than its storage": name("a") + tensor("1", 12, 0, (1 << 20, 1 << 20), (0, 0)),
    "the pickle calls": name("a") + tensor("1", 12, -1, (1,), (1,)),
    "storages: the keys are not those": name("a") + tensor("1", 12, 0, (1,), (1,)),
    "storage 1: is said to be two": name("a")
    + tensor("1", 12, 0, (1,), (1,))
    + name("b")
    + tensor("1", 13, 0, (1,), (1,)),
}


@pytest.mark.parametrize("why", BAD)
def test_a_pickle_that_is_none_of_torchs_is_refused_by_name(why: str, tmp_path: Path) -> None:
    items = {"1": ITEMS["1"]} if "outside" in why or "more items" in why or "two" in why else ITEMS
    (tmp_path / "file").write_bytes(file_of(BAD[why], items))
    with pytest.raises(DataError, match="file: ") as error:
        torch_file.read(tmp_path / "file")
    assert why in str(error.value)


def test_every_cut_and_every_flipped_byte_of_the_pickles_is_data_or_an_error() -> None:
    good = file_of(GOOD, ITEMS)
    for end in range(len(good)):
        with pytest.raises(ValueError, match=r"pickle|storage|dictionary"):
            torch_file.parse(good[:end])
    with pytest.raises(ValueError, match="bytes follow"):
        torch_file.parse(good + b"\0")
    for at in range(len(good)):
        for bit in range(8):
            try:
                torch_file.parse(good[:at] + bytes([good[at] ^ 1 << bit]) + good[at + 1 :])
            except ValueError:
                continue


def test_a_count_that_no_file_has_allocates_nothing() -> None:
    huge = name("a") + tensor("1", 2**31 - 1, 0, (1,), (1,))
    with pytest.raises(ValueError, match="storage 1: "):
        torch_file.parse(file_of(huge, {"1": ITEMS["1"]}))


def test_a_network_without_a_layer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(file_of(GOOD, ITEMS))
    with pytest.raises(DataError, match=r"file: tensor 'fc1\.weight'"):
        read_bits_back(tmp_path / "file")
    with pytest.raises(OSError, match="nothing"):
        read_bits_back(tmp_path / "nothing")


def test_the_same_as_torch_reads() -> None:
    torch = pytest.importorskip("torch", reason="python3-torch is not installed")
    folder = SHARED / "data/bits-back"
    if not folder.is_dir():
        pytest.skip(f"skipped: {folder} is not there")
    for path in sorted(folder.glob("torch_*")):
        want: OrderedDict[str, Any] = torch.load(path, map_location="cpu")
        found = torch_file.read(path)
        assert found.keys() == want.keys()
        assert all((found[key] == want[key].numpy()).all() for key in found)
