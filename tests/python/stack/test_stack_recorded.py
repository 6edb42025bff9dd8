"""test_stack_recorded.py — every recorded message of craystack and bits-back through the verbs of Python, both ways.

Codecs are known by the head of their case's name; everything else by fields. What is not known is a failure, so that
no case is passed over. Skipped where TRANSOM_SHARED has no interop/bbans.
"""
# SPDX-License-Identifier: Apache-2.0

import json
from collections.abc import Callable, Generator, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

pytest.importorskip("transom._stack", reason="the Python module was not built")
from program import SHARED
from stack_checks import check_codec, same

import transom.stack as cs

FOLDER = SHARED / "interop/bbans"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="TRANSOM_SHARED has no interop/bbans")
Json = dict[str, Any]


@cache
def files() -> list[Json]:
    """The recorded files that have cases."""
    return [file for path in sorted(FOLDER.glob("*.json")) if "cases" in (file := json.loads(path.read_text()))]


def cases(*fields: str) -> Iterator[Json]:
    """Every recorded case that has all the fields; at least one must."""
    found = [case for file in files() for case in file["cases"] if set(fields) <= set(case)]
    assert found, fields
    yield from found


def message_of(recorded: Json) -> cs.Message:
    """{head, tail: top first}."""
    return cs.Message.of(recorded["head"], recorded["tail"][::-1])


def bits_back_message(words: list[int]) -> cs.Message:
    return cs.unflatten_raw(words, 1, 32)


def hexes(texts: list[Any], dtype: Any = np.float64) -> Any:
    """Hex floats, of rows too."""
    if texts and isinstance(texts[0], list):
        return np.array([hexes(row, dtype) for row in texts])
    return np.array([float.fromhex(text) for text in texts], dtype)


class Range:
    """A codec of one step, of recorded ranges of which heads: pushes them, pops them."""

    def __init__(self, op: Any) -> None:
        if isinstance(op, list):  # bits-back; a sure symbol of 2^32 slots is one of 2^0
            kind, start, freq, precision = op
            sure = freq >> 32 != 0
            op = {"op": kind, "start": start, "freq": 1 if sure else freq, "prec": 0 if sure else precision, "lanes": 1}
        heads = op["lanes"] if isinstance(op["lanes"], list) else slice(0, op["lanes"])
        is_any, self.pops = op["op"].startswith("f"), op["op"].endswith("pop")
        law = cs.NonUniform(
            lambda _: (op["start"], op["freq"]), lambda _: None, **{"n_slots" if is_any else "precision": op["prec"]}
        )
        self.codec = cs.substack(law, heads)

    def do(self, m: cs.Message, undo: bool = False) -> None:
        if self.pops == undo:
            m.push(self.codec, None)
        else:
            m.pop(self.codec)


def check_steps(init: cs.Message, ops: list[Any], final: cs.Message) -> None:
    """From init over all steps to final, and back."""
    steps, m = [Range(op) for op in ops], init.copy()
    for step in steps:
        step.do(m)
    assert m == final
    for step in reversed(steps):
        step.do(m, undo=True)
    assert m == init


def test_recorded_steps() -> None:
    for case in cases("starts", "freqs", "final"):
        kind, prec = ("fpush", case["den"]) if "den" in case else ("push", case["prec"])
        steps = zip(case["starts"], case["freqs"], strict=True)
        ops = [{"op": kind, "lanes": case["lanes"], "start": s, "freq": f, "prec": prec} for s, f in steps]
        check_steps(message_of(case["init"]), ops, message_of(case["final"]))
    for case in cases("ops", "init_flat", "final_flat"):
        appended = [op if isinstance(op[0], str) else ["push", *op] for op in case["ops"]]
        check_steps(bits_back_message(case["init_flat"]), appended, bits_back_message(case["final_flat"]))
    for trace in ("trace", "push_trace"):
        for case in cases(trace, "init", "final"):
            if case.get("trace_complete", True):
                check_steps(message_of(case["init"]), case[trace], message_of(case["final"]))


