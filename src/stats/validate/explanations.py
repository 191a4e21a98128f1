"""Answers to warnings, by the unit in its remarks or by the county in a file. Closes no error."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from stats.catalogue.variables import variables
from stats.findings import Finding, Severity
from stats.params import Params
from stats.returns.cells import Remark
from stats.returns.declarations import Declared, Explanation
from stats.returns.finding_texts import found
from stats.texts.free_text import problem_of_text

_SAYS_SOMETHING = re.compile(r"[\u3400-\u9fff]{2,}")


# Places of findings in their list, by unit and year: a county of thousands of units is not searched for each remark.
Index = Mapping[tuple[str, int | None], list[int]]


def explain(
    findings: Sequence[Finding],
    declared: Iterable[Declared[Explanation]],
    remarks: Iterable[Remark],
    params: Params,
) -> tuple[Finding, ...]:
    """The findings with the warnings answered, and one more warning for every explanation that answers none.

    The county's word goes before the unit's remark. Errors and refusals stay as they are, whatever is said of them.
    """
    names = frozenset(unit.name for unit in (*params.units, params.county_unit))
    answered, index = list(findings), _indexed(findings)
    told = _by_county(answered, index, declared, params)
    unfit = _by_units(answered, index, remarks, names, params)
    return (*answered, *told, *unfit)


def _indexed(findings: Sequence[Finding]) -> Index:
    index: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for nth, finding in enumerate(findings):
        index[finding.unit, finding.year].append(nth)
    return dict(index)


def _by_county(
    findings: list[Finding], index: Index, declared: Iterable[Declared[Explanation]], params: Params
) -> list[Finding]:
    """Writes the county's answers into the findings; what answers none is told."""
    told: list[Finding] = []
    for one in declared:
        text = f"{one.entry.text}（{one.entry.role}，{one.entry.date.isoformat()}）"
        near = index.get((one.entry.unit, one.entry.year), [])
        matches = [nth for nth in near if _is_about(findings[nth], one.entry)]
        soft = [nth for nth in matches if findings[nth].severity is Severity.WARNING]
        for nth in soft:
            findings[nth] = replace(findings[nth], explanation=text)
        if not soft:
            told.append(_unmatched(one, params, is_hard=any(_is_hard(findings[nth]) for nth in matches)))
    return told


def _is_about(finding: Finding, entry: Explanation) -> bool:
    return finding.rule == entry.rule and (entry.variable is None or entry.variable in finding.variables)


def _is_hard(finding: Finding) -> bool:
    return finding.severity in (Severity.ERROR, Severity.FATAL)


def _unmatched(one: Declared[Explanation], params: Params, *, is_hard: bool) -> Finding:
    entry = one.entry
    problem = "是错误，不能用说明代替更正" if is_hard else "没有这条提示"
    remedy = "请改正数据；改正后删去本条说明" if is_hard else "请核对 rule 和 variable；提示已消除的，删去本条说明"
    about = (entry.variable,) if entry.variable else ()
    where = {"unit": entry.unit, "unit_name": params.unit(entry.unit).name, "year": entry.year, "variables": about}
    return found("R-EXPLANATION", where, entry=one.where, about=entry.rule, problem=problem, remedy=remedy)


def _by_units(
    findings: list[Finding], index: Index, remarks: Iterable[Remark], names: frozenset[str], params: Params
) -> list[Finding]:
    """Writes the units' own answers into the findings; remarks that may not be kept are told."""
    unfit: list[Finding] = []
    for remark in remarks:
        text = " ".join(remark.text.split())
        if not _SAYS_SOMETHING.search(text):
            continue
        if problem := problem_of_text(text, names):
            unfit.append(_refused(remark, problem, params))
            continue
        near = index.get((remark.unit, remark.year), [])
        for nth in _answered_by(remark, text, findings, near):
            findings[nth] = replace(findings[nth], explanation=f"{text}（填报单位备注）")
    return unfit


def _answered_by(remark: Remark, text: str, findings: list[Finding], near: list[int]) -> list[int]:
    """The open warnings a remark answers.

    One beside a question answers those about it. One beside a row answers the warnings it names, by rule or by a
    question's label, and where it names none, the only one there is.
    """
    opened = [nth for nth in near if findings[nth].is_open and _is_beside(findings[nth], remark)]
    if remark.variable:
        return opened
    named = [nth for nth in opened if _names(text, findings[nth])]
    return named or (opened if len(opened) == 1 else [])


def _is_beside(finding: Finding, remark: Remark) -> bool:
    """Whether the remark stands where one answers it; how a cell is written is no matter of its whole row."""
    if remark.variable:
        return remark.variable in finding.variables
    return finding.period == remark.period and not finding.rule.startswith("R-")


def _names(text: str, finding: Finding) -> bool:
    labels = [variables()[name].label for name in finding.variables if name in variables()]
    return finding.rule in text or any(label in text for label in labels)


def _refused(remark: Remark, problem: str, params: Params) -> Finding:
    where = {"unit": remark.unit, "unit_name": params.unit(remark.unit).name, "year": remark.year}
    place = {"period": remark.period, "file": remark.file, "sheet": remark.sheet, "cell": remark.cell}
    return found("R-REMARK", {**where, **place}, problem=problem)
