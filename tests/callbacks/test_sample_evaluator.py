import copy
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gans.callbacks import SampleEvaluator
from keras_gans.metrics import FrechetDistance, RawPixels

sys.path.append(str(Path(__file__).parents[1] / "metrics"))
from judges import Judge

pytestmark = pytest.mark.usefixtures("quickly")


def measured(points_gan, **keywords):
    gan = points_gan(seed=0)
    gan.compile(metrics=[FrechetDistance(RawPixels())], **keywords)
    return gan


def test_the_history_has_the_numbers(points_gan, points):
    gan = measured(points_gan)
    history = gan.fit(
        points, epochs=6, callbacks=[SampleEvaluator(points, every=3)], verbose=0
    ).history
    distances = history["frechet_distance"]
    assert len(distances) == 6
    assert distances[0] == distances[1] != distances[2] == distances[3] == distances[4]
    assert distances[5] != distances[4]
    assert distances[5] == gan.evaluate(points, batch_size=128, verbose=0)[-1]
    assert not any(name.startswith("val_") for name in history)


def test_it_measures_after_the_last_epoch_and_processes_real_images_once(points_gan, points):
    gan, judge = points_gan(seed=0), Judge()
    gan.compile(metrics=[FrechetDistance(judge)])
    evaluator = SampleEvaluator(points, every=3)
    distances = gan.fit(points, epochs=5, callbacks=[evaluator], verbose=0).history[
        "frechet_distance"
    ]
    assert distances[0] == distances[1] != distances[2] == distances[3] != distances[4]
    assert judge.looks == 1 + 3  # at real images, and at images before, in and after training


def test_training_is_the_same_with_and_without(points_gan, points):
    plain, watched = measured(points_gan), measured(points_gan)
    for network in ("generator", "discriminator", "ema_generator"):
        getattr(watched, network).set_weights(getattr(plain, network).get_weights())
    logs = [
        gan.fit(points, epochs=3, callbacks=callbacks, verbose=0).history["generator_loss"]
        for gan, callbacks in ((plain, []), (watched, [SampleEvaluator(points)]))
    ]
    assert logs[0] == logs[1]


def test_stock_callbacks_work_on_the_numbers(points_gan, points, tmp_path):
    gan = measured(points_gan, generator_optimizer=keras.optimizers.SGD(0.0), ema_half_life=0)
    best = tmp_path / "best.keras"
    history = gan.fit(
        points,
        epochs=9,
        callbacks=[
            SampleEvaluator(tf.data.Dataset.from_tensor_slices(points).batch(16)),
            keras.callbacks.ModelCheckpoint(
                best, monitor="frechet_distance", mode="min", save_best_only=True
            ),
            keras.callbacks.EarlyStopping(monitor="frechet_distance", mode="min", patience=2),
            keras.callbacks.CSVLogger(tmp_path / "log.csv"),
        ],
        verbose=0,
    ).history
    assert len(history["frechet_distance"]) == 3  # it never improves: the generator is frozen
    assert "frechet_distance" in (tmp_path / "log.csv").read_text()
    loaded = keras.saving.load_model(best)
    loaded.measure_with([FrechetDistance(RawPixels())])
    expected = pytest.approx(min(history["frechet_distance"]), rel=1e-5)
    assert loaded.evaluate(points, batch_size=16, verbose=0)[-1] == expected


def test_conditional_models_take_labels(digits):
    import keras_gans as kg

    gan = kg.ConditionalGAN((8, 8, 1), 4, num_classes=3)
    gan.compile(metrics=[kg.metrics.PrecisionRecall(RawPixels())])
    labels = np.arange(16) % 3
    history = gan.fit(
        digits, labels, callbacks=[SampleEvaluator(digits, labels)], verbose=0
    ).history
    assert 0 <= history["precision"][0] <= 1


def test_a_model_without_metrics_is_an_error(points_gan, points):
    gan = points_gan()
    gan.compile()
    with pytest.raises(ValueError, match="SampleEvaluator needs metrics"):
        gan.fit(points, callbacks=[SampleEvaluator(points)], verbose=0)
    with pytest.raises(ValueError, match="every=0"):
        SampleEvaluator(points, every=0)


@pytest.mark.parametrize("verbose", [1, 2])
def test_the_numbers_are_printed_once_an_epoch_and_the_protocol_once(
    points_gan, points, capsys, verbose
):
    gan = measured(points_gan)
    history = gan.fit(points, epochs=2, callbacks=[SampleEvaluator(points)], verbose=verbose)
    out = capsys.readouterr().out
    form = ".3g" if verbose == 1 else ".4f"
    for distance in history.history["frechet_distance"]:
        assert out.count(f" {distance:{form}}") == 1
    assert out.count("64 real and 64 generated images") == 1


def test_a_copy_measures_the_same_images(points_gan, points):
    evaluator = SampleEvaluator(tf.data.Dataset.from_tensor_slices(points).batch(16), every=2)
    copied = copy.deepcopy(evaluator)  # as Keras Tuner does for each trial
    assert copied is not evaluator
    assert (copied.x, copied.every) == (evaluator.x, 2)


def test_two_would_overwrite_each_other(points_gan, points):
    gan = measured(points_gan)
    both = [SampleEvaluator(points), SampleEvaluator(points[:32])]
    with pytest.raises(ValueError, match="a second SampleEvaluator for frechet_distance"):
        gan.fit(points, callbacks=both, verbose=0)
    with pytest.raises(ValueError, match="several times"):
        SampleEvaluator(batch for batch in [points])
