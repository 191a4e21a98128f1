"""Sentences: every branch, every reason, and no clause that says more than is known."""

from __future__ import annotations

import re
from typing import Any

import pytest

from make_report import (
    all_answers,
    all_figures,
    make_comparison,
    make_county_figure,
    make_county_report,
    make_figure,
    make_report,
    number,
)
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import questions
from stats.figures import HIDDEN_ANSWER, Answer, Comparison, Figure, Rank, Target
from stats.present import fragments
from stats.present.wording import sentences, tidy

MISSING = Answer(Status.MISSING)
REDACTED = Answer(Status.REDACTED)


def said(domain: str, **overrides: Any) -> str:
    return "".join(sentences(make_report(**overrides), domain))


def clause(figure: Figure, *, first: bool = False) -> str:
    return fragments.last_year(figure, indicators()[figure.indicator], first_return=first)


@pytest.mark.parametrize(
    ("state", "words"),
    [("met", "做到了每季度议军"), ("unmet", "未做到每季度议军"), ("unknown", "是否每季度召开无法判定")],
)
def test_quarterly_meetings_have_three_branches(state: Any, words: str) -> None:
    figure = make_figure("SYS-01", "75.0", target=Target(state, ">=", number("100")))
    assert said("SYS", figures=all_figures(SYS_01=figure)).split("。")[0].endswith(words)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(Status.OK, "是"), "云岭镇完成了全年征集任务"),
        (Answer(Status.OK, "否"), "云岭镇未完成全年征集任务"),
        (MISSING, "云岭镇征集任务完成情况未填报"),
        (REDACTED, "云岭镇征集任务完成情况以遮蔽形式填报，本期不计算"),
        (HIDDEN_ANSWER, "云岭镇征集任务完成情况[隐]"),
    ],
)
def test_recruitment_task_is_only_called_unmet_when_it_was_answered_no(answer: Answer, words: str) -> None:
    assert said("REC", answers=all_answers(rec_task_met=answer)).startswith(words)


def test_nothing_missing_is_worded_as_not_done() -> None:
    figures = {code: make_figure(code, None) for code in all_figures()}
    report = make_report(figures=figures, answers={v.name: MISSING for v in questions()})
    text = "".join(text for domain in DOMAINS for text in sentences(report, domain))
    assert not re.search("未开展|未完成|尚未|未述职|未达到|为0", text)
    assert "未填报" in text


def test_hidden_count_prints_its_mark_and_nothing_about_its_change() -> None:
    hidden = make_figure("REC-02", None, status=Status.HIDDEN)
    assert "全年征集新兵[隐]。" in said("REC", figures=all_figures(REC_02=hidden))


def test_sentence_leaves_out_what_the_edition_does_not_release() -> None:
    figures = {code: figure for code, figure in all_figures().items() if code != "REC-10"}
    text = said("REC", figures=figures)
    assert "大学生报名人数" not in text
    assert "兵役登记率为90.0%，达到目标要求（≥90%）。" in text


def test_domain_without_any_release_has_no_sentence() -> None:
    assert sentences(make_report(figures={}, answers={}), "FND") == ()


def test_no_sentence_has_an_empty_clause_whatever_is_missing() -> None:
    for status in (Status.OK, Status.MISSING, Status.REDACTED, Status.HIDDEN, Status.ZERO_DENOMINATOR, Status.ERROR):
        figures = {c: make_figure(c, "90" if status is Status.OK else None, status=status) for c in all_figures()}
        answers = {v.name: Answer(status, "10" if status is Status.OK else "") for v in questions()}
        for domain in DOMAINS:
            text = said(domain, figures=figures, answers=answers)
            assert not re.search("[，；、]{2}|，。|；。|^[，；]|None|nan|\\{|\\}", text), text


def test_tidy_drops_only_the_commas_of_empty_clauses() -> None:
    assert tidy("，甲1.0%，，乙（一，二），；丙，") == "甲1.0%，乙（一，二）；丙"


