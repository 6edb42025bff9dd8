"""The DPI-C golden decoder and its scoreboard around the unit, in Verilator: every kind of lane, and seeded faults."""
# SPDX-License-Identifier: Apache-2.0

import re
import shutil
from pathlib import Path

import by_dpi
import pytest
from dpi_bench import LIBRARY, SCOREBOARD, build, simulate
from faults import FAULTS
from program import BAD_DATA, FINE, SOURCE, TRACE, transom

CODINGS = {
    0: ["raw", "tans", "apack-tans"],
    1: ["rans", "apack-rans"],
    2: ["apack-ac"],
    3: ["apack-tans-pair"],
    4: ["apack-nrans"],
}  # by Kind
TENSORS = ["logits", "dense1_relu", "conv1/weights"]
BENCH = [*SCOREBOARD, SOURCE / "dpi/transom_bench.sv"]
RTL = ["-F", SOURCE / "rtl/decoder.f"]
UVM = SOURCE / "tests/python/dpi/uvm"

pytestmark = [
    pytest.mark.skipif(shutil.which("verilator") is None, reason="Verilator is not installed"),
    pytest.mark.skipif(not LIBRARY.exists(), reason="libtransom_dpi.so is not built"),
]


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The embedded trace in each coding, a container each."""
    folder = tmp_path_factory.mktemp("coded")
    codings = [coding for of_kind in CODINGS.values() for coding in of_kind]
    for coding in codings:
        transom("encode", TRACE, "-o", folder / f"{coding}.tsm", "--coding", coding, "--lanes", 2)
    return {coding: folder / f"{coding}.tsm" for coding in codings}


@pytest.mark.parametrize("kind", CODINGS)
def test_every_kind_of_lane_passes(kind: int, coded: dict[str, Path], tmp_path: Path) -> None:
    program = build(tmp_path / "kind", "--assert", f"-GKind={kind}", sources=[*RTL, *BENCH])
    containers = [coded[coding] for coding in CODINGS[kind]]
    for tensor in TENSORS:
        counts = set()
        for pauses in (0, 40):  # all codings as jobs of one run, twice: tables change between banks
            done = simulate(program, *containers, *containers, tensor=tensor, pauses=pauses)
            assert done.returncode == FINE, done.stdout
            said = re.search(r"^transom: (\d+) jobs, (\d+) steps and values, 0 differences$", done.stdout, re.MULTILINE)
            assert said and int(said[1]) == 2 * len(containers), done.stdout
            counts.add(int(said[2]))
        n_values = {"logits": 400, "dense1_relu": 2560, "conv1/weights": 72}[tensor]
        steps = -(-n_values // 2) if kind == 3 else n_values  # two streams, each of an even number
        assert counts == {2 * len(containers) * (n_values + steps)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a copy of the unit, its faults in it."""
    return tmp_path_factory.mktemp("spoilt")


TANS = [name for name, fault in FAULTS.items() if fault.lane == "tans"]  # `./dev seeded` builds the others, too


@pytest.mark.parametrize("name", TANS)
def test_each_fault_is_found_and_classified(name: str, folder: Path) -> None:
    found = by_dpi.find(name, "tans", folder)
    print(f"{name}: {found}")
    assert found
    # Jobs are back to back: the next one's first step comes before this one's end, and is taken for the one left out. A
    # mask too wide gives, in the tables of this trace, what a wrong word of a table gives as well.
    as_a_table = ("the last value is left out", "a step's mask lets a bit too many through")
    assert found.told == ("table" if name in as_a_table else FAULTS[name].kind)


def test_nothing_differs_without_a_fault(folder: Path) -> None:
    assert by_dpi.find(None, "tans", folder) is None


def test_what_is_no_job_is_told_by_name(folder: Path, coded: dict[str, Path], tmp_path: Path) -> None:
    def refused(*files: Path, **plusargs: object) -> str:
        done = simulate(by_dpi.program("tans", folder), *files, **plusargs)
        assert done.returncode != FINE
        return done.stdout

    assert "nothing.tsm" in refused(tmp_path / "nothing.tsm")
    assert "the container has none of that name" in refused(coded["tans"], tensor="nothing")
    assert "not for a unit of Kind 0" in refused(coded["apack-ac"])
    whole = coded["tans"].read_bytes()
    (tmp_path / "cut.tsm").write_bytes(whole[: len(whole) // 2])
    assert "cut.tsm" in refused(tmp_path / "cut.tsm")
    transom("info", tmp_path / "cut.tsm", code=BAD_DATA)


def test_the_pages_bind_and_the_uvm_component_see_what_a_decoder_does(tmp_path: Path) -> None:
    """With a stand-in for UVM, which Verilator 5.006 cannot compile."""
    bind = re.search(r"^```sv\n(.*?)^```$", (SOURCE / "docs/dpi.md").read_text(), re.MULTILINE | re.DOTALL)
    assert bind
    (tmp_path / "bind.sv").write_text(bind[1])
    own = [UVM / "uvm_pkg.sv", *SCOREBOARD, SOURCE / "dpi/transom_uvm.sv", UVM / "page_top.sv", tmp_path / "bind.sv"]
    program = build(tmp_path / "page", f"-I{UVM}", top="page_top", sources=own)
    transom("encode", TRACE, "-o", tmp_path / "one.tsm", "--coding", "tans", "--streams", 1)
    done = simulate(program, tmp_path / "one.tsm")
    assert done.returncode == FINE, done.stdout
    assert "UVM_INFO [TRANSOM] 800 steps and values compared\nscoreboard: 800\n" in done.stdout
    done = simulate(program, tmp_path / "one.tsm", wrong=380)
    assert done.returncode != FINE  # the bound scoreboard's $error
    said = re.findall(
        r"(UVM_ERROR \[TRANSOM\] |transom: )job 0: lane 0, index 380, cycle \d+: state: want", done.stdout
    )
    assert said == ["UVM_ERROR [TRANSOM] ", "transom: "]
