"""The algorithm of PyTorch's DCGAN example, rewritten for `against_torch_dcgan.py`.

    python torch_dcgan_peer.py given.npz results.npz EPSILON

Needs only PyTorch and NumPy. `given.npz` contains the initial weights, latents and batches. EPSILON
is Adam's; 0 means SGD instead of Adam.
"""

import sys

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


class Generator(nn.Module):
    def __init__(self, width, latent_dim):
        super().__init__()
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(latent_dim, 4 * width, 4, 1, 0, bias=False),
            nn.BatchNorm2d(4 * width),
            nn.ReLU(),
            nn.ConvTranspose2d(4 * width, 2 * width, 4, 2, 1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * width, 1, 4, 2, 1, bias=False),
            nn.Tanh(),
        )

    def forward(self, latents):
        return self.layers(latents[:, :, None, None])


class Discriminator(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, width, 4, 2, 1, bias=False),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 1, 4, 1, 0, bias=False),
            nn.Sigmoid(),
        )

    def forward(self, images):
        return self.layers(images).flatten()


def set_kernels(network, given, prefix):
    """Copies Keras' kernels `(height, width, ...)` into a network, with PyTorch's order of axes."""
    layers = [la for la in network.layers if isinstance(la, nn.Conv2d | nn.ConvTranspose2d)]
    for number, layer in enumerate(layers):
        kernel = given[f"{prefix}_{number}"].transpose(3, 2, 0, 1)
        layer.weight.data = torch.tensor(np.ascontiguousarray(kernel))


def main(given_path, results_path, epsilon):
    given = np.load(given_path)
    width = given["discriminator_0"].shape[3]
    generator = Generator(width, given["latents"].shape[2])
    discriminator = Discriminator(width)
    set_kernels(generator, given, "generator")
    set_kernels(discriminator, given, "discriminator")
    players = discriminator.parameters(), generator.parameters()
    if float(epsilon):
        settings = {"lr": 2e-4, "betas": (0.5, 0.999), "eps": float(epsilon)}
        optimizers = [torch.optim.Adam(weights, **settings) for weights in players]
    else:
        optimizers = [torch.optim.SGD(weights, lr=0.05) for weights in players]
    of_discriminator, of_generator = optimizers
    cross_entropy = nn.BCELoss()
    losses = []
    for real, latents in zip(given["images"], given["latents"], strict=True):
        real = torch.tensor(np.ascontiguousarray(real.transpose(0, 3, 1, 2)))
        ones, zeros = torch.ones(len(real)), torch.zeros(len(real))
        fake = generator(torch.tensor(latents))

        of_discriminator.zero_grad()
        loss = cross_entropy(discriminator(real), ones)
        loss = loss + cross_entropy(discriminator(fake.detach()), zeros)
        loss.backward()
        of_discriminator.step()

        of_generator.zero_grad()
        other = cross_entropy(discriminator(fake), ones)
        other.backward()
        of_generator.step()
        losses.append([loss.item(), other.item()])
    np.savez(results_path, losses=losses)


if __name__ == "__main__":
    main(*sys.argv[1:])