@pytest.mark.parametrize(
    ("difference", "words"),
    [("1.2", "比上年提高1.2个百分点"), ("-1.2", "比上年下降1.2个百分点"), ("0.0", "与上年持平")],
)
def test_share_changes_by_points(difference: str, words: str) -> None:
    assert clause(make_figure(last_year=make_comparison("80.0", difference))) == words


def test_rise_of_a_rate_that_should_be_low_is_not_praised() -> None:
    assert clause(make_figure("REC-08", "1.20", last_year=make_comparison("1.00", "0.20"))) == "比上年上升0.20个百分点"


@pytest.mark.parametrize(
    ("value", "before", "difference", "percent", "words"),
    [
        ("120.50", "100.00", "20.50", "20.5", "比上年增加20.50万元，增长20.5%"),
        ("80.00", "100.00", "-20.00", "-20.0", "比上年减少20.00万元，下降20.0%"),
        ("100.00", "100.00", "0.00", "0.0", "与上年持平"),
        ("5.00", "0.00", "5.00", None, "上年为零，本年新增5.00万元"),
        ("0.00", "5.00", "-5.00", "-100.0", "上年为5.00万元，本年未发生"),
        ("0.00", "0.00", "0.00", None, "与上年均为零"),
    ],
)
def test_amount_changes_by_itself_and_by_percent(
    value: str, before: str, difference: str, percent: str | None, words: str
) -> None:
    assert clause(make_figure("FND-01", value, last_year=make_comparison(before, difference, percent))) == words


def test_tenfold_growth_is_told_as_a_multiple() -> None:
    last = make_comparison("10.00", "115.00", "1150.0", multiple=number("12.5"))
    assert clause(make_figure("FND-01", "125.00", last_year=last)) == "比上年增加115.00万元，为上年的12.5倍"


def test_growth_just_below_tenfold_stays_a_percentage() -> None:
    last = make_comparison("10.00", "99.90", "999.0", multiple=number("11.0"))
    assert clause(make_figure("FND-01", "109.90", last_year=last)).endswith("增长999.0%")


def test_count_without_percent_tells_the_difference_only() -> None:
    assert clause(make_figure("REC-02", "12", last_year=make_comparison("9", "3"))) == "比上年增加3名"


def test_first_return_differs_from_a_missing_year() -> None:
    figure = make_figure(last_year=Comparison(Status.NO_PREVIOUS, Status.NO_PREVIOUS))
    assert clause(figure, first=True) == "为首次上报，无同比数据"
    assert clause(figure) == "上年数据缺报或遮蔽，不计算同比"


def test_series_break_and_hidden_last_year_are_told_apart() -> None:
    assert "口径或区划调整" in clause(make_figure(last_year=Comparison(Status.SERIES_BREAK, Status.OK)))
    assert clause(make_figure(last_year=Comparison(Status.HIDDEN, Status.HIDDEN))) == "同比[隐]"


def test_approximate_change_carries_its_caution() -> None:
    figure = make_figure("EMG-01", "800", last_year=make_comparison("700", "100", "14.3", status=Status.APPROX))
    assert clause(figure) == "比上年增加100人次，增长14.3%（本年或上年为概数，同比仅供参考）"


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (make_figure("REC-10", "-8.4"), "比上年下降8.4%"),
        (make_figure("REC-10", "12.0"), "比上年增长12.0%"),
        (make_figure("REC-10", "0.0"), "与上年持平"),
        (make_figure("REC-10", "1200.0", multiple=number("13.0")), "为上年的13.0倍"),
        (make_figure("REC-10", None, status=Status.ZERO_DENOMINATOR), "上年为零，不计算增速"),
        (make_figure("REC-10", None), "同比无法计算（未填报）"),
    ],
)
def test_growth_is_its_own_comparison(figure: Figure, words: str) -> None:
    assert clause(figure) == words


