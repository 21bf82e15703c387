import importlib.util
import io
import re
import shutil
import subprocess
import sys
import time
import tracemalloc
import types
from contextlib import nullcontext as nothing

import keras
import numpy as np
import pytest
from PIL import Image, ImageSequence
from small_networks import SMALL

import keras_gans as kg
from keras_gans import networks
from keras_gans.drawing import plot_samples
from keras_gans.drawing.animation import SUFFIXES, Animation
from keras_gans.drawing.video import encode_mp4
from keras_gans.pipelines import files

pytestmark = pytest.mark.usefixtures("quickly")


@pytest.fixture
def gan(digits):
    gan = kg.DCGAN(image_shape=(8, 8, 1), latent_dim=2, **SMALL)
    gan.compile()
    return gan


def frames(path):
    with Image.open(path) as image:
        return [frame.convert("RGB").copy() for frame in ImageSequence.Iterator(image)]


def same_pixels(path, other):
    return np.array_equal(*(np.asarray(Image.open(one)) for one in (path, other)))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_bare_monitor(gan, digits, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    gan.fit(digits, epochs=2, verbose=0, callbacks=[kg.ImageMonitor()])
    assert names(tmp_path / "samples") == [
        "image.gif",
        "image_at_epoch_0000.png",
        "image_at_epoch_0001.png",
        "image_at_epoch_0002.png",
    ]
    assert len(frames(tmp_path / "samples" / "image.gif")) == 3


def test_the_picture_is_what_the_model_generates(gan, digits, tmp_path):
    gan.fit(digits, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, num_images=4, seed=7)])
    expected = io.BytesIO()
    figure = kg.drawing.plot_images(gan.generate(4, seed=7), title="Epoch 1")
    figure.savefig(expected, format="png")
    drawn = Image.open(tmp_path / "image_at_epoch_0001.png")
    np.testing.assert_array_equal(np.asarray(drawn), np.asarray(Image.open(expected)))


def test_latents_stay_the_same(gan, digits, tmp_path):
    asked = []
    generate = gan.generate
    gan.generate = lambda *args, **kwargs: asked.append((args, kwargs)) or generate(*args, **kwargs)
    gan.fit(digits, epochs=2, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, seed=3)])
    assert asked[0] == asked[1] == asked[2]
    assert asked[0][1]["seed"] == 3


def test_every_third_epoch(gan, digits, tmp_path):
    gan.fit(digits, epochs=6, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, every=3)])
    assert [name[-8:-4] for name in names(tmp_path)[1:]] == ["0000", "0003", "0006"]


def test_several_monitors_in_one_run(gan, digits, tmp_path):
    monitors = [
        kg.ImageMonitor(tmp_path / "a"),
        kg.ImageMonitor(tmp_path / "b", num_images=1),
        kg.ImageMonitor(tmp_path / "b", name="other"),
    ]
    gan.fit(digits, verbose=0, callbacks=monitors)
    assert len(names(tmp_path / "b")) == 6


def test_two_monitors_with_the_same_files_are_an_error(gan, digits, tmp_path):
    monitors = [kg.ImageMonitor(tmp_path), kg.ImageMonitor(tmp_path)]
    with pytest.raises(ValueError, match="Change the `name` of one"):
        gan.fit(digits, verbose=0, callbacks=monitors)
    gan.fit(digits, verbose=0, callbacks=[monitors[1]])  # alone it may have them


def test_files_of_an_older_run_are_moved_aside(gan, digits, tmp_path):
    for epochs in (3, 2, 1):
        monitors = [kg.ImageMonitor(tmp_path), kg.ImageMonitor(tmp_path, name="other")]
        gan.fit(digits, epochs=epochs, verbose=0, callbacks=monitors)
    counts = {}
    for folder in ("", "earlier_run_1", "earlier_run_2"):
        numbers = [len(list((tmp_path / folder).glob(f"{n}_at_*.png"))) for n in ("image", "other")]
        counts[folder] = numbers
        assert len(frames(tmp_path / folder / "image.gif")) == numbers[0]
    assert counts == {"": [2, 2], "earlier_run_1": [4, 4], "earlier_run_2": [3, 3]}


