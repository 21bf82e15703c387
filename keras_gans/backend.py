"""Checks, before anything else is imported, that Keras runs on TensorFlow."""

import os
import sys


def check_backend() -> None:
    """Checks Keras' backend without importing Keras with another one.

    Raises:
        ImportError: If it is not TensorFlow.
    """
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    if "keras" in sys.modules or backend == "tensorflow":
        import keras

        backend = keras.config.backend()
    if backend != "tensorflow":
        raise ImportError(
            "keras_gans trains with TensorFlow. Received: Keras with the backend "
            f"{backend!r}. Set KERAS_BACKEND=tensorflow before importing keras."
        )


check_backend()
