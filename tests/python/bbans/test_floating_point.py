"""transom bbans --floating-point: where its files decode, where they are refused, and what it costs beside integers.

Another machine is a forged fingerprint, and a real one: glibc's functions without fused multiply-adds round otherwise.
"""
# SPDX-License-Identifier: Apache-2.0

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from program import BAD_DATA, BUILD, FINE, SHARED, SOURCE, USAGE, run, run_package, transom
from test_bars import DATA, binarised, raw
from test_images import DIGITS, MODEL, bits, encode, refused, saved

from transom.bbans.model_file import crc32c

MOST_MORE = 1.01  # bits of integers, of those of floating point
FLAGS, FINGERPRINT, CHECK, PLATFORM = 6, 36, 40, 44  # offsets in a file
WITHOUT_FMA = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-FMA4"}
FLOATS = "--floating-point"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded model's parameters as they are."""
    return real(SOURCE / "golden/images/digits.params", tmp_path_factory.mktemp("model") / "digits.tvar")


def real(parameters: Path, model: Path) -> Path:
    done = run_package("transom.bbans", "real", parameters, "-o", model, "--json")
    assert done.returncode == FINE, done.stderr
    assert json.loads(done.stdout)["digest"] == int.from_bytes(model.read_bytes()[-4:], "little")
    return model


def forged(source: Path, to: Path, at: int, value: int) -> Path:
    """A byte changed, and the checksum mended."""
    data = bytearray(source.read_bytes()[:-4])
    data[at] = value
    to.write_bytes(bytes(data) + crc32c(bytes(data)).to_bytes(4, "little"))
    return to


def read(path: Path) -> NDArray[Any]:
    array: NDArray[Any] = np.load(path)
    return array


def test_images_come_back_and_the_file_says_where_it_was_coded(model: Path, tmp_path: Path) -> None:
    source = saved(tmp_path / "in.npy", bits())
    for more in ([], ["--multiset"]):
        result = encode(source, tmp_path / "a.tbb", "--model", model, FLOATS, *more)
        transom("bbans", "decode", tmp_path / "a.tbb", "-o", tmp_path / "out.npy", "--model", model)
        rows = read(tmp_path / "out.npy").reshape(-1, 64)
        want = bits().reshape(-1, 64)
        assert list(map(bytes, rows)) == (sorted(map(bytes, want)) if more else list(map(bytes, want)))
        info = json.loads(transom("bbans", "info", tmp_path / "a.tbb", "--json").stdout)
        assert info["floating_point"] == result["floating_point"]
        assert info["bytes"] == 40 + 104 + 4 * info["words"]
        text = transom("bbans", "info", tmp_path / "a.tbb").stdout
        fingerprint = f"(fingerprint {info['floating_point']['fingerprint']:08x})"
        assert f"in floating point by {info['floating_point']['platform']} {fingerprint}" in text
    encode(source, tmp_path / "b.tbb")
    assert json.loads(transom("bbans", "info", tmp_path / "b.tbb", "--json").stdout)["floating_point"] is None
    assert "floating point" not in transom("bbans", "info", tmp_path / "b.tbb").stdout


def test_integers_cost_hardly_more(model: Path, tmp_path: Path) -> None:
    """The same parameters, the same two latent vectors an image."""
    source = saved(tmp_path / "in.npy", bits())
    reals = encode(source, tmp_path / "a.tbb", "--model", model, FLOATS)["bits_per_dim"]["net"]
    integers = encode(source, tmp_path / "b.tbb")["bits_per_dim"]["net"]
    assert reals / MOST_MORE < integers < reals * MOST_MORE


def test_grey_digits_come_back_too(tmp_path: Path) -> None:
    chosen = real(SOURCE / "golden/images/grey-digits.params", tmp_path / "grey.tvar")
    source = saved(tmp_path / "in.npy", np.load(DIGITS)[:50])
    reals = encode(source, tmp_path / "a.tbb", "--model", chosen, FLOATS)["bits_per_dim"]["net"]
    integers = encode(source, tmp_path / "b.tbb", "--model", "grey-digits")["bits_per_dim"]["net"]
    assert reals / 1.02 < integers < reals * 1.02
    transom("bbans", "decode", tmp_path / "a.tbb", "-o", tmp_path / "out.npy", "--model", chosen)
    assert (read(tmp_path / "out.npy") == np.load(DIGITS)[:50]).all()