def test_the_picture_before_training_alone_is_not_moved(gan, digits, tmp_path):
    """A run that was killed before its first checkpoint leaves what a run leaves."""
    gan.fit(digits, epochs=2, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, every=3)])
    gan.fit(digits, epochs=3, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, every=3)])
    assert [name[-8:-4] for name in names(tmp_path)[1:]] == ["0000", "0003"]


def test_a_run_that_continues_moves_nothing(gan, digits, tmp_path):
    gan.fit(digits, epochs=2, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])
    gan.fit(digits, initial_epoch=2, epochs=3, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])
    assert [name[-8:-4] for name in names(tmp_path)[1:]] == ["0000", "0001", "0002", "0003"]
    assert len(frames(tmp_path / "image.gif")) == 4


def test_the_suffix_of_the_name_is_the_format_of_the_animation(gan, digits, tmp_path):
    gan.fit(digits, epochs=2, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, name="a.webp")])
    assert names(tmp_path)[:2] == ["a.webp", "a_at_epoch_0000.png"]
    with Image.open(tmp_path / "a.webp") as animation:
        assert (animation.format, animation.n_frames) == ("WEBP", 3)
    with Image.open(tmp_path / "a_at_epoch_0002.png") as newest:
        difference = np.asarray(frames(tmp_path / "a.webp")[-1], int) - newest.convert("RGB")
    assert abs(difference).mean() < 2


@pytest.fixture
def ffmpeg():
    """The path of the program."""
    package = pytest.importorskip("imageio_ffmpeg", reason="videos need the extra `video`")
    return package.get_ffmpeg_exe()


def video_frames(ffmpeg, path):
    """What ffmpeg says of a video, and its frames as pixels `(N, H, W, 3)`."""
    command = [ffmpeg, "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    ran = subprocess.run(command, capture_output=True, check=True)
    facts = re.search(r"Video: .*", ran.stderr.decode())[0]
    width, height = map(int, re.search(r", (\d+)x(\d+)", facts).groups())
    return facts, np.frombuffer(ran.stdout, "uint8").reshape(-1, height, width, 3)


def test_a_video_shows_the_grids(gan, digits, tmp_path, ffmpeg):
    gan.fit(digits, epochs=2, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, name="a.mp4")])
    assert names(tmp_path)[:2] == ["a.mp4", "a_at_epoch_0000.png"]
    facts, shown = video_frames(ffmpeg, tmp_path / "a.mp4")
    for fact in ("h264", "yuv420p", "6.67 fps"):
        assert fact in facts
    assert len(shown) == 3 + 13  # the last one is shown for two seconds
    for epoch, frame in ((0, shown[0]), (1, shown[1]), (2, shown[2]), (2, shown[-1])):
        with Image.open(tmp_path / f"a_at_epoch_000{epoch}.png") as drawn:
            pixels = np.asarray(drawn.convert("RGB"), int)
        difference = frame[: pixels.shape[0], : pixels.shape[1]] - pixels
        assert abs(difference).mean() < 3


def test_the_sides_of_a_video_are_even(tmp_path, ffmpeg):
    pictures = [Image.new("RGB", (65, 49), color) for color in ("black", "red")]
    (tmp_path / "a.mp4").write_bytes(encode_mp4(iter(pictures), 150))
    _, (black, red) = video_frames(ffmpeg, tmp_path / "a.mp4")
    assert black.shape == (50, 66, 3)
    assert black[:48, :64].max() < 20
    assert black[:, 65].min() > 200  # white is added
    np.testing.assert_allclose(red[24, 32], (255, 0, 0), atol=20)


def test_a_video_needs_imageio_ffmpeg(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        ImportError, match=r"Received: an environment without imageio_ffmpeg.*extra `video`"
    ):
        kg.ImageMonitor(name="image.mp4")
    kg.ImageMonitor(name="image.webp")


