"""What a kernel writes past its notebook to the output of its process: only the beginning is passed on. Reads none."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

LARGEST = 1 << 20
_PART = 1 << 16


@contextmanager
def drained(target: int = 2) -> Iterator[int]:
    """A file descriptor for the output of a process started in the block; no more than its beginning is kept.

    ipykernel copies to it whatever is written to file descriptors 1 and 2, which may be without end.
    """
    ours, theirs = os.pipe()
    threading.Thread(target=_drain, args=(ours, os.dup(target)), name="drain", daemon=True).start()
    try:
        yield theirs
    finally:
        os.close(theirs)


def _drain(source: int, target: int) -> None:
    room = LARGEST
    with os.fdopen(source, "rb", buffering=0) as read, os.fdopen(target, "wb", buffering=0) as write:
        while part := read.read(_PART):
            with suppress(OSError):  # a full disk must not stop the kernel
                write.write(part[:room])
            room = max(0, room - len(part))
