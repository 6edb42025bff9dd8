"""python3 tests/clean_room FILE.tsm...: what the second decoder makes of containers, a line for each tensor."""
# SPDX-License-Identifier: Apache-2.0

import sys
from pathlib import Path

from coders import Fault
from container import read_container

for path in sys.argv[1:]:
    try:
        tensors = read_container(Path(path).read_bytes())[1]
    except Fault as fault:
        print(f"{path}: {fault}")
        continue
    for tensor in tensors:
        status, values = tensor.judge(tensor.streams())
        print(f"{path}: {tensor.name}: {status}: {values}")