def test_a_video_that_cannot_be_encoded_does_not_end_the_training(
    gan, digits, tmp_path, ffmpeg, monkeypatch
):
    fails = shutil.which("false")

    def act(epoch, logs):
        monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", fails)

    callbacks = [keras.callbacks.LambdaCallback(on_epoch_end=act)]
    callbacks.append(kg.ImageMonitor(tmp_path, name="a.mp4"))
    with pytest.warns(UserWarning, match=r"was not written: ffmpeg failed \(1\).*a\.mp4"):
        history = gan.fit(digits, epochs=2, verbose=0, callbacks=callbacks)
    assert len(history.epoch) == 2
    monkeypatch.delenv("IMAGEIO_FFMPEG_EXE")
    assert len(video_frames(ffmpeg, tmp_path / "a.mp4")[1]) == 1 + 13  # written before training
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", fails)
    with pytest.raises(OSError, match="ffmpeg failed"):  # before training
        gan.fit(digits, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, name="b.mp4")])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_animation_takes_a_twentieth_of_the_time_at_most(suffix, tmp_path, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    written = []

    def write(path, content):
        written.append(now[0])
        now[0] += 2.0  # seconds

    animation = Animation(tmp_path / f"a{suffix}", write=write)
    buffer = io.BytesIO()
    Image.new("L", (8, 8)).save(buffer, format="PNG")
    for _ in range(100):
        now[0] += 3.0
        animation.add(buffer.getvalue())
    assert 2.0 * len(written) <= 0.05 * now[0] + 2.0
    assert len(written) > 5
    before = len(written)
    animation.finish()
    animation.finish()
    assert len(written) == before + 1


def test_a_continued_run_goes_on_numbering_and_keeps_its_frames(gan, digits, tmp_path):
    monitor = kg.ImageMonitor(tmp_path)
    gan.fit(digits, epochs=2, verbose=0, callbacks=[monitor])
    gan.fit(digits, epochs=3, initial_epoch=2, verbose=0, callbacks=[monitor])
    assert names(tmp_path)[-1] == "image_at_epoch_0003.png"
    assert len(frames(tmp_path / "image.gif")) == 4


@pytest.mark.filterwarnings("ignore:The animation skips")
def test_damaged_pictures_of_an_earlier_run_are_left_out(gan, digits, tmp_path):
    gan.fit(digits, epochs=3, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])
    paths = [tmp_path / f"image_at_epoch_000{epoch}.png" for epoch in range(3)]
    whole = paths[0].read_bytes()
    changed = whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:]  # pixels, or their checksum
    for path, content in zip(
        paths, (changed, whole[: len(whole) // 2], b"no picture"), strict=True
    ):
        path.write_bytes(content)
    (tmp_path / ".image_at_epoch_0003.png.1.tmp").write_bytes(whole)  # of a kill
    with pytest.warns(UserWarning, match=r"skips .*image_at_epoch_0001\.png"):
        gan.fit(digits, epochs=4, initial_epoch=3, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])
    assert len(frames(tmp_path / "image.gif")) == 2
    assert not [name for name in names(tmp_path) if name.endswith("tmp")]


@pytest.mark.parametrize("first", [0, 1])  # 1: continued, its first picture is not written
def test_pictures_that_cannot_be_written_do_not_end_the_training(first, gan, digits, tmp_path):
    folder = tmp_path / "samples"
    if first:
        gan.fit(digits, epochs=first, verbose=0, callbacks=[kg.ImageMonitor(folder)])

    def act(epoch, logs):
        if epoch == first:
            shutil.rmtree(folder)
            folder.write_text("a file in place of the folder")
        if epoch == first + 2:
            folder.unlink()

    callbacks = [keras.callbacks.LambdaCallback(on_epoch_end=act), kg.ImageMonitor(folder)]
    with pytest.warns(UserWarning, match="ImageMonitor was not written") as caught:
        gan.fit(digits, initial_epoch=first, epochs=first + 3, verbose=0, callbacks=callbacks)
    assert len(caught) >= 2  # one file or two in two epochs
    pictures = [f"image_at_epoch_000{first + epoch}.png" for epoch in range(1, 4)]
    assert names(folder) == ["image.gif", *pictures]  # those that waited, too
    assert len(frames(folder / "image.gif")) == first + 4


def test_one_file_that_cannot_be_written_does_not_hold_up_the_others(gan, digits, tmp_path):
    def act(epoch, logs):
        if epoch == 0:
            (tmp_path / "image.gif").unlink()
            (tmp_path / "image.gif").mkdir()  # as a file that another program has locked

    callbacks = [keras.callbacks.LambdaCallback(on_epoch_end=act), kg.ImageMonitor(tmp_path)]
    with pytest.warns(UserWarning, match=r"writing '.*image\.gif' is tried again") as caught:
        gan.fit(digits, epochs=3, verbose=0, callbacks=callbacks)
    assert not any(".png' is tried" in str(warning.message) for warning in caught)
    pictures = [f"image_at_epoch_000{epoch}.png" for epoch in range(4)]
    assert [name for name in names(tmp_path) if name.endswith("png")] == pictures


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_frames_of_another_size_are_continued(suffix, gan, digits, tmp_path):
    """The number of images was changed in between, for example."""
    for epoch, count in enumerate((9, 4, 16)):
        monitor = kg.ImageMonitor(tmp_path, num_images=count, name=f"image.{suffix}")
        call = {"initial_epoch": epoch, "epochs": epoch + 1}
        gan.fit(digits, **call, verbose=0, callbacks=[monitor])
    drawn = [
        np.asarray(Image.open(tmp_path / f"image_at_epoch_000{epoch}.png").convert("RGB"))
        for epoch in range(4)
    ]
    shown = [np.asarray(frame, int) for frame in frames(tmp_path / f"image.{suffix}")]
    assert len(shown) == 4
    for frame, picture in zip(shown, drawn, strict=True):
        assert frame.shape == drawn[3].shape
        height, width, _ = picture.shape
        assert abs(frame[:height, :width] - picture).mean() < 12
        assert (frame[height:] > 200).all()
        assert (frame[:, width:] > 200).all()


def test_an_interrupted_run_leaves_a_whole_gif(gan, digits, tmp_path):
    class Interrupt(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise KeyboardInterrupt

    monitors = [kg.ImageMonitor(tmp_path), Interrupt()]
    with pytest.raises(KeyboardInterrupt):
        gan.fit(digits, epochs=5, verbose=0, callbacks=monitors)
    assert len(frames(tmp_path / "image.gif")) == 3
    assert not [name for name in names(tmp_path) if name.endswith("tmp")]


def test_a_row_per_class_with_the_same_latents_down_each_column(tmp_path, digits):
    gan = kg.ConditionalGAN(image_shape=(8, 8, 1), latent_dim=2, num_classes=3)
    gan.compile()
    asked = {}
    generate = gan.generate
    gan.generate = lambda **kwargs: asked.update(kwargs) or generate(**kwargs)
    gan.fit(digits, np.arange(16) % 3, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])
    assert asked["labels"].tolist() == [0] * 8 + [1] * 8 + [2] * 8
    np.testing.assert_array_equal(asked["latents"][:8], asked["latents"][16:])
    assert abs(asked["latents"][0] - asked["latents"][1]).max() > 0


def float_gan():
    gan = kg.ConditionalGAN(image_shape=(8, 8, 3), latent_dim=2, condition_dim=2, **SMALL)
    gan.compile()
    return gan, np.zeros((4, 8, 8, 3), "float32") - 0.5, np.zeros((4, 2), "float32")


def test_float_conditions_and_color(tmp_path):
    gan, images, conditions = float_gan()
    given = {"labels": [[0, 1], [1, 0]], "captions": ["up", "down"]}
    gan.fit(images, conditions, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, **given)])
    made = gan.generate(labels=given["labels"], seed=0)
    assert np.ptp(made, axis=-1).max() > 0.01  # in color
    expected = plot_samples(made, value_range=(-1, 1), captions=given["captions"], title="Epoch 1")
    expected.savefig(tmp_path / "expected.png")
    assert same_pixels(tmp_path / "image_at_epoch_0001.png", tmp_path / "expected.png")


