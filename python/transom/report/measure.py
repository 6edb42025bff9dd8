"""measure.py — the figures of a report: of traces, of their tensors, of each coding, of a unit.

Bytes of a coding are those of the container that `transom encode` writes; a tensor's are all of its record but the
name, as `transom info` and `sim` have them. Containers are decoded first: then they are traces, too.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import transom
from transom.files import printable

from . import histogram, quantisers
from .manifest import Entry, read_entries
from .runs import Job, Runner

FORMAT = "transom-report 1"
RAW, STORED = "raw", "stored"  # a coding of each tensor; of a container, as it was given


@dataclass(frozen=True)
class Options:
    """codings: of transom.codecs(), in their order. unit: what `transom sim` is told; none: no simulation."""

    codings: Sequence[str]
    unit: Sequence[str]


@dataclass(frozen=True)
class Source:
    """A trace. given: as the user named it; path: of what the program reads."""

    name: str
    given: Path
    path: Path
    folder: Path  # for containers of its own

    def container(self, coding: str) -> Path:
        return self.folder / f"{coding}.tsm"


def measure(traces: Sequence[Path], options: Options, runner: Runner) -> dict[str, Any]:
    """All figures, as --json prints them. Raises ToolError."""
    with TemporaryDirectory(prefix="transom-report-") as folder:
        sources = [_source(path, traces, Path(folder) / str(i), runner) for i, path in enumerate(traces)]
        jobs = [_jobs(source, options, runner) for source in sources]
        done = iter(runner.all("report", [job for of_source in jobs for job in of_source.values()]))
        results = [{name: next(done) for name in of_source} for of_source in jobs]
        networks = [_network(source, options, runner, found) for source, found in zip(sources, results, strict=True)]
    return {"format": FORMAT, "networks": networks, "common": _common(networks)}


def _source(path: Path, traces: Sequence[Path], folder: Path, runner: Runner) -> Source:
    names = [trace.resolve().name for trace in traces]
    name = path.resolve().name
    folder.mkdir()
    given = path
    if path.suffix == ".tsm":
        path = folder / "trace"
        runner.run("decode", str(given), "-o", str(path))
    return Source(printable(name if names.count(name) == 1 else given), given, path, folder)


def _jobs(source: Source, options: Options, runner: Runner) -> dict[str, Job]:
    """By the key of their result: a coding, or `tensors`, `unit`, STORED."""
    codings = dict.fromkeys([RAW, *options.codings])
    jobs: dict[str, Job] = {coding: partial(_encode, source, coding, runner) for coding in codings}
    if source.given != source.path:
        jobs[STORED] = partial(_sizes, source.given)
    if options.unit:
        jobs["unit"] = partial(runner.json, "sim", str(source.path), "--no-lt", *options.unit)
    return jobs


def _encode(source: Source, coding: str, runner: Runner) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the program says of the container, and each tensor's part of it."""
    path = source.container(coding)
    totals = runner.json("encode", str(source.path), "-o", str(path), "--coding", coding)
    return totals, _sizes(path)


