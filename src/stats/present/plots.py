"""Charts of bars: a unit against county and target, years, towns in order; beside them scatter. Formats no number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stats.present.bars import Against, Bar, Line, Look, Panel
from stats.present.drawing import (
    DARK,
    LETTER,
    LIGHT,
    LINE,
    MIDDLE,
    MM,
    TO_MIDDLE,
    WHITE,
    WIDTH,
    Anchor,
    Grey,
    Sheet,
    room,
)
from stats.present.scatter import scatter as scatter

_ROW = 7.0 * MM
_TOWN_ROW = 4.8 * MM
_HEAD = 7.0 * MM
_FOOT = 6.0 * MM
_LABELS = 54.0 * MM
_COLUMN = 15.0 * MM
_PANEL = 46.0 * MM
_PANEL_HEAD = 10.0 * MM
_GAP = 8.0 * MM
_EDGE = 2.0 * MM
_BESIDE = 3.5
_ABOVE = 3.2
_BELOW = 14.48
"""From an axis to the baseline of the labels below its ticks [pt]."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where horizontal bars lie: from ``left`` to the right, one below the other at a fixed pitch [pt]."""

    left: float
    width: float
    pitch: float
    longest: float

    def across(self, length: float) -> float:
        """Where a length ends; a little room is left behind the longest one, and none before zero."""
        return self.left + self.width * max(length, 0.0) / (self.longest * 1.02)

    def middle(self, row: float) -> float:
        return _HEAD + self.pitch * (row + 0.5)


def against(rows: Sequence[Against], *, prefix: str, unit_name: str) -> str:
    """Horizontal bars in percent; the county a diamond, the target a stroke, all numbers in columns beside them."""
    sheet = Sheet(_HEAD + _ROW * len(rows) + _FOOT)
    longest = max([100.0, *(row.bar.length or 0 for row in rows), *(row.county or 0 for row in rows)])
    place = _Rows(_LABELS, WIDTH - _LABELS - 3 * _COLUMN - 4 * MM, _ROW, longest)
    _bars(sheet, [row.bar for row in rows], place)
    _percent_axis(sheet, len(rows), place)
    _strokes(sheet, rows, place)
    _number_columns(sheet, rows, place, unit_name)
    sheet.diamonds(
        [(place.across(row.county), place.middle(nth)) for nth, row in enumerate(rows) if row.county is not None]
    )
    return sheet.svg(prefix=prefix)


def _bars(sheet: Sheet, bars: Sequence[Bar], place: _Rows) -> None:
    """Horizontal bars from the top down, their names left of the axis."""
    thick = 0.62 * place.pitch
    for nth, bar in enumerate(bars):
        middle = place.middle(nth)
        if bar.length is not None:
            width = place.across(bar.length) - place.left
            sheet.bar(place.left, middle - thick / 2, width, thick, _fill(bar.look, MIDDLE))
        sheet.text(bar.name, place.left - _BESIDE, middle + TO_MIDDLE, "end")
    top, bottom = place.middle(-0.5), place.middle(len(bars) - 0.5)
    sheet.line(start=(place.left, bottom), end=(place.left, top), width=0.6)


def _fill(look: Look, grey: Grey) -> Grey | None:
    """Grey where exact, hatched where approximate, open where the base is small."""
    return {"exact": grey, "approximate": None, "small_base": WHITE}[look]


def _percent_axis(sheet: Sheet, rows: int, place: _Rows) -> None:
    """The axis below the bars with a tick at every quarter of a hundred."""
    foot = place.middle(rows - 0.5)
    sheet.line(start=(place.left, foot), end=(place.left + place.width, foot), width=0.6)
    sheet.ticks([(place.across(percent), foot) for percent in (0, 25, 50, 75, 100)])
    for percent in (0, 25, 50, 75, 100):
        sheet.text(f"{percent}%" if percent == 100 else str(percent), place.across(percent), foot + _BELOW)


def _strokes(sheet: Sheet, rows: Sequence[Against], place: _Rows) -> None:
    """The targets, as strokes across their rows."""
    for nth, row in enumerate(rows):
        if row.target is not None:
            across = place.across(row.target)
            sheet.line(start=(across, place.middle(nth - 0.44)), end=(across, place.middle(nth + 0.44)), width=2.0)


def _number_columns(sheet: Sheet, rows: Sequence[Against], place: _Rows, unit_name: str) -> None:
    """The numbers right of the bars, under heads that explain the signs."""
    texts = [
        (f"■{unit_name}", *(row.bar.text for row in rows)),
        ("◇全县", *(row.county_text for row in rows)),
        ("┃目标", *(row.target_text for row in rows)),
    ]
    for nth, (head, *numbers) in enumerate(texts):
        across = place.left + place.width + 4 * MM + _COLUMN * (nth + 0.5)
        sheet.text(head, across, place.middle(-0.75) - 1.7)
        for row, number in enumerate(numbers):
            sheet.text(number, across, place.middle(row) + TO_MIDDLE)