def test_float_conditions_must_be_given(tmp_path):
    gan, images, conditions = float_gan()
    with pytest.raises(ValueError, match="labels=None"):
        gan.fit(images, conditions, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])


def test_points(points_gan, points, tmp_path):
    gan = points_gan()
    gan.compile()
    gan.fit(points, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])
    assert len(frames(tmp_path / "image.gif")) == 2


def game(shape, value_range=(-1, 1)):
    activation = "tanh" if value_range == (-1, 1) else "linear"
    return kg.GAN(
        generator=networks.mlp_generator(shape, 2, width=4, activation=activation),
        discriminator=networks.mlp_discriminator(shape, width=4),
        value_range=value_range,
    )


INFINITE = (-np.inf, np.inf)


@pytest.mark.parametrize(
    ("shape", "asked", "value_range"),
    [
        ((5,), 1000, INFINITE),
        ((2,), 1000, (-1, 1)),
        ((12, 2), 16, INFINITE),
        ((6, 6, 4), 16, (-1, 1)),
        ((4,) * 4, 8, INFINITE),
    ],
)
def test_samples_of_any_rank_are_drawn(shape, asked, value_range, tmp_path):
    gan = game(shape, value_range=value_range)
    gan.compile()
    counts = []
    generate = gan.generate
    gan.generate = lambda count=0, **rest: counts.append(count) or generate(count or None, **rest)
    images = np.random.default_rng(0).uniform(-1, 1, (4, *shape))
    gan.fit(images, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])
    assert counts[-2:] == [asked, asked]
    with Image.open(tmp_path / "image_at_epoch_0001.png") as drawn:
        assert np.asarray(drawn.convert("L")).std() > 0


