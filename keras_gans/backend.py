"""Imports Keras first, after a check that it runs on TensorFlow."""

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator

_LEVEL = "TF_CPP_MIN_LOG_LEVEL"
_NOISE = re.compile(  # what TensorFlow's libraries print before they read the level
    rb"[IWE]\d{4} |WARNING: All log messages before absl::InitializeLog"
    rb"|To enable the following instructions:"
)


def check_backend() -> None:
    """Checks Keras' backend without importing Keras with another one.

    Raises:
        ImportError: If it is not TensorFlow.
    """
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    if "keras" in sys.modules or backend == "tensorflow":
        with without_noise():
            import keras

        backend = keras.config.backend()
    if backend != "tensorflow":
        raise ImportError(
            "keras_gans trains with TensorFlow. Received: Keras with the backend "
            f"{backend!r}. Set KERAS_BACKEND=tensorflow before importing keras."
        )


@contextlib.contextmanager
def without_noise() -> Iterator[None]:
    """A context without the lines that TensorFlow prints at its import at any log level.

    It does so only if `TF_CPP_MIN_LOG_LEVEL` is 3, that is, if messages are not wanted. These lines
    are written to the file descriptor of standard error, which is a temporary file meanwhile.
    All other lines are printed at the end, and after an error every line.
    """
    if os.environ.get(_LEVEL) != "3" or "tensorflow" in sys.modules or not _is_open(2):
        yield
        return
    sys.stderr.flush()
    kept, failed = os.dup(2), True
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
            failed = False
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            file.seek(0)
            for line in file:
                if failed or not _NOISE.match(line):
                    os.write(2, line)


def _is_open(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


check_backend()
