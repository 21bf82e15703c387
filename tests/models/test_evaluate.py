"""Metrics of samples through `compile`, `evaluate` and `fit`."""

import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_networks import SMALL, drift_apart

import keras_gans as kg
from keras_gans.metrics import (
    DensityCoverage,
    FrechetDistance,
    LabelAccuracy,
    PrecisionRecall,
    RawPixels,
    SampleMetric,
)
from keras_gans.models.replicas import numbered_noise

sys.path.append(str(Path(__file__).parents[1] / "metrics"))
from judges import Judge

pytestmark = pytest.mark.usefixtures("quickly")


class Kept(SampleMetric):
    """A metric of the user: keeps everything."""

    def reset_real(self):
        self.real = []

    def reset_fake(self):
        self.fake, self.labels = [], []

    def update_real(self, rows, labels):
        self.real.append(rows)

    def update_fake(self, rows, labels):
        self.fake.append(rows)
        self.labels.append(labels)

    def compute(self):
        return np.concatenate(self.fake).mean()


def test_evaluate_measures_real_against_generated_images(points_gan, points):
    gan, kept = points_gan(value_range=(0, 1)), Kept(Judge())
    gan.compile(metrics=[kept, FrechetDistance(kept.extractor), PrecisionRecall(kept.extractor)])
    points = (points + 1) / 2
    logs = gan.evaluate(points, batch_size=16, verbose=0, return_dict=True)
    assert list(logs) == [
        *("discriminator_loss", "generator_loss", "real_score", "fake_score"),
        *("kept", "frechet_distance", "precision", "recall"),
    ]
    np.testing.assert_allclose(np.concatenate(kept.real), points * 2 - 1, atol=1e-6)
    fake = np.concatenate(kept.fake)
    assert len(fake) == 64
    assert len(np.unique(fake[:, 0])) == 64
    expected = kg.metrics.frechet_distance(points * 2 - 1, fake)
    assert logs["frechet_distance"] == pytest.approx(expected, rel=1e-4)
    assert gan.evaluate(points, batch_size=16, verbose=0) == list(logs.values())


def test_switches_change_nothing(points_gan, points):
    gan = points_gan()

    def evaluated(**keywords):
        gan.compile(metrics=[FrechetDistance(RawPixels())], **{"run_eagerly": False, **keywords})
        return gan.evaluate(points, batch_size=15, verbose=0, return_dict=True)

    expected = evaluated()
    assert evaluated(steps_per_execution=3) == pytest.approx(expected, rel=1e-4)
    assert evaluated(run_eagerly=True) == pytest.approx(expected, rel=1e-4)
    assert evaluated(jit_compile=True) == pytest.approx(expected, rel=0.1)  # XLA's noise is another


def test_the_size_of_batches_does_not_matter(points_gan, points):
    gan = points_gan()
    gan.compile(metrics=[FrechetDistance(RawPixels())])
    whole = gan.evaluate(points[:16], batch_size=16, verbose=0)
    for batch_size in (1, 7):
        parts = gan.evaluate(points[:16], batch_size=batch_size, verbose=0)
        assert parts[-1] == pytest.approx(whole[-1], rel=1e-4)


def test_losses_and_scores_are_those_of_the_averaged_generators_images(points_gan, points):
    gan, kept = points_gan(), Kept(Judge())
    drift_apart(gan, points)
    gan.measure_with([kept])
    logs = gan.evaluate(points, batch_size=16, verbose=0, return_dict=True)
    real, fake = (gan.discriminate(np.concatenate(rows)) for rows in (kept.real, kept.fake))
    losses = np.mean(np.log1p(np.exp(-real))) + np.mean(np.log1p(np.exp(fake)))
    assert logs["discriminator_loss"] == pytest.approx(losses, rel=1e-4)
    assert logs["generator_loss"] == pytest.approx(np.mean(np.log1p(np.exp(-fake))), rel=1e-4)
    assert logs["real_score"] == pytest.approx(np.mean(1 / (1 + np.exp(-real))), rel=1e-4)
    assert logs["fake_score"] == pytest.approx(np.mean(1 / (1 + np.exp(-fake))), rel=1e-4)


def test_outside_of_training_the_discriminator_is_in_inference_mode(points):
    layers = keras.layers
    discriminator = keras.Sequential(
        [
            *(keras.Input((2,)), layers.Dense(16), layers.BatchNormalization()),
            *(layers.Dropout(0.5), layers.Dense(1)),
        ]
    )
    gan = kg.GAN(generator=kg.networks.mlp_generator((2,), 3, width=4), discriminator=discriminator)
    gan.compile()
    gan.fit(points, verbose=0)  # which moves the statistics
    before = gan.get_state()
    logits = np.asarray(discriminator(points, training=False))
    np.testing.assert_allclose(gan.discriminate(points), logits, rtol=1e-4, atol=1e-6)
    logs = gan.evaluate(points, verbose=0, return_dict=True)
    gan.generate(4, seed=0)
    assert logs["real_score"] == pytest.approx(np.mean(1 / (1 + np.exp(-logits))), rel=1e-4)
    assert all(map(np.array_equal, before, gan.get_state()))


