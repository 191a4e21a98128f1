"""The clauses sentences are made of: every branch, every reason, and no clause that says more than is known."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from make_report import (
    COUNTY,
    all_figures,
    make_comparison,
    make_county_report,
    make_figure,
    make_params,
    make_report,
    number,
)
from said import HIDDEN_ANSWER, MISSING, REDACTED, about, county, hidden, met, of_county, ok, said, undecided, unmet
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import questions, variables
from stats.figures import Answer, Comparison, Figure, Rank, Target
from stats.present.sentences import change, references, sentences, targets, values
from stats.present.sentences.subject import Subject
from stats.present.sentences.units import UnitStates, counts, names

APPROX = Status.APPROX


def alone(figure: Figure, last: Figure | None = None, **overrides: Any) -> Subject:
    """A town that has this one figure."""
    history = {figure.indicator: {2021: figure, **({2020: last} if last else {})}}
    return Subject(make_report(figures={figure.indicator: figure}, history=history, **overrides))


def moved(figure: Figure, *, first: bool = False) -> str:
    return change.last_year(figure, first_return=first)


# --- last year


@pytest.mark.parametrize(
    ("difference", "words"),
    [("1.2", "比上年提高1.2个百分点"), ("-1.2", "比上年下降1.2个百分点"), ("0.0", "与上年持平")],
)
def test_share_changes_by_points(difference: str, words: str) -> None:
    assert moved(make_figure(last_year=make_comparison("80.0", difference))) == words


def test_rise_of_a_rate_that_should_be_low_is_not_praised() -> None:
    assert moved(make_figure("REC-08", "1.20", last_year=make_comparison("1.00", "0.20"))) == "比上年上升0.20个百分点"


def test_rise_of_a_share_that_is_never_judged_is_not_praised() -> None:
    assert moved(make_figure("FND-04", "65.0", last_year=make_comparison("64.0", "1.0"))) == "比上年上升1.0个百分点"


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
    assert moved(make_figure("FND-01", value, last_year=make_comparison(before, difference, percent))) == words


def test_quantity_too_small_to_print_is_not_told_as_nothing() -> None:
    last = make_comparison("100.00", "-100.00", "-100.0")
    figure = make_figure("FND-01", "0.00", value=number("0.004"), last_year=last)
    assert moved(figure) == "比上年减少100.00万元，下降100.0%"
    grown = make_comparison("0.00", "5.00", "99900.0", multiple=number("1000.0"))
    assert moved(make_figure("FND-01", "5.00", last_year=grown)) == "比上年增加5.00万元，为上年的1000.0倍"


def test_tenfold_growth_is_told_as_a_multiple() -> None:
    last = make_comparison("10.00", "115.00", "1150.0", multiple=number("12.5"))
    assert moved(make_figure("FND-01", "125.00", last_year=last)) == "比上年增加115.00万元，为上年的12.5倍"


def test_growth_just_below_tenfold_stays_a_percentage() -> None:
    last = make_comparison("10.00", "99.90", "999.0", multiple=number("11.0"))
    assert moved(make_figure("FND-01", "109.90", last_year=last)).endswith("增长999.0%")


def test_count_without_percent_tells_the_difference_only() -> None:
    assert moved(make_figure("REC-02", "12", last_year=make_comparison("9", "3"))) == "比上年增加3名"


@pytest.mark.parametrize(
    ("code", "value", "difference", "percent", "words"),
    [
        ("EDU-02", "953", "82", "9.4", "比上年增加82人次，增长9.4%"),
        ("FND-05", "9.70", "0.24", "2.5", "比上年增加0.24元，增长2.5%"),
        ("EMG-03", "5.8", "0.9", None, "比上年增加0.9次"),
    ],
)
def test_a_difference_does_not_repeat_what_its_figure_is_counted_by(
    code: str, value: str, difference: str, percent: str | None, words: str
) -> None:
    assert moved(make_figure(code, value, last_year=make_comparison("1", difference, percent))) == words


def fell(low: str, high: str, percent_low: str | None = None, percent_high: str | None = None) -> Comparison:
    """A change that lies between two ends."""
    ends = {"low": number(low), "high": number(high)}
    if percent_low and percent_high:
        ends |= {"percent_low": number(percent_low), "percent_high": number(percent_high)}
    return make_comparison("10028", low, percent_low, status=APPROX, **ends)


def test_approximate_change_tells_its_range_and_no_false_precision() -> None:
    figure = make_figure("EMG-01", "7594", status=APPROX, last_year=fell("-2434", "-2335", "-24.3", "-23.3"))
    assert moved(figure) == "比上年减少2335～2434人次，下降23.3%～24.3%"


def test_range_of_points_is_told_once() -> None:
    assert moved(make_figure(status=APPROX, last_year=fell("1.2", "3.4"))) == "比上年提高1.2～3.4个百分点"


def test_range_of_one_number_is_one_number() -> None:
    assert moved(make_figure(status=APPROX, last_year=fell("1.2", "1.2"))) == "比上年提高1.2个百分点"


@pytest.mark.parametrize(("low", "high"), [("-8", "1"), ("0", "5"), ("-5", "0")])
def test_direction_is_told_only_where_both_ends_agree(low: str, high: str) -> None:
    assert moved(make_figure("EMG-04", "310", status=APPROX, last_year=fell(low, high))) == "与上年大体相当"


def test_direction_of_an_interval_without_ends_is_not_guessed() -> None:
    last = make_comparison("700", "100", "14.3", status=APPROX)
    assert moved(make_figure("EMG-01", "800", status=APPROX, last_year=last)) == "与上年大体相当"


def test_tenfold_approximate_growth_tells_the_difference_only() -> None:
    figure = make_figure("EMG-01", "800", status=APPROX, last_year=fell("700", "720", "980.0", "1100.0"))
    assert moved(figure) == "比上年增加700～720人次"


def test_change_over_fewer_units_says_over_which() -> None:
    last = make_comparison("80", "6", is_partial=True, matched=15)
    figure = county("REC-02", "209", last_year=last)
    assert of_county(figure) == "安澜县全年征集新兵209名，比上年增加6名（按两年均有数据的15个单位计算）。"


def test_the_countys_own_row_is_no_unit_of_the_matched_ones() -> None:
    last = make_comparison("80.00", "6.00", is_partial=True, matched=18)
    own = make_figure("FND-01", "9.00", unit=COUNTY, last_year=make_comparison("8.00", "1.00"))
    text = of_county(county("FND-01", "209.00", last_year=last), own=own)
    assert "（按两年均有数据的17个单位和县级本级计算）" in text


def test_units_of_a_change_are_said_once_in_a_domain_where_they_stay_the_same() -> None:
    last = {"is_partial": True, "matched": 15}
    figures = {
        code: county(code, "90", last_year=make_comparison("80", "6", "7.5", **{**last, "matched": n}))
        for code, n in (("EMG-01", 15), ("EMG-02", 15), ("EMG-04", 14))
    }
    text = "".join(sentences(make_county_report(figures=figures, history={}, towns={}), "EMG"))
    assert re.findall("（按.*?）", text) == [
        "（按两年均有数据的15个单位计算，下同）",
        "（按两年均有数据的14个单位计算）",
    ]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.SERIES_BREAK, "因口径或区划调整，不与上年比较"),
        (Status.NO_PREVIOUS, "上年未上报，不与上年比较"),
        (Status.MISSING, "上年未填报，不与上年比较"),
        (Status.REDACTED, "上年未填具体数，不与上年比较"),
        (Status.ERROR, "上年填报有误，不与上年比较"),
        (Status.EXCEEDS_WHOLE, "上年填报有误，不与上年比较"),
        (Status.ZERO_DENOMINATOR, "上年不适用，不与上年比较"),
        (Status.HIDDEN, ""),
        (Status.NOT_COMPARED, ""),
    ],
)
def test_reason_why_there_is_no_change(status: Status, words: str) -> None:
    assert moved(make_figure(last_year=Comparison(status, status))) == words


def test_first_return_is_said_once_in_the_summary_and_in_no_clause() -> None:
    figure = make_figure(last_year=Comparison(Status.NO_PREVIOUS, Status.NO_PREVIOUS))
    assert moved(figure, first=True) == ""


def test_figure_on_a_small_base_is_compared_with_nothing() -> None:
    figure = make_figure(
        small_base=True,
        last_year=make_comparison("80.0", "5.0"),
        county=make_comparison("80.0", "5.0"),
        city=make_comparison("80.0", "5.0"),
    )
    assert (moved(figure), references.county(figure), references.city(figure)) == ("", "", "")


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (make_figure("REC-10", "-8.4"), "比上年下降8.4%"),
        (make_figure("REC-10", "12.0"), "比上年增长12.0%"),
        (make_figure("REC-10", "0.0"), "与上年持平"),
        (make_figure("REC-10", "1200.0", multiple=number("13.0")), "为上年的13.0倍"),
        (make_figure("REC-10", None, status=Status.ZERO_DENOMINATOR), "上年为零，不计算增减幅度"),
        (make_figure("REC-10", None), "数据未填报，不与上年比较"),
        (make_figure("REC-10", None, status=Status.NOT_REPORTED), "上年未上报，不与上年比较"),
        (make_figure("REC-10", None, status=Status.HIDDEN), ""),
        (
            make_figure("REC-10", "5.0", status=APPROX, low=number("4.96"), high=number("7.25")),
            "比上年增长5.0%～7.2%",
        ),
        (make_figure("REC-10", "5.0", status=APPROX, low=number("-1"), high=number("7")), "与上年大体相当"),
    ],
)
def test_growth_is_its_own_comparison(figure: Figure, words: str) -> None:
    assert change.growth(figure, "gb8170") == words
    assert moved(figure) == ""


def test_ends_of_growth_are_rounded_as_the_county_rounds() -> None:
    figure = make_figure("REC-10", "5.0", status=APPROX, low=number("5"), high=number("7.25"))
    assert change.growth(figure, "half_up").endswith("～7.3%")


# --- others


@pytest.mark.parametrize(
    ("comparison", "words"),
    [
        (make_comparison("80.0", "5.0"), "高于全县平均水平5.0个百分点"),
        (make_comparison("90.0", "-5.0"), "低于全县平均水平5.0个百分点"),
        (make_comparison("85.0", "0.0"), "与全县平均水平持平"),
        (fell("-0.2", "0.3"), "与全县平均水平大体相当"),
        (fell("-0.5", "-0.2"), "低于全县平均水平0.2～0.5个百分点"),
        (Comparison(Status.TOO_FEW_UNITS, Status.OK, number("80.0")), ""),
    ],
)
def test_comparison_with_the_county(comparison: Comparison, words: str) -> None:
    assert references.county(make_figure(county=comparison)) == words


def test_rate_only_indicator_is_compared_with_the_median() -> None:
    figure = make_figure("MIL-03", "96.0", county=make_comparison("95.0", "1.0"))
    assert references.county(figure) == "高于全县中位数1.0个百分点"


@pytest.mark.parametrize(
    ("comparison", "words"),
    [
        (make_comparison("500", None, "18.0", units=17, due=17), "占全县的18.0%"),
        (make_comparison("500", None, "18.0", units=16, due=17), "占已上报单位合计的18.0%"),
        (
            make_comparison(
                "500", None, "18.0", status=APPROX, percent_low=number("17.0"), percent_high=number("19.0")
            ),
            "占全县的17.0%～19.0%",
        ),
        (make_comparison("500", None, "18.0", status=APPROX), ""),
        (make_comparison("0"), ""),
    ],
)
def test_share_of_a_sum_is_never_called_the_countys_where_units_are_missing(comparison: Comparison, words: str) -> None:
    assert references.county(make_figure("EDU-01", "90", county=comparison)) == words


@pytest.mark.parametrize(
    ("comparison", "words"),
    [
        (make_comparison("80.0", "5.0"), "高于全市平均水平5.0个百分点"),
        (make_comparison("90.0", "-5.0"), "低于全市平均水平5.0个百分点"),
        (Comparison(Status.NOT_PROVIDED, Status.NOT_PROVIDED), "全市平均数据未提供"),
        (Comparison(Status.NOT_COMPARED, Status.NOT_COMPARED), ""),
    ],
)
def test_comparison_with_the_city(comparison: Comparison, words: str) -> None:
    assert references.city(make_figure("REC-04", "85.0", city=comparison)) == words


@pytest.mark.parametrize(
    ("rank", "words"),
    [
        (Rank(3, 17), "居17个可比单位第3位"),
        (Rank(2, 9, tied=True, sharing=2), "居9个可比单位并列第2位"),
        (Rank(17, 17), "居17个可比单位末位"),
        (Rank(13, 17), "居17个可比单位第13位"),
        (Rank(12, 17), ""),  # as many places at one end as at the other
        (Rank(2, 9, group="城镇"), "居城镇9个单位第2位"),
        (Rank(8, 17), ""),  # neither the first nor the last third
        (Rank(6, 17), ""),
        (Rank(1, 8), ""),  # fewer than 9 ranked
        (Rank(1, 1), ""),
        (Rank(1, 17, tied=True, sharing=6), ""),  # more than a third share it
        (Rank(reason="small_base"), ""),
        (Rank(reason="hidden"), ""),
    ],
)
def test_only_a_place_that_means_something_is_told(rank: Rank, words: str) -> None:
    assert references.place(make_figure(rank=rank)) == words


def test_what_lies_above_its_whole_has_no_place() -> None:
    assert references.place(make_figure("BLD-04", "133.3", exceeds_whole=True, rank=Rank(1, 17))) == ""


# --- targets


@pytest.mark.parametrize(
    ("code", "given", "words"),
    [
        ("SYS-02", met("90"), "不低于90%"),
        ("MIL-01", met("100"), "100%"),
        ("REC-08", met("1", "<="), "不高于1%"),
        ("REC-10", met("0"), "不低于上年"),
        ("REC-10", met("5"), "不低于5%"),
        ("EDU-01", met("100"), "不低于100场"),
        ("SYS-02", Target("none"), ""),
    ],
)
def test_target_is_said_in_words(code: str, given: Target, words: str) -> None:
    assert targets.aim(given, indicators()[code]) == words


def target_clause(figure: Figure, last: Figure | None = None) -> str:
    return targets.target(alone(figure, last), figure)


def test_met_target_is_told() -> None:
    assert target_clause(make_figure(target=met("90"))) == "达到目标要求（不低于90%）"


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (make_figure(target=met("90")), "上年已达标"),
        (make_figure(target=unmet("90")), "上年也未达标"),
        (hidden("SYS-02"), "上年情况不公布"),
        (hidden("SYS-02", unmet()), "上年也未达标"),
        (make_figure(status=APPROX, target=undecided()), "上年不能判定"),
        (make_figure(target=Target("none")), "上年未设目标"),
        (make_figure(printed=None, target=undecided()), "上年无数据"),
        (make_figure(printed=None, status=Status.NOT_REPORTED), "上年无数据"),
        (make_figure(printed=None, status=Status.ZERO_DENOMINATOR), "上年不适用"),
        (None, "上年无数据"),
    ],
)
def test_missed_target_is_told_with_its_gap_and_last_years_state(last: Figure | None, words: str) -> None:
    figure = make_figure(printed="81.8", target=unmet("90", "8.2"))
    assert target_clause(figure, last) == f"未达到目标要求（不低于90%），差8.2个百分点，{words}"


def test_last_years_state_is_not_told_across_a_break() -> None:
    figure = make_figure(target=unmet("90", "5.0"), last_year=Comparison(Status.SERIES_BREAK, Status.OK))
    assert target_clause(figure, make_figure(target=met())).endswith("因口径或区划调整，不与上年比较")


def test_gap_too_small_to_print_is_not_told_as_nothing() -> None:
    assert "差" not in target_clause(make_figure("REC-05", "96.0", target=unmet("96", "0.0")))


def test_gap_of_a_count_is_told_in_its_unit() -> None:
    assert "差5场" in target_clause(make_figure("EDU-01", "15", target=unmet("20", "5")))


def test_undecided_target_says_why() -> None:
    assert target_clause(make_figure(target=undecided("90"))) == "因填报为概数，不能判定是否达到目标要求（不低于90%）"


@pytest.mark.parametrize("figure", [make_figure(target=Target("none")), make_figure(target=Target("not_applicable"))])
def test_no_target_is_no_clause(figure: Figure) -> None:
    assert target_clause(figure) == ""


def test_what_an_edition_hides_is_neither_met_nor_missed_nor_undecided() -> None:
    assert targets.standing(hidden("BLD-04")) == "hidden"
    assert targets.state(hidden("BLD-04")) == "hidden"


# --- numbers


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ok("5"), "100.0%（仅5名，基数较小）"),
        (HIDDEN_ANSWER, "100.0%（基数较小）"),
        (about("5"), "100.0%（基数较小）"),
    ],
)
def test_small_base_is_said_with_its_size_where_the_edition_tells_it(answer: Answer, words: str) -> None:
    figure = make_figure("REC-03", "100.0", small_base=True)
    assert values.value(alone(figure, answers={"rec_enlisted": answer}), figure) == words


def test_small_base_of_a_growth_is_last_years_answer() -> None:
    figure = make_figure("REC-10", "100.0", small_base=True)
    of = alone(figure, answers={"rec_applied_college": ok("12")}, last_answers={"rec_applied_college": ok("6")})
    assert values.value(of, figure) == "100.0%（上年仅6人，基数较小）"


def test_every_part_has_a_full_name_for_sentences() -> None:
    parts = [name for name, variable in variables().items() if variable.label.startswith("其中")]
    assert len(parts) > 10
    for name in parts:
        assert not re.search(r"其中|[:()]", values.label(name)), name


def test_no_two_questions_have_the_same_name_in_sentences() -> None:
    named = [values.label(variable.name) for variable in questions()]
    assert len(set(named)) == len(named)


def test_every_indicators_name_is_one_name_in_a_list() -> None:
    for entry in indicators().values():
        assert re.fullmatch("“[^“”]+”", values.quoted(entry)), entry.name
        assert not re.search(r"[()]", values.quoted(entry))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ok("5"), "全年召开党委议军会议5次"),
        (about("5"), "全年召开党委议军会议约5次"),
        (MISSING, "党委议军会议次数未填报"),
        (REDACTED, "党委议军会议次数未填具体数"),
        (Answer(Status.ERROR), "党委议军会议次数填报有误，未采用"),
        (Answer(Status.NOT_APPLICABLE), "党委议军会议次数不适用"),
        (HIDDEN_ANSWER, ""),
    ],
)
def test_answer_or_the_reason_for_none(answer: Answer, words: str) -> None:
    of = Subject(make_report(answers={"sys_council_meetings": answer}))
    assert values.counted(of, "sys_council_meetings", "全年召开党委议军会议{}") == words


def test_question_the_edition_does_not_hold_is_not_mentioned() -> None:
    assert values.counted(Subject(make_report(answers={})), "sys_council_meetings", "召开{}") == ""


# --- units


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (UnitStates(met=("甲", "乙")), "已上报的2个单位均完成"),
        (UnitStates(unmet=("甲", "乙")), "已上报的2个单位均未完成"),
        (UnitStates(met=("甲",), unmet=("乙",)), "已上报的2个单位中1个完成，1个未完成（乙）"),
        (
            UnitStates(met=("甲",), unmet=tuple("乙丙丁戊己庚")),
            "已上报的7个单位中1个完成，6个未完成（乙、丙、丁、戊、己等6个单位）",
        ),
        (
            UnitStates(("甲",), ("乙",), ("丙",), ("丁",), ("戊",)),
            "已上报的5个单位中1个完成，1个未完成（乙），1个不公布，1个缺数或概数不能判定，1个不适用",
        ),
        (UnitStates(hidden=("丙",)), "已上报的1个单位中1个不公布"),
        (UnitStates(), ""),
    ],
)
def test_units_are_counted_by_number_and_failed_ones_named(states: UnitStates, words: str) -> None:
    assert counts(states, "完成", "未完成") == words


def test_counts_of_units_add_up() -> None:
    text = counts(UnitStates(tuple("甲乙"), tuple("丙"), tuple("丁"), tuple("戊"), tuple("己庚")), "完成", "未完成")
    total, *parts = map(int, re.findall(r"(\d+)个", text))
    assert total == sum(parts)


def test_five_units_are_all_named_and_six_are_counted() -> None:
    assert names(list("甲乙丙丁戊")) == "甲、乙、丙、丁、戊"
    assert names(list("甲乙丙丁戊己")) == "甲、乙、丙、丁、戊等6个单位"


# --- the frame


def test_nothing_missing_is_worded_as_not_done() -> None:
    figures = {code: make_figure(code, None) for code in all_figures()}
    report = make_report(figures=figures, answers={v.name: MISSING for v in questions()})
    text = "".join(text for domain in DOMAINS for text in sentences(report, domain))
    assert not re.search("未开展|未完成|尚未|未述职|未进行|未达|未落实|未纳入|未过|为0", text)
    assert "未填报" in text


def test_no_sentence_has_an_empty_clause_or_a_mark_whatever_is_missing() -> None:
    for status in (*(s for s in Status if s is not Status.NOT_COMPARED),):
        figures = {c: make_figure(c, "90" if status.has_value else None, status=status) for c in all_figures()}
        answers = {v.name: Answer(status, "10" if status.has_value else "") for v in questions()}
        for domain in DOMAINS:
            text = "".join(sentences(make_report(figures=figures, answers=answers), domain))
            assert not re.search(r"[，；、]{2}|[，；]。|^[，；]|None|nan|[{}\[\]]|（）", text), (status, text)


def test_what_is_hidden_is_said_once_a_domain_and_never_as_a_mark() -> None:
    figures = {code: hidden(code) for code in all_figures() if code.startswith("BLD")}
    text = "".join(sentences(make_report(figures=figures, answers={}), "BLD"))
    assert text.count("因数值过小不公布") == 1
    assert "“专武干部配备率”、“专武干部资格认证合格率”" in text
    assert "[" not in text
    assert "达标" not in text


@pytest.mark.parametrize(
    ("code", "target", "words"),
    [
        ("BLD-04", unmet(), "云岭镇专武干部未全部配齐，上年无数据。“专武干部配备率”因数值过小不公布。"),
        ("BLD-04", met(), "云岭镇专武干部已全部配齐。“专武干部配备率”因数值过小不公布。"),
        ("SUP-05", unmet(), "云岭镇立功喜报未全部送达，上年无数据。“立功喜报送达率”因数值过小不公布。"),
        (
            "REC-03",
            unmet("80"),
            "云岭镇“新兵中大学生占比”未达到目标要求（不低于80%），上年无数据。“新兵中大学生占比”因数值过小不公布。",
        ),
        # 95 of 100 is met without all being delivered
        (
            "SUP-05",
            met("95"),
            "云岭镇“立功喜报送达率”达到目标要求（不低于95%）。“立功喜报送达率”因数值过小不公布。",
        ),
    ],
)
def test_state_of_a_hidden_figure_is_told_in_words_without_its_number(code: str, target: Target, words: str) -> None:
    assert said(hidden(code, target)) == words


def test_sentence_leaves_out_what_the_edition_does_not_release() -> None:
    figures = {code: figure for code, figure in all_figures().items() if code != "REC-10"}
    text = "".join(sentences(make_report(figures=figures), "REC"))
    assert "大学生报名人数" not in text
    assert "兵役登记率90.0%，达到目标要求（不低于90%），与上年持平，居17个可比单位第3位。" in text


def test_domain_without_any_release_has_no_sentence() -> None:
    assert sentences(make_report(figures={}, answers={}), "FND") == ()


@pytest.mark.parametrize("code", [c for c, entry in indicators().items() if entry.level != "county"])
def test_no_domain_passes_over_a_missed_target(code: str) -> None:
    entry = indicators()[code]
    printed = str(number("10").quantize(number("1").scaleb(-entry.decimals)))
    figure = make_figure(code, printed if not entry.is_yes_or_no else "0.0", target=unmet("100", "90"))
    text = said(figure, last=make_figure(code, "50", target=met()))
    assert "上年已达" in text, text
    assert re.search("未|距达优|不足", text.replace("上年已达", "")), text


@pytest.mark.parametrize("code", [c for c, entry in indicators().items() if entry.level != "county"])
def test_no_domain_passes_over_a_missed_target_whose_number_is_hidden(code: str) -> None:
    assert re.search("未.*上年无数据", said(hidden(code, unmet()))), code


def test_live_markup_stays_plain_text() -> None:
    figure = replace(make_figure("SYS-03", "100.0"), target=met())
    assert said(figure, sys_duty_report=ok("<b>**现场**</b>{{7*7}}")) == "云岭镇党委书记完成党管武装述职。"


def test_edition_of_the_report_changes_no_word_of_an_open_figure() -> None:
    figure = make_figure("EDU-01", "20", last_year=make_comparison("18", "2", "11.1"))
    texts = {said(figure, params=make_params(edition=edition)) for edition in ("full", "meeting", "public")}
    assert texts == {"云岭镇全年开展国防教育活动20场，比上年增加2场，增长11.1%。"}
