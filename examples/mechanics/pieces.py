"""Connected parts of designs."""

import numpy as np
from scipy.ndimage import label


def largest_piece(design):
    """Returns the largest 4-connected part of a boolean design (H, W), as a boolean design."""
    pieces, num_pieces = label(design)
    if num_pieces == 0:
        return np.zeros_like(design)
    return pieces == 1 + np.argmax(np.bincount(pieces.reshape(-1))[1:])


def in_one_piece(design, share=0.99):
    """Returns whether the largest 4-connected part has at least `share` of the material."""
    return bool(np.any(design)) and largest_piece(design).sum() >= share * np.sum(design)
