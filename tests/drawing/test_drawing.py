import io
import pickle
import re

import keras
import numpy as np
import pytest
from PIL import Image

import keras_gans as kg
from keras_gans.drawing import (
    plot_class_interpolation,
    plot_histograms,
    plot_images,
    plot_latent_interpolation,
    plot_learning_curves,
    plot_mean_images,
    plot_points,
)
from keras_gans.report.curves import panels_of


def pixels(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return np.asarray(Image.open(buffer).convert("RGB"))


def test_every_pixel_is_drawn_as_it_is():
    images = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 3), "uint8")
    drawn = pixels(plot_images(images, columns=2))
    scale = 8  # 8x8 is enlarged to 64x64
    assert drawn.shape == (2 * 64 + 6, 2 * 64 + 6, 3)
    second = drawn[2:66, 68:132][scale // 2 :: scale, scale // 2 :: scale]
    np.testing.assert_array_equal(second, images[1])


@pytest.mark.parametrize(("level", "gap"), [(1.0, 208), (0.9, 208), (0.5, 255), (-1.0, 255)])
def test_images_with_white_borders_have_a_gray_frame(level, gap):
    images = np.full((4, 8, 8, 1), level)
    images[:, 2:6, 2:6] = -level
    drawn = pixels(plot_images(images, columns=2, captions=list("abcd")))
    header = 22
    middle = drawn.shape[1] // 2
    assert drawn[header + 30, middle].tolist() == [gap] * 3  # between two images
    assert drawn[header + 30, 0].tolist() == [gap] * 3  # and around them
    assert drawn[2, 2].tolist() == [255] * 3  # captions stay on white


def test_values_follow_the_range():
    for value_range in ((-1, 1), (0, 1)):
        images = np.array(value_range).reshape(2, 1, 1, 1) * np.ones((2, 8, 8, 1))
        drawn = pixels(plot_images(images, 2, value_range))
        assert drawn[30, 30].tolist() == [0, 0, 0]
        assert drawn[30, 100].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    "shape", [(1, 28, 28, 1), (5, 50, 50, 1), (3, 33, 20, 3), (100, 64, 64, 3)]
)
def test_any_number_and_size(shape):
    drawn = pixels(plot_images(np.zeros(shape), title="Zeros"))
    assert max(drawn.shape) <= 1700


def test_captions_above_images_and_beside_rows_are_drawn():
    images = np.zeros((6, 8, 8, 1))
    plain = plot_images(images, 3)
    above = plot_images(images, 3, captions=list("abcdef"))
    at_left = plot_images(images, 3, captions=["first", "second"])
    texts = lambda figure: [text.get_text() for text in figure.axes[0].texts]  # noqa: E731
    assert texts(plain) == []
    assert texts(above) == list("abcdef")
    assert texts(at_left) == ["first", "second"]
    assert pixels(above).shape[0] > pixels(plain).shape[0]
    assert pixels(at_left).shape[1] > pixels(plain).shape[1]


def test_captions_beside_rows_are_drawn_whole():
    for text in ("7", "trouser", "ankle boot", "WWWWWWWWWWWWWW"):
        drawn = pixels(plot_images(np.zeros((4, 8, 8, 1)), 2, captions=[text, text]))
        assert drawn[:, 0].min() == 255  # nothing is cut off at the left edge
        assert drawn[:, : -2 * 64 - 6].min() < 100


def test_captions_above_images_are_shortened_to_the_image():
    figure = plot_images(np.zeros((4, 8, 8, 1)), 2, captions=["cat", "grasshopper", "W" * 9, "a"])
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert (texts[0], texts[3]) == ("cat", "a")
    assert re.fullmatch(r"grass.*\.\.\.", texts[1])
    assert len(texts[2]) < 9
    assert pixels(figure)[:20, 0].min() == 255


def test_captions_of_one_column_are_next_to_the_images():
    names = ["ankle boot"] * 9 + ["airplane with a long name"]
    figure = plot_images(np.zeros((10, 8, 8, 1)), 1, captions=names)
    assert [text.get_text() for text in figure.axes[0].texts] == names
    drawn = pixels(figure)
    assert drawn[:, 0].min() == 255
    assert drawn.shape[1] > 150


