"""Programs import keras_gans before Keras: it hides messages that Keras' import would print."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = "examples", "notebooks", "tests/benchmarks"
NOISY = {"keras", "tensorflow", "bare_step", "written_loops"}  # the last two import Keras
# Imported by programs that have imported keras_gans.
PARTS = {"bare_step", "course_networks", "one_core_each", "written_loops"}
PROGRAMS = [
    path
    for folder in FOLDERS
    for path in sorted((ROOT / folder).glob("*.py"))
    if path.stem not in PARTS
]


def imported(program):
    """The packages that a program imports, in the order of its lines."""
    nodes = [node for node in ast.walk(ast.parse(program)) if hasattr(node, "lineno")]
    for node in sorted(nodes, key=lambda node: node.lineno):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


def is_quiet(program):
    """Whether keras_gans comes before everything that imports Keras or TensorFlow."""
    names = list(imported(program))
    noisy = [names.index(name) for name in NOISY & set(names)]
    return not noisy or "keras_gans" in names[: min(noisy)]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_keras_gans_is_imported_first(path):
    program = path.read_text()
    assert is_quiet(program)
    if "keras_gans" in set(imported(program)):
        assert "TF_CPP_MIN_LOG_LEVEL" in program


def test_a_wrong_order_is_found():
    assert not is_quiet("import keras\nimport keras_gans as kg")
    assert not is_quiet("def f():\n    from tensorflow import io\nimport keras_gans")
    assert is_quiet("import os\nfrom keras_gans import ops\nimport keras")