def _sizes(path: Path) -> list[dict[str, Any]]:
    container = transom.read_container(path)
    sizes = []
    for coded in container:
        record = transom.record_bytes(coded, container.version)
        code = coded.code
        raw_bytes = -(-coded.n_values * coded.dtype.bits // 8)
        sizes.append({
            "coding": code.coding, "table_log": code.table_log, "rows": len(code.rows), "bytes": record.coded,
            "bits_per_value": 8 * record.coded / max(coded.n_values, 1), "ratio": raw_bytes / record.coded,
            "record": record.total, "ranges": histogram.range_starts(code, coded.dtype),
        })  # fmt: skip
    return sizes


def _facts(coded: transom.CodedTensor) -> dict[str, Any]:
    """Of a tensor as it is, whatever codes it."""
    counts = transom.histogram(transom.Tensor(transom.decode(coded), coded.dtype))
    return {
        "name": printable(coded.name), "dtype": str(coded.dtype), "shape": list(coded.shape),
        "values": coded.n_values, "raw_bytes": -(-coded.n_values * coded.dtype.bits // 8),
        "entropy_bits": histogram.entropy_bits(counts, coded.dtype), "at_ends": histogram.at_ends(counts, coded.dtype),
        "histogram": histogram.bars(counts, coded.dtype),
    }  # fmt: skip


def _network(source: Source, options: Options, runner: Runner, found: dict[str, Any]) -> dict[str, Any]:
    raw = transom.read_container(source.container(RAW))
    entries = read_entries(source.path, [coded.shape for coded in raw])
    facts = runner.all("report: histograms", [partial(_facts, coded) for coded in raw])
    shown = [*([STORED] if STORED in found else []), *options.codings]
    sizes = {coding: found[coding] if coding == STORED else found[coding][1] for coding in shown}
    sim = found.get("unit")
    tensors = [
        _tensor(fact, entry, {coding: sizes[coding][i] for coding in shown}) for i, (fact, entry) in
        enumerate(zip(facts, entries, strict=True))
    ]  # fmt: skip
    for tensor, layer in zip(tensors, sim.pop("layers") if sim else [], strict=bool(sim)):
        tensor["unit"] = layer
    raw_bytes = found[RAW][0]["raw_bytes"]
    codings = {
        coding: {key: found[coding][0][key] for key in ("bytes", "ratio", "stored_raw")} for coding in options.codings
    }
    if STORED in found:
        n_bytes = source.given.stat().st_size
        codings = {STORED: {"bytes": n_bytes, "ratio": raw_bytes / n_bytes, "stored_raw": None}} | codings
    best_bytes = len(transom.write_container([])) + sum(
        min(s["record"] for s in each) for each in zip(*(sizes[c] for c in options.codings), strict=True)
    )
    network = {
        "name": source.name, "trace": printable(source.given), "tensors": tensors,
        "values": found[RAW][0]["values"], "raw_bytes": raw_bytes,
        "entropy_bytes": sum(tensor["values"] * tensor["entropy_bits"] for tensor in tensors) / 8,
        "codings": codings, "best": {"bytes": best_bytes, "ratio": raw_bytes / best_bytes}, "unit": sim,
    }  # fmt: skip
    network["quantisers"] = _quantisers(runner, raw, entries, network)
    return network


def _tensor(fact: dict[str, Any], entry: Entry, sizes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    best = min((coding for coding in sizes if coding != STORED), key=lambda coding: sizes[coding]["bytes"])
    of_coding = {
        coding: {key: size[key] for key in ("coding", "table_log", "rows", "bytes", "bits_per_value", "ratio")}
        for coding, size in sizes.items()
    }
    about = {"kind": printable(entry.kind), "quantiser": printable(entry.quantiser)}
    return fact | about | {"codings": of_coding, "best": best, "ranges": sizes[best]["ranges"], "unit": None}


def _quantisers(
    runner: Runner, raw: transom.Container, entries: Sequence[Entry], network: dict[str, Any]
) -> dict[str, Any] | None:
    """The weights that could be quantised otherwise, by all codings and by all ways; None where there are none."""
    tried = [coding for coding in network["codings"] if coding not in (RAW, STORED)]
    if not tried:
        return None
    coding = min(tried, key=lambda coding: network["codings"][coding]["bytes"])
    numbers, ways = quantisers.compare(runner, raw.tensors, entries, coding)
    if not numbers:
        return None
    chosen = [network["tensors"][i] for i in numbers]
    return {"coding": coding, "tensors": len(chosen), "ways": ways} | _of_all(chosen, tried)


def _of_all(tensors: Sequence[dict[str, Any]], codings: Sequence[str]) -> dict[str, Any]:
    """Sums over tensors, their names apart."""
    raw_bytes = sum(tensor["raw_bytes"] for tensor in tensors)
    by_coding = {}
    for coding in codings:
        n_bytes = sum(tensor["codings"][coding]["bytes"] for tensor in tensors)
        by_coding[coding] = {"bytes": n_bytes, "ratio": raw_bytes / n_bytes}
    return {
        "values": sum(tensor["values"] for tensor in tensors), "raw_bytes": raw_bytes,
        "entropy_bytes": sum(tensor["values"] * tensor["entropy_bits"] for tensor in tensors) / 8,
        "codings": by_coding,
    }  # fmt: skip


def _common(networks: Sequence[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Of several networks: the tensors of the same name and shape in all of them, summed for each network."""
    keyed = [{(t["name"], tuple(t["shape"])): t for t in network["tensors"]} for network in networks]
    names = [key for key in keyed[0] if all(key in others for others in keyed[1:])]
    if len(networks) == 1 or not names:
        return None
    codings = [coding for coding in networks[0]["codings"] if coding != STORED]
    return [
        {"name": network["name"], "tensors": len(names)} | _of_all([of[key] for key in names], codings)
        for network, of in zip(networks, keyed, strict=True)
    ]
