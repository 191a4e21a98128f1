"""How a unit or the county stands to its targets: counts that add up, and what to act on first. Judges nothing."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.disclosure.editions import EDITIONS
from stats.figures import Figure
from stats.numbers import Standing, standing
from stats.present.sentences.subject import Subject

LISTED = 6
"""How many missed targets the summary lists at most; the domains name every one."""


def tally(of: Subject) -> Counter[Standing]:
    """How many indicators are in which state; "none" are those without a target."""
    return Counter(standing(figure) for _, figure in of.pairs())


def paragraph(of: Subject) -> str:
    """The states of all targets in one sentence, whose parts add up."""
    states = tally(of)
    met, unmet, hidden, unknown = (states[name] for name in ("met", "unmet", "hidden", "unknown"))
    total = met + unmet + hidden + unknown
    if not total:
        return "本年度未设指标目标。"
    among = "本版公布的指标中，" if EDITIONS[of.report.params.edition].open_only else ""
    apart = f"（另有{states['not_applicable']}项不适用）" if states["not_applicable"] else ""
    return f"{among}设目标{total}项{apart}，{'，'.join(_parts(met, unmet, hidden, unknown))}。"


def _parts(met: int, unmet: int, hidden: int, unknown: int) -> list[str]:
    if not unmet and not hidden and not unknown:
        return [f"达标{met}项，没有未达标"]
    parts = [f"达标{met}项", f"未达标{unmet}项" if unmet else none_unmet(hidden, unknown)]
    if unmet:
        parts += [f"不公布{hidden}项（均因数值过小）"] if hidden else []
        parts += [f"缺数或概数不能判定{unknown}项"] if unknown else []
    return parts


def none_unmet(hidden: int, unknown: int) -> str:
    """That no missed target is known, without saying that there is none where something is hidden or not decided.

    >>> none_unmet(0, 0)
    '没有未达标的指标'
    >>> none_unmet(6, 1)
    '公布的指标中没有未达标，另有6项因数值过小不公布，1项缺数或概数不能判定'
    >>> none_unmet(0, 2)
    '能判定的指标中没有未达标，另有2项缺数或概数不能判定'
    """
    if not hidden and not unknown:
        return "没有未达标的指标"
    rest = [f"{hidden}项因数值过小不公布"] if hidden else []
    rest += [f"{unknown}项缺数或概数不能判定"] if unknown else []
    return f"{'公布' if hidden else '能判定'}的指标中没有未达标，另有{'，'.join(rest)}"


def missed(of: Subject) -> list[tuple[Indicator, Figure]]:
    """The missed targets, the largest gap first; those whose gap is not told come last, in printing order."""
    found = [(entry, figure) for entry, figure in of.pairs() if standing(figure) == "unmet"]
    return sorted(found, key=lambda pair: -_relative_gap(pair[1]))


def _relative_gap(figure: Figure) -> Decimal:
    """The gap against the target; a target of nothing is measured against 100."""
    distance = figure.target.gap
    if distance is None or figure.status is Status.HIDDEN:
        return Decimal(-1)
    return distance.copy_abs() / (figure.target.value or Decimal(100)).copy_abs()
