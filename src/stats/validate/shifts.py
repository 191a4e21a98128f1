"""O-SHIFT: a block of answers that stands one row too low or too high. Moves nothing back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise

from stats.catalogue.check_shapes import SumsTo
from stats.catalogue.checks import CHECKS, Check
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, questions, variables
from stats.findings import Finding, Severity
from stats.returns import Cell
from stats.validate.check_evaluation import Operand, Row, from_cell, is_broken
from stats.validate.finding_texts import places, quantity
from stats.validate.outliers.settings import SENTENCES

RULE = "O-SHIFT"
_REMEDY = "请核对这一段是否整体填错了一行，移回后重新上报；更正前这些数不参与计算"
# So many answers at least move together, and so many relations at least hold once they are moved back.
_SHORTEST, _HOLDING = 3, 3
_TRANSPOSED = {1: "低", -1: "高"}


@dataclass(frozen=True, slots=True)
class Shift:
    """Answers that belong ``by`` rows above (1) or below (-1) where they stand; ``names`` in the order of the form.

    ``names`` are the questions whose answers stand elsewhere and those in whose places they stand.
    """

    names: tuple[str, ...]
    by: int
    held: Check
    moved: Mapping[str, Operand]


def shifts(unit: str, unit_name: str, year: int, period: str, row: Row) -> Iterator[Finding]:
    """A finding for each block of a row's answers that makes sense one row up or down only.

    Either the parts add up to their whole there, exactly and not where they stand; or a relation is broken where they
    stand, the place of a required answer beside the block is empty, and every relation holds once the block, up to
    the end of its domain, is moved into it.
    """
    for run in runs():
        cells = [row[name] for name in run if name in row]
        if len(cells) == len(run) and (found := _shift(run, row)):
            yield _finding(found, unit, unit_name, year, period, row)


@cache
def runs() -> tuple[tuple[str, ...], ...]:
    """The numbers that stand below each other on a form, of one domain and kind of period, in order.

    >>> [run for run in runs() if "fnd_total" in run][0][:3]
    ('fnd_total', 'fnd_county', 'fnd_pafd')
    """
    asked = [question for question in questions() if question.asked_of(county=False)]
    alike = groupby(asked, key=lambda question: (question.domain, question.seasonal, question.is_number))
    found = [tuple(question.name for question in run) for (_, _, is_number), run in alike if is_number]
    return tuple(run for run in found if len(run) > _SHORTEST)


def _shift(run: Sequence[str], row: Row) -> Shift | None:
    """The likeliest shift of a run: the longest block, downwards first; None where nothing speaks for one."""
    blank = [row[name].status is Status.MISSING for name in run]
    given = {check: _holds(check, _operands(check, row)) for check in _relations(run)}
    broken = {check.id for check, verdict in given.items() if verdict is False}
    if not broken and all(verdict for check, verdict in given.items() if isinstance(check.rule, SumsTo)):
        return None
    for by in (1, -1):
        for names in _blocks(run, by):
            edge = names[0] if by == 1 else names[-1]
            moved = _moved(names, by, row)
            is_left_empty = variables()[edge].required and blank[run.index(edge)] and _is_whole(names, run, blank, by)
            if moved and (held := _proof(names, row, moved, broken=broken, is_left_empty=is_left_empty)):
                return Shift(names, by, held, moved)
    return None


def _is_whole(names: Sequence[str], run: Sequence[str], blank: Sequence[bool], by: int) -> bool:
    """Whether the block reaches from its empty place to the end of the run or to the next empty place."""
    beyond = run.index(names[-1]) + 1 if by == 1 else run.index(names[0]) - 1
    return not 0 <= beyond < len(run) or blank[beyond]


def _blocks(run: Sequence[str], by: int) -> Iterator[tuple[str, ...]]:
    """All stretches of a run that are long enough, the longest first."""
    for length in range(len(run), _SHORTEST, -1):
        for start in range(len(run) - length + 1):
            yield tuple(run[start : start + length])


def _moved(names: Sequence[str], by: int, row: Row) -> dict[str, Operand]:
    """The operands after moving back; empty where one is no possible answer to its question, or none at all."""
    pairs = pairwise(names) if by == 1 else ((below, above) for above, below in pairwise(names))
    moved: dict[str, Operand] = {}
    for name, given in pairs:
        cell, variable = row[given], variables()[name]
        if cell.status is not Status.OK or not _is_possible(cell, variable):
            return {}
        operand = from_cell(variable, cell)
        if operand:
            moved[name] = operand
    return moved


def _is_possible(cell: Cell, variable: Variable) -> bool:
    number = float(cell.value)
    is_whole = variable.kind != "int" or number == int(number)
    return is_whole and (variable.maximum is None or number <= variable.maximum)


def _proof(
    names: Sequence[str], row: Row, moved: Mapping[str, Operand], *, broken: set[str], is_left_empty: bool
) -> Check | None:
    """The relation that speaks for the shift; None where any is broken after it or too little speaks for it."""
    lost = set(names) - set(moved)
    verdicts: dict[Check, bool] = {}
    for check in _relations(names):
        if lost.isdisjoint(check.rule.variables):
            operands = {**_operands(check, row), **{n: o for n, o in moved.items() if n in check.rule.variables}}
            verdict = _holds(check, operands)
            if verdict is not None:
                verdicts[check] = verdict
    if not all(verdicts.values()):
        return None
    for check in verdicts:
        if isinstance(check.rule, SumsTo) and _adds_up(check.rule, moved) and not _holds(check, _operands(check, row)):
            return check
    mended = [check for check in verdicts if check.id in broken]
    is_mended = is_left_empty and broken <= {check.id for check in _relations(names)} and len(verdicts) >= _HOLDING
    return mended[0] if is_mended and mended else None


def _adds_up(rule: SumsTo, moved: Mapping[str, Operand]) -> bool:
    parts = [moved[name] for name in rule.parts if name in moved and moved[name].interval.low > 0]
    return len(parts) > 1 and all(name in moved for name in rule.parts)


@cache
def _of_rows() -> tuple[Check, ...]:
    return tuple(check for check in CHECKS if check.scope == "row" and check.severity is Severity.ERROR)


def _relations(names: Sequence[str]) -> list[Check]:
    return [check for check in _of_rows() if not set(names).isdisjoint(check.rule.variables)]


def _operands(check: Check, row: Row) -> dict[str, Operand]:
    found = {name: from_cell(variables()[name], row.get(name)) for name in check.rule.variables}
    return {name: operand for name, operand in found.items() if operand is not None}


def _holds(check: Check, operands: Mapping[str, Operand]) -> bool | None:
    """Whether the relation holds; None where an answer is missing."""
    if len(operands) < len(check.rule.variables):
        return None
    return not is_broken(check.rule, {name: operand.interval for name, operand in operands.items()}, {})


def _finding(shift: Shift, unit: str, unit_name: str, year: int, period: str, row: Row) -> Finding:
    stand = [row[name] for name in shift.names if row[name].status is Status.OK]
    labels = [f"「{variables()[name].full_name}」{quantity(operand)}" for name, operand in shift.moved.items()]
    first, last = (variables()[name].full_name for name in (shift.names[0], shift.names[-1]))
    sentence = f"{SENTENCES[RULE]}：「{first}」至「{last}」疑似整段{_TRANSPOSED[shift.by]}了一行"
    return Finding(
        rule=RULE,
        severity=Severity.ERROR,
        message=f"{sentence}，移回后为{'、'.join(labels)}，各项关系才成立，见{places(stand)}",
        remedy=_REMEDY,
        unit=unit,
        unit_name=unit_name,
        year=year,
        period=period,
        variables=shift.names,
        values=tuple(labels),
        file=stand[0].file,
        sheet=stand[0].sheet,
        cell=stand[0].cell,
    )
