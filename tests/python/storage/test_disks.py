"""test_disks.py — a disk that is too small, a limit of a file's size, permissions that are not there."""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from program import BAD_DATA, BUILD, FINE, MISMATCH, run, transom

from storage.damage import Case, State, check_failed, random_trace, state

NOBODY = 65534
KIBIBYTES = 64  # of the small disk
N_VALUES = 200_000  # which no verb makes 64 KiB of


def is_root() -> bool:
    return os.geteuid() == 0


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    if not is_root() or run("mount", *options, folder).returncode != 0:
        pytest.skip("mounting needs root, and a machine that lets it")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """big.tsm, a trace; one.tsm, one tensor; small.tsm."""
    folder = tmp_path_factory.mktemp("inputs")
    big = random_trace(folder / "big", N_VALUES, 1)
    transom("encode", big, "-o", folder / "big.tsm")
    transom("encode", big, "-o", folder / "pieces.tsm", "--piece", 4096)
    transom("encode", big / "a.npy", "-o", folder / "one.tsm")
    transom("encode", random_trace(folder / "small", 1_000, 2), "-o", folder / "small.tsm")
    return folder


def verbs(inputs: Path, out: Path) -> dict[str, list[object]]:
    return {
        "encode": ["encode", inputs / "big", "-o", out / "x.tsm"],
        "encode_pieces": ["encode", inputs / "big", "-o", out / "x.tsm", "--piece", 4096],
        "decode": ["decode", inputs / "big.tsm", "-o", out / "t"],
        "decode_pieces": ["decode", inputs / "pieces.tsm", "-o", out / "t", "--piece", 4096],
        "convert": ["convert", inputs / "one.tsm", "--from", "tsm", "--to", "tsm", "-o", out / "x.tsm"],
        "convert_foreign": ["convert", inputs / "one.tsm", "--from", "tsm", "--to", "ryg-byte", "-o", out / "x"],
        "vectors": ["vectors", "-o", out / "v", "--split"],
    }  # fmt: skip


VERBS = tuple(verbs(Path(), Path()))


def old(inputs: Path, out: Path) -> State:
    """Something small of each verb but vectors."""
    transom("encode", inputs / "small", "-o", out / "x.tsm")
    transom("decode", inputs / "small.tsm", "-o", out / "t")
    return state(out)


def case_of(verb: str, inputs: Path, out: Path) -> Case:
    command = [str(BUILD / "transom"), *map(str, verbs(inputs, out)[verb])]
    return Case(command, out, state(out), {})


@pytest.mark.parametrize("verb", VERBS)
def test_reliability_1_and_2_a_full_disk_keeps_what_it_has(verb: str, inputs: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(disk, "-t", "tmpfs", "-o", f"size={KIBIBYTES}k", "tmpfs"):
        old(inputs, disk)
        case = case_of(verb, inputs, disk)
        done = run(*case.command)
        check_failed(done, case, verb)
        assert "No space left on device; free some space" in done.stderr


def test_reliability_1_a_wave_that_a_full_disk_cuts_is_an_error(inputs: Path, tmp_path: Path) -> None:
    cosim = ["cosim", inputs / "one.tsm", "--lanes", 4, "--inject", "table:3:21", "--json"]
    if "rtl" not in json.loads(transom(*cosim, code=MISMATCH).stdout)["decoders"]:
        pytest.skip("the RTL is not built")
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(disk, "-t", "tmpfs", "-o", f"size={KIBIBYTES}k", "tmpfs"):
        (disk / "w.fst").write_bytes(b"old")
        wave = ["--wave", disk / "w.fst", "--wave-window", 100_000]
        case = Case([str(word) for word in (BUILD / "transom", *cosim, *wave)], disk, state(disk), {})
        done = run(*case.command)
        check_failed(done, case, "wave")
        assert "the wave is cut; free some space" in done.stderr


@pytest.mark.parametrize("verb", VERBS)
def test_reliability_1_and_2_a_limit_of_a_files_size_is_an_error_and_no_end(
    verb: str, inputs: Path, tmp_path: Path
) -> None:
    old(inputs, tmp_path)
    case = case_of(verb, inputs, tmp_path)
    limit = 20_000 if verb != "vectors" else 5_000

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = run(*case.command, preexec_fn=limited)
    check_failed(done, case, verb)
    assert "File too large; free some space" in done.stderr


@pytest.fixture
def open_folder(inputs: Path) -> Iterator[Path]:
    """A folder that anyone can look into, with a copy of the inputs, as pytest's own are nobody else's."""
    folder = Path(tempfile.mkdtemp(prefix="disks-"))
    folder.chmod(0o755)
    shutil.copytree(inputs, folder / "inputs")
    (folder / "inputs").chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody(*command: object) -> subprocess.CompletedProcess[str]:
    if is_root():
        if run(BUILD / "transom", "--version", user=NOBODY, group=NOBODY).returncode != FINE:
            pytest.skip("nobody cannot run the program where it was built")
        return run(*command, user=NOBODY, group=NOBODY, extra_groups=[])
    return run(*command)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("taken", ["folder", "file"])
def test_reliability_1_and_2_without_the_permission_nothing_is_touched(
    verb: str, taken: str, open_folder: Path
) -> None:
    """The folder may not be written, or what is in it may not."""
    out = open_folder / "out"
    out.mkdir()
    old(open_folder / "inputs", out)
    files = [out / "x", out / "x.json", out / "x.tsm"]
    for file in files:
        file.touch()
    if taken == "folder":
        out.chmod(0o555)
        for file in files:
            file.chmod(0o666)
    else:
        if verb in ("decode", "decode_pieces", "vectors"):
            pytest.skip("a folder takes another's place whatever the permissions of the files in that")
        out.chmod(0o777)
        for file in files:
            file.chmod(0o444)
    case = case_of(verb, open_folder / "inputs", out)
    try:
        done = as_nobody(*case.command)
        check_failed(done, case, (verb, taken))
        assert "Permission denied; check the permissions" in done.stderr
    finally:
        out.chmod(0o755)


@pytest.mark.parametrize("verb", ["encode", "convert"])
def test_reliability_1_an_immutable_file_stays(verb: str, inputs: Path, tmp_path: Path) -> None:
    old(inputs, tmp_path)
    file = tmp_path / "x.tsm"
    if not is_root() or run("chattr", "+i", file).returncode != 0:
        pytest.skip("chattr needs root, and a file system that has it")
    try:
        case = case_of(verb, inputs, tmp_path)
        check_failed(run(*case.command), case, verb)
    finally:
        run("chattr", "-i", file)


@pytest.mark.parametrize("verb", VERBS)
def test_reliability_1_and_2_a_disk_that_may_only_be_read_stays(verb: str, inputs: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    old(inputs, disk)
    with mounted(disk, "--bind", "-o", "ro", str(disk)):
        case = case_of(verb, inputs, disk)
        done = run(*case.command)
        check_failed(done, case, verb)
        assert "Read-only file system; check the permissions" in done.stderr


def test_reliability_2_where_a_disk_is_mounted_no_folder_can_take_its_place(inputs: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(disk, "-t", "tmpfs", "tmpfs"):
        decode = ["decode", inputs / "small.tsm", "-o"]
        assert "name a folder below it" in transom(*decode, disk, code=BAD_DATA).stderr
        assert list(disk.iterdir()) == []
        transom(*decode, disk / "t")
