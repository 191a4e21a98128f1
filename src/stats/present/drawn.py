"""Whether charts are drawn, or only told by what they would be drawn from: for comparing documents. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_DRAWS: ContextVar[bool] = ContextVar("draws", default=True)


@contextmanager
def undrawn() -> Iterator[None]:
    """Within it a chart holds what it is drawn from in place of its drawing, which takes a thousandth of the time."""
    token = _DRAWS.set(False)
    try:
        yield
    finally:
        _DRAWS.reset(token)


def drawn(kind: str, *frames: pd.DataFrame, **words: str) -> str:
    """The chart of this kind (a function of :mod:`stats.charts`) as SVG."""
    if not _DRAWS.get():
        return "\n".join([kind, *(frame.to_csv(index=False) for frame in frames), repr(words)])
    # Drawing libraries take a second to import, which nothing that only reads blocks should pay for.
    from stats import charts

    return charts.svg(getattr(charts, kind)(*frames, **words))
