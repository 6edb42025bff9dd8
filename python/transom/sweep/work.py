"""work.py — one task on one worker: code the trace, or simulate a unit.

Sent by value, so that a worker needs `transom` and Dask but not this package: nothing but the standard
library may be imported here, no other module of ours, and arguments and results are built-in types only
(Dask sends functions by value, but not the classes of their arguments). Containers travel as bytes.
A task that fails says so in its result: an exception would be tried again elsewhere.
"""
# SPDX-License-Identifier: Apache-2.0

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

# Path and SHA-256, as the client has it; a worker whose TRANSOM_PROGRAM names a path has it there.
Program = tuple[str, str]


def file_sha256(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def same(trace: tuple[tuple[str, bytes], ...]) -> tuple[tuple[str, bytes], ...]:
    """The trace as a task's result: Dask makes it again where a worker that held it is gone."""
    return trace


def run_program(program: Program, arguments: Sequence[str], folder: str) -> tuple[str, str]:
    """(standard output, "") or ("", one line saying what went wrong)."""
    path = os.environ.get("TRANSOM_PROGRAM") or program[0]
    try:
        if file_sha256(path) != program[1]:
            return "", f"{path} is another build of transom than the client's; set TRANSOM_PROGRAM to the same one"
        done = subprocess.run([path, *arguments], capture_output=True, cwd=folder, check=False)
    except OSError as error:
        return "", f"{path}: {error.strerror}; set TRANSOM_PROGRAM to the program transom on this worker"
    if done.returncode != 0:
        said = " ".join(done.stderr.decode(errors="replace").replace(folder + "/", "").split())
        return "", f"transom {arguments[0]} exits {done.returncode}: {said[-500:]}"
    return done.stdout.decode(errors="replace"), ""


def encode(
    trace: tuple[tuple[str, bytes], ...], name: str, options: Sequence[str], program: Program
) -> tuple[bytes, str]:
    """The container's bytes, or what went wrong."""
    with tempfile.TemporaryDirectory(prefix="transom-sweep-") as folder:
        for path, content in trace:
            file = Path(folder) / "in" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        output = Path(folder) / "coded.tsm"
        arguments = ["encode", str(Path(folder) / "in" / name), "-o", str(output), *options]
        _, error = run_program(program, arguments, folder)
        return (b"", error) if error else (output.read_bytes(), "")


def simulate(coded: tuple[bytes, str], options: Sequence[str], program: Program) -> tuple[str, str]:
    """What `transom sim --json` prints, or what went wrong."""
    container, error = coded
    if error:
        return "", error
    with tempfile.TemporaryDirectory(prefix="transom-sweep-") as folder:
        file = Path(folder) / "coded.tsm"
        file.write_bytes(container)
        return run_program(program, ["sim", str(file), "--no-lt", "--json", *options], folder)
