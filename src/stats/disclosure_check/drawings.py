"""Charts, lines of marks and counts of units that are alike: whether they say more than is printed in figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from stats.disclosure_check.findings import Leak
from stats.disclosure_check.handed_out import Page
from stats.disclosure_check.pages import Text
from stats.disclosure_check.seen import Seen, read
from stats.disclosure_check.tables import Drawn, Found

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_SEE = re.compile(r"各数见(表[0-9]+)")
_NEAR = 0.002


def labels(page: Page) -> Iterator[Leak]:
    """Numbers in a chart that neither its words nor the table they refer to have; each of the words once."""
    for text in page.texts:
        if text.tag == "data" or text.labels:
            told, listed = Counter(_NUMBER.findall(text.text if text.labels else "")), _listed(page, text)
            for label in text.labels or tuple(text.text.split("\n")):
                for number in () if _YEAR.fullmatch(label) else _NUMBER.findall(label):
                    told[number] -= 1
                    if told[number] < 0 and number not in listed:
                        follows = f"图中“{label[:20]}”在图的说明和所指的表中没有，不能核对"
                        yield Leak("unread", page.file, text.place, follows)


def _listed(page: Page, text: Text) -> frozenset[str]:
    named = _SEE.search(text.text)
    tables = [table for table in page.tables if named and re.match(rf"{named[1]}(?![0-9])", table.caption)]
    cells = (cell.split("\n")[0] for table in tables for row in table.rows for cell in row[1:])
    return frozenset(number for cell in cells for number in _NUMBER.findall(cell))


def alike(found: Found, year: int, county: str) -> Iterator[Leak]:
    """More units said to have a value than are printed with it."""
    for each in found.alike:
        value = read(each.text).value
        printed = {seen.unit for seen in _values(found.seen, each.of.name, year) if seen.printed.value == value}
        if len(printed - {county}) < each.units:
            follows = f"“{each.units}个单位为{each.text}”，各表印出的只有 {len(printed - {county})} 个，不能核对"
            yield Leak("unread", each.place.file, each.place.spot, follows)


def marks(found: Found, year: int, county: str) -> Iterator[Leak]:
    """Marks on a line that stand where no printed figure puts one."""
    for drawn in found.drawn:
        if drawn.of.is_protected and drawn.of.is_indicator and not _fits(drawn, _places(drawn, found, year, county)):
            yield Leak("drawn", drawn.place.file, drawn.place.spot, "标线上有标记不在任何印出的数的位置上")


def _values(seen: Iterable[Seen], name: str, year: int) -> Iterator[Seen]:
    return (each for each in seen if each.of.name == name and each.year == year and each.aspect == "value")


def _places(drawn: Drawn, found: Found, year: int, county: str) -> Mapping[str, set[float]]:
    """Where the marks of printed figures stand on the line, which runs from the least to the greatest of them."""
    values: dict[str, set[Decimal]] = {"own": set(), "county": set(), "target": set(), "others": set()}
    for each in _values(found.seen, drawn.of.name, year):
        value, mark = each.printed.value, each.printed.mark
        if value is not None and (mark == "number" or each.unit in (drawn.unit, county)):
            values["own"] |= {value} if each.unit == drawn.unit else set()
            values["county"] |= {value} if each.unit == county else set()
            values["others"] |= {value} if each.unit != county and mark == "number" else set()
    values["target"] = {
        Decimal(each.value) for each in found.targets if (each.year, each.code) == (year, drawn.of.name)
    }
    known = set().union(*values.values())
    low, length = min(known, default=Decimal(0)), max(known, default=Decimal(0)) - min(known, default=Decimal(0))
    return {kind: {float((value - low) / (length or 1)) for value in those} for kind, those in values.items()}


def _fits(drawn: Drawn, places: Mapping[str, set[float]]) -> bool:
    return all(
        any(abs(mark - place) <= _NEAR for place in places[kind])
        for kind in ("own", "county", "target", "others")
        for mark in getattr(drawn.strip, kind)
    )
