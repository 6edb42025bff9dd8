"""test_whole.py — at every call that changes a file: a kill, a signal, an error of the disk.

What is there is all of the old or all of the new; nothing hidden stays but after SIGKILL.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import signal
from pathlib import Path

import pytest
from program import BAD_DATA, BUILD, FINE, MISMATCH, USAGE, run, transom

from storage.damage import (
    EIO,
    ENOSPC,
    VERBS,
    Case,
    Faults,
    check_failed,
    check_killed,
    make_case,
    restore,
    some,
    state,
    temporaries,
)

ROUTINE = 12  # calls of a verb at which it is killed, or fails


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_reliability_1_and_2_a_kill_at_any_call_leaves_the_old_or_the_new(
    verb: str, number: signal.Signals, cases: dict[str, Case], faults: Faults
) -> None:
    case = cases[verb]
    calls = faults.calls(case, -number)
    replaces = "renameat2" if verb in ("decode_again", "ranges", "vectors_again") else "rename"
    assert "write" in calls and replaces in calls
    if verb == "convert_foreign" and number == signal.SIGKILL:
        pytest.skip("a pair of files: see below")
    for at in some(len(calls), ROUTINE):
        check_killed(faults.run(case, at, -number).returncode, number, case, (verb, at, calls[at - 1]))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("error", [ENOSPC, EIO])
def test_reliability_1_and_2_an_error_at_any_call_is_exit_3_and_changes_nothing(
    verb: str, error: int, cases: dict[str, Case], faults: Faults
) -> None:
    case = cases[verb]
    calls = faults.calls(case, error)
    for at in some(len(calls), ROUTINE):
        check_failed(faults.run(case, at, error), case, (verb, at, calls[at - 1]))


def test_reliability_1_a_pair_of_files_is_replaced_as_one(
    cases: dict[str, Case], faults: Faults, tmp_path: Path
) -> None:
    """Stream and side file cannot be replaced in one step; a pair that is torn by SIGKILL says so."""
    one = cases["convert_foreign"].command[2]
    command = [str(BUILD / "transom"), "convert", one, "--from", "tsm", "-o", str(tmp_path / "out/x"), "--to"]
    restore(tmp_path / "out", {})
    assert run(*command, "ryg-byte").returncode == FINE
    old = state(tmp_path / "out")
    assert run(*command, "ryg-word").returncode == FINE
    case = Case([*command, "ryg-word"], tmp_path / "out", old, state(tmp_path / "out"))
    for do in (ENOSPC, EIO):
        for at in range(1, len(faults.calls(case, do)) + 1):
            check_failed(faults.run(case, at, do), case, at)
    for at in range(1, len(faults.calls(case, -signal.SIGTERM)) + 1):
        check_killed(faults.run(case, at, -signal.SIGTERM).returncode, signal.SIGTERM, case, at)
    torn = 0
    for at in range(1, len(faults.calls(case, -signal.SIGKILL)) + 1):
        assert faults.run(case, at, -signal.SIGKILL).returncode == -signal.SIGKILL
        if not case.is_whole():
            torn += 1
            back = ["convert", tmp_path / "out/x", "-o", tmp_path / "back.tsm", "--to", "tsm", "--from"]
            assert "'sha256' is of another stream" in transom(*back, "ryg-word", code=BAD_DATA).stderr
    assert torn == 1


def test_reliability_1_a_file_system_without_an_exchange_loses_nothing(cases: dict[str, Case], faults: Faults) -> None:
    case = cases["decode_again"]
    no = {"FAULT_NO_EXCHANGE": "1"}
    for do in (EIO, -signal.SIGTERM):
        calls = faults.calls(case, do, **no)
        assert calls.count("rename") == 3  # one that the old folder is in the way of
        for at in range(1, len(calls) + 1):
            done = faults.run(case, at, do, **no)
            if do > 0:
                check_failed(done, case, at)
            else:
                check_killed(done.returncode, signal.SIGTERM, case, at)


def need_rtl(container: str) -> None:
    if "rtl" not in json.loads(transom("cosim", container, "--lanes", 4, "--json").stdout)["decoders"]:
        pytest.skip("the RTL is not built")


def test_reliability_1_and_2_ports_are_all_there_or_none(
    cases: dict[str, Case], faults: Faults, tmp_path: Path
) -> None:
    trace = cases["encode"].command[2]
    need_rtl(cases["decode"].command[2])
    case = make_case(["ports", trace, "-o", tmp_path / "out/p", "--cycles", 500], tmp_path / "out", {})
    assert {"000.ports", "001.ports", "manifest.json"} == {path.name for path in (tmp_path / "out/p").iterdir()}
    for do in (ENOSPC, -signal.SIGTERM):
        calls = faults.calls(case, do)
        for at in some(len(calls), ROUTINE):
            done = faults.run(case, at, do)
            if do < 0:
                check_killed(done.returncode, signal.SIGTERM, case, (at, calls[at - 1]))
            else:
                check_failed(done, case, (at, calls[at - 1]))


class WaveCase(Case):
    def is_whole(self) -> bool:
        """Two runs' waves differ in the date of their header, 26 bytes."""
        found, want = state(self.folder)["w.fst"], self.after["w.fst"]
        differ = sum(a != b for a, b in zip(found, want, strict=False))
        return found == self.before["w.fst"] or (len(found) == len(want) and differ <= 26)


