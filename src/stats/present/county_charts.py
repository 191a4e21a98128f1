"""The county's charts over its units: ranked dots, and what falls with size against population. Draws nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from stats import numbers
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.short_names import STAGES, short_name
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.figures import Figure
from stats.numbers import standing
from stats.present import charts, numbering
from stats.present.blocks import Block, Chart, Group, Note
from stats.present.drawn import drawn
from stats.present.matrices import printed_in_ranked_matrix
from stats.present.sentences.units import names
from stats.present.titles import title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stats.report import CountyReport

FEWEST_VALUES = 5
"""Dots of fewer different values show less than a sentence says."""
A_PAGE = 9
_NAN = float("nan")
YEARS = ("REC-02", "REC-04", "REC-05", "MIL-01", "BLD-01", "BLD-02", "EDU-02", "SUP-02", "FND-01", "FND-03")
_POPULATION = "bas_population"
_PER_HEAD = "FND-05"


def dots_charts(report: CountyReport) -> Group:
    """Ranked dot plots, nine a chart, of the indicators with at least five different values; of the rest a sentence.

    Drawn is only what the matrix prints, so that every value in a chart stands in a table.
    """
    ranked = printed_in_ranked_matrix(report)
    drawn_ones = [entry for entry, is_there in ranked.items() if is_there and _is_varied(report, entry)]
    sheets = [drawn_ones[start : start + A_PAGE] for start in range(0, len(drawn_ones), A_PAGE)]
    made = [_dots(report, entries, nth, len(sheets)) for nth, entries in enumerate(sheets)]
    rest = [entry for entry in ranked if entry not in drawn_ones and _values(report, entry)]
    said = (Note("".join(_said(report, entry) for entry in rest)),) if rest else ()
    return Group((*made, *said))


def _figures(report: CountyReport, entry: Indicator) -> list[tuple[str, Figure]]:
    pairs = ((unit, report.towns[unit.code].get(entry.code)) for unit in report.units)
    return [(unit.name, figure) for unit, figure in pairs if figure is not None and figure.status.has_value]


def _values(report: CountyReport, entry: Indicator) -> set[Decimal | None]:
    return {numbers.printed(figure) for _, figure in _figures(report, entry)}


def _is_varied(report: CountyReport, entry: Indicator) -> bool:
    return len(_values(report, entry)) >= FEWEST_VALUES


def _said(report: CountyReport, entry: Indicator) -> str:
    """One sentence on an indicator by which most units stand alike."""
    by_text: dict[str, list[str]] = {}
    for name, figure in _figures(report, entry):
        by_text.setdefault(numbers.display(figure, entry), []).append(name)
    common, *others = sorted(by_text.items(), key=lambda item: -len(item[1]))
    alone = len(common[1]) == 1
    told = [f"{names(units)}{text}{entry.unit}" for text, units in (by_text.items() if alone else others)]
    same = () if alone else (f"{len(common[1])}个单位为{common[0]}{entry.unit}",)
    return f"“{entry.name}”{'，'.join((*same, *told))}。"


def _dots(report: CountyReport, entries: Sequence[Indicator], nth: int, of: int) -> Chart:
    frame = pd.concat([_rows(report, entry) for entry in entries], ignore_index=True)
    lines = pd.DataFrame([_lines(report, entry) for entry in entries])
    part = f"（{'一二三四五'[nth]}）" if of > 1 else ""
    return Chart(
        number=f"{numbering.chart_number(report, 'dots')}{part}",
        title=title(report, f"各单位指标由高到低{_most_missed(report, entries)}"),
        svg=drawn("dots", frame, lines),
        alt=f"{'；'.join(_ends(report, each) for each in entries)}。各数见{numbering.table_number(report, 'ranked')}。",
        notes=(
            "●为本年（○为概数或基数较小），灰色○为上年，◇和细线为全县，粗线为目标，虚线为全市；各图横轴只含所列数值的范围",
        ),
    )


def _most_missed(report: CountyReport, entries: Sequence[Indicator]) -> str:
    """The message: which target most units miss; empty where no unit misses one."""
    by_count = [(sum(standing(f) == "unmet" for _, f in _figures(report, each)), each) for each in entries]
    most, entry = max(by_count, key=lambda pair: pair[0])
    return f"：未达标单位最多的为{short_name(entry.code, entry.name)}（{most}个）" if most else ""


def _rows(report: CountyReport, entry: Indicator) -> pd.DataFrame:
    in_order = sorted(_figures(report, entry), key=_value, reverse=entry.direction != "lower")
    return pd.DataFrame(
        {
            "panel": f"{short_name(entry.code, entry.name)}（{entry.unit}）",
            "unit": [name for name, _ in in_order],
            "value": [charts.place(figure) for _, figure in in_order],
            "last": [_last(figure) for _, figure in in_order],
            "text": [numbers.display(figure, entry) for _, figure in in_order],
            "hollow": [figure.status is Status.APPROX or figure.small_base for _, figure in in_order],
        }
    )


def _value(pair: tuple[str, Figure]) -> Decimal:
    return numbers.printed(pair[1]) or Decimal(0)


def _last(figure: Figure) -> float:
    given = figure.last_year
    return _NAN if given.reference is None or not given.reference_status.has_value else float(given.reference)


def _lines(report: CountyReport, entry: Indicator) -> dict[str, object]:
    whole = report.figures[entry.code]
    city = whole.city.reference if whole.city.reference_status.has_value else None
    return {
        "panel": f"{short_name(entry.code, entry.name)}（{entry.unit}）",
        "county": charts.place(whole),
        "target": _NAN if whole.target.value is None else float(whole.target.value),
        "city": _NAN if city is None else float(city),
    }


def _ends(report: CountyReport, entry: Indicator) -> str:
    shown = sorted(_figures(report, entry), key=_value)
    (low, least), (high, most) = shown[0], shown[-1]
    whole = report.figures[entry.code]
    beside = f"，全县{numbers.display(whole, entry)}" if whole.status.has_value else ""
    target = numbers.target(whole.target, entry, one_unit=False)
    aim = f"，目标{target}" if target else ""
    return (
        f"{entry.name}最高{high}{numbers.display(most, entry)}，最低{low}{numbers.display(least, entry)}{beside}{aim}"
    )


def years_chart(report: CountyReport) -> Block:
    """Small multiples of the county's main figures over the years."""
    return charts.years_of(report, YEARS, content="主要指标历年情况")