@pytest.mark.parametrize(
    ("images", "arguments", "message"),
    [
        (np.zeros((3, 8, 8)), {}, r"images\[\.\.\., None\]"),
        (np.zeros((3, 8, 8, 0)), {}, r"shape=\(3, 8, 8, 0\)"),
        (np.zeros((0, 8, 8, 1)), {}, "at least 1"),
        (np.zeros((4, 8, 8, 1)), {"columns": 2, "captions": list("abc")}, "3 captions"),
    ],
)
def test_bad_images(images, arguments, message):
    with pytest.raises(ValueError, match=message):
        plot_images(images, **arguments)


def test_learning_curves_put_losses_together_and_scores_together():
    logs = {
        "discriminator_loss": [1.0, 0.9],
        "generator_loss": [0.8, 0.7],
        "real_score": [0.6, 0.7],
        "penalty": [0.1, 0.2],
    }
    figure = plot_learning_curves(logs)
    lines = [[line.get_label() for line in ax.lines] for ax in figure.axes]
    assert lines == [["discriminator loss", "generator loss"], ["real score"], ["penalty"]]
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_xydata(), [[1, 1.0], [2, 0.9]])


def test_learning_curves_of_a_history_begin_at_its_first_epoch():
    history = keras.callbacks.History()
    history.epoch, history.history = [4, 5], {"generator_loss": [1.0, 2.0]}
    line = plot_learning_curves(history).axes[0].lines[0]
    assert line.get_xdata().tolist() == [5, 6]


def test_learning_curves_of_validation_are_at_its_epochs():
    logs = {"generator_loss": list(range(11)), "val_generator_loss": [3, 6, 9]}
    lines = plot_learning_curves(logs).axes[0].lines
    assert [list(line.get_xdata()) for line in lines] == [list(range(1, 12)), [3, 6, 9]]
    logs["val_generator_loss"] = [4, 8]  # after four and eight epochs, or five and ten
    with pytest.warns(UserWarning, match=r"2 values of val_.* 11 epochs.* at the epochs \[5, 10\]"):
        plot_learning_curves(logs)


def test_learning_curves_of_a_hundred_thousand_epochs_are_drawn_at_once():
    line = plot_learning_curves({"loss": np.zeros(100_000)}).axes[0].lines[0]
    assert len(line.get_xdata()) == 100_000  # in seconds, which are hours if it is quadratic


def test_learning_curves_tell_metrics_from_scores_of_the_discriminator():
    logs = {"real_score": [0.6], "classifier_score": [7.0], "label_accuracy": [0.9]}
    axes = plot_learning_curves(logs).axes
    assert [[line.get_label() for line in ax.lines] for ax in axes] == [
        ["real score"],
        ["classifier score"],
        ["label accuracy"],
    ]
    titles = [panel["title"] for panel in panels_of(logs)]
    assert titles == ["scores", "classifier_score", "label_accuracy"]


def test_no_epoch_is_an_error():
    with pytest.raises(ValueError, match="at least one epoch"):
        plot_learning_curves({})


def test_points_are_drawn_where_they_are():
    fake, real = np.random.normal(size=(5, 2)), np.random.normal(size=(7, 2))
    axes = plot_points(fake, real, value_range=(-4, 4)).axes[0]
    drawn = [np.asarray(c.get_offsets()) for c in axes.collections]
    np.testing.assert_allclose(drawn[0], real)
    np.testing.assert_allclose(drawn[1], fake)
    assert axes.get_xlim() == (-4, 4)


def test_points_of_three_coordinates_are_an_error():
    with pytest.raises(ValueError, match=r"\(5, 3\)"):
        plot_points(np.zeros((5, 3)))


def test_nothing_is_shown_or_kept():
    import matplotlib.pyplot as plt

    plot_images(np.zeros((1, 8, 8, 1)))
    plot_points(np.zeros((1, 2)))
    assert plt.get_fignums() == []


def test_the_mean_is_drawn_beside_the_other_mean():
    real = np.zeros((3, 8, 8, 1), "float32")
    real[0] = 1.0
    figure = plot_mean_images(real, np.ones((5, 8, 8, 1)), value_range=(0, 1))
    left, right = figure.axes
    assert np.unique(left.images[0].get_array()).tolist() == [85]
    assert np.unique(right.images[0].get_array()).tolist() == [255]
    assert (left.get_title(), right.get_title()) == (
        "Mean of 3 real images",
        "Mean of 5 generated images",
    )
    assert len(plot_mean_images(np.zeros((2, 8, 8, 3), "uint8")).axes) == 1
    assert pixels(figure).std() > 0


