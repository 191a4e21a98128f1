"""How many of a county's units, and which: counts that add up to the units that sent a return. Judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from stats.catalogue.indicators import indicators
from stats.figures import Figure
from stats.numbers import Standing, standing
from stats.params import Unit
from stats.present.sentences.subject import Subject
from stats.present.sentences.targets import state

NAMED, NAMED_SIGNS = 5, 32
"""How many units a sentence names at most, and in how many signs."""


@dataclass(frozen=True)
class UnitStates:
    """The names of the units that sent a return, by how they stand; ``untold`` are those the edition does not hold."""

    met: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()
    none: tuple[str, ...] = field(default=(), repr=False)

    @property
    def total(self) -> int:
        """All units that sent a return."""
        return sum(map(len, (self.met, self.unmet, self.hidden, self.unknown, self.not_applicable)))


def unit_states(of: Subject, code: str, judge: Callable[[Figure], Standing] = state) -> UnitStates:
    """How the units that sent a return stand to an indicator; empty where the edition tells no town's."""
    found: dict[Standing, list[str]] = {}
    for unit in of.reported:
        figure = of.of_unit(unit, code)
        if figure is None:
            return UnitStates()
        found.setdefault(judge(figure), []).append(unit.name)
    return UnitStates(**{name: tuple(units) for name, units in found.items()})


def names(units: Sequence[Unit] | Sequence[str]) -> str:
    """Units by name, up to five and, of long names, as many as a line holds, then how many.

    >>> names(["甲镇", "乙镇"]), names(list("甲乙丙丁戊己"))
    ('甲镇、乙镇', '甲、乙、丙、丁、戊等6个单位')
    >>> names([f"第{place}经济技术开发区管理委员会街道办事处" for place in range(3)])
    '第0经济技术开发区管理委员会街道办事处等3个单位'
    """
    every = [unit if isinstance(unit, str) else unit.name for unit in units]
    ends = accumulate(len(name) + 1 for name in every[:NAMED])
    told = max(sum(end <= NAMED_SIGNS + 1 for end in ends), 1)
    return "、".join(every[:told]) + (f"等{len(every)}个单位" if len(every) > told else "")


def counts(states: UnitStates, did: str, failed: str, *, among: str = "已上报的") -> str:
    """All units that sent a return in one clause: how many did, how many failed and which, and the rest.

    >>> counts(UnitStates(met=("甲镇", "乙镇"), unmet=("丙镇",), hidden=("丁镇",)), "完成", "未完成")
    '已上报的4个单位中2个完成，1个未完成（丙镇），1个不公布'
    """
    if not states.total:
        return ""
    among = f"{among}{states.total}个单位"
    every = "均" if states.total > 1 else ""
    if len(states.met) == states.total:
        return f"{among}{every}{did}"
    if len(states.unmet) == states.total:
        return f"{among}{every}{failed}"
    parts = [f"{len(states.met)}个{did}"] if states.met else []
    parts += [f"{len(states.unmet)}个{failed}（{names(states.unmet)}）"] if states.unmet else []
    return f"{among}中{'，'.join((*parts, *rest(states)))}"


def rest(states: UnitStates) -> Iterable[str]:
    """The units that neither did nor failed as far as is known."""
    if states.hidden:
        yield f"{len(states.hidden)}个不公布"
    if states.unknown:
        yield f"{len(states.unknown)}个缺数或概数不能判定"
    if states.not_applicable:
        yield f"{len(states.not_applicable)}个不适用"


def at_target(of: Subject, code: str) -> str:
    """How many units are at the target and which are not; empty where all are, none is told, or none has a target."""
    states = unit_states(of, code, standing)
    all_met = not states.unmet and not states.hidden and not states.unknown
    if all_met or not (states.met or states.unmet):
        return ""
    return counts(states, "达标", "未达标", among="")


def coverage(of: Subject, figure: Figure) -> str:
    """How many towns stand behind a county figure, where these are not all that sent a return; the county row apart."""
    own = _row(of, figure)
    with_row = own is not None and own.status.has_value
    towns = figure.units - with_row
    is_own = indicators()[figure.indicator].level == "county"
    if towns >= len(of.reported) or not figure.units or is_own:
        return ""
    return f"（按有数据的{_with_row(towns, with_row)}计算）"


def matched(of: Subject, figure: Figure) -> str:
    """The units a county's change is taken over, where these are not all units of both years; empty for any other."""
    given, own = figure.last_year, _row(of, figure)
    if not given.is_partial or not given.matched:
        return ""
    with_row = own is not None and own.last_year.status.has_value
    return f"（按两年均有数据的{_with_row(given.matched - with_row, with_row)}计算）"


def _row(of: Subject, figure: Figure) -> Figure | None:
    """The county's own row behind its figure; None where it is not asked."""
    return of.own.get(figure.indicator) if indicators()[figure.indicator].level == "both" else None


def _with_row(towns: int, with_row: bool) -> str:
    return f"{towns}个单位{'和县级本级' if with_row else ''}"
