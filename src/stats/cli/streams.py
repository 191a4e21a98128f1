"""Outputs that are closed, full or read by nobody: what is printed is lost then, what is done is not."""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from typing import TextIO, cast

# Nobody wants to read it: no loss that anybody would have to be told of.
_UNWANTED = frozenset({errno.EPIPE, errno.EBADF, errno.EIO})


def open_closed() -> None:
    """Give the three standard streams something to lead to, or the next file opened would take the place of one.

    Whatever then prints there, a process below this one too, would write into that file.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            os.set_inheritable(number, True)
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w", encoding="utf-8", closefd=False))  # noqa: SIM115


class Lasting(io.RawIOBase):
    """A file descriptor that takes everything; ``lost`` tells why it could not be written to, if it ever could not."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.lost: OSError | None = None

    def write(self, content: object) -> int:
        """Write all of it, or lose it."""
        given = memoryview(cast(bytes, content)).cast("B")
        rest = given
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:
                select.select([], [self._descriptor], [])
            except OSError as error:
                self.lost = error
                break
        return len(given)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    @property
    def loss(self) -> OSError | None:
        """Why what somebody waits for did not get there; None where all did, or nobody waits."""
        return None if self.lost is None or self.lost.errno in _UNWANTED else self.lost


def make_lasting() -> Lasting:
    """Let no printing end the command from now on; returns what becomes of the standard output."""
    raw = {name: Lasting(number) for name, number in (("stdout", 1), ("stderr", 2))}
    for name, lasting in raw.items():
        before: TextIO = getattr(sys, name)
        text = io.TextIOWrapper(
            io.BufferedWriter(lasting), encoding=before.encoding, errors=before.errors, line_buffering=True
        )
        before.flush()
        setattr(sys, name, text)
    return raw["stdout"]
