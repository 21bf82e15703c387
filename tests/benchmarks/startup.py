"""Seconds from `import` to the first trained batch.

    python tests/benchmarks/startup.py

Each round is a new Python process. "keras" is `import keras`, including TensorFlow. "keras_gans" is
the additional time to import it. "model" builds and compiles the default `DCGAN` for 28x28. "first
step" is the first batch of 64 in `fit`, which traces the graph, and "second step" the next one, for
comparison. Prints medians and ranges. The first round is not counted, because it reads files that
the system may not have cached.
"""

import os
import statistics
import subprocess
import sys

ROUNDS = 7
PARTS = "keras", "keras_gans", "model", "first step", "second step"
SCRIPT = """
import time
times = [time.perf_counter()]
look = lambda: times.append(time.perf_counter())
import keras
look()
import keras_gans
look()
gan = keras_gans.DCGAN(image_shape=(28, 28, 1))
gan.compile()
look()
images = keras.ops.zeros((64, 28, 28, 1)).numpy()
for _ in range(2):
    gan.fit(images, batch_size=64, verbose=0)
    look()
print(*(after - before for before, after in zip(times, times[1:])))
"""


def measure():
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    return [float(seconds) for seconds in done.stdout.split()]


def main():
    measure()
    columns = zip(*(measure() for _ in range(ROUNDS)), strict=True)
    print(f"{ROUNDS} rounds, Python {sys.version.split()[0]}")
    print("| part | seconds, median | lowest | highest |\n|---|---|---|---|")
    for part, seconds in zip(PARTS, columns, strict=True):
        middle = statistics.median(seconds)
        print(f"| {part} | {middle:.2f} | {min(seconds):.2f} | {max(seconds):.2f} |")


if __name__ == "__main__":
    main()