def test_floating_point_is_asked_for_by_name(model: Path, tmp_path: Path) -> None:
    source = saved(tmp_path / "in.npy", bits(9))
    said = refused("encode", source, "-o", tmp_path / "a.tbb", "--model", model, code=USAGE)
    assert "is of real numbers" in said and "or say --floating-point" in said and str(model) in said
    said = refused("encode", source, "-o", tmp_path / "a.tbb", FLOATS, code=USAGE)
    assert "the model digits is of integers; give --model one that `python3 -m transom.bbans real` wrote" in said
    assert not (tmp_path / "a.tbb").exists()
    assert FLOATS in transom("bbans", "encode", "--help").stdout
    damaged = tmp_path / "bad.tvar"
    damaged.write_bytes(model.read_bytes()[:-9])
    said = refused("encode", source, "-o", tmp_path / "a.tbb", FLOATS, "--model", damaged)
    assert "bad.tvar: " in said and "transom.bbans real` wrote" in said


def test_another_fingerprint_is_refused_with_both_platforms_unless_it_is_allowed(model: Path, tmp_path: Path) -> None:
    result = encode(saved(tmp_path / "in.npy", bits(99)), tmp_path / "a.tbb", "--model", model, FLOATS)
    here = result["floating_point"]
    other = forged(tmp_path / "a.tbb", tmp_path / "b.tbb", FINGERPRINT, (here["fingerprint"] & 0xFF) ^ 0x55)
    forged(other, other, PLATFORM, ord("X"))
    out = tmp_path / "out.npy"
    said = refused("decode", other, "-o", out, "--model", model)
    assert f"b.tbb: platform: it was coded in floating point by X{here['platform'][1:]} (fingerprint " in said
    assert f"this is {here['platform']} (fingerprint {here['fingerprint']:08x})" in said
    assert "--allow-other-platform" in said and not out.exists()
    transom("bbans", "decode", other, "-o", out, "--model", model, "--allow-other-platform")
    assert (read(out) == bits(99)).all()
    # Of a machine whose numbers do differ: other images, which the file's own check tells.
    wrong = forged(other, tmp_path / "c.tbb", CHECK, (here["images_check"] & 0xFF) ^ 1)
    out.unlink()
    said = refused("decode", wrong, "-o", out, "--model", model, "--allow-other-platform")
    assert "c.tbb: message: " in said and "numbers differ here, decode it on X" in said and not out.exists()


def test_a_check_of_the_images_that_is_not_theirs_is_an_error_here_too(model: Path, tmp_path: Path) -> None:
    encode(saved(tmp_path / "in.npy", bits(20)), tmp_path / "a.tbb", "--model", model, FLOATS)
    wrong = forged(tmp_path / "a.tbb", tmp_path / "b.tbb", CHECK + 3, (tmp_path / "a.tbb").read_bytes()[CHECK + 3] ^ 8)
    said = refused("decode", wrong, "-o", tmp_path / "out.npy", "--model", model)
    assert "message: " in said and "the file is damaged, encode the images again" in said
    assert not (tmp_path / "out.npy").exists()


