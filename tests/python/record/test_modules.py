"""test_modules.py — forward hooks on PyTorch's modules: a CNN, a transformer block, quantised modules."""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import sys
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from program import BAD_DATA, PACKAGE, SOURCE, USAGE, run

from record.traces import META, array_of, called, entries_of, manifest_of, reals_of, same_in_lockstep
from transom.record import Quantisers, Recorder, find_quantiser, record_module

torch: Any = pytest.importorskip("torch", reason="python3-torch is not installed")
nn = torch.nn


def make_cnn() -> Any:
    torch.manual_seed(3)
    layers = [nn.Conv2d(3, 8, 3), nn.ReLU(inplace=True), nn.BatchNorm2d(8), nn.MaxPool2d(2), nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(72, 10), nn.Softmax(dim=1))


def images(n: int = 4) -> Any:
    torch.manual_seed(4)
    return torch.randn(n, 3, 8, 8)


def with_names(weights: str, activations: str) -> Quantisers:
    return Quantisers(find_quantiser(weights), find_quantiser(activations))


@pytest.mark.parametrize(
    ("weights", "activations"), [("int8-channel-minmax", "uint8-tensor-minmax"), ("int4-group32", "int16-channel-p99")]
)
def test_a_cnn_is_recorded_layer_by_layer_and_decodes_in_lockstep(
    tmp_path: Path, weights: str, activations: str
) -> None:
    cnn, folder = make_cnn(), tmp_path / "cnn"
    writer = record_module(cnn, images(), folder, META, with_names(weights, activations))
    entries = entries_of(folder)
    assert list(entries) == ["0/weight", "5/weight", "input", "0/output", "1/output", "5/output", "6/output"]
    assert writer.n_tensors == len(entries) and writer.n_values == sum(entry["n"] for entry in entries.values())
    assert {entry["quantiser"] for entry in entries.values() if entry["kind"] == "weight"} == {weights}
    assert {entry["quantiser"] for entry in entries.values() if entry["kind"] == "activation"} == {activations}
    same_in_lockstep(folder)


def test_what_is_recorded_is_what_the_module_computes(tmp_path: Path) -> None:
    cnn, x = make_cnn(), images()
    record_module(cnn, x, tmp_path / "cnn", META)
    assert cnn.training and cnn[2].training
    cnn.eval()
    with torch.no_grad():
        conv = cnn[0](x)
        expected = {
            "input": x,
            "0/output": conv.clone(),  # before what works in place
            "1/output": torch.relu(conv),
            "6/output": cnn(x),
            "0/weight": cnn[0].weight,
        }
    for name, value in expected.items():
        step = max(entries_of(tmp_path / "cnn")[name]["scale"])
        assert np.abs(reals_of(tmp_path / "cnn", name) - value.detach().numpy()).max() <= 0.5001 * step, name


def test_a_module_computes_as_before_and_no_hook_stays() -> None:
    cnn, x = make_cnn(), images()
    before = cnn(x)
    with Recorder(cnn) as recorder:
        during = cnn(x)
    assert torch.equal(before, during) and cnn.training
    assert not any(layer._forward_hooks or layer._forward_pre_hooks for layer in cnn.modules())  # noqa: SLF001
    cnn(x)
    with pytest.raises(ZeroDivisionError), recorder:
        1 / 0  # noqa: B018
    assert not cnn._forward_pre_hooks  # noqa: SLF001


