"""One document's way into the folder: all its files, or none of them, however the run ends. Makes no content."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stats.batch.folder import irregular, is_regular
from stats.batch.ledger import Filed, History, Ledger, Publication
from stats.batch.manifest import SUFFIXES
from stats.batch.places import Places, inside
from stats.batch.sources import sha256
from stats.batch.uninterrupted import uninterrupted
from stats.errors import SurroundingsError
from stats.files import flush_folder, free_space


def filed(staged: Path) -> Filed:
    """A staged file as it will stand in the ledger; giving it its name changes none of this."""
    found = staged.stat()
    return Filed(sha256(staged), found.st_size, found.st_mtime_ns)


def publish(places: Places, ledger: Ledger, publication: Publication, staged: Mapping[str, Path]) -> None:
    """Give the staged files of one document their names (``staged`` by name), one after the other.

    They lie on the disk already, in the same file system. The ledger is told first: a run that is killed in between
    is finished by :func:`recover`. Files of the document in formats that this publication does not have are removed.
    SurroundingsError where the disk refuses, or something that is no file lies in a file's place.
    """
    for name in _all_names(publication):
        inside(places.folder, name)
    try:
        with uninterrupted():
            ledger.publishing(publication)
            _name(places, publication, staged)
            ledger.published(publication.document)
    except OSError as error:
        raise SurroundingsError(
            f"写不进文件 {error.filename or places.folder}：{error.strerror or error}"
            f"（剩余空间 {free_space(places.folder)}）",
            "请检查磁盘空间和文件夹权限，处理后重新运行；下次运行会先把这一份补齐",
        ) from error


def occupied(places: Places, publication: Publication) -> str:
    """What lies in the place of one of the document's files and is no file, in words; empty for nothing."""
    found = {name: irregular(places.folder / name) for name in _all_names(publication)}
    return next((f"{name} 处是{what}，不是文件" for name, what in found.items() if what), "")


def _all_names(publication: Publication) -> list[str]:
    """The names of the document's files in every format, those of this publication first."""
    return [*dict.fromkeys((*publication.files, *(f"{publication.document}.{suffix}" for suffix in SUFFIXES)))]


def _name(places: Places, publication: Publication, staged: Mapping[str, Path]) -> None:
    for name in publication.files:
        if name in staged:
            staged[name].replace(inside(places.folder, name))
    for name in _all_names(publication):
        if name not in publication.files:
            inside(places.folder, name).unlink(missing_ok=True)
    flush_folder(places.folder)


def recover(places: Places, ledger: Ledger, history: History) -> None:
    """Finish what a killed run had begun to publish.

    A document whose files are not all to be had stays unfinished, and is no longer published: it is built anew.
    """
    for publication in list(history.unfinished.values()):
        staged = {name: places.staged / name for name in publication.files}
        if not occupied(places, publication) and all(
            _is_at_hand(places.folder / name, staged[name], publication.files[name]) for name in staged
        ):
            waiting = {name: path for name, path in staged.items() if is_regular(path)}
            _name(places, publication, waiting)
            ledger.published(publication.document)
            history.published[publication.document] = publication
            del history.unfinished[publication.document]
        else:
            history.published.pop(publication.document, None)


def _is_at_hand(final: Path, staged: Path, expected: Filed) -> bool:
    lying = staged if is_regular(staged) else final
    return is_regular(lying) and sha256(lying) == expected.sha256


def withdraw(places: Places, ledger: Ledger, history: History, due: Mapping[str, object]) -> None:
    """Set aside the files of documents that are no longer due, after a change of name or roster."""
    gone = [name for name in {**history.published, **history.unfinished} if name not in due]
    if not gone:
        return
    for name in (f"{document}.{suffix}" for document in gone for suffix in SUFFIXES):
        if is_regular(places.folder / name):
            inside(places.folder, name).replace(inside(places.withdrawn, name))
    for folder in (places.withdrawn, places.folder):
        flush_folder(folder)
    for document in gone:
        ledger.withdrawn(document)
        for kind in (history.published, history.unfinished, history.failures):
            kind.pop(document, None)
