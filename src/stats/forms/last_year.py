"""Last year's answers as a form may show them beside the questions. Reads no file, judges nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.returns import Cell
from stats.returns.form_layout import PERIODS
from stats.texts.privacy import shown

LONGEST_NOTATION = 12
_BRACKETS = frozenset("()（）[]【】〔〕")
_UNANSWERED = (Status.MISSING, Status.ERROR)

Answers = dict[str, str]


def known(cells: Iterable[Cell]) -> dict[str, Answers]:
    """By unit and variable what was answered for the whole year; a question without an answer is left out.

    Season answers are added up where all are exact; otherwise each is shown with its season. An approximation or a
    mask is shown as it was written if that is short and holds no remark, since a remark may be about one person.
    """
    by_question: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        by_question[cell.unit, cell.variable].append(cell)
    answers: dict[str, Answers] = defaultdict(dict)
    for (unit, name), given in by_question.items():
        if text := _whole_year(name, given):
            answers[unit][name] = text
    return dict(answers)


def _whole_year(name: str, given: Sequence[Cell]) -> str:
    applying = [cell for cell in given if cell.status is not Status.NOT_APPLICABLE]
    if not applying:
        return Status.NOT_APPLICABLE.mark
    if len(applying) == 1:
        return _text(applying[0])
    if all(cell.status is Status.OK for cell in applying):
        return _together(name, [cell.value for cell in applying])
    parts = [f"{PERIODS[cell.period]}{_text(cell)}" for cell in applying if cell.status not in _UNANSWERED]
    return "；".join(parts)


def _together(name: str, values: Sequence[str]) -> str:
    if variables()[name].season_combine == "all":
        return "是" if all(value == "是" for value in values) else "否"
    return format(sum(map(Decimal, values), Decimal(0)), "f")


def _text(cell: Cell) -> str:
    if cell.status is Status.OK:
        return cell.value
    if cell.status in _UNANSWERED:
        return ""
    raw = cell.raw.strip()
    is_notation = 0 < len(raw) <= LONGEST_NOTATION and not _BRACKETS & set(raw)
    # Of a corrected answer the raw text is what was wrong.
    if is_notation and not cell.correction:
        return shown(raw)
    return f"约{cell.value}" if cell.status is Status.APPROX else cell.status.mark
