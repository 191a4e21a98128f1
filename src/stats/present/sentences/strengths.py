"""What went well: only what is so. Telling places, targets newly met, better than the city. Judges nothing."""

from __future__ import annotations

from stats.catalogue.indicator import Indicator
from stats.catalogue.status import Status
from stats.compare import is_leading
from stats.figures import Figure
from stats.numbers import standing
from stats.present.sentences import references
from stats.present.sentences.change import direction
from stats.present.sentences.subject import Subject
from stats.present.sentences.targets import is_over, state
from stats.present.sentences.values import quoted, value

NAMED = 3
"""How many indicators are named at most in each clause."""


def paragraph(of: Subject) -> str:
    """成绩 in one sentence; empty where nothing may be said to stand out."""
    clauses = (_leading(of), _above_city(of), _newly_met(of))
    said = "；".join(clause for clause in clauses if clause)
    return f"成绩：{said}。" if said else ""


def _exact(of: Subject) -> list[tuple[Indicator, Figure]]:
    return [(e, f) for e, f in of.pairs() if f.status is Status.OK and not f.small_base and not is_over(f)]


def _leading(of: Subject) -> str:
    leading = [
        (entry, figure) for entry, figure in _exact(of) if is_leading(figure.rank) and standing(figure) != "unmet"
    ]
    by_place = sorted(leading, key=lambda pair: pair[1].rank.place or 0)
    return f"位次靠前的有{'、'.join(_placed(of, *pair) for pair in by_place[:NAMED])}" if leading else ""


def _placed(of: Subject, entry: Indicator, figure: Figure) -> str:
    return f"{quoted(entry)}{value(of, figure)}（{references.place(figure)}）"


def _above_city(of: Subject) -> str:
    """The county's figures that stand better than the city's; a town says it in its domain."""
    better = [(entry, figure) for entry, figure in _better(of) if not _fell_back(entry, figure)][:NAMED]
    listed = "、".join(
        f"{quoted(e)}{value(of, f)}（{references.city(f).replace('于全市平均水平', '')}）" for e, f in better
    )
    return f"好于全市平均水平的有{listed}" if listed and of.is_county else ""


def _better(of: Subject) -> list[tuple[Indicator, Figure]]:
    wanted = {"higher": "up", "lower": "down"}
    return [
        (entry, figure)
        for entry, figure in _exact(of)
        if standing(figure) != "unmet" and direction(figure.city) == wanted.get(entry.direction)
    ]


def _newly_met(of: Subject) -> str:
    newly = [quoted(entry) for entry, _ in _now_met(of)]
    more = f"等{len(newly)}项" if len(newly) > NAMED else ""
    return f"上年未达标、本年达标的有{'、'.join(newly[:NAMED])}{more}" if newly else ""


def _now_met(of: Subject) -> list[tuple[Indicator, Figure]]:
    return [(entry, f) for entry, f in of.pairs() if standing(f) == "met" and _was_missed(of, f)]


def codes(of: Subject) -> list[str]:
    """The county's indicators that went well: newly at target, better than the city, at target; none that fell back."""
    met = [(entry, figure) for entry, figure in _exact(of) if standing(figure) == "met"]
    good = (*_now_met(of), *_better(of), *met)
    return list(dict.fromkeys(entry.code for entry, figure in good if not _fell_back(entry, figure)))


def _fell_back(entry: Indicator, figure: Figure) -> bool:
    return direction(figure.last_year) == {"higher": "down", "lower": "up"}.get(entry.direction)


def _was_missed(of: Subject, figure: Figure) -> bool:
    before = of.last(figure.indicator)
    is_broken = figure.last_year.status is Status.SERIES_BREAK
    return before is not None and not is_broken and not is_over(figure) and state(before) == "unmet"
