"""要情摘要: what to act on first, counts that add up, only telling places, only marked changes, and nothing twice."""

from __future__ import annotations

import re
from typing import Any

import pytest

from make_report import (
    TOWNS,
    all_figures,
    make_comparison,
    make_county_figure,
    make_county_report,
    make_figure,
    make_params,
    make_report,
    number,
)
from said import hidden, met, undecided, unmet
from stats import present
from stats.catalogue.domains import DOMAINS
from stats.catalogue.status import Status
from stats.figures import Comparison, Figure, Rank, Target
from stats.present.blocks import Note, Paragraph
from stats.present.sentences import changes, judgements, strengths
from stats.present.sentences.subject import Subject
from stats.receipt import Receipt
from stats.report import Quality


def town(**figures: Figure) -> Subject:
    """A town of which these figures only are known; keys with an underscore."""
    named = {key.replace("_", "-"): figure for key, figure in figures.items()}
    return Subject(make_report(figures=named, history={code: {2019: figure} for code, figure in named.items()}))


# --- how many


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ("m", "设目标1项，达标1项，没有未达标。"),
        ("mmu", "设目标3项，达标2项，未达标1项。"),
        ("muhk", "设目标4项，达标1项，未达标1项，不公布1项（均因数值过小），缺数或概数不能判定1项。"),
        ("mh", "设目标2项，达标1项，公布的指标中没有未达标，另有1项因数值过小不公布。"),
        ("mk", "设目标2项，达标1项，能判定的指标中没有未达标，另有1项缺数或概数不能判定。"),
        ("man", "设目标1项（另有1项不适用），达标1项，没有未达标。"),
        ("n", "本年度未设指标目标。"),
        ("", "本年度未设指标目标。"),
    ],
)
def test_states_are_counted_so_that_they_add_up(states: str, words: str) -> None:
    made = {
        "m": lambda code: make_figure(code, "100.0", target=met()),
        "u": lambda code: make_figure(code, "90.0", target=unmet(gap="10.0")),
        "h": hidden,
        "k": lambda code: make_figure(code, None, target=undecided()),
        "a": lambda code: make_figure(code, None, status=Status.ZERO_DENOMINATOR, target=Target("not_applicable")),
        "n": lambda code: make_figure(code, "90.0", target=Target("none")),
    }
    codes = ["SYS-02", "MIL-01", "BLD-04", "EDU-03"]
    figures = {code.replace("-", "_"): made[state](code) for code, state in zip(codes, states, strict=False)}
    assert judgements.paragraph(town(**figures)) == words


def test_public_edition_counts_what_it_publishes() -> None:
    figures = {"SYS-02": make_figure(target=met())}
    public = make_report(params=make_params(edition="public"), figures=figures)
    assert judgements.paragraph(Subject(public)) == "本版公布的指标中，设目标1项，达标1项，没有未达标。"


# --- what to act on


def test_missed_targets_come_in_the_order_of_the_gap_against_the_target_and_hidden_ones_last() -> None:
    of = town(
        SYS_02=make_figure("SYS-02", "81.8", target=unmet("90", "8.2")),
        REC_08=make_figure("REC-08", "3.00", target=unmet("1", "2.00", "<=")),
        BLD_05=hidden("BLD-05", unmet()),
        MIL_01=make_figure("MIL-01", "95.0", target=met("90")),
    )
    assert [entry.code for entry, _ in judgements.missed(of)] == ["REC-08", "SYS-02", "BLD-05"]


# --- what went well


def test_leading_places_are_told_best_first_and_only_where_they_mean_something() -> None:
    of = town(
        SYS_02=make_figure("SYS-02", "95.0", rank=Rank(3, 17)),
        MIL_01=make_figure("MIL-01", "100.0", rank=Rank(1, 17, tied=True, sharing=11)),
        EDU_03=make_figure("EDU-03", "99.0", rank=Rank(1, 17)),
        BLD_07=make_figure("BLD-07", "100.0", rank=Rank(1, 1)),
    )
    assert strengths.paragraph(of) == (
        "成绩：位次靠前的有“学校国防教育覆盖率”99.0%（居17个可比单位第1位）、“议军事项办结率”95.0%（居17个可比单位第3位）。"
    )