def funnel_chart(report: CountyReport) -> Block:
    """From applicants to recruits over the county's units; nothing where fewer than two stages are told."""
    now = [_stage(report.figures.get(code), part) for code, part in _STAGES.values()]
    last = [_stage(report.history.get(code, {}).get(report.year - 1), part) for code, part in _STAGES.values()]
    if sum(value == value for value, _ in now) < charts.FEWEST_YEARS:
        return Group()
    frame = pd.DataFrame(
        {
            "season": "全年",
            "stage": list(_STAGES),
            "value": [value for value, _ in now],
            "last": [value for value, _ in last],
            "text": [text for _, text in now],
            "last_text": [text for _, text in last],
        }
    )
    return Chart(
        number=numbering.chart_number(report, "funnel"),
        title=f"{title(report, '征兵各环节人数')}：{charts.ends_told(frame)}",
        svg=drawn("funnel", frame),
        alt=f"{charts.stages_told(frame)}。",
        notes=("深色为本年，浅色为上年；为各比率分子、分母均有数据的单位合计",),
    )


_STAGES = {
    STAGES["rec_applied"]: ("REC-06", "denominator"),
    STAGES["rec_exam_attended"]: ("REC-06", "numerator"),
    STAGES["rec_both_passed"]: ("REC-07", "numerator"),
    STAGES["rec_enlisted"]: ("REC-02", "rounded"),
}


def _stage(figure: Figure | None, part: str) -> tuple[float, str]:
    """A count as a place and as text; NaN and the mark of its status where none is told."""
    value = None if figure is None or not figure.status.has_value else getattr(figure, part)
    if value is None:
        return _NAN, "" if figure is None else figure.status.mark
    return float(value), numbers.number(value)


def scatter_chart(report: CountyReport) -> Block:
    """Money per head against population; nothing where the edition does not hold both of five units."""
    entry, people = indicators()[_PER_HEAD], variables()[_POPULATION]
    units = {unit.name: unit.code for unit in report.units}
    given = [
        (name, figure, report.town_answers[units[name]].get(_POPULATION)) for name, figure in _figures(report, entry)
    ]
    rows: list[dict[str, object]] = [
        {
            "unit": name,
            "x": float(answer.text),
            "y": charts.place(figure),
            "x_text": numbers.answer(answer, people.unit),
            "y_text": numbers.display(figure, entry),
            "hollow": figure.status is Status.APPROX or answer.status is Status.APPROX,
        }
        for name, figure, answer in given
        if answer is not None and answer.status.has_value and answer.text
    ]
    frame = pd.DataFrame(rows)
    if len(frame) < FEWEST_VALUES or frame["y"].nunique() < FEWEST_VALUES:
        return Group()
    in_order = frame.sort_values("x")
    small, large = in_order.iloc[0], in_order.iloc[-1]
    ends = f"{large['unit']}{large['y_text']}、{small['unit']}{small['y_text']}"
    return Chart(
        number=numbering.chart_number(report, "scatter"),
        title=f"{title(report, f'各单位{entry.name}与人口')}：人口最多和最少的为{ends}",
        svg=drawn("scatter", frame, x_name=f"{people.label}（{people.unit}）", y_name=f"{entry.name}（{entry.unit}）"),
        alt=(
            f"人口最多的{large['unit']}（{large['x_text']}）{entry.name}{large['y_text']}{entry.unit}，"
            f"人口最少的{small['unit']}（{small['x_text']}）{small['y_text']}{entry.unit}。"
            f"各数见{numbering.table_number(report, 'units 4')}。"
        ),
    )
