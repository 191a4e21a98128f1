"""Units that ended or were joined to others: what the roster may say of them, and which years it makes incomparable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stats.params.models import Break, RosterError, Unit


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
