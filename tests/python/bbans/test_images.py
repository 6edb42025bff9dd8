"""transom bbans: images in and out, what files carry, sets, damaged files, wrong models; the model in the program.

Runs TRANSOM_BUILD/transom as a process.
"""
# SPDX-License-Identifier: Apache-2.0

import gzip
import json
import random
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from program import BAD_DATA, FINE, SOURCE, USAGE, run_package, transom

MOST_DIGITS, MOST_GREY = 0.47, 2.1  # bits per dimension of digits, thresholded and as they are
DIGITS = SOURCE / "golden/images/digits.npy"
MODEL = SOURCE / "golden/images/digits.tvae"
Pictures = NDArray[np.uint8]


def bits(n: int | None = None) -> Pictures:
    """Thresholded digits."""
    whole: Pictures = np.load(DIGITS)
    return (whole[:n] >= 8).astype(np.uint8)


def encode(images: Path, output: Path, *more: object, code: int = FINE) -> dict[str, Any]:
    done = transom("bbans", "encode", images, "-o", output, *more, "--json", code=code)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def saved(path: Path, pictures: Pictures) -> Path:
    np.save(path, pictures)
    return path


def refused(*arguments: object, code: int = BAD_DATA) -> str:
    """The one line that is said."""
    done = transom("bbans", *arguments, code=code)
    assert done.stdout == "" and done.stderr.count("\n") == 1, done
    return done.stderr


def chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


def png(picture: Pictures, depth: int = 8, colour: int = 0, interlace: int = 0) -> bytes:
    """By hand: every row without a filter."""
    height, width = picture.shape
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([depth, colour, 0, 0, interlace])
    rows = b"".join(b"\0" + row.tobytes() for row in picture)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def idx(pictures: Pictures) -> bytes:
    lengths = b"".join(n.to_bytes(4, "big") for n in pictures.shape)
    return bytes([0, 0, 8, pictures.ndim]) + lengths + pictures.tobytes()


@pytest.mark.parametrize("form", ["npy", "npy of rows", "npz", "idx", "idx.gz", "png", "int64", "bool"])
def test_every_form_of_images_comes_back_in_its_own(form: str, tmp_path: Path) -> None:
    pictures = bits(60)
    source, to = tmp_path / f"in.{form.replace(' ', '_')}", tmp_path / f"out.{form}"
    if form == "png":
        source.mkdir()
        for i, picture in enumerate(pictures):
            (source / f"digit-{i:03}.png").write_bytes(png(picture))
    elif form == "npz":
        np.savez_compressed(source, only=pictures)
    elif form.startswith("idx"):
        source.write_bytes(gzip.compress(idx(pictures)) if form == "idx.gz" else idx(pictures))
    else:
        shaped = pictures.reshape(60, 64) if form == "npy of rows" else pictures
        source = saved(tmp_path / "in.npy", shaped.astype(form) if form in ("int64", "bool") else shaped)
    encode(source, tmp_path / "a.tbb")
    transom("bbans", "decode", tmp_path / "a.tbb", "-o", to)
    if form == "png":
        from PIL import Image  # noqa: PLC0415  a package of its own

        names = sorted(path.name for path in to.iterdir())
        assert names == [f"{i:05}.png" for i in range(60)]
        back = np.array([np.asarray(Image.open(to / name)) for name in names])
    elif form.startswith("idx"):
        data = to.read_bytes()
        assert (gzip.decompress(data) if form == "idx.gz" else data) == idx(pictures)
        return
    else:
        back = np.load(to)
    assert back.dtype == np.uint8 and back.shape == (shaped if "npy" in form else pictures).shape
    assert (back.reshape(pictures.shape) == pictures).all()


def test_decode_writes_the_form_that_is_asked_for(tmp_path: Path) -> None:
    encode(saved(tmp_path / "in.npy", bits(5)), tmp_path / "a.tbb")
    transom("bbans", "decode", tmp_path / "a.tbb", "-o", tmp_path / "a.idx", "--as", "idx")
    assert (tmp_path / "a.idx").read_bytes() == idx(bits(5))
    transom("bbans", "decode", tmp_path / "a.tbb", "-o", tmp_path / "pngs", "--as", "png")
    assert "is not empty" in refused("decode", tmp_path / "a.tbb", "-o", tmp_path / "pngs", "--as", "png", code=USAGE)


def test_the_embedded_model_codes_the_digits_of_other_hands_better_than_all_others(tmp_path: Path) -> None:
    result = encode(DIGITS, tmp_path / "a.tbb", "--threshold", 8, "--compare")
    gross = 8 * (tmp_path / "a.tbb").stat().st_size / (899 * 64)
    assert result["bytes"] == (tmp_path / "a.tbb").stat().st_size
    assert abs(result["bits_per_dim"]["gross"] - gross) < 1e-9
    assert result["bits_per_dim"]["net"] < gross < MOST_DIGITS
    assert set(result["others"]) == {"gzip", "bz2", "lzma", "PNG", "WebP"}
    rates = [rate for other in result["others"].values() for rate in other.values() if rate is not None]
    assert len(rates) == 8 and min(rates) > gross / 0.9
    text = transom("bbans", "encode", DIGITS, "-o", tmp_path / "b.tbb", "--threshold", 8, "--compare").stdout
    assert f"gross {gross:.4f}" in text and "WebP" in text
    transom("bbans", "decode", tmp_path / "a.tbb", "-o", tmp_path / "out.npy")
    assert (np.load(tmp_path / "out.npy") == bits()).all()


