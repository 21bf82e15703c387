"""`python -m keras_gans`."""

import importlib.metadata
import os
import subprocess
import sys

import pytest

import keras_gans as kg


def printed(**environment):
    command = [sys.executable, "-m", "keras_gans"]
    run = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return dict(line.split(maxsplit=1) for line in run.stdout.splitlines())


@pytest.mark.stage2
def test_a_bug_report_has_versions_devices_and_places(tmp_path):
    facts = printed(KERAS_HOME=str(tmp_path), KERAS_GANS_DATA="somewhere")
    assert facts["keras_gans"] == kg.__version__
    for package in ("keras", "tensorflow", "numpy"):
        assert facts[package] == importlib.metadata.version(package)
    assert "bfloat16: " in facts["CPU:0"]
    assert facts["downloads"] == str(tmp_path / "datasets")
    assert facts["KERAS_GANS_DATA"] == "somewhere"
    assert facts["backend"] == "tensorflow"
