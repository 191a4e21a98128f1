"""What lies over a sheet's cells or hangs on them: pictures, ink, charts, controls, comments. Reads no value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from stats.returns.grid import MOST_COLUMNS, MOST_ROWS, Range, place_of
from stats.returns.package import Package
from stats.returns.xml_parts import local, parse_xml

PICTURE, TEXT_BOX, SHAPE, CHART, INK = "图片", "文本框", "图形", "图表", "墨迹"
CONTROL, OBJECT, COMMENT = "控件", "嵌入对象", "批注"
_KINDS = {
    "pic": PICTURE, "sp": SHAPE, "cxnSp": SHAPE, "grpSp": SHAPE, "graphicFrame": CHART, "contentPart": INK,
    "control": CONTROL, "oleObject": OBJECT,
}  # fmt: skip
_ANCHORS = frozenset({"twoCellAnchor", "oneCellAnchor", "absoluteAnchor", "control", "oleObject"})
_NUMBERS = frozenset({"col", "colOff", "row", "rowOff"})
_EMU_PER_PIXEL = 9525
_EMU_PER_POINT = 12700
_USUAL_WIDTH, _USUAL_HEIGHT = 64 * _EMU_PER_PIXEL, 15 * _EMU_PER_POINT
_VML_SHAPE = re.compile(r'<x:ClientData\s[^>]*ObjectType="(?P<kind>\w+)"(?P<rest>.*?)</x:ClientData>', re.DOTALL)
_VML_ANCHOR = re.compile(r"<x:Anchor>(?P<numbers>[-0-9,\s]+)</x:Anchor>")
_VML_ORDER = (0, 2, 4, 6)


@dataclass(frozen=True, slots=True)
class Overlay:
    """One thing over a sheet: what it is, and the cells it covers (a comment: the cell it hangs on)."""

    kind: str
    cells: Range


@dataclass(slots=True)
class Sizes:
    """Widths of columns and heights of rows in EMU, where they are not the usual ones."""

    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    width: float = _USUAL_WIDTH
    height: float = _USUAL_HEIGHT

    def set_width(self, column: int, characters: float) -> None:
        """The width of a column, given in characters as sheets do."""
        self.widths[column] = (characters * 7) * _EMU_PER_PIXEL

    def set_height(self, row: int, points: float) -> None:
        """The height of a row, given in points."""
        self.heights[row] = points * _EMU_PER_POINT


def overlays(package: Package, part: str, sheet: bytes, sizes: Sizes) -> list[Overlay]:
    """Everything that lies over the cells of a sheet, found by the sheet's relations and in the sheet itself.

    RefusalError where the sheet leads to a part that is not there: what cannot be looked at is not clean.
    """
    found: list[Overlay] = []
    for relation in package.relations(part):
        if relation.is_external:
            continue
        if relation.kind == "drawing":
            found += _anchored(package.xml(relation.target), package.file, sizes)
        elif relation.kind == "vmldrawing":
            found += _vml(package.raw(relation.target).decode("utf-8", "replace"))
        elif relation.kind in ("comments", "threadedcomment"):
            found += _comments(package.xml(relation.target), package.file)
    if b"oleObject" in sheet or b"control" in sheet:
        found += _anchored(sheet, package.file, sizes)
    return found


def _comments(data: bytes, file: str) -> list[Overlay]:
    """The cells with comments, in either of the two ways in which programs write them."""
    names: set[str] = set()

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) in ("comment", "threadedComment"):
            names.add(attributes["ref"])

    parse_xml(data, file, start)
    return [Overlay(COMMENT, Range(*place, *place)) for place in map(place_of, sorted(names))]


def _vml(text: str) -> list[Overlay]:
    """Controls and objects of the older drawings; a comment's box only where it stays open."""
    found = []
    for shape in _VML_SHAPE.finditer(text):
        anchor = _VML_ANCHOR.search(shape["rest"])
        numbers = [int(n) for n in anchor["numbers"].split(",")] if anchor else []
        if len(numbers) < 8 or (shape["kind"] == "Note" and "<x:Visible" not in shape["rest"]):
            continue
        left, top, right, bottom = (max(0, numbers[n]) for n in _VML_ORDER)
        kind = {"Note": COMMENT, "Pict": OBJECT}.get(shape["kind"], CONTROL)
        found.append(Overlay(kind, Range(top, left, max(top, bottom), max(left, right))))
    return found


