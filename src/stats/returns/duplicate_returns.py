"""Two returns of one unit: the same twice is used once; where they differ, what differs is named. Chooses nothing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from stats.catalogue.variables import questions, variables
from stats.findings import Finding
from stats.returns.finding_texts import found
from stats.returns.form_layout import PERIODS
from stats.returns.roster import Identified
from stats.returns.row import Row
from stats.returns.text_normalisation import compact
from stats.texts.privacy import shown

_MOST_NAMED = 6
_COPY = re.compile(r"副本|复件|拷贝|copy|备份|[(（][0-9]+[)）]|\.bak", re.IGNORECASE)
# The rows of one file and sheet, by period.
_ByPeriod = Mapping[str, Row]


def once(given: Sequence[Identified], year: int, names: Collection[str]) -> tuple[list[Identified], list[Finding]]:
    """A unit's rows, each period once, with a note on each table that only repeats another.

    A finding of severity fatal where a period stands twice in one table or where two tables differ; it says where a
    file bears the name of another unit, of those in ``names``.
    """
    if max(Counter(item.period for item in given).values()) == 1:
        return list(given), []
    unit = given[0].unit
    where = {"unit": unit.code, "unit_name": unit.name, "year": year}
    tables = _tables(given)
    for rows in tables:
        if doubled := _doubled(rows):
            first, second = doubled
            same = all(first.row.text(name) == second.row.text(name) for name in first.row.header.columns)
            words = {"first": first.row.place, "second": second.row.place, "how": "相同" if same else "不同"}
            return [], [found("R-TWICE", {**where, **second.row.where(), "period": second.period}, **words)]
    kept, *others = tables
    findings: list[Finding] = []
    for other in others:
        if not set(_by_period(kept)) & set(_by_period(other)):
            kept = [*kept, *other]
        elif differences := _differences(_by_period(kept), _by_period(other)):
            words = {"first": _named(kept), "second": _named(other), "differences": differences}
            words["differences"] += "".join(_misnamed(rows, names) for rows in (kept, other))
            return [], [found("R-TWICE-FILES", {**where, **other[0].row.where()}, **words)]
        else:
            words = {"first": _named(kept), "second": _named(other)}
            findings.append(found("R-COPY", {"year": year, **other[0].row.where("")}, **words))
    return kept, findings


def _tables(given: Sequence[Identified]) -> list[list[Identified]]:
    """The rows by file and sheet, those whose name looks like an original's first."""
    tables: dict[tuple[str, str], list[Identified]] = defaultdict(list)
    for item in given:
        tables[item.row.grid.file, item.row.grid.sheet].append(item)
    order = sorted(tables, key=lambda name: (bool(_COPY.search("".join(name))), len(name[0]), name))
    return [tables[name] for name in order]


def _doubled(rows: Sequence[Identified]) -> tuple[Identified, Identified] | None:
    seen: dict[str, Identified] = {}
    for item in rows:
        if item.period in seen:
            return seen[item.period], item
        seen[item.period] = item
    return None


def _by_period(rows: Sequence[Identified]) -> dict[str, Row]:
    return {item.period: item.row for item in rows}


def _named(rows: Sequence[Identified]) -> str:
    grid = rows[0].row.grid
    return f"{grid.file}〔{grid.sheet}〕" if grid.sheet else grid.file


def _misnamed(rows: Sequence[Identified], names: Collection[str]) -> str:
    """What to know where a file's name is that of another unit."""
    file = rows[0].row.grid.file
    other = next((name for name in names if name in file and rows[0].unit.name not in file), "")
    return f"；{file} 的文件名是{other}的，表内却是{rows[0].unit.name}" if other else ""


def _differences(one: _ByPeriod, other: _ByPeriod) -> str:
    """The answers that differ, each with both values and places; empty where the tables say the same."""
    listed: list[str] = []
    for period in dict.fromkeys((*one, *other)):
        if period not in one or period not in other:
            listed.append(f"只有其中一份有{PERIODS[period]}一行")
            continue
        names = [question.name for question in questions()]
        names = [name for name in names if _text(one[period], name) != _text(other[period], name)]
        listed += [_difference(name, one[period], other[period]) for name in names]
        marked = (name for name in variables() if one[period].mark(name) != other[period].mark(name))
        listed += [] if names else [f"“{variables()[name].label}”一格的格式或批注不同" for name in marked]
    more = f"等 {len(listed)} 处" if len(listed) > _MOST_NAMED else ""
    return "；".join(listed[:_MOST_NAMED]) + more


def _text(row: Row, name: str) -> str:
    return compact(row.text(name))


def _difference(name: str, one: Row, other: Row) -> str:
    values = (f"{row.address(name)}“{shown(row.text(name).strip()) or '空'}”" for row in (one, other))
    return f"“{variables()[name].label}”{'和'.join(values)}"