@pytest.mark.parametrize("floatx", ["float32", "float64"])
def test_no_noise_is_used_twice(floatx):
    keras.config.set_floatx(floatx)
    try:
        whole, parts = (keras.Variable(0, dtype="int64", trainable=False) for _ in range(2))
        images = np.zeros((12, 1))
        noise = numbered_noise(images, 5, 3, whole)
        cut = [numbered_noise(images[:size], 5, 3, parts) for size in (4, 2, 6)]
    finally:
        keras.config.set_floatx("float32")
    np.testing.assert_array_equal(np.concatenate(cut), noise)
    assert len(np.unique(noise)) == 60


@pytest.mark.filterwarnings("ignore:FrechetDistance should be given more images")
def test_datasets_of_the_library_come_in_the_same_order(digits):
    gan = kg.ConditionalGAN((8, 8, 1), 4, num_classes=3, **SMALL)
    gan.compile(metrics=[FrechetDistance(RawPixels()), LabelAccuracy(Judge())])
    dataset = kg.datasets.from_arrays(digits, 5, np.arange(16) % 3)
    first = gan.evaluate(dataset.prefetch(1), verbose=0)
    dataset.epoch.assign(3)
    assert gan.evaluate(dataset, verbose=0) == first
    assert int(dataset.epoch) == 3  # training continues where it was


def test_a_divergence_in_fit_leaves_the_word_to_the_callbacks(points_gan, points):
    gan = points_gan()
    sgd = keras.optimizers.SGD
    gan.compile(generator_optimizer=sgd(1e30), metrics=[FrechetDistance(RawPixels())])
    monitor = kg.callbacks.HealthMonitor()
    with pytest.warns(UserWarning, match="NaN or infinity while training"):
        logs = gan.fit(
            points, epochs=2, validation_data=(points,), callbacks=[monitor], verbose=0
        ).history
    assert np.isnan(logs["val_frechet_distance"]).all()
    assert "NaN or infinite" in monitor.messages[0]
    with pytest.raises(ValueError, match="NaN"):
        gan.evaluate(points, verbose=0)


def test_a_metric_that_somebody_else_uses_is_not_stale(points_gan, points):
    metric = FrechetDistance(RawPixels())
    gan, other = points_gan(seed=0), points_gan()
    gan.compile(metrics=[metric])
    other.compile(metrics=[metric])
    meddle = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: other.evaluate(points * 0.1, verbose=0)
    )
    logs = gan.fit(points, epochs=2, validation_data=(points,), callbacks=[meddle], verbose=0)
    last = gan.evaluate(points, verbose=0)[-1]
    assert logs.history["val_frechet_distance"][-1] == pytest.approx(last, rel=1e-5)


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # Keras, of a generator
def test_any_kind_of_data(points_gan, points):
    gan = points_gan()
    gan.compile(metrics=[FrechetDistance(RawPixels())])
    expected = gan.evaluate(points, verbose=0)
    dataset = tf.data.Dataset.from_tensor_slices(points).batch(32)
    assert gan.evaluate(dataset, verbose=0) == pytest.approx(expected, rel=1e-5)
    batches = ((points[rows : rows + 32],) for rows in (0, 32))
    assert gan.evaluate(batches, verbose=0) == pytest.approx(expected, rel=1e-5)
    one = gan.evaluate(dataset.repeat(), steps=1, verbose=0)
    assert one == pytest.approx(gan.evaluate(points[:32], verbose=0), rel=1e-5)


def test_fit_logs_them_and_looks_at_real_images_once(points_gan, points):
    judge = Judge()
    gan = points_gan()
    gan.compile(metrics=[FrechetDistance(judge), DensityCoverage(judge)])
    history = gan.fit(points, epochs=3, batch_size=32, validation_data=(points,), verbose=0)
    assert len(history.history["val_frechet_distance"]) == 3
    assert len(set(history.history["val_frechet_distance"])) == 3  # new fakes each time
    assert judge.looks == 2 * (3 + 1)  # two batches of fakes in each epoch, and once of reals
    again = gan.evaluate(points, verbose=0, return_dict=True)["frechet_distance"]
    assert again == pytest.approx(history.history["val_frechet_distance"][-1], rel=1e-5)


def test_outside_of_fit_real_images_are_looked_at_again(points_gan, points):
    gan = points_gan()
    gan.compile(metrics=[FrechetDistance(RawPixels())])
    points = points.copy()
    before = gan.evaluate(points, verbose=0)[-1]
    points[:] = points * 0.1
    after = gan.evaluate(points, verbose=0)[-1]
    assert after != before
    assert after == gan.evaluate(points.copy(), verbose=0)[-1]


