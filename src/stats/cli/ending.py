"""How the command ends when it is asked to: in good order the first time, at once the second. Ends no unit."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from stats.errors import ExitCode


class Stopped(BaseException):
    """The process was asked to end (SIGINT, SIGTERM, SIGHUP); what it was doing is left in good order."""

    def __init__(self, code: ExitCode) -> None:
        super().__init__(code)
        self.code = code


def prepare_process() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    stop = _Stop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # What whoever started us had switched off (nohup) stays off.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)


class _Stop:
    """Handles the signals to end: the first time in good order, the second time at once."""

    def __init__(self) -> None:
        self._asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        code = ExitCode.INTERRUPTED if number == signal.SIGINT else ExitCode.TERMINATED
        if self._asked:
            os._exit(code)  # the processes of the run end with this one, by the kernel's hand
        self._asked = True
        raise Stopped(code)
