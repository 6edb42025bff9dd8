"""The command: a kernel compiled here, what is refused, tools that are missing."""
# SPDX-License-Identifier: Apache-2.0

import json
import shutil
from pathlib import Path

import pytest
from program import BAD_DATA, FINE, MISMATCH, SOURCE, USAGE, run, run_package

from transom.sass import tools
from transom.sass.__main__ import main

TOOLS = ("nvcc", "nvdisasm", "cuobjdump", "c++filt")
needs_tools = pytest.mark.skipif(not all(map(tools.has_tool, TOOLS)), reason=f"needs {', '.join(TOOLS)}")

KERNELS = """
template <class T> __global__ void fill(T* out, const unsigned* in, int n) {
  extern __shared__ unsigned table[];
#pragma unroll 1
  for (int i = threadIdx.x; i < n; i += blockDim.x) out[i] = static_cast<T>(table[in[i] & 255u]);
}
template __global__ void fill<unsigned char>(unsigned char*, const unsigned*, int);
template __global__ void fill<unsigned short>(unsigned short*, const unsigned*, int);
__global__ void spill(int* out, int n) {
  volatile int words[64];
  for (int i = 0; i < n; ++i) words[i & 63] = i;
  out[0] = words[n & 63];
}
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "kernels.cu"
    path.write_text(KERNELS)
    return path


@pytest.fixture(scope="module")
def cubin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kernels, compiled once."""
    folder = tmp_path_factory.mktemp("kernels")
    (folder / "kernels.cu").write_text(KERNELS)
    path = folder / "kernels.cubin"
    done = run(tools.find_tool("nvcc"), "-arch=sm_90", "-cubin", "-o", path, folder / "kernels.cu")
    assert done.returncode == FINE, done.stderr
    return path


@needs_tools
def test_a_compiled_kernel_is_counted_by_value(source: Path) -> None:
    done = run_package("transom.sass", source, "--kernel", "fill<", "--json")
    assert done.returncode == FINE, done.stderr
    result = json.loads(done.stdout)
    assert [(k["name"].partition("(")[0], k["value_bytes"]) for k in result["kernels"]] == [
        ("void fill<unsigned short>", 2),
        ("void fill<unsigned char>", 1),
    ]
    for kernel in result["kernels"]:
        (loop,) = kernel["loops"]
        figures = loop["passes"]["all"]
        assert loop["values_per_pass"] == 1
        assert figures["widths"] == {"lds": {"4": 1}, "ldg": {"4": 1}, "stg": {str(kernel["value_bytes"]): 1}}
        assert figures["per_value"]["lds"] == 1
        assert figures["values_per_s"]["shared"] == 132 * 32 * 1.755e9
        assert figures["values_per_s"]["issue"] == pytest.approx(132 * 128 * 1.755e9 / figures["instructions"])
        assert kernel["resources"]["registers"] > 0
        assert (kernel["resources"]["stack_bytes"], kernel["local_instructions"]) == (0, 0)


@needs_tools
def test_local_memory_is_found_by_check(cubin: Path) -> None:
    assert run_package("transom.sass", cubin, "--kernel", "fill<", "--check").returncode == FINE
    done = run_package("transom.sass", cubin, "--check")
    assert done.returncode == MISMATCH
    assert "local memory is used by spill(int*, int)" in done.stderr


@needs_tools
def test_the_kernels_of_gpu_are_all_counted() -> None:
    done = run_package("transom.sass", "--json")
    assert done.returncode == FINE, done.stderr
    kernels = json.loads(done.stdout)["kernels"]
    assert {kernel["file"] for kernel in kernels} <= {str(path) for path in tools.sources()}
    assert all(kernel["loops"] and kernel["resources"] for kernel in kernels)


@needs_tools
def test_a_source_that_does_not_compile_is_a_tools_failure(tmp_path: Path) -> None:
    path = tmp_path / "wrong.cu"
    path.write_text("__global__ void f() { nothing }")
    done = run_package("transom.sass", path)
    assert done.returncode == MISMATCH
    assert "nvcc exited with" in done.stderr


@needs_tools
def test_a_kernel_or_loop_that_is_not_there_is_named(cubin: Path) -> None:
    for arguments in (["--kernel", "none"], ["--loop", "7"]):
        done = run_package("transom.sass", cubin, *arguments)
        assert done.returncode == USAGE
        assert arguments[1] in done.stderr


@needs_tools
def test_text_is_no_machine_code(tmp_path: Path) -> None:
    for name in ("some.cubin", "some.o"):
        path = tmp_path / name
        path.write_text("text")
        done = run_package("transom.sass", path)
        assert done.returncode == BAD_DATA
        assert f"{name}: cannot be read" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["--kernel", "("], ["--loop", "loop"], ["--sms", "0"], ["--values", "-1"]], ids=lambda words: words[0]
)
def test_wrong_options_are_refused(arguments: list[str]) -> None:
    done = run_package("transom.sass", *arguments)
    assert done.returncode == USAGE
    assert arguments[0] in done.stderr


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run_package("transom.sass", tmp_path / "no.cubin")
    assert done.returncode == BAD_DATA
    assert "no.cubin: is no file" in done.stderr


def test_a_missing_compiler_is_named(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    assert main([str(source)]) == BAD_DATA
    assert "nvcc is missing: install NVIDIA's CUDA toolkit" in capsys.readouterr().err


def test_help_needs_nothing() -> None:
    done = run_package("transom.sass", "--help")
    assert done.returncode == FINE
    assert "./dev sass" in done.stdout
    assert "./dev sass" in (SOURCE / "dev").read_text()