@pytest.mark.parametrize(
    "figure",
    [
        make_figure("BLD-04", "133.3", exceeds_whole=True, rank=Rank(1, 17)),
        make_figure("FND-03", "101.5", rank=Rank(1, 17)),
        make_figure("SYS-02", "95.0", small_base=True, rank=Rank(1, 17)),
        make_figure("SYS-02", "95.0", status=Status.APPROX, rank=Rank(1, 17)),
        make_figure("SYS-02", "80.0", target=unmet("90", "10.0"), rank=Rank(1, 17)),
    ],
)
def test_what_is_over_small_approximate_or_missed_is_no_strength(figure: Figure) -> None:
    assert strengths.paragraph(town(**{figure.indicator.replace("-", "_"): figure})) == ""


def test_target_newly_met_is_told() -> None:
    now, before = make_figure(target=met("90")), make_figure(target=unmet("90", "5.0"))
    report = make_report(figures={"SYS-02": now}, history={"SYS-02": {2020: before, 2021: now}})
    assert strengths.paragraph(Subject(report)) == "成绩：上年未达标、本年达标的有“议军事项办结率”。"


def test_target_met_after_a_break_is_not_newly_met() -> None:
    now = make_figure(target=met("90"), last_year=Comparison(Status.SERIES_BREAK, Status.OK))
    before = make_figure(target=unmet("90", "5.0"))
    report = make_report(figures={"SYS-02": now}, history={"SYS-02": {2020: before, 2021: now}})
    assert strengths.paragraph(Subject(report)) == ""


@pytest.mark.parametrize(
    ("code", "difference", "is_better"), [("REC-04", "2.2", True), ("REC-04", "-2.2", False), ("REC-08", "-0.5", True)]
)
def test_county_stands_better_than_the_city_in_the_direction_that_counts(
    code: str, difference: str, is_better: bool
) -> None:
    figure = make_county_figure(code, "50.7", city=make_comparison("48.5", difference))
    text = strengths.paragraph(Subject(make_county_report(figures={code: figure}, history={})))
    assert text.startswith("成绩：好于全市平均水平的有") == is_better


# --- what changed


def fallen(
    code: str, printed: str, difference: str, percent: str | None = None, *, small_base: bool = False, **more: Any
) -> Figure:
    last = make_comparison("100", difference, percent, **more)
    return make_figure(code, printed, last_year=last, small_base=small_base)


@pytest.mark.parametrize(
    ("figure", "is_marked"),
    [
        (fallen("SYS-02", "88.0", "-2.0"), True),
        (fallen("SYS-02", "88.0", "-1.9"), False),
        (fallen("SUP-07", "90", "-10", "-10.0"), True),
        (fallen("SUP-07", "91", "-9", "-9.9"), False),
        (fallen("FND-01", "90.00", "-10.00", "-10.0"), True),
        (make_figure("REC-10", "-11.5"), True),
        (make_figure("REC-10", "-9.9"), False),
        # an interval is marked only where its nearer end is
        (fallen("SYS-02", "88.0", "-5.0", status=Status.APPROX, low=number("-5.0"), high=number("-1.0")), False),
        (fallen("SYS-02", "88.0", "-5.0", status=Status.APPROX, low=number("-5.0"), high=number("-2.0")), True),
        # on a small base one person more or less moves everything
        (fallen("REC-04", "50.0", "-25.0", small_base=True), False),
        # a yes that became a no is told as a missed target
        (fallen("EDU-04", "0.0", "-100.0"), False),
    ],
)
def test_fall_is_marked_from_two_points_or_a_tenth_on(figure: Figure, is_marked: bool) -> None:
    text = changes.paragraph(town(**{figure.indicator.replace("-", "_"): figure}))
    assert "变差1项" in text
    assert ("较明显" in text) == is_marked


