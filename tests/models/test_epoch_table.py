"""What `fit` prints."""

import keras
import numpy as np
import pytest

import keras_gans as kg

SHAPE = (8, 8, 1)
IMAGES = np.random.default_rng(0).uniform(-1, 1, (32, *SHAPE)).astype("float32")


@pytest.fixture(scope="module")
def gan():
    networks = {
        "generator": kg.networks.mlp_generator(SHAPE, 2, width=2, depth=1),
        "discriminator": kg.networks.mlp_discriminator(SHAPE, width=2, depth=1),
    }
    gan = kg.DCGAN(**networks)
    gan.compile(penalties=[kg.losses.R1(0.2)], run_eagerly=True)
    return gan


class Distance(keras.callbacks.Callback):
    """Adds to the logs, as `SampleEvaluator` does."""

    def __init__(self, names, first):
        super().__init__()
        self.names, self.first = names, first

    def on_epoch_end(self, epoch, logs=None):
        if epoch >= self.first:
            logs |= dict.fromkeys(self.names, 12.3456)


def printed(gan, capsys, epochs=3, callbacks=(), **keywords):
    capsys.readouterr()
    gan.fit(IMAGES, batch_size=16, epochs=epochs, callbacks=list(callbacks), **keywords)
    return capsys.readouterr().out.splitlines()


def test_an_epoch_is_one_row_under_one_header(gan, capsys):
    lines = printed(gan, capsys)
    rows = [line for line in lines if "/3 " in line]
    assert [row.split()[0] for row in rows] == ["1/3", "2/3", "3/3"]
    assert len(lines) == 3 + 2  # lines of the header
    words = " ".join(lines[:2]).split()
    assert words.count("loss") == 2
    assert {"epoch", "penalty", "images/s", "time"} <= set(words)


def test_logs_that_come_later_get_a_column(gan, capsys):
    lines = printed(gan, capsys, callbacks=[Distance(["frechet_distance"], first=1)])
    assert [("12.3" in line) for line in lines if "/3 " in line] == [False, True, True]
    assert sum("images/s" in line for line in lines) == 2


def test_rows_have_at_most_100_characters_and_losses_come_first(gan, capsys, monkeypatch):
    names = [f"{letter}_precision" for letter in "abcdefghij"]
    for columns in (80, 300):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = printed(gan, capsys, epochs=1, callbacks=[Distance(names, first=0)])
        assert max(map(len, lines)) <= min(columns, 100)
        header = " ".join(lines[:-1])
        assert "discriminator" in header
        assert "..." in header
        assert "score" not in header


@pytest.mark.parametrize("value", [0, -0.0523, -0.00123, 999.6, -12345.6, 1e12, -1e-30, np.nan])
def test_numbers_fit_into_their_columns(gan, capsys, value):
    class Logs(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["own"] = value

    lines = printed(gan, capsys, epochs=1, callbacks=[Logs()])
    own = len(lines[-2]) - len(lines[-2].split("own")[1])  # the end of its column
    assert lines[-1][own - 7] == " "
    assert float(lines[-1][own - 6 : own]) == pytest.approx(value, rel=0.2, nan_ok=True)


def test_numbers_are_those_of_the_history(gan, capsys):
    capsys.readouterr()
    history = gan.fit(IMAGES, batch_size=16, epochs=1).history
    row = capsys.readouterr().out.splitlines()[-1].split()
    assert row[2] == f"{history['discriminator_loss'][0]:.3g}"


@pytest.mark.parametrize(
    ("verbose", "is_table"), [("auto", True), (1, True), (2, False), (0, False)]
)
def test_verbose_is_that_of_keras(gan, capsys, verbose, is_table):
    lines = printed(gan, capsys, epochs=1, verbose=verbose)
    assert any("images/s" in line for line in lines) == is_table
    assert bool(lines) == (verbose != 0)


def test_a_progress_bar_of_the_user_takes_its_place(gan, capsys):
    lines = printed(gan, capsys, epochs=1, callbacks=[keras.callbacks.ProgbarLogger()])
    assert not any("images/s" in line for line in lines)
