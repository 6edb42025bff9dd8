"""transom_files.py — what the packages of this folder write: files and folders that are whole or not there.

As golden/files/whole.hpp has it: everything lies beside its place under a hidden name,
.NAME.transom-XXXXXX, until it is on the disk, then takes its place in one step. So whoever is killed, the
old one or the new one is there; errors and interrupts remove the hidden one.
"""
# SPDX-License-Identifier: Apache-2.0

import errno
import json
import os
import secrets
import shutil
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

BAD_DATA = 3  # the exit code
MARK = ".transom-"
KEPT_BYTES = 200  # of a name, which has at most 255
FIXES = {
    "free some space, or name another folder": (errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
    "check the permissions of the file and of its folder": (errno.EACCES, errno.EPERM, errno.EROFS),
    "make its folder, or correct the path": (errno.ENOENT, errno.ENOTDIR),
    "move the folder of that name away": (errno.EISDIR,),
    "name an empty folder, or move what is in it away": (errno.ENOTEMPTY, errno.EEXIST),
}


class FileError(OSError):
    """A file that cannot be read or written: one line with the file, what is wrong and what to do."""


def printable(name: object) -> str:
    """A path as text that can be written anywhere: bytes that are not UTF-8 become U+FFFD."""
    return str(name).encode(errors="surrogateescape").decode(errors="replace")


def said(error: OSError, path: object = None) -> str:
    """An error as one line. path: what it is about, where it does not say so itself."""
    if isinstance(error, FileError):
        return str(error)
    fix = next((fix for fix, numbers in FIXES.items() if error.errno in numbers), "check the path and the disk")
    file = printable(error.filename if path is None else path)
    return f"{file}: {error.strerror or error}; {fix}"


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Whatever file cannot be had in it is `path`. Raises FileError."""
    try:
        yield
    except FileError:
        raise
    except OSError as error:
        raise FileError(said(error, path)) from error


def hidden(path: Path) -> Path:
    name = os.fsdecode(os.fsencode(path.name)[:KEPT_BYTES])
    return path.with_name(f".{name}{MARK}{secrets.token_hex(3)}")


def leftovers(path: Path) -> list[Path]:
    """What writers of this file that were killed have left."""
    return [file for file in path.parent.iterdir() if file.name.startswith(f".{path.name}{MARK}")]


def flush_folder(folder: Path) -> None:
    """Names are a folder's content."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, content: str | bytes) -> None:
    """Replaces a file, or makes it. Its permissions stay, and so does a link. Raises FileError."""
    with naming(path):
        old = path.stat() if path.exists() else None
        if old is not None and stat.S_ISDIR(old.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        data = content.encode() if isinstance(content, str) else content
        if old is not None and not stat.S_ISREG(old.st_mode):  # a device, a FIFO: nothing can take its place
            path.write_bytes(data)
            return
        if old is not None and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        path = Path(os.path.realpath(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        new = hidden(path)
        try:
            with new.open("xb") as file:
                if old is not None:
                    os.fchmod(file.fileno(), stat.S_IMODE(old.st_mode))
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
        flush_folder(path.parent)


def append(path: Path, text: str) -> None:
    """Adds to a file; it is on the disk when this returns. What an error leaves may be cut. Raises FileError."""
    with naming(path), path.open("a", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `folder` at the end: absent or empty until then. Raises FileError."""
    with naming(folder):
        folder = Path(os.path.realpath(folder))
        folder.parent.mkdir(parents=True, exist_ok=True)
        new = hidden(folder)
        new.mkdir()
        try:
            yield new
            if folder.exists():
                new.chmod(stat.S_IMODE(folder.stat().st_mode))
            for path in [*new.rglob("*"), new]:
                if path.is_dir():
                    flush_folder(path)
                else:
                    with path.open("rb") as file:
                        os.fsync(file.fileno())
            new.replace(folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        flush_folder(folder.parent)


def read_json(path: Path, fix: str) -> Any:
    """The content of a JSON file. Raises FileError, whatever is in it."""
    try:
        with naming(path):
            return json.loads(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise FileError(f"{printable(path)}: is nested too deep; {fix}") from error
    except ValueError as error:  # of JSON, of UTF-8
        raise FileError(f"{printable(path)}: {' '.join(str(error).split())}; {fix}") from error


def end_as_interrupted() -> None:
    """SIGTERM and SIGHUP raise KeyboardInterrupt, as SIGINT does: whoever cleans up then, does it for all three."""

    def interrupt(number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt(signal.Signals(number).name)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, interrupt)


def run(name: str, main: Callable[[], int]) -> int:
    """A program's exit code: errors of files and interrupts are one line on stderr, whatever `main` does of them."""
    end_as_interrupted()
    try:
        return main()
    except OSError as error:
        print(f"{name}: {said(error)}", file=sys.stderr)
        return BAD_DATA
    except KeyboardInterrupt as interrupt:
        print(f"{name}: stopped", file=sys.stderr)
        return exit_code(interrupt)


def exit_code(interrupt: KeyboardInterrupt) -> int:
    """As a shell has it: 128 and the signal's number."""
    return 128 + signal.Signals[str(interrupt) or "SIGINT"]
