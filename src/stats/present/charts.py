"""The charts of a town: its figures over the years, and its recruits from application to enlistment. Draws nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from stats import numbers
from stats.catalogue import marks
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.seasons import periods_due
from stats.catalogue.short_names import STAGES, short_name
from stats.catalogue.variables import variables
from stats.figures import Answer, Figure, Trend
from stats.present import numbering
from stats.present.blocks import Block, Chart, Group
from stats.present.drawn import drawn
from stats.present.titles import title

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stats.report import Report

PANELS = ("REC-02", "REC-04", "REC-05", "BLD-01", "EDU-02", "SUP-02", "FND-01", "EMG-03")
FEWEST_YEARS = 2
_SEASONS = {"spring": "春季", "autumn": "秋季", "year": "全年"}
_NAN = float("nan")
_SUMS = ("sum", "sum_and_median")


def years_chart(report: Report) -> Block:
    """Small multiples of the figures that most is asked about, over the years there are; nothing without two years."""
    return years_of(report, PANELS, content="主要指标历年情况")


def years_of(report: Report, codes: Iterable[str], *, content: str) -> Block:
    """Small multiples of these indicators, of those with two different printed values."""
    shown = [indicators()[code] for code in codes if is_moving(report.history.get(code, {}))]
    if not shown:
        return Group()
    frame = pd.concat([_years(report, entry) for entry in shown], ignore_index=True)
    message = _moved(report, shown)
    return Chart(
        number=numbering.chart_number(report, "years"),
        title=f"{title(report, content)}：{message}",
        svg=drawn("multiples", frame),
        alt=f"{message}。{'；'.join(_ends(report, entry) for entry in shown)}。",
        notes=("实线为本单位，虚线为全县（合计数不列）",) if frame["county"].notna().any() else (),
    )


def is_moving(history: Mapping[int, Figure]) -> bool:
    """Whether there are two years with different values: a line of equal points says less than a sentence."""
    values = {numbers.printed(figure) for figure in history.values() if figure.status.has_value}
    return len(values) >= FEWEST_YEARS


def _years(report: Report, entry: Indicator) -> pd.DataFrame:
    own, whole = report.history[entry.code], report.county_history.get(entry.code, {})
    is_sum = entry.aggregation in _SUMS
    years = sorted(own)
    return pd.DataFrame(
        {
            "panel": f"{short_name(entry.code, entry.name)}（{entry.unit}）",
            "year": years,
            "value": [place(own[year]) for year in years],
            "text": [numbers.display(own[year], entry) for year in years],
            "county": [_NAN if is_sum or own is whole or year not in whole else place(whole[year]) for year in years],
        }
    )


def place(figure: Figure | None) -> float:
    """A printed value as a place on an axis; NaN where none is printed."""
    value = None if figure is None or not figure.status.has_value else numbers.printed(figure)
    return _NAN if value is None else float(value)


def _moved(report: Report, shown: list[Indicator]) -> str:
    """The message: how many rose and fell since last year."""
    trends = [report.figures[entry.code].last_year.trend for entry in shown if entry.code in report.figures]
    parts = [f"{trends.count(trend)}项{word}" for trend, word in _WAYS.items() if trends.count(trend)]
    return f"与上年相比{'、'.join(parts)}" if parts else "不能与上年相比"


_WAYS: dict[Trend, str] = {"up": "上升", "flat": "持平", "down": "下降"}


def _ends(report: Report, entry: Indicator) -> str:
    known = [(year, figure) for year, figure in sorted(report.history[entry.code].items()) if figure.status.has_value]
    (first, start), (last, end) = known[0], known[-1]
    whole = report.county_history.get(entry.code, {}).get(last)
    is_beside = last == report.year and whole is not end and entry.aggregation not in _SUMS
    beside = f"（全县{numbers.with_unit(whole, entry)}）" if is_beside and whole and whole.status.has_value else ""
    return f"{entry.name}{first}年{numbers.with_unit(start, entry)}、{last}年{numbers.with_unit(end, entry)}{beside}"


def funnel_chart(report: Report) -> Block:
    """From applicants to recruits, a panel a season; nothing where fewer than two stages are told of any season."""
    told = pd.concat([_stages(report, period) for period in periods_due(report.year)], ignore_index=True)
    if told["value"].notna().groupby(told["season"]).sum().max() < FEWEST_YEARS:
        return Group()
    alt = "；".join(f"{season}{stages_told(rows)}" for season, rows in told.groupby("season", sort=False))
    return Chart(
        number=numbering.chart_number(report, "funnel"),
        title=f"{title(report, '征兵各环节人数')}：{ends_told(told)}",
        svg=drawn("funnel", told),
        alt=f"{alt}。",
        notes=("深色为本年，浅色为上年同季",),
    )


def ends_told(frame: pd.DataFrame) -> str:
    """The message of a funnel: of one season its first stage and the last that is told, of two their first."""
    seasons = [rows[rows["value"].notna()] for _, rows in frame.groupby("season", sort=False)]
    told = [rows.iloc[0] for rows in seasons if len(rows)]
    if len(seasons) == 1:
        told += [rows.iloc[-1] for rows in seasons if len(rows) > 1]
        return "、".join(f"{row['stage']}{row['text']}" for row in told)
    return "，".join(f"{row['season']}{row['stage']}{row['text']}" for row in told)


def stages_told(frame: pd.DataFrame) -> str:
    """What a funnel of one season shows, in words."""
    rows = zip(frame["stage"], frame["text"], frame["last_text"], strict=True)
    return "，".join(f"{stage}{text}{f'（上年{last}）' if last else ''}" for stage, text, last in rows)


def _stages(report: Report, period: str) -> pd.DataFrame:
    seasonal = period != "year"
    now = report.seasons if seasonal else {name: {"year": given} for name, given in report.answers.items()}
    last = report.last_seasons if seasonal else {name: {"year": given} for name, given in report.last_answers.items()}
    given = [(now.get(name, {}).get(period), last.get(name, {}).get(period)) for name in STAGES]
    return pd.DataFrame(
        {
            "season": _SEASONS[period],
            "stage": list(STAGES.values()),
            "value": [_count(answer) for answer, _ in given],
            "last": [_count(answer) for _, answer in given],
            "text": [_text(answer, name) for (answer, _), name in zip(given, STAGES, strict=True)],
            "last_text": [_text(answer) for _, answer in given],
        }
    )


def _count(given: Answer | None) -> float:
    return float(given.text) if given is not None and given.status.has_value and given.text else _NAN


def _text(given: Answer | None, name: str = "") -> str:
    if given is None or given.status.mark == marks.NOT_APPLICABLE.sign:
        return ""
    return numbers.answer(given, variables()[name].unit if name else "")
