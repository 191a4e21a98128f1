"""Whether a published document still says what it would say if built now, and if not, why. Builds nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from stats.build.state.folder import is_regular
from stats.build.state.ledger import Publication
from stats.build.state.sources import PART_LABELS, sha256

NEVER = "尚未生成"
UNFINISHED = "上次写到一半中断"


def reasons(
    published: Publication | None, *, made_from: Mapping[str, str], formats: Iterable[str], folder: Path
) -> tuple[str, ...]:
    """Why a document has to be built (again), in words for an analyst; nothing where it is up to date.

    ``made_from`` is what it would follow from now, ``formats`` the suffixes of the files that are wanted. A file counts
    as untouched by its size and time stamp; only where those differ are its bytes read.
    """
    if published is None:
        return (NEVER,)
    changed = [
        f"{label}有变化" for part, label in PART_LABELS.items() if published.made_from.get(part) != made_from[part]
    ]
    wanted = {f"{published.document}.{suffix}" for suffix in formats}
    lacking = [f"尚未生成 {name.rpartition('.')[2]}" for name in sorted(wanted - set(published.files))]
    return (*changed, *lacking, *spoilt(published, folder))


def spoilt(published: Publication, folder: Path) -> tuple[str, ...]:
    """What happened to the document's files since they were published, in words."""
    return tuple(
        f"{name.rpartition('.')[2]} 文件{_how_spoilt(folder / name)}"
        for name, filed in sorted(published.files.items())
        if not filed.is_untouched(folder / name) and not _has_bytes(folder / name, filed.sha256)
    )


def _how_spoilt(path: Path) -> str:
    if is_regular(path):
        return "被改动"
    return "处现在不是文件" if os.path.lexists(path) else "不见了"


def _has_bytes(path: Path, digest: str) -> bool:
    return is_regular(path) and sha256(path) == digest
