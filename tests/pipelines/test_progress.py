import itertools
import sys
import time
from pathlib import Path

import pytest

import keras_gans
from keras_gans.pipelines.progress import with_progress


def test_what_is_quick_prints_nothing(capsys):
    assert list(with_progress([1, 2, 3], "Title")) == [1, 2, 3]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("in_terminal", [True, False])
def test_what_takes_long_shows_a_bar_unless_the_output_is_a_file(in_terminal, capsys, monkeypatch):
    clock = itertools.count(step=3)  # seconds
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: in_terminal)
    assert list(with_progress([1, 2, 3], "Title")) == [1, 2, 3]
    out = capsys.readouterr().out
    assert out.startswith("\nTitle\n") == in_terminal
    assert ("3/3" in out) == in_terminal


def test_all_progress_bars_know_whether_a_person_is_watching():
    modules = Path(keras_gans.__file__).parent.rglob("*.py")
    bars = [path for path in modules if "Progbar(" in path.read_text()]
    assert bars
    for path in bars:
        assert "is_live()" in path.read_text(), path
