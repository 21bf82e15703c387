"""PyTorch's side of `throughput.py`: networks of `course_networks.py`, the loop of its tutorial.

Run by that script with the Python of an environment that has PyTorch; never by hand. Prints
PyTorch's version; then, for each line of its input, trains a round and prints images per second.
"""

import sys
import time

import torch
from course_networks import DISCRIMINATORS, GENERATORS, LATENT_DIM
from torch import nn
from torch.nn import functional as F  # noqa: N812


class Fold(nn.Module):
    """Vectors to 7x7 of so many channels."""

    def __init__(self, channels):
        super().__init__()
        self.channels = channels

    def forward(self, x):
        x = x.view(-1, self.channels, 7, 7)
        return x.contiguous(memory_format=torch.channels_last)


def build(rows, latent_dim=None):
    """A network of these layers, padded as Keras' "same" pads."""
    layers, channels, size = [], 1, 28
    for kind, *arguments in rows:
        if kind == "dense":
            channels, size = 7 * 7 * arguments[0], 1
            layers.append(nn.Linear(latent_dim, channels, bias=arguments[1]))
        elif kind == "fold":
            layers.append(Fold(*arguments))
            channels, size = arguments[0], 7
        elif kind == "convolution":
            filters, kernel, stride = arguments
            after = -(-size // stride)
            missing = max((after - 1) * stride + kernel - size, 0)
            padding = "same" if stride == 1 else -(-missing // 2)
            layers.append(nn.Conv2d(channels, filters, kernel, stride, padding))
            channels, size = filters, after
        elif kind == "transposed":
            filters, kernel, stride, bias = arguments
            padding = (kernel - stride + 1) // 2
            more = stride + 2 * padding - kernel
            convolution = nn.ConvTranspose2d(
                channels, filters, kernel, stride, padding, more, bias=bias
            )
            layers.append(convolution)
            channels, size = filters, size * stride
        elif kind == "double":
            layers.append(nn.Upsample(scale_factor=2))
            size *= 2
        elif kind == "logit":
            layers += [nn.Flatten(), nn.Linear(channels * size * size, 1)]
        else:
            layers.append(_elementwise(kind, channels, size, *arguments))
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)


def _elementwise(kind, channels, size, *arguments):
    return {
        "norm": lambda: (nn.BatchNorm2d if size > 1 else nn.BatchNorm1d)(channels),
        "leaky": nn.LeakyReLU,
        "relu": nn.ReLU,
        "tanh": nn.Tanh,
        "sigmoid": nn.Sigmoid,
        "dropout": nn.Dropout,
    }[kind](*arguments)


class Trainer:
    """One generator pass, both updates from it, as the tutorial of PyTorch has it."""

    def __init__(self, name):
        self.latent_dim = LATENT_DIM[name]
        self.generator = build(GENERATORS[name], self.latent_dim)
        self.discriminator = build(DISCRIMINATORS[name])
        self.adams = [
            torch.optim.Adam(network.parameters(), 1e-4)
            for network in (self.discriminator, self.generator)
        ]

    def step(self, real):
        fake = self.generator(torch.randn(len(real), self.latent_dim))
        loss = F.softplus(-self.discriminator(real)).mean()
        loss = loss + F.softplus(self.discriminator(fake.detach())).mean()
        self._apply(self.adams[0], loss)
        self._apply(self.adams[1], F.softplus(-self.discriminator(fake)).mean())

    @staticmethod
    def _apply(adam, loss):
        adam.zero_grad(set_to_none=True)
        loss.backward()
        adam.step()


def main():
    name, batch_size, steps, precision = sys.argv[1], *map(int, sys.argv[2:4]), sys.argv[4]
    trainer = Trainer(name)
    images = (torch.rand(steps, batch_size, 1, 28, 28) * 2 - 1).unbind()
    images = [batch.contiguous(memory_format=torch.channels_last) for batch in images]
    print(torch.__version__, flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            for real in images:
                trainer.step(real)
        print(batch_size * steps / (time.perf_counter() - start), flush=True)


if __name__ == "__main__":
    main()
