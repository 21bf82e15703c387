"""A progress bar for what turns out to take long."""

import time

import keras

_PATIENCE = 2.0  # seconds


def with_progress(items, title):
    """Yields the items; if they take more than two seconds, a Keras progress bar shows how far.

    Args:
        items: Sequence.
        title: String, printed above the bar.
    """
    start, bar = time.monotonic(), None
    for number, item in enumerate(items):
        yield item
        if bar is None and time.monotonic() - start > _PATIENCE and number + 1 < len(items):
            print(title)
            bar = keras.utils.Progbar(len(items), interval=0.5, unit_name="block")
        if bar is not None:
            bar.update(number + 1)
