"""test_sweep_grid.py — of transom sweep: the grid, areas, the published decoders; nothing is run.

Run: python3 -m pytest tests/python/test_sweep_grid.py
"""
# SPDX-License-Identifier: Apache-2.0

import json
import re
from pathlib import Path

import pytest

from transom.cost.unit.estimate import read_units
from transom.errors import DataError, UsageError
from transom.sweep import analysis, area, grid, peers, trace

# --- the grid ------------------------------------------------------------------------------------


def lists(**given: str) -> dict[str, str]:
    return {axis.name: axis.default for axis in grid.AXES} | given


def test_a_grid_is_the_product_of_its_lists_in_their_order() -> None:
    made = grid.make_grid(lists(coding="tans,rans", lanes="4,1", table_log="8", mem_bytes_per_cycle="2,auto,6.40,6.4"))
    assert [(p.coding, p.lanes, p.mem_bytes_per_cycle) for p in made.points] == [
        (coding, lanes, rate) for coding in ("tans", "rans") for lanes in ("4", "1") for rate in ("2", "auto", "6.4")
    ]
    assert made.skipped == {}
    assert made.points[0].options() == [
        "--coding", "tans", "--lanes", "4", "--table-log", "8", "--mem-bytes-per-cycle", "2",
    ]  # fmt: skip


def test_units_that_cannot_be_are_skipped_and_counted() -> None:
    made = grid.make_grid(
        lists(coding="rans,apack-ac,apack-nrans,tans", lanes="1,2", table_log="3,10,13", mem_bytes_per_cycle="2")
    )
    assert sum(made.skipped.values()) == 2 * (2 + 2 + 2 + 1)
    assert made.skipped["apack-nrans with R = 13: its lane takes R = 4..12"] == 2
    assert made.skipped["rans with R = 13: its lane takes R = 4..12"] == 2
    assert made.skipped["apack-ac with R = 13: its lane takes R = 10 only"] == 2
    assert {(p.coding, p.table_log) for p in made.points} == {
        ("rans", "10"), ("apack-ac", "10"), ("apack-nrans", "10"), ("tans", "10"), ("tans", "13"),
    }  # fmt: skip


def test_fifos_that_hold_less_than_two_bursts_are_skipped() -> None:
    made = grid.make_grid(lists(coding="tans", lanes="1", burst_beats="4,auto", fifo_beats="8,16,32"))
    assert sum(made.skipped.values()) == 2 * 2 * 4
    assert made.skipped["--fifo-beats 16: a prefetch FIFO holds two bursts or more, here of 16 beats"] == 8
    assert {(p.burst_beats, p.fifo_beats) for p in made.points} == {
        ("4", "8"), ("4", "16"), ("4", "32"), ("auto", "32"),
    }  # fmt: skip


def test_the_wide_unit_has_lanes_and_codings_of_its_own() -> None:
    made = grid.make_grid(lists(coding="apack-nrans,tans", lanes="6,64,128", table_log="8", unit="auto,wide",
                                mem_bytes_per_cycle="2"))  # fmt: skip
    assert [(p.coding, p.lanes, p.unit) for p in made.points] == [
        ("apack-nrans", "6", "auto"), ("apack-nrans", "64", "auto"), ("apack-nrans", "64", "wide"),
        ("apack-nrans", "128", "wide"), ("tans", "6", "auto"), ("tans", "64", "auto"),
    ]  # fmt: skip
    assert sum(made.skipped.values()) == 6
    wide = next(point for point in made.points if point.unit == "wide")
    assert wide.kind == "nrans" and wide.options(wide.encode_axes)[:2] == ["--coding", "apack-nrans"]
    assert wide.options(wide.encode_axes)[-4:] == ["--unit", "wide", "--mem-bytes-per-cycle", "2"]
    tans = grid.make_grid(
        lists(coding="apack-tans", lanes="16", table_log="8,10", unit="wide", mem_bytes_per_cycle="2")
    )
    assert [p.table_log for p in tans.points] == ["8"] and "R = 4..8" in next(iter(tans.skipped))


