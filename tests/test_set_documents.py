"""附件0, 1, 5: what the whole set says of itself, of its indicators and of the county on one page."""

from __future__ import annotations

from decimal import Decimal

from make_report import make_county_report, make_params

from stats import present
from stats.catalogue.indicators import indicators
from stats.params.models import TargetValue
from stats.present.blocks import Table
from stats.receipt import Receipt


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
    lines = present.cover(make_county_report(params=params)).lines
    assert lines[-3:] == (("编制单位", "安澜县人民武装部"), ("数据截止日期", "2022年1月10日"), ("联系处", "军事科"))
