import textwrap

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from judges import Features, Judge

import keras_gans
from keras_gans import metrics
from keras_gans.metrics.kept_features import KeptFeatures

ALL = {
    "frechet": metrics.FrechetDistance,
    "kernel": metrics.KernelDistance,
    "subsets": lambda judge: metrics.KernelDistance(judge, subset_size=20, num_subsets=3),
    "precision": metrics.PrecisionRecall,
    "density": metrics.DensityCoverage,
    "score": metrics.ClassifierScore,
    "modes": metrics.ModeCoverage,
    "nearest": lambda judge: metrics.NearestTrainingImage(judge, samples(60, 5)[0]),
    "grid": lambda judge: metrics.GridDivergence(),
}


def samples(count=60, seed=0, columns=3):
    rng = np.random.default_rng(seed)
    real = rng.uniform(-1, 1, (count, columns))
    return real, np.clip(rng.normal(size=(count, columns)) * 0.4, -1, 1)


def values(metric):
    result = metric.result()
    return list(result.values()) if isinstance(result, dict) else [result]


@pytest.mark.parametrize("name", ALL)
@given(cuts=st.lists(st.integers(1, 59), max_size=4, unique=True), seed=st.integers(0, 99))
def test_order_and_batches_do_not_matter(name, cuts, seed):
    real, fake = samples(columns=2 if name == "grid" else 3)
    whole, parts = ALL[name](Judge()), ALL[name](Judge())
    whole.update_state(real, fake)
    order = np.random.default_rng(seed).permutation(60)
    for rows in np.split(order, sorted(cuts)):
        parts.update_state(real[rows], fake[rows[::-1]])
    np.testing.assert_allclose(values(parts), values(whole), rtol=1e-9, atol=1e-12)


def kernel_distance_to_itself(x):
    """Below zero: a row is as near as can be to itself, which counts between the sets only."""
    kernel = (x @ x.T / x.shape[1] + 1) ** 3
    count = len(x)
    within = (kernel.sum() - np.trace(kernel)) / (count * (count - 1))
    return 2 * within - 2 * kernel.mean()


def score_by_hand(x):
    classes = Judge().probabilities(x)
    divergences = np.sum(classes * np.log(classes / classes.mean(axis=0)), axis=1)
    return np.exp(divergences.mean())


def test_subsets_of_everything_are_everything():
    real, fake = samples(count=20)
    whole, subsets = metrics.KernelDistance(Judge()), ALL["subsets"](Judge())  # of 20 images
    for metric in (whole, subsets):
        metric.update_state(real, fake)
    assert values(subsets) == pytest.approx(values(whole), rel=1e-9)


