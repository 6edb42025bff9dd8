"""captured.py — PyTorch's tensors as what a trace holds, and as what a hash counts."""
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .models import Found, Kind
from .provenance import hash_of, need

if TYPE_CHECKING:
    import torch


def tensors_in(value: Any) -> Iterator[torch.Tensor]:
    """The tensors of what a module is given or gives, in order."""
    if hasattr(value, "is_quantized"):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from tensors_in(part)
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from tensors_in(part)


def found(name: str, value: torch.Tensor, kind: Kind, axis: int | None = None) -> Found:
    """A copy of the tensor as it is now. axis: of its channels, where floats are to be quantised by them."""
    value = value.detach().to("cpu", copy=True)  # or what works in place would change it
    if not value.is_quantized:
        values, floats = _array(value)
        return Found(name, values, kind, floats, axis=axis)
    quantiser = f"PyTorch's {value.dtype}".replace("torch.", "")
    if "channel" in str(value.qscheme()):
        axis = int(value.q_per_channel_axis())
        scale, zero_point = value.q_per_channel_scales().tolist(), value.q_per_channel_zero_points().tolist()
    else:
        scale, zero_point = [value.q_scale()], [value.q_zero_point()]
    return Found(
        name, value.int_repr().numpy(), kind, scale=scale, zero_point=zero_point, axis=axis, quantiser=quantiser
    )


def _array(value: torch.Tensor) -> tuple[NDArray[Any], str | None]:
    """Its values, and which float type's bits they are where numpy has no such type."""
    if str(value.dtype) == "torch.bfloat16":
        return value.contiguous().view(need("torch", "torch").int16).numpy().view(np.uint16), "bf16"
    return value.numpy(), None


def inputs_of(arguments: Sequence[Any]) -> dict[str, Any]:
    """What the manifest says of a module's arguments."""
    arrays = {f"input{i}": _hashable(value.detach().cpu()) for i, value in enumerate(tensors_in(list(arguments)))}
    return {"shapes": {name: list(values.shape) for name, values in arrays.items()}, "values_sha256": hash_of(arrays)}


def state_hash(module: torch.nn.Module) -> str:
    """Of all parameters and buffers, by name: what a module computes, but for its code."""
    arrays: dict[str, NDArray[Any]] = {}
    for name, state in module.state_dict().items():
        for i, value in enumerate(tensors_in(state)):
            arrays[f"{name}.{i}"] = _hashable(value.detach().cpu())
    return hash_of(arrays)


def _hashable(value: torch.Tensor) -> NDArray[Any]:
    return _array(value.dequantize() if value.is_quantized else value)[0]


def qualified_name(module: torch.nn.Module) -> str:
    return f"{type(module).__module__}.{type(module).__qualname__}"
