"""Towns in a plane by two quantities, each a dot with its name as far as there is room. Formats no given number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from stats.present.bars import Line, Look, Point
from stats.present.drawing import MIDDLE, MM, TO_MIDDLE, WHITE, WIDTH, Anchor, Sheet, room

_HEIGHT = 82.0 * MM
_LEFT, _RIGHT, _TOP, _BOTTOM = 16.0 * MM, 4.0 * MM, 9.0 * MM, 12.0 * MM
_MOST_TICKS = 7
_NEAR = 5.0
"""From the middle of a dot to its name [pt]."""
_HALF = 4.2
"""Half the height of a line of letters [pt]."""
_BELOW = 14.48

Box = tuple[float, float, float, float]
"""Left, top, right, bottom [pt]."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """Round numbers from below the least to above the greatest, and the place of each number [pt]."""

    ticks: tuple[Decimal, ...]
    start: float
    end: float

    def place(self, value: float) -> float:
        low, high = float(self.ticks[0]), float(self.ticks[-1])
        return self.start + (self.end - self.start) * (value - low) / (high - low)


def ticks(low: float, high: float) -> tuple[Decimal, ...]:
    """At most eight round numbers at one distance that enclose both, at least two.

    >>> [str(tick) for tick in ticks(7.96, 16.5)]
    ['6', '8', '10', '12', '14', '16', '18']
    """
    least, most = Decimal(str(low)), Decimal(str(high))
    span = most - least or abs(most) or Decimal(1)
    power = Decimal(1).scaleb((span / _MOST_TICKS).adjusted())
    steps = (power * factor for factor in (1, 2, Decimal("2.5"), 5, 10, 20))
    step = next(step for step in steps if span / step <= _MOST_TICKS - 1)
    first = int((least / step).to_integral_value(ROUND_FLOOR))
    last = max(int((most / step).to_integral_value(ROUND_CEILING)), first + 1)
    return tuple(step * nth for nth in range(first, last + 1))


def scatter(
    points: Sequence[Point], *, across: str, up: str, county: Line | None, target: Line | None, prefix: str
) -> str:
    """A dot per town; the county's figure a dashed line across, the target a full one.

    Grey dots are exact, open ones rest on a small base, diamonds are approximations. Names that would cover another
    name or a dot are left out; those farthest from the middle of the field come first.
    """
    lines = [(line, is_dashed) for line, is_dashed in ((county, True), (target, False)) if line is not None]
    heights = [*(point.up for point in points), *(line.at for line, _ in lines)]
    widths = [point.across for point in points]
    horizontal = _Axis(ticks(min(widths), max(widths)), _LEFT, WIDTH - _RIGHT)
    vertical = _Axis(ticks(min(heights), max(heights)), _HEIGHT - _BOTTOM, _TOP)
    sheet = Sheet(_HEIGHT)
    _axes(sheet, horizontal, vertical, across, up)
    taken = [box for line, is_dashed in lines for box in _line(sheet, line, vertical, is_dashed=is_dashed)]
    places = [(horizontal.place(point.across), vertical.place(point.up)) for point in points]
    _dots(sheet, points, places)
    _names(sheet, points, places, taken)
    return sheet.svg(prefix=prefix)


def _axes(sheet: Sheet, horizontal: _Axis, vertical: _Axis, across: str, up: str) -> None:
    foot, left = vertical.start, horizontal.start
    sheet.line(start=(left, foot), end=(horizontal.end, foot), width=0.6)
    sheet.line(start=(left, foot), end=(left, vertical.end), width=0.6)
    sheet.ticks([(horizontal.place(float(tick)), foot) for tick in horizontal.ticks])
    for tick in horizontal.ticks:
        sheet.text(f"{tick:f}", horizontal.place(float(tick)), foot + _BELOW)
    for tick in vertical.ticks:
        height = vertical.place(float(tick))
        sheet.line(start=(left - 3.5, height), end=(left, height), width=0.6)
        sheet.text(f"{tick:f}", left - 5.5, height + TO_MIDDLE, "end")
    sheet.text(up, 0.0, vertical.end - 4 * MM, "start")
    sheet.text(across, horizontal.end, foot + 2 * _BELOW - 4, "end")


def _line(sheet: Sheet, line: Line, vertical: _Axis, *, is_dashed: bool) -> tuple[Box, Box]:
    """A line across the field with its text at the right end, above it; the boxes of both."""
    height = vertical.place(line.at)
    sheet.line(start=(_LEFT, height), end=(WIDTH - _RIGHT, height), width=1.0, dashed=is_dashed)
    sheet.text(line.text, WIDTH - _RIGHT, height - 3.0, "end")
    end = WIDTH - _RIGHT
    return (_LEFT, height - 0.5, end, height + 0.5), (end - room(line.text), height - 3.0 - 2 * _HALF, end, height)


def _dots(sheet: Sheet, points: Sequence[Point], places: Sequence[tuple[float, float]]) -> None:
    def of(look: Look) -> list[tuple[float, float]]:
        return [place for point, place in zip(points, places, strict=True) if point.look == look]

    sheet.dots(of("exact"), MIDDLE)
    sheet.dots(of("small_base"), WHITE)
    sheet.diamonds(of("approximate"))


def _names(sheet: Sheet, points: Sequence[Point], places: Sequence[tuple[float, float]], taken: Sequence[Box]) -> None:
    """The names beside their dots, in order of distance from the middle, as long as they cover nothing."""
    boxes = [*taken, *((x - 3.2, y - 3.2, x + 3.2, y + 3.2) for x, y in places)]
    middle = ((_LEFT + WIDTH - _RIGHT) / 2, (_HEIGHT - _BOTTOM + _TOP) / 2)
    far = sorted(range(len(points)), key=lambda nth: -_distance(places[nth], middle))
    for nth in far:
        for across, height, anchor in _spots(*places[nth]):
            box = _box(points[nth].name, across, height, anchor)
            if _is_inside(box) and not any(_overlap(box, other) for other in boxes):
                sheet.text(points[nth].name, across, height, anchor)
                boxes.append(box)
                break


def _distance(place: tuple[float, float], middle: tuple[float, float]) -> float:
    """How far out a place lies: 1 at the edge of the field."""
    return max(abs(place[0] - middle[0]) / (middle[0] - _LEFT), abs(place[1] - middle[1]) / (middle[1] - _TOP))


def _spots(x: float, y: float) -> tuple[tuple[float, float, Anchor], ...]:
    """Where a name may stand: right of its dot, left, above, below."""
    return (
        (x + _NEAR, y + TO_MIDDLE, "start"),
        (x - _NEAR, y + TO_MIDDLE, "end"),
        (x, y - _NEAR, "middle"),
        (x, y + _NEAR + 2 * _HALF - 1.5, "middle"),
    )


def _box(text: str, across: float, baseline: float, anchor: Anchor) -> Box:
    width = room(text)
    left = {"start": across, "middle": across - width / 2, "end": across - width}[anchor]
    return (left, baseline - 2 * _HALF + 1.5, left + width, baseline + 1.5)


def _is_inside(box: Box) -> bool:
    return box[0] > _LEFT and box[2] < WIDTH and box[1] > 0 and box[3] < _HEIGHT - _BOTTOM


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