def test_a_set_costs_what_an_order_is_worth_less_and_comes_back_sorted(tmp_path: Path) -> None:
    source = saved(tmp_path / "in.npy", bits())
    ordered, without = encode(source, tmp_path / "a.tbb"), encode(source, tmp_path / "b.tbb", "--multiset")
    # log2(899!) is 7530; equal images have no order, those without the model keep theirs. What is popped by chance is
    # worth some bits more or less.
    assert 7000 < 8 * (ordered["bytes"] - without["bytes"]) < 7530 + 300
    transom("bbans", "decode", tmp_path / "b.tbb", "-o", tmp_path / "out.npy")
    rows = sorted(map(bytes, bits().reshape(-1, 64)))
    assert list(map(bytes, np.load(tmp_path / "out.npy").reshape(-1, 64))) == rows


def test_a_file_is_carried_for_its_own_bytes_and_makes_plain_images_needless(tmp_path: Path) -> None:
    source, carried = saved(tmp_path / "in.npy", bits(200)), tmp_path / "other.bin"
    alone = encode(source, tmp_path / "a.tbb")
    assert alone["plain_images"] > 0 and alone["carried_bytes"] == 0
    for n in [0, 1, 777, 5000]:
        carried.write_bytes(random.Random(n).randbytes(n))
        result = encode(source, tmp_path / "c.tbb", "--carry", carried)
        assert result["carried_bytes"] == n
        assert result["bytes"] - n <= alone["bytes"] + 8
        assert result["plain_images"] == 0 or n < 777
        more = ["--carry", tmp_path / "back.bin"] if n else []
        transom("bbans", "decode", tmp_path / "c.tbb", "-o", tmp_path / "out.npy", *more)
        assert (np.load(tmp_path / "out.npy") == bits(200)).all()
        assert n == 0 or (tmp_path / "back.bin").read_bytes() == carried.read_bytes()
    assert "say with --carry" in refused("decode", tmp_path / "c.tbb", "-o", tmp_path / "x.npy", code=USAGE)
    said = refused("decode", tmp_path / "a.tbb", "-o", tmp_path / "x.npy", "--carry", carried, code=USAGE)
    assert "--carry has no effect" in said
    assert not (tmp_path / "x.npy").exists()


def test_info_says_what_a_file_holds(tmp_path: Path) -> None:
    result = encode(saved(tmp_path / "in.npy", bits(9)), tmp_path / "a.tbb", "--multiset")
    info = json.loads(transom("bbans", "info", tmp_path / "a.tbb", "--json").stdout)
    assert info["images"] == 9 and info["shape"] == [8, 8] and info["multiset"] and info["model"] == "digits"
    assert info["bytes"] == result["bytes"] == 40 + 4 * info["words"]
    text = transom("bbans", "info", tmp_path / "a.tbb").stdout
    assert "9 images of 8 x 8, without an order, from npy" in text and "model digits" in text


def test_bytes_that_are_changed_or_missing_are_an_error(tmp_path: Path) -> None:
    encode(saved(tmp_path / "in.npy", bits(3)), tmp_path / "a.tbb")
    whole, damaged = (tmp_path / "a.tbb").read_bytes(), tmp_path / "b.tbb"
    for i in range(0, len(whole), 5):
        for data in (whole[:i] + bytes([whole[i] ^ 0x41]) + whole[i + 1 :], whole[:i]):
            damaged.write_bytes(data)
            said = refused("decode", damaged, "-o", tmp_path / "out.npy")
            assert f"{damaged}: " in said and ("encode the images again" in said or "magic: " in said)
    assert not (tmp_path / "out.npy").exists()


def test_another_model_is_refused_by_its_digest(tmp_path: Path) -> None:
    encode(saved(tmp_path / "in.npy", bits(3)), tmp_path / "a.tbb")
    model = bytearray(MODEL.read_bytes())
    other = tmp_path / "other.tvae"
    model[60] ^= 1
    other.write_bytes(model)
    assert "other.tvae: " in refused("decode", tmp_path / "a.tbb", "-o", tmp_path / "o.npy", "--model", other)
    program = "import sys; from transom.bbans.model_file import crc32c; d = open(sys.argv[1], 'rb').read()[:-4]; "
    program += "open(sys.argv[1], 'wb').write(d + crc32c(d).to_bytes(4, 'little'))"
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    subprocess.run([sys.executable, "-c", program, str(other)], check=True, cwd=SOURCE / "python")
    said = refused("decode", tmp_path / "a.tbb", "-o", tmp_path / "o.npy", "--model", other)
    assert "model: it was coded with that of digest" in said and "give --model the one of encoding" in said


