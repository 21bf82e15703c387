"""Extractors that need no training."""

import numpy as np


class Judge:
    """Features are the numbers themselves; classes are the largest of the first three."""

    protocol = "numbers"

    def __init__(self):
        self.looks = 0  # batches that it has looked at

    def features(self, images):
        self.looks += 1
        return np.asarray(images).reshape(len(images), -1)

    def probabilities(self, images):
        logits = 5 * self.features(images)[:, :3]
        return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


class Features:
    """Returns what it was given, whatever the images are."""

    def __init__(self, rows):
        self.rows = np.asarray(rows)

    def features(self, images):
        return self.rows[: len(images)]
