"""附件0, 1, 5: what the whole set says of itself, of its indicators and of the county on one page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from make_report import TOWNS, make_comparison, make_county_figure, make_county_report, make_params, make_report
from stats import documents, present, report
from stats.build.state.links import links
from stats.build.state.plan import plan
from stats.catalogue.indicators import indicators
from stats.errors import ParamsError
from stats.figures import Figure, Target
from stats.params.models import TargetValue
from stats.present.blocks import Group, Table
from stats.present.drawn import undrawn
from stats.receipt import Receipt
from stats.report import CountyReport


def row_of(made: Table, name: str) -> tuple[str, ...]:
    return next(row for row in made.rows if row[0].startswith(name))


def test_an_indicator_is_explained_with_formula_target_county_and_places() -> None:
    target = TargetValue(operator=">=", value=Decimal(90), basis="local")
    of = make_county_report(params=make_params(targets={2021: {"SYS-02": target}}))
    made = present.definitions_table(of)
    assert row_of(made, "议军事项办结率") == (
        "议军事项办结率（议军办结，%）",
        "议军会议事项年内办结数÷议军会议提出需解决事项数",
        "≥90%\n本地文件",
        "汇总相除",
        "越高越好；基数不少于3，大于100不排",
    )
    assert row_of(made, "征集新兵数")[2] == "未设"


def test_every_indicator_of_the_edition_is_explained_and_no_other() -> None:
    of = make_county_report()
    assert len(present.definitions_table(of).rows) == len(indicators()) + 8
    fewer = make_county_report(figures={"SYS-02": of.figures["SYS-02"]})
    assert len(present.definitions_table(fewer).rows) == 2


def test_a_document_about_no_return_is_not_withheld_with_the_county_row() -> None:
    head = present.cover(make_county_report(receipt=Receipt.REFUSED), "definitions")
    assert (head.title, head.banner) == ("安澜县2021年度党管武装工作指标解释和计算方法", "演示数据（虚构）")


def test_who_made_the_set_stands_on_every_cover() -> None:
    params = make_params(prepared_by="安澜县人民武装部", data_until="2022-01-10", contact="军事科")
    of = make_county_report(params=params)
    lines = present.cover(of).lines
    assert lines[-3:] == (("编制单位", "安澜县人民武装部"), ("数据截止日期", "2022年1月10日"), ("联系处", "军事科"))
    # a document of counted pages says it in a note, but for a page that stands in its place
    assert present.cover(of, "overview").lines == (lines[1], lines[3])
    words = "编制单位：安澜县人民武装部；数据截止日期：2022年1月10日；联系处：军事科"
    for made in (
        present.strengths_and_gaps(of),
        present.speech_table(of),
        present.duty_table(make_report(params=params)),
    ):
        assert isinstance(made, Table)
        assert made.notes[-1] == words
    withheld = make_county_report(params=params, receipt=Receipt.REFUSED)
    assert present.cover(withheld, "overview").lines == lines


def overview(**figures: Figure) -> CountyReport:
    plain = make_county_report()
    held = {**plain.figures, **{code.replace("_", "-"): figure for code, figure in figures.items()}}
    return make_county_report(figures=held)


def test_a_tile_holds_value_change_city_and_units_at_target() -> None:
    city = make_comparison("80.0", "5.0")
    figure = make_county_figure("SYS-02", "85.0", last_year=make_comparison("84.0", "1.0"), city=city)
    with undrawn():
        tiles = present.overview_tiles(overview(SYS_02=figure)).tiles
    assert len(tiles) == 8
    made = next(tile for tile in tiles if tile.name == "议军事项办结率")
    # both towns print 90 against a target of 90
    assert (made.value, made.lines) == (
        "85.0%",
        ("比上年提高1.0个百分点", "高于全市5.0个百分点", "2个单位中2个达标"),
    )


@pytest.mark.parametrize(("trend", "is_drawn"), [("1.0", True), ("-1.0", False)])
def test_a_line_that_goes_another_way_than_the_change_told_is_not_drawn(trend: str, *, is_drawn: bool) -> None:
    now = make_county_figure("SYS-02", "85.0", last_year=make_comparison("84.0", trend))
    before = replace(now, year=2020, rounded=Decimal("84.0"), value=Decimal("84.0"))
    of = make_county_report(figures={"SYS-02": now}, history={"SYS-02": {2020: before, 2021: now}}, towns={})
    with undrawn():
        (tile,) = present.overview_tiles(of).tiles
    assert bool(tile.svg) == is_drawn


def test_three_strengths_stand_beside_the_three_largest_gaps_and_none_fell_back() -> None:
    def missed(code: str, gap: str) -> Figure:
        return make_county_figure(code, "80.0", target=Target("unmet", ">=", Decimal(100), gap=Decimal(gap)))

    def met(code: str, change: str) -> Figure:
        target = Target("met", ">=", Decimal(80))
        return make_county_figure(code, "90.0", target=target, last_year=make_comparison("90.0", change))

    gaps = {"REC_05": missed("REC-05", "9.0"), "MIL_01": missed("MIL-01", "30.0"), "BLD_01": missed("BLD-01", "20.0")}
    made = present.strengths_and_gaps(
        overview(**gaps, EDU_03=missed("EDU-03", "5.0"), SUP_02=met("SUP-02", "1.0"), SUP_06=met("SUP-06", "-1.0"))
    )
    good, bad = zip(*made.rows, strict=True)
    assert [text.partition("80.0%")[0] for text in bad] == [
        "民兵整组完成率",
        "民兵营（连）部三星级及以上占",
        "兵役登记率",
    ]
    assert [text for text in good if text] == [
        "优抚对象走访覆盖率90.0%，达到目标要求（不低于80%），比上年提高1.0个百分点"
    ]


def test_a_withheld_county_row_leaves_the_page_with_the_reason() -> None:
    of = make_county_report(receipt=Receipt.REFUSED)
    assert "处理办法" in present.overview_tiles(of).to_text()
    assert present.strengths_and_gaps(of) == Group()
    assert present.cover(of, "overview").title == "安澜县2021年度党管武装工作统计概览（待核对）"


@pytest.mark.parametrize(
    ("edition", "said"), [("full", "不外传"), ("meeting", "不对外公开"), ("public", "可以对外提供")]
)
def test_the_list_says_who_may_have_the_edition(edition: str, said: str) -> None:
    of = make_county_report(params=make_params(edition=edition))
    assert said in present.who_may_have_it(of).text


def test_the_list_holds_the_documents_the_county_wants_with_their_numbers_and_how_many() -> None:
    of = make_county_report(params=make_params(documents=("town", "contents")))
    rows = present.contents_table(of).rows
    assert [(row[0], row[1], row[3]) for row in rows] == [("附件0", "目录", "1"), ("附件3-01至3-02", "统计附件", "2")]


def test_the_list_leads_to_every_document_it_names() -> None:
    of = make_county_report()
    planned = {each.name: each for each in plan(of.params, findings=[], received={each.code for each in TOWNS})}
    found = {link.label: unquote(link.address) for link in links(next(iter(planned.values())), planned).units}
    rows = present.contents_table(of).rows
    assert {row[0] for row in rows} <= set(found)
    assert found["附件3-01至3-02"].startswith("附件3-01-")
    assert found["附件6"].endswith(".xlsx")


def test_a_document_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(ParamsError, match="没有名为“town2”的附件"):
        documents.chosen(make_params(documents=("town2",)))


def test_the_list_says_how_places_county_changes_and_judgements_are_read() -> None:
    text = present.how_to_read(make_county_report()).to_text()
    for words in ("位次：", "应报单位2个，另有县级本级", "同比为与上年之差", "√为达标", "“[隐]”表示"):
        assert words in text


# --- a document that the county leaves out

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def whole() -> report.Session:
    return report.whole(workspace=str(ROOT))


def shown(run: report.Session, notebook: Path) -> Iterator[str]:
    """What the cells of a notebook show of the run, in words."""
    town = run.town("990118102000" if "pending" not in notebook.name else "990118107000")
    names = {"present": present, "run": run, "town": town, "county": run.county(), "quality": run.quality()}
    for cell in nbformat.read(notebook, 4).cells:  # type: ignore[no-untyped-call]
        if cell.cell_type == "code" and cell.source.startswith("present."):
            made = eval(cell.source, names)
            yield made.to_text()


@pytest.mark.parametrize("left_out", [each.key for each in documents.DOCUMENTS])
def test_nothing_refers_to_a_document_that_is_left_out(whole: report.Session, left_out: str) -> None:
    others = tuple(each.key for each in documents.DOCUMENTS if each.key != left_out)
    run = replace(whole, params=whole.params.model_copy(update={"documents": others}))
    number = re.compile(f"{documents.entry(left_out).number}(?![0-9])")
    notebooks = [ROOT / "notebooks" / f"{key}.ipynb" for key in (*others, "pending")]
    with undrawn():
        found = [f"{each.stem}: {text}" for each in notebooks for text in shown(run, each) if number.search(text)]
    # the page in the place of a town's document bears its number
    assert [text for text in found if not text.startswith("pending: ")] == []