@dataclass(slots=True)
class _Anchor:
    """Where one object stands: corners in cells and EMU, or one corner and an extent."""

    kind: str = SHAPE
    corners: dict[str, dict[str, int]] = field(default_factory=dict)
    extent: tuple[int, int] = (0, 0)
    position: tuple[int, int] = (0, 0)


def _anchored(data: bytes, file: str, sizes: Sizes) -> list[Overlay]:
    """The objects of a drawing, or the controls and objects that a sheet lists itself."""
    drawing = _Drawing()
    parse_xml(data, file, drawing.start, drawing.characters)
    return [Overlay(each.kind, _covered(each, sizes)) for each in drawing.anchors]


class _Drawing:
    """Collects the anchors of a part; what is not placed by one is not shown."""

    def __init__(self) -> None:
        self.anchors: list[_Anchor] = []
        self._namespace = ""
        self._corner = self._number = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, element = name.rpartition(" ")
        self._number = ""
        if element in _ANCHORS:
            self._namespace, self._corner = namespace, ""
            self.anchors.append(_Anchor(_KINDS.get(element, SHAPE)))
        elif self.anchors:
            self._inside(self.anchors[-1], namespace, element, attributes)

    def _inside(self, anchor: _Anchor, namespace: str, element: str, attributes: dict[str, str]) -> None:
        if element in ("from", "to"):
            self._corner = element
        elif element in _NUMBERS and self._corner:
            self._number = element
        elif element in ("ext", "pos") and namespace == self._namespace:
            first, second = ("cx", "cy") if element == "ext" else ("x", "y")
            size = int(attributes.get(first, "0")), int(attributes.get(second, "0"))
            anchor.extent, anchor.position = (size, anchor.position) if element == "ext" else (anchor.extent, size)
        elif element in _KINDS and anchor.kind in (SHAPE, PICTURE):
            anchor.kind = _KINDS[element]
        elif element == "t" and anchor.kind == SHAPE:
            anchor.kind = TEXT_BOX

    def characters(self, text: str) -> None:
        if self._number and text.strip():
            self.anchors[-1].corners.setdefault(self._corner, {})[self._number] = int(text)


def _covered(anchor: _Anchor, sizes: Sizes) -> Range:
    """The cells between two corners; the second one is reckoned from the extent where it is not given."""
    start = anchor.corners.get("from", {})
    left, top = start.get("col", 0), start.get("row", 0)
    if "from" not in anchor.corners:
        left, _ = _reach(0, anchor.position[0], lambda n: sizes.widths.get(n, sizes.width), MOST_COLUMNS)
        top, _ = _reach(0, anchor.position[1], lambda n: sizes.heights.get(n, sizes.height), MOST_ROWS)
    end = anchor.corners.get("to")
    if end is None and anchor.extent == (0, 0):
        return Range(top, left, top, left)
    if end is None:
        across, down = start.get("colOff", 0) + anchor.extent[0], start.get("rowOff", 0) + anchor.extent[1]
        right, right_edge = _reach(left, across, lambda n: sizes.widths.get(n, sizes.width), MOST_COLUMNS)
        bottom, bottom_edge = _reach(top, down, lambda n: sizes.heights.get(n, sizes.height), MOST_ROWS)
    else:
        right, right_edge = end.get("col", left), end.get("colOff", 0)
        bottom, bottom_edge = end.get("row", top), end.get("rowOff", 0)
    last_row, last_column = bottom - (bottom_edge <= 0), right - (right_edge <= 0)
    return Range(top, left, max(top, last_row), max(left, last_column))


def _reach(start: int, distance: float, size: Callable[[int], float], most: int) -> tuple[int, float]:
    """The row or column in which a distance from the edge of another ends, and how far into it."""
    at = start
    while at < most and distance >= size(at):
        distance -= size(at)
        at += 1
    return at, distance


def listed(found: Iterable[Overlay]) -> str:
    """The kinds and how many of each, for a message."""
    counts: dict[str, int] = {}
    for each in found:
        counts[each.kind] = counts.get(each.kind, 0) + 1
    return "、".join(f"{kind} {count} 处" for kind, count in counts.items())
