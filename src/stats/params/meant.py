"""Units of the roster: which one a person means who types a code or a name, and those that ended or were joined."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from stats.errors import ParamsError
from stats.params.models import Break, Params, RosterError, Unit
from stats.params.values import unit_code
from stats.texts.privacy import quoted

_MOST_LISTED = 3
_SCIENTIFIC = re.compile(r"[0-9.]+[eE]\+?[0-9]+")
_FROM_A_SPREADSHEET = re.compile(r"^(\d+)\.0*$")


def unit_meant(params: Params, written: str | int) -> Unit:
    """The unit of the roster (or the county itself) with this code, or with this name where no other has it.

    A former name, a name or a code that is nearly one, the first digits of a code: ParamsError suggests the code.
    """
    text = _FROM_A_SPREADSHEET.sub(r"\1", str(written).strip())
    if _SCIENTIFIC.fullmatch(text):
        unit_code(text)  # says that the spreadsheet did this
    everyone = (*params.units, params.county_unit)
    found = [unit for unit in everyone if text in (unit.code, unit.name)]
    if len(found) == 1:
        return found[0]
    # Digits may be anybody's number, but not where they begin as the county's code does.
    shown = text if text.isdigit() and text.startswith(params.county.code[:6]) else quoted(text)
    if found:
        remedy = f"请写其中一个的代码：{_listed(found)}"
        raise ParamsError(f"名册中有 {len(found)} 个单位叫“{shown}”", remedy)
    close = list(dict.fromkeys(_close(text, everyone)))[:_MOST_LISTED]
    suggestion = f"是否应为 {_listed(close)}；" if close else ""
    raise ParamsError(
        f"单位“{shown}”不在名册中", f"{suggestion}请写名册（params/county.yaml 的 units）中的 12 位代码或全名"
    )


def _listed(units: Iterable[Unit]) -> str:
    return "、".join(f"{unit.code} {unit.name}" for unit in units)


def _close(text: str, units: tuple[Unit, ...]) -> Iterator[Unit]:
    """Those whose name is part of what is written, then those that are or were spelled nearly so."""
    by_name = {name: unit for unit in reversed(units) for name in (*unit.former_names, unit.name, unit.code)}
    yield from (unit for unit in units[:-1] if unit.name in text)
    for name in difflib.get_close_matches(text[:40], by_name, n=_MOST_LISTED, cutoff=0.5):
        yield by_name[name]


def breaks_of(units: Iterable[Unit]) -> tuple[Break, ...]:
    """A break for each unit that took over another, in the first year without that one.

    A unit that is new in that year has nothing to be compared with, and needs none.

    >>> town = Unit(code="990118111000", name="双塘镇", type="镇")
    >>> ended = Unit(code="990118201000", name="苇塘乡", type="乡", until=2024, successor=("990118111000",))
    >>> [(item.year, item.units, item.reason) for item in breaks_of((town, ended))]
    [(2025, ('990118111000',), '苇塘乡自2025年起并入双塘镇')]
    """
    by_code = {unit.code: unit for unit in units}
    return tuple(item for unit in by_code.values() for item in _breaks(unit, by_code))


def _breaks(unit: Unit, by_code: dict[str, Unit]) -> Iterator[Break]:
    for code in unit.successor if unit.until else ():
        heir = by_code[code]
        year = (unit.until or 0) + 1
        if heir.since is None or heir.since < year:
            yield Break(year=year, units=(code,), reason=f"{unit.name}自{year}年起并入{heir.name}")


def refuse_unfit_ends(units: Iterable[Unit]) -> None:
    """RosterError for a unit that ends before it begins, or goes over to one that is not there."""
    by_code = {unit.code: unit for unit in units}
    for unit in by_code.values():
        if unit.until is not None and unit.since is not None and unit.until < unit.since:
            raise RosterError(f"“{unit.name}”的止报年度 until {unit.until} 早于起报年度 since {unit.since}", unit.code)
        if unit.successor and unit.until is None:
            raise RosterError(f"“{unit.name}”写了 successor，还要写止报年度 until（最后一个上报的年度）", unit.code)
        for code in unit.successor:
            if code not in by_code or code == unit.code:
                raise RosterError(f"“{unit.name}”的 successor {code} 不是名册中的另一个单位", unit.code)
