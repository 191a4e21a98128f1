"""Installs lock files into this environment: by uv, in a tenth of pip's time, or by pip where uv is not to be had.

    .venv/bin/python tools/install.py requirements.lock

Either takes only what has a hash in the lock file, and asks the index that pip is set up for. Needs Python only.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

# The lock file in which uv itself stands with its hashes.
LOCK_OF_UV = Path(__file__).parents[1] / "requirements-dev.lock"
LOCKED = ("--quiet", "--require-hashes", "--only-binary", ":all:")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")
UV = (sys.executable, "-m", "uv", "pip", "install", "--no-config", "--python", sys.executable)


def install(locks: Sequence[str]) -> int:
    """Install everything the lock files name; the exit code of whoever did it."""
    wanted = [*LOCKED, *(part for lock in locks for part in ("--requirement", lock))]
    if _has_uv() and _run([*UV, *wanted], quietly=True) == 0:
        return 0
    return _run([*PIP, "install", *wanted])


def _has_uv() -> bool:
    if importlib.util.find_spec("uv"):
        return True
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder, "uv.lock")
        lock.write_text(requirement(LOCK_OF_UV.read_text(encoding="utf-8"), "uv"), encoding="utf-8")
        return _run([*PIP, "install", *LOCKED, "--no-deps", "--requirement", str(lock)], quietly=True) == 0


def requirement(lock: str, name: str) -> str:
    """The lines of a lock file that pin one package; empty where it pins none.

    >>> requirement("ab==1 \\\\\\n    --hash=sha256:00\\nb==2 \\\\\\n    --hash=sha256:11\\n", "b")
    'b==2 \\\\\\n    --hash=sha256:11\\n'
    """
    found = re.search(rf"^{re.escape(name)}==.*\\\n(?:.*\\\n)*.*\n", lock, re.MULTILINE)
    return found[0] if found else ""


def _run(command: Sequence[str], *, quietly: bool = False) -> int:
    output = subprocess.DEVNULL if quietly else None
    return subprocess.run(command, env={**os.environ, **_index()}, stdout=output, stderr=output).returncode


def _index() -> dict[str, str]:
    """Where pip looks for packages, for uv, which does not read pip's settings."""
    if "UV_DEFAULT_INDEX" in os.environ or "UV_INDEX_URL" in os.environ:
        return {}
    asked = subprocess.run([*PIP, "config", "get", "global.index-url"], capture_output=True, text=True)
    address = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
    return {"UV_DEFAULT_INDEX": address} if asked.returncode == 0 or address else {}


if __name__ == "__main__":
    sys.exit(install(sys.argv[1:]))
