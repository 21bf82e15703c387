"""The code of the page about other tools runs, where the tool is installed."""

import ast
import gc
import importlib.util
import re
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

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


@pytest.fixture
def small_gan():
    generator = kg.networks.mlp_generator((28, 28, 1), 4, width=8)
    return kg.GAN(generator=generator, discriminator=kg.networks.mlp_discriminator((28, 28, 1)))


def test_layers_are_found_and_summarized(small_gan):
    assert small_gan.get_layer("generator") is small_gan.generator
    assert small_gan.get_layer("discriminator") is small_gan.discriminator
    with pytest.raises(ValueError, match="Existing layers are"):
        small_gan.get_layer("critic")
    lines = []
    small_gan.summary(expand_nested=True, print_fn=lambda line, **_: lines.append(line))
    assert '"generator"' in "\n".join(lines)
    assert '"discriminator"' in "\n".join(lines)


def test_keras_draws_one_network_at_a_time(small_gan, tmp_path):
    pytest.importorskip("pydot")
    assert "(GAN)" in keras.utils.model_to_dot(small_gan).to_string()  # a single box
    assert "LeakyReLU" in keras.utils.model_to_dot(small_gan.generator).to_string()
    if shutil.which("dot") is None:
        pytest.skip("Graphviz draws the picture")
    keras.utils.plot_model(small_gan, tmp_path / "gan.png", show_shapes=True)
    assert (tmp_path / "gan.png").stat().st_size > 1000


def fit_with(logger, folder):
    """Trains for an epoch, and returns the pictures that `ImageMonitor` has drawn."""
    gan = kg.DCGAN(generator=kg.networks.mlp_generator((28, 28, 1), 4, width=8))
    gan.compile(run_eagerly=True)
    gan.fit(IMAGES, epochs=1, verbose=0, callbacks=[kg.ImageMonitor(folder, loggers=[logger])])
    return [pixels_of(folder / f"image_at_epoch_000{epoch}.png") for epoch in (0, 1)]


def pixels_of(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


@pytest.mark.stage2
@pytest.mark.filterwarnings("ignore")  # those of other packages
def test_pictures_arrive_in_wandb(tmp_path, monkeypatch):
    wandb = pytest.importorskip("wandb")
    monkeypatch.setenv("WANDB_MODE", "offline")
    run = wandb.init(project="digits", dir=tmp_path)
    drawn = fit_with(run, tmp_path / "samples")
    media = sorted((Path(run.dir) / "media" / "images").iterdir())
    run.finish()
    arrived = {path.name.split("_")[0] for path in media}
    assert arrived == {"image"}
    for picture in drawn:
        assert any(np.array_equal(pixels_of(path), picture) for path in media)


@pytest.mark.stage2
@pytest.mark.filterwarnings("ignore")
def test_pictures_arrive_in_mlflow(tmp_path, monkeypatch):
    mlflow = pytest.importorskip("mlflow")
    monkeypatch.chdir(tmp_path)
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/mlflow.db")
    with mlflow.start_run() as run:
        drawn = fit_with(run, tmp_path / "samples")
    folder = Path(mlflow.artifacts.download_artifacts(run_id=run.info.run_id))
    arrived = [pixels_of(path) for path in sorted((folder / "images").glob("*.png"))]
    assert len(arrived) == 2
    for picture in drawn:
        assert any(np.array_equal(one, picture) for one in arrived)


@pytest.mark.stage2
@pytest.mark.filterwarnings("ignore")
def test_pictures_arrive_in_trackio(tmp_path, monkeypatch):
    trackio = pytest.importorskip("trackio")
    monkeypatch.chdir(tmp_path)
    run = trackio.init(project="digits", embed=False)
    fit_with(run, tmp_path / "samples")
    trackio.finish()
