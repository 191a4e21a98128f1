"""要情摘要: a handful of sentences that only count and pick finished figures. Computes nothing."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.figures import Figure
from stats.present import fragments, hints, numbering, numbers
from stats.present.blocks import Group, Paragraph
from stats.present.county_tables import names as unit_names
from stats.present.wording import sentences

if TYPE_CHECKING:
    from stats.report import CountyReport, Report

NAMED = 3
"""How many indicators or units a summary sentence names at most."""


def town_summary(report: Report) -> Group:
    """Task and recruits, targets, places, changes, data quality: a paragraph each."""
    first = sentences(report, "REC")[:1]
    return _paragraphs(*first, _targets(report), _places(report), _changes(report), _quality(report))


def county_summary(report: CountyReport) -> Group:
    """Coverage, task and recruits, targets, changes, and who is first most often: a paragraph each."""
    first = sentences(report, "REC")[:1]
    return _paragraphs(_coverage(report), *first, _targets(report), _changes(report), _firsts(report))


def unreported(report: Report) -> Group:
    """What stands in the appendix of a unit that sent no return, and what to do."""
    texts: list[str] = fragments.wording()["unreported"]
    return _paragraphs(*(text.format(unit=report.unit.name, year=report.year) for text in texts))


def refused(report: Report) -> Group:
    """The warning that heads an appendix with errors in its return, which is not for publication."""
    text: str = fragments.wording()["refused"]
    return _paragraphs(text.format(unit=report.unit.name, year=report.year))


def _paragraphs(*texts: str) -> Group:
    return Group(tuple(Paragraph(text) for text in texts))


def _say(key: str, /, **values: object) -> str:
    text: str = fragments.wording()["summary"][key]
    return text.format(**values)


def _pairs(report: Report) -> list[tuple[Indicator, Figure]]:
    return [(entry, report.figures[code]) for code, entry in indicators().items() if code in report.figures]


def _named(entries: list[str], total: int) -> str:
    return "、".join(entries[:NAMED]) + (f"等{total}项" if total > NAMED else "")


def _targets(report: Report) -> str:
    states = Counter(figure.target.state for _, figure in _pairs(report))
    judged = {name: states[name] for name in ("met", "unmet", "unknown")}
    if not any(judged.values()):
        return _say("no_targets")
    missed = [entry.name for entry, _ in numbering.unmet(report)]
    which = _say("targets_unmet", names=_named(missed, len(missed))) if missed else ""
    return _say("targets", n=sum(judged.values()), which=which, **judged)


def _places(report: Report) -> str:
    ranked = [(entry, figure) for entry, figure in _pairs(report) if figure.rank.place is not None]
    if not ranked:
        return _say("no_places", unit=report.unit.name)
    by_place = sorted(ranked, key=lambda pair: (pair[1].rank.place or 0, pair[1].rank.tied))
    best, rest = by_place[:NAMED], by_place[NAMED:]
    parts = [_say("best", unit=report.unit.name, names="、".join(_place(*pair) for pair in best))]
    if rest:
        parts.append(_say("weakest", names="、".join(_place(*pair) for pair in rest[: -NAMED - 1 : -1])))
    return "；".join(parts) + "。"


def _place(entry: Indicator, figure: Figure) -> str:
    name = "place_tied" if figure.rank.tied else "place"
    return _say(name, name=entry.name, r=figure.rank.place, n=figure.rank.of)


def _tendency(entry: Indicator, figure: Figure) -> str:
    """better, worse or flat by what the indicator's direction means; empty where that cannot be said."""
    way = fragments.direction(figure, entry)
    if entry.direction == "neutral" or way not in ("up", "down", "flat"):
        return ""
    if way == "flat":
        return "flat"
    return "better" if (way == "up") == (entry.direction == "higher") else "worse"


def _changes(report: Report) -> str:
    tendencies = [(entry, figure, _tendency(entry, figure)) for entry, figure in _pairs(report)]
    counts = Counter(tendency for _, _, tendency in tendencies if tendency)
    if not counts:
        return _say("no_changes")
    worse = [(entry, figure) for entry, figure, tendency in tendencies if tendency == "worse"]
    by_size = sorted(worse, key=lambda pair: _fall_in_points(*pair), reverse=True)
    listed = "、".join(f"{entry.name}（{fragments.last_year(figure, entry)}）" for entry, figure in by_size[:NAMED])
    which = _say("changes_worse", names=listed) if worse else ""
    shown = {name: counts[name] for name in ("better", "flat", "worse")}
    return _say("changes", n=counts.total(), which=which, **shown)


def _fall_in_points(entry: Indicator, figure: Figure) -> Decimal:
    """How far a share fell, to put the largest falls first; other indicators come last."""
    difference = figure.last_year.difference
    is_share = entry.unit == "%" and not numbers.says_yes_or_no(figure, entry)
    return difference.copy_abs() if difference is not None and is_share else Decimal(0)


def _quality(report: Report) -> str:
    counted = report.quality
    return _say(
        "quality",
        unit=report.unit.name,
        due=counted.due,
        ok=counted.ok,
        approx=counted.approx,
        redacted=counted.redacted,
        missing=counted.missing,
        error=counted.error,
        warnings=len(hints.hints(report)),
    )


def _coverage(report: CountyReport) -> str:
    absent, refused_units = report.not_reported, report.refused_units
    missing = {unit.code for unit in absent}
    return _say(
        "coverage",
        unit=report.unit.name,
        due=len(report.units),
        sent=sum(unit.code not in missing for unit in report.units),
        absent=_say("coverage_absent", n=len(absent), names=unit_names(absent)) if absent else "",
        refused=_say("coverage_refused", n=len(refused_units), names=unit_names(refused_units))
        if refused_units
        else "",
    )


def _firsts(report: CountyReport) -> str:
    firsts = Counter(
        unit.name for unit in report.units for figure in report.towns[unit.code].values() if figure.rank.place == 1
    )
    if not firsts:
        return _say("no_firsts")
    in_order = sorted(firsts.items(), key=lambda item: -item[1])[:NAMED]
    return _say("firsts", names="、".join(_say("first", name=name, n=count) for name, count in in_order))
