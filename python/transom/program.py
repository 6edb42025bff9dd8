"""program.py — where the C++ program is, and where the tools' data lie: in a wheel, or in the source folder."""
# SPDX-License-Identifier: Apache-2.0

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
SHARE = PACKAGE / "share"
ROOT = SHARE if SHARE.exists() else PACKAGE.parents[1]  # of rtl/, and of build/ in the source folder


def find_program() -> Path:
    """The program: what TRANSOM_PROGRAM names, else the wheel's, else the one built here. Raises FileNotFoundError."""
    named = os.environ.get("TRANSOM_PROGRAM")
    if named:
        return Path(named)
    for path in (PACKAGE / "bin/transom", PACKAGE.parents[1] / "build/transom"):
        if path.exists():
            return path
    raise FileNotFoundError("the program transom was not built with this package; name one in TRANSOM_PROGRAM")