def development(panels: Sequence[Panel], *, prefix: str) -> str:
    """One panel of columns per indicator, the last year dark; up to three panels beside each other."""
    across = min(len(panels), 3 if _labels_fit(panels, 3) else 2)
    width = _panel_width(across)
    sheet = Sheet(_PANEL * -(-len(panels) // across))
    for nth, panel in enumerate(panels):
        row, column = divmod(nth, across)
        _columns(sheet, panel, left=_EDGE + column * (width + _GAP), width=width, top=_PANEL * row)
    return sheet.svg(prefix=prefix)


def _panel_width(across: int) -> float:
    return (WIDTH - 2 * _EDGE - _GAP * (across - 1)) / across


def _labels_fit(panels: Sequence[Panel], across: int) -> bool:
    """Whether the numbers above neighbouring columns stay apart."""
    pitch = _panel_width(across) / max(len(panel.bars) for panel in panels)
    return max(room(bar.text) for panel in panels for bar in panel.bars) < pitch


def _columns(sheet: Sheet, panel: Panel, *, left: float, width: float, top: float) -> None:
    """Columns of one panel under its title, the number above each, the year below."""
    head, foot = top + _PANEL_HEAD, top + _PANEL - _FOOT
    tallest = max([bar.length for bar in panel.bars if bar.length is not None] + [0.0]) or 1.0
    pitch = width / (len(panel.bars) + 0.2)
    for nth, bar in enumerate(panel.bars):
        across = left + pitch * (nth + 0.6)
        height = (foot - head) * max(bar.length or 0.0, 0.0) / (tallest * 1.22)
        if bar.length is not None:
            grey = DARK if nth == len(panel.bars) - 1 else LIGHT
            sheet.bar(across - 0.33 * pitch, foot - height, 0.66 * pitch, height, _fill(bar.look, grey))
        sheet.text(bar.text, across, foot - height - _ABOVE)
        sheet.text(bar.name, across, foot + _BELOW)
    sheet.line(start=(left, foot), end=(left + width, foot), width=0.6)
    sheet.ticks([(left + pitch * (nth + 0.6), foot) for nth in range(len(panel.bars))])
    lines = _in_two_lines(panel.title, letters=int(width / LETTER))
    for nth, line in enumerate(reversed(lines)):
        sheet.text(line, left, head - 4.0 - LINE * nth, "start")


def _names_width(bars: Sequence[Bar]) -> float:
    """The room the longest name needs, up to half the page."""
    return min(WIDTH / 2, 5 * MM + LETTER * max(len(bar.name) for bar in bars))


def _in_two_lines(title: str, letters: int) -> list[str]:
    """A title that is too long for its panel with the unit on a line of its own."""
    if len(title) <= letters or "（" not in title:
        return [title]
    name, unit = title.rsplit("（", 1)
    return [name, f"（{unit}"]


def ranked(bars: Sequence[Bar], *, county: Line | None, target: Line | None, prefix: str) -> str:
    """One horizontal bar per town in the given order; the county a dashed line, the target a full one."""
    sheet = Sheet(_HEAD + _TOWN_ROW * len(bars) + 2 * MM)
    left = _names_width(bars)
    lines = [(line, is_dashed) for line, is_dashed in ((county, True), (target, False)) if line is not None]
    longest = max([*(line.at for line, _ in lines), *(bar.length or 0.0 for bar in bars)]) or 1.0
    place = _Rows(left, WIDTH - left - 18 * MM, _TOWN_ROW, longest)
    _bars(sheet, bars, place)
    for nth, bar in enumerate(bars):
        sheet.text(bar.text, WIDTH, place.middle(nth) + TO_MIDDLE, "end")
    top, bottom = place.middle(-0.5), place.middle(len(bars) - 0.5)
    for line, is_dashed in lines:
        across = place.across(line.at)
        sheet.line(start=(across, bottom), end=(across, top), width=1.0, dashed=is_dashed)
    _line_heads(sheet, sorted((place.across(line.at), line.text) for line, _ in lines), top - 2 - 1.4)
    return sheet.svg(prefix=prefix)


def _line_heads(sheet: Sheet, heads: Sequence[tuple[float, str]], baseline: float) -> None:
    """What the lines are, above them; two that would touch stand to either side of their lines."""
    close = len(heads) > 1 and heads[1][0] - heads[0][0] < sum(room(text) for _, text in heads) / 2 + _BESIDE
    anchors: tuple[Anchor, ...] = ("end", "start") if close else ("middle", "middle")
    for (across, text), anchor in zip(heads, anchors, strict=False):
        sheet.text(text, across, baseline, anchor)
