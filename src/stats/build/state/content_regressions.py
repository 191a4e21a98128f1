"""Notices a document with fewer charts or tables than when it was last published. Withholds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stats.build.state.ledger import Publication

WHAT_LABELS: dict[Literal["images", "tables"], str] = {"images": "图", "tables": "表"}


@dataclass(frozen=True, slots=True)
class ContentRegressions:
    """One kind of block of one document: so many before, so many now."""

    document: str
    what: Literal["images", "tables"]
    before: int
    now: int


def fewer(previous: Publication | None, now: Publication) -> list[ContentRegressions]:
    """What a document has less of than ``previous``; a page that only says 未上报 is compared only with its like."""
    if previous is None or previous.state != now.state:
        return []
    counts: dict[Literal["images", "tables"], tuple[int, int]] = {
        "images": (previous.images, now.images),
        "tables": (previous.tables, now.tables),
    }
    return [
        ContentRegressions(now.document, what, before, after)
        for what, (before, after) in counts.items()
        if after < before
    ]
