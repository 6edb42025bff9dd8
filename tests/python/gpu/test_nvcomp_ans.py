"""bench/gpu/nvcomp_ans.py: what it does without a device, and its steps with a coder and a device that are not real."""
# SPDX-License-Identifier: Apache-2.0

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import nvcomp_ans
import pytest
from cuda_driver import NoDeviceError
from program import BAD_DATA, FINE, MISMATCH, SOURCE, USAGE, run

BENCH = SOURCE / "bench/gpu"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "values.bin"
    path.write_bytes(bytes(range(256)) * 4)
    return path


class Array:
    """As nvCOMP's, on the host: bytes that `out=` replaces."""

    at: ClassVar[dict[int, "Array"]] = {}  # by their addresses

    def __init__(self, values: Any) -> None:
        self.values = np.array(values, np.uint8)
        self.at[id(self)] = self

    def cuda(self) -> "Array":
        return Array(self.values)

    def cpu(self) -> Any:
        return self.values

    @property
    def buffer_size(self) -> int:
        return int(self.values.size)

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        return {"data": (id(self), False)}


class Codec:
    """Leaves the upper half of bytes away, which the tests' file can spare; `lazy`: the timed decode does nothing."""

    lazy = False

    def __init__(self, **options: Any) -> None:
        assert options == {"algorithm": "ANS", "data_type": "|u1", "uncomp_chunk_size": 65536, "cuda_stream": 7}

    def compression_config(self, n: int) -> int:
        return n

    def decompression_config(self, n: int) -> int:
        return n

    def encode(self, array: Array, out: Array | None = None, compression_config: int = 0) -> Array:
        assert compression_config == array.values.size
        out = out or Array([])
        out.values = array.values[: array.values.size // 2]
        return out

    def decode(self, array: Array, out: Array | None = None, decompression_config: int = 0) -> Array:
        assert decompression_config == 2 * array.values.size
        if out is None or not self.lazy:
            out = out or Array([])
            out.values = np.tile(array.values, 2)
        return out  # the array given, as it is


class Device:
    """A clock that each record of an event moves on."""

    stream = 7

    def __init__(self) -> None:
        self.time = 0.0

    def name(self) -> str:
        return "no device"

    def event(self) -> list[float]:
        return []

    def record(self, event: list[float]) -> None:
        self.time += 1e-6
        event.append(self.time)

    def seconds_between(self, start: list[float], stop: list[float]) -> float:
        return stop[0] - start[0]

    def wait(self) -> None:
        pass

    def fill(self, address: int, byte: int, n_bytes: int) -> None:
        Array.at[address].values = np.full(n_bytes, byte, np.uint8)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[Codec]:
    class Fresh(Codec):
        pass

    module = SimpleNamespace(Codec=Fresh, as_array=Array, __version__="6.0.0")
    monkeypatch.setattr(nvcomp_ans, "Driver", Device)
    monkeypatch.setattr(nvcomp_ans, "load", lambda: module)
    return Fresh


@pytest.mark.usefixtures("fake")
def test_rows_have_rates_of_a_whole_round(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert nvcomp_ans.main([str(file), "--json", "--rotated-bytes", "10000"]) == FINE
    result = json.loads(capsys.readouterr().out)
    (row,) = result["rows"]
    assert (result["nvcomp"], result["device"], result["rounds"]) == ("6.0.0", "no device", 15)
    assert (row["n_bytes"], row["coded_bytes"], row["ratio"], row["bits_per_value"]) == (1024, 512, 2, 4)
    assert row["buffers"] == 10  # of 1024 bytes
    assert row["encode_gb_per_s"] == pytest.approx(10 * 1024 / 1e9 / 1e-6)
    assert row["decode_gb_per_s"] == pytest.approx(10 * 1024 / 1e9 / 1e-6)
    assert nvcomp_ans.main([str(file), "--rotated-bytes", "10000"]) == FINE
    assert "values.bin" in capsys.readouterr().out


def test_other_bytes_are_a_mismatch(fake: type[Codec], file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fake.lazy = True  # what the warm-up decoded is not taken for it
    assert nvcomp_ans.main([str(file), "--rotated-bytes", "10000"]) == MISMATCH
    fake.lazy = False
    file.write_bytes(bytes(range(256)) + bytes(256))  # whose halves differ
    assert nvcomp_ans.main([str(file), "--rotated-bytes", "10000"]) == MISMATCH
    assert capsys.readouterr().err.count("other bytes come back") == 2


@pytest.mark.usefixtures("fake")
def test_a_file_without_bytes_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.bin"
    path.touch()
    assert nvcomp_ans.main([str(path)]) == BAD_DATA
    assert "has no bytes" in capsys.readouterr().err


@pytest.mark.parametrize(("options", "code"), [([], BAD_DATA), (["--optional"], FINE)], ids=["wanted", "optional"])
def test_without_a_device_it_is_skipped_in_one_line(
    options: list[str], code: int, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none() -> None:
        raise NoDeviceError("the CUDA driver finds no device")

    monkeypatch.setattr(nvcomp_ans, "Driver", none)
    assert nvcomp_ans.main([str(file), "--json", *options]) == code
    done = capsys.readouterr()
    assert json.loads(done.out) == {"skipped": "the CUDA driver finds no device"}
    assert done.err == "nvcomp_ans: skipped: the CUDA driver finds no device\n"


def test_without_the_package_it_is_skipped(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(nvcomp_ans, "Driver", Device)
    monkeypatch.setitem(sys.modules, "nvidia.nvcomp", None)  # type: ignore[misc]
    assert nvcomp_ans.main([str(file), "--optional"]) == FINE
    assert "nvCOMP is not installed: pip install" in capsys.readouterr().err


def test_the_program_itself_ends_in_one_line(file: Path) -> None:
    done = run(sys.executable, BENCH / "nvcomp_ans.py", "--optional", "--rounds", "1", file)
    assert (done.returncode, len(done.stderr.splitlines())) in {(FINE, 0), (FINE, 1)}
    assert run(sys.executable, BENCH / "nvcomp_ans.py", file, "--rounds", "0").returncode == USAGE
    assert run(sys.executable, BENCH / "nvcomp_ans.py", file.with_name("none")).returncode == USAGE
