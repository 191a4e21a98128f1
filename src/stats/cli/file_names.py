"""Reads the names of files as UTF-8 whatever the machine's locale; the terminal keeps its own encoding."""

from __future__ import annotations

import os
import sys


def take_as_utf8() -> None:
    """Start this command anew where Python would take the names of files for another encoding (a Linux so set up).

    Returns come in folders and archives from other machines, with names in UTF-8; read as GB18030 they are other
    names, and their units would be missing from the set.
    """
    if sys.getfilesystemencoding() == "utf-8":
        return
    terminal = f"{sys.stdout.encoding}:backslashreplace"
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONIOENCODING": os.environ.get("PYTHONIOENCODING", terminal)}
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-P", "-m", "stats", *sys.argv[1:]], environment)
