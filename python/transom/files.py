"""files.py — what the packages of this folder write: files and folders that are whole or not there.

As golden/files/whole.hpp has it: everything lies beside its place under a hidden name,
.NAME.transom-XXXXXX, until it is on the disk, then takes its place in one step. So whoever is killed, the
old one or the new one is there; errors and interrupts remove the hidden one.
"""
# SPDX-License-Identifier: Apache-2.0

import errno
import json
import os
import re
import secrets
import shutil
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

FINE, BAD_DATA = 0, 3  # exit codes
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
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
    """A path or message as one line of text, as model/base/printable.hpp has it: \\xNN for what cannot be printed."""
    text = str(name).encode(errors="surrogateescape").decode(errors="backslashreplace")
    return CONTROL.sub(lambda found: "".join(f"\\x{byte:02x}" for byte in found[0].encode()), text)


def put(text: str) -> int:
    """Writes a result to stdout, all of it. The exit code: FINE, or why that could not be."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the end would try again, and tell
        if isinstance(error, BrokenPipeError):
            return 128 + signal.SIGPIPE  # a reader that has enough: as a shell has it
        print(f"transom: stdout: cannot be written: {error.strerror}", file=sys.stderr)
        return BAD_DATA
    return FINE


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


def make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)


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
        make_folder(path.parent)
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
    """Adds to a file; it is on the disk when this returns, and after an error it is as before. Raises FileError."""
    data = text.encode()
    with naming(path), path.open("ab", buffering=0) as file:
        before = os.fstat(file.fileno()).st_size
        try:
            while data:
                data = data[file.write(data) :]
            os.fsync(file.fileno())
        except BaseException:
            with suppress(OSError):
                os.ftruncate(file.fileno(), before)
            raise


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `folder` at the end: absent or empty until then. Raises FileError."""
    with naming(folder):
        folder = Path(os.path.realpath(folder))
        make_folder(folder.parent)
        new = hidden(folder)
        try:
            new.mkdir()
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


def read_file(path: Path) -> bytes:
    """All of a regular file; what else there is would be waited for, or never end. Raises FileError."""
    with naming(path), open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileError(f"{printable(path)}: cannot be read: not a regular file; name a file")
        return file.read()


def read_text(path: Path, fix: str) -> str:
    """The content of a text file. Raises FileError, whatever is in it."""
    try:
        with naming(path):
            return read_file(path).decode()
    except UnicodeDecodeError as error:
        raise FileError(f"{printable(path)}: is not UTF-8 at byte {error.start}; {fix}") from error


def read_json(path: Path, fix: str) -> Any:
    """The content of a JSON file. Raises FileError, whatever is in it."""
    try:
        return json.loads(read_text(path, fix))
    except RecursionError as error:
        raise FileError(f"{printable(path)}: is nested too deep; {fix}") from error
    except ValueError as error:
        raise FileError(f"{printable(path)}: {error}; {fix}") from error


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
        code = main()
        return put("") or code  # what was printed is written by then, or that is said
    except OSError as error:
        print(f"{name}: {said(error)}", file=sys.stderr)
        return BAD_DATA
    except KeyboardInterrupt as interrupt:
        print(f"{name}: stopped", file=sys.stderr)
        return exit_code(interrupt)


def exit_code(interrupt: KeyboardInterrupt) -> int:
    """As a shell has it: 128 and the signal's number."""
    return 128 + signal.Signals[str(interrupt) or "SIGINT"]
