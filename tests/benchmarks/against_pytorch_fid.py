"""Compares FrozenInception with pytorch-fid and torch-fidelity on the same random weights.

    pip install torch==2.13.0 torchvision==0.28.0 pytorch-fid==0.3.0 torch-fidelity==0.4.0
    python tests/benchmarks/against_pytorch_fid.py

The published weights are not needed: a file with the same names and shapes is written. This shows
whether the network, the resizing and the mapping of pixels agree. How much pytorch-fid's own
resizing and mapping change depends on the weights.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tempfile
from pathlib import Path

import numpy as np
import torch
import torchvision
from pytorch_fid import inception as pytorch_fid
from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

from keras_gans.metrics import FrozenInception

COUNT = 8  # images
NAME = "pt_random.pth"


def random_images(size):
    """Pixels `(COUNT, size, size, 3)`, uint8: smooth color patterns with a little noise."""
    rng = np.random.default_rng(0)
    coarse = torch.from_numpy(rng.uniform(0, 255, (COUNT, 3, 5, 5)))
    smooth = torch.nn.functional.interpolate(coarse, (size, size), mode="bicubic").numpy()
    pixels = smooth.transpose(0, 2, 3, 1) + rng.normal(0, 10, (COUNT, size, size, 3))
    return np.clip(np.round(pixels), 0, 255).astype("uint8")


def write_weights(path):
    """Writes random weights with which the features depend on the images."""
    torch.manual_seed(0)
    network = torchvision.models.inception_v3(
        weights=None, num_classes=1008, aux_logits=False, init_weights=False
    )
    for layer in network.modules():
        if isinstance(layer, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        if isinstance(layer, torch.nn.BatchNorm2d):
            for tensor in (layer.weight, layer.running_var):
                torch.nn.init.uniform_(tensor, 0.5, 1.5)
            for tensor in (layer.bias, layer.running_mean):
                torch.nn.init.normal_(tensor, 0.0, 0.1)
    torch.save(network.state_dict(), path)


def channels_first(pixels):
    return torch.from_numpy(pixels.astype("float32").transpose(0, 3, 1, 2))


def network_of_pytorch_fid(path, **settings):
    """Returns its features of a tensor; it would download the weights."""
    pytorch_fid.load_state_dict_from_url = lambda url, progress: torch.load(path)
    network = pytorch_fid.InceptionV3([3], **settings).eval()
    return lambda x: network(x)[0].numpy().reshape(COUNT, -1)


def main():
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        path = str(Path(folder) / NAME)
        write_weights(path)
        ours = FrozenInception(path)
        name, features = "inception-v3-compat", ["2048"]
        fidelity = FeatureExtractorInceptionV3(name, features, feature_extractor_weights_path=path)
        bare = network_of_pytorch_fid(path, resize_input=False, normalize_input=False)
        whole = network_of_pytorch_fid(path)
        print(f"{ours.protocol}, {COUNT} images\n")
        print(
            "| features of | size | largest | spread | largest difference |\n|---|---|---|---|---|"
        )
        for size in (32, 299, 400):
            pixels = random_images(size)
            expected = ours.features(pixels / 127.5 - 1)
            x = channels_first(pixels)
            others = {"torch-fidelity": fidelity(x.to(torch.uint8))[0].numpy()}
            if size == 299:
                others["pytorch-fid, pixels mapped as here"] = bare((x - 128) / 128)
            others["pytorch-fid"] = whole(x / 255)
            for other, found in others.items():
                difference = np.abs(found - expected).max()
                numbers = f"{expected.max():.2g} | {expected.std(axis=0).max():.2g}"
                print(f"| {other} | {size} | {numbers} | {difference:.1e} |")


if __name__ == "__main__":
    main()
