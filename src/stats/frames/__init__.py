"""Answers, figures, ranks and findings as tidy pandas DataFrames, as the edition shows them. Computes nothing.

Every function takes what :mod:`stats.report` gives: a town's report, the county's, or a whole session with every unit
and year. What the edition hides has a row with its status and no value; what it does not hold at all has no row.
Texts are exact and empty where there is nothing, whole numbers are integers (``<NA>`` where there is none); only
``number``, made for drawing and for counting on, is a float (``NaN`` where there is none).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from stats.frames import figure_rows
from stats.frames.answer_rows import ANSWER_COLUMNS, CELL_COLUMNS, answer_rows, cell_rows
from stats.frames.figure_rows import FIGURE_COLUMNS, RANK_COLUMNS, Row, Source, figure_row
from stats.frames.finding_rows import FINDING_COLUMNS, finding_rows
from stats.quality import QualityReport
from stats.report import Session

if TYPE_CHECKING:
    import pandas as pd


def figures(source: Source) -> pd.DataFrame:
    """One row a unit, indicator and year, with names, units of measure, comparisons, target and place.

    A town's report gives the town's years; the county's gives the county's years and every town's figure of this year;
    a session gives all years of all units. ``value`` is exact text: in the full edition to 12 places, else with the
    printed digits only; numerator, denominator and the bounds of an approximation are in the full edition only.

    >>> from stats import report
    >>> made = figures(report.town("望汀街道", edition="meeting")).set_index(["indicator", "year"])
    >>> made.loc[("SYS-02", 2021), ["indicator_name", "value", "unit_of_measure", "status"]].tolist()
    ['议军事项办结率', '100.0', '%', 'ok']
    """
    return _frame(_figure_rows(source), FIGURE_COLUMNS)


def ranks(source: Source) -> pd.DataFrame:
    """One row for each place that a unit holds among others, by its printed figure.

    ``group`` is the group of units it was ranked in, empty for all; ``sharing`` units hold the same place.

    >>> from stats import report
    >>> made = ranks(report.county(edition="meeting"))
    >>> first = made[(made.indicator == "SYS-02") & (made["rank"] == 1)].iloc[0]
    >>> first.unit_name, int(first.ranked_units), first.display
    ('望汀街道', 17, '100.0')
    """
    return _frame((row for row in _figure_rows(source) if row["rank"]), RANK_COLUMNS)


def answers(source: Source) -> pd.DataFrame:
    """One row a unit, question and period as released: a whole year, and each season of what is asked by season.

    A report gives this year and last year; the county's report its own row, and this year of every town.

    >>> from stats import report
    >>> made = answers(report.town("望汀街道", edition="meeting")).set_index(["variable", "year", "period"])
    >>> made.loc[("sys_issues_raised", 2021, "year"), ["variable_name", "value", "unit_of_measure"]].tolist()
    ['议军会议提出需解决事项数', '13', '件']
    """
    return _frame(answer_rows(source), ANSWER_COLUMNS)


def cells(session: Session) -> pd.DataFrame:
    """One row for every answer as it was written, with what it means and where it stands; the full edition only.

    Other editions repeat no text of a return: for them there are no rows.
    """
    return _frame(cell_rows(session), CELL_COLUMNS)


def findings(source: Source | QualityReport) -> pd.DataFrame:
    """One row a finding; outside the full edition without values and place, and none about what is protected.

    >>> from stats import report
    >>> findings(report.quality(edition="meeting"))[["label", "rule", "message"]].iloc[0].tolist()
    ['提示', 'R-MASKED', '某项用“×”等符号代替了数字，不参与计算']
    """
    given = source.examined.findings if isinstance(source, Session) else source.findings
    return _frame(finding_rows(given, source.params.edition), FINDING_COLUMNS)


def _figure_rows(source: Source) -> Iterator[Row]:
    exact = source.params.edition == "full"
    return (figure_row(unit, figure, exact=exact) for unit, figure in figure_rows.figures(source))


def _frame(given: Iterable[Row], columns: Mapping[str, str]) -> pd.DataFrame:
    import pandas as pd  # a quarter of a second that the tables going out need not wait for

    return pd.DataFrame(list(given), columns=list(columns)).astype(columns)