def test_samples_that_cannot_be_drawn_are_a_warning(tmp_path):
    gan = game((2, 3, 4, 4, 1))
    gan.compile()
    with pytest.warns(UserWarning, match=r"no pictures.*\(2, 3, 4, 4, 1\)") as warned:
        gan.fit(
            np.zeros((4, 2, 3, 4, 4, 1)) - 0.5,
            epochs=2,
            verbose=0,
            callbacks=[kg.ImageMonitor(tmp_path / "new")],
        )
    assert sum("no pictures" in str(warning.message) for warning in warned) == 1
    assert gan.images_seen == 8
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("columns", [2, 3])
def test_real_points_and_rows_are_drawn_behind(columns, tmp_path):
    gan = game((columns,), value_range=(-np.inf, np.inf))
    gan.compile()
    rows = np.random.default_rng(0).normal(size=(1200, columns))
    monitors = [
        kg.ImageMonitor(tmp_path, name="behind", real_images=rows),
        kg.ImageMonitor(tmp_path, name="alone"),
    ]
    gan.fit(rows[:4], verbose=0, callbacks=monitors)
    pictures = [Image.open(tmp_path / f"{name}_at_epoch_0001.png") for name in ("behind", "alone")]
    gray = [
        np.mean(np.all(np.abs(np.asarray(picture.convert("RGB")) - 172.0) < 10, axis=-1))
        for picture in pictures
    ]
    assert gray[0] > 0.02 > 2 * gray[1]


@pytest.mark.parametrize(
    ("shape", "real", "message"),
    [
        ((8, 8, 1), np.zeros((3, 8, 8, 1)), r"image_shape=\(8, 8, 1\)"),
        ((3,), np.zeros((3, 4)), r"shape=\(3, 4\)"),
        ((3,), np.zeros((0, 3)), r"shape \(0, 3\)"),
    ],
)
def test_real_images_that_cannot_be_drawn_are_an_error(shape, real, message, tmp_path):
    gan = game(shape)
    gan.compile()
    images = np.zeros((4, *shape)) - 0.5
    with pytest.raises(ValueError, match=message):
        gan.fit(images, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, real_images=real)])
    assert gan.images_seen == 0


def test_images_as_conditions_must_be_given_one_for_each_image(tmp_path):
    gan = kg.Pix2Pix(image_shape=(16, 16, 1), condition_shape=(16, 16, 2))
    gan.compile()
    images = np.random.default_rng(0).uniform(-1, 1, (2, 16, 16, 1))
    conditions = np.random.default_rng(1).uniform(-1, 1, (2, 16, 16, 2))
    for labels, message in ((None, r"\(N, 16, 16, 2\)"), (conditions[0], "one label per image")):
        with pytest.raises(ValueError, match=message):
            gan.fit(
                images, conditions, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, labels=labels)]
            )
    gan.fit(images, conditions, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, labels=conditions)])
    expected = io.BytesIO()
    figure = kg.drawing.plot_images(gan.generate(labels=conditions), title="Epoch 1")
    figure.savefig(expected, format="png")
    drawn = Image.open(tmp_path / "image_at_epoch_0001.png")
    np.testing.assert_array_equal(np.asarray(drawn), np.asarray(Image.open(expected)))


