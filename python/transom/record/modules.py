"""modules.py — PyTorch: forward hooks on the layers of any nn.Module.

Hooked are convolutions, linear layers, activations (what torch.nn.modules.activation has, attention too) and quantised
modules. Recorded are their weights, what they give at each call, and what the whole module is given. Tensors that
PyTorch has quantised are taken as they are; floats go through the quantisers.
"""
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .captured import found, inputs_of, qualified_name, state_hash, tensors_in
from .models import Found, add
from .provenance import need, versions
from .quantisers import Quantisers
from .trace import TraceWriter, new_trace

if TYPE_CHECKING:
    import torch

# Where PyTorch has its quantised modules, by version.
QUANTISED = tuple(f"torch.{a}nn.{b}quantized" for a in ("", "ao.") for b in ("", "intrinsic."))
HOMES = ("torch.nn.modules.conv", "torch.nn.modules.activation")


class Recorder:
    """Within its block, what the layers of `module` give is kept; save() writes it, with their weights, as a trace.

        with Recorder(model) as recorder:
            model(images)
        recorder.save("traces/model", {"licence": "MIT"})

    The module computes as it does without; whether it is in training mode is the caller's choice, and so is
    torch.no_grad(), but for nn.TransformerEncoderLayer: without gradients it may leave out its layers' calls.
    """

    def __init__(self, module: torch.nn.Module) -> None:
        self._torch = need("torch", "torch")
        if not isinstance(module, self._torch.nn.Module):
            raise ValueError(f"module: a {type(module).__name__} is no torch.nn.Module")
        self.module = module
        self._layers = {
            name or type(layer).__name__: layer for name, layer in module.named_modules() if self._is_hooked(layer)
        }
        if not self._layers:
            raise ValueError("module: has neither convolution, linear layer, activation nor quantised module")
        self._given: list[Found] = []
        self._called: set[str] = set()  # layers
        self._times: dict[str, int] = {}  # a name was given
        self._handles: list[Any] = []

    def __enter__(self) -> Self:
        self._handles.append(self.module.register_forward_pre_hook(self._keep_inputs))
        for name, layer in self._layers.items():
            self._handles.append(layer.register_forward_hook(self._keeper(name)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._handles:
            self._handles.pop().remove()

    def save(
        self,
        folder: Path | str,
        meta: Mapping[str, str],
        quantisers: Quantisers | None = None,
        recorder: Mapping[str, Any] | None = None,
    ) -> TraceWriter:
        """Writes the trace; what it cannot hold is named in its manifest. Returns the writer, for its counts.

        recorder    more on how it was recorded
        Raises ValueError naming a tensor, and what new_trace() raises.
        """
        quantisers = quantisers or Quantisers()
        about = {
            "model": {"module": qualified_name(self.module), "state_sha256": state_hash(self.module)},
            "packages": versions("torch"),
            "quantisers": quantisers.manifest(),
            **(recorder or {}),
        }
        with new_trace(folder, meta, about) as trace:
            for tensor in (*self._weights(), *self._given):
                add(trace, tensor, quantisers)
            for name in self._layers:
                if name not in self._called:
                    trace.skip(f"{name}/output", "the layer was not called as a module")
        return trace

    def _is_hooked(self, layer: torch.nn.Module) -> bool:
        return (
            isinstance(layer, self._torch.nn.Linear)
            or any(base.__module__ in HOMES for base in type(layer).__mro__)
            or (type(layer).__module__.startswith(QUANTISED) and not type(layer).__name__.endswith("PackedParams"))
        )

    def _weights(self) -> Iterator[Found]:
        for name, layer in self._layers.items():
            axis = 1 if "ConvTranspose" in type(layer).__name__ else 0  # of the outputs
            packed = getattr(layer, "weight", None)
            if callable(packed):  # a quantised module's
                yield found(f"{name}/weight", packed(), "weight", axis)
            for parameter, value in layer.named_parameters(recurse=False):
                if value.dim() > 1:
                    yield found(f"{name}/{parameter}", value, "weight", axis)

    def _keep_inputs(self, _module: torch.nn.Module, inputs: tuple[Any, ...]) -> None:
        for i, value in enumerate(tensors_in(inputs)):
            self._keep("input" if i == 0 else f"input.{i}", value)

    def _keeper(self, name: str) -> Any:
        def keep(_module: torch.nn.Module, _inputs: Any, output: Any) -> None:
            self._called.add(name)
            for i, value in enumerate(tensors_in(output)):
                self._keep(f"{name}/output" if i == 0 else f"{name}/output.{i}", value)

        return keep

    def _keep(self, name: str, value: torch.Tensor) -> None:
        times = self._times[name] = self._times.get(name, 0) + 1
        self._given.append(found(name if times == 1 else f"{name}#{times}", value, "activation"))


def record_module(
    module: torch.nn.Module,
    inputs: torch.Tensor | Sequence[torch.Tensor],
    folder: Path | str,
    meta: Mapping[str, str],
    quantisers: Quantisers | None = None,
    recorder: Mapping[str, Any] | None = None,
) -> TraceWriter:
    """Runs a module once, in evaluation mode, and records it. Returns the writer, for its counts.

    inputs      what it is called with: one tensor, or its arguments in order
    folder      absent or empty; its last part is the name of the trace
    meta        licence (required), source, input, note, layout: free text for the manifest
    recorder    more on how it was recorded, such as a seed
    Raises what Recorder and its save() raise, and what the module raises.
    """
    torch = need("torch", "torch")
    arguments = [inputs] if isinstance(inputs, torch.Tensor) else list(inputs)
    with evaluating(module), torch.enable_grad(), Recorder(module) as recorded:  # gradients: see Recorder
        module(*arguments)
    return recorded.save(folder, meta, quantisers, {"inputs": inputs_of(arguments), **(recorder or {})})


@contextmanager
def evaluating(module: torch.nn.Module) -> Iterator[None]:
    """In evaluation mode within the block, each of its modules as it was after."""
    training = [layer for layer in module.modules() if layer.training]
    module.eval()
    try:
        yield
    finally:
        for layer in training:
            layer.training = True