def test_recorded_words_and_heads() -> None:
    for case in cases("flat_raw"):
        m = message_of(case.get("final") or case["init"])
        assert same(cs.flatten_raw(m), case["flat_raw"]) and cs.unflatten_raw(case["flat_raw"], m.n_heads) == m
        if "flat_folded" in case:
            assert same(cs.flatten(m), case["flat_folded"]) and cs.unflatten(case["flat_folded"], m.n_heads) == m
    for case in cases("new_size", "fold_sizes"):
        init, final = message_of(case["init"]), message_of(case["final"])
        m = init.copy()
        m.resize(case["new_size"])
        assert m == final
        m.resize(init.n_heads)
        assert m == init
    for case in cases("popped", "after_pop", "after_push"):
        m = message_of(case["init"])
        slots = cs.slots_any(m, case["den"])
        cs.pop_any(m, slots, 1, case["den"])
        assert same(slots, case["popped"]) and m == message_of(case["after_pop"])
        cs.push_any(m, slots, 1, case["den"])
        assert m == message_of(case["after_push"])


def width_then_number() -> Generator[cs.Codec, Any, None]:
    yield cs.uniform((yield cs.uniform(16)))


def markov(p: Json) -> cs.Codec:
    """p(x_j | x_{j-1}) = T[j, x_{j-1}], T[0, 0] for j = 0, on each head."""
    law = p["T"].reshape(p["D"], p["C"], p["C"])
    none = np.zeros(p["B"], int)
    return cs.autoregressive(
        p["D"], lambda before: cs.categorical(law[len(before), before[-1] if len(before) else none], p["coding_prec"])
    )


def craystack_codec(name: str, case: Json) -> cs.Codec:
    """The codec of a recorded case."""
    p: Json = {key.removesuffix("_hex"): hexes(v) if key.endswith("_hex") else v for key, v in case["params"].items()}
    n, bins = len(case["data"]), p.get("bin_prec", 0)
    prec = p.get("prec") or p.get("coding_prec", 0)
    ends = np.cumsum(p.get("sizes", [0]))
    made: dict[str, Callable[[], cs.Codec]] = {
        "Uniform_": lambda: cs.uniform(p["precision"]),
        "BigUniform": lambda: cs.big_uniform(p["precision"]),
        "Benford64": cs.benford,
        "Bernoulli_f32": lambda: cs.bernoulli(p["p"].astype(np.float32), prec),
        "Bernoulli_f64": lambda: cs.bernoulli(p["p"], prec),
        "CategoricalNew_": lambda: cs.categorical_of_weights(p["weights"].reshape(n, -1), prec),
        "Categorical_": lambda: cs.categorical(p["probs"].reshape(n, -1), prec),
        "LogisticMixture_": lambda: cs.logistic_mixture(
            (p["means"].reshape(n, -1), p["log_scales"].reshape(n, -1), p["logit_probs"].reshape(n, -1)),
            (p["bin_lb"], p["bin_ub"]),
            bins,
            prec,
        ),
        "Logistic_": lambda: cs.logistic(p["means"], p["log_scale"], (p["bin_lb"], p["bin_ub"]), bins, prec),
        "DiagGaussian_StdBins": lambda: cs.gaussian(p["mean"], p["stdd"], bins, prec),
        "DiagGaussian_GaussianBins": lambda: cs.gaussian_in_gaussian_bins(
            p["mean"], p["stdd"], p["bin_mean"], p["bin_stdd"], bins, prec
        ),
        "DiagGaussian_UnifBins": lambda: cs.gaussian_in_uniform_bins(
            p["mean"].reshape(-1, len(p["bin_min"])),
            p["stdd"].reshape(-1, len(p["bin_min"])),
            (p["bin_min"], p["bin_max"], p["n_bins"]),
            prec,
            p["rebalanced"],
        ),
        "_discretize_": lambda: cs.discretised(
            {"expit": "logistic"}.get(p["cdf"], "normal"), p["low"], p["high"], bins, prec
        ),
        "repeat_Uniform": lambda: cs.repeat(cs.uniform(p["precision"]), p["n"]),
        "from_iterable_Uniform16x4_Benfordx3": lambda: cs.from_iterable([cs.uniform(16)] * 4 + [cs.benford()] * 3),
        "from_generator": lambda: cs.from_generator(width_then_number),
        "substack_": lambda: cs.substack(
            cs.repeat(cs.uniform(p["precision"]), p["n"]),
            slice(0, lanes) if isinstance(lanes := case["push_trace"][0]["lanes"], int) else lanes,
        ),
        "parallel_3": lambda: cs.parallel(
            [cs.uniform(bits) for bits in p["precs"]],
            [slice(end - size, end) for end, size in zip(ends, p["sizes"], strict=True)],
        ),
        "AutoRegressive_markov": lambda: markov(p),
    }
    return next(make for head, make in made.items() if name.startswith(head))()