@pytest.mark.parametrize("name", ALL)
def test_equal_images_are_as_good_as_can_be(name):
    x, _ = samples(columns=2 if name == "grid" else 3)
    best = {"precision": [1, 1], "density": [None, 1], "modes": [3, 0], "nearest": [1, None]}
    best |= {"kernel": [kernel_distance_to_itself(x)], "subsets": [None], "grid": [0, 0]}
    best["score"] = [score_by_hand(x)]
    metric = ALL[name](Judge())
    metric.update_state(x, x)
    for value, expected in zip(values(metric), best.get(name, [0]), strict=True):
        assert expected is None or value == pytest.approx(expected, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("name", ALL)
def test_reset_forgets_everything(name):
    metric = ALL[name](Judge())
    columns = 2 if name == "grid" else 3
    metric.update_state(*samples(seed=1, columns=columns))
    metric.reset_state()
    metric.update_state(*samples(columns=columns))
    fresh = ALL[name](Judge())
    fresh.update_state(*samples(columns=columns))
    assert values(metric) == values(fresh)
    metric.forget_fake()
    metric.update_state(fake_images=samples(columns=columns)[1])
    np.testing.assert_allclose(values(metric), values(fresh))
    metric.reset_state()
    with pytest.raises(ValueError, match="0 real and 0 generated"):
        metric.result()


@pytest.mark.parametrize("name", ["frechet", "subsets", "precision", "grid"])
def test_configurations_round_trip(name):
    metric = ALL[name](metrics.RawPixels())
    same = type(metric).from_config(metric.get_config())
    assert same.names == metric.names
    assert same.get_config() == metric.get_config()


def test_the_protocol_says_what_was_measured():
    metric = metrics.PrecisionRecall(metrics.RawPixels(), k=4, name="pixels")
    metric.update_state(*samples())
    assert (
        metric.protocol
        == "3 features of raw pixels in [-1, 1]; k=4; 60 real and 60 generated images"
    )
    assert str(metric).startswith("pixels_precision 1, pixels_recall 0.7 (3 features of raw")
    metric.update_state(fake_images=samples(seed=3)[1])
    assert "60 real and 120 generated" in metric.protocol


def test_the_name_of_the_real_images_is_that_of_the_data_or_the_users():
    metric = metrics.PrecisionRecall(metrics.RawPixels(), k=4)
    metric.source = "my test images"
    for source, shown in (("MNIST test split", "MNIST test split"), (None, "my test images")):
        metric.begin(source)
        metric.update_state(*samples())
        assert f"real ({shown})" in metric.protocol


def test_a_classifier_score_in_closed_form():
    score = metrics.ClassifierScore(Judge())
    score.update_state(fake_images=np.eye(3) * 2 - 1)  # sure, and even over three classes
    assert score.result() == pytest.approx(3.0, rel=0.01)
    score.reset_state()
    score.update_state(fake_images=np.zeros((5, 3)))
    assert score.result() == pytest.approx(1.0)


def test_mode_coverage_counts_classes_and_their_shares():
    modes = metrics.ModeCoverage(Judge())
    real = np.eye(3)[[0, 0, 1, 1, 2, 2]]
    modes.update_state(real, np.eye(3)[[0, 0, 0, 1]])
    expected = 0.75 * np.log(0.75 * 3) + 0.25 * np.log(0.25 * 3)
    assert modes.result() == {"modes": 2.0, "mode_kl": pytest.approx(expected)}


def test_label_accuracy_counts_what_was_asked_for():
    accuracy = metrics.LabelAccuracy(Judge())
    accuracy.update_state(None, np.eye(3)[[0, 1, 2, 2]], labels=[0, 1, 2, 0])
    assert accuracy.result() == 0.75
    with pytest.raises(ValueError, match="maximum 3"):
        accuracy.update_state(None, np.eye(3), labels=[0, 1, 3])
    with pytest.raises(ValueError, match="labels=None"):
        accuracy.update_state(None, np.eye(3))


def test_copies_of_training_images_are_found():
    training, _ = samples(300, 1)
    held_out, _ = samples(300, 2)
    metric = metrics.NearestTrainingImage(Judge(), training)
    new, _ = samples(300, 3)
    metric.update_state(held_out, new)
    result = metric.result()
    assert result["nearest_distance"] == pytest.approx(1, abs=0.2)
    assert result["near_copies"] < 0.05
    metric.forget_fake()
    metric.update_state(fake_images=np.concatenate([training[:150], new[:150]]))
    assert metric.result()["near_copies"] == pytest.approx(0.5, abs=0.03)
    metric.reset_state()
    metric.update_state(training, new)
    with pytest.raises(ValueError, match="must not be training images"):
        metric.result()


def test_training_images_out_of_range_are_refused():
    with pytest.raises(ValueError, match="values from 0 to 255"):
        metrics.NearestTrainingImage(Judge(), np.array([[0.0, 255.0]]))


def test_training_images_have_their_own_range():
    training, held_out = (samples(50, seed)[0] for seed in (1, 2))
    metric = metrics.NearestTrainingImage(Judge(), (training + 1) / 2, value_range=(0, 1))
    metric.update_state(held_out, training)
    assert metric.result()["nearest_distance"] == pytest.approx(0, abs=1e-6)
    with pytest.raises(NotImplementedError, match="create the metric again"):
        metric.get_config()


@pytest.mark.parametrize(
    ("base", "method"), [(metrics.SampleMetric, "compute"), (KeptFeatures, "compare")]
)
def test_a_metric_without_its_method_says_which(base, method):
    class Unfinished(base):
        pass

    metric = Unfinished(Judge())
    metric.update_state(*samples())
    with pytest.raises(NotImplementedError, match=rf"`{method}\(.*Received: Unfinished"):
        metric.result()


def test_grid_divergence_of_two_cells_in_closed_form():
    metric = metrics.GridDivergence(num_cells=2)
    metric.update_state([[-0.5, -0.5]] * 4, [[0.5, 0.5]] * 4)  # nothing in common
    high, low = 1.0001 / 1.0004, 0.0001 / 1.0004
    assert metric.result()["kl"] == pytest.approx((high - low) * np.log2(high / low))
    assert metric.result()["js"] == pytest.approx(1.0, abs=0.01)


def test_images_are_looked_at_once_by_metrics_of_one_extractor():
    judge, shared = Judge(), {}
    for metric in (metrics.FrechetDistance(judge), metrics.PrecisionRecall(judge)):
        metric.update_state(*samples(), shared={})
    assert judge.looks == 4
    real, fake = samples()
    for metric in (metrics.FrechetDistance(judge), metrics.PrecisionRecall(judge)):
        metric.update_state(real, fake, shared=shared)
    assert judge.looks == 6


def test_images_come_in_the_extractors_range():
    judge = Judge()
    judge.value_range = (0, 1)
    metric = metrics.FrechetDistance(judge)
    seen = []
    judge.features = lambda images: seen.append(images) or np.asarray(images)
    metric.update_state(np.array([[0, 255]], "uint8"), np.array([[-1.0, 0.5]]))
    np.testing.assert_allclose(seen[0], [[0, 1]])
    np.testing.assert_allclose(seen[1], [[0, 0.75]])


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.zeros((4, 2, 2)), r"shape=\(4, 2, 2\) for 4 images"),
        (np.zeros((3, 2)), r"shape=\(3, 2\) for 4 images"),
        ([[0.0], [np.nan], [1.0], [np.inf]], "2 of 4 images"),
    ],
)
def test_bad_features_are_errors(rows, message):
    metric = metrics.FrechetDistance(Features(rows))
    with pytest.raises(ValueError, match=message):
        metric.update_state(np.zeros((4, 2)), np.zeros((4, 2)))