def test_latents_of_several_inputs_are_the_same_in_each_row(tmp_path):
    inputs = {
        "style": keras.Input((2,), name="style"),
        "noise": keras.Input((4, 1), name="noise"),
        "label": keras.Input((), dtype="int32", name="label"),
    }
    parts = [inputs["style"], keras.layers.Flatten()(inputs["noise"])]
    parts.append(keras.layers.Embedding(3, 2)(inputs["label"]))
    series = keras.layers.Dense(8, "tanh")(keras.layers.Concatenate()(parts))
    gan = kg.ConditionalGAN(
        generator=keras.Model(inputs, keras.layers.Reshape((4, 2))(series)),
        discriminator=lambda **sizes: networks.mlp_discriminator(width=4, **sizes),
        num_classes=3,
    )
    gan.compile()
    asked = {}
    generate = gan.generate
    gan.generate = lambda **kwargs: asked.update(kwargs) or generate(**kwargs)
    images = np.linspace(-np.ones((4, 2)), 1, 6)
    gan.fit(images, np.arange(6) % 3, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])
    assert asked["labels"].tolist() == [0] * 4 + [1] * 4 + [2] * 4
    for latents in asked["latents"].values():
        np.testing.assert_array_equal(latents[:4], latents[8:])


def test_a_single_label_for_images_is_an_error(digits, tmp_path):
    gan = kg.ConditionalGAN(image_shape=(8, 8, 1), latent_dim=2, num_classes=3)
    gan.compile()
    with pytest.raises(ValueError, match=r"labels=\[1\] \* 16"):
        gan.fit(
            digits, np.arange(16) % 3, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, labels=1)]
        )


def test_an_unwritable_folder_is_an_error_before_training(gan, digits, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="Pass another `folder`"):
        gan.fit(digits, verbose=0, callbacks=[kg.ImageMonitor(tmp_path / "file")])
    assert gan.images_seen == 0


def test_no_permission_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(files.os, "access", lambda *_: False)
    with pytest.raises(OSError, match="no permission to write"):
        files.prepare_folder(tmp_path)


def test_every_must_be_positive():
    with pytest.raises(ValueError, match="every=0"):
        kg.ImageMonitor(every=0)


def test_an_animation_that_could_not_be_written_is_encoded_once(tmp_path):
    writer, made = files.PatientWriter("A file"), []
    writer.is_patient = True
    folder = tmp_path / "later"
    with pytest.warns(UserWarning, match="was not written"):
        writer.write(folder / "a.gif", lambda: made.append(1) or b"gif")
    folder.mkdir()
    writer.write(folder / "a.png", b"png")
    assert (folder / "a.gif").read_bytes() == b"gif"
    assert made == [1]


def test_the_frames_of_a_gif_need_little_memory(tmp_path):
    buffer = io.BytesIO()
    Image.new("RGB", (1000, 1000), "red").save(buffer, "png")
    animation = Animation(tmp_path / "a.gif")
    tracemalloc.start()
    for _ in range(20):
        animation.add(buffer.getvalue())
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 1_000_000


