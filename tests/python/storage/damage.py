"""damage.py — what the tests of storage share: commands that are killed or fail, and what they leave.

A case is a command that writes below one folder, with and without something old there. Whatever happens
to it, what is there is all of the old or all of the new.
"""
# SPDX-License-Identifier: Apache-2.0

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from program import BAD_DATA, BUILD, run, transom

State = dict[str, bytes]
N_KILLS = int(os.environ.get("TRANSOM_KILLS", "0"))  # of each verb; 0: as many as a routine run has time for
ENOSPC, EIO = 28, 5
MARK = ".transom-"


@contextmanager
def scratch(on_disk: bool) -> Iterator[Path]:
    """A folder; else in memory, where that can be, as flushing a busy disk takes long."""
    memory = Path("/dev/shm")
    in_memory = not on_disk and os.access(memory, os.W_OK)
    folder = Path(tempfile.mkdtemp(prefix="storage-", dir=memory if in_memory else None))
    yield folder
    shutil.rmtree(folder)


def state(folder: Path) -> State:
    """Every file and folder, without what is hidden."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if MARK not in name:
            found[name] = b"folder" if path.is_dir() else path.read_bytes()
    return found


def temporaries(folder: Path) -> list[str]:
    return [str(path) for path in folder.rglob("*") if MARK in path.name]


def restore(folder: Path, before: State) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in before.items():
        path = folder / name
        if content == b"folder":
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def random_trace(folder: Path, n_values: int, seed: int) -> Path:
    random = np.random.RandomState(seed)
    folder.mkdir(parents=True)
    for name, scale in (("a", 3), ("b", 20)):
        values = np.clip(random.laplace(0, scale, n_values), -128, 127).astype(np.int8)
        np.save(folder / f"{name}.npy", values)
    return folder


@dataclass
class Case:
    """`folder` is where it writes; `before` what lies there first, `after` what a whole run leaves."""

    command: list[str]
    folder: Path
    before: State
    after: State

    def is_whole(self) -> bool:
        return state(self.folder) in (self.before, self.after)


def make_case(arguments: list[object], folder: Path, before: State) -> Case:
    command = [str(word) for word in (BUILD / "transom", *arguments)]
    restore(folder, before)
    done = run(*command)
    assert done.returncode == 0, done.stderr
    after = state(folder)
    assert after != before and not temporaries(folder)
    return Case(command, folder, before, after)


def all_cases(scratch: Path, n_values: int) -> dict[str, Case]:
    """A verb each, with something old in its place and, where it writes a folder, with nothing."""
    out = scratch / "out"
    old, new = (random_trace(scratch / name, n_values, seed) for seed, name in enumerate(("old", "new")))
    coded = []
    for trace in (old, new):
        coded.append(scratch / f"{trace.name}.tsm")
        transom("encode", trace, "-o", coded[-1])
    one = scratch / "one.tsm"
    transom("encode", new / "a.npy", "-o", one)

    def left_by(*arguments: object) -> State:
        restore(out, {})
        transom(*arguments)
        return state(out)

    old_file = {"x.tsm": coded[0].read_bytes()}
    pieces = scratch / "pieces.tsm"
    transom("encode", new, "-o", pieces, "--piece", 1000)
    return {
        "encode": make_case(["encode", new, "-o", out / "x.tsm"], out, old_file),
        "encode_pieces": make_case(["encode", new, "-o", out / "x.tsm", "--piece", 1000], out, old_file),
        "decode_pieces": make_case(["decode", pieces, "-o", out / "t", "--piece", 1000], out, {}),
        "decode": make_case(["decode", coded[1], "-o", out / "t"], out, {}),
        "decode_again": make_case(
            ["decode", coded[1], "-o", out / "t"], out, left_by("decode", coded[0], "-o", out / "t")
        ),
        "convert": make_case(["convert", one, "--from", "tsm", "-o", out / "x.tsm", "--to", "tsm"], out, old_file),
        "convert_foreign": make_case(
            ["convert", one, "--from", "tsm", "-o", out / "x", "--to", "ryg-word"], out, {}
        ),
        "ranges": make_case(["ranges", new, "-o", out / "r"], out, left_by("ranges", old, "-o", out / "r")),
        "vectors": make_case(["vectors", "-o", out / "v", "--seed", 2, "--split"], out, {}),
        "vectors_again": make_case(
            ["vectors", "-o", out / "v", "--seed", 2, "--split"],
            out,
            left_by("vectors", "-o", out / "v", "--seed", 1, "--split"),
        ),
    }  # fmt: skip


VERBS = (
    "encode", "encode_pieces", "decode", "decode_pieces", "decode_again", "convert", "convert_foreign", "ranges",
    "vectors", "vectors_again",
)  # fmt: skip


class Faults:
    """Runs programs with faults.c in front of libc."""

    def __init__(self, library: Path) -> None:
        self._library = library

    def environment(self, folder: Path, at: int, do: int, **more: str) -> dict[str, str]:
        words = {"LD_PRELOAD": str(self._library), "FAULT_UNDER": str(folder), "FAULT_AT": str(at), "FAULT_DO": str(do)}
        return {**os.environ, **words, **more}

    def run(self, case: Case, at: int, do: int, **more: str) -> subprocess.CompletedProcess[str]:
        """From the state before, with the fault `do` at the call `at`."""
        restore(case.folder, case.before)
        return run(*case.command, env=self.environment(case.folder, at, do, **more))

    def calls(self, case: Case, do: int, **more: str) -> list[str]:
        """As calls_of(), of a case whose end is known."""
        calls = self.calls_of(case, do, **more)
        assert state(case.folder) == case.after
        return calls

    def calls_of(self, case: Case, do: int, **more: str) -> list[str]:
        """The calls of an undisturbed run that count for this fault."""
        log = case.folder.with_suffix(".calls")
        log.unlink(missing_ok=True)
        done = self.run(case, 0, do, FAULT_LOG=str(log), **more)
        assert done.returncode == 0, done.stderr
        return log.read_text().split()


def compile_faults(folder: Path) -> Faults:
    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler")
    library = folder / "faults.so"
    source = Path(__file__).with_name("faults.c")
    done = run("cc", "-shared", "-fPIC", "-O1", "-Wall", "-o", library, source, "-ldl")
    assert done.returncode == 0, done.stderr
    return Faults(library)


def some(n: int, routine: int) -> Iterator[int]:
    """1..n, or of them the first, the last, and between them as many as a run has time for."""
    most = min(n, N_KILLS or routine)
    yield from sorted({1 + round(i * (n - 1) / max(most - 1, 1)) for i in range(most)})


def check_failed(done: subprocess.CompletedProcess[str], case: Case, what: object) -> None:
    """An error: exit 3, one line that names a file, nothing in between left behind."""
    assert done.returncode == BAD_DATA, f"{what}: {done.returncode} {done.stderr}"
    assert str(case.folder) in done.stderr and "Traceback" not in done.stderr, f"{what}: {done.stderr}"
    lines = [line for line in done.stderr.splitlines() if "vouches" not in line]
    assert len(lines) == 1 and "; " in lines[0], f"{what}: {done.stderr}"
    assert case.is_whole(), what
    assert not temporaries(case.folder), what


def check_killed(code: int, number: signal.Signals, case: Case, what: object) -> None:
    assert code == -number, f"{what}: {code}"
    assert case.is_whole(), what
    if number != signal.SIGKILL:
        assert not temporaries(case.folder), what
