"""The amount of memory that data may use."""

import math
import os


def room_for_data() -> float:
    """Returns half of the machine's memory in bytes, or infinity if the size is unknown."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):  # not on Windows
        return math.inf
