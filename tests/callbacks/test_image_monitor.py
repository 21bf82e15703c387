import io

import numpy as np
import pytest
from PIL import Image, ImageSequence

import keras_gans as kg
from keras_gans import networks
from keras_gans.drawing.animation import Animation
from keras_gans.pipelines import files

pytestmark = pytest.mark.usefixtures("eagerly")


@pytest.fixture
def gan(digits):
    gan = kg.DCGAN(
        image_shape=(8, 8, 1),
        latent_dim=2,
        generator=lambda **sizes: networks.mlp_generator(width=4, **sizes),
        discriminator=lambda **sizes: networks.mlp_discriminator(width=4, **sizes),
    )
    gan.compile()
    return gan


def frames(path):
    with Image.open(path) as image:
        return [frame.convert("RGB").copy() for frame in ImageSequence.Iterator(image)]


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


def test_every_tenth_epoch(gan, digits, tmp_path):
    gan.fit(digits, epochs=20, verbose=0, callbacks=[kg.ImageMonitor(tmp_path, every=10)])
    assert [name[-8:-4] for name in names(tmp_path)[1:]] == ["0000", "0010", "0020"]


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
    with pytest.raises(ValueError, match="Change one's `name`"):
        gan.fit(digits, verbose=0, callbacks=monitors)
    gan.fit(digits, verbose=0, callbacks=[monitors[1]])  # alone it may have them


def test_frames_of_an_older_run_do_not_enter_the_gif(gan, digits, tmp_path):
    gan.fit(digits, epochs=4, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])
    gan.fit(digits, epochs=1, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])
    assert len(frames(tmp_path / "image.gif")) == 2


def test_a_continued_run_goes_on_numbering_and_keeps_its_frames(gan, digits, tmp_path):
    monitor = kg.ImageMonitor(tmp_path)
    gan.fit(digits, epochs=2, verbose=0, callbacks=[monitor])
    gan.fit(digits, epochs=3, initial_epoch=2, verbose=0, callbacks=[monitor])
    assert names(tmp_path)[-1] == "image_at_epoch_0003.png"
    assert len(frames(tmp_path / "image.gif")) == 4


def test_an_interrupted_run_leaves_a_whole_gif(gan, digits, tmp_path):
    import keras

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
    gan = kg.ConditionalGAN(image_shape=(8, 8, 3), latent_dim=2, condition_dim=2)
    gan.compile()
    return gan, np.zeros((4, 8, 8, 3), "float32") - 0.5, np.zeros((4, 2), "float32")


def test_float_conditions_and_colour(tmp_path):
    gan, images, conditions = float_gan()
    monitor = kg.ImageMonitor(tmp_path, labels=[[0, 1], [1, 0]], captions=["up", "down"])
    gan.fit(images, conditions, verbose=0, callbacks=[monitor])
    assert (tmp_path / "image_at_epoch_0001.png").exists()


def test_float_conditions_must_be_given(tmp_path):
    gan, images, conditions = float_gan()
    with pytest.raises(ValueError, match="labels=None"):
        gan.fit(images, conditions, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])


def test_points(points_gan, points, tmp_path):
    gan = points_gan()
    gan.compile()
    gan.fit(points, verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])
    assert len(frames(tmp_path / "image.gif")) == 2


def test_other_vectors_cannot_be_drawn(tmp_path):
    gan = kg.GAN((5,), generator=networks.mlp_generator, discriminator=networks.mlp_discriminator)
    gan.compile()
    with pytest.raises(ValueError, match=r"image_shape=\(5,\)"):
        gan.fit(np.linspace([-1] * 5, 1, 4), verbose=0, callbacks=[kg.ImageMonitor(tmp_path)])


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


def test_long_runs_are_thinned_out_evenly_and_end_with_the_newest(tmp_path):
    gif = Animation(tmp_path / "long.gif", most_frames=8)
    for level in range(50):
        buffer = io.BytesIO()
        Image.new("L", (8, 8), level * 5).save(buffer, format="PNG")
        gif.add(buffer.getvalue())
        shown = [frame.getpixel((0, 0))[0] // 5 for frame in frames(gif.path)]
        assert shown[0] == 0
        assert shown[-1] == level
        assert len(shown) <= 9
        assert len(set(np.diff(shown[:-1]))) <= 1
