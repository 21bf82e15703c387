"""Private names of Keras and TensorFlow: where they stand, and what holds if they change."""

import ast
from pathlib import Path

import keras
import numpy as np
import pytest

import keras_gans as kg

PACKAGE = Path(kg.__file__).parent
ALLOWED = {
    "drawing/figure.py": {"_repr_mimebundle_"},  # IPython's name of a method
    "models/fitting.py": {"_initial_epoch"},
    "models/state.py": {"_trainable_variables"},
}


def own_names(tree):
    """Private names that a file defines: attributes of self, functions, methods and globals."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute) and getattr(node.value, "id", None) in ("self", "cls"):
            yield node.attr


def private_names(tree):
    """Private attributes of anything but self that the file does not define itself."""
    own = set(own_names(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", None) not in (
            "self",
            "cls",
        ):
            name = node.attr
            if name.startswith("_") and not name.startswith("__") and name not in own:
                yield name


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_private_names_stand_in_two_files_alone(path):
    found = set(private_names(ast.parse(path.read_text())))
    assert found <= ALLOWED.get(path.relative_to(PACKAGE).as_posix(), set())


def test_the_scan_finds_what_it_looks_for():
    tree = ast.parse("class A:\n  def f(self, m):\n    self._mine = m._mine\n    m._theirs()")
    assert list(private_names(tree)) == ["_theirs"]


def test_a_training_after_one_that_was_restored_begins_at_its_beginning(
    points_gan, points, tmp_path
):
    """Guards `_initial_epoch`, which BackupAndRestore sets and Keras does not reset."""

    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                raise KeyboardInterrupt

    gan = points_gan()
    gan.compile(run_eagerly=True)
    backup = keras.callbacks.BackupAndRestore(tmp_path, delete_checkpoint=False)
    with pytest.raises(KeyboardInterrupt):
        gan.fit(points, epochs=3, verbose=0, callbacks=[backup, Stop()])
    restored = gan.fit(points, epochs=3, verbose=0, callbacks=[backup])
    assert restored.epoch[-1] == 2
    assert restored.epoch[0] > 0
    assert gan.fit(points, epochs=2, verbose=0).epoch == [0, 1]


def test_an_optimizer_knows_what_it_trains(points_gan):
    """Guards `_trainable_variables`: without it, an optimizer of other variables would pass."""
    gan, other = points_gan(), points_gan()
    gan.compile()
    with pytest.raises(ValueError, match="built for other variables"):
        other.compile(generator_optimizer=gan.generator_optimizer)
    gan.compile(generator_optimizer=gan.generator_optimizer)


def test_the_random_states_of_dropout_are_part_of_the_state(digits):
    """Guards Keras' name of a random state: under another one, it would be silently unsaved."""
    discriminator = kg.networks.dcgan_discriminator((8, 8, 1), width=4, dropout=0.5)
    gan = kg.DCGAN((8, 8, 1), 3, discriminator=discriminator)
    gan.compile(run_eagerly=True)
    before = gan.get_state()
    gan.fit(digits, verbose=0)
    seeds = [
        (old, new)
        for old, new in zip(before, gan.get_state(), strict=True)
        if old.dtype == np.uint32 or old.shape == (2,)
    ]
    dropout = [layer for layer in gan.discriminator.layers if "dropout" in layer.name]
    assert dropout
    assert len(seeds) == 1 + len(dropout)  # and the noise of training
    assert all((old != new).any() for old, new in seeds)


SET_FROM_OUTSIDE = {
    "models/fitting.py": {"_initial_epoch"},  # of Keras' models, above
    "models/player.py": {"learning_rate"},  # of Keras' optimizers
    "models/configs.py": {"class_names"},  # of GAN, which anybody may set
}


@pytest.mark.parametrize("path", sorted((PACKAGE / "models").glob("*.py")), ids=lambda p: p.stem)
def test_no_collaborator_sets_an_attribute_of_another(path):
    targets = {
        target.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        for part in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for target in ast.walk(part)
        if isinstance(target, ast.Attribute) and getattr(target.value, "id", None) != "self"
    }
    assert targets == SET_FROM_OUTSIDE.get(path.relative_to(PACKAGE).as_posix(), set())
