"""Takes over what earlier versions kept among what is handed out: moved inside, nothing lost. Deletes nothing."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from stats.build.state.folder import is_regular
from stats.build.state.lock import refuse_if_held
from stats.build.state.output_paths import OutputPaths, make_folder

# Beside the published files of an edition; and beside the editions.
BUILD, READ_CACHE, FINDINGS = ".build", ".build-check", "findings.csv"
_OUR_FINDINGS = b"\xef\xbb\xbfseverity,label,rule,unit_code,unit_name,year,period,variables,values,"


def ledger(paths: OutputPaths) -> Path:
    """The ledger that tells of the published files: the one from before, until a run has taken it over."""
    older = paths.folder / BUILD / paths.ledger.name
    return older if not paths.ledger.exists() and is_regular(older) else paths.ledger


def take_over(paths: OutputPaths) -> None:
    """Move an edition's ledger, logs and failed notebooks inside; whoever does it holds the lock of the set.

    LockedError while an earlier version is at work there. What is inside already stays, the older is set aside.
    """
    old = paths.folder / BUILD
    if old.is_dir() and not old.is_symlink():
        refuse_if_held(old / paths.lock.name)
        if not paths.ledger.exists():
            _move_into(old, paths.internal, last=paths.ledger.name)
        with suppress(OSError):  # something lies in it still
            old.rmdir()
        if old.is_dir():
            set_aside(old, paths.withdrawn)
    take_over_year(paths)


def take_over_year(paths: OutputPaths) -> None:
    """Move what earlier versions kept for the whole year: the list of findings, and what a check had read."""
    aside = paths.internal_of_year / "withdrawn"
    old = paths.year_folder / FINDINGS
    if is_regular(old) and _begins(old, _OUR_FINDINGS):
        set_aside(old, aside)
    cache = paths.year_folder / READ_CACHE
    if cache.is_dir() and not cache.is_symlink():
        set_aside(cache, aside)


def set_aside(path: Path, into: Path) -> None:
    """Move a file or folder under its name, or the first free one like it; another run may have done so already."""
    make_folder(into)
    names = (f"{path.name.lstrip('.')}{number}" for number in ("", *(f".{each}" for each in range(2, 1000))))
    target = next(into / name for name in names if not (into / name).exists())
    with suppress(FileNotFoundError):
        path.rename(target)


def _move_into(old: Path, new: Path, *, last: str) -> None:
    """Everything in ``old`` for which ``new`` has room; ``last`` at the end, so that a killed move is begun again."""
    for path in sorted(old.iterdir(), key=lambda each: each.name == last):
        target = new / path.name
        if target.is_dir() and not target.is_symlink():
            with suppress(OSError):  # something lies in it
                target.rmdir()
        if not target.exists():
            path.rename(target)


def _begins(path: Path, content: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(content)) == content
