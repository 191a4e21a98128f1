"""Blocks, numbers and tables: one text per number, everything escaped, nothing shown that was not released."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import nbformat
import pytest

from make_report import (
    all_answers,
    make_comparison,
    make_county_figure,
    make_figure,
    make_params,
    make_report,
    number,
)
from stats import numbers, present
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import Answer, Comparison, Figure, Rank
from stats.findings import Finding, Severity
from stats.present.blocks import MIME, Block, Chart, Column, Cover, End, Group, Paragraph, Table
from stats.present.front_and_back_matter import BANNER
from stats.receipt import Receipt

MARKUP = "<script>alert(1)</script>**&"


def shown(figure: Figure) -> str:
    return numbers.display(figure, indicators()[figure.indicator])


BLOCKS_OF_A_TOWN = (
    present.key_figures,
    present.to_act_on,
    present.indicator_table,
    present.explanations,
    present.work_done,
    present.years_chart,
    present.funnel_chart,
    present.quality,
)


# --- numbers


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (make_figure(printed="85.0"), "85.0"),
        (make_figure("EDU-02", "12345"), "12345"),
        (make_figure("FND-02", "-3.4"), "−3.4"),
        (make_figure("FND-02", "-0.0"), "0.0"),
        (make_figure("EMG-03", "6.7", status=Status.APPROX), "约6.7"),
        (make_figure(printed="85.7", small_base=True), "85.7※"),
        (make_figure("FND-01", "0.00", value=number("0.004")), "…"),
        (make_figure("REC-05", "0.0", value=number("0.04")), "0.0"),
        (make_figure("REC-01", "100.0"), "是"),
        (make_figure("REC-01", "0.0"), "否"),
        (make_county_figure("REC-01", "88.9"), "88.9"),
        (make_county_figure("REC-01", "100.0"), "100.0"),
        (make_figure(printed=None), ""),
        (make_figure(printed=None, status=Status.HIDDEN), "[隐]"),
        (make_figure(printed=None, status=Status.REDACTED), "[遮]"),
        (make_figure(printed=None, status=Status.NOT_APPLICABLE), "—"),
    ],
)
def test_every_kind_of_figure_has_its_one_text(figure: Figure, text: str) -> None:
    assert shown(figure) == text


def test_value_below_the_smallest_unit_is_neither_zero_nor_nothing() -> None:
    report_of_half_a_unit = make_figure(
        "EMG-01", "0", status=Status.APPROX, low=Decimal(0), high=Decimal(1), value=Decimal(0)
    )
    assert shown(report_of_half_a_unit) == "…"
    assert numbers.with_unit(report_of_half_a_unit, indicators()["EMG-01"]) == "不足1人次"


def test_sentence_and_table_print_the_same_digits() -> None:
    figure = make_figure("EMG-03", "6.7", status=Status.APPROX)
    assert numbers.with_unit(figure, indicators()["EMG-03"]) == shown(figure) + "次/人"


def test_plain_text_has_an_ascii_minus() -> None:
    assert numbers.plain(shown(make_figure("FND-02", "-3.4"))) == "-3.4"


@pytest.mark.parametrize(
    ("code", "value", "comparison", "text"),
    [
        ("SYS-02", "85.0", make_comparison("80.0", "5.0"), "+5.0"),
        ("SYS-02", "85.0", make_comparison("90.0", "-5.0"), "−5.0"),
        ("EMG-01", "112", make_comparison("100", "12", "12.0"), "+12.0%"),
        ("EMG-01", "1250", make_comparison("100", "1150", "1150.0", multiple=number("12.5")), "12.5倍"),
        ("EMG-01", "12", make_comparison("0", "12"), "+12"),
        ("REC-01", "100.0", make_comparison("0.0", "100.0"), "否→是"),
        ("REC-01", "100.0", make_comparison("100.0", "0.0"), "持平"),
        ("SUP-03", "12.5", make_comparison("16000", "2000"), "—"),
        ("SYS-02", "85.0", Comparison(Status.SERIES_BREAK, Status.OK, number("80.0")), ""),
        ("SYS-02", "85.0", Comparison(Status.HIDDEN, Status.HIDDEN), "[隐]"),
        ("REC-10", "12.0", Comparison(Status.NOT_COMPARED, Status.NOT_COMPARED), "—"),
    ],
)
def test_change_column(code: str, value: str, comparison: Comparison, text: str) -> None:
    assert numbers.change(make_figure(code, value, last_year=comparison), indicators()[code]) == text


@pytest.mark.parametrize(
    ("rank", "text"),
    [
        (Rank(3, 17), "3/17"),
        (Rank(1, 17, tied=True), "1/17并列"),
        (Rank(reason="neutral"), ""),
        (Rank(reason="small_base"), ""),
        (Rank(reason="no_value"), ""),
        (Rank(reason="hidden"), ""),
    ],
)
def test_place_column(rank: Rank, text: str) -> None:
    assert numbers.place(rank) == text


# --- blocks


def every_block() -> list[Block]:
    report = make_report()
    return [
        present.cover(report),
        present.summary(report),
        present.sentences(report, "SYS"),
        *(show(report) for show in BLOCKS_OF_A_TOWN),
        present.legend(report),
        present.end(report),
    ]


def test_payload_survives_json_and_names_its_kind() -> None:
    for block in every_block():
        payload = json.loads(json.dumps(block.payload(), ensure_ascii=False))
        assert payload["kind"] == block.kind


def test_blocks_make_a_valid_notebook() -> None:
    outputs = [nbformat.v4.new_output("display_data", block._repr_mimebundle_()) for block in every_block()]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=outputs)])
    nbformat.validate(json.loads(json.dumps(book)))


def test_group_holds_the_payloads_of_its_blocks() -> None:
    assert Group((Paragraph("甲"), End())).payload() == {
        "kind": "group",
        "blocks": [{"kind": "paragraph", "text": "甲"}, {"kind": "end"}],
    }


@pytest.mark.parametrize(
    "block",
    [
        Cover(MARKUP, MARKUP, ((MARKUP, MARKUP),), MARKUP, MARKUP),
        Paragraph(MARKUP),
        Table(MARKUP, MARKUP, (Column(MARKUP),), ((MARKUP,),), MARKUP, (MARKUP,), MARKUP),
        Chart(MARKUP, MARKUP, "<svg/>", MARKUP, (MARKUP,), MARKUP),
    ],
)
def test_no_text_becomes_markup(block: Block) -> None:
    html = block.to_html()
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;**&amp;" in html
    assert set(block._repr_mimebundle_()) == {MIME, "text/html", "text/plain"}


def test_chart_image_carries_its_alternative_text() -> None:
    assert 'alt="甲&quot;乙"' in Chart("图1", "题", "<svg/>", '甲"乙').to_html()


# --- frame of a document


def test_demonstration_and_marking_stand_on_the_cover() -> None:
    cover = present.cover(make_report(params=make_params(marking="内部")))
    assert (cover.banner, cover.marking, cover.attachment) == ("演示数据（虚构）", "内部", "附件3-01")
    assert ("版本", "会议本") in cover.lines


def test_real_county_has_no_banner() -> None:
    assert present.cover(make_report(params=make_params(demonstration=False))).banner == ""


def test_unit_without_a_return_gets_one_page() -> None:
    report = make_report(receipt=Receipt.NOT_REPORTED, figures={}, history={}, answers={})
    texts = present.summary(report).to_text()
    assert "云岭镇未上报2021年度统计表" in texts
    assert "处理办法" in texts
    silent = [
        *(show(report) for show in BLOCKS_OF_A_TOWN),
        *(present.sentences(report, domain) for domain in DOMAINS),
        present.legend(report),
    ]
    assert all(block == Group() for block in silent)
    assert present.cover(report).title.endswith("（未上报）")


@pytest.mark.parametrize("became", [each for each in Receipt if each.is_withheld])
def test_the_document_of_a_withheld_return_says_on_every_page_that_it_is_not_for_print(became: Receipt) -> None:
    report = make_report(receipt=became)
    assert present.cover(report).banner == f"{BANNER}　待核对，不得印发"
    assert "不得印发" in present.summary(report).blocks[0].to_text()
    assert "不得印发" not in present.pending_cover(report).banner + present.pending(report).to_text()


def warning(**overrides: Any) -> Finding:
    made = Finding(
        rule="V17",
        severity=Severity.WARNING,
        message="申报数4大于总数3",
        remedy="请说明",
        variables=("bld_star5_applied", "bld_company_total"),
    )
    return replace(made, **overrides)


def told_of_quality(edition: str, *findings: Finding) -> str:
    return present.quality(make_report(params=make_params(edition=edition), findings=findings)).to_text()


def test_hint_tells_its_values_in_the_full_edition_only() -> None:
    assert "待核对：申报数4大于总数3" in told_of_quality("full", warning())
    meeting = told_of_quality("meeting", warning())
    assert "4" not in meeting
    assert "“当年申报五星级评定数”、“民兵营（连）部总数”" in meeting


def test_hint_on_a_protected_count_is_told_in_the_full_edition_only() -> None:
    protected = warning(rule="V10", message="回访9人大于新兵8人", variables=("rec_followup_done", "rec_enlisted"))
    assert "回访9人大于新兵8人" in told_of_quality("full", protected)
    assert told_of_quality("meeting", protected) == told_of_quality("meeting")


def test_hint_on_answers_the_public_edition_does_not_hold_is_not_told() -> None:
    assert told_of_quality("public", warning()) == told_of_quality("public")


def test_quality_lists_answers_by_label_without_their_text() -> None:
    answers = all_answers(emg_persons=Answer(Status.APPROX, "60"), fnd_total=Answer(Status.REDACTED))
    text = present.quality(make_report(answers=answers)).to_text()
    assert "概数：参加应急行动民兵人数；未填具体数：武装工作经费投入合计。" in text
    assert "60" not in text


@pytest.mark.parametrize(
    ("edition", "words"), [("full", "不得外传"), ("meeting", "为1至2的"), ("public", "不列涉及个人和家庭的计数")]
)
def test_statement_names_what_the_edition_hides_and_how_it_counts(edition: str, words: str) -> None:
    text = present.statement(make_report(params=make_params(edition=edition))).text
    assert words in text
    assert ("不算达标，也不算未达标" in text) == (edition == "meeting")
    assert ("只有少数单位不为零" in text) == (edition == "meeting")


def test_legend_of_a_town_says_what_the_county_and_places_are() -> None:
    text = present.legend(make_report()).to_text()
    for words in ("全县含本单位", "位次为本单位位次/参加排位的单位数"):
        assert text.count(words) == 1
