"""Packs what make_faces.mjs drew into keras_gans/datasets/cartoon_faces.npz.

    .venv/bin/python examples/faces/pack_faces.py examples/faces/drawn

Reduces each style to its 256 most frequent colours, keeps the first 1,250 faces that differ from
every one kept before in at least 2% of their pixels, and cuts the faces into tiles of 8x8 pixels.
The same tile of all faces is stored in one piece: this saves two fifths of the compressed file.
"""

import argparse
import pathlib
import zipfile

import numpy as np

STYLES = ("lorelei", "notionists", "open_peeps", "pixel_art")  # labels 0, 1, 2, 3
SIDE = 64  # pixels
TILE = 8  # pixels
COLOURS = 256  # of each style, so that an index is a byte
FACES = 1250  # of each style
LEAST_DIFFERENCE = 0.02  # of the pixels
OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "keras_gans/datasets/cartoon_faces.npz"


def with_palette(images):
    """Palette (256, 3) of images (N, H, W, 3), and for each pixel (N, H, W) its nearest colour."""
    codes = images.astype("int32") @ np.array([1 << 16, 1 << 8, 1])
    codes, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=-1)
    palette = colours[np.argsort(-counts, kind="stable")[:COLOURS]]
    distances = (palette**2).sum(1) - 2 * colours @ palette.T  # squared, less that of the colour
    nearest = distances.argmin(axis=1).astype("uint8")
    return palette.astype("uint8"), nearest[places].reshape(images.shape[:-1])


def different(faces):
    """The first FACES of faces (N, H, W), no two of which are nearly the same."""
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
        f"pixels. Received: {number} in {len(faces)}. Raise FACES in make_faces.mjs."
    )


def tiled(faces):
    """Tiles (8, 8, N, 8, 8) of faces (N, 64, 64): row and column of the tile, face, pixels."""
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
    parser.add_argument("drawn", type=pathlib.Path, help="folder that make_faces.mjs wrote")
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
