"""Blocks, numbers and tables: one text per number, everything escaped, nothing shown that was not released."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import nbformat
import pytest

from make_report import (
    COUNTY,
    TOWNS,
    all_answers,
    all_figures,
    make_comparison,
    make_county_figure,
    make_county_report,
    make_figure,
    make_params,
    make_report,
    number,
)
from stats import numbers, present
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import HIDDEN_ANSWER, Answer, Comparison, Figure, Rank, Target
from stats.findings import Finding, Severity
from stats.params import Unit
from stats.present.blocks import MIME, Block, Chart, Column, Cover, End, Group, Paragraph, Table
from stats.present.front_and_back_matter import BANNER
from stats.receipt import Receipt

MARKUP = "<script>alert(1)</script>**&"


def shown(figure: Figure) -> str:
    return numbers.display(figure, indicators()[figure.indicator])


def table(domain: str, **overrides: Any) -> Table:
    made = present.table(make_report(**overrides), domain)
    assert isinstance(made, Table)
    return made


def row(made: Table, name: str) -> dict[str, str]:
    heads = [column.head for column in made.columns]
    return next(dict(zip(heads, cells, strict=True)) for cells in made.rows if cells[0] == name)


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
        present.table(report, "SYS"),
        present.chart(report, "SYS"),
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


# --- tables of a town


def test_table_tells_time_place_and_content() -> None:
    assert table("FND").title == "2021年云岭镇经费保障情况"
    assert table("FND").number == "表8"


def test_row_of_a_table_is_made_of_finished_texts() -> None:
    figure = make_figure(
        last_year=make_comparison("80.0", "5.0"),
        county=make_comparison("83.2", "1.8"),
        city=make_comparison("84.0", "1.0"),
        target=Target("unmet", ">=", number("90"), number("5.0")),
        rank=Rank(3, 17),
    )
    assert table("SYS", figures=all_figures(SYS_02=figure)).rows[1] == (
        *("议军事项办结率", "%", "85.0", "80.0", "+5.0"),
        *("83.2", "84.0", "3/17", "≥90", "未达标"),
    )


def test_yes_or_no_is_printed_beside_how_many_units_say_yes() -> None:
    figure = make_figure(
        "REC-01",
        "100.0",
        last_year=make_comparison("0.0", "100.0"),
        county=make_comparison("88.9"),
        target=Target("met", ">=", number("100")),
    )
    whole = make_county_figure("REC-01", "88.9", numerator=number("16"), denominator=number("18"))
    figures = all_figures(REC_01=figure)
    made = table("REC", figures=figures, county_history={"REC-01": {2021: whole}})
    cells = row(made, "征集任务完成")
    assert list(cells.values()) == ["征集任务完成", "是/否", "是", "否", "否→是", "16/18", "", "是", "达标"]


@pytest.mark.parametrize(
    ("status", "mark", "reason"),
    [
        (Status.MISSING, "", "未填报"),
        (Status.REDACTED, "[遮]", "未填具体数"),
        (Status.HIDDEN, "[隐]", ""),
        (Status.ZERO_DENOMINATOR, "—", "基数为零"),
        (Status.NOT_APPLICABLE, "—", "不适用"),
    ],
)
def test_value_that_is_absent_prints_mark_and_reason(status: Status, mark: str, reason: str) -> None:
    cells = row(table("SYS", figures=all_figures(SYS_02=make_figure(printed=None, status=status))), "议军事项办结率")
    assert (cells["本年"], cells["状态"]) == (mark, reason)


def test_partial_county_column_is_never_called_the_whole() -> None:
    partial = make_comparison("500", units=16, due=17)
    report = make_report(figures=all_figures(EMG_01=make_figure("EMG-01", "90", county=partial)))
    legend = present.legend(report).to_text()
    assert "应报2个单位，有的指标缺1个单位的数" in legend
    assert "全县合计" not in legend


def test_unreleased_domain_says_so_and_takes_no_number() -> None:
    figures = {code: figure for code, figure in all_figures().items() if not code.startswith("REC")}
    report = make_report(figures=figures)
    assert isinstance(present.table(report, "REC"), Paragraph)
    following = present.table(report, "MIL")
    assert isinstance(following, Table)
    assert following.number == "表2"


def test_seasons_stand_beside_the_same_season_of_last_year() -> None:
    report = make_report(
        seasons={"rec_enlisted": {"spring": Answer(Status.OK, "5"), "autumn": HIDDEN_ANSWER}},
        last_seasons={"rec_enlisted": {"spring": Answer(Status.NOT_APPLICABLE), "autumn": Answer(Status.OK, "9")}},
        answers={"rec_enlisted": Answer(Status.OK, "7")},
        last_answers={"rec_enlisted": Answer(Status.OK, "9")},
    )
    made = present.season_table(report)
    assert isinstance(made, Table)
    assert [column.head for column in made.columns[2:]] == ["春季", "上年秋季", "全年", "上年全年"]
    assert made.rows == (("征集新兵人数", "名", "5", "9", "7", "9"),)
    assert made.notes == ("秋季栏没有可列的数，略去", "2020年春季不单独征兵")


def test_years_before_the_seasons_have_a_sentence_instead() -> None:
    made = present.season_table(make_report(params=make_params(year=2019)))
    assert made == Paragraph("2019年一年一征，按全年一次填报，无分季数据。")


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
        present.season_table(report),
        present.problems(report),
        present.quality(report),
        *(show(report, domain) for domain in DOMAINS for show in (present.sentences, present.table, present.chart)),
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


def test_hint_tells_its_values_in_the_full_edition_only() -> None:
    full = make_report(params=make_params(edition="full"), findings=(warning(),))
    assert "申报数4大于总数3" in present.problems(full).to_text()
    meeting = present.problems(make_report(findings=(warning(),))).to_text()
    assert "4" not in meeting.replace("表10", "")
    assert "“当年申报五星级评定数”、“民兵营（连）部总数”" in meeting


def test_hint_on_a_protected_count_is_told_in_the_full_edition_only() -> None:
    protected = warning(rule="V10", message="回访9人大于新兵8人", variables=("rec_followup_done", "rec_enlisted"))
    full = make_report(params=make_params(edition="full"), findings=(protected,))
    assert "回访9人大于新兵8人" in present.problems(full).to_text()
    meeting = present.problems(make_report(findings=(protected,))).to_text()
    assert "回访" not in meeting
    assert "没有本版可以列出的待核对提示。" in meeting
    assert meeting == present.problems(make_report()).to_text()


def test_hint_on_answers_the_public_edition_does_not_hold_is_not_told() -> None:
    public = make_report(params=make_params(edition="public"), findings=(warning(),))
    assert "没有本版可以列出的待核对提示" in present.problems(public).to_text()


def test_quality_lists_answers_by_label_without_their_text() -> None:
    answers = all_answers(emg_persons=Answer(Status.APPROX, "60"), fnd_total=Answer(Status.REDACTED))
    text = present.quality(make_report(answers=answers)).to_text()
    assert "概数\t参加应急行动民兵人数" in text
    assert "未填具体数\t武装工作经费投入合计" in text
    assert "60" not in text


@pytest.mark.parametrize(
    ("edition", "words"), [("full", "不得外传"), ("meeting", "为1至2的"), ("public", "不列涉及个人和家庭的计数")]
)
def test_statement_names_what_the_edition_hides_and_how_it_counts(edition: str, words: str) -> None:
    text = present.statement(make_report(params=make_params(edition=edition))).text
    assert words in text
    assert ("不算达标，也不算未达标" in text) == (edition == "meeting")
    assert ("只有少数单位不为零" in text) == (edition == "meeting")


@pytest.mark.parametrize("report", [make_report(), make_county_report()])
def test_legend_explains_rounding_and_comparability_once(report: Any) -> None:
    text = present.legend(report).to_text()
    for words in ("可能与表列数之差相差末位数1", "“〔可比〕”"):
        assert text.count(words) == 1


def test_legend_of_a_town_says_what_the_county_and_places_are() -> None:
    text = present.legend(make_report()).to_text()
    for words in ("全县含本单位", "位次为本单位位次/参加排位的单位数"):
        assert text.count(words) == 1


# --- the county's tables


THREE = (*TOWNS, Unit(code="990101103000", name="青石镇", type="镇"))


def ranking(*figures: Figure) -> Table:
    """The ranking of three towns by 议军事项办结率."""
    towns = {unit.code: {**all_figures(), "SYS-02": figure} for unit, figure in zip(THREE, figures, strict=True)}
    made = present.ranking_table(make_county_report(units=THREE, towns=towns), "SYS").blocks[0]
    assert isinstance(made, Table)
    return made


def test_ranking_puts_unranked_last_with_the_reason_and_the_county_at_the_end() -> None:
    small = make_figure(printed="50.0", small_base=True, rank=Rank(reason="small_base"))
    made = ranking(small, make_figure(printed="80.0", rank=Rank(2, 2)), make_figure(printed="90.0", rank=Rank(1, 2)))
    assert [cells[:3] for cells in made.rows] == [
        ("1", "青石镇", "90.0"),
        ("2", "石桥镇", "80.0"),
        ("", "云岭镇", "50.0※"),
        ("", "全县（2/2）", "90.0"),
    ]
    assert made.rows[2][-1] == "基数较小，不排位"
    assert made.strong == (3,)


def test_ranking_shows_shared_places() -> None:
    tied = make_figure(printed="80.0", rank=Rank(1, 3, tied=True))
    made = ranking(tied, make_figure(printed="70.0", rank=Rank(3, 3)), tied)
    assert [cells[:2] for cells in made.rows[:3]] == [("1", "云岭镇"), ("1", "青石镇"), ("3", "石桥镇")]
    assert [cells[-1] for cells in made.rows[:3]] == ["并列", "并列", ""]


def basic(report: Any, domain: str) -> Table:
    made = present.basic_table(report, domain)
    assert isinstance(made, Table)
    return made


def test_basic_table_has_the_total_first_and_towns_in_code_order() -> None:
    made = basic(make_county_report(), "MIL")
    assert [cells[0] for cells in made.rows] == ["全县合计", "云岭镇", "石桥镇"]
    assert made.notes == ("各指标有效填报单位均为2个（应报2个）",)
    assert made.strong == (0,)


def test_sum_over_missing_units_is_titled_as_such() -> None:
    report = make_county_report()
    figures = {**report.figures, "REC-02": make_county_figure("REC-02", "90", units=1)}
    partial = make_county_report(figures=figures, receipts={TOWNS[1].code: Receipt.NOT_REPORTED})
    made = basic(partial, "REC")
    assert made.rows[0][0] == "已上报单位合计"
    assert made.rows[-1][0] == "石桥镇（未上报）"
    assert "全县合计" not in made.to_text()
    whole = present.table(partial, "REC")
    assert "征集新兵数（已上报单位合计）" in whole.to_text()


def test_wide_basic_table_lies_on_its_side() -> None:
    assert basic(make_county_report(), "REC").landscape
    assert not basic(make_county_report(), "MIL").landscape


def test_county_own_funds_stand_in_a_row_of_their_own() -> None:
    own = {"FND-01": make_figure("FND-01", "278.12", unit=COUNTY)}
    made = basic(make_county_report(own=own), "FND")
    assert ("县级本级", "278.12") in [cells[:2] for cells in made.rows]


def test_compliance_counts_met_unmet_and_unanswered_apart() -> None:
    met = make_figure("SYS-03", "100.0", target=Target("met", ">=", number("100")))
    towns = {
        TOWNS[0].code: all_figures(SYS_03=met),
        TOWNS[1].code: all_figures(SYS_03=make_figure("SYS-03", None)),
    }
    made = present.compliance_table(make_county_report(towns=towns), "SYS")
    assert isinstance(made, Table)
    assert row(made, "书记党管武装述职率") == {
        **{"指标": "书记党管武装述职率", "达标": "1", "未达标": "0", "不公布": "0"},
        **{"概数不能判定": "0", "不适用": "0", "无数据": "1", "未达标单位": "无"},
    }


def test_table_of_duty_reports_names_the_units_that_reported_in_person() -> None:
    answers = {
        TOWNS[0].code: {"sys_duty_report": Answer(Status.OK, "现场")},
        TOWNS[1].code: {"sys_duty_report": Answer(Status.MISSING)},
    }
    made = present.compliance_table(make_county_report(town_answers=answers), "SYS")
    assert "书记党管武装述职方式：现场1个、书面0个、未述职0个；现场的单位：云岭镇" in made.to_text()


def test_first_secretary_duties_are_listed_with_what_is_required() -> None:
    answers = {"sys_fs_office_months": Answer(Status.OK, "11")}
    made = present.own(make_county_report(answers=answers))
    assert isinstance(made, Table)
    assert made.rows[0] == ("第一书记到人武部办公的月份数", "12个月", "11个月")


def test_coverage_names_the_units_that_did_not_report() -> None:
    made = present.coverage(make_county_report(receipts={TOWNS[1].code: Receipt.NOT_REPORTED}))
    assert "未上报\t1\t石桥镇" in made.to_text()


def test_county_document_numbers_every_table_once() -> None:
    report = make_county_report(qualities={unit.code: make_report().quality for unit in TOWNS})
    blocks: list[Block] = [present.coverage(report), present.overview(report)]
    for domain in DOMAINS:
        blocks.append(present.table(report, domain))
        blocks += [present.own(report)] if domain == "SYS" else []
        blocks += [present.basic_table(report, domain), present.compliance_table(report, domain)]
        blocks += present.ranking_table(report, domain).blocks
    blocks += [present.peers(report), *present.quality(report).blocks]
    tables = [block for block in blocks if isinstance(block, Table)]
    assert [made.number for made in tables] == [f"表{n}" for n in range(1, len(tables) + 1)]
