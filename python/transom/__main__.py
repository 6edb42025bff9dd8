"""__main__.py — the entry point `transom`: verbs in Python here, every other one by the C++ program."""
# SPDX-License-Identifier: Apache-2.0

import os
import runpy
import sys
from contextlib import suppress

from transom.program import find_program

BAD_DATA = 3
VERBS = ("cost", "energy", "record", "report", "sweep")  # packages of this one, with a __main__


def main() -> int:
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    if verb in VERBS:
        with suppress(FileNotFoundError):
            os.environ.setdefault("TRANSOM_PROGRAM", str(find_program()))  # which they run
        sys.argv = [f"transom {verb}", *sys.argv[2:]]
        runpy.run_module(f"transom.{verb}", run_name="__main__", alter_sys=True)
        return 0
    try:
        program = find_program()
        os.execv(program, [str(program), *sys.argv[1:]])
    except OSError as error:
        print(f"transom: {error}", file=sys.stderr)
    return BAD_DATA


if __name__ == "__main__":
    sys.exit(main())
