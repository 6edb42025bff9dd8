"""The table of verb x fault x exit code (docs/errors.md): one line on stderr, and nothing half written.

Every verb that `transom --help` lists is in it. Runs TRANSOM_BUILD/transom as a process.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from program import BAD_DATA, BUILD, FINE, SOURCE, USAGE
from scene import MEMORY, Scene, call, files_of, nested, verbs

IN, OUT = "{in}", "{out}"
SMALL_SWEEP = ["--coding", "apack-tans", "--lanes", 1, "--table-log", 8, "--mem-bytes-per-cycle", 8, "--workers", 1]
# Of each verb: the kind of file that it reads, what it writes, and a call that is fine.
CALLS: dict[str, tuple[str, str, list[object]]] = {
    "encode": ("trace", "file", [IN, "-o", OUT]),
    "decode": ("tsm", "folder", [IN, "-o", OUT]),
    "info": ("tsm", "", [IN]),
    "cosim": ("tsm", "", [IN]),
    "coverage": ("", "", ["--kinds", "tans", "--units", "lanes", "--decoders", "cycle"]),
    "ranges": ("trace", "folder", [IN, "-o", OUT]),
    "rates": ("trace", "", [IN, "--coding", "apack-tans", "--lanes", 4, "--seeds", 0]),
    "sim": ("tsm", "", [IN]),
    "sweep": ("trace", "folder", [IN, "-o", OUT, *SMALL_SWEEP]),
    "report": ("trace", "file", [IN, "-o", OUT, "--coding", "apack-tans", "--no-sim"]),
    "ports": ("trace", "folder", [IN, "-o", OUT, "--cycles", 8]),
    "vectors": ("", "folder", ["-o", OUT]),
    "check": ("tsm", "", [IN, "{trace}"]),
    "interop": ("interop", "", [IN]),
    "convert": ("ryg", "file", [IN, "--from", "ryg-byte", "--sidecar", "{side}", "-o", OUT, "--to", "tsm"]),
    "bbans": ("images", "file", ["encode", IN, "-o", OUT, "--threshold", 8]),
}
HAVE_MODULE = any((BUILD / "python/transom").glob("_core*.so"))  # which the report wants
VERBS = [verb for verb in verbs() if verb != "report" or HAVE_MODULE]
# Verbs that read more than one kind: the other calls.
MORE_CALLS: dict[tuple[str, str], list[object]] = {
    ("cosim", "trace"): [IN, "--lanes", 4],
    ("sim", "trace"): [IN],
    ("convert", "tsm"): [IN, "--from", "tsm", "-o", OUT, "--to", "ryg-byte"],
    ("ranges", "table"): ["{trace}", "--table", IN, "-o", OUT],
}
READERS = [(verb, CALLS[verb][0]) for verb in VERBS if CALLS[verb][0]] + [key for key in MORE_CALLS if key[0] in VERBS]
WRITERS = [verb for verb in VERBS if CALLS[verb][1]]
SPOILT = ["missing", "a folder", "empty", "cut", "of another kind", "a FIFO", "a device"]
# What of them is no fault: a folder of vectors may be given, if there are any in it.
LARGE_ARRAY = b"{'descr': '|i1', 'fortran_order': False, 'shape': (1073741824,), }"
SAYS = {("interop", "a folder"): "holds no .json file", ("encode", "a folder"): "manifest.json"}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("scene"))


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Path]:
    """What nothing may be left of."""
    yield tmp_path / "out"
    assert files_of(tmp_path) == []


def words(scene: Scene, verb: str, path: object, to: object, kind: str = "") -> list[object]:
    places = {IN: path, OUT: to, "{side}": scene.side, "{trace}": scene.npy}
    of_kind = MORE_CALLS.get((verb, kind), CALLS[verb][2])
    return [verb, *(places.get(word, word) if isinstance(word, str) else word for word in of_kind)]


def test_every_verb_is_in_the_table() -> None:
    assert sorted(VERBS) == sorted(set(CALLS) & set(VERBS)) and len(VERBS) >= 11


@pytest.mark.parametrize(("verb", "kind"), READERS)
@pytest.mark.parametrize("fault", SPOILT)
def test_reliability_6_an_input_that_is(fault: str, verb: str, kind: str, scene: Scene, out: Path) -> None:
    path = scene.spoil(fault, kind)
    done = call(*words(scene, verb, path, out, kind), memory=4 << 30)
    assert done.code == BAD_DATA, done
    assert path.name in done.line and re.search(SAYS.get((verb, fault), ""), done.line)
    assert done.stdout == b""


@pytest.mark.parametrize(("verb", "kind"), [reader for reader in READERS if reader[1] != "table"])
def test_reliability_6_memory_that_is_not_there(verb: str, kind: str, scene: Scene, out: Path) -> None:
    array = b"\x93NUMPY\1\0\x76\0" + LARGE_ARRAY.ljust(117) + b"\n"
    head = {
        "trace": array,
        "images": array,
        "tsm": scene.tsm.read_bytes(),
        "interop": b'{"header": {}, "cases": [' + b"1," * (7 << 20) + b"1]}",
        "ryg": b"",
    }[kind]
    path = scene.write(f"large/{scene.good(kind).name}", head)
    if kind != "interop":
        os.truncate(path, (1 << 30) + (128 if kind == "trace" else 0))
    done = call(*words(scene, verb, path, out, kind), memory=MEMORY)
    path.unlink()
    assert done.code == BAD_DATA, done
    assert path.name in done.line and "memory" in done.line


@pytest.mark.parametrize("verb", WRITERS)
@pytest.mark.parametrize("where", ["a folder that cannot be", "below a file", "of the other kind"])
def test_vectors_3_1_and_reliability_6_an_output_that_cannot_be_written(where: str, verb: str, scene: Scene) -> None:
    kind, writes, _ = CALLS[verb]
    to = {"a folder that cannot be": Path("/proc/nope/out"), "below a file": scene.npy / "out"}.get(where)
    if to is None:
        to = scene.npy if writes == "folder" else scene.folder
    before = files_of(scene.folder)
    done = call(*words(scene, verb, scene.good(kind) if kind else "", to))
    assert done.code == BAD_DATA, done
    assert str(to) in done.line
    assert done.stdout == b"" and files_of(scene.folder) == before


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("form", ["text", "JSON", "help"])
def test_reliability_5_stdout_that_is_full(form: str, verb: str, scene: Scene, tmp_path: Path) -> None:
    kind = CALLS[verb][0]
    arguments = words(scene, verb, scene.good(kind) if kind else "", tmp_path / "out")
    if form == "help":
        arguments = [verb, "--help"]
    elif form == "JSON":
        arguments.append("--json")
    with Path("/dev/full").open("w") as full:
        done = call(*arguments, stdout=full)
    assert done.code == BAD_DATA, done
    assert done.line.startswith("transom: ")
    assert done.line.endswith("stdout: cannot be written: No space left on device")


def test_reliability_5_stdout_that_is_closed_is_no_file_that_is_written(scene: Scene, tmp_path: Path) -> None:
    def close() -> None:
        os.close(1)

    done = call("encode", scene.npy, "-o", tmp_path / "out.tsm", before=close)
    assert done.code == BAD_DATA and done.line.endswith("stdout: cannot be written: Bad file descriptor")
    assert (tmp_path / "out.tsm").read_bytes() == scene.tsm.read_bytes()


@pytest.mark.parametrize("ignored", [False, True])
def test_reliability_5_a_reader_of_stdout_that_goes_away_is_no_error(ignored: bool, scene: Scene) -> None:
    """As with any filter: a signal where it is not ignored, else the code that a shell gives it."""

    def ignore() -> None:
        if ignored:
            signal.signal(signal.SIGPIPE, signal.SIG_IGN)

    ours, theirs = socket.socketpair()
    theirs.close()
    with closing(ours):
        done = call("info", scene.tsm, stdout=ours, before=ignore)
    assert (done.code, done.said) == (128 + signal.SIGPIPE if ignored else -signal.SIGPIPE, b"")


@pytest.mark.parametrize("verb", VERBS)
def test_reliability_6_a_name_that_is_not_utf8(verb: str, scene: Scene, tmp_path: Path) -> None:
    kind = CALLS[verb][0]
    path = scene.not_utf8(kind) if kind else ""
    for form in ([], ["--json"]):
        to = tmp_path / os.fsdecode(b"\xfe\x07" + bytes(len(form) * "j", "ascii"))
        done = call(*words(scene, verb, path, to), *form)
        assert done.code == FINE, done
        assert re.search(rb"[^\n -~]", done.stdout) is None and done.said == b""
        if form:
            json.loads(done.stdout)
        if CALLS[verb][1] and verb != "ranges":
            assert rb"\xfe\x07" in done.stdout.replace(b"\\\\", b"\\")
    if kind:
        path = Path(str(path) + "-not-there")
        assert r"\xff\x1b[31m" in call(*words(scene, verb, path, to)).line


@pytest.mark.parametrize("verb", VERBS)
def test_reliability_6_an_option_that_is_not_known(verb: str, scene: Scene, out: Path) -> None:
    kind = CALLS[verb][0]
    done = call(*words(scene, verb, scene.good(kind) if kind else "", out), "--no-such")
    assert done.code == USAGE, done
    assert "--no-such" in done.line and re.search(f"transom {verb}( encode)? --help", done.line)
    if any(CALLS[verb][:2]):  # it wants a file
        assert call(verb).code == USAGE and "required" in call(verb).line


def test_vectors_3_14_a_verb_that_is_not_known_is_said_to_be_one_and_the_nearest_is_named() -> None:
    for word, nearest in [("frobnicate", None), ("enocde", "encode"), ("cosmi", "cosim"), ("\x1b\udcff", None)]:
        done = call(os.fsencode(word).decode("latin-1") if nearest else Path(word), "x")
        assert done.code == USAGE
        assert "there is no verb" in done.line and (nearest is None or f"'{nearest}'" in done.line)
    assert call().code == USAGE and "transom --help" in call().line


TO_TSM = ["-o", OUT, "--to", "tsm"]
DEEP = {
    "interop": ("ryg_byte.json", ["interop", "{json}"]),
    "convert": ("side.json", ["convert", "{ryg}", "--from", "ryg-byte", "--sidecar", "{json}", *TO_TSM]),
    "encode": ("manifest.json", ["encode", "{folder}", "-o", OUT]),
}


@pytest.mark.parametrize("verb", DEEP)
@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param(nested(100_000), "line 1, column 17: nested deeper than 16", id="nested"),
        pytest.param(b'{\n "a": ' + nested(17) + b"}", "line 2, column 22: nested deeper than 16", id="nested_17"),
        pytest.param(b'{"n": 1,\n "a" 2}', "line 2, column 6: '2' cannot stand there", id="colon"),
        pytest.param(b'{"n": "\x01"}', r"line 1, column 8: '\x01' cannot stand there", id="control"),
        pytest.param(b'{"n": "\xff"}', r"line 1, column 8: '\xff' cannot stand there", id="not_utf8"),
        pytest.param(b'{"n": 1', "it ends before it is complete", id="cut"),
        pytest.param(b"", "it ends before it is complete", id="empty"),
        pytest.param(b'{"n": 1e999}', "a number is out of range", id="number"),
    ],
)
def test_reliability_3_and_vectors_3_19_json_that_is_none(
    text: bytes, place: str, verb: str, scene: Scene, tmp_path: Path
) -> None:
    name, arguments = DEEP[verb]
    folder = tmp_path / "in"
    folder.mkdir()
    path = folder / name
    path.write_bytes(text)
    places = {"{json}": path, "{ryg}": scene.ryg, "{folder}": folder, OUT: tmp_path / "out"}
    done = call(*(places.get(word, word) for word in arguments))
    assert done.code == BAD_DATA, done
    assert f"{name}: json: {place}" in done.line and "exception" not in done.line
    assert files_of(tmp_path) == [path]


@pytest.mark.parametrize("amount", [1, 100_000])
def test_reliability_5_stdout_of_the_python_tools(amount: int) -> None:
    """What they print in between is checked at their end, what is larger than a buffer is put there."""
    program = f"import sys; from transom import files as t; sys.exit(t.run('tool', lambda: t.put({amount} * 'x') or 0))"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=SOURCE / "python", stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == BAD_DATA
    assert done.stderr == b"transom: stdout: cannot be written: No space left on device\n"
