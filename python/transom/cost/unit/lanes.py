"""lanes.py — what a lane takes, out of rtl/energy.json, which `./dev energy --write` writes."""
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

from transom.cost.designs import RTL
from transom.files import read_json

from .estimate import ASAP7

ENERGY = RTL / "energy.json"


def lane_energies(path: Path = ENERGY) -> dict[str, float]:
    """pJ per value of a lane's logic by kind, on the first trace of rtl/energy.json. Raises OSError, ValueError."""
    written = read_json(path, "write the file again with ./dev energy --write")
    try:
        first = written["traces"][0]
        return {
            design["kind"]: float(design["liberty"][ASAP7]["traces"][first]["pj_per_value"])
            for design in written["designs"].values()
            if ASAP7 in design["liberty"]
        }
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error!r}; write the file again with ./dev energy --write") from error