def test_sizes_that_are_compared_are_of_one_sort() -> None:
    known, unknown = {"area_um2": "500", "ram_bits": "7"}, {"area_um2": "", "ram_bits": "9"}
    assert list(map(analysis.size_of([known, known]), [known, known])) == [500, 500]
    assert list(map(analysis.size_of([known, unknown]), [known, unknown])) == [7, 9]


@pytest.mark.parametrize(
    ("axis", "text"),
    [
        ("lanes", "0"), ("lanes", "129"), ("lanes", ""), ("lanes", "1,,2"), ("lanes", "auto"), ("lanes", "-1"),
        ("lanes", "٣"), ("lanes", "9" * 400), ("mem_bytes_per_cycle", "0"), ("mem_bytes_per_cycle", "nan"),
        ("mem_bytes_per_cycle", "1e3"), ("mem_bytes_per_cycle", "1.2345"), ("mem_bytes_per_cycle", "-2"),
        ("coding", "raw"), ("coding", "apack"), ("for_unit", "speed"),
        ("fifo_beats", "3"), ("bus_bits", "96"), ("table_log", "15"), ("mem_latency", "1.5"),
    ],
)  # fmt: skip
def test_a_value_that_is_none_is_refused_by_name(axis: str, text: str) -> None:
    with pytest.raises(UsageError, match="--" + axis.replace("_", "-") + ": "):
        grid.make_grid(lists(**{axis: text}))


def test_a_grid_without_a_point_or_with_too_many_is_refused() -> None:
    with pytest.raises(UsageError, match="no possible point: apack-ac with R = 8"):
        grid.make_grid(lists(coding="apack-ac", table_log="8"))
    many = {"lanes": range(1, 65), "mem_latency": range(4000), "mem_outstanding": range(1, 100)}
    with pytest.raises(UsageError, match="over 1,000,000"):
        grid.make_grid(lists(**{axis: ",".join(map(str, values)) for axis, values in many.items()}))


# --- areas and peers -----------------------------------------------------------------------------


def test_costs_that_are_missing_are_none_and_those_that_are_none_are_refused_by_field(tmp_path: Path) -> None:
    assert area.read_costs(tmp_path / "missing.json") == area.Costs()
    file = tmp_path / "cost.json"
    for text, named in [
        ("{", "cost.json"),
        ("[]", "cost.json: units"),
        ('{"units": {}}', "libraries"),
        ('{"units": {}, "libraries": {"asap7_RVT_TT": {"nand2_um2": -1.0}}}', "nand2_um2: -1.0"),
    ]:
        file.write_text(text)
        read_units.cache_clear()
        with pytest.raises(DataError, match=re.escape(named)):
            area.read_costs(file)


def test_every_peer_has_a_source_and_a_node_and_is_published() -> None:
    raw = json.loads(peers.PEERS_JSON.read_text(encoding="utf-8"))
    assert not re.search(r"\[[A-Z]\]|third party|unverified|derived|from memory", json.dumps(raw))
    listed = peers.read_peers()
    assert len(listed) >= 8
    for peer in listed:
        assert peer.evidence in ("repository", "page"), peer.name
        assert peer.source.strip() and "." in peer.source and peer.node.strip() and peer.size.strip(), peer.name
    assert len({peer.name for peer in listed}) == len(listed)


def test_peers_are_normalised_by_their_own_clock() -> None:
    by_name = {peer.name: peer for peer in peers.read_peers()}
    vitis = by_name["Vitis zstd decompress"]
    assert vitis.rate == pytest.approx(2.8156, abs=1e-3) and vitis.ge_per_rate is None
    assert by_name["Project Zipline XP10"].speed == pytest.approx(3.2e9)
    assert by_name["NVIDIA Blackwell decompression engine"].rate is None


def test_the_name_of_a_trace_is_no_part_of_it(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.npy").write_bytes(b"1")
    assert trace.pack(tmp_path / "a").sha256 == trace.pack(tmp_path / "b").sha256
    (tmp_path / "b/x.npy").write_bytes(b"2")
    assert trace.pack(tmp_path / "a").sha256 != trace.pack(tmp_path / "b").sha256
