"""PyTorch's side of `throughput.py`: the networks and the step of TensorFlow's tutorial.

Run by that script with the Python of an environment that has PyTorch; never by hand. Prints
PyTorch's version; then, for each line of its input, trains a round and prints images per second.
"""

import sys
import time

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

LATENT_DIM = 100


class Generator(nn.Module):
    """7x7x256, then transposed convolutions to 128 at 7x7, 64 at 14x14, 1 at 28x28."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(LATENT_DIM, 7 * 7 * 256, bias=False)
        self.norms = nn.ModuleList([nn.BatchNorm1d(7 * 7 * 256)])
        self.norms.extend(nn.BatchNorm2d(width) for width in (128, 64))
        self.stages = nn.ModuleList(
            nn.ConvTranspose2d(
                before, after, 5, stride, padding=2, output_padding=stride - 1, bias=False
            )
            for before, after, stride in ((256, 128, 1), (128, 64, 2), (64, 1, 2))
        )

    def forward(self, latents):
        x = F.leaky_relu(self.norms[0](self.stem(latents)), 0.2).view(-1, 256, 7, 7)
        x = x.contiguous(memory_format=torch.channels_last)
        for stage, norm in zip(self.stages[:2], self.norms[1:], strict=True):
            x = F.leaky_relu(norm(stage(x)), 0.2)
        return torch.tanh(self.stages[2](x))


def make_discriminator():
    return nn.Sequential(
        nn.Conv2d(1, 64, 5, 2, padding=2),
        nn.LeakyReLU(0.2),
        nn.Dropout(0.3),
        nn.Conv2d(64, 128, 5, 2, padding=2),
        nn.LeakyReLU(0.2),
        nn.Dropout(0.3),
        nn.Flatten(),
        nn.Linear(7 * 7 * 128, 1),
    )


class Trainer:
    """One generator pass, both updates from it, as the tutorial of PyTorch has it."""

    def __init__(self):
        to = {"memory_format": torch.channels_last}
        self.generator, self.discriminator = Generator().to(**to), make_discriminator().to(**to)
        self.adams = [
            torch.optim.Adam(network.parameters(), 1e-4)
            for network in (self.discriminator, self.generator)
        ]

    def step(self, real):
        fake = self.generator(torch.randn(len(real), LATENT_DIM))
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
    batch_size, steps, precision = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    trainer = Trainer()
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
