"""Peak memory of a training step, with equal networks in three programs.

    python tests/benchmarks/memory.py --torch PYTHON              # about ten minutes
    python tests/benchmarks/memory.py --sides 28 --batches 16
    python tests/benchmarks/memory.py rematerialization           # five minutes

DCGANs for color images with 32 channels next to the image (`course_networks.py`), in float32,
without a penalty, trained for a few steps on random images that are in memory:

- keras_gans: `DCGAN.compile()` and `fit`;
- keras.io's train step with `training=True`, with `fit` (`written_loops.py`);
- with `--torch`, the Python of an environment that has PyTorch: the loop of its tutorial.

Each cell is a process of its own. It prints the largest resident memory that the system recorded
for the process (`ru_maxrss`). Nothing is subtracted: the interpreter, the libraries, the weights,
the moments of the optimizers and the images are included. The second number is the same before
the first step.

`rematerialization` compares `fit` with and without `keras.remat` around each stage of the same
networks: peak memory, and the median time of a step, in turns.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

SIDES = 28, 64, 128, 256
BATCHES = 16, 64
PROGRAMS = "keras_gans", "keras.io's step", "PyTorch"
STEPS = 2
ROUNDS = 3  # of the comparison with rematerialization
REMATERIALIZED = 128, 32  # pixels, images


def peak():
    """Bytes of resident memory at the highest point so far; the system counts in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def one_cell(program, side, batch_size, remat):
    """Prints bytes before the first step, the peak in bytes, and seconds per step, as JSON."""
    if program == "PyTorch":
        train = torch_step(side, batch_size)
    else:
        import keras_gans  # noqa: F401, hides messages of TensorFlow
        from course_networks import keras_networks

        make = keras_gans_step if program == "keras_gans" else keras_io_step
        train = make(side, batch_size, rematerialized_networks if remat else keras_networks)
    before = peak()
    train()
    highest = peak()
    start = time.perf_counter()
    if remat is not None:
        train()
    print(json.dumps([before, highest, (time.perf_counter() - start) / STEPS]))


def keras_batches(side, batch_size):
    import numpy as np
    import tensorflow as tf

    images = np.random.default_rng(0).random((batch_size, side, side, 3), "float32") * 2 - 1
    dataset = tf.data.Dataset.from_tensors(images).repeat(STEPS)
    return dataset.apply(tf.data.experimental.assert_cardinality(STEPS))


def keras_gans_step(side, batch_size, build):
    """A function that trains for `STEPS` steps."""
    import keras_gans as kg

    generator, discriminator = build(f"narrow-{side}")
    gan = kg.DCGAN(generator=generator, discriminator=discriminator)
    gan.compile(penalties=[])
    dataset = keras_batches(side, batch_size)
    return lambda: gan.fit(dataset, verbose=0)


def keras_io_step(side, batch_size, build):
    from written_loops import KerasIO

    model = KerasIO(*build(f"narrow-{side}"), training=True)
    model.compile()
    dataset = keras_batches(side, batch_size)
    return lambda: model.fit(dataset, verbose=0, shuffle=False)


def torch_step(side, batch_size):
    import torch
    from torch_peer import Trainer

    trainer = Trainer(f"narrow-{side}", "cpu", torch.amp.GradScaler("cpu", enabled=False))
    images = torch.rand(batch_size, 3, side, side) * 2 - 1
    images = images.contiguous(memory_format=torch.channels_last)

    def train():
        for _ in range(STEPS):
            trainer.step(images)

    return train


def rematerialized_networks(name):
    """The networks of `keras_networks`, with each stage inside `keras.remat`."""
    import keras
    from course_networks import keras_networks

    class Stage(keras.layers.Layer):
        def __init__(self, stage):
            super().__init__()
            self.stage = stage

        def build(self, shape):
            self.stage.build(shape)

        def compute_output_shape(self, shape):
            return self.stage.compute_output_shape(shape)

        def call(self, x, training=None):
            return keras.remat(lambda x: self.stage(x, training=training))(x)

    def staged(network):
        stages = []
        for layer in network.layers:
            begins = isinstance(layer, keras.layers.Conv2D | keras.layers.Conv2DTranspose)
            if begins or not stages:
                stages.append([])
            stages[-1].append(layer)
        made = [Stage(keras.Sequential(stage)) for stage in stages]
        return keras.Sequential([keras.Input(network.input_shape[1:]), *made])

    return [staged(network) for network in keras_networks(name)]


def cell(python, program, side, batch_size, remat=None):
    """The numbers that a process of its own prints."""
    command = [python, __file__, "--one", program, "--sides", str(side)]
    command += ["--batches", str(batch_size)]
    command += [] if remat is None else ["--remat", str(int(remat))]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent
    )
    if done.returncode:
        raise SystemExit(f"{program}, {side} pixels, {batch_size} images:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def megabytes(number):
    return f"{number / 1e6:,.0f}"


def compare_programs(args):
    names = [name for name in PROGRAMS if name != "PyTorch" or args.torch]
    print(f"| pixels | batch | {' | '.join(names)} |\n|---|---|{'---|' * len(names)}")
    for side in args.sides:
        for batch_size in args.batches:
            cells = []
            for name in names:
                python = args.torch if name == "PyTorch" else sys.executable
                before, highest, _ = cell(python, name, side, batch_size)
                cells.append(f"{megabytes(highest)} ({megabytes(before)})")
            print(f"| {side} | {batch_size} | {' | '.join(cells)} |", flush=True)


def compare_rematerialization():
    side, batch_size = REMATERIALIZED
    cells = {False: [], True: []}
    for _ in range(ROUNDS):
        for remat, measured in cells.items():
            measured.append(cell(sys.executable, "keras_gans", side, batch_size, remat))
    print("| stages | peak, MB | seconds per step |\n|---|---|---|")
    for remat, measured in cells.items():
        peaks, seconds = ([row[k] for row in measured] for k in (1, 2))
        name = "inside `keras.remat`" if remat else "as usual"
        print(
            f"| {name} | {megabytes(statistics.median(peaks))} "
            f"({megabytes(min(peaks))} to {megabytes(max(peaks))}) "
            f"| {statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f}) |"
        )
    pairs = zip(cells[True], cells[False], strict=True)
    ratios = sorted(with_remat[2] / without[2] for with_remat, without in pairs)
    print(f"Time with it relative to without, by round: {', '.join(f'{r:.2f}' for r in ratios)}.")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="?", choices=["programs", "rematerialization"])
    parser.add_argument("--sides", type=int, nargs="+", default=SIDES, choices=SIDES)
    parser.add_argument("--batches", type=int, nargs="+", default=BATCHES)
    parser.add_argument("--torch", help="the Python of an environment with PyTorch")
    parser.add_argument("--one", choices=PROGRAMS, help=argparse.SUPPRESS)
    parser.add_argument("--remat", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        one_cell(args.one, args.sides[0], args.batches[0], args.remat)
    elif args.what == "rematerialization":
        compare_rematerialization()
    else:
        compare_programs(args)


if __name__ == "__main__":
    main()
