"""tools.py — sources and objects of CUDA to cubins, cubins to listings, by NVIDIA's programs.

nvcc is a toolkit's; nvdisasm and cuobjdump are on PyPI, too, and may be later than nvcc, not earlier.
"""
# SPDX-License-Identifier: Apache-2.0

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from transom.cost.yosys import MissingToolError, ToolError, run_tool
from transom.files import printable
from transom.program import ROOT

from .listing import ListingError

GPU = ROOT / "gpu"
ROOMS = (ROOT / "model", GPU)
FLAGS = ("-std=c++20", "--expt-relaxed-constexpr", "-O3", "-DNDEBUG")  # as gpu/CMakeLists.txt builds a release
PACKAGES = {
    "nvcc": "NVIDIA's CUDA toolkit, or name it in CUDA_HOME",
    "nvdisasm": "nvidia-cuda-nvdisasm of PyPI, as ./dev sass does",
    "cuobjdump": "nvidia-cuda-cuobjdump of PyPI, as ./dev sass does",
    "c++filt": "Debian's binutils",
}
RESOURCES = re.compile(r"Function\s+([$\w]+):\s+REG:(\d+) STACK:(\d+) SHARED:(\d+) LOCAL:(\d+)")
SOURCE, CUBIN = ".cu", ".cubin"


@dataclass(frozen=True)
class Resources:
    """Of a kernel; bytes of shared memory without what a launch adds, and with the 1024 that sm_90 keeps."""

    registers: int
    stack_bytes: int
    shared_bytes: int
    local_bytes: int


def find_tool(name: str) -> str:
    """A program by its path. Raises MissingToolError."""
    home = os.environ.get("CUDA_HOME")
    folders = [Path(home) / "bin"] if home else []
    folders += [Path("/usr/local/cuda/bin"), *ROOT.glob("build/venv/lib/python3*/site-packages/nvidia/cu*/bin")]
    path = shutil.which(name) or shutil.which(name, path=os.pathsep.join(map(str, folders)))
    if path is None:
        raise MissingToolError(f"{name} is missing: install {PACKAGES[name]}")
    return path


def has_tool(name: str) -> bool:
    try:
        find_tool(name)
    except MissingToolError:
        return False
    return True


def sources() -> list[Path]:
    """The kernels of gpu/."""
    return sorted(GPU.rglob(f"*{SOURCE}"))


def _includes(folder: Path) -> Path:
    """Headers as the build has them: transom/<room>/, by links, of all calls of transom_rooms in CMakeLists.txt."""
    rooms = folder / "include/transom"
    rooms.mkdir(parents=True)
    for page in [page for root in ROOMS for page in sorted(root.rglob("CMakeLists.txt"))]:
        for call in re.findall(r"^transom_rooms\(\w+ ([^)]*)\)", page.read_text(encoding="utf-8"), re.MULTILINE):
            for room in call.split():
                name, _, place = room.partition("=")
                (rooms / name).unlink(missing_ok=True)
                (rooms / name).symlink_to((page.parent / (place or name)).resolve())
    return rooms.parent


def cubins(paths: Sequence[Path], arch: str, options: Sequence[str], folder: Path) -> Iterator[tuple[Path, Path]]:
    """Each file's cubins: of a source for this architecture, of an object all that it has.

    Raises ToolError, ListingError.
    """
    includes = _includes(folder)
    for number, path in enumerate(paths):
        place = folder / str(number)
        place.mkdir()
        if path.suffix == CUBIN:
            yield path, path
        elif path.suffix == SOURCE:
            cubin = place / "kernel.cubin"
            command = [find_tool("nvcc"), *FLAGS, f"-arch={arch}", "-cubin", f"-I{includes}", *options]
            run_tool([*command, "-o", cubin, path.resolve()], place, "")
            yield path, cubin
        else:
            _read("cuobjdump", ["-xelf", "all"], path, place)
            found = sorted(place.glob(f"*{CUBIN}"))
            if not found:
                raise ListingError(f"{printable(path)}: has no machine code of a GPU; name a source or a cubin")
            yield from ((path, cubin) for cubin in found)


def listing(cubin: Path) -> list[str]:
    """The lines of nvdisasm. Raises MissingToolError, ListingError."""
    return _read("nvdisasm", ["-c"], cubin, cubin.parent).splitlines()


def resources(cubin: Path) -> dict[str, Resources]:
    """Kernels' resources by their mangled names. Raises MissingToolError, ListingError."""
    return read_resources(_read("cuobjdump", ["-res-usage"], cubin, cubin.parent))


def _read(tool: str, options: Sequence[str], file: Path, folder: Path) -> str:
    """What a reader of machine code prints of a file, in a folder that it may write to."""
    program = find_tool(tool)
    try:
        return run_tool([program, *options, file.resolve()], folder, "")
    except ToolError as error:
        raise ListingError(f"{printable(file)}: cannot be read: {error}") from error


def read_resources(text: str) -> dict[str, Resources]:
    return {
        name: Resources(int(registers), int(stack), int(shared), int(local))
        for name, registers, stack, shared, local in RESOURCES.findall(text)
    }


def demangle(names: Sequence[str]) -> list[str]:
    """Names as the source has them. Raises ToolError."""
    run = subprocess.run(
        [find_tool("c++filt")],
        input="".join(f"{name}\n" for name in names),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = run.stdout.splitlines()
    if run.returncode != 0 or len(lines) != len(names):
        raise ToolError(f"c++filt exited with {run.returncode}: {run.stderr.strip()}")
    return lines


def version(tool: str) -> str:
    """The release that one of NVIDIA's programs states of itself. Raises ToolError."""
    found = re.search(r"release ([\d.]+), V([\d.]+)", run_tool([find_tool(tool), "--version"], ROOT, ""))
    return found[2] if found else "unknown"
