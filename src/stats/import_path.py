"""Where a Python process looks for modules: never in the folder that a notebook runs in. Starts no process.

What lies in a folder of data is data. Python, IPython and nbconvert put the current folder on ``sys.path``, so that a
``pandas.py`` lying there would be run in the place of the library.
"""

from __future__ import annotations

import os
import site
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path

import stats

# What of the environment decides where modules come from. A script or compiled code of the user's choice is dropped.
_DECIDES = ("PYTHONPATH", "PYTHONSTARTUP", "PYTHONPYCACHEPREFIX", "PYTHONSAFEPATH", "PYTHONNOUSERSITE")

# What a kernel runs first where it would take settings lying in its folder for those of its user.
MATPLOTLIB_FROM_ELSEWHERE = """\
import contextlib as _contextlib, sys as _sys
with _contextlib.suppress(ImportError), _contextlib.chdir(_sys.prefix):
    import matplotlib as _matplotlib
del _contextlib, _sys
globals().pop("_matplotlib", None)"""


def outside(folder: str | Path, entries: Iterable[str]) -> list[str]:
    """The entries of a path that do not lie in ``folder``; relative ones go, the empty one with them.

    An environment or a checkout of this project within the folder stays: the project's own repository is a workspace.

    >>> outside("/county", ["", ".", "/county", "/county/lib", "/usr/lib/python3"])
    ['/usr/lib/python3']
    """
    place = _resolved(os.path.abspath(folder))  # remembered by its name, which must not be a relative one
    own = [each for each in _own() if each.is_relative_to(place)]

    def may_stay(entry: Path) -> bool:
        return not entry.is_relative_to(place) or any(entry.is_relative_to(each) for each in own)

    return [entry for entry in entries if os.path.isabs(entry) and may_stay(_resolved(entry))]


def environment(folder: str | Path, given: Mapping[str, str]) -> dict[str, str]:
    """The environment for a Python process that is to work in ``folder`` and to import nothing from there."""
    return _safe(given, outside(folder, _named(given)))


def environment_here() -> dict[str, str]:
    """That of this process, for one that is to import nothing from the current folder."""
    return _safe(os.environ, _but(_current(), _named(os.environ)))


def leave_out_current_folder() -> None:
    """From now on this process, and those it starts, import nothing from the current folder."""
    safe = environment_here()
    _set({name: safe.get(name) for name in _DECIDES})
    sys.path[:] = _but(_current(), sys.path)


@contextmanager
def current_folder_left_out() -> Iterator[None]:
    """The same, for as long as the block runs."""
    before, path = {name: os.environ.get(name) for name in _DECIDES}, list(sys.path)
    leave_out_current_folder()
    try:
        yield
    finally:
        _set(before)
        sys.path[:] = path


def _named(environment: Mapping[str, str]) -> list[str]:
    return environment.get("PYTHONPATH", "").split(os.pathsep)


def _safe(given: Mapping[str, str], named: list[str]) -> dict[str, str]:
    kept = {name: value for name, value in given.items() if name not in _DECIDES}
    if named:
        kept["PYTHONPATH"] = os.pathsep.join(named)
    if not _needs_user_site():
        kept["PYTHONNOUSERSITE"] = "1"
    return {**kept, "PYTHONSAFEPATH": "1"}


def _but(folder: Path, entries: Iterable[str]) -> list[str]:
    """The entries that are not the folder itself, nor relative to it."""
    return [
        entry
        for entry in entries
        if os.path.isabs(entry) and (_resolved(entry) != folder or _resolved(entry) == _package())
    ]


def _current() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:  # it was removed: nothing lies in it
        return Path(os.devnull)


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is not None:
            os.environ[name] = value
        else:
            os.environ.pop(name, None)


def _needs_user_site() -> bool:
    """Whether this package is one of those that the user installed for all projects."""
    return bool(site.USER_SITE) and _package().is_relative_to(_resolved(str(site.USER_SITE)))


@cache
def _package() -> Path:
    return Path(stats.__file__).resolve().parents[1]


def _own() -> tuple[Path, ...]:
    """Where what we run on lies: the environment, the Python it was made from, and this package."""
    return (_resolved(sys.prefix), _resolved(sys.base_prefix), _package())


@lru_cache(maxsize=256)
def _resolved(entry: str) -> Path:
    return Path(entry).resolve()
