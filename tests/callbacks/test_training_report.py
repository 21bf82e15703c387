import importlib.util
import itertools
import json
import math
import re
import shutil
import time

import keras
import numpy as np
import pytest
from pages import HOSTILE, Elements, Says, make_gan, opened, wait_until

import keras_gans as kg
from keras_gans import networks
from keras_gans.callbacks import HealthMonitor, TrainingReport
from keras_gans.report import fixed_sample, saved_page
from keras_gans.report import page as report_page
from keras_gans.report import pictures as report_pictures
from keras_gans.report.curves import panels_of

pytest.importorskip("plotly", reason="the report's curves need the extra `report`")

pytestmark = pytest.mark.usefixtures("quickly")


def facts_of(file):
    return saved_page.read(file, epoch=10**9)


def test_the_page_holds_grids_curves_and_settings(digits, tmp_path):
    file = tmp_path / "new" / "page.html"
    gan = make_gan()
    history = gan.fit(digits, epochs=3, verbose=0, callbacks=[TrainingReport(file)]).history
    facts = facts_of(file)
    assert [frame["epoch"] for frame in facts["frames"]] == [0, 1, 2, 3]
    assert facts["history"] == {name: pytest.approx(values) for name, values in history.items()}
    assert facts["state"] == "finished"
    assert facts["status"].startswith("Epoch 3 of 3, 48 images seen, finished after ")
    assert len(facts["maps"]) == 1
    page = file.read_text()
    assert '"keras_gans>GAN"' in page or "NonSaturating" in page
    assert not re.search(r'(src|href)="(?!data:)', page.split("</style>")[0])


def test_the_newest_grid_is_what_the_model_generates(digits, tmp_path):
    gan = make_gan()
    gan.fit(digits, verbose=0, callbacks=[TrainingReport(tmp_path / "page.html", seed=5)])
    expected = report_pictures.picture_of(gan.generate(16, seed=5), gan.value_range)
    assert facts_of(tmp_path / "page.html")["frames"][-1]["image"] == expected


def test_real_images_stand_beside(digits, tmp_path):
    dataset = kg.datasets.from_arrays(digits, 16, seed=0)
    pictures = []
    for real in (digits, dataset):
        report = TrainingReport(tmp_path / "page.html", real_images=real)
        make_gan().fit(digits, verbose=0, callbacks=[report])
        pictures.append(facts_of(tmp_path / "page.html")["real"])
    assert pictures[0] == report_pictures.picture_of(digits, (-1, 1))
    assert pictures[1].startswith("data:image/png")


def test_a_map_for_each_class(digits, tmp_path):
    gan = make_gan(num_classes=3)
    report = TrainingReport(tmp_path / "page.html")
    gan.fit(digits, np.arange(16) % 3, verbose=0, callbacks=[report])
    maps = facts_of(tmp_path / "page.html")["maps"]
    assert [entry["label"] for entry in maps] == ["0", "1", "2"]
    assert len({entry["image"] for entry in maps}) == 3


def test_float_conditions_are_those_given(digits, tmp_path):
    labels = np.linspace(-1, 1, 32, dtype="float32").reshape(16, 2)
    gan = make_gan(condition_dim=2)
    report = TrainingReport(tmp_path / "page.html", labels=labels)
    gan.fit(digits, labels, verbose=0, callbacks=[report])
    assert [entry["label"] for entry in facts_of(tmp_path / "page.html")["maps"]] == [None]


def test_points_have_no_map(points, tmp_path):
    report = TrainingReport(tmp_path / "page.html", real_images=points)
    gan = make_gan((2,))
    gan.fit(points, verbose=0, callbacks=[report])
    facts = facts_of(tmp_path / "page.html")
    assert facts["maps"] == []
    assert facts["real"] is None  # the real points are behind the generated ones
    behind = report_pictures.picture_of(gan.generate(1000, seed=0), (-1, 1), real_samples=points)
    assert facts["frames"][-1]["image"] == behind


def test_real_points_are_those_of_the_image_monitor():
    gan = make_gan((2,))
    points = np.linspace(-1, 1, 4000, dtype="float32").reshape(2000, 2)  # sorted
    real = report_pictures.real_sample(points, gan)
    np.testing.assert_array_equal(real, fixed_sample.real_sample(points, gan))
    assert real.max() > 0.9
    dataset = kg.datasets.from_arrays(points, 64)
    assert len(report_pictures.real_sample(dataset, gan)) == 1000


def test_real_and_generated_images_have_one_scale(tmp_path):
    images = np.random.default_rng(0).normal(0, 5, (16, 8, 8, 1))
    gan = kg.GAN(
        generator=networks.mlp_generator((8, 8, 1), 2, width=4, activation="linear"),
        discriminator=networks.mlp_discriminator((8, 8, 1), width=4),
        value_range=(-np.inf, np.inf),
    )
    gan.compile()
    report = TrainingReport(tmp_path / "page.html", real_images=images)
    gan.fit(images, verbose=0, callbacks=[report])
    scale = float(images.astype("float32").min()), float(images.astype("float32").max())
    facts = facts_of(report.file)
    assert facts["real"] == report_pictures.picture_of(images.astype("float32"), scale)
    assert facts["frames"][-1]["image"] == report_pictures.picture_of(
        gan.generate(16, seed=0), scale
    )


