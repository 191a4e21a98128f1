"""What was read from a file, kept by its content, so that an unchanged one is not read twice. Trusts no entry."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from stats.errors import UnreadableError
from stats.findings import Finding
from stats.inputs import UnfitError, content
from stats.returns.cache_key import secret_of
from stats.returns.grid import Grid, Mark, Range
from stats.returns.parsed_file import Delivered
from stats.returns.sandboxed_reader import Reader
from stats.texts.privacy import any_private

_FORMAT = 3
_LARGEST = 64 * 2**20
_ENTRY = re.compile(r"[0-9a-f]{64}\.json")
_DIGEST_LENGTH = 64
# What decides, besides the content and the name of a file, which tables come out of it.
_CODE = ("returns", "texts", "inputs", "catalogue", "findings.py")
_LIBRARIES = ("python-calamine", "charset-normalizer", "defusedxml", "opencc-python-reimplemented", "pydantic")


class RememberingReader(Reader):
    """A reader that first looks into ``folder`` for what the same code read from the same bytes under the same name.

    Only a file's tables are kept, never what the roster or the year make of them, never a refusal, and nothing of a
    file that holds what tells of a person. An entry that
    is damaged, of another key or of another shape is passed over, and so is one that was not written in this very
    folder on this machine; a folder that cannot be written is no error. On leaving, entries that this run did not use
    are taken away.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._secret = secret_of(folder)
        self._used: set[str] = set()

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        if error[:1] == (None,):
            self._forget_unused()

    def read(self, data: bytes, file: str) -> Delivered:
        """The tables in a file, from an earlier run where nothing has changed since."""
        if self._secret is None:
            return super().read(data, file)
        key = _key(data, file)
        path = self._folder / f"{key}.json"
        self._used.add(path.name)
        known = _recalled(path, key, self._secret)
        if known is not None:
            return known
        delivered = super().read(data, file)
        if not any_private(text for grid in delivered.grids for row in grid.rows for text in row):
            with suppress(OSError, ValueError):
                _keep(path, _to_bytes(delivered, key, self._secret))
        return delivered

    def _forget_unused(self) -> None:
        with suppress(OSError):
            for path in self._folder.iterdir():
                if _ENTRY.fullmatch(path.name) and path.name not in self._used:
                    path.unlink()


@dataclass(frozen=True, slots=True)
class _KeptGrid:
    """A grid in a form that JSON can hold: places of marks are no keys there."""

    file: str
    sheet: str
    rows: list[list[str]]
    marks: list[tuple[int, int, Mark]]
    exact_width: bool
    ends_cleanly: bool
    merged: tuple[Range, ...]
    hidden_rows: list[int]
    hidden_columns: list[int]
    filtered: bool
    over: tuple[tuple[Range, Mark], ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """All of an entry; ``key`` repeats what it was kept under."""

    key: str
    grids: list[_KeptGrid]
    findings: tuple[Finding, ...]


@cache
def _shape() -> TypeAdapter[_Kept]:
    return TypeAdapter(_Kept)


def _to_bytes(delivered: Delivered, key: str, secret: bytes) -> bytes:
    """The entry: the HMAC-SHA-256 of its content, a line end, the content."""
    kept = _Kept(key, [_kept_grid(grid) for grid in delivered.grids], delivered.findings)
    content = _shape().dump_json(kept)
    return _signature(content, secret) + b"\n" + content


def _signature(content: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, content, "sha256").hexdigest().encode("ascii")


def _from_bytes(entry: bytes, key: str, secret: bytes) -> Delivered:
    """The inverse; ValueError for anything but an undamaged entry of this key and this folder."""
    digest, content = entry[:_DIGEST_LENGTH], entry[_DIGEST_LENGTH + 1 :]
    if not hmac.compare_digest(_signature(content, secret), digest):
        raise ValueError("damaged")
    kept = _shape().validate_json(content, strict=True)
    if kept.key != key:
        raise ValueError("of another file")
    return Delivered(tuple(map(_grid, kept.grids)), kept.findings)


def _kept_grid(grid: Grid) -> _KeptGrid:
    return _KeptGrid(
        file=grid.file,
        sheet=grid.sheet,
        rows=grid.rows,
        marks=[(*place, mark) for place, mark in grid.marks.items()],
        exact_width=grid.exact_width,
        ends_cleanly=grid.ends_cleanly,
        merged=grid.merged,
        hidden_rows=sorted(grid.hidden_rows),
        hidden_columns=sorted(grid.hidden_columns),
        filtered=grid.filtered,
        over=grid.over,
    )


def _grid(kept: _KeptGrid) -> Grid:
    return Grid(
        file=kept.file,
        sheet=kept.sheet,
        rows=kept.rows,
        marks={(row, column): mark for row, column, mark in kept.marks},
        exact_width=kept.exact_width,
        ends_cleanly=kept.ends_cleanly,
        merged=kept.merged,
        hidden_rows=frozenset(kept.hidden_rows),
        hidden_columns=frozenset(kept.hidden_columns),
        filtered=kept.filtered,
        over=kept.over,
    )


def _recalled(path: Path, key: str, secret: bytes) -> Delivered | None:
    try:
        return _from_bytes(content(path, path.name, largest=_LARGEST, links=False), key, secret)
    except (UnfitError, UnreadableError, ValueError, ValidationError):
        return None


def _keep(path: Path, entry: bytes) -> None:
    """Puts the entry there whole or not at all."""
    if len(entry) > _LARGEST:
        return
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(entry)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _key(data: bytes, file: str) -> str:
    parts = [_FORMAT, hashlib.sha256(data).hexdigest(), file, *_reader_identity()]
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()


@cache
def _reader_identity() -> tuple[str, ...]:
    """What reads: the code of this package that decides it, and the versions of what it leans on."""
    total = hashlib.sha256()
    package = Path(str(files("stats")))
    for path in sorted(found for part in _CODE for found in (package / part, *(package / part).rglob("*"))):
        if path.is_file() and path.suffix != ".pyc":
            total.update(f"{path.relative_to(package).as_posix()} ".encode() + path.read_bytes())
    return (total.hexdigest(), sys.version, *map(_version, _LIBRARIES))


def _version(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return f"{library} ?"