def check_cdfs(codec: Any, rows: list[Any]) -> None:
    """A table per head against the recorded cumulative counts."""
    assert same(np.concatenate([codec.cdf(i) for i in range(len(rows))]), np.concatenate(rows))


def test_recorded_codecs_of_craystack() -> None:
    for case in cases("push_trace", "params", "data"):
        codec, data = craystack_codec(case["name"], case), case["data"]
        if case["name"].startswith("AutoRegressive"):
            data = np.reshape(data, (-1, case["params"]["D"])).T
        check_codec(message_of(case["init"]), codec, data, message_of(case["final"]))
        if "cum" in case:
            check_cdfs(codec, np.reshape(case["cum"], (len(data), -1)).tolist())


def bits_back_codec(name: str, case: Json) -> cs.Lanes:
    p, n = case["params"], len(case["data"])
    real = np.float32 if "_f32" in name or "gaussian" in name else np.float64
    given = {key.removesuffix("_hex"): hexes(value, real) for key, value in p.items() if key.endswith("_hex")}
    made: dict[str, Callable[[], cs.Lanes]] = {
        "uniforms_": lambda: cs.uniform(p["precision"]),
        "non_uniforms_": lambda: cs.table(p["cum"], p["precision"]),
        "categoricals_": lambda: cs.categorical(given["probs"].reshape(n, -1), p["precision"], "one_each"),
        "bernoullis_f32": lambda: cs.categorical(
            np.stack([1 - given["p"], given["p"]], axis=1), p["precision"], "one_each"
        ),
        "beta_binomials_": lambda: cs.beta_binomial(p["n"], given["a"], given["b"], p["precision"]),
        "gaussian_latent_": lambda: cs.gaussian(given["mean"], given["stdd"], p["prior_prec"], p["post_prec"], "even"),
    }
    return next(make for head, make in made.items() if name.startswith(head))()


def test_recorded_codecs_of_bits_back() -> None:
    for case in cases("init_flat", "params", "data"):
        codec = bits_back_codec(case["name"], case)
        init, final = (bits_back_message(case[key]) for key in ("init_flat", "final_flat"))
        check_codec(init, cs.one_head(codec, len(case["data"])), case["data"], final)
        for field in {"cum", "cum_first4"} & set(case):
            check_cdfs(codec, case[field])


def test_recorded_tables() -> None:
    known = {
        "beta_latent_cdf(.1,.5,5,7,prior 2,post 5)": cs.beta_latent((0.1, 0.5), (5, 7), 2, 5),
        "binomial_cdf(n=255,p=.3,prec 10)": cs.binomial(255, 0.3, 10),
    }
    for case in cases("cum"):
        if case["name"] in known:
            check_cdfs(known.pop(case["name"]), [case["cum"]])
        elif "stdd" in case:
            law = cs.gaussian(case["mean"], case["stdd"], case["bin_prec"], case["coding_prec"])
            check_cdfs(law, [case["cum"]])
    assert known == {}
    for case in cases("prec", "buckets_f64_hex"):
        for dtype, key, ulps in ((np.float32, "f32", 0), (np.float64, "f64", 5)):
            edges, centres = cs.std_gaussian_bins(case["prec"], dtype)
            for ours, theirs in ((edges, f"buckets_{key}_hex"), (centres, f"centres_{key}_hex")):
                assert ours.dtype == dtype
                np.testing.assert_allclose(ours, hexes(case[theirs], dtype), rtol=ulps * 2.0**-52, atol=0)
    tables = [table for file in files() for table in file.get("benford_high_bits_tables", {}).items()]
    assert tables
    for name, table in tables:
        n_bits, precision = map(int, name.split("_"))
        check_cdfs(cs.benford_high_bits(n_bits, precision), [[*table["start"], 1 << precision]])