def test_an_extractor_without_the_method_is_an_error():
    with pytest.raises(TypeError, match=r"method `probabilities\(images\)`"):
        metrics.ClassifierScore(metrics.RawPixels())


def test_real_images_out_of_range_are_errors():
    for metric in (metrics.FrechetDistance(Judge()), metrics.PrecisionRecall(Judge())):
        with pytest.raises(ValueError, match="from 0 to 255"):
            metric.update_state(np.linspace(0, 255, 12).reshape(4, 3), np.zeros((4, 3)))
    metrics.FrechetDistance(Judge()).update_state(np.zeros((4, 3)), np.full((4, 3), 1.5))


def test_metrics_that_make_no_sense():
    for make in (
        lambda: metrics.PrecisionRecall(metrics.RawPixels(), k=0),
        lambda: metrics.KernelDistance(metrics.RawPixels(), num_subsets=0),
        lambda: metrics.GridDivergence(0),
    ):
        with pytest.raises(ValueError, match=r"integer from 1 to 10000\. Received: .*=0"):
            make()
    with pytest.raises(ValueError, match="rows of 2 after rows of 3"):
        metrics.FrechetDistance(Judge()).update_state(np.zeros((4, 3)), np.zeros((4, 2)))
    with pytest.raises(ValueError, match="at least one image"):
        metrics.FrechetDistance(Judge()).update_state(np.zeros((0, 3)), np.zeros((4, 3)))
    with pytest.raises(TypeError, match=r"class .*RawPixels"):
        metrics.FrechetDistance(metrics.RawPixels)


def test_the_example_of_the_docstring():
    source = textwrap.dedent(metrics.SampleMetric.__doc__.split("Example:")[1])
    names = {"keras_gans": keras_gans, "np": np}
    exec(source, names)
    metric = names["MeanDifference"](Judge())
    assert metric(np.zeros((4, 3)), np.full((8, 3), 0.5)) == 0.5
    assert (
        str(metric) == "mean_difference 0.5 (3 features of numbers; 4 real and 8 generated images)"
    )