def test_marked_falls_are_named_with_the_largest_first() -> None:
    of = town(
        SYS_02=fallen("SYS-02", "88.0", "-3.0"),
        SUP_07=fallen("SUP-07", "40", "-60", "-60.0"),
        REC_10=make_figure("REC-10", "-11.5"),
        MIL_01=fallen("MIL-01", "90.0", "-2.2"),
        EDU_03=fallen("EDU-03", "90.0", "1.0"),
    )
    assert changes.paragraph(of) == (
        "与上年可比、能分好坏的5项指标中，变好1项，持平0项，变差4项，其中变差较明显的4项，前3项为"
        "“军民共建和双拥活动次数”（比上年减少60次，下降60.0%）、“议军事项办结率”（比上年下降3.0个百分点）、"
        "“报名应征大学生人数”（比上年下降11.5%）。"
    )


def test_rise_of_a_rate_that_should_be_low_is_a_change_for_the_worse() -> None:
    risen = make_figure("REC-08", "3.20", last_year=make_comparison("1.00", "2.20"))
    assert "变差1项，其中变差较明显的1项为“退兵率”（比上年上升2.20个百分点）" in changes.paragraph(town(REC_08=risen))


def test_open_direction_counts_as_neither_better_nor_worse() -> None:
    last = make_comparison("80.0", "1.0", status=Status.APPROX, low=number("-1.0"), high=number("3.0"))
    text = changes.paragraph(town(SYS_02=make_figure(last_year=last)))
    assert text == "与上年可比、能分好坏的1项指标中，变好0项，持平或大体相当1项，变差0项。"


def test_growth_is_not_counted_beside_the_level_it_is_the_growth_of() -> None:
    of = town(FND_01=fallen("FND-01", "90.00", "-10.00", "-10.0"), FND_02=make_figure("FND-02", "-10.0"))
    assert "1项指标中" in changes.paragraph(of)


def test_what_is_never_judged_is_not_counted() -> None:
    assert changes.paragraph(town(EMG_01=fallen("EMG-01", "40", "-60", "-60.0"))) == "本年度没有可与上年比较的指标。"


def test_first_return_is_said_once() -> None:
    figures = all_figures()
    report = make_report(figures=figures, history={code: {2021: figure} for code, figure in figures.items()})
    assert changes.paragraph(Subject(report)) == "云岭镇为首次上报，无同比数据。"


def test_changes_of_a_county_say_that_they_are_taken_over_the_units_of_both_years() -> None:
    figure = make_county_figure(last_year=make_comparison("90.0", "-5.0", is_partial=True, matched=17))
    text = changes.paragraph(Subject(make_county_report(figures={"SYS-02": figure})))
    assert text.endswith("“议军事项办结率”（比上年下降5.0个百分点）。同比按两年均有数据的单位计算。")


# --- the whole


def test_county_says_once_how_many_units_are_due_and_its_own_row_apart() -> None:
    report = make_county_report(receipts={TOWNS[1].code: Receipt.NOT_REPORTED, TOWNS[0].code: Receipt.IN_ERROR})
    first = present.summary(report).blocks[0]
    assert isinstance(first, Paragraph)
    assert first.text == (
        "安澜县应报单位2个，已上报1个，未上报1个（石桥镇）；县级本级已上报；已上报的单位中有错误待核对1个（云岭镇），有误的数未采用。"
    )


def test_summary_repeats_no_sentence_of_the_domains() -> None:
    for report in (make_report(), make_county_report()):
        summary = set(sentences_of(present.summary(report).to_text()))
        domains = {s for domain in DOMAINS for s in sentences_of(present.sentences(report, domain).to_text())}
        assert not summary & domains


def sentences_of(text: str) -> list[str]:
    return [sentence for sentence in re.split("[。\n]", text) if sentence]


def test_quality_of_a_return_is_one_line_of_what_is_not_zero() -> None:
    whole = Quality(due=96, ok=96, approx=0, missing=0, redacted=0, not_applicable=0, error=0, hidden=0)
    first = present.quality(make_report(quality=whole)).blocks[0]
    assert first == Note("应填96项，均已准确填报。")
    mixed = Quality(due=96, ok=90, approx=1, missing=3, redacted=1, not_applicable=2, error=1, hidden=7)
    first = present.quality(make_report(quality=mixed)).blocks[0]
    assert first == Note(
        "应填96项（另有不适用2项），准确填报90项，概数1项，未填具体数1项，未填报3项，填报有误1项。因数值过小不公布7项。"
    )
