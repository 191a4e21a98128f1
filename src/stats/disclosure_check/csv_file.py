"""What ``data/indicators.csv`` shows, at its digits, and where it has more digits than are printed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from stats.catalogue.indicators import indicators
from stats.disclosure_check.findings import Leak
from stats.disclosure_check.handed_out import HandedOut
from stats.disclosure_check.names import Meaning
from stats.disclosure_check.seen import Aspect, Position, Printed, Seen, Target, read
from stats.disclosure_check.tables import Found

FILE = "data/indicators.csv"
_ASPECTS: Mapping[str, tuple[str, Aspect]] = {"value": ("display", "value"), "yoy": ("yoy_display", "change")}


def read_csv(handed_out: HandedOut, found: Found) -> Iterator[Leak]:
    """Add what the file shows; yields the numbers with further digits than are printed beside them."""
    if not (handed_out.folder / FILE).is_file():
        return
    for row in csv.DictReader(io.StringIO(handed_out.text(FILE))):
        entry = indicators().get(row.get("indicator") or "")
        if entry is None:
            yield Leak("unread", FILE, str(row.get("indicator"))[:20], "这一行不知是什么指标，不能核对")
            continue
        place = Position(FILE, f"{row.get('unit_name')} {entry.code}")
        yield from _too_fine(row, place, entry.decimals)
        of = Meaning(entry.code, is_indicator=True)
        if of.is_protected:
            _read_row(handed_out, row, of, place, found)
        elif text := row.get("yoy") or "":  # of no count that is looked for: it tells that the unit is compared
            change = Printed("number", Decimal(text))
            found.seen.append(Seen(row["unit_code"], int(row["year"]), of, change, place, aspect="change"))


def _read_row(handed_out: HandedOut, row: Mapping[str, str], of: Meaning, place: Position, found: Found) -> None:
    unit, year = row["unit_code"], int(row["year"])
    is_county = unit == handed_out.county
    for column, (shown, aspect) in _ASPECTS.items():
        text, beside = row.get(column) or "", read(_bare(row.get(shown)))
        counted = row.get("units_answered" if aspect == "value" else "comparable_units") or ""
        units = int(counted) if is_county and counted.isdecimal() else None
        if text:
            printed = Printed("number", Decimal(text), is_percent=beside.is_percent, matched=beside.matched)
            mark = Printed("about") if beside.mark == "about" or row.get("status") == "approx" else printed
            found.seen.append(Seen(unit, year, of, mark, place, aspect=aspect, units=units))
        elif beside.mark != "words":
            found.seen.append(Seen(unit, year, of, beside, place, aspect=aspect, units=units))
    if row.get("county") and not is_county:
        found.seen.append(Seen(handed_out.county, year, of, read(row["county"]), place))
    states: Mapping[str, Aspect] = {"met": "met", "unmet": "unmet"}
    if (state := row.get("target_status") or "") in states:
        found.seen.append(Seen(unit, year, of, Printed("words"), place, aspect=states[state]))
    target = row.get("target") or ""
    if target[:2] in (">=", "<=") and target[2:]:
        found.targets.append(Target(year, of.name, target[:2], target[2:]))  # type: ignore[arg-type]


def _too_fine(row: Mapping[str, str], place: Position, decimals: int) -> Iterator[Leak]:
    most = {
        "value": read(_bare(row.get("display"))).decimals,
        "yoy": read(_bare(row.get("yoy_display"))).decimals,
        "county": decimals + 1,
        "vs_county": max(decimals, 1) + 1,
    }
    for column, allowed in most.items():
        digits = _decimals(row.get(column) or "")
        if digits > max(allowed, decimals):
            yield Leak("precision", place.file, place.spot, f"{column} 有 {digits} 位小数，印出的只有 {allowed} 位")


def _bare(text: str | None) -> str:
    """A text without the mark that keeps a spreadsheet from taking it for a formula."""
    return (text or "").removeprefix("'")


def _decimals(text: str) -> int:
    try:
        return max(0, -int(Decimal(text).as_tuple().exponent))
    except (InvalidOperation, ValueError):
        return 0