def test_bad_images_have_no_mean():
    for images in (np.zeros((3, 8, 8)), np.zeros((0, 8, 8, 1)), np.zeros((3, 8, 8, 2))):
        with pytest.raises(ValueError, match="fake_images=an array of shape"):
            plot_mean_images(np.zeros((3, 8, 8, 1)), images)


def test_histograms_are_shares_over_the_same_bins():
    figure = plot_histograms([0.1, 0.1, 0.9, 2.0], [0.9], bins=[0, 0.5, 1], label="Brightness")
    (axes,) = figure.axes
    assert axes.get_xlabel() == "Brightness"
    drawn = {patch.get_label(): patch.get_xy()[:, 1].max() for patch in axes.patches}
    assert drawn == {"4 real": pytest.approx(50), "1 generated": pytest.approx(100)}
    assert pixels(figure).std() > 0


def test_bad_values_have_no_histogram():
    for values in ([], [[1.0]], [np.nan]):
        with pytest.raises(ValueError, match="real values of shape"):
            plot_histograms(values)


def test_rows_of_images_between_latents():
    gan = kg.ConditionalGAN((8, 8, 1), 4, num_classes=3)
    grid = pixels(plot_latent_interpolation(gan, num_rows=2, num_steps=5, label=1))
    assert grid.shape[1] > 2 * grid.shape[0]
    other = pixels(plot_latent_interpolation(gan, num_rows=2, num_steps=5, label=1, seed=1))
    assert np.abs(grid.astype(float) - other).max() > 0
    gan = kg.DCGAN((8, 8, 1), 4, value_range=(-1, 1))
    assert plot_latent_interpolation(gan, num_rows=3, num_steps=4)


def test_rows_of_images_between_classes():
    gan = kg.ConditionalGAN((8, 8, 1), 4, num_classes=3)
    figure = plot_class_interpolation(gan, classes=[2, 0, 1], num_steps=4)
    assert [text.get_text() for text in figure.axes[0].texts] == ["2 to 0", "0 to 1"]
    names = [text.get_text() for text in plot_class_interpolation(gan).axes[0].texts]
    assert names == ["0 to 1", "1 to 2", "2 to 0"]
    with pytest.raises(ValueError, match="without num_classes"):
        plot_class_interpolation(kg.DCGAN((8, 8, 1), 4))


def test_paths_need_images_and_latents_that_are_vectors():
    series = kg.DCGAN((16, 2), 4)
    without = kg.Pix2Pix((16, 16, 1), condition_shape=(16, 16, 1))
    for gan in (series, without):
        with pytest.raises(ValueError, match=r"gan\.sample_latents"):
            plot_latent_interpolation(gan)
    with pytest.raises(ValueError, match=r"image_shape=\(16, 2\)"):
        plot_class_interpolation(kg.ConditionalGAN((16, 2), 4, num_classes=2))


def test_figures_are_of_matplotlibs_class_and_can_be_pickled():
    figure = plot_images(np.zeros((4, 8, 8, 1)))
    assert type(figure).__module__ == "matplotlib.figure"
    copy = pickle.loads(pickle.dumps(figure))
    np.testing.assert_array_equal(pixels(copy), pixels(figure))


def test_captions_can_be_a_range_of_numbers():
    images = np.zeros((4, 8, 8, 1))
    assert pixels(plot_images(images, 2, captions=range(2))).shape[1] > 2 * 64 + 6


def test_interpolations_name_the_classes():
    gan = kg.GAN(
        (8, 8, 1),
        2,
        num_classes=3,
        generator=kg.networks.mlp_generator,
        discriminator=kg.networks.mlp_discriminator,
    )
    gan.class_names = ["cat", long := "x" * 150 + "1" * 150, "y" * 40]
    short = "x" * 20 + "..." + "1" * 17
    between = kg.drawing.plot_class_interpolation(gan, [2, 1], num_steps=2)
    assert [text.get_text() for text in between.axes[0].texts] == [f"{'y' * 40} to {short}"]
    figure = kg.drawing.plot_latent_interpolation(gan, 1, 2, label=long)
    assert [text.get_text() for text in figure.texts] == [f"Class {short}"]
    gan.class_names = ["cat", "dog", "cow"]
    between = kg.drawing.plot_class_interpolation(gan, [2, 0], num_steps=2)
    assert [text.get_text() for text in between.axes[0].texts] == ["cow to cat"]
    for label in (1, "dog"):
        figure = kg.drawing.plot_latent_interpolation(gan, 1, 2, label=label)
        assert [text.get_text() for text in figure.texts] == ["Class dog"]