def test_fakes_are_asked_for_the_labels_of_the_data(digits):
    gan = kg.ConditionalGAN((8, 8, 1), 4, num_classes=3, **SMALL)
    kept = Kept(Judge())
    gan.compile(metrics=[kept, LabelAccuracy(kept.extractor)])
    labels = np.arange(16) % 3
    logs = gan.evaluate(digits, labels, batch_size=8, verbose=0, return_dict=True)
    np.testing.assert_array_equal(np.concatenate(kept.labels), labels)
    classes = kept.extractor.probabilities(np.concatenate(kept.fake)).argmax(axis=1)
    assert logs["label_accuracy"] == np.mean(classes == labels)


def test_evaluate_prints_the_protocol(points_gan, points, capsys):
    gan = points_gan()
    gan.compile(metrics=[FrechetDistance(RawPixels())])
    gan.evaluate(points, verbose=2)
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith("frechet_distance ")
    assert line.endswith("(2 features of raw pixels in [-1, 1]; 64 real and 64 generated images)")
    gan.evaluate(points, verbose=0)
    assert capsys.readouterr().out == ""


def test_metrics_leave_training_and_files_alone(points_gan, points, tmp_path):
    def train(metrics):
        keras.utils.set_random_seed(0)
        gan = points_gan(seed=0)
        gan.compile(metrics=metrics)
        gan.fit(points, epochs=2, validation_data=(points,), verbose=0)
        return gan

    plain, measured = train(None), train([FrechetDistance(RawPixels())])
    for one, other in zip(plain.get_state(), measured.get_state(), strict=True):
        np.testing.assert_array_equal(one, other)
    measured.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert loaded.sample_metrics() == []
    iterations = int(loaded.generator_optimizer.iterations)
    loaded.measure_with([FrechetDistance(RawPixels())])
    assert loaded.evaluate(points, verbose=0) == measured.evaluate(points, verbose=0)
    assert int(loaded.generator_optimizer.iterations) == iterations > 0


def test_one_batch_has_losses_and_scores_also_with_metrics(points_gan, points):
    gan = points_gan()
    gan.compile(metrics=[FrechetDistance(RawPixels())])
    logs = gan.test_on_batch(points, return_dict=True)
    assert sorted(logs) == ["discriminator_loss", "fake_score", "generator_loss", "real_score"]
    assert gan.sample_metrics()[0].num_fake == 0  # a distance of one batch says nothing
    measured = gan.evaluate(points, batch_size=64, verbose=0, return_dict=True)
    assert logs == pytest.approx({name: measured[name] for name in logs}, rel=1e-5)


def test_the_judge_is_no_part_of_the_model(digits, tmp_path):
    gan = kg.DCGAN((8, 8, 1), 4, **SMALL)
    gan.compile()
    gan.save_weights(tmp_path / "plain.weights.h5")
    count, size = len(gan.weights), (tmp_path / "plain.weights.h5").stat().st_size
    judge = kg.metrics.DomainClassifier((10, 10, 1), num_classes=2)
    judge.image_shape = (8, 8, 1)
    gan.measure_with([FrechetDistance(judge)])
    assert len(gan.weights) == count
    gan.save_weights(tmp_path / "measured.weights.h5")
    assert (tmp_path / "measured.weights.h5").stat().st_size == size
    gan.load_weights(tmp_path / "plain.weights.h5")


def test_metrics_that_do_not_fit_the_model(points_gan):
    gan = kg.ConditionalGAN((8, 8, 1), 4, num_classes=3, **SMALL)
    judge = kg.metrics.DomainClassifier((10, 10, 1), num_classes=3)
    with pytest.raises(ValueError, match=r"image_shape=\(10, 10, 1\), and a model of image_shape="):
        gan.compile(metrics=[FrechetDistance(judge)])
    judge.image_shape, judge.num_classes = (8, 8, 1), 26
    with pytest.raises(ValueError, match="num_classes=26, and a model of num_classes=3"):
        gan.compile(metrics=[LabelAccuracy(judge)])
    gan.compile(metrics=[FrechetDistance(judge)])  # which may know other classes
    with pytest.raises(ValueError, match="precision, recall, which is already used"):
        gan.compile(metrics=[PrecisionRecall(RawPixels()), PrecisionRecall(RawPixels(), k=5)])
    gan.compile(metrics=[PrecisionRecall(RawPixels()), PrecisionRecall(RawPixels(), name="b")])
    with pytest.raises(ValueError, match="subclasses of SampleMetric"):
        gan.compile(metrics=[keras.metrics.BinaryAccuracy()])
    with pytest.raises(ValueError, match="generator_loss, which is already used"):
        gan.compile(metrics=[FrechetDistance(RawPixels(), name="generator_loss")])
    with pytest.raises(ValueError, match="must be a list"):
        gan.measure_with(FrechetDistance(RawPixels()))
    with pytest.raises(ValueError, match="without num_classes"):
        points_gan().compile(metrics=[LabelAccuracy(Judge())])
    with pytest.raises(TypeError, match="Use `metrics`"):
        gan.compile(metric=[])


def test_steps_alone_divide_an_array_as_keras_does(points_gan, points):
    gan, kept = points_gan(), Kept(Judge())
    gan.compile(metrics=[kept])
    gan.evaluate(points[:12], steps=3, verbose=0)
    assert [len(rows) for rows in kept.real] == [4, 4, 4]
