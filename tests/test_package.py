"""Promises about the package as a whole: its doors, its docstrings, its budgets."""

import ast
import doctest
import importlib
import inspect
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import keras_gans as kg
from keras_gans import backend

PACKAGE = Path(kg.__file__).parent
TESTS = Path(__file__).parent
MODULES = sorted(m.name for m in pkgutil.walk_packages(kg.__path__, "keras_gans."))
FILES = sorted(PACKAGE.rglob("*.py"))

PUBLIC = {
    "": "ACGAN DCGAN GAN R3GAN WGANGP ConditionalGAN CycleGAN ImageMonitor InfoGAN Pix2Pix"
    " SelfConditionedGAN"
    " __version__ augmentation callbacks datasets drawing layers losses metrics networks ops"
    " optimizers priors",
    ".augmentation": "AdaptiveAugment DiffAugment ScheduledAugment",
    ".callbacks": "HealthMonitor ImageMonitor NaNGuard Resume SampleEvaluator TrainingReport",
    ".datasets": "cartoon_faces celeb_a cifar10 fashion_mnist from_arrays image_folder"
    " mechanical_designs mnist quick_draw stacked_mnist",
    ".drawing": "plot_class_interpolation plot_columns plot_histograms plot_images"
    " plot_latent_interpolation plot_learning_curves plot_mean_images plot_points plot_samples"
    " plot_series plot_volumes",
    ".layers": "BilinearDownsampling BilinearUpsampling ConditionalBatchNormalization"
    " KMeans LabelEmbedding LabelPlanes LearnedBasis MinibatchStandardDeviation Pack SelfAttention"
    " SpectralNormalization",
    ".losses": "R1 R2 AdversarialLoss AuxiliaryLoss Classification Consistency FeatureMatching"
    " GradientPenalty Hinge KerasLoss LabelNoise LeCam LeastSquares Minimax MutualInformation"
    " NonSaturating Reconstruction RelativisticAverage RelativisticPairing SlopePenalty"
    " Wasserstein",
    ".metrics": "ClassifierScore DensityCoverage DomainClassifier FrechetDistance FrozenInception"
    " GridDivergence Inception KernelDistance LabelAccuracy LayerFeatures ModeCoverage"
    " NearestTrainingImage PrecisionRecall RawPixels SampleMetric SqueezeNet"
    " density_and_coverage frechet_distance kernel_distance nearest_distances precision_and_recall",
    ".models": "ACGAN DCGAN GAN R3GAN WGANGP ConditionalGAN CycleGAN InfoGAN Pix2Pix"
    " SelfConditionedGAN",
    ".networks": "class_mixing_generator dcgan_discriminator dcgan_generator mlp_discriminator"
    " mlp_generator patch_discriminator r3gan_discriminator r3gan_generator unet_generator"
    " upsampling_generator",
    ".optimizers": "LinearDecayAdam",
    ".priors": "Codes Normal Prior TruncatedNormal Uniform",
    ".ops": "CosineSchedule class_interpolation spherical_interpolation to_uint8 to_value_range",
}


@pytest.mark.parametrize("room", PUBLIC)
def test_public_names(room):
    module = importlib.import_module(f"keras_gans{room}")
    assert module.__all__ == PUBLIC[room].split()
    assert set(dir(module)) == set(module.__all__)  # what tab completion offers
    for name in module.__all__:
        assert inspect.getdoc(getattr(module, name)), name


@pytest.mark.stage2
@pytest.mark.parametrize("module", MODULES)
def test_docstring_examples_run(module, eagerly, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(module)
    names = {**vars(module), "np": np, "keras": keras}
    result = doctest.testmod(module, extraglobs=names, optionflags=doctest.ELLIPSIS)
    assert result.failed == 0


RECIPES = (
    *(kg.DCGAN, kg.ConditionalGAN, kg.WGANGP, kg.R3GAN, kg.ACGAN, kg.InfoGAN, kg.Pix2Pix),
    kg.SelfConditionedGAN,
)


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_budgets(path):
    most = 400 if path.name == "gan.py" else 300  # which is read first, in one piece
    assert len(path.read_text().splitlines()) <= most
    for node in functions(path):
        doc = node.body[0] if ast.get_docstring(node) else None
        lines = node.end_lineno - node.lineno + 1
        lines -= doc.end_lineno - doc.lineno + 1 if doc else 0
        names = {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
        arguments = len(names - {"self", "cls"})
        assert lines <= 30, f"{node.name} has {lines} lines"
        assert arguments <= 10, f"{node.name} has {arguments} arguments"


def test_the_algorithm_fits_on_one_screen():
    source = (PACKAGE / "models" / "gan.py").read_text()
    algorithm = source.split("# the algorithm ---")[1].split("# the networks ---")[0]
    assert len(algorithm.strip().splitlines()) <= 60


def test_no_recipe_overrides_the_step():
    for recipe in RECIPES:
        assert recipe.train_step is kg.GAN.train_step


def private_names(path):
    """Where a file reaches for `_name` of somebody else."""
    named = {"setattr", "getattr", "delattr", "hasattr"}
    for node in ast.walk(ast.parse(path.read_text())):
        found, of_self = [], False
        if isinstance(node, ast.Attribute):
            found, of_self = [node.attr], ast.unparse(node.value) in ("self", "super()")
        elif isinstance(node, ast.ImportFrom):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in named:
            found = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        for name in map(str, found):
            if name.startswith("_") and not name.startswith("__") and not of_self:
                yield f"{path.relative_to(TESTS)}:{node.lineno}: {name}"


def test_tests_use_public_names_only():
    assert [name for path in TESTS.rglob("*.py") for name in private_names(path)] == []


@pytest.mark.stage2
def test_import_costs_next_to_nothing_beyond_keras():
    code = """
import sys, keras
before = set(sys.modules)
import keras_gans
new = {name.split(".")[0] for name in set(sys.modules) - before}
print(sorted(new & {"matplotlib", "PIL", "IPython", "scipy", "sklearn", "pandas", "plotly"}))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


NOISE = b"I0000 00:00:1.0 1 stub.cc:31] No drivers\nTo enable the following instructions: A\n"


@pytest.mark.parametrize("level", ["3", "2"])
def test_only_noise_is_left_out_at_the_import_of_tensorflow(level, monkeypatch, capfd):
    monkeypatch.delitem(sys.modules, "tensorflow")
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", level)
    with backend.without_noise():
        os.write(2, NOISE + b"a warning\n")
    os.write(2, NOISE)
    expected = NOISE * (level == "2") + b"a warning\n" + NOISE
    assert capfd.readouterr().err == expected.decode()


def test_everything_is_printed_if_the_import_fails(monkeypatch, capfd):
    monkeypatch.delitem(sys.modules, "tensorflow")
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")

    def fail():
        with backend.without_noise():
            os.write(2, NOISE)
            raise ImportError

    with pytest.raises(ImportError):
        fail()
    assert capfd.readouterr().err == NOISE.decode()


@pytest.mark.stage2
def test_nothing_is_printed_at_import_if_messages_are_not_wanted():
    command = [sys.executable, "-c", "import keras_gans"]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert ran.stdout + ran.stderr == ""
