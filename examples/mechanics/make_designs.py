"""Creates keras_gans/datasets/mechanical_designs.npz: optimized designs and their conditions.

    .venv/bin/python examples/mechanics/make_designs.py

This takes 30 minutes on two cores of an AMD EPYC, with other programs running: 6,800 specifications
for 6,000 designs.

The script draws random specifications from a seed and optimizes each one. It keeps a design if the
optimizer converged, if the design is in one piece that joins the load to both supports, and if it
differs from all previous designs in at least 2% of its pixels. Results are stored in chunks in
--work. If the script is stopped and started again, it continues from there, and ends with the same
file.
"""

import os

os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # a process for each core, a thread for each process

import argparse
import functools
import multiprocessing
import pathlib
import sys
import time

import numpy as np

EXAMPLES = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(EXAMPLES))

from mechanics.pieces import in_one_piece, largest_piece
from mechanics.specifications import SIZE, Specification, black_and_white

CHUNK = 50  # specifications
LEAST_DIFFERENCE = 0.02  # of the pixels
OUTPUT = EXAMPLES.parent / "keras_gans" / "datasets" / "mechanical_designs.npz"


def chunk_of_designs(index, seed, work):
    """Returns the designs (n, 50, 50) and conditions (n, 13) of a chunk, made or read."""
    path = work / f"seed_{seed}_chunk_{index:04d}.npz"
    if not path.exists():
        designs, conditions = [], []
        for number in range(index * CHUNK, (index + 1) * CHUNK):
            specification = Specification.random(np.random.default_rng((seed, number)))
            design = optimized(specification)
            if design is not None:
                designs.append(design)
                conditions.append(specification.conditions())
        unfinished = path.with_suffix(".unfinished.npz")
        np.savez(
            unfinished,
            designs=np.reshape(designs, (-1, SIZE, SIZE)),
            conditions=np.reshape(conditions, (-1, 13)),
        )
        unfinished.rename(path)
    with np.load(path) as arrays:
        return arrays["designs"], arrays["conditions"]


def optimized(specification):
    """Returns the design for a specification, or None if it is not valid."""
    optimum = specification.optimum()
    design = black_and_white(optimum.densities, specification.volume_fraction)
    sound = in_one_piece(design) and specification.joined(largest_piece(design))
    return design if optimum.converged and sound else None


def differs(design, others, num_others):
    """Returns whether a flat design differs enough from each of the first `num_others` rows."""
    differences = np.count_nonzero(others[:num_others] != design, axis=1)
    return num_others == 0 or differences.min() >= LEAST_DIFFERENCE * design.size


def collect(num_designs, chunks):
    """Returns the first `num_designs` different designs, flattened, and their conditions."""
    designs = np.zeros((num_designs, SIZE * SIZE), bool)
    conditions = np.zeros((num_designs, 13), "float32")
    kept, started = 0, time.monotonic()
    for tried, (new_designs, new_conditions) in enumerate(chunks, 1):
        new_designs = new_designs.reshape(-1, SIZE * SIZE)
        for design, condition in zip(new_designs, new_conditions, strict=True):
            if kept < num_designs and differs(design, designs, kept):
                designs[kept], conditions[kept] = design, condition
                kept += 1
        minutes = (time.monotonic() - started) / 60
        print(
            f"{tried * CHUNK:,} specifications, {kept:,} of {num_designs:,} designs,"
            f" {minutes:.1f} min, about {minutes * (num_designs - kept) / max(kept, 1):.0f} left",
            flush=True,
        )
        if kept == num_designs:
            break
    return designs[:kept], conditions[:kept]


def main():
    """Reads the command line and writes the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--designs", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument(
        "--work", type=pathlib.Path, default=pathlib.Path("mechanical_designs_chunks")
    )
    parser.add_argument("--output", type=pathlib.Path, default=OUTPUT)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    make = functools.partial(chunk_of_designs, seed=arguments.seed, work=arguments.work)
    with multiprocessing.get_context("spawn").Pool(arguments.processes) as pool:
        endless = range(10**6)
        designs, conditions = collect(arguments.designs, pool.imap(make, endless))
    np.savez_compressed(
        arguments.output, designs=np.packbits(designs, axis=1), conditions=conditions
    )
    print(f"{arguments.output}: {arguments.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