def test_a_flag_that_is_forged_is_an_error_with_either_model(model: Path, tmp_path: Path) -> None:
    source = saved(tmp_path / "in.npy", bits(500))
    encode(source, tmp_path / "reals.tbb", "--model", model, FLOATS)
    encode(source, tmp_path / "integers.tbb")
    out = tmp_path / "out.npy"
    said = refused("decode", tmp_path / "reals.tbb", "-o", out)
    assert "model: it was coded in floating point, digits is of integers; give --model the one of encoding" in said
    said = refused("decode", tmp_path / "integers.tbb", "-o", out, "--model", model)
    assert "model: it was coded in integers, " in said and "is of real numbers" in said
    for name, flags in (("integers", 2), ("reals", 0)):
        other = forged(tmp_path / f"{name}.tbb", tmp_path / "x.tbb", FLAGS, flags)
        for chosen in (model, MODEL):
            assert "x.tbb: " in refused("decode", other, "-o", out, "--model", chosen)
    said = refused("decode", tmp_path / "integers.tbb", "-o", out, "--allow-other-platform", code=USAGE)
    assert "--allow-other-platform has no effect" in said
    assert not out.exists()


def test_what_glibc_computes_otherwise_is_another_platform(model: Path, tmp_path: Path) -> None:
    """Not so where there are no fused multiply-adds, or no glibc; integers decode there as everywhere."""
    source = saved(tmp_path / "in.npy", bits(99))
    program = [BUILD / "transom", "bbans"]
    results = []
    for name, environment in (("a", {}), ("b", WITHOUT_FMA)):
        command = [*program, "encode", source, "-o", tmp_path / f"{name}.tbb", "--model", model, FLOATS, "--json"]
        done = run("env", *(f"{key}={value}" for key, value in environment.items()), *command)
        assert done.returncode == FINE, done.stderr
        results.append(json.loads(done.stdout)["floating_point"]["fingerprint"])
    encode(source, tmp_path / "integers.tbb")
    variable = "=".join(*WITHOUT_FMA.items())
    done = run("env", variable, *program, "decode", tmp_path / "integers.tbb", "-o", tmp_path / "i.npy")
    assert done.returncode == FINE and (read(tmp_path / "i.npy") == bits(99)).all()
    if results[0] == results[1]:
        pytest.skip("skipped: the C library computes alike with and without fused multiply-adds")
    command = [*program, "decode", tmp_path / "a.tbb", "-o", tmp_path / "out.npy", "--model", model]
    done = run("env", variable, *command)
    assert (
        done.returncode == BAD_DATA and f"(fingerprint {results[1]:08x}), which computes other numbers" in done.stderr
    )
    done = run("env", variable, *command, "--allow-other-platform")
    if done.returncode == FINE:  # as it may be: these numbers differ in their last bits alone
        assert (read(tmp_path / "out.npy") == bits(99)).all()
    else:
        assert done.returncode == BAD_DATA and "numbers differ here" in done.stderr


@pytest.mark.skipif(not (DATA / "bits-back").exists(), reason="TRANSOM_SHARED has no parameters")
@pytest.mark.parametrize(
    ("name", "n", "most"),
    [("torch_binary_vae_params_random", 200, 0.195), ("torch_vae_beta_binomial_params", 4, 1.45)],
)
def test_mnist_by_bits_backs_models_comes_back(name: str, n: int, most: float, tmp_path: Path) -> None:
    """Few bytes: a pixel's 256 probabilities take some thousand logarithms of the gamma function."""
    pictures = raw()[:n] if "beta" in name else binarised()[:n]
    chosen = real(SHARED / "data/bits-back" / name, tmp_path / "m.tvar")
    result = encode(saved(tmp_path / "in.npy", pictures), tmp_path / "a.tbb", "--model", chosen, FLOATS)
    assert result["bits_per_dim"]["net"] < most
    transom("bbans", "decode", tmp_path / "a.tbb", "-o", tmp_path / "out.npy", "--model", chosen)
    assert (read(tmp_path / "out.npy") == pictures).all()
    quantised = tmp_path / "m.tvae"
    done = run_package(
        "transom.bbans", "quantise", SHARED / "data/bits-back" / name, tmp_path / "in.npy", "-o", quantised
    )
    assert done.returncode == FINE, done.stderr
    integers = encode(tmp_path / "in.npy", tmp_path / "b.tbb", "--model", quantised)
    if n > 100:  # of four images, what is popped by chance tells more
        assert integers["bits_per_dim"]["net"] < MOST_MORE * result["bits_per_dim"]["net"]