def test_reliability_1_a_wave_is_whole_or_not_there(cases: dict[str, Case], faults: Faults, tmp_path: Path) -> None:
    """Verilator's runtime writes it, by a name that is not yet its own."""
    container = cases["decode"].command[2]
    need_rtl(container)
    words = ["cosim", container, "--lanes", "4", "--inject", "table:3:21", "--wave", str(tmp_path / "out/w.fst")]
    case = WaveCase([str(BUILD / "transom"), *words], tmp_path / "out", {"w.fst": b"old"}, {})
    restore(case.folder, case.before)
    transom(*words, code=MISMATCH)
    case.after = state(case.folder)
    for do in (EIO, -signal.SIGKILL, -signal.SIGTERM):
        log = tmp_path / f"log{do}"
        assert faults.run(case, 0, do, FAULT_LOG=str(log)).returncode == MISMATCH
        calls = log.read_text().split()
        assert calls[0] == "mkdir" and calls.count("rename") == 1
        for at, call in enumerate(calls, 1):
            if do < 0:
                check_killed(faults.run(case, at, do).returncode, signal.Signals(-do), case, (at, call))
            else:
                check_failed(faults.run(case, at, do), case, (at, call))


def test_reliability_1_links_permissions_devices_and_pipes_stay_what_they_are(
    cases: dict[str, Case], tmp_path: Path
) -> None:
    encode = cases["encode"].command[1:3]
    want = cases["encode"].after["x.tsm"]
    real = tmp_path / "deep/real.tsm"
    real.parent.mkdir()
    real.write_bytes(b"old")
    real.chmod(0o640)
    (tmp_path / "link.tsm").symlink_to("deep/real.tsm")
    transom(*encode, "-o", tmp_path / "link.tsm")
    assert real.read_bytes() == want and real.stat().st_mode & 0o7777 == 0o640
    assert (tmp_path / "link.tsm").is_symlink()
    (tmp_path / "dangling.tsm").symlink_to("deep/new.tsm")
    transom(*encode, "-o", tmp_path / "dangling.tsm")
    assert (tmp_path / "deep/new.tsm").read_bytes() == want
    transom(*encode, "-o", "/dev/null")
    assert Path("/dev/null").is_char_device()
    for device in ("/dev/stdout", "/dev/fd/1"):
        words = " ".join([str(BUILD / "transom"), *encode, "-o", device])
        done = run("sh", "-c", f"{words} | head -c {len(want)} | cmp - {real}")
        assert done.returncode == FINE, done.stdout + done.stderr
    assert "Is a directory" in transom(*encode, "-o", tmp_path, code=BAD_DATA).stderr
    assert "make its folder" in transom(*encode, "-o", tmp_path / "none/x.tsm", code=BAD_DATA).stderr
    assert not temporaries(tmp_path)


def test_reliability_2_a_folder_that_is_not_a_trace_is_refused_and_stays(
    cases: dict[str, Case], tmp_path: Path
) -> None:
    decode = cases["decode"].command[1:3]
    trace = tmp_path / "t"
    transom(*decode, "-o", trace)
    whole = state(trace)
    transom(*decode, "-o", trace)  # its own
    changed = next(trace.glob("*.npy"))
    for name, content in (("mine.txt", b"mine"), (changed.name, changed.read_bytes()[:-1] + b"?")):
        (trace / name).write_bytes(content)
        before = state(trace)
        error = transom(*decode, "-o", trace, code=USAGE).stderr
        assert name in error and "name another folder" in error and state(trace) == before
        restore(trace, whole)
    stranger = tmp_path / "other"
    stranger.mkdir()
    (stranger / "thesis.txt").write_text("all of it")
    for verb in (decode, ["vectors"], ["ranges", trace]):
        assert "thesis.txt" in transom(*verb, "-o", stranger, code=USAGE).stderr
    assert state(stranger) == {"thesis.txt": b"all of it"}
    done = run(BUILD / "transom", *decode, "-o", ".", cwd=trace)
    assert done.returncode == USAGE and "the program runs in it" in done.stderr
    (tmp_path / "empty").mkdir(mode=0o750)
    transom(*decode, "-o", tmp_path / "empty")
    assert state(tmp_path / "empty").keys() == whole.keys()
    assert (tmp_path / "empty").stat().st_mode & 0o7777 == 0o750


def test_reliability_2_what_no_manifest_vouches_for_is_said(cases: dict[str, Case], tmp_path: Path) -> None:
    trace = tmp_path / "t"
    transom(*cases["decode"].command[1:3], "-o", trace)
    encode = ["encode", trace, "-o", tmp_path / "x.tsm"]
    assert transom(*encode).stderr == ""
    files = sorted(trace.glob("*.npy"))
    (trace / "more.npy").write_bytes(files[0].read_bytes())
    assert transom(*encode).stderr == f"transom: {trace}/manifest.json: does not name 1 file 'more.npy': not read\n"
    (trace / "more.npy").unlink()
    manifest = (trace / "manifest.json").read_text()
    (trace / "manifest.json").write_text(manifest.replace('"sha256"', '"was"', 1))
    assert "does not vouch for 1 file" in transom(*encode).stderr
    (trace / "manifest.json").unlink()
    said = transom(*encode).stderr
    assert said == f"transom: {trace}: no manifest.json vouches for its {len(files)} .npy files\n"
    (trace / "manifest.json").write_text(manifest)
    files[0].unlink()
    assert files[0].name in transom(*encode, code=BAD_DATA).stderr
