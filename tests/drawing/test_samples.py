import io

import numpy as np
import pytest
from PIL import Image

from keras_gans.drawing import (
    plot_columns,
    plot_images,
    plot_points,
    plot_samples,
    plot_series,
    plot_volumes,
)
from keras_gans.drawing.tiles import to_pixels

INFINITE = (-np.inf, np.inf)
RNG = np.random.default_rng(0)


def pixels(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return np.asarray(Image.open(buffer).convert("RGB"))


def test_four_channels_are_composited_over_white():
    images = np.zeros((1, 8, 8, 4), "uint8")
    images[..., 0] = 200
    images[0, :4, :, 3] = 255
    images[0, 4:, :, 3] = 51
    drawn = pixels(plot_images(images))
    assert drawn[10, 10].tolist() == [200, 0, 0]
    assert drawn[50, 10].tolist() == [244, 204, 204]
    np.testing.assert_array_equal(drawn, pixels(plot_images(images / 127.5 - 1)))


@pytest.mark.parametrize("channels", [2, 5])
def test_other_channels_are_next_to_each_other_in_gray(channels):
    images = np.zeros((2, 8, 8, channels), "uint8")
    images[:] = np.arange(channels) * 10
    images[1] += 100
    margin = 8
    drawn = pixels(plot_images(images, columns=1))[margin:-margin, margin:-margin]
    assert drawn.shape[1] == channels * 64 + (channels - 1) * 2
    for channel in range(channels):
        assert drawn[30, 66 * channel + 30].tolist() == [10 * channel] * 3
        assert drawn[-30, 66 * channel + 30].tolist() == [10 * channel + 100] * 3


@pytest.mark.parametrize("value_range", [INFINITE])
@pytest.mark.parametrize("sides", [2, 3])
def test_an_infinite_range_scales_from_the_extremes_of_all(value_range, sides):
    samples = np.ones((3, *[8] * sides, 1)) * np.array([2.0, 5.0, 12.0]).reshape(3, *[1] * sides, 1)
    drawn = pixels(plot_samples(samples, value_range=value_range, columns=1))
    rows = np.linspace(0, len(drawn), 7).astype(int)[1::2]
    assert drawn[rows, 30, 0].tolist() == [0, 76, 255]


@pytest.mark.parametrize("value", [0.0, 7.0, 1e17, np.nan, np.inf])
def test_equal_or_missing_values_are_drawn(value):
    for shape in ((3, 2), (3, 5), (3, 6, 2), (3, 8, 8, 1), (3, 4, 4, 4, 1)):
        for value_range in (INFINITE, (-1, 1)):
            assert pixels(plot_samples(np.full(shape, value), value_range=value_range)).size


def test_series_have_a_line_per_channel_and_share_their_axes():
    series = RNG.uniform(-1, 1, (5, 12, 3))
    figure = plot_series(series, value_range=(-1, 1), captions=list("abcde"), title="Waves")
    charts = figure.axes[:5]
    for chart, lines in zip(charts, series, strict=True):
        drawn = np.stack([line.get_ydata() for line in chart.lines], axis=-1)
        np.testing.assert_array_equal(drawn, lines)
        assert chart.get_ylim() == (-1.1, 1.1)
    assert [chart.get_title() for chart in charts] == list("abcde")
    assert len(figure.legends) == 1
    assert pixels(figure).std() > 0


@pytest.mark.parametrize("scale", [1e-12, 1e12, 1e38])
def test_an_infinite_range_takes_values_of_any_size(scale):
    samples = np.linspace(0, scale, 256, dtype="float32").reshape(1, 16, 16, 1)
    np.testing.assert_array_equal(to_pixels(samples, INFINITE).ravel(), np.arange(256))


def test_series_of_an_infinite_range_are_seen_whole():
    series = RNG.normal(size=(4, 12, 20)) * 50
    figure = plot_samples(series, value_range=INFINITE, columns=2, captions=["top", "bottom"])
    low, high = figure.axes[3].get_ylim()
    assert low < series.min() < series.max() < high < 1000
    assert [chart.get_ylabel() for chart in figure.axes] == ["top", "", "bottom", ""]
    assert figure.legends == []  # of twenty channels


def test_volumes_are_seen_from_three_sides():
    volumes = np.zeros((1, 4, 8, 16, 1), "uint8")
    volumes[0, 1, 2, 3] = 255
    drawn = pixels(plot_volumes(volumes))[5:-5, 5:-5, 0]  # a frame, and the margin
    scale, left = 4, 0
    for height, width, bright in ((8, 16, (2, 3)), (4, 16, (1, 3)), (4, 8, (1, 2))):
        view = drawn[: height * scale : scale, left : left + width * scale : scale]
        assert np.argwhere(view == 255).tolist() == [list(bright)]
        left += width * scale + 2


def test_columns_of_both_tables_share_bins_over_the_real_range():
    real = np.linspace([0.0, -5.0], [1.0, 5.0], 50)
    figure = plot_columns(np.full((10, 2), 99.0), real, title="Table")
    for chart, values in zip(figure.axes, real.T, strict=True):
        shares = {patch.get_label(): patch.get_xy() for patch in chart.patches}
        assert set(shares) == {"real", "generated"}
        for outline in shares.values():
            assert outline[:, 0].min() == values.min()
            assert outline[:, 0].max() == values.max()
        peak = shares["generated"][shares["generated"][:, 1] > 0]
        assert peak[:, 1].max() == pytest.approx(1)  # what is outside is counted at the end
        assert peak[:, 0].min() > values.max() - np.ptp(values) / 10
    assert len(figure.legends) == 1


def test_bins_of_generated_rows_alone_ignore_outliers():
    rows = RNG.normal(size=(1000, 3))
    rows[0] = 1e6
    for chart in plot_columns(rows).axes:
        assert chart.get_xlim()[1] < 5


def test_the_title_says_how_many_columns_are_left_out():
    figure = plot_columns(np.zeros((4, 50)), title="Epoch 3")
    assert len(figure.axes) == 36
    assert figure.get_suptitle() == "Epoch 3: the first 36 columns; 14 are omitted"
    assert plot_columns(np.zeros((4, 36)), title="Epoch 3").get_suptitle() == "Epoch 3"


@pytest.mark.parametrize(
    ("shape", "plot"),
    [
        ((4, 2), lambda x: plot_points(x, value_range=(-1, 1), title="t")),
        ((4, 1), lambda x: plot_columns(x, title="t")),
        ((4, 3), lambda x: plot_columns(x, title="t")),
        ((4, 6, 2), lambda x: plot_series(x, (-1, 1), title="t")),
        ((4, 6, 6, 1), lambda x: plot_images(x, title="t")),
        ((4, 6, 6, 6, 1), lambda x: plot_volumes(x, title="t")),
    ],
)
def test_the_shape_says_how_samples_are_drawn(shape, plot):
    samples = RNG.uniform(-1, 1, shape)
    drawn = pixels(plot_samples(samples, title="t"))
    np.testing.assert_array_equal(drawn, pixels(plot(samples)))


def test_integers_are_read_as_0_to_255():
    series = np.array([[[0], [255]]], "uint8")
    (line,) = plot_samples(series).axes[0].lines
    assert line.get_ydata().tolist() == [-1, 1]


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64"])
@pytest.mark.parametrize("sides", [2, 3])
def test_integers_of_any_width_are_the_same_picture(dtype, sides):
    pictures = RNG.integers(0, 256, (3, *[8] * sides, 1), "uint8")
    expected = pixels(plot_samples(pictures))
    np.testing.assert_array_equal(pixels(plot_samples(pictures.astype(dtype))), expected)


def test_integers_of_an_infinite_range_are_scaled_from_their_extremes():
    images = np.array([-300, 0, 300]).reshape(3, 1, 1, 1) * np.ones((3, 8, 8, 1), int)
    drawn = pixels(plot_samples(images, value_range=INFINITE, columns=1))
    assert drawn[[30, 96, 162], 30, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize("value_range", [None, INFINITE])
def test_limits_of_points_are_chosen_from_them_without_a_finite_range(value_range):
    points = np.array([[-3.0, 2.0], [40.0, 5.0]])
    axes = plot_points(points, value_range=value_range).axes[0]
    assert -10 < axes.get_xlim()[0] < -3
    assert 40 < axes.get_xlim()[1] < 50


@pytest.mark.parametrize(
    ("plot", "message"),
    [
        (lambda: plot_samples(np.zeros(4)), r"shape=\(4,\)"),
        (lambda: plot_samples(np.zeros((1, 2, 3, 4, 4, 1))), r"shape=\(1, 2, 3, 4, 4, 1\)"),
        (lambda: plot_samples(np.zeros((1, 2, 3)), np.zeros((1, 2, 3))), "separate figure"),
        (lambda: plot_series(np.zeros((4, 5))), r"series\[\.\.\., None\]"),
        (lambda: plot_series(np.zeros((0, 5, 1))), "at least 1"),
        (lambda: plot_volumes(np.zeros((2, 4, 4, 4))), r"volumes\[\.\.\., None\]"),
        (lambda: plot_images(np.full((1, 8, 8, 1), 300)), "values from 300 to 300"),
        (lambda: plot_volumes(np.ones((1, 4, 4, 4, 1), int)), "maximum of 1"),
        (lambda: plot_columns(np.zeros(4)), r"generated rows of shape \(4,\)"),
        (lambda: plot_columns(np.zeros((4, 3)), np.zeros((4, 2))), r"real rows of shape \(4, 2\)"),
    ],
)
def test_other_shapes_are_errors(plot, message):
    with pytest.raises(ValueError, match=message):
        plot()