@pytest.mark.stage2
@pytest.mark.parametrize("shape", [(3,), (12, 2), (4, 4, 4, 1)])
def test_series_volumes_and_tables(shape, tmp_path):
    images = np.random.default_rng(0).normal(size=(16, *shape))
    gan = kg.GAN(
        generator=networks.mlp_generator(shape, 2, width=4, activation="linear"),
        discriminator=networks.mlp_discriminator(shape, width=4),
        value_range=(-np.inf, np.inf),
    )
    gan.compile()
    report = TrainingReport(tmp_path / "page.html", real_images=images)
    gan.fit(images, verbose=0, callbacks=[report])
    facts = facts_of(report.file)
    first, last = (frame["image"] for frame in facts["frames"])
    assert first.startswith("data:image/png")
    assert first != last
    assert (facts["real"] is None) == (len(shape) == 1)
    assert facts["maps"] == []
    assert not facts["pixels"]


def test_samples_that_cannot_be_drawn_leave_a_page_without_pictures(tmp_path):
    shape = (2, 3, 4, 4, 1)
    images = np.random.default_rng(0).uniform(-1, 1, (4, *shape))
    report = TrainingReport(tmp_path / "page.html", real_images=images)
    with pytest.warns(UserWarning, match="TrainingReport draws no pictures"):
        make_gan(shape).fit(images, epochs=2, verbose=0, callbacks=[report])
    facts = facts_of(report.file)
    assert (facts["frames"], facts["real"], facts["maps"]) == ([], None, [])
    assert facts["state"] == "finished"
    assert facts["status"].startswith("Epoch 2 of 2")
    assert len(facts["history"]["generator_loss"]) == 2


def test_generators_of_other_latents_have_no_map(tmp_path):
    gan = kg.Pix2Pix(image_shape=(16, 16, 1), condition_shape=(16, 16, 1))
    gan.compile()
    images = np.random.default_rng(0).uniform(-1, 1, (2, 16, 16, 1))
    report = TrainingReport(tmp_path / "page.html", labels=images)
    gan.fit(images, images, verbose=0, callbacks=[report])
    facts = facts_of(report.file)
    assert facts["maps"] == []
    assert len(facts["frames"]) == 2


def test_what_the_health_monitor_says(digits, tmp_path):
    health = HealthMonitor()
    report = TrainingReport(tmp_path / "page.html", health=health)
    says = Says(health, "epoch {}: </script> is no end")
    make_gan().fit(digits, verbose=0, callbacks=[health, says, report])
    facts = facts_of(tmp_path / "page.html")
    assert facts["messages"] == [{"epoch": 1, "text": "epoch 1: </script> is no end"}]
    assert "near_equal_pairs" in facts["history"]


def test_a_run_that_goes_on_takes_the_page_up(digits, tmp_path):
    file = tmp_path / "page.html"
    make_gan().fit(digits, epochs=3, verbose=0, callbacks=[TrainingReport(file)])
    before = facts_of(file)
    make_gan().fit(digits, initial_epoch=2, epochs=4, verbose=0, callbacks=[TrainingReport(file)])
    after = facts_of(file)
    assert [frame["epoch"] for frame in after["frames"]] == [0, 1, 2, 3, 4]
    assert after["frames"][:3] == before["frames"][:3]
    losses = after["history"]["generator_loss"]
    assert losses[:2] == before["history"]["generator_loss"][:2]
    assert len(losses) == 4
    assert after["seconds"] > before["seconds"]


def test_a_new_run_begins_a_new_page(digits, tmp_path):
    file = tmp_path / "page.html"
    for _ in range(2):
        make_gan().fit(digits, epochs=2, verbose=0, callbacks=[TrainingReport(file)])
    assert [frame["epoch"] for frame in facts_of(file)["frames"]] == [0, 1, 2]


