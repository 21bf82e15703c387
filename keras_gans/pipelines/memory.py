"""How much of the machine's memory data may take."""

import math
import os


def room_for_data() -> float:
    """Half of the memory in bytes, where the system tells how much there is; else infinity."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):  # not on Windows
        return math.inf
