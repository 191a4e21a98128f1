"""Units of measure stated above, below or beside a table, against those of its questions. Converts nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from stats.catalogue.variables import Variable, variables
from stats.findings import Finding
from stats.returns.finding_texts import RefusalError, found
from stats.returns.form_layout import REMARK as FORM_REMARK
from stats.returns.form_layout import UNIT as FORM_UNIT
from stats.returns.grid import Grid, address
from stats.returns.headers import REMARK, variable_of
from stats.returns.measure_words import Measure, is_measure, stated_measures
from stats.returns.quantities import is_money
from stats.returns.reading import parse
from stats.returns.row import Row
from stats.returns.text_normalisation import compact
from stats.texts.privacy import shown

_LONGEST = 200
_FEWEST_UNITS = 3
# An allowance of a thousand 万元 a household does not exist: so large a number is in 元 whatever stands above it.
_SURELY_YUAN = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Statement:
    """A text that may state a measure, with its cell (none for a name); ``in_passing``: a mere mention counts."""

    text: str
    cell: str = ""
    in_passing: bool = True


def check_measures(grid: Grid, rows: Sequence[Row], statements: Iterable[Statement]) -> list[Finding]:
    """A question where the stated measures leave one open; RefusalError where they are not the questions' own.

    A table that has answers in money must be told in the very unit of each of them; counts and shares must not be
    told in hundreds, thousands or the like.
    """
    answered = _answered(rows)
    money = next((variable for variable in answered if is_money(variable)), None)
    asks: list[Finding] = []
    for statement in statements:
        measures = stated_measures(statement.text, in_passing=statement.in_passing)
        where = {"file": grid.file, "sheet": grid.sheet, "cell": statement.cell}
        given = shown(statement.text)[:40]
        for variable, least in answered.items() if measures else ():
            if _contradicts(measures, variable, least):
                at = {**where, "variables": (variable.name,)}
                raise RefusalError(found("R-MEASURE", at, given=given, label=variable.label, unit=variable.unit))
        if measures and money and not any(measure.kind == "money" for measure in measures):
            asks.append(found("R-MEASURE-ASK", where, given=given, label=money.label, unit=money.unit))
    return asks[:1]


def beside_table(grid: Grid, rows: Sequence[Row]) -> Iterator[Statement]:
    """What stands above, below and beside the answers of a flat table, in its remarks and in its names."""
    yield from _names(grid)
    inside = {row.number: row.header for row in rows}
    answered = {row.header.row: set(row.header.columns.values()) for row in _one_of_each_header(rows)}
    of_columns = {column for columns in answered.values() for column in columns}
    for number, cells in enumerate(grid.rows):
        header = inside.get(number)
        known = answered[header.row] if header else set()
        if header is None and sum(map(is_measure, cells)) >= _FEWEST_UNITS:
            known = of_columns  # the units of the columns, each looked at as that of its column
        remark = header.columns.get(REMARK) if header else None
        if len(cells) > len(known) or remark is not None:
            yield from _outside(cells, number, known, remark)


def _outside(cells: Sequence[str], number: int, known: Collection[int], remark: int | None) -> Iterator[Statement]:
    for column, text in enumerate(cells):
        if (column == remark or column not in known) and 0 < len(text) <= _LONGEST and not variable_of(text):
            yield Statement(text, address(number, column), in_passing=column != remark)


def _one_of_each_header(rows: Sequence[Row]) -> Iterable[Row]:
    return {row.header.row: row for row in rows}.values()


def beside_form(grid: Grid, rows: Collection[int], columns: Mapping[str, int]) -> Iterator[Statement]:
    """What stands above, below and beside the questions of a form (on ``rows``), in its remarks and in its names."""
    yield from _names(grid)
    known = set(columns.values()) - {columns[FORM_REMARK]}
    for number, cells in enumerate(grid.rows):
        inside = known if number in rows else {columns[FORM_UNIT]}
        for column, text in enumerate(cells):
            if column not in inside and 0 < len(text) <= _LONGEST:
                is_remark = number in rows and column == columns[FORM_REMARK]
                yield Statement(text, address(number, column), in_passing=not is_remark)


def stated_in(grid: Grid) -> list[Statement]:
    """What a sheet without a table says of measures, as statements for the tables of the same file."""
    texts = (text for row in grid.rows for text in row if 0 < len(text) <= _LONGEST)
    return [Statement(text, "", False) for text in texts if stated_measures(text, in_passing=False)]


def _names(grid: Grid) -> Iterator[Statement]:
    file = grid.file.rpartition("/")[2]
    yield from (Statement(name) for name in (grid.sheet, file.rpartition(".")[0]) if name)


def _answered(rows: Sequence[Row]) -> dict[Variable, Decimal]:
    """The questions with an answer in the table, with the smallest number but 0 of those in 元."""
    least: dict[Variable, Decimal] = {}
    for name in dict.fromkeys(name for row in _one_of_each_header(rows) for name in row.header.columns):
        variable = variables().get(name)
        if variable is None or not variable.is_number or variable.tier == "id":
            continue
        if any(row.text(name).strip() for row in rows):
            least[variable] = _least(variable, rows) if variable.unit == "元" else Decimal(0)
    return least


def _least(variable: Variable, rows: Sequence[Row]) -> Decimal:
    readings = (parse(text, variable) for text in {row.text(variable.name) for row in rows})
    numbers = (Decimal(reading.value) for reading in readings if reading.status.has_value)
    return min(filter(None, numbers), default=Decimal(0))


def _contradicts(measures: Sequence[Measure], variable: Variable, least: Decimal) -> bool:
    money = [measure.word for measure in measures if measure.kind == "money"]
    if is_money(variable):
        is_other = bool(money) and variable.unit not in money
        return is_other and not (variable.unit == "元" and money == ["万元"] and least >= _SURELY_YUAN)
    kind = "share" if variable.kind == "percent" else "count"
    return any(measure.kind == kind and measure.scaled for measure in measures)


def is_measure_row(row: Row) -> bool:
    """Whether a row below the heads holds their units of measure; RefusalError where one is another's."""
    cells = row.grid.rows[row.number]
    filled = [text for text in cells if text.strip()]
    units = [text for text in filled if is_measure(_bare(text))]
    if len(units) < _FEWEST_UNITS or len(units) < len(filled) - 2:
        return False
    for name in row.header.columns:
        variable, given = variables().get(name), _bare(row.text(name))
        if variable and given and is_measure(given) and given != compact(variable.unit):
            words = {"given": f"{variable.label}（{shown(given)}）", "unit": variable.unit or "无单位"}
            raise RefusalError(found("R-COLUMN-UNIT", row.where(name), **words))
    return True


def _bare(text: str) -> str:
    return compact(text).strip("()[]【】〔〕")
