import itertools
import time

from keras_gans.pipelines.progress import with_progress


def test_what_is_quick_prints_nothing(capsys):
    assert list(with_progress([1, 2, 3], "Title")) == [1, 2, 3]
    assert capsys.readouterr().out == ""


def test_what_takes_long_shows_a_bar(capsys, monkeypatch):
    clock = itertools.count(step=3)  # seconds
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    assert list(with_progress([1, 2, 3], "Title")) == [1, 2, 3]
    out = capsys.readouterr().out
    assert out.startswith("\nTitle\n")
    assert "3/3" in out
