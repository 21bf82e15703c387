"""The code of the page about other tools runs, where the tool is installed."""

import ast
import gc
import importlib.util
import re
from pathlib import Path

import keras
import numpy as np
import pytest

import keras_gans as kg

PAGE = Path(__file__).parents[2] / "docs" / "your_tools.md"
BLOCKS = re.findall(
    r"## ([^\n]*)\n(?:(?!\n## ).)*?```python\n(.*?)```", PAGE.read_text(), re.DOTALL
)
IMAGES = np.random.default_rng(0).integers(0, 256, (64, 28, 28, 1), "uint8")


def imported(code):
    """The packages that a block imports."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module.split(".")[0]


@pytest.mark.stage2
@pytest.mark.filterwarnings("ignore")  # those of other packages
@pytest.mark.parametrize(("title", "code"), BLOCKS, ids=[title for title, _ in BLOCKS])
def test_code_for_other_tools_runs(title, code, tmp_path, monkeypatch):
    for package in imported(code):
        found = importlib.util.find_spec(package)
        if found is None or found.origin is None:  # such as the folder `tests/datasets`
            pytest.skip(f"{title} needs the package {package}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    gan = kg.DCGAN(generator=kg.networks.mlp_generator((28, 28, 1), 4, width=8))
    gan.compile()
    dataset = kg.datasets.from_arrays(IMAGES, 32, seed=0)
    exec(code, {"gan": gan, "dataset": dataset, "test_dataset": dataset})
    gc.collect()  # here, where warnings of other packages do not count


def test_arrays_become_pillow_images():
    gan = kg.DCGAN(generator=kg.networks.mlp_generator((28, 28, 3), 4, width=8))
    assert keras.utils.array_to_img(gan.generate(1, seed=0)[0]).size == (28, 28)