def test_each_call_is_recorded_and_what_was_not_called_is_named(tmp_path: Path) -> None:
    class Twice(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.layer, self.unused = nn.Linear(4, 4), nn.ReLU()

        def forward(self, x: Any) -> Any:
            return self.layer(self.layer(x))

    with Recorder(Twice()) as recorder:
        recorder.module(torch.ones(2, 4))
        recorder.module(torch.ones(2, 4))
    recorder.save(tmp_path / "twice", META)
    outputs = [f"layer/output{times}" for times in ("", "#2")]
    names = ["layer/weight", "input", *outputs, "input#2", "layer/output#3", "layer/output#4"]
    assert list(entries_of(tmp_path / "twice")) == names
    assert manifest_of(tmp_path / "twice")["not_recorded"] == [
        {"name": "unused/output", "why": "the layer was not called as a module"}
    ]


def test_a_transformer_block_is_recorded_and_decodes_in_lockstep(tmp_path: Path) -> None:
    torch.manual_seed(5)
    block = nn.TransformerEncoderLayer(32, 4, 64, batch_first=True, activation=nn.GELU())
    folder, quantisers = tmp_path / "block", with_names("int8-group32", "int8-channel-minmax")
    with torch.no_grad():  # where PyTorch would leave out the layers' calls
        record_module(block, torch.randn(2, 12, 32), folder, META, quantisers)
    entries = entries_of(folder)
    for name in (
        "self_attn/in_proj_weight",
        "linear1/weight",
        "self_attn/output",
        "linear1/output",
        "activation/output",
        "linear2/output",
    ):
        assert name in entries
    assert entries["linear1/output"]["axis"] == 2 and len(entries["linear1/output"]["scale"]) == 64
    assert entries["linear1/weight"]["group"] == 32 and len(entries["linear1/weight"]["scale"]) == 64
    same_in_lockstep(folder)


def test_many_scales_lie_in_a_file_of_their_own(tmp_path: Path) -> None:
    layer = nn.Linear(64, 300)
    record_module(layer, torch.randn(1, 64), tmp_path / "wide", META)
    entry = entries_of(tmp_path / "wide")["Linear/weight"]
    assert entry["scale"]["n"] == 300 and "zero_point" not in entry
    scales = np.load(tmp_path / "wide" / entry["scale"]["file"])
    assert np.allclose(scales["scale"], layer.weight.detach().abs().amax(dim=1).numpy() / 127)
    assert not scales["zero_point"].any()


def test_quantised_modules_are_recorded_as_pytorch_quantised_them(tmp_path: Path) -> None:
    if "qnnpack" not in torch.backends.quantized.supported_engines:
        pytest.skip("this PyTorch has no quantised engine")
    engine = torch.backends.quantized.engine
    torch.backends.quantized.engine = "qnnpack"
    try:
        torch.manual_seed(6)
        model = torch.quantization.QuantWrapper(
            nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 5))
        ).eval()
        model.qconfig = torch.quantization.get_default_qconfig("qnnpack")
        torch.quantization.prepare(model, inplace=True)
        model(images())
        torch.quantization.convert(model, inplace=True)
        folder = tmp_path / "quantised"
        record_module(model, images(), folder, META)
        weight, output = model.module[0].weight(), model.module[0](model.quant(images()))
    finally:
        torch.backends.quantized.engine = engine
    entries = entries_of(folder)
    assert np.array_equal(array_of(folder, "module.0/weight"), weight.int_repr().numpy())
    assert (entries["module.0/weight"]["dtype"], entries["module.0/weight"]["scale"]) == ("int8", [weight.q_scale()])
    assert np.array_equal(array_of(folder, "module.0/output"), output.int_repr().numpy())
    said = entries["module.0/output"]
    assert (said["scale"], said["zero_point"], said["quantiser"]) == (
        [output.q_scale()],
        [output.q_zero_point()],
        "PyTorch's quint8",
    )
    assert "module.3/weight" in entries and "quant/output" in entries
    same_in_lockstep(folder)


def test_dynamically_quantised_weights_are_integers_and_their_outputs_floats(tmp_path: Path) -> None:
    torch.manual_seed(7)
    model = torch.quantization.quantize_dynamic(
        nn.Sequential(nn.Linear(16, 8), nn.Tanh()), {nn.Linear}, dtype=torch.qint8
    )
    record_module(model, torch.randn(3, 16), tmp_path / "dynamic", META)
    assert np.array_equal(array_of(tmp_path / "dynamic", "0/weight"), model[0].weight().int_repr().numpy())
    assert entries_of(tmp_path / "dynamic")["0/output"]["quantiser"] == "uint8-tensor-minmax"


def test_floats_of_16_bits_are_kept_bit_for_bit(tmp_path: Path) -> None:
    torch.manual_seed(8)
    layer = nn.Linear(16, 8).to(torch.bfloat16)
    folder = tmp_path / "bf16"
    record_module(layer, torch.randn(3, 16).to(torch.bfloat16), folder, META, with_names("keep", "keep"))
    entry = entries_of(folder)["Linear/weight"]
    assert (entry["dtype"], entry["bits"]) == ("bf16", 16)
    assert np.array_equal(
        array_of(folder, "Linear/weight"), layer.weight.detach().view(torch.int16).numpy().view(np.uint16)
    )
    same_in_lockstep(folder)


def test_the_manifest_says_all_that_it_takes_to_record_again(tmp_path: Path) -> None:
    for name in ("a", "b"):
        record_module(make_cnn(), images(), tmp_path / name / "cnn", META, recorder={"seed": 3})
    recorder = manifest_of(tmp_path / "a/cnn")["recorder"]
    assert recorder["seed"] == 3 and set(recorder["packages"]) == {"python", "numpy", "torch"}
    assert recorder["model"]["module"] == "torch.nn.modules.container.Sequential"
    assert recorder["quantisers"] == {"weights": "int8-channel-minmax", "activations": "uint8-tensor-minmax"}
    for file in (tmp_path / "a/cnn").iterdir():
        assert file.read_bytes() == (tmp_path / "b/cnn" / file.name).read_bytes(), file.name
    other = make_cnn()
    with torch.no_grad():
        other[0].bias[0] += 1
    record_module(other, images(), tmp_path / "c", META)
    assert manifest_of(tmp_path / "c")["recorder"]["model"]["state_sha256"] != recorder["model"]["state_sha256"]
    assert manifest_of(tmp_path / "c")["recorder"]["inputs"] == recorder["inputs"]


