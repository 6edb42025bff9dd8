"""peers.py — published decoders (peers.json) in the units of the sweep.

values per cycle is the source's own figure, or its values per second over its own clock; values per
second the other way round. Nothing is scaled from one node to another.
"""
# SPDX-License-Identifier: Apache-2.0

import json
from dataclasses import dataclass
from pathlib import Path

PEERS_JSON = Path(__file__).with_name("peers.json")


@dataclass(frozen=True)
class Peer:
    """One line of peers.json; None where the source states nothing. clock in MHz, evidence "repository" or "page"."""

    name: str
    what: str
    symbol: str
    evidence: str
    node: str
    clock_mhz: float | None
    values_per_cycle: float | None
    values_per_second: float | None
    size: str
    gate_equivalents: float | None
    note: str
    source: str

    @property
    def rate(self) -> float | None:
        """Symbols per cycle."""
        if self.values_per_cycle is not None:
            return self.values_per_cycle
        if self.values_per_second is None or self.clock_mhz is None:
            return None
        return self.values_per_second / (self.clock_mhz * 1e6)

    @property
    def speed(self) -> float | None:
        """Symbols per second."""
        if self.values_per_second is not None:
            return self.values_per_second
        if self.values_per_cycle is None or self.clock_mhz is None:
            return None
        return self.values_per_cycle * self.clock_mhz * 1e6

    @property
    def ge_per_rate(self) -> float | None:
        """Gate equivalents per symbol per cycle."""
        if self.gate_equivalents is None or not self.rate:
            return None
        return self.gate_equivalents / self.rate


def read_peers(file: Path = PEERS_JSON) -> list[Peer]:
    return [Peer(**entry) for entry in json.loads(file.read_text(encoding="utf-8"))["peers"]]
