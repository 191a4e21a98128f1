"""Outliers as findings: the reason, both values, what is usual, where, and what to do. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from stats.catalogue.domains import DOMAINS
from stats.catalogue.seasons import SEASON_NAMES
from stats.catalogue.variables import Variable, variables
from stats.findings import Finding, Severity
from stats.returns import Cell
from stats.validate.check_evaluation import number
from stats.validate.finding_texts import places, plain
from stats.validate.outliers.candidates import Candidate
from stats.validate.outliers.causes import UnitError
from stats.validate.outliers.series import Level
from stats.validate.outliers.settings import SENTENCES, is_per_head

_REMEDIES = {
    "O-JUMP": "请对照原始资料核对所涉各项的本年数和上年数，有误的更正后重新上报，属实的在备注中说明原因",
    "O-UNIT": "请核对该格的计量单位和位数，有误的更正后重新上报，属实的在备注中说明原因",
    "O-SWAP": "请核对所列两格是否填反，填反的对调后重新上报，属实的在备注中说明原因",
    "O-REPEAT": "请核对是否沿用了上年的数，沿用的按本年实际填报，属实的在备注中说明原因",
}
# Beyond these numbers as given are rounded: a range is read at a glance.
_RANGE_DIGITS = 3


def jump(odd: Candidate, name: str) -> Finding:
    """The finding of a jump: of several seasons it names the one that most likely made it."""
    pick = max if odd.now.value > odd.expected else min
    cell = pick(odd.now.cells, key=lambda found: number(found.value))
    reason = f"{_compared(odd)}，{_how_far(odd)}"
    return _finding("O-JUMP", name, [odd], cell, f"{reason}；{usual}" if (usual := _usual(odd)) else reason)


def slipped(odd: Candidate, slip: UnitError, name: str) -> Finding:
    """The finding of a slip of the unit of measure, at the cell that probably holds it."""
    done, undone = ("大", "除以") if slip.too_large else ("小", "乘以")
    season = SEASON_NAMES.get(slip.cell.period, "")
    given = f"{season}填{plain(number(slip.cell.value))}{odd.variable.unit}，" if len(odd.now.cells) > 1 else ""
    base = "上年" if odd.last else "其他单位的水平"
    reason = (
        f"{_compared(odd)}，{given}疑似{done}了{slip.factor}倍（该项应以{odd.variable.unit}填报），"
        f"{undone}{slip.factor}后与{base}相近"
    )
    return _finding("O-UNIT", name, [odd], slip.cell, f"{reason}；{usual}" if (usual := _usual(odd)) else reason)


def swapped(one: Candidate, other: Candidate, name: str) -> Finding:
    """The finding of two neighbours swapped, at the first of them."""
    reason = f"{_compared(one)}；{_compared(other)}；两数对调后各与上年相近"
    return _finding("O-SWAP", name, [one, other], one.now.cells[0], reason)


def repeated(pairs: Mapping[str, tuple[Level, Level]], name: str) -> Finding:
    """The finding of a whole domain that repeats last year's, at its first answer."""
    asked = variables()
    levels = [level for level, _ in pairs.values()]
    domain = DOMAINS[next(asked[variable].domain for variable in pairs)]
    listed = "、".join(f"「{asked[v].full_name}」{_amount(asked[v], now)}" for v, (now, _) in pairs.items())
    first = levels[0].cells[0]
    return Finding(
        rule="O-REPEAT",
        severity=Severity.WARNING,
        message=f"{SENTENCES['O-REPEAT']}：{domain}{len(pairs)}项非零数均与上年一字不差：{listed}，{_where(levels)}",
        remedy=_REMEDIES["O-REPEAT"],
        unit=first.unit,
        unit_name=name,
        year=first.year,
        period="year",
        variables=tuple(pairs),
        values=tuple(f"本年与上年均为{_amount(asked[v], now)}" for v, (now, _) in pairs.items()),
        file=first.file,
        sheet=first.sheet,
        cell=first.cell,
    )


def _finding(rule: str, name: str, odds: list[Candidate], at: Cell, reason: str) -> Finding:
    levels = [odd.now for odd in odds] + [odd.last for odd in odds if odd.last is not None]
    alone = len(odds) == 1
    return Finding(
        rule=rule,
        severity=Severity.WARNING,
        message=f"{SENTENCES[rule]}：{reason}，{_where(levels)}",
        remedy=_REMEDIES[rule],
        unit=at.unit,
        unit_name=name,
        year=at.year,
        period=at.period if alone and len(odds[0].now.cells) > 1 else "year",
        variables=tuple(odd.variable.name for odd in odds),
        values=tuple(_values(odds)),
        file=at.file,
        sheet=at.sheet,
        cell=at.cell,
    )


def _values(odds: Iterable[Candidate]) -> Iterable[str]:
    for odd in odds:
        yield _amount(odd.variable, odd.now)
        if odd.last is not None:
            yield f"上年{_amount(odd.variable, odd.last)}"


def _where(levels: Iterable[Level]) -> str:
    return f"见{places([cell for level in levels for cell in level.cells])}"


def _compared(odd: Candidate) -> str:
    now = f"「{odd.variable.full_name}」本年{_amount(odd.variable, odd.now)}"
    return f"{now}，上年{_amount(odd.variable, odd.last)}" if odd.last else f"{now}，无可比的上年数"


def _amount(variable: Variable, level: Level) -> str:
    """The exact number with its unit of measure; of season answers their sum."""
    return f"{plain(sum((number(cell.value) for cell in level.cells), start=0))}{variable.unit}"


def _how_far(odd: Candidate) -> str:
    if odd.now.value == 0 or odd.last is None:
        return "多数单位本年并未变为零"
    if odd.now.value > odd.last.value:
        return f"为上年的{_short(odd.now.value / odd.last.value)}倍"
    return f"仅为上年的{_short(100 * odd.now.value / odd.last.value)}%"


def _usual(odd: Candidate) -> str:
    """What is usual among the towns, as the range of the middle half of them."""
    parts = []
    if odd.change:
        parts.append(f"为上年的{_short(odd.change.low)}至{_short(odd.change.high)}倍")
    if odd.standing and odd.scale is not None:
        base = "每万人" if is_per_head(odd.variable) else ""
        parts.append(f"{base}{_short(odd.standing.low)}至{_short(odd.standing.high)}{odd.variable.unit}")
    return f"全县各单位本年多{'，'.join(parts)}" if parts else ""


def _short(value: float) -> str:
    """A number to a few digits, as plain decimal text.

    >>> _short(0.98765), _short(1234.5), _short(100.0)
    ('0.988', '1234', '100')
    """
    exact = Decimal(value)
    digits = max(0, _RANGE_DIGITS - 1 - exact.adjusted())
    rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