@pytest.mark.parametrize(
    ("pictures", "more", "why"),
    [
        (np.full((2, 8, 8), 9, np.uint8), [], "pixel 0 of image 0 is 9; the model is of 0..1: make them so with --thr"),
        (np.zeros((2, 7, 8), np.uint8), [], "images have 56 pixels; the model has 64"),
        (np.zeros((2, 8, 8), np.float64), [], "<f8 is neither integers"),
        (np.zeros((0, 8, 8), np.uint8), [], "images: there are none"),
        (np.zeros(64, np.uint8), [], "1 dimensions are not"),
    ],
)
def test_images_that_the_model_is_not_of_are_refused(
    pictures: NDArray[Any], more: list[object], why: str, tmp_path: Path
) -> None:
    said = refused("encode", saved(tmp_path / "in.npy", pictures), "-o", tmp_path / "a.tbb", *more)
    assert why in said and "in.npy: " in said
    assert not (tmp_path / "a.tbb").exists()


@pytest.mark.parametrize(
    ("kind", "why"),
    [((2, 0), "-colorspace Gray"), ((0, 0, 16), "16 bits, not 8"), ((0, 1), "-interlace none"), ((4, 0), "alpha")],
)
def test_a_png_of_another_kind_is_refused_with_the_fix(kind: tuple[int, ...], why: str, tmp_path: Path) -> None:
    colour, interlace, depth = (*kind, 8)[:3]
    (tmp_path / "set").mkdir()
    (tmp_path / "set/a.png").write_bytes(png(bits(1)[0], depth, colour, interlace))
    said = refused("encode", tmp_path / "set", "-o", tmp_path / "a.tbb")
    assert why in said and "a.png: colour: " in said


def test_a_verb_that_is_not_known_names_the_nearest() -> None:
    assert "the nearest is 'encode'" in refused("enocde", code=USAGE)
    assert "transom bbans --help" in refused(code=USAGE)
    assert "transom bbans encode --help" in refused("encode", code=USAGE)
    for verb in ("encode", "decode", "info", "train"):
        assert "--" in transom("bbans", verb, "--help").stdout
    assert "Example: transom bbans encode" in transom("bbans", "--help").stdout


@pytest.mark.parametrize("name", ["digits", "grey-digits"])
def test_an_embedded_model_is_what_its_parameters_quantise_to(name: str, tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    parameters, model = (SOURCE / f"golden/images/{name}.{kind}" for kind in ("params", "tvae"))
    done = run_package("transom.bbans", "quantise", parameters, name, "-o", str(tmp_path / "again.tvae"), "--json")
    assert done.returncode == FINE, done.stderr
    assert (tmp_path / "again.tvae").read_bytes() == model.read_bytes()
    assert json.loads(done.stdout)["digest"] == int.from_bytes(model.read_bytes()[-4:], "little")


def test_grey_digits_take_fewer_bits_than_of_others_and_come_back(tmp_path: Path) -> None:
    coded, back = tmp_path / "x.tbb", tmp_path / "x.npy"
    result = encode(DIGITS, coded, "--model", "grey-digits", "--compare")
    assert result["bits_per_dim"]["gross"] <= MOST_GREY
    assert result["others"]["lzma"]["whole"] > MOST_GREY
    assert json.loads(transom("bbans", "info", coded, "--json").stdout)["model"] == "grey-digits"
    transom("bbans", "decode", coded, "-o", back, "--model", "grey-digits")
    assert (np.load(back) == np.load(DIGITS)).all()
    large = saved(tmp_path / "large.npy", np.full((2, 8, 8), 17, np.uint8))
    assert "is 17; the model is of 0..16" in refused("encode", large, "-o", coded, "--model", "grey-digits")


def test_a_model_of_grey_levels_is_trained(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("sklearn")
    source = saved(tmp_path / "in.npy", np.load(DIGITS)[:100] // 4)
    transom("bbans", "train", source, "-o", tmp_path / "a", "--epochs", 3, "--hidden", 20, "--latents", 3)
    result = encode(source, tmp_path / "x.tbb", "--model", tmp_path / "a")
    assert result["bits_per_dim"]["net"] < 2.4  # five levels have at most 2.33
    assert (tmp_path / "a").read_bytes()[13] == 4


def test_training_makes_the_same_model_of_the_same_seed_and_it_codes(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("sklearn")
    source = saved(tmp_path / "in.npy", bits(100))
    for name in ("a", "b"):
        transom("bbans", "train", source, "-o", tmp_path / name, "--epochs", 3, "--hidden", 20, "--latents", 3)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    result = encode(source, tmp_path / "x.tbb", "--model", tmp_path / "a")
    assert result["bits_per_dim"]["net"] < 1
    transom("bbans", "decode", tmp_path / "x.tbb", "-o", tmp_path / "x.npy", "--model", tmp_path / "a")
    assert (np.load(tmp_path / "x.npy") == bits(100)).all()
