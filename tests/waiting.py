"""How tests wait for what must come. No limit is a measure of speed: a busy machine is not a fault."""

from __future__ import annotations

import time
from collections.abc import Callable

# A test ends after this long where it would otherwise wait for ever; far longer than anything takes.
LONGEST = 120.0


def becomes_true(condition: Callable[[], object], seconds: float = LONGEST) -> bool:
    """Whether the condition holds, as soon as it does or after so many seconds."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
