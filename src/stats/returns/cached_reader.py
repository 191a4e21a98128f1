"""What was read from a file, kept by its content, so that an unchanged one is not read twice. Trusts no entry."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import stat
import sys
import tempfile
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from stats.errors import UnreadableError
from stats.inputs import UnfitError, content
from stats.returns.parsed_file import Delivered
from stats.returns.sandboxed_reader import Reader
from stats.returns.wire_format import DAMAGED, packed, unpacked
from stats.texts.privacy import any_private

_FORMAT = 4
_LARGEST = 64 * 2**20
_ENTRY = re.compile(r"[0-9a-f]{64}\.(?:json|tables)")
_DIGEST_LENGTH = 64
# What decides, besides the content and the name of a file, which tables come out of it.
_CODE = ("returns", "texts", "inputs", "catalogue", "findings.py")
_LIBRARIES = ("python-calamine", "charset-normalizer")


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
        path = self._folder / f"{key}.tables"
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


def _to_bytes(delivered: Delivered, key: str, secret: bytes) -> bytes:
    """The entry: the HMAC-SHA-256 of its content, a line end, the content: the key again and the tables."""
    content = key.encode("ascii") + packed(delivered)
    return _signature(content, secret) + b"\n" + content


def _signature(content: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, content, "sha256").hexdigest().encode("ascii")


def _from_bytes(entry: bytes, key: str, secret: bytes) -> Delivered | None:
    """The inverse; None for anything but an undamaged entry of this key and this folder."""
    digest, content = entry[:_DIGEST_LENGTH], entry[_DIGEST_LENGTH + 1 :]
    if not hmac.compare_digest(_signature(content, secret), digest) or not content.startswith(key.encode("ascii")):
        return None
    answer = unpacked(content[len(key) :])
    return answer if isinstance(answer, Delivered) else None


def _recalled(path: Path, key: str, secret: bytes) -> Delivered | None:
    try:
        return _from_bytes(content(path, path.name, largest=_LARGEST, links=False), key, secret)
    except (UnfitError, UnreadableError, *DAMAGED):
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


NAME = "key"
_LENGTH = 32


def secret_of(folder: Path) -> bytes | None:
    """The folder's secret, made if need be; None where it cannot be kept.

    It is a file of random bytes together with where and when the system made that file: who hands over a folder can
    choose the first, and nobody can choose the second.
    """
    found = _read(folder / NAME)
    if found is None:
        with suppress(OSError):
            _make(folder / NAME)
        found = _read(folder / NAME)
    return found


def _make(path: Path) -> None:
    if path.is_file() and not path.is_symlink():
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(_LENGTH))
    finally:
        os.close(descriptor)


def _read(path: Path) -> bytes | None:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError:
        return None
    try:
        found = os.fstat(descriptor)
        content = os.read(descriptor, _LENGTH + 1) if stat.S_ISREG(found.st_mode) else b""
    except OSError:
        return None
    finally:
        os.close(descriptor)
    made = f" {found.st_dev} {found.st_ino} {found.st_ctime_ns}".encode()
    return content + made if len(content) == _LENGTH else None