def test_what_cannot_be_recorded_is_said_and_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="module: a str is no torch"):
        Recorder(cast(Any, "cnn"))
    with pytest.raises(ValueError, match="has neither convolution, linear layer, activation nor quantised module"):
        Recorder(nn.Flatten())
    broken = make_cnn()
    with torch.no_grad():
        broken[0].weight[1, 2, 0, 1] = float("nan")
    with pytest.raises(ValueError, match=r"tensor '0/weight': the value at \(1, 2, 0, 1\) is nan"):
        record_module(broken, images(), tmp_path / "nan", META)
    with pytest.raises(ValueError, match="tensor '0/weight': float32 is no type of a trace"):
        record_module(make_cnn(), images(), tmp_path / "keep", META, with_names("keep", "keep"))
    assert list(tmp_path.iterdir()) == []


def test_the_readme_example_runs(tmp_path: Path) -> None:
    readme = (SOURCE / "python" / "README.md").read_text(encoding="utf-8")
    example = next(text for text in readme.split("```python\n") if "Recorder(model)" in text).split("```")[0]
    assert "/tmp/my_model" in example
    exec(example.replace("/tmp/my_model", str(tmp_path / "mine")), {})
    assert list(entries_of(tmp_path / "mine")) == ["0/weight", "input", "0/output", "1/output"]
    assert entries_of(tmp_path / "mine")["0/weight"]["bits"] == 4


# --- the command line ----------------------------------------------------------------------------

FACTORY = """
import torch
def cnn():
    return torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU())
def with_inputs():
    return cnn(), torch.ones(1, 3, 5, 5)
def text():
    return "cnn"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a factory; what is imported of it is forgotten."""
    (tmp_path / "my_model.py").write_text(FACTORY)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "my_model", raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path


def test_a_factory_is_recorded_from_the_command_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--module", "my_model:cnn", "--shape", "2x3x6x6", "--seed", "9", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    done = run(sys.executable, "-m", "transom", "record", *words, "-o", "a/t", cwd=home, env=environment)
    assert json.loads(done.stdout) == {"folder": "a/t", "tensors": 4, "values": 108 + 216 + 128 * 2, "not_recorded": 0}
    assert manifest_of(home / "a/t")["recorder"]["command"] == ["transom", "record", *words]
    assert called(*words, "-o", "b/t") == 0
    assert (home / "a/t/manifest.json").read_bytes() == (home / "b/t/manifest.json").read_bytes()
    np.savez(home / "x.npz", np.zeros((1, 3, 4, 4), np.float32))
    assert called("--module", "my_model:cnn", "--inputs", "x.npz", "-o", "c") == 0
    assert entries_of(home / "c")["input"]["shape"] == [1, 3, 4, 4]
    assert called("--module", "my_model:with_inputs", "-o", "d", "--weights", "bf16") == 0
    assert entries_of(home / "d")["0/weight"]["dtype"] == "bf16"
    assert "d: 4 tensors, 255 values\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--module", "my_model:cnn"], USAGE, "its inputs are not known; give --inputs or --shape"),
        (["--module", "my_model"], USAGE, "write PACKAGE.MODULE:FACTORY"),
        (["--module", "my_model:text"], USAGE, "gives a str, not a torch.nn.Module"),
        (["--module", "my_model:none"], BAD_DATA, "my_model:none: AttributeError: module 'my_model' has no attribute"),
        (["--module", "no_model:cnn"], BAD_DATA, "no_model:cnn: ModuleNotFoundError: No module named 'no_model'"),
        (["--module", "my_model:cnn", "--shape", "1x2x6x6"], BAD_DATA, "my_model:cnn: RuntimeError: Given groups=1"),
        (["--module", "my_model:cnn", "--shape", "1x3x6x6", "--weights", "int5"], USAGE, "quantiser 'int5' is none"),
        (["--module", "my_model:cnn", "--part", "3"], USAGE, "--part has no effect"),
        (["--module", "my_model:cnn", "--inputs", "none.npz"], BAD_DATA, "none.npz: No such file"),
    ],
)
def test_wrong_words_end_with_one_line(
    home: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, message: str
) -> None:
    assert called(*words, "-o", "out") == code
    error = capsys.readouterr().err
    assert message in error and error.startswith("transom record: ") and error.count("\n") == 1
    assert not (home / "out").exists()
