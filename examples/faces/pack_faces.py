"""Packs the faces of make_faces.mjs into keras_gans/datasets/cartoon_faces.npz.

    .venv/bin/python examples/faces/pack_faces.py examples/faces/drawn

Reduces each style to its 256 most frequent colors, and keeps the first 1,250 faces that differ from
all previous ones in at least 2% of their pixels. Then it cuts the faces into tiles of 8x8 pixels,
and stores the same tile of all faces together: the compressed file is two fifths smaller.
"""

import argparse
import pathlib
import zipfile

import numpy as np

STYLES = ("lorelei", "notionists", "open_peeps", "pixel_art")  # labels 0, 1, 2, 3
SIDE = 64  # pixels
TILE = 8  # pixels
COLORS = 256  # of each style, so that an index is a byte
FACES = 1250  # of each style
LEAST_DIFFERENCE = 0.02  # of the pixels
OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "keras_gans/datasets/cartoon_faces.npz"


def with_palette(images):
    """Returns a palette (256, 3), and the index of the nearest color for each pixel (N, H, W)."""
    codes = images.astype("int32") @ np.array([1 << 16, 1 << 8, 1])
    codes, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    colors = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=-1)
    palette = colors[np.argsort(-counts, kind="stable")[:COLORS]]
    distances = (palette**2).sum(1) - 2 * colors @ palette.T  # squared, up to a constant
    nearest = distances.argmin(axis=1).astype("uint8")
    return palette.astype("uint8"), nearest[places].reshape(images.shape[:-1])


def different(faces):
    """Returns the first FACES of faces (N, H, W) that differ from all previous ones."""
    kept = np.empty((FACES, *faces.shape[1:]), "uint8")
    number = 0
    for face in faces:
        differences = np.mean(kept[:number] != face, axis=(1, 2))
        if np.all(differences >= LEAST_DIFFERENCE):
            kept[number] = face
            number += 1
        if number == FACES:
            return kept
    raise ValueError(
        f"There must be {FACES} faces of each style that differ in {LEAST_DIFFERENCE:.0%} of their "
        f"pixels. Received: {number} of {len(faces)}. Increase FACES in make_faces.mjs."
    )


def tiled(faces):
    """Returns tiles (8, 8, N, 8, 8) of faces (N, 64, 64): row, column, face, pixels."""
    tiles = faces.reshape(-1, SIDE // TILE, TILE, SIDE // TILE, TILE)
    return tiles.transpose(1, 3, 0, 2, 4)


def write(arrays):
    """Writes an .npz, as np.savez_compressed does, but a tenth smaller."""
    with zipfile.ZipFile(OUTPUT, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as file:
                np.save(file, array, allow_pickle=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("drawn", type=pathlib.Path, help="the folder of make_faces.mjs")
    folder = parser.parse_args().drawn
    tiles, palettes = [], []
    for style in STYLES:
        images = np.fromfile(folder / f"{style}.rgb", "uint8").reshape(-1, SIDE, SIDE, 3)
        palette, faces = with_palette(images)
        change = np.abs(palette[faces].astype("int32") - images).mean()
        print(f"{style}: {len(images)} drawn, mean change by the palette {change:.2f} of 255")
        tiles.append(tiled(different(faces)))
        palettes.append(palette)
    write({"tiles": np.stack(tiles), "palettes": np.stack(palettes)})
    print(f"{OUTPUT}: {OUTPUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