def test_recorded_sets() -> None:
    for case in cases("insert_order", "symbol_codec", "sorted"):
        precision = int(case["symbol_codec"].removeprefix("Uniform(").removesuffix(")"))
        codec = cs.multiset(cs.uniform(precision), len(case["sorted"]))
        m = message_of(case["init"])
        m.push(codec, case["insert_order"])
        assert m == message_of(case["final"])
        assert same(np.concatenate(m.pop(codec)), case["sorted"]) and m == message_of(case["init"])


def codec_of_tables(model: Json) -> Any:
    likelihoods, posteriors = np.array(model["cum_lik"]), np.array(model["cum_post"])
    return cs.bb_ans(
        cs.table(model["cum_prior"], model["prior_prec"]),
        lambda z: cs.table(likelihoods[z], model["lik_prec"]),
        lambda x: cs.table(posteriors[np.ravel(x)], model["post_prec"]),
    )


def check_appended(codec: cs.Codec, case: Json) -> None:
    """bits-back: first to last, with the words after some."""
    m, after = bits_back_message(case["init_flat"]), dict(case["after"])
    for n, x in enumerate(case["data"], 1):
        m.push(codec, x)
        assert n not in after or same(cs.flatten_raw(m), after[n])
    assert same(cs.flatten_raw(m), case["final_flat"])
    assert same([m.pop(codec) for _ in case["data"]], case["data"][::-1])
    assert same(cs.flatten_raw(m), case["init_flat"])


def check_views(codec: Any, case: Json) -> None:
    """craystack: z and x on all heads, or on a half each."""
    n = case["lanes"] // (2 if case["view"] == "split" else 1)
    z, x = slice(0, n), slice(case["lanes"] - n, case["lanes"])
    on_heads = cs.bb_ans(
        cs.substack(codec.prior, z),
        lambda latent: cs.substack(codec.likelihood(latent), x),
        lambda data: cs.substack(codec.posterior(data), z),
    )
    check_codec(message_of(case["init"]), cs.repeat(on_heads, case["n"]), case["data"], message_of(case["final"]))


def test_recorded_models_of_tables() -> None:
    models = [file for file in files() if "cum_prior" in file.get("model", {})]
    assert models
    for file in models:
        for case in file["cases"]:
            (check_appended if "init_flat" in case else check_views)(codec_of_tables(file["model"]), case)


class Networks:
    """What a recording's networks said when they were asked."""

    def __init__(self, npz: Any) -> None:
        self.images, self.z, self.p = npz["data"], npz["z_f32"], npz["obs_params"].reshape(len(npz["data"]), -1)
        self.mean, self.stdd = npz["post_mean"], npz["post_std"]
        n_latents, n_pixels = self.z.shape[1], self.images.shape[1]
        latent, self.observed, prior = (int(npz["op_prec"][i]) for i in (0, n_latents, n_latents + n_pixels))
        precisions = cs.VaePrecisions(prior, latent, "even", np.float32)
        self.codec = cs.vae(n_latents, self.recognise, self.generate, precisions)

    def recognise(self, image: Any) -> Any:
        i = np.flatnonzero((self.images == image).all(axis=1))[0]
        return self.mean[i], self.stdd[i]

    def generate(self, z: Any) -> cs.Codec:
        p = self.p[np.flatnonzero((self.z == z).all(axis=1))[0]]
        return cs.one_head(cs.categorical(np.stack([1 - p, p], axis=1), self.observed, "one_each"))


def test_recorded_images_of_a_vae() -> None:
    """bits-back's VAE over recorded outputs of its networks: every word, after every image."""
    recordings = [npz for path in FOLDER.glob("*.npz") if "op_start" in (npz := np.load(path))]
    assert recordings
    for npz in recordings:
        networks, init = Networks(npz), bits_back_message(npz["init_flat"])
        m = init.copy()
        for image, length in zip(networks.images, npz["len_after_each"], strict=True):
            m.push(networks.codec, image)
            assert len(cs.flatten_raw(m)) == length
        assert same(cs.flatten_raw(m), npz["final_flat"])
        for image in networks.images[::-1]:
            assert same(m.pop(networks.codec), image)
        assert m == init
