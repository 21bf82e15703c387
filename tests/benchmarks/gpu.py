"""Throughput and memory on a GPU; writes the table of docs/speed.md.

    python tests/benchmarks/gpu.py --torch PYTHON --write     # with a GPU: about half an hour
    python tests/benchmarks/gpu.py --sides 28 --batch 8 --steps 2 --precisions float32   # a trial

DCGANs for color images of 28, 64 and 128 pixels (`course_networks.py`) are trained on random images
in memory:

- keras_gans: `DCGAN.compile()` without a penalty, and `fit`, with and without XLA;
- keras.io's train step with `training=True` (`written_loops.py`);
- with `--torch`, the Python of an environment that has PyTorch: the loop of its tutorial;
- with two or more GPUs: keras_gans under `MirroredStrategy`, with this many images for each GPU.

The precisions are float32 without TF32, TF32, bfloat16, and float16 (mixed, with Keras' loss
scaling). Each row has its own process, and shows the median of the rounds and the peak of the GPU's
memory.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "speed.md"
SIDES = 28, 64, 128
PRECISIONS = "float32", "TF32", "bfloat16", "float16"
WAYS = "keras_gans", "keras_gans, XLA", "keras.io's step", "keras_gans, all GPUs"
ROUNDS = 5
START, END = "<!-- made by tests/benchmarks/gpu.py -->", "<!-- until here -->"


def one_row(way, side, precision, batch_size, steps):
    """Prints images per second and peak memory as JSON; runs in its own process."""
    import keras_gans as kg  # before Keras, which would print messages

    import keras
    import numpy as np
    import tensorflow as tf
    from course_networks import keras_networks
    from written_loops import KerasIO

    tf.config.experimental.enable_tensor_float_32_execution(precision == "TF32")
    if precision in ("bfloat16", "float16"):
        keras.config.set_dtype_policy(f"mixed_{precision}")
    gpus = tf.config.list_physical_devices("GPU")
    mirrored = way.endswith("all GPUs")
    strategy = tf.distribute.MirroredStrategy() if mirrored else tf.distribute.get_strategy()
    batch_size *= strategy.num_replicas_in_sync
    with strategy.scope():
        generator, discriminator = keras_networks(f"dcgan-{side}")
        if way == "keras.io's step":
            model = KerasIO(generator, discriminator, training=True)
            model.compile()
        else:
            model = kg.DCGAN(generator=generator, discriminator=discriminator)
            # A GPU would wait for Python, so each call runs several steps.
            model.compile(penalties=[], jit_compile="XLA" in way, steps_per_execution=steps)
    images = np.random.default_rng(0).uniform(-1, 1, (steps * batch_size, side, side, 3))
    dataset = tf.data.Dataset.from_tensor_slices(images.astype("float32"))
    dataset = dataset.batch(batch_size, drop_remainder=True).cache().prefetch(2)
    rates = []
    for number in range(ROUNDS + 2):  # the first builds the graph, the second fills the cache
        start = time.perf_counter()
        model.fit(dataset, verbose=0)
        if number > 1:
            rates.append(steps * batch_size / (time.perf_counter() - start))
    peak = tf.config.experimental.get_memory_info("GPU:0")["peak"] if gpus else 0
    print(json.dumps({"rate": float(np.median(rates)), "peak": peak}))


def measured(command, **options):
    """Returns the lines that a process printed, or its error."""
    options |= {"capture_output": True, "text": True, "cwd": HERE}
    done = subprocess.run(command, check=False, **options)
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1][:80]}
    return done.stdout.strip().splitlines()


def keras_row(way, side, precision, args):
    command = [sys.executable, __file__, "--one", way, "--sides", str(side)]
    command += ["--precisions", precision, "--batch", str(args.batch), "--steps", str(args.steps)]
    lines = measured(command)
    return lines if isinstance(lines, dict) else json.loads(lines[-1])


def torch_row(side, precision, args, device):
    command = [args.torch, "torch_peer.py", f"dcgan-{side}", args.batch, args.steps, precision]
    lines = measured([*map(str, command), device], input="\n" * (ROUNDS + 1))
    if isinstance(lines, dict):
        return lines
    rounds = sorted(tuple(map(float, line.split())) for line in lines[2:])
    return {"rate": rounds[len(rounds) // 2][0], "peak": rounds[-1][1]}


def table(rows):
    lines = ["| pixels | precision | way | images/s | peak memory |", "|---|---|---|---|---|"]
    for (side, precision, way), row in rows.items():
        cells = [row["error"], ""] if "error" in row else [f"{row['rate']:,.0f}", memory(row)]
        lines.append(f"| {side} | {precision} | {way} | {' | '.join(cells)} |")
    return "\n".join(lines)


def memory(row):
    return f"{row['peak'] / 2**20:,.0f} MB" if row["peak"] else "-"


def write(text):
    """Replaces the text between the two marks on the page."""
    page = PAGE.read_text()
    pattern = re.compile(f"({re.escape(START)}\n).*?({re.escape(END)})", re.DOTALL)
    if not pattern.search(page):
        raise SystemExit(f"{PAGE} has no lines {START} and {END}.")
    PAGE.write_text(pattern.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", page))


def machine():
    """Returns the number of GPUs, and a line with their names and the versions.

    Another process asks for them, so that no GPU remains occupied.
    """
    code = (
        "import keras, tensorflow as tf; "
        "found = tf.config.list_physical_devices('GPU'); "
        "names = [tf.config.experimental.get_device_details(g)['device_name'] for g in found]; "
        "print(len(found)); print(', '.join(names) or 'no GPU: a trial on the processor', "
        "f'TensorFlow {tf.__version__}', f'Keras {keras.__version__}', sep=', ')"
    )
    lines = measured([sys.executable, "-c", code])
    return int(lines[-2]), lines[-1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sides", type=int, nargs="+", default=SIDES, choices=SIDES)
    parser.add_argument("--precisions", nargs="+", default=PRECISIONS, choices=PRECISIONS)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--steps", type=int, default=50, help="steps per round")
    parser.add_argument("--torch", help="the Python of an environment with PyTorch")
    parser.add_argument("--write", action="store_true", help="write the table to docs/speed.md")
    parser.add_argument("--one", choices=WAYS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        one_row(args.one, args.sides[0], args.precisions[0], args.batch, args.steps)
        return
    num_gpus, name = machine()
    ways = [way for way in WAYS if num_gpus > 1 or not way.endswith("all GPUs")]
    rows = {}
    for side in args.sides:
        for precision in args.precisions:
            for way in ways:
                rows[side, precision, way] = keras_row(way, side, precision, args)
            if args.torch:
                device = "cuda" if num_gpus else "cpu"
                rows[side, precision, "PyTorch"] = torch_row(side, precision, args, device)
            print(table({k: row for k, row in rows.items() if k[:2] == (side, precision)}))
    text = f"{name}; batches of {args.batch}.\n\n{table(rows)}"
    print(f"\n{text}")
    if args.write:
        write(text)


if __name__ == "__main__":
    main()