def test_falling_applications_call_for_earlier_work() -> None:
    fallen = make_figure("REC-10", "-8.4")
    assert "比上年下降8.4%，报名发动工作需要提前抓实" in said("REC", figures=all_figures(REC_10=fallen))


@pytest.mark.parametrize(
    ("comparison", "words"),
    [
        (make_comparison("80.0", "5.0"), "高于全县平均水平5.0个百分点"),
        (make_comparison("90.0", "-5.0"), "低于全县平均水平5.0个百分点"),
        (make_comparison("85.0", "0.0"), "与全县平均水平持平"),
        (Comparison(Status.TOO_FEW_UNITS, Status.OK, number("80.0")), "可比单位不足，不与全县平均水平比较"),
    ],
)
def test_comparison_with_the_county(comparison: Comparison, words: str) -> None:
    assert fragments.county(make_figure(county=comparison), indicators()["SYS-02"]) == words


def test_rate_only_indicator_is_compared_with_the_median() -> None:
    figure = make_figure("MIL-03", "96.0", county=make_comparison("95.0", "1.0"))
    assert fragments.county(figure, indicators()["MIL-03"]) == "高于全县中位数1.0个百分点"


def test_missing_city_figure_is_said_so() -> None:
    figure = make_figure("REC-04", "50.0", city=Comparison(Status.NOT_PROVIDED, Status.NOT_PROVIDED))
    assert fragments.city(figure, indicators()["REC-04"]) == "全市平均数据未提供，不作比较"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Target("met", ">=", number("90")), "达到目标要求（≥90%）"),
        (Target("unmet", ">=", number("90"), gap=number("5.0")), "未达到目标要求（≥90%），相差5.0个百分点"),
        (Target("unknown", ">=", number("90")), "填报值为概数或遮蔽数，无法判定是否达标"),
        (Target("none"), "本年未设目标值"),
    ],
)
def test_target_has_all_its_branches(target: Target, words: str) -> None:
    assert fragments.target(make_figure(target=target), indicators()["SYS-02"]) == words


@pytest.mark.parametrize(
    ("rank", "words"),
    [
        (Rank(3, 17), "居全县17个可比单位第3位"),
        (Rank(1, 17, tied=True), "居全县17个可比单位第1位（并列）"),
        (Rank(reason="small_base"), "基数较小，不参与排位"),
        (Rank(reason="approx"), "不参与排位"),
        (Rank(reason="hidden"), ""),
    ],
)
def test_rank_or_the_reason_for_none(rank: Rank, words: str) -> None:
    assert fragments.rank(make_figure(rank=rank)) == words


def test_town_without_schools_has_no_coverage() -> None:
    none = all_answers(bas_schools=Answer(Status.OK, "0"))
    assert "辖区内无中小学，学校覆盖率不适用。" in said("EDU", answers=none)


def test_county_sentence_says_how_many_units_stand_behind_it() -> None:
    report = make_county_report()
    partial = {**report.figures, "REC-02": make_county_figure("REC-02", "200", units=17, due=18)}
    text = sentences(make_county_report(figures=partial), "REC")[0]
    assert "征集新兵200名（有效填报17/18个单位）" in text


def test_approximate_answer_and_figure_say_so() -> None:
    figure = make_figure("EMG-03", "6.7", status=Status.APPROX)
    assert "参加人员人均出动约6.7次（由概数推算）" in said("EMG", figures=all_figures(EMG_03=figure))
    about = all_answers(sys_issues_raised=Answer(Status.APPROX, "60"))
    assert "会议共提出需解决事项约60件" in said("SYS", answers=about)


def test_live_markup_stays_plain_text() -> None:
    text = said("SYS", answers=all_answers(sys_duty_report=Answer(Status.OK, "<b>**现场**</b>{{7*7}}")))
    assert "49" not in text
