"""附件6: the sheets of the workbook, each a table of finished texts, of nothing that no other document prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats import documents, numbers
from stats.catalogue import marks
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicator import Indicator
from stats.catalogue.indicators import indicators
from stats.catalogue.short_names import STAGES, short_name
from stats.catalogue.variables import variables
from stats.present import front_and_back_matter
from stats.present.blocks import Column, Cover, Group, Paragraph, Sheet
from stats.present.charts import PANELS
from stats.present.wording import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stats.figures import Answer, Figure
    from stats.params import Unit
    from stats.report import Session

SEASONS = {"spring": "春季", "autumn": "秋季"}
_UNIT = (Column("单位代码", "left", 1.4), Column("单位", "left", 1.4))
_COUNTS = ("due", "ok", "approx", "redacted", "missing", "error", "not_applicable", "hidden")
_COUNT_HEADS = ("应答", "准确", "概数", "未填具体数", "未填报", "有误", "不适用", "不公布")


def cover(run: Session) -> Cover:
    """The head of the workbook."""
    return front_and_back_matter.headed(run.county(), "workbook")


def about(run: Session) -> Group:
    """Who may have it, and what its numbers are."""
    said: str = texts()["who_may_have_it"][run.params.edition]
    definitions = documents.see(run.params, "definitions", "指标解释见{}。")
    return Group((Paragraph(said), Paragraph(texts()["workbook"].format(definitions=definitions))))


def sheets(run: Session) -> Group:
    """指标长表, 各镇宽表, 位次, 五年, 分季, 目标判定, 质量, 符号."""
    made = (_long(run), _wide(run), _ranks(run), _years(run), _seasons(run), _targets(run), _quality(run), _marks())
    return Group(tuple(table for table in made if table.rows))


def _units(run: Session) -> tuple[Unit, ...]:
    return (run.params.county_unit, *run.params.due(run.params.year))


def _long(run: Session) -> Sheet:
    """A row for each unit and indicator."""
    texts_of = ("领域", "指标代码", "指标", "计量单位")
    heads = ("本年", "同比", "全县", "全市", "位次", "参加排位单位")
    return Sheet(
        number="",
        title="指标长表",
        columns=(
            *_UNIT,
            *(Column(head, "left", 2.4 if head == "指标" else 1.0) for head in texts_of),
            *map(Column, heads),
            *(Column(head, "left") for head in ("目标", "判定", "说明")),
        ),
        rows=tuple(
            (unit.code, unit.name, *_long_row(figure, indicators()[code], of_county=unit == run.params.county_unit))
            for unit in _units(run)
            for code, figure in run.figures()[unit.code].items()
        ),
    )


def _long_row(figure: Figure, entry: Indicator, *, of_county: bool) -> tuple[str, ...]:
    return (
        DOMAINS[entry.domain],
        entry.code,
        entry.name,
        numbers.printed_unit(figure, entry),
        numbers.display(figure, entry),
        numbers.change(figure, entry),
        "" if of_county else numbers.versus_county(figure, entry),
        numbers.city(figure),
        numbers.bare_place(figure.rank),
        str(figure.rank.of) if figure.rank.place is not None else "",
        numbers.target(figure.target, entry, one_unit=not of_county),
        numbers.sign(figure),
        "" if figure.status.has_value else figure.status.label,
    )


def _wide(run: Session) -> Sheet:
    """A row for each unit, a column for each indicator: the figures."""
    return _matrix(run, "各镇宽表", numbers.display)


def _ranks(run: Session) -> Sheet:
    """The same of places."""
    return _matrix(run, "位次", lambda figure, _: numbers.bare_place(figure.rank))


def _targets(run: Session) -> Sheet:
    """The same of judgements."""
    return _matrix(run, "目标判定", lambda figure, _: numbers.sign(figure), align="center")


def _matrix(run: Session, title: str, cell: Callable[[Figure, Indicator], str], align: str = "right") -> Sheet:
    """Cells of every unit and indicator, without the columns that are empty."""
    figures = run.figures()
    cells = {
        code: [cell(figures[u.code][code], entry) if code in figures[u.code] else "" for u in _units(run)]
        for code, entry in indicators().items()
    }
    kept = {code: column for code, column in cells.items() if any(column)}
    names = [
        name if align != "right" else f"{name}（{indicators()[code].unit}）"
        for code in kept
        if (name := short_name(code, indicators()[code].name))
    ]
    return Sheet(
        number="",
        title=title,
        columns=(*_UNIT, *(Column(name, align) for name in names)),  # type: ignore[arg-type]
        rows=tuple(
            (unit.code, unit.name, *(column[nth] for column in kept.values())) for nth, unit in enumerate(_units(run))
        ),
    )


def _years(run: Session) -> Sheet:
    """The figures of the charts over the years."""
    years = run.years
    histories = {unit: run.history(unit.code) for unit in _units(run)}
    return Sheet(
        number="",
        title="五年",
        columns=(*_UNIT, Column("指标", "left", 2.4), Column("计量单位", "left"), *(Column(f"{y}年") for y in years)),
        rows=tuple(
            (unit.code, unit.name, indicators()[code].name, indicators()[code].unit, *_over(history[code], code, years))
            for code in PANELS
            for unit, history in histories.items()
            if code in history
        ),
    )


def _over(history: Mapping[int, Figure], code: str, years: tuple[int, ...]) -> list[str]:
    return [numbers.display(history[year], indicators()[code]) if year in history else "" for year in years]


def _seasons(run: Session) -> Sheet:
    """From applicants to recruits by season, this year and last."""
    year = run.params.year
    rows = []
    for unit in run.params.due(year):
        now, last = run.seasons(unit.code, year), run.seasons(unit.code, year - 1)
        for name in STAGES:
            for period, season in SEASONS.items():
                pair = (now.get(name, {}).get(period), last.get(name, {}).get(period))
                if pair[0] is not None:
                    rows.append((unit.code, unit.name, variables()[name].full_name, season, *map(_answer, pair)))
    heads = (Column("项目", "left", 2.0), Column("季", "left"), Column("本年"), Column("上年"))
    return Sheet(number="", title="分季", columns=(*_UNIT, *heads), rows=tuple(rows))


def _answer(given: Answer | None) -> str:
    return "" if given is None else numbers.answer_in_table(given)


def _quality(run: Session) -> Sheet:
    """How many answers of which kind."""
    report = run.quality()
    return Sheet(
        number="",
        title="质量",
        columns=(*_UNIT, Column("上报", "left"), *map(Column, _COUNT_HEADS)),
        rows=tuple(
            (
                unit.code,
                unit.name,
                report.receipts[unit.code].label,
                *(str(getattr(report.qualities[unit.code], name)) for name in _COUNTS),
            )
            for unit in report.units
        ),
    )


def _marks() -> Sheet:
    """What each sign means."""
    signs = [(mark.sign or "空格", mark.meaning) for mark in marks.MARKS]
    return Sheet("", "符号", (Column("符号", "left"), Column("含义", "left", 6.0)), tuple(signs))
