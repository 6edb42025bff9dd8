"""train.py — a variational autoencoder of images, of 0 and 1 or of 0 .. n: bits-back's two networks, by torch.

Trained on the bound that coding with several latent vectors pays (arXiv:1509.00519, which is what arXiv:2102.11086
codes by), with pixels dropped from the recogniser's input, so that few images do.
"""
# SPDX-License-Identifier: Apache-2.0

import io
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from . import torch_file
from .network import Network, of_bits_back

LATENT_VECTORS = 2  # of an image in a step: as many as bits are coded with
BATCH, RATE, DROPPED = 64, 2e-3, 0.2
SECONDS_OF_SILENCE = 2
MOST_LOG_SHAPE = 16 * math.log(2)  # of alpha and beta: as far as a model of integers has them


@dataclass(frozen=True)
class Sizes:
    """What is asked for."""

    hidden: int = 100
    latents: int = 8
    epochs: int = 300


class _Autoencoder(nn.Module):
    """The names are those of bits-back's parameters; n is there for pixels 0 .. n alone."""

    def __init__(self, pixels: int, largest: int, sizes: Sizes) -> None:
        super().__init__()
        self.largest = largest
        if largest > 1:
            self.register_buffer("n", torch.tensor([largest]))
        self.fc1 = nn.Linear(pixels, sizes.hidden)
        self.fc21 = nn.Linear(sizes.hidden, sizes.latents)
        self.fc22 = nn.Linear(sizes.hidden, sizes.latents)
        self.fc3 = nn.Linear(sizes.latents, sizes.hidden)
        self.fc4 = nn.Linear(sizes.hidden, pixels * (2 if largest > 1 else 1))

    def log_likelihood(self, images: Tensor, outputs: Tensor) -> Tensor:
        if self.largest == 1:
            bits: Tensor = nn.functional.logsigmoid((2 * images - 1) * outputs)
            return bits
        a, b = torch.exp(outputs.clamp(-MOST_LOG_SHAPE, MOST_LOG_SHAPE)).chunk(2, 2)
        ends = torch.tensor(float(self.largest))
        left = torch.sub(ends, images)
        choices = torch.lgamma(ends.add(1)) - torch.lgamma(images.add(1)) - torch.lgamma(left.add(1))
        rising = torch.lgamma(a + images) - torch.lgamma(a) + torch.lgamma(b + left) - torch.lgamma(b)
        log_p: Tensor = choices + rising + torch.lgamma(a + b) - torch.lgamma(a + b + ends)
        return log_p

    def bits(self, images: Tensor, seen: Tensor) -> Tensor:
        """What each image costs, in nats: -log of the mean of p(x, z) / q(z | x)."""
        h = torch.relu(self.fc1(seen / self.largest))
        mean, log_stdd = self.fc21(h), self.fc22(h)
        noise = torch.randn(LATENT_VECTORS, *mean.shape)
        z = mean + torch.exp(log_stdd) * noise
        log_p = self.log_likelihood(images, self.fc4(torch.relu(self.fc3(z)))).sum(2)
        log_prior_over_q = (log_stdd - z**2 / 2 + noise**2 / 2).sum(2)
        weights = torch.logsumexp(log_p + log_prior_over_q, 0)
        return torch.rsub(weights, math.log(LATENT_VECTORS))


def _batches(images: Tensor) -> Iterator[Tensor]:
    order = torch.randperm(len(images))
    for start in range(0, len(images), BATCH):
        yield images[order[start : start + BATCH]]


def train(images: NDArray[np.uint8], sizes: Sizes, seed: int) -> bytes:
    """The parameters, as torch.save writes them in its old form."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # sums in one order
    model = _Autoencoder(images.shape[1], max(1, int(images.max())), sizes)
    optimiser = torch.optim.Adam(model.parameters(), RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, sizes.epochs)
    rows = torch.tensor(images, dtype=torch.float32)
    start = told = time.monotonic()
    for epoch in range(sizes.epochs):
        for batch in _batches(rows):
            kept = torch.ge(torch.rand_like(batch), DROPPED).float() / (1 - DROPPED)
            loss = model.bits(batch, batch * kept).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        schedule.step()
        if time.monotonic() - told > SECONDS_OF_SILENCE:
            told = time.monotonic()
            left = (told - start) / (epoch + 1) * (sizes.epochs - epoch - 1)
            rate = loss.item() / images.shape[1] / math.log(2)
            print(f"train: epoch {epoch + 1} of {sizes.epochs}, {rate:.3f} bits per dimension, {left:.0f} s left",
                  file=sys.stderr)  # fmt: skip
    file = io.BytesIO()
    torch.save(model.state_dict(), file, _use_new_zipfile_serialization=False)
    return file.getvalue()


def network_of(parameters: bytes) -> Network:
    """What train() gave."""
    return of_bits_back(torch_file.parse(parameters))
