"""What the fictional county settled after reading the returns: corrections and explanations. Changes no return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from demo.county import MARK, YEARS
from demo.true_answers import CellKey
from demo.untidiness import UNTIDINESS

_YEAR = YEARS[-1]
_ROLE = "县人武部军事科"
_DAY = f"{_YEAR + 1}-01-10"
_EXPLAINED = ("990118109000", "V38", "上年含一次性营房维修经费，本年恢复正常")


def files(answers: Mapping[CellKey, str], written: Mapping[CellKey, str]) -> Iterator[tuple[str, bytes]]:
    """The files of the last year by their path: from the true answers and what stands in the returns."""
    yield f"data/corrections/{_YEAR}.yaml", "\n".join(_corrections(answers, written)).encode()
    yield f"data/explanations/{_YEAR}.yaml", "\n".join(_explanations()).encode()


def _corrections(answers: Mapping[CellKey, str], written: Mapping[CellKey, str]) -> Iterator[str]:
    yield f"# {MARK}：{_YEAR}年经核实的更正，一条一格；old 照抄报表原文，role 写职务或科室，不写姓名。"
    for entry in UNTIDINESS:
        if entry.kind == "corrected":
            place = entry.place
            yield f'- unit: "{place.unit}"'
            yield f"  year: {place.year}"
            yield f"  period: {place.period}"
            yield f"  variable: {place.variable}"
            yield f'  old: "{written[place]}"'
            yield f'  new: "{answers[place]}"'
            yield f"  reason: {entry.what}，经与活动台账核对"
            yield f"  role: {_ROLE}"
            yield f"  date: {_DAY}"
    yield ""


def _explanations() -> Iterator[str]:
    unit, rule, text = _EXPLAINED
    yield f"# {MARK}：{_YEAR}年对提示的说明；错误须更正，不能说明了事。"
    yield f'- unit: "{unit}"'
    yield f"  year: {_YEAR}"
    yield f"  rule: {rule}"
    yield f"  text: {text}"
    yield f"  role: {_ROLE}"
    yield f"  date: {_DAY}"
    yield ""
