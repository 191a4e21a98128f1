"""Whose return a refused file or sheet is: by the codes and names in it, else by its file name. Refuses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stats.catalogue.variables import questions
from stats.params import Unit
from stats.returns.grid import Grid
from stats.returns.headers import variable_of
from stats.returns.names import normalised_name, parse_code
from stats.returns.roster import Roster
from stats.returns.row import Row

_SEARCHED_ROWS, _SEARCHED_COLUMNS = 5_000, 60
_SEARCHED_BYTES = 4 * 2**20
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_LONGEST = 60
_LEAST_QUESTIONS = 3
_ENDINGS = ("街道办事处", "街道", "镇", "乡")
_CODE = re.compile(r"(?<![0-9])[1-9][0-9]{11}(?![0-9])", re.ASCII)


def named_in(grid: Grid, roster: Roster) -> tuple[Unit, ...]:
    """The units whose code or name fills a cell of a sheet; where there is none, those its texts speak of.

    A sheet that asks none of our questions and names several towns is a list of towns, and nobody's return.
    """
    texts = list(_texts(grid))
    found = _once(unit for text in texts if (unit := _of_cell(text, roster)))
    found = found or _once(unit for text in texts for unit in _mentioned(text, roster))
    return found if len(found) < 2 or is_like_a_return(grid) else ()


def named_in_bytes(data: bytes, roster: Roster) -> tuple[Unit, ...]:
    """The same of a file that cannot be read: whatever text its bytes are in one of the usual encodings."""
    read = (data[:_SEARCHED_BYTES].decode(encoding, "ignore") for encoding in _ENCODINGS)
    found = [_named_in_text(text, roster) for text in read]
    return max(found, key=len)


def _named_in_text(text: str, roster: Roster) -> tuple[Unit, ...]:
    coded = [unit for code in _CODE.findall(text) if (unit := roster.by_code.get(code))]
    found = _once([*coded, *_mentioned(text, roster)])
    asked = sum(variable.name in text or variable.label in text for variable in questions())
    return found if len(found) < 2 or asked >= _LEAST_QUESTIONS else ()


def named_by_file(name: str, roster: Roster) -> tuple[Unit, ...]:
    """The unit of the code in a file name, else the towns named in it, also without 镇, 乡 or 街道."""
    coded = [unit for code in _CODE.findall(name) if (unit := roster.by_code.get(code))]
    return _once(coded or _mentioned(name.rpartition(".")[0] or name, roster, short=True))


def named_in_row(row: Row, roster: Roster) -> tuple[Unit, ...]:
    """The units of a row's code and of its name, which may be two."""
    return _once(unit for key in ("unit_code", "unit_name") if (unit := _of_cell(row.text(key), roster)))


def is_like_a_return(grid: Grid) -> bool:
    """Whether an unrecognised sheet asks our questions somewhere: a form or table that somebody changed."""
    asked = {name for text in _texts(grid) if (name := variable_of(text))}
    return len(asked) >= _LEAST_QUESTIONS


def _texts(grid: Grid) -> Iterator[str]:
    cells = (text.strip() for row in grid.rows[:_SEARCHED_ROWS] for text in row[:_SEARCHED_COLUMNS])
    return (text for text in cells if text and len(text) <= _LONGEST)


def _of_cell(text: str, roster: Roster) -> Unit | None:
    code = parse_code(text)
    return roster.by_code.get(code) if code else _names(roster).get(normalised_name(text))


def _names(roster: Roster) -> dict[str, Unit]:
    """The units by their names, former ones too."""
    former = {normalised_name(name): unit for unit in roster.params.units for name in unit.former_names}
    return former | roster.by_name


def _mentioned(text: str, roster: Roster, *, short: bool = False) -> list[Unit]:
    """The towns a text speaks of. A name inside a longer one (城关镇 in 东城关镇, 清河 in 清河县) is not meant."""
    names = _short_names(roster) | _names(roster) if short else _names(roster)
    compact = normalised_name(text)
    there = [name for name in names if name in compact]
    meant = [name for name in there if not any(name != other and name in other for other in there)]
    return [unit for name in meant if (unit := names[name]).type != "县级本级"]


def _short_names(roster: Roster) -> dict[str, Unit]:
    """Names without their ending, of two characters or more and of one unit only."""
    short: dict[str, list[Unit]] = {}
    for name, unit in _names(roster).items():
        ending = next((each for each in _ENDINGS if name.endswith(each)), "")
        if ending and len(bare := name.removesuffix(ending)) > 1:
            short.setdefault(bare, []).append(unit)
    return {bare: units[0] for bare, units in short.items() if len(units) == 1}


def _once(units: Iterable[Unit]) -> tuple[Unit, ...]:
    return tuple({unit.code: unit for unit in units}.values())
