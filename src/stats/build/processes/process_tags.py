"""Processes that carry a mark in their environment, which whatever they start inherits. Starts none."""

from __future__ import annotations

from contextlib import suppress

import psutil


def kill_marked(name: str, value: str) -> None:
    """Kill every process of the user started with the environment variable ``name`` set to ``value``.

    What a process that died has left is nobody's child then, but carries its mark.
    """
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):  # other users' processes, and those that just ended, cannot be asked
            if process.environ().get(name) == value:
                process.kill()