class Ends(keras.callbacks.Callback):
    """Ends the training in the third epoch."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            raise self.error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyboardInterrupt(), r"interrupted after [^(]*;"),
        (ValueError("no"), r"interrupted by an error \(ValueError\) after "),
    ],
)
def test_a_run_that_does_not_reach_its_end_is_said_to_be_interrupted(
    error, words, digits, tmp_path
):
    report = TrainingReport(tmp_path / "page.html")
    gan = make_gan()
    with pytest.raises(type(error)):
        gan.fit(digits, epochs=5, verbose=0, callbacks=[report, Ends(error)])
    facts = facts_of(report.file)
    assert facts["state"] == "interrupted"
    assert facts["status"].startswith("Epoch 2 of 5, 32 images seen, ")
    assert re.search(words, facts["status"])
    assert [frame["epoch"] for frame in facts["frames"]] == [0, 1, 2]
    fails = keras.callbacks.LambdaCallback(on_train_begin=lambda logs: 1 / 0)
    with pytest.raises(ZeroDivisionError):  # before the report's training begins
        gan.fit(digits, callbacks=[fails, report])
    assert facts_of(report.file) == facts


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_run_that_stops_before_its_first_grid_keeps_the_page(error, digits, tmp_path):
    gan, report = make_gan(), TrainingReport(tmp_path / "page.html")
    gan.fit(digits, verbose=0, callbacks=[report])
    before = report.file.read_bytes()

    def stop(*args, **kwargs):
        raise error("no drawing")

    gan.generate = stop
    with pytest.raises(error, match="no drawing"):
        gan.fit(digits, verbose=0, callbacks=[report])
    assert report.file.read_bytes() == before


def test_missing_labels_are_an_error_when_training_begins(digits, tmp_path):
    gan, epochs = make_gan(condition_dim=2), []
    look = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: epochs.append(epoch))
    report = TrainingReport(tmp_path / "page.html")
    with pytest.raises(ValueError, match="labels=None"):
        gan.fit(digits, np.zeros((16, 2)), verbose=0, callbacks=[look, report])
    assert epochs == []
    assert not report.file.exists()


def test_every_third_epoch_and_the_last(digits, tmp_path):
    file = tmp_path / "page.html"
    seen = []

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(facts_of(file)["epoch"])

    report = TrainingReport(file, every=3)
    make_gan().fit(digits, epochs=7, verbose=0, callbacks=[report, Look()])
    assert seen == [1, 2, 3, 4, 5, 6, 7]
    facts = facts_of(file)
    assert [frame["epoch"] for frame in facts["frames"]] == [0, 3, 6, 7]
    assert len(facts["history"]["generator_loss"]) == facts["epoch"] == 7


def test_a_run_that_was_killed_between_two_grids_keeps_its_curves(digits, tmp_path):
    file, health = tmp_path / "page.html", HealthMonitor()
    left = []

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            left.append(file.read_bytes())

    report = TrainingReport(file, every=10, health=health)
    callbacks = [health, Says(health, "{}"), report, Look()]
    make_gan().fit(digits, epochs=3, verbose=0, callbacks=callbacks)
    file.write_bytes(left[1])  # as if the process had been killed after two epochs
    make_gan().fit(digits, initial_epoch=2, epochs=3, verbose=0, callbacks=[TrainingReport(file)])
    facts = facts_of(file)
    assert None not in facts["history"]["generator_loss"]
    assert [message["text"] for message in facts["messages"]] == ["1", "2"]


def test_a_run_that_continues_knows_how_long_an_epoch_takes(digits, tmp_path):
    intervals = []

    class Look(keras.callbacks.Callback):
        def on_batch_begin(self, batch, logs=None):
            intervals.append(facts_of(report.file)["interval"])

    report = TrainingReport(tmp_path / "page.html")
    make_gan().fit(digits, epochs=1, verbose=0, callbacks=[report, Look()])
    make_gan().fit(digits, initial_epoch=1, epochs=2, verbose=0, callbacks=[report, Look()])
    assert intervals[0] is None
    assert intervals[1] > 0


def test_the_status_has_the_day():
    assert report_page.status("running", 1, 2, 3, 4.0, None).endswith(
        f"written on {report_page.today()}."
    )


def test_title_date_and_rows(digits, tmp_path):
    report = TrainingReport(tmp_path / "page.html", title="Three classes")
    gan = make_gan(num_classes=3)
    gan.fit(digits, np.arange(16) % 3, verbose=0, callbacks=[report])
    facts = facts_of(report.file)
    assert facts["title"] == "Three classes"
    assert re.fullmatch(r"GAN, started on \d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d", facts["about"])
    assert facts["rows"] == ["0", "1", "2"]


PROTOCOL = "64 features of raw pixels in [-1, 1]; k=3; 16 real and 16 generated images"


class Unknown(kg.metrics.PrecisionRecall):
    lower_is_better = None


def test_the_metric_that_has_a_best_epoch(digits, tmp_path):
    gan, raw = make_gan(), kg.metrics.RawPixels()
    gan.compile(metrics=[Unknown(raw, name="unknown"), kg.metrics.PrecisionRecall(raw)])
    report = TrainingReport(tmp_path / "page.html")
    callbacks = [kg.callbacks.SampleEvaluator(digits), report]
    gan.fit(digits, verbose=0, callbacks=callbacks)
    facts = facts_of(report.file)
    assert facts["metrics"] == [
        {"name": name, "lower": lower, "protocol": PROTOCOL}
        for name, lower in (
            ("unknown_precision", None),
            ("unknown_recall", None),
            ("precision", False),
            ("recall", False),
        )
    ]
    assert facts["panels"][0] == {"title": "precision", "names": ["precision"]}


class Opposite(kg.metrics.PrecisionRecall):
    lower_is_better = (False, True)


def test_metrics_of_validation_data_and_with_two_directions(digits, tmp_path):
    gan = make_gan()
    gan.compile(metrics=[Opposite(kg.metrics.RawPixels())])
    report = TrainingReport(tmp_path / "page.html")
    gan.fit(digits, validation_data=(digits,), verbose=0, callbacks=[report])
    assert facts_of(report.file)["metrics"] == [
        {"name": "val_precision", "lower": False, "protocol": PROTOCOL},
        {"name": "val_recall", "lower": True, "protocol": PROTOCOL},
    ]


def test_real_images_are_as_many_as_generated_ones_in_as_many_columns(digits, tmp_path):
    labels = np.arange(32) % 3
    images = np.concatenate([digits, -digits])
    gan = make_gan(num_classes=3)
    report = TrainingReport(tmp_path / "page.html", real_images=images)
    gan.fit(images, labels, verbose=0, callbacks=[report])
    expected = report_pictures.picture_of(images[:24], (-1, 1), columns=8)
    assert facts_of(report.file)["real"] == expected


def test_a_log_that_comes_late_or_is_not_finite(digits, tmp_path):
    class Late(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                logs["late"] = float("nan")
            if epoch == 2:
                logs["late"] = 2.0

    file = tmp_path / "page.html"
    make_gan().fit(digits, epochs=4, verbose=0, callbacks=[Late(), TrainingReport(file)])
    assert facts_of(file)["history"]["late"] == [None, "nan", 2.0, None]


def test_a_curve_without_a_finite_number_has_no_chart():
    assert panels_of({"a": [None, "nan"], "b": ["inf", 1.0]}) == [{"title": "b", "names": ["b"]}]


def test_large_grids_are_thinned_out_evenly():
    kept = []
    for epoch in range(51):
        kept = report_pictures.thinned([*kept, {"epoch": epoch, "image": "x" * 200_000}])
        assert sum(len(frame["image"]) for frame in kept) <= 3_000_000
    epochs = [frame["epoch"] for frame in kept]
    assert (epochs[0], epochs[-1], len(epochs)) == (0, 50, 15)
    assert max(np.diff(epochs)) <= 8


def test_to_look_at_the_data_does_not_change_their_order(digits, tmp_path):
    weights = []
    for look in (False, True):
        keras.utils.set_random_seed(0)
        dataset = kg.datasets.from_arrays(digits, 8, seed=0)
        gan = make_gan(seed=0)
        reports = [TrainingReport(tmp_path / "page.html", real_images=dataset)] if look else []
        gan.fit(dataset, epochs=3, verbose=0, callbacks=reports)
        weights.append(gan.get_weights())
    for first, second in zip(*weights, strict=True):
        np.testing.assert_array_equal(first, second)


def test_real_images_that_the_model_does_not_train_on(digits, tmp_path):
    report = TrainingReport(tmp_path / "page.html", real_images=np.zeros((16, 8, 8)))
    with pytest.raises(ValueError, match=r"shape \(8, 8, 1\)"):
        make_gan().fit(digits, verbose=0, callbacks=[report])


@pytest.mark.parametrize("images", [np.zeros((0, 8, 8, 1)), np.zeros(3), []])
def test_real_images_that_are_none(images, tmp_path):
    with pytest.raises(ValueError, match="at least one entry"):
        TrainingReport(tmp_path / "page.html", real_images=images)


def test_boolean_images_are_black_and_white(digits, tmp_path):
    pictures = []
    for real in (digits > 0, np.where(digits > 0, 1.0, -1.0)):
        report = TrainingReport(tmp_path / "page.html", real_images=real)
        make_gan().fit(digits, verbose=0, callbacks=[report])
        pictures.append(facts_of(tmp_path / "page.html")["real"])
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("odd", [np.ones(3), {"a": 1.0}, "text", 10**400, None])
def test_a_log_that_is_no_number_is_left_out(odd, digits, tmp_path):
    class Odd(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["odd"], logs["array"] = odd, np.ones(1)

    make_gan().fit(digits, verbose=0, callbacks=[Odd(), TrainingReport(tmp_path / "page.html")])
    history = facts_of(tmp_path / "page.html")["history"]
    assert (history["odd"], history["array"]) == ([None], [1.0])


class Unsaved(keras.layers.Layer):
    def __init__(self, function, **settings):
        super().__init__(**settings)
        self.function = function

    def call(self, x):
        return self.function(x)


def test_settings_that_json_does_not_know(digits, tmp_path):
    inputs = keras.Input((8, 8, 1))
    logits = keras.layers.Dense(1)(Unsaved(keras.ops.abs)(keras.layers.Flatten()(inputs)))
    gan = kg.GAN(
        generator=networks.mlp_generator((8, 8, 1), 2, width=4),
        discriminator=keras.Model(inputs, logits),
    )
    gan.compile(generator_optimizer=keras.optimizers.Adam(clipvalue=math.inf))
    gan.fit(digits, verbose=0, callbacks=[TrainingReport(tmp_path / "page.html")])
    page = (tmp_path / "page.html").read_text()
    assert "unknown: " in page
    assert '"clipvalue": "inf"' in page


@pytest.mark.parametrize("channels", [2, 4, 5])
def test_other_channels(channels, tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (16, 64, 64, channels), "uint8")
    report = TrainingReport(tmp_path / "page.html", real_images=images)
    gan = make_gan((64, 64, channels))
    gan.fit(images, verbose=0, callbacks=[report])
    assert facts_of(report.file)["real"].startswith("data:image/")
    aspect = facts_of(report.file)["maps"][0]["aspect"]
    assert aspect == (1 if channels == 4 else channels)  # channels are next to each other


def test_what_the_monitor_said_is_there_once_and_goes_with_its_epoch(digits, tmp_path):
    health = HealthMonitor()

    gan, report = make_gan(), TrainingReport(tmp_path / "page.html", health=health)
    for first, last in ((0, 2), (2, 4), (3, 4)):
        gan.fit(
            digits,
            initial_epoch=first,
            epochs=last,
            verbose=0,
            callbacks=[health, Says(health, "{}"), report],
        )
    messages = facts_of(report.file)["messages"]
    assert [message["text"] for message in messages] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("content", [b"\x8d", b"hello", b""])
@pytest.mark.parametrize("first", [0, 1])
def test_a_file_that_is_no_report_is_not_replaced(content, first, digits, tmp_path):
    file = tmp_path / "page.html"
    file.write_bytes(content)
    report = TrainingReport(file)
    with pytest.raises(ValueError, match="only pages that TrainingReport wrote"):
        make_gan().fit(digits, initial_epoch=first, epochs=2, verbose=0, callbacks=[report])
    assert file.read_bytes() == content


def test_a_damaged_report_is_moved_aside(digits, tmp_path):
    file = tmp_path / "page.html"
    content = b'<script type="application/json" id="facts">{</script>'
    file.write_bytes(content)
    with pytest.warns(UserWarning, match="It was moved to .*earlier_run_1'"):
        make_gan().fit(
            digits, initial_epoch=1, epochs=2, verbose=0, callbacks=[TrainingReport(file)]
        )
    assert [frame["epoch"] for frame in facts_of(file)["frames"]] == [1, 2]
    assert (tmp_path / "earlier_run_1" / "page.html").read_bytes() == content


PICTURE = "data:image/png;base64,"
RIGHT = {
    "frames": [{"epoch": 0, "image": PICTURE}],
    "messages": [{"epoch": 1, "text": "a"}],
    "history": {"loss": [0.5, None, "nan", "-inf"]},
    "seconds": 2.0,
    "interval": None,
    "started": "1 May 2026, 12:00",
}


def test_facts_that_are_right_are_taken_up(tmp_path):
    assert read_facts(tmp_path, RIGHT) == RIGHT
    assert read_facts(tmp_path, {**RIGHT, "seconds": -9})["seconds"] == 0  # of a clock set back


def read_facts(folder, facts):
    file = folder / "page.html"
    facts = json.dumps(facts)
    file.write_text(f'<script type="application/json" id="facts">{facts}</script>')
    return saved_page.read(file, epoch=9)


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("frames", [{"epoch": 0, "image": "https://example.com/a.png"}]),
        ("frames", [{"epoch": 0, "image": 3}]),
        ("frames", [{"epoch": "0", "image": PICTURE}]),
        ("frames", [PICTURE]),
        ("frames", None),
        ("messages", [{"epoch": 1, "text": ["a"]}]),
        ("messages", "a"),
        ("history", {"loss": ["0.5"]}),
        ("history", {"loss": 0.5}),
        ("history", {"loss": [math.nan]}),
        ("history", {"loss": [10**400]}),
        ("history", [0.5]),
        ("interval", "2"),
        ("seconds", "2"),
        ("seconds", math.inf),
        ("seconds", None),
        ("started", 3),
    ],
)
def test_facts_of_a_wrong_type_are_begun_anew(part, wrong, tmp_path):
    with pytest.warns(UserWarning, match="A report must be complete"):
        assert read_facts(tmp_path, {**RIGHT, part: wrong}) == {}


def test_a_clock_that_is_set_back_does_no_harm(digits, tmp_path, monkeypatch):
    clock = itertools.count(10**9, -3600)
    monkeypatch.setattr(time, "time", lambda: next(clock))
    report = TrainingReport(tmp_path / "page.html")
    make_gan().fit(digits, epochs=2, verbose=0, callbacks=[report])
    assert re.search(r"finished after \d", facts_of(report.file)["status"])


def test_a_page_that_can_no_longer_be_written_does_not_end_the_training(digits, tmp_path):
    folder = tmp_path / "gone"

    class Remove(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            shutil.rmtree(folder, ignore_errors=True)

    report = TrainingReport(folder / "page.html")
    with pytest.warns(UserWarning, match="The report was not written"):
        history = make_gan().fit(digits, epochs=2, verbose=0, callbacks=[Remove(), report])
    assert len(history.epoch) == 2


def test_the_name_ends_in_html():
    with pytest.raises(ValueError, match=r"page\.html"):
        TrainingReport("page")


def test_color_grids_stay_small():
    noise = np.random.default_rng(0).integers(0, 256, (16, 64, 64, 3), "uint8")
    assert len(report_pictures.picture_of(noise, (-1, 1))) < 150_000
    large = np.zeros((16, 512, 512, 3), "uint8")
    large[:, :, ::2] = 255
    assert len(report_pictures.picture_of(large, (-1, 1))) < 400_000


def noisy_generator(image_shape, latent_dim, num_classes):
    """Noise is what compresses worst."""
    latents, labels = keras.Input((latent_dim,)), keras.Input((), dtype="int32")
    wide = keras.initializers.RandomNormal(stddev=2.0, seed=0)
    dense = keras.layers.Dense(math.prod(image_shape), "tanh", kernel_initializer=wide)
    told = keras.layers.Concatenate()([latents, keras.layers.Embedding(num_classes, 2)(labels)])
    return keras.Model([latents, labels], keras.layers.Reshape(image_shape)(dense(told)))


@pytest.mark.slow
@pytest.mark.parametrize("image_shape", [(64, 64, 3), (100, 150, 1)])
def test_fifty_epochs_of_noise_stay_under_ten_megabytes(image_shape, tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (16, *image_shape), "uint8")
    gan = kg.GAN(
        image_shape=image_shape,
        latent_dim=2,
        num_classes=10,
        generator=noisy_generator,
        discriminator=lambda **sizes: networks.mlp_discriminator(width=4, **sizes),
    )
    gan.compile(generator_optimizer=keras.optimizers.SGD(0.0))
    report = TrainingReport(tmp_path / "page.html", real_images=images)
    gan.fit(images, np.arange(16) % 10, epochs=50, verbose=0, callbacks=[report])
    frames = facts_of(report.file)["frames"]
    assert sum(len(frame["image"]) for frame in frames) > 2_000_000
    assert report.file.stat().st_size < 10_000_000


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(4.4, "4 s"), (125, "2 min 5 s"), (3660, "1 h 1 min"), (59.7, "1 min 0 s")],
)
def test_durations_in_words(seconds, words):
    assert report_page.duration(seconds) == words


def test_without_plotly_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match="pip install plotly"):
        TrainingReport()


WITHOUT_SLASH = HOSTILE.replace("/", "")  # which Keras allows in no name of a layer


@keras.saving.register_keras_serializable("test", name=WITHOUT_SLASH)
class Hostile(kg.losses.NonSaturating):
    def get_config(self):
        return {"note": HOSTILE, HOSTILE: [HOSTILE]}


class Logs(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        logs.update({HOSTILE: 1.0, f"{HOSTILE}_loss": 2.0, "val_<b>bold</b>": 3.0})


@pytest.fixture
def hostile_file(digits, tmp_path):
    """A page of a run in which every name and text wants to be more than a text."""
    build = networks.mlp_generator
    generator = build((8, 8, 1), 2, width=4, num_classes=2)
    images, labels = keras.Input((8, 8, 1)), keras.Input((), dtype="int32")
    flat = keras.layers.Flatten(name=WITHOUT_SLASH)(images)
    told = keras.layers.Embedding(2, 2, name=f"b{WITHOUT_SLASH}")(labels)
    logits = keras.layers.Dense(1)(keras.layers.Concatenate()([flat, told]))
    discriminator = keras.Model([images, labels], logits, name=f"c{WITHOUT_SLASH}")
    gan = type(HOSTILE, (kg.GAN,), {})(
        generator=generator, discriminator=discriminator, num_classes=2
    )
    gan.class_names = [f"<b>a</b> {WITHOUT_SLASH[9:20]}", "</script><b>x</b>"]
    gan.compile(loss=Hostile())
    health = HealthMonitor()
    report = TrainingReport(tmp_path / "page.html", real_images=digits, health=health)
    callbacks = [health, Says(health, HOSTILE), Logs(), report]
    gan.fit(digits, np.arange(16) % 2, epochs=2, verbose=0, callbacks=callbacks)
    return report.file


def test_names_and_texts_stay_texts(hostile_file, digits):
    found = Elements(hostile_file.read_text()).found
    make_gan().fit(digits, verbose=0, callbacks=[TrainingReport(hostile_file.with_name("b.html"))])
    harmless = Elements(hostile_file.with_name("b.html").read_text()).found
    assert [tag for tag, _ in found] == [tag for tag, _ in harmless]
    assert not any(name.startswith("on") for _, attributes in found for name in attributes)
    addresses = [given[name] for _, given in found for name in ("src", "href") if name in given]
    assert set(addresses) == {"data:,"}
    facts = facts_of(hostile_file)
    assert facts["title"] == facts["messages"][0]["text"] == HOSTILE
    names = [f"<b>a</b> {WITHOUT_SLASH[9:20]}", "</script><b>x</b>"]
    assert facts["rows"] == [entry["label"] for entry in facts["maps"]] == names
    assert facts["history"][HOSTILE] == [1.0, 1.0]


def test_a_browser_may_load_nothing(digits, tmp_path):
    make_gan().fit(digits, verbose=0, callbacks=[TrainingReport(tmp_path / "page.html")])
    rules = [
        given["content"].split("; ")
        for tag, given in Elements((tmp_path / "page.html").read_text()).found
        if given.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(rules) == 1
    assert "default-src 'none'" in rules[0]
    assert not any("http" in rule or "*" in rule or "self" in rule for rule in rules[0])


def luminance(color):
    """Of a color as in #2563c9, as the Web Content Accessibility Guidelines define it."""
    parts = np.array([int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def test_texts_and_curves_have_contrast_by_day_and_by_night():
    text = report_page.__file__.replace("page.py", "page.html")
    with open(text, encoding="utf-8") as file:
        text = file.read()
    curves = re.findall(r"#\w{6}", re.search(r"const COLORS = \[(.*?)\]", text)[1])
    assert len(curves) == 10
    values = {name: re.findall(rf"--{name}: (#\w+);", text) for name in ("ink", "soft", "alert")}
    for paper, scheme in (("#ffffff", 0), ("#111318", 1)):
        wanted = [(color, 3.0) for color in curves]
        wanted += [(colors[scheme], 4.5) for colors in values.values()]
        for color, least in wanted:
            low, high = sorted((luminance(color), luminance(paper)))
            assert (high + 0.05) / (low + 0.05) >= least, (color, paper)


@pytest.fixture
def page_file(digits, tmp_path):
    health = HealthMonitor()
    says = Says(health, "epoch {}: </script><b>not bold</b>")
    report = TrainingReport(tmp_path / "page.html", real_images=digits, health=health)
    gan = make_gan(num_classes=3)
    gan.fit(digits, np.arange(16) % 3, epochs=3, verbose=0, callbacks=[health, says, report])
    return tmp_path / "page.html"


@pytest.mark.slow
def test_nothing_leaves_a_page_whose_texts_are_hostile(browser, hostile_file):
    page, complaints = opened(browser, hostile_file)
    assert page.title() == f"{HOSTILE}: training report"
    assert page.inner_text("h1") == HOSTILE
    assert page.locator("#notices li").first.inner_text() == HOSTILE
    names = facts_of(hostile_file)["rows"]
    assert page.locator("#label option").all_text_contents() == names
    assert page.locator(".rows").first.locator("span").all_text_contents() == names
    assert HOSTILE.replace("_", " ") in page.locator("#curves h3").all_text_contents()
    assert f"{HOSTILE}_loss" in page.locator("#curves .main-svg text").all_text_contents()
    page.click("summary")
    in_the_loss, class_of_the_model = 3, 1
    texts = page.inner_text("#settings").count(json.dumps(HOSTILE)[1:-1])
    assert texts == in_the_loss + class_of_the_model
    assert page.locator("[onerror], a").count() == 0
    assert complaints == []


@pytest.mark.slow
def test_the_page_lets_nothing_out_even_if_it_held_something(browser, page_file):
    """The rules of the page hold where its escaping should fail."""
    bad = page_file.read_text().replace(
        "</body>",
        '<img src="https://example.org/a.png"><script src="https://example.org/a.js"></script>'
        "<script>fetch('https://example.org/fetch')</script></body>",
    )
    page_file.write_text(bad)
    page, complaints = browser.new_page(), []
    page.on("requestfinished", lambda request: complaints.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(page_file.as_uri())
    page.wait_for_selector("#curves .main-svg")
    refused = "".join(text for text in complaints if "Content Security Policy" in text)
    assert set(re.findall(r"example\.org/[a-z.]+[a-z]", refused)) == {
        f"example.org/{file}" for file in ("a.png", "a.js", "fetch")
    }
    assert not any(text.startswith("http") for text in complaints)


@pytest.mark.slow
def test_the_slider_moves_by_mouse_and_keyboard(browser, page_file):
    page, complaints = opened(browser, page_file)
    frames = facts_of(page_file)["frames"]
    assert page.get_attribute("#grid", "src") == frames[3]["image"]
    page.focus("#epoch")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#number") == "2"
    assert page.get_attribute("#grid", "src") == frames[2]["image"]
    page.keyboard.press("Home")
    assert page.get_attribute("#grid", "src") == frames[0]["image"]
    box = page.locator("#epoch").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    assert page.get_attribute("#grid", "src") == frames[3]["image"]
    assert page.locator("#notices li").first.inner_text() == "epoch 1: </script><b>not bold</b>"
    assert complaints == []


@pytest.mark.slow
def test_the_pictures_can_be_played(browser, page_file):
    page, complaints = opened(browser, page_file)
    clicked = "play.click(); [number.textContent, play.textContent]"
    assert page.evaluate(clicked) == ["0", "Pause"]
    wait_until(page, "number.textContent === '3'")
    assert page.inner_text("#play") == "Play"
    assert complaints == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("state", "interval", "waited"),
    [("running", 2.0, True), ("running", None, True), ("finished", 2.0, False)],
)
def test_a_page_says_that_an_update_is_overdue(state, interval, waited, browser, page_file):
    with_facts(page_file, state=state, written=1e9, interval=interval)
    page, _ = opened(browser, page_file)
    assert page.inner_text("#status").endswith("may have stopped.") == waited


def with_facts(file, **changes):
    """Writes a page with other facts."""
    head, tail = file.read_text().split('id="facts">')
    facts, tail = tail.split("</script>", 1)
    facts = json.dumps({**json.loads(facts), **changes}).replace("<", "\\u003c")
    file.write_text(f'{head}id="facts">{facts}</script>{tail}')


@pytest.mark.slow
def test_a_metric_that_ends_in_nan_is_shown_as_nan(browser, page_file):
    metric = {"name": "distance", "lower": True, "protocol": "16 real and 16 generated images"}
    panels = [{"title": "distance", "names": ["distance"]}]
    for values, last, best in (
        ([3.0, 2.0, "nan"], "NaN", "best: 2, after epoch 2"),
        ([3.0, 2.0, None], "2", "best: 2, after epoch 2"),
        ([None, "nan", "inf"], "\u221e", ""),
    ):
        history = {"distance": values}
        with_facts(page_file, metrics=[metric], history=history, panels=panels, classes=26)
        page, complaints = opened(browser, page_file)
        assert page.inner_text("#value") == last
        assert page.inner_text("#best") == best
        assert page.inner_text("#protocol") == "16 real and 16 generated images"
        assert page.locator("#go:visible").count() == bool(best)
        said = page.locator("#curves .unseen").inner_text()
        assert said.startswith(f"distance: last {last}")
        assert (", best 2 after epoch 2" in said) == bool(best)
        assert page.inner_text("#some") == "3 of 26 classes"
        assert page.inner_text("#generated").endswith("; 3 of 26 classes")
        assert complaints == []


@pytest.mark.slow
def test_show_leads_to_the_nearest_images(browser, page_file):
    frames = facts_of(page_file)["frames"][:3]
    for frame, epoch in zip(frames, (0, 10, 50), strict=True):
        frame["epoch"] = epoch
    values = [9.0] * 11 + [1.0] + [9.0] * 38
    metric = {"name": "distance", "lower": True, "protocol": None}
    panels = [{"title": "distance", "names": ["distance"]}]
    changes = {"metrics": [metric], "history": {"distance": values}, "panels": panels}
    with_facts(page_file, frames=frames, **changes)
    page, complaints = opened(browser, page_file)
    assert page.inner_text("#number") == "50"
    page.click("#go")
    assert page.inner_text("#number") == "10"
    assert complaints == []


@pytest.mark.slow
def test_updates_wait_for_the_reader(browser, page_file):
    with_facts(page_file, state="running", written=time.time())
    page = browser.new_page()
    page.clock.install()
    page.goto(page_file.as_uri())
    loads = []
    page.on("load", lambda _: loads.append("again"))

    def after(seconds):
        page.clock.run_for(1000 * seconds)
        page.wait_for_timeout(2000)  # to load
        page.wait_for_load_state()
        return len(loads)

    assert after(25) == 0
    page.focus("#epoch")
    page.keyboard.press("Home")
    assert after(25) == 0  # used in the last half minute
    assert after(10) == 1
    assert page.evaluate("document.activeElement.id") == "epoch"
    page.click("#pause")
    assert after(100) == 1
    page.click("#pause")
    page.mouse.move(5, 5)
    page.mouse.down()
    assert after(100) == 1
    page.mouse.up()
    assert after(35) == 2


@pytest.mark.slow
def test_the_place_stays_when_the_page_loads_again(browser, page_file):
    page, complaints = opened(browser, page_file)
    page.focus("#epoch")
    page.keyboard.press("Home")
    page.focus("#down")
    page.keyboard.press("End")
    page.select_option("#label", "2")
    page.click("summary")
    page.reload()
    assert page.inner_text("#number") == "0"
    state = "[down.value, label.value, details.open]"
    assert page.evaluate(state) == ["7", "2", True]
    other = page_file.with_name("other.html")
    other.write_bytes(page_file.read_bytes())
    page.goto(other.as_uri())
    assert page.inner_text("#number") == "3"
    assert complaints == []


@pytest.mark.slow
def test_a_page_without_the_selected_class_shows_its_first_class(browser, page_file):
    page, complaints = opened(browser, page_file)
    page.select_option("#label", "2")
    text = page_file.read_text()
    maps = facts_of(page_file)["maps"]
    page_file.write_text(text.replace(json.dumps(maps), json.dumps(maps[:2])))
    page.reload()
    page.wait_for_selector("#curves .main-svg")
    assert page.evaluate("[label.value, label.options.length]") == ["0", 2]
    started = json.dumps(facts_of(page_file)["started"])
    page_file.write_text(text.replace(f'"started": {started}', '"started": "later"'))
    page.reload()
    assert page.evaluate("[label.value, label.options.length]") == ["0", 3]  # of another run
    assert complaints == []


@pytest.mark.slow
def test_curves_answer_to_the_mouse(browser, page_file):
    page, complaints = opened(browser, page_file)
    assert page.locator("#curves .hoverlayer *").count() == 0
    page.locator("#curves .nsewdrag").first.hover(force=True)
    page.wait_for_selector("#curves .hoverlayer text", state="attached")
    said = "".join(page.locator("#curves .hoverlayer text").all_text_contents())
    assert "discriminator_loss" in said  # the whole name
    assert complaints == []


@pytest.mark.slow
def test_the_latent_space_can_be_walked(browser, page_file):
    page, complaints = opened(browser, page_file)
    look = "getComputedStyle(document.getElementById('place'))"
    before = page.evaluate(f"[{look}.backgroundPosition, {look}.backgroundImage]")
    page.focus("#across")
    page.keyboard.press("End")
    moved = page.evaluate(f"[{look}.backgroundPosition, {look}.backgroundImage]")
    assert before[0] == "0% 0%"
    assert moved == ["100% 0%", before[1]]
    page.select_option("#label", "2")
    assert page.evaluate(f"{look}.backgroundImage") != before[1]
    box = page.locator("#place").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] - 2)
    assert page.evaluate(f"{look}.backgroundPosition") == "0% 100%"
    assert complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_telephone_by_day_and_by_night(browser, page_file, scheme):
    size = {"width": 360, "height": 740}
    page, complaints = opened(browser, page_file, viewport=size, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    body = "getComputedStyle(document.body)"
    colors = page.evaluate(f"[{body}.color, {body}.backgroundColor]")
    ink, paper = (sum(map(int, re.findall(r"\d+", color))) for color in colors)
    assert (ink < 100 and paper > 700) == (scheme == "light")
    assert abs(ink - paper) > 600
    assert page.locator("#grid").bounding_box()["width"] > 290
    assert complaints == []


@pytest.mark.slow
def test_a_page_that_is_open_while_it_is_written_again(browser, digits, tmp_path):
    file = tmp_path / "page.html"
    report = TrainingReport(file)
    seen = []

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            page.reload()
            seen.append(page.inner_text("#number"))

    gan = make_gan()
    gan.fit(digits, verbose=0, callbacks=[report])
    page, complaints = opened(browser, file)
    gan.fit(digits, epochs=5, verbose=0, callbacks=[report, Look()])
    assert seen == ["1", "2", "3", "4", "5"]
    assert complaints == []
