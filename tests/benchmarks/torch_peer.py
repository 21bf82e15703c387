"""The loop of PyTorch's tutorial, for `throughput.py` and `gpu.py`.

These scripts run it with the Python of an environment that has PyTorch. It prints the version of
PyTorch. Then, for each line of its input, it trains a round, and prints the images per second and
the peak of the GPU's memory in bytes.
"""

import sys
import time

import torch
from course_networks import DISCRIMINATORS, GENERATORS, IMAGE_SHAPES, LATENT_DIM, stem
from torch import nn
from torch.nn import functional as F  # noqa: N812


class Fold(nn.Module):
    """Turns vectors into square maps."""

    def __init__(self, channels, side):
        super().__init__()
        self.shape = -1, channels, side, side

    def forward(self, x):
        x = x.view(self.shape)
        return x.contiguous(memory_format=torch.channels_last)


def build(name, rows, latent_dim=None):
    """Builds a network of these layers, padded like "same" in Keras."""
    layers, side = [], stem(name)
    size, _, channels = IMAGE_SHAPES[name]
    for kind, *arguments in rows:
        if kind == "dense":
            channels, size = side * side * arguments[0], 1
            layers.append(nn.Linear(latent_dim, channels, bias=arguments[1]))
        elif kind == "fold":
            layers.append(Fold(*arguments, side))
            channels, size = arguments[0], side
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
    """Both updates from one generator pass, as in the tutorial of PyTorch."""

    def __init__(self, name, device, scaler):
        self.device, self.scaler = device, scaler
        self.generator = build(name, GENERATORS[name], LATENT_DIM).to(device)
        self.discriminator = build(name, DISCRIMINATORS[name]).to(device)
        self.adams = [
            torch.optim.Adam(network.parameters(), 1e-4)
            for network in (self.discriminator, self.generator)
        ]

    def step(self, real):
        fake = self.generator(torch.randn(len(real), LATENT_DIM, device=self.device))
        loss = F.softplus(-self.discriminator(real)).mean()
        loss = loss + F.softplus(self.discriminator(fake.detach())).mean()
        self._apply(self.adams[0], loss)
        self._apply(self.adams[1], F.softplus(-self.discriminator(fake)).mean())

    def _apply(self, adam, loss):
        adam.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()
        self.scaler.step(adam)
        self.scaler.update()


def main():
    name, batch_size, steps, precision, device = (*sys.argv[1:5], (sys.argv[5:] or ["cpu"])[0])
    batch_size, steps = int(batch_size), int(steps)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "TF32"
    short = {"bfloat16": torch.bfloat16, "float16": torch.float16}.get(precision)
    scaler = torch.amp.GradScaler(device, enabled=precision == "float16")
    trainer = Trainer(name, device, scaler)
    height, width, channels = IMAGE_SHAPES[name]
    images = (torch.rand(steps, batch_size, channels, height, width) * 2 - 1).unbind()
    images = [batch.to(device).contiguous(memory_format=torch.channels_last) for batch in images]
    print(torch.__version__, flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        with torch.autocast(device, short or torch.bfloat16, enabled=short is not None):
            for real in images:
                trainer.step(real)
        if device == "cuda":
            torch.cuda.synchronize()
        seconds = time.perf_counter() - start
        peak = torch.cuda.max_memory_allocated() if device == "cuda" else 0
        print(batch_size * steps / seconds, peak, flush=True)


if __name__ == "__main__":
    main()