def test_long_runs_are_thinned_out_evenly_and_end_with_the_newest(tmp_path):
    gif = Animation(tmp_path / "long.gif", most_frames=8)
    for level in range(50):
        buffer = io.BytesIO()
        Image.new("L", (8, 8), level * 5).save(buffer, format="PNG")
        gif.add(buffer.getvalue())
        gif.finish()
        shown = [frame.getpixel((0, 0))[0] // 5 for frame in frames(gif.path)]
        assert shown[0] == 0
        assert shown[-1] == level
        assert len(shown) <= 9
        assert len(set(np.diff(shown[:-1]))) <= 1


def test_loggers_get_each_grid(gan, digits, tmp_path):
    got = []
    monitor = kg.ImageMonitor(tmp_path, every=2, loggers=[lambda *given: got.append(given)])
    gan.fit(digits, epochs=2, verbose=0, callbacks=[monitor])
    assert [(name, epoch) for name, _, epoch in got] == [("image", 0), ("image", 2)]
    drawn = np.asarray(Image.open(tmp_path / "image_at_epoch_0002.png").convert("RGB"))
    np.testing.assert_array_equal(got[1][1], drawn)


def test_tensorboard_shows_the_grids(gan, digits, tmp_path):
    accumulators = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    board = keras.callbacks.TensorBoard(tmp_path / "logs")
    monitor = kg.ImageMonitor(tmp_path / "samples", loggers=[board])
    gan.fit(digits, epochs=2, verbose=0, callbacks=[board, monitor])
    events = accumulators.EventAccumulator(str(tmp_path / "logs" / "images")).Reload()
    drawn = events.Tensors("image")
    assert [event.step for event in drawn] == [0, 1, 2]
    png = Image.open(io.BytesIO(drawn[2].tensor_proto.string_val[2]))
    expected = Image.open(tmp_path / "samples" / "image_at_epoch_0002.png").convert("RGB")
    np.testing.assert_array_equal(np.asarray(png), np.asarray(expected))


class Logged(list):
    """Stands for a tool that is not installed here; holds what it was told."""

    Image = staticmethod(lambda pixels: ("image", pixels.shape))

    def log(self, values):
        self.append(values)

    def log_image(self, run, pixels, key, step):
        self.append((run, pixels.shape, key, step))


@pytest.mark.parametrize("tool", ["wandb", "trackio", "mlflow"])
def test_runs_of_tools_get_each_grid(tool, gan, digits, tmp_path, monkeypatch):
    logged = Logged()
    logged.MlflowClient = lambda: logged
    monkeypatch.setitem(sys.modules, tool, logged)
    run = type("Run", (), {"__module__": f"{tool}.runs", "log": logged.log})()
    run.info = types.SimpleNamespace(run_id="run 1")
    monitor = kg.ImageMonitor(tmp_path, every=2, name="grid.webp", loggers=(run,))
    gan.fit(digits, epochs=2, verbose=0, callbacks=[monitor])
    shape = np.asarray(Image.open(tmp_path / "grid_at_epoch_0000.png").convert("RGB")).shape
    if tool == "mlflow":
        assert logged == [("run 1", shape, "grid", epoch) for epoch in (0, 2)]
    else:
        assert logged == [{"grid": ("image", shape)}] * 2
    for lacking in (type("Run", (), {"__module__": f"{tool}.runs"})(), run.info, run):
        with pytest.raises(ValueError, match="loggers=") if lacking is not run else nothing():
            kg.ImageMonitor(tmp_path, loggers=[lacking])
    with pytest.raises(ValueError, match="loggers="):
        kg.ImageMonitor(tmp_path, loggers=run)


@pytest.mark.parametrize("loggers", [[keras.callbacks.CSVLogger], [keras.callbacks.History()], [3]])
def test_other_loggers_are_refused(loggers):
    with pytest.raises(ValueError, match=r"TensorBoard callbacks.*Received: loggers="):
        kg.ImageMonitor(loggers=loggers)


def test_rows_have_the_names_of_the_classes(tmp_path, digits):
    networks_ = {"generator": networks.mlp_generator, "discriminator": networks.mlp_discriminator}
    gan = kg.GAN((8, 8, 1), 2, num_classes=2, **networks_)
    gan.compile()
    dataset = kg.datasets.from_arrays(digits, 8, np.arange(16) % 2)
    dataset.class_names = ["cat", "dog"]
    gan.fit(dataset.map(lambda *pair: pair), verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])
    assert gan.class_names == ["cat", "dog"]
    latents = np.concatenate([gan.sample_latents(8, 0)] * 2)
    images = gan.generate(latents=latents, labels=["cat"] * 8 + ["dog"] * 8)
    figure = kg.drawing.plot_images(images, 8, captions=["cat", "dog"], title="Epoch 1")
    figure.savefig(tmp_path / "expected.png")
    drawn, expected = (
        np.asarray(Image.open(tmp_path / name))
        for name in ("image_at_epoch_0001.png", "expected.png")
    )
    np.testing.assert_array_equal(drawn, expected)
