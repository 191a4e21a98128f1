"""附件1: the county on one page: eight figures with their lines, three strengths and three gaps. Only picks figures."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

import pandas as pd

from stats import documents
from stats.figures import Trend
from stats.numbers import standing
from stats.present.blocks import Column, Table, Tile, Tiles
from stats.present.charts import is_moving, place
from stats.present.drawn import drawn
from stats.present.front_and_back_matter import made_by, statement
from stats.present.sentences import judgements, strengths
from stats.present.sentences.subject import Subject
from stats.present.sentences.units import unit_states
from stats.present.speech import whole, with_units
from stats.present.titles import title
from stats.present.town_head import tile

if TYPE_CHECKING:
    from stats.report import CountyReport

FIGURES = ("REC-02", "REC-04", "SYS-02", "MIL-01", "BLD-01", "EDU-03", "SUP-02", "FND-01")
LISTED = 3
_NOTE = (
    "线为历年情况，末点为本年；括号内为有数据的单位数，与上年相比的按两年均有数据的单位计算；"
    "只列汇总统计数，因数值过小不公布的数不列，不得以其他资料反推"
)


def tiles(report: CountyReport) -> Tiles:
    """Eight figures: value, change, city, how many units are at the target, and the line of the years."""
    return Tiles(tuple(_tile(report, code) for code in FIGURES if code in report.figures))


def _tile(report: CountyReport, code: str) -> Tile:
    made = tile(report, code)
    states = unit_states(Subject(report), code, standing)
    judged = len(states.met) + len(states.unmet)
    units = (f"{judged}个单位中{len(states.met)}个达标",) if judged else ()
    return replace(made, lines=(*made.lines, *units), svg=_line(report, code))


def _line(report: CountyReport, code: str) -> str:
    """The years as a line without words.

    Empty where nothing moved, and where its last step goes another way than the change that is told, which is taken
    over the units of both years only.
    """
    history = report.history.get(code, {})
    years = sorted(history)
    values = [place(history[year]) for year in years]
    if not is_moving(history) or _contradicts(report.figures[code].last_year.trend, values[-2:]):
        return ""
    return drawn("spark", pd.DataFrame({"year": years, "value": values}))


def _contradicts(trend: Trend, values: list[float]) -> bool:
    last, now = values
    return (trend == "up" and now < last) or (trend == "down" and now > last)


def strengths_and_gaps(report: CountyReport) -> Table:
    """Three strengths beside three gaps, the largest first."""
    of = Subject(report)
    good = [whole(report, code) for code in strengths.codes(of)[:LISTED]]
    bad = [with_units(report, entry.code) for entry, _ in judgements.missed(of)[:LISTED]]
    if not bad:
        states = judgements.tally(of)
        bad = [judgements.none_unmet(states["hidden"], states["unknown"])]
    source = documents.see(report.params, "county", "；数据保护说明和各表见{}")
    return Table(
        number="",
        title=title(report, "成绩和差距"),
        columns=(Column("成绩", "left"), Column("差距", "left")),
        rows=tuple(zip_longest(good, bad, fillvalue="")),
        notes=(_NOTE + source, *(() if source else (statement(report).text,)), *made_by(report)),
        size=9.0,
    )
