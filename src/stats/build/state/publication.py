"""One document's way into the folder: all its files, or none of them, however the run ends. Makes no content."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stats.build.processes.deferred_signals import deferred_signals
from stats.build.state.folder import irregular, is_regular
from stats.build.state.ledger import Filed, History, Ledger, Publication
from stats.build.state.output_paths import OutputPaths, inside
from stats.build.state.sources import sha256
from stats.errors import RunEnvironmentError
from stats.files import flush_folder, free_space
from stats.formats import SUFFIXES


def filed(staged: Path) -> Filed:
    """A staged file as it will stand in the ledger; giving it its name changes none of this."""
    found = staged.stat()
    return Filed(sha256(staged), found.st_size, found.st_mtime_ns)


def publish(paths: OutputPaths, ledger: Ledger, publication: Publication, staged: Mapping[str, Path]) -> None:
    """Give the staged files of one document their names (``staged`` by name), one after the other.

    They lie on the disk already, in the same file system. The ledger is told first: a run that is killed in between
    is finished by :func:`recover`. Files of the document in formats that this publication does not have are removed.
    RunEnvironmentError where the disk refuses, or something that is no file lies in a file's place.
    """
    for name in _all_names(publication):
        inside(paths.folder, name)
    try:
        with deferred_signals():
            ledger.publishing(publication)
            _name(paths, publication, staged)
            ledger.published(publication.document)
    except OSError as error:
        raise RunEnvironmentError(
            f"写不进文件 {error.filename or paths.folder}：{error.strerror or error}"
            f"（剩余空间 {free_space(paths.folder)}）",
            "请检查磁盘空间和文件夹权限，处理后重新运行；下次运行会先把这一份补齐",
        ) from error


def occupied(paths: OutputPaths, publication: Publication) -> str:
    """What lies in the place of one of the document's files and is no file, in words; empty for nothing."""
    found = {name: irregular(paths.folder / name) for name in _all_names(publication)}
    return next((f"{name} 处是{what}，不是文件" for name, what in found.items() if what), "")


def _all_names(publication: Publication) -> list[str]:
    """The names of the document's files in every format, those of this publication first."""
    return [*dict.fromkeys((*publication.files, *(f"{publication.document}.{suffix}" for suffix in SUFFIXES)))]


def _name(paths: OutputPaths, publication: Publication, staged: Mapping[str, Path]) -> None:
    for name in publication.files:
        if name in staged:
            staged[name].replace(inside(paths.folder, name))
    for name in _all_names(publication):
        if name not in publication.files:
            inside(paths.folder, name).unlink(missing_ok=True)
    flush_folder(paths.folder)


def recover(paths: OutputPaths, ledger: Ledger, history: History) -> None:
    """Finish what a killed run had begun to publish.

    A document whose files are not all to be had stays unfinished, and is no longer published: it is built anew.
    """
    for publication in list(history.unfinished.values()):
        staged = {name: paths.staged / name for name in publication.files}
        if not occupied(paths, publication) and all(
            _is_at_hand(paths.folder / name, staged[name], publication.files[name]) for name in staged
        ):
            waiting = {name: path for name, path in staged.items() if is_regular(path)}
            _name(paths, publication, waiting)
            ledger.published(publication.document)
            history.published[publication.document] = publication
            del history.unfinished[publication.document]
        else:
            history.published.pop(publication.document, None)


def _is_at_hand(final: Path, staged: Path, expected: Filed) -> bool:
    lying = staged if is_regular(staged) else final
    return is_regular(lying) and sha256(lying) == expected.sha256


def withdraw(paths: OutputPaths, ledger: Ledger, history: History, due: Mapping[str, object]) -> None:
    """Set aside the files of documents that are no longer due, after a change of name or roster."""
    gone = [name for name in {**history.published, **history.unfinished} if name not in due]
    if not gone:
        return
    for name in (f"{document}.{suffix}" for document in gone for suffix in SUFFIXES):
        if is_regular(paths.folder / name):
            inside(paths.folder, name).replace(inside(paths.withdrawn, name))
    for folder in (paths.withdrawn, paths.folder):
        flush_folder(folder)
    for document in gone:
        ledger.withdrawn(document)
        for kind in (history.published, history.unfinished, history.failures):
            kind.pop(document, None)
