"""Runs two steps of each example, two examples at a time.

    KERAS_MAX_EPOCHS=1 KERAS_MAX_STEPS_PER_EPOCH=2 python .ci/examples.py [NAME ...]

TensorFlow, Keras and the library are imported once. Each example then runs in a fork of this
process, as if it were started from the command line, in an empty folder. Prints the last line of
each, and everything that an example printed if it fails.
"""

import os
import pathlib
import runpy
import sys
import tempfile
import traceback

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its idle threads spin
os.environ.setdefault("KERAS_MAX_EPOCHS", "1")
os.environ.setdefault("KERAS_MAX_STEPS_PER_EPOCH", "2")

import matplotlib.pyplot  # noqa: F401
import numpy as np
from PIL import Image

import keras_gans  # noqa: F401

EXAMPLES = pathlib.Path(__file__).resolve().parents[1] / "examples"
AT_ONCE = 2


def make_pictures(folder):
    """Pictures for the example that would download CelebA."""
    folder.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (700, 8, 8, 3), "uint8")
    for number, picture in enumerate(pixels):
        Image.fromarray(picture).save(folder / f"{number}.png")


def start(path, log):
    """The process number of a fork that runs an example and writes what it prints to a file."""
    number = os.fork()
    if number:
        return number
    with open(log, "wb", buffering=0) as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = [str(path), *(["pictures"] if path.stem == "celeba_faces" else [])]
    sys.path[0] = str(path.parent)
    failed = 1
    try:
        runpy.run_path(str(path), run_name="__main__")
        failed = 0
    except SystemExit as end:
        failed = int(bool(end.code))
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(failed)  # without what the parent has registered for its own end


def main():
    """Runs the examples; ends at the first that fails."""
    names = sys.argv[1:] or [path.stem for path in sorted(EXAMPLES.glob("*.py"))]
    waiting, running = [EXAMPLES / f"{name}.py" for name in names], {}
    folder = pathlib.Path(tempfile.mkdtemp())
    os.chdir(folder)
    make_pictures(folder / "pictures")
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            path = waiting.pop(0)
            running[start(path, folder / f"{path.stem}.log")] = path.stem
        number, status, used = os.wait4(-1, 0)
        name = running.pop(number)
        text = (folder / f"{name}.log").read_text(errors="replace").strip()
        if status:
            sys.exit(f"-- {name} failed:\n{text}")
        last = text.splitlines()[-1] if text else ""
        print(f"-- {name} ({used.ru_utime + used.ru_stime:.0f} CPU s): {last}", flush=True)


if __name__ == "__main__":
    main()
