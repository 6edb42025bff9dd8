"""digits.py — records the default trace: the CNN of network.py on scikit-learn's 8x8 digits.

Trains, quantises, measures on the images held out from training, and writes the weights once and
the activations of the first held-out images. The network is quantised twice: with int8 weights
throughout, whose tensors are recorded, and with dense1 in 4 bits, whose weights are recorded too.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from .exact import Floats
from .network import WEIGHT_SHAPES, accuracy, forward, train
from .quantise import Integers, QuantisedLayer, QuantisedNetwork, Quantiser, integer_forward, quantise_network
from .trace import Tensor, record, require_new_folder

N_HELD_OUT = 360
PIXEL_MAX = 16.0
DEFAULT_SEED = 1
DEFAULT_IMAGES = 40
NARROW_LAYER = "dense1"


@dataclass(frozen=True)
class Accuracy:
    """Shares of the held-out images that each network names correctly."""

    floating: float
    int8: float
    int4_dense1: float


def record_digits(folder: Path, seed: int, n_images: int, progress: Callable[[str], None]) -> Accuracy:
    """Writes the trace into `folder` (absent or empty) and returns the measured accuracies.

    n_images    1..N_HELD_OUT held-out images whose activations are recorded
    Raises ValueError for n_images, and what trace.record raises.
    """
    if not 1 <= n_images <= N_HELD_OUT:
        raise ValueError(f"{n_images} images: only 1 to {N_HELD_OUT} are held out from training")
    require_new_folder(folder)
    random = np.random.RandomState(seed)
    digits = load_digits()
    order = random.permutation(len(digits.target))
    images = (digits.data[order] / PIXEL_MAX).reshape(-1, 8, 8, 1)
    labels = digits.target[order]
    n_training = len(labels) - N_HELD_OUT
    progress(f"training on {n_training} digits, {N_HELD_OUT} held out, seed {seed}")
    parameters = train(images[:n_training], labels[:n_training], random, progress)

    held_out, held_out_labels = images[n_training:], labels[n_training:]
    calibration = forward(parameters, images[:n_training])
    int8_network = quantise_network(parameters, calibration, {})
    int4_network = quantise_network(parameters, calibration, {NARROW_LAYER: 4})
    measured = Accuracy(
        floating=accuracy(forward(parameters, held_out)["logits"], held_out_labels),
        int8=accuracy(integer_forward(int8_network, held_out)["logits"], held_out_labels),
        int4_dense1=accuracy(integer_forward(int4_network, held_out)["logits"], held_out_labels),
    )
    tensors = [_weight_tensor(name, int8_network.layers[name], 8) for name in WEIGHT_SHAPES]
    tensors.append(_weight_tensor(NARROW_LAYER, int4_network.layers[NARROW_LAYER], 4))
    tensors += _activation_tensors(int8_network, held_out[:n_images])
    record(tensors, folder, _meta(seed, n_images, measured))
    return measured


def _weight_tensor(layer_name: str, layer: QuantisedLayer, bits: int) -> Tensor:
    return Tensor(
        name=f"{layer_name}/weights" if bits == 8 else f"{layer_name}/weights_int{bits}",
        values=layer.weights,
        kind="weight",
        bits=bits,
        scale=tuple(layer.scales),
        zero_point=(0,) * len(layer.scales),
        axis=0,
    )


def _activation_tensors(network: QuantisedNetwork, images: Floats) -> list[Tensor]:
    def tensor(name: str, values: Integers, quantiser: Quantiser) -> Tensor:
        return Tensor(name, values, scale=(quantiser.scale,), zero_point=(quantiser.zero_point,))

    outputs = integer_forward(network, images)
    return [tensor(name, values, network.activations[name]) for name, values in outputs.items()]


def _meta(seed: int, n_images: int, measured: Accuracy) -> dict[str, str]:
    return {
        "source": f"transom record digits --seed {seed} --images {n_images}",
        "licence": "Apache-2.0; the input tensor holds images that scikit-learn (BSD-3-Clause) distributes",
        "input": f"the first {n_images} of {N_HELD_OUT} held-out images of scikit-learn's load_digits: "
        "Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository",
        "note": "int8 weights, one scale per output channel; uint8 activations with a zero point; dense1 passes "
        f"int16 to its ReLU; held-out accuracy: float {measured.floating:.2%}, int8 {measured.int8:.2%}, "
        f"with 4-bit dense1 weights {measured.int4_dense1:.2%}",
        "layout": "weights OHWI / dense OI; activations NHWC; C-contiguous; 4-bit values one per byte",
    }
