"""scene.py — the files of the tests of errors: a good one of each kind, and each of them spoilt."""
# SPDX-License-Identifier: Apache-2.0

import hashlib
import json
import os
import re
import resource
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from program import BUILD, transom

SECONDS = 300  # until a process that hangs is given up
PROGRESS = re.compile(
    rb"^(\w+(, [\w ]+)?: \d+ of \d+ \(.*\)|transom: (another process is )?building the RTL of .*"
    rb"|transom: \w+: \d+ of \d+ compiled, .*)\n",
    re.MULTILINE,
)
MEMORY = 450 << 20  # of address space, for those faults that want it short

# x = 2^23, f = 113, cum = 911, 2^10 slots: floor(x / f) 2^10 + x mod f + 911, little-endian
ONE_CASE = {
    "name": "one", "scale_bits": 10, "K": 1, "freqs": [911, 113], "n": 1, "symbols_hex": "01",
    "stream_hex": ((2**23 // 113 << 10) + 2**23 % 113 + 911).to_bytes(4, "little").hex(),
}  # fmt: skip


def verbs() -> list[str]:
    """What `transom --help` lists."""
    text = transom("--help").stdout
    return re.findall(r"^  ([a-z]+) ", text[text.index("Subcommands:") :], re.MULTILINE)


@dataclass(frozen=True)
class Done:
    """How a call of the program ended; `said` is stderr without progress."""

    code: int
    stdout: bytes
    said: bytes

    @property
    def line(self) -> str:
        """The one line that it said."""
        lines = self.said.decode().splitlines()
        assert len(lines) == 1 and self.said.endswith(b"\n"), self.said
        return lines[0]


def call(
    *arguments: object,
    memory: int | None = None,
    stdout: Any = subprocess.PIPE,
    before: Callable[[], None] | None = None,
) -> Done:
    def limits() -> None:
        if memory is not None:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        if before is not None:
            before()

    words = [os.fsencode(word) if isinstance(word, Path) else str(word) for word in (BUILD / "transom", *arguments)]
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, timeout=SECONDS, check=False,
        preexec_fn=limits,
    )  # fmt: skip
    return Done(done.returncode, done.stdout or b"", PROGRESS.sub(b"", done.stderr))


class Scene:
    """A folder with what the verbs take; `spoil` makes what they should refuse."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.npy = folder / "v.npy"
        np.save(self.npy, (np.arange(6000) % 37 - 18).astype(np.int8))
        self.tsm = folder / "v.tsm"
        transom("encode", self.npy, "-o", self.tsm)
        self.whole_tsm = folder / "whole.tsm"
        transom("encode", self.npy, "-o", self.whole_tsm, "--coding", "tans")
        self.ryg = folder / "v.ryg"
        transom("convert", self.whole_tsm, "--from", "tsm", "-o", self.ryg, "--to", "ryg-byte")
        self.side = folder / "v.ryg.json"
        self.table = folder / "tables/000.apack"
        transom("ranges", self.npy, "-o", self.table.parent)
        self.images = folder / "images.npy"
        np.save(self.images, (np.arange(20 * 64) % 17).astype(np.uint8).reshape(20, 8, 8))
        self.cases = self.write("ryg_byte.json", {"header": {"what": "by hand"}, "cases": [ONE_CASE]})

    def write(self, name: str, content: object) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    def good(self, kind: str) -> Path:
        files = {
            "trace": self.npy, "tsm": self.tsm, "interop": self.cases, "ryg": self.ryg, "table": self.table,
            "images": self.images,
        }  # fmt: skip
        return files[kind]

    def spoil(self, fault: str, kind: str) -> Path:
        """The path of a file of a kind, with the fault; its name has the fault in it."""
        good = self.good(kind)
        path = self.folder / fault.replace(" ", "_") / good.name
        path.parent.mkdir(exist_ok=True)
        if path.exists() or path.is_symlink():
            return path
        whole = good.read_bytes()
        if fault == "missing":
            pass
        elif fault == "a folder":
            path.mkdir()
        elif fault == "a FIFO":
            os.mkfifo(path)
        elif fault == "a device":
            path.symlink_to("/dev/zero")
        else:
            cut, other = whole[: len(whole) * 2 // 3], b"\x00\x01\x02 no such thing"
            spoilt = {"empty": b"", "cut": cut, "of another kind": other}
            path.write_bytes(spoilt[fault])
        return path

    def named(self, folder: Path, name: str) -> Path:
        """A trace of one tensor, with a manifest that vouches for it."""
        folder.mkdir(exist_ok=True)
        content = self.npy.read_bytes()
        (folder / "a.npy").write_bytes(content)
        record = {"file": "a.npy", "name": name, "sha256": hashlib.sha256(content).hexdigest()}
        (folder / "manifest.json").write_text(json.dumps({"tensors": [record]}))
        return folder

    def not_utf8(self, kind: str) -> Path:
        """A good file in a folder whose name is not UTF-8, with an escape in it."""
        good = self.good(kind)
        folder = Path(os.fsdecode(os.fsencode(self.folder) + b"/\xff\x1b[31m"))
        folder.mkdir(exist_ok=True)
        (folder / good.name).write_bytes(good.read_bytes())
        return folder / good.name


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def files_of(folder: Path) -> Sequence[Path]:
    return sorted(path for path in folder.rglob("*") if not path.is_dir())
