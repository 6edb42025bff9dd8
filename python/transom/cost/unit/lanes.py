"""lanes.py — what a lane takes, out of rtl/energy.json, which `./dev energy --write` writes."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transom.cost.designs import RTL
from transom.files import read_json

from .estimate import ASAP7

ENERGY = RTL / "energy.json"
SHARED = ("arith_table", "nrans_table", "table_check")  # modules of which a unit has one


def lane_energies(path: Path = ENERGY) -> dict[str, float]:
    """pJ per value of a lane's logic by kind, on the first trace of rtl/energy.json. Raises OSError, ValueError.

    Without what lanes of a unit share (SHARED), whose flip-flops a unit's energy has already.
    """
    written = read_json(path, "write the file again with ./dev energy --write")
    try:
        first = written["traces"][0]
        return {
            design["kind"]: _of_lane(design["liberty"][ASAP7]["traces"][first])
            for design in written["designs"].values()
            if ASAP7 in design["liberty"]
        }
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error!r}; write the file again with ./dev energy --write") from error


def _of_lane(found: Mapping[str, Any]) -> float:
    return float(found["pj_per_value"]) - sum(float(found["modules"].get(name, 0)) for name in SHARED)
