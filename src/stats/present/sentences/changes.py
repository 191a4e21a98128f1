"""What moved since last year, counted and the marked falls named. Computes nothing."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from stats import numbers
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.figures import Figure
from stats.present.sentences.change import growth, last_year, way
from stats.present.sentences.subject import Subject
from stats.present.sentences.units import names
from stats.present.sentences.values import label, quoted
from stats.receipt import Receipt

NAMED = 3
"""How many marked falls are named at most."""
MARKED_POINTS = Decimal(2)
MARKED_PERCENT = Decimal(10)
_UNITS_OF_COUNTY = ("share_yes", "share_compliant")


def paragraph(of: Subject) -> str:
    """How many indicators became better, stayed or became worse, and which fell markedly."""
    if of.is_first_return:
        return f"{of.name}为首次上报，无同比数据。"
    if refused := _last_refused(of):
        return refused
    found = [(entry, figure, tendency(entry, figure)) for entry, figure in of.pairs() if _is_counted(entry)]
    kinds = Counter(kind for _, _, kind in found if kind)
    lacking = _lacking(of)
    if not kinds:
        return f"本年度没有可与上年比较的指标。{lacking}"
    kept = f"持平{'或大体相当' if kinds['about'] else ''}{kinds['flat'] + kinds['about']}项"
    counted = f"变好{kinds['better']}项，{kept}，变差{kinds['worse']}项"
    worse = [(entry, figure) for entry, figure, kind in found if kind == "worse" and is_marked(entry, figure)]
    partial = "同比按两年均有数据的单位计算。" if any(f.last_year.is_partial for _, f, kind in found if kind) else ""
    return f"与上年可比、能分好坏的{kinds.total()}项指标中，{counted}{_named(of, worse)}。{partial}{lacking}"


def _last_refused(of: Subject) -> str:
    """That there is no 同比 at all because last year's return of the town, or of every unit, was refused."""
    year = of.report.year - 1
    receipts = of.last_receipts
    if not receipts or set(receipts.values()) - {Receipt.REFUSED, Receipt.NOT_REPORTED}:
        return ""
    if Receipt.REFUSED not in receipts.values():
        return ""
    return f"同比全部为空：{year}年来文被拒收，没有可用的{of.name}报表，不能与上年比较。"


def _lacking(of: Subject) -> str:
    """Which units of the county have no 同比 because their return of last year was refused."""
    units = [unit for unit in of.units if of.last_receipts.get(unit.code) is Receipt.REFUSED]
    if not units:
        return ""
    named = "全部" if len(units) == len(of.units) else names(units)
    return f"因{of.report.year - 1}年来文被拒收，{len(units)}个单位（{named}）没有同比。"


def _is_counted(entry: Indicator) -> bool:
    """Not what is never judged, and not the growth of a figure that is counted itself."""
    if entry.direction == "neutral":
        return False
    same = (other for other in indicators().values() if other.numerator == entry.numerator)
    return entry.kind != "growth" or not any(other.kind in ("count", "amount") for other in same)


def tendency(entry: Indicator, figure: Figure) -> str:
    """better, worse, flat or about by what the indicator's direction means; empty where it is not compared."""
    where = way(figure)
    if where not in ("up", "down"):
        return "" if where == "none" else where
    return "better" if (where == "up") == (entry.direction == "higher") else "worse"


def is_marked(entry: Indicator, figure: Figure) -> bool:
    """Whether a change is worth its name: 2 percentage points, or a tenth of a count or an amount of money.

    A yes that became a no is told as a missed target, a share of so few units by their number; what moves on a small
    base says nothing.
    """
    if entry.is_yes_or_no or figure.small_base or (numbers.is_county(figure) and entry.aggregation in _UNITS_OF_COUNTY):
        return False
    return _size(entry, figure) >= 1


def _size(entry: Indicator, figure: Figure) -> Decimal:
    """A change in units of what is marked, so that points and per cent can be put in one order."""
    given = figure.last_year
    if entry.kind == "growth":
        return (figure.rounded or Decimal(0)).copy_abs() / MARKED_PERCENT
    if entry.unit == "%":
        return _least(given.difference, given.low, given.high) / MARKED_POINTS
    return _least(given.percent, given.percent_low, given.percent_high) / MARKED_PERCENT


def _least(one: Decimal | None, low: Decimal | None, high: Decimal | None) -> Decimal:
    """The size that is certain: of an interval, its nearer end."""
    ends = [end.copy_abs() for end in (low, high) if end is not None]
    return min(ends) if ends else (one or Decimal(0)).copy_abs()


def _named(of: Subject, worse: list[tuple[Indicator, Figure]]) -> str:
    if not worse:
        return ""
    by_size = sorted(worse, key=lambda pair: -_size(*pair))
    listed = "、".join(_change(of, entry, figure) for entry, figure in by_size[:NAMED])
    return f"，其中变差较明显的{len(worse)}项{'，前3项' if len(worse) > NAMED else ''}为{listed}"


def _change(of: Subject, entry: Indicator, figure: Figure) -> str:
    if entry.kind == "growth":
        return f"“{label(entry.variables[0])}”（{growth(figure, of.report.params.rounding)}）"
    return f"{quoted(entry)}（{last_year(figure)}）"
