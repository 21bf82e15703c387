"""Makes docs/images/from_noise.webp: what three models draw, from the first step to the last.

    python docs/from_noise.py                # all of it, half an hour of CPU time
    python docs/from_noise.py --only faces   # one training; the animation of those that are done

Each model is trained as in its example (mnist_self_conditioned.py, cartoon_faces.py,
mechanical_designs.py), and draws the same twelve latents again and again.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import argparse
import functools
import time
from pathlib import Path

import keras
import numpy as np
from PIL import Image

import keras_gans as kg

FOLDER = Path("samples/from_noise")
FRAMES = 48  # of the animation, at numbers of images seen that grow by equal factors
FIRST = 256  # images seen at the second frame
LEFT_OUT = 9  # of the first frames, which are gray
COLUMNS, ROWS = 4, 3
PIXELS = 64  # of an image in the animation
HALF_WIDTHS = {
    "generator": functools.partial(kg.networks.dcgan_generator, width=8),
    "discriminator": functools.partial(kg.networks.dcgan_discriminator, width=16),
}
TRAININGS = {  # dataset, batch size, epochs, arguments of the model
    "digits": (kg.datasets.mnist, 64, 5, {"image_shape": (28, 28, 1)}),
    "faces": (kg.datasets.cartoon_faces, 32, 25, {"image_shape": (64, 64, 3), **HALF_WIDTHS}),
    "designs": (
        kg.datasets.mechanical_designs,
        64,
        40,
        {"image_shape": (50, 50, 1), "num_classes": 50, **HALF_WIDTHS},
    ),
}


class Recorder(keras.callbacks.Callback):
    """Keeps what the model draws at given numbers of images seen."""

    def __init__(self, marks):
        super().__init__()
        self.marks, self.frames = marks, []

    def on_train_begin(self, logs=None):
        """Keeps noise."""
        self.record()

    def on_train_batch_end(self, batch, logs=None):
        """Keeps what is drawn at each mark."""
        if self.model.images_seen >= self.marks[len(self.frames)]:
            self.record()

    def on_train_end(self, logs=None):
        """Keeps the last pictures."""
        self.record()

    def record(self):
        """Draws the same latents again."""
        self.frames.append(self.model.generate(COLUMNS * ROWS, seed=1))


def train(name):
    """Trains one model, and saves its frames as uint8 of shape (frames, images, H, W, C)."""
    load, batch_size, epochs, arguments = TRAININGS[name]
    keras.utils.set_random_seed(0)
    start = time.process_time()
    dataset = load(batch_size, seed=0)
    gan = kg.SelfConditionedGAN(**arguments, seed=0)
    gan.compile()
    total = epochs * len(dataset) * batch_size
    marks = [0, *np.geomspace(FIRST, total, FRAMES - 1)[:-1], np.inf]
    recorder = Recorder(marks)
    gan.fit(dataset, epochs=epochs, callbacks=[recorder])
    frames = np.stack(recorder.frames)
    np.save(FOLDER / f"{name}.npy", ((frames + 1) * 127.5).clip(0, 255).astype("uint8"))
    minutes = (time.process_time() - start) / 60
    print(f"{name}: {gan.images_seen:,} images, {minutes:.1f} minutes of CPU time", flush=True)


def panel(images):
    """One PIL image of a frame's grid, with white lines between the images."""
    step = PIXELS + 2
    canvas = Image.new("RGB", (COLUMNS * step - 2, ROWS * step - 2), "white")
    for number, image in enumerate(images):
        picture = Image.fromarray(np.repeat(image, 4 - image.shape[-1], axis=-1)[..., :3])
        picture = picture.resize((PIXELS, PIXELS), Image.Resampling.BICUBIC)
        canvas.paste(picture, (number % COLUMNS * step, number // COLUMNS * step))
    return canvas


def animate(file):
    """The panels of all trainings side by side, frame by frame; the last one is held."""
    trainings = [np.load(FOLDER / f"{n}.npy") for n in TRAININGS if (FOLDER / f"{n}.npy").exists()]
    pictures = []
    for number in range(LEFT_OUT, min(len(frames) for frames in trainings)):
        panels = [panel(frames[number]) for frames in trainings]
        width = sum(part.width + 16 for part in panels) - 16
        picture = Image.new("RGB", (width, panels[0].height), "white")
        left = 0
        for part in panels:
            picture.paste(part, (left, 0))
            left += part.width + 16
        pictures.append(picture)
    durations = [120] * (len(pictures) - 1) + [3000]
    pictures[0].save(
        file, save_all=True, append_images=pictures[1:], duration=durations, loop=0, quality=70
    )
    pictures[-1].save(FOLDER / "last.png")
    print(f"{file}: {len(pictures)} frames, {Path(file).stat().st_size / 1e6:.2f} MB")


def main():
    """Trains, then animates."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="*", default=list(TRAININGS), help="none: no training")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in parser.parse_args().only:
        train(name)
    animate(Path(__file__).parent / "images" / "from_noise.webp")


if __name__ == "__main__":
    main()
