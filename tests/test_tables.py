"""No table says what is not so: blank is no data and — not applicable, hidden is not met, one name is one measure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
    make_report,
    number,
)
from stats import numbers, present
from stats.catalogue.domains import DOMAINS
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.figures import HIDDEN_ANSWER, Answer, Comparison, Figure, Rank, Target, Total
from stats.params import Unit
from stats.present.blocks import CellLook, Column, Paragraph, Table
from stats.present.county_indicators import matched_once
from stats.present.unit_counts import in_note
from stats.receipt import Receipt

THREE = (*TOWNS, Unit(code="990101103000", name="青石镇", type="镇"))
GAP = Target("unmet", ">=", number("90"), number("5.0"))
AIM = Target("unmet", ">=", number("100"))


def cells(made: Any, name: str) -> dict[str, str]:
    """The row of this name by the heads of its columns, each head in one line."""
    heads = [head.replace("\n", "") for head in heads_of(made)]
    return next(dict(zip(heads, row, strict=True)) for row in made.rows if row[0] == name)


def heads_of(made: Any) -> list[str]:
    assert isinstance(made, Table)
    return [column.head for column in made.columns]


def town_row(code: str, **given: Any) -> dict[str, str]:
    """The row of one figure of a town in its table of indicators."""
    figure = make_figure(code, **given)
    return cells(present.indicator_table(make_report(figures={code: figure})), indicators()[code].name)


def county(**overrides: Any) -> Any:
    return make_county_report(**overrides)


def county_with(*figures: Figure, **overrides: Any) -> Any:
    """The county's report with these figures in place of its own."""
    return county(figures={**county().figures, **{figure.indicator: figure for figure in figures}}, **overrides)


def three_towns(code: str, *figures: Figure, **overrides: Any) -> Any:
    """A county of three towns that have one indicator with these figures, and no other."""
    towns = {unit.code: {code: figure} for unit, figure in zip(THREE, figures, strict=True)}
    return county(units=THREE, towns=towns, **overrides)


def approximate(low: str, high: str, trend: str, **more: Any) -> Comparison:
    """A difference of which only the interval is known."""
    ends: dict[str, Any] = {"low": number(low), "high": number(high), "trend": trend}
    return make_comparison("953", low, status=Status.APPROX, **ends, **more)


# --- a town's indicators


def test_row_of_a_table_is_made_of_finished_texts() -> None:
    row = town_row(
        "SYS-02",
        last_year=make_comparison("80.0", "5.0"),
        county=make_comparison("83.2", "1.8"),
        city=make_comparison("84.0", "1.0"),
        target=GAP,
        rank=Rank(3, 17),
    )
    assert list(row.values()) == ["议军事项办结率", "%", "85.0", "+5.0", "83.2\n（84.0）", "≥90", "", "3/17", "×"]


def test_indicators_stand_by_domain_under_its_name_and_the_title_tells_time_and_place() -> None:
    made = present.indicator_table(make_report(figures={"FND-01": make_figure("FND-01"), "SYS-02": make_figure()}))
    assert isinstance(made, Table)
    assert [row[0] for row in made.rows] == ["党管武装制度落实", "议军事项办结率", "经费保障", "武装工作经费投入合计"]
    assert made.groups == (0, 2)
    assert (made.number, made.title) == ("表1", "2021年云岭镇党管武装工作指标")


def test_yes_or_no_is_printed_beside_how_many_units_say_yes() -> None:
    whole = make_county_figure("REC-01", "88.9", numerator=number("16"), denominator=number("18"))
    figure = make_figure(
        "REC-01",
        "100.0",
        last_year=make_comparison("0.0", "100.0"),
        county=make_comparison("88.9"),
        target=Target("met", ">=", number("100")),
    )
    report = make_report(figures={"REC-01": figure}, county_history={"REC-01": {2021: whole}})
    row = cells(present.indicator_table(report), "征集任务完成")
    assert list(row.values()) == ["征集任务完成", "是/否", "是", "否→是", "16/18", "是", "", "", "√"]


@pytest.mark.parametrize(
    ("status", "mark"),
    [
        (Status.MISSING, ""),
        (Status.REDACTED, "[遮]"),
        (Status.HIDDEN, "[隐]"),
        (Status.ZERO_DENOMINATOR, "—"),
        (Status.NOT_APPLICABLE, "—"),
    ],
)
def test_value_that_is_absent_prints_the_mark_of_its_reason(status: Status, mark: str) -> None:
    assert town_row("SYS-02", printed=None, status=status)["本年"] == mark


@pytest.mark.parametrize(
    ("status", "state", "sign"),
    [
        (Status.OK, "met", "√"),
        (Status.OK, "unmet", "×"),
        (Status.APPROX, "unknown", "？"),
        (Status.HIDDEN, "unmet", "×"),  # told on purpose
        (Status.HIDDEN, "hidden", "隐"),
        (Status.HIDDEN, "unknown", "隐"),
        (Status.OK, "not_applicable", ""),
        (Status.OK, "none", ""),
    ],
)
def test_judgement_is_one_sign_and_hidden_is_neither_met_nor_missed(status: Status, state: Any, sign: str) -> None:
    printed = None if status is Status.HIDDEN else "75.0"
    row = town_row("BLD-04", printed=printed, status=status, target=Target(state, ">=", number("100")))
    assert row["判定"] == sign


def test_only_a_missed_target_looks_like_one() -> None:
    figures = {"SYS-01": make_figure("SYS-01", target=Target("met", ">=", number("80"))), "SYS-02": make_figure()}
    missed = {**figures, "SYS-02": make_figure(target=GAP)}
    made = [present.indicator_table(make_report(figures=each)) for each in (figures, missed)]
    assert [table.looks for table in made if isinstance(table, Table)] == [(), (CellLook(2, 8, "unmet"),)]


def test_judgement_never_contradicts_the_printed_number() -> None:
    row = town_row("REC-05", printed="96.0", precise=number("95.96"), target=Target("unmet", ">=", number("96")))
    assert (row["本年"], row["目标"], row["判定"]) == ("95.96", "≥96", "×")


@pytest.mark.parametrize(
    ("reason", "words"),
    [("small_base", "“议军事项办结率”基数较小"), ("approx", "“议军事项办结率”为概数"), ("above_best", "超过100%")],
)
def test_unranked_is_blank_and_the_note_tells_why(reason: str, words: str) -> None:
    others = {"SYS-01": make_figure("SYS-01", "75.0", rank=Rank(1, 2))}
    report = make_report(figures={**others, "SYS-02": make_figure(rank=Rank(reason=reason))})
    made = present.indicator_table(report)
    assert cells(made, "议军事项办结率")["位次"] == ""
    assert isinstance(made, Table)
    assert any(note.startswith("不排位的：") and words in note for note in made.notes)


def test_city_that_gave_nothing_is_told_once_in_the_document() -> None:
    given = make_report(figures=all_figures(REC_03=make_figure("REC-03", "80.0", city=make_comparison("82.7"))))
    counts = [present.legend(report).to_text().count("全市平均数据未提供") for report in (make_report(), given)]
    assert counts == [1, 0]


# --- growth and level


def test_level_and_growth_stand_in_rows_of_their_own() -> None:
    report = make_report(
        figures={"SUP-03": make_figure("SUP-03", "12.5", last_year=make_comparison("16000", "2000"))},
        answers=all_answers(sup_allowance_standard=Answer(Status.OK, "18000")),
        last_answers={"sup_allowance_standard": Answer(Status.OK, "16000")},
    )
    made = present.indicator_table(report)
    level, rate = cells(made, "义务兵家庭优待金年标准"), cells(made, "义务兵家庭优待金标准增速")
    assert [level[head] for head in ("单位", "本年", "同比")] == ["元", "18000", "+2000"]
    assert [rate[head] for head in ("单位", "本年", "同比")] == ["%", "12.5", "—"]


def test_level_that_is_an_indicator_has_no_second_row() -> None:
    made = present.indicator_table(make_report())
    assert isinstance(made, Table)
    assert [row[0] for row in made.rows if "经费投入合计" in row[0]] == ["武装工作经费投入合计"]


def test_county_level_is_the_sum_over_the_units_of_both_years() -> None:
    growth = make_county_figure("REC-10", "18.0", numerator=number("84"), denominator=number("466"))
    made = present.county_indicators(county_with(growth))
    level = cells(made, "报名应征大学生人数（两年均有数据的单位合计）")
    assert [level[head] for head in ("本年", "上年", "同比")] == ["550", "466", "+18.0%"]


def test_hidden_level_stays_hidden() -> None:
    report = make_report(
        figures={"REC-10": make_figure("REC-10", None, status=Status.HIDDEN)},
        answers=all_answers(rec_applied_college=HIDDEN_ANSWER),
    )
    level = cells(present.indicator_table(report), "报名应征大学生人数")
    assert [level[head] for head in ("本年", "同比")] == ["[隐]", "[隐]"]


# --- 同比


@pytest.mark.parametrize(
    ("code", "given", "text"),
    [
        ("EMG-04", approximate("-2434", "-2335", "down"), "−2434～−2335"),
        ("EMG-04", approximate("-8", "1", "about"), "大体相当"),
        ("EMG-04", approximate("5", "5", "up"), "+5"),
        ("EMG-04", approximate("55", "47007", "up"), "+55以上"),
        ("EMG-04", approximate("-47007", "-55", "down"), "−55以下"),
        ("SYS-02", make_comparison("80.0", "5.0", is_partial=True), "+5.0〔可比〕"),
        ("EMG-01", make_comparison("100", "12", "12.0", is_partial=True), "+12.0%〔可比〕"),
        ("SYS-02", approximate("-1.2", "-0.4", "down", is_partial=True), "−1.2～−0.4〔可比〕"),
    ],
)
def test_change_is_a_range_where_it_is_not_exact_and_marked_where_it_is_partial(
    code: str, given: Comparison, text: str
) -> None:
    assert numbers.change(make_county_figure(code, "90", last_year=given), indicators()[code]) == text


def test_difference_that_cannot_be_told_is_not_called_about_the_same() -> None:
    unbounded = make_comparison(
        "953", "6", status=Status.APPROX, low=number("-46920"), high=number("32"), trend="about"
    )
    made = present.peers(
        county_with(
            make_county_figure("EMG-04", "959", city=unbounded),
            make_county_figure("EMG-01", "9", city=make_comparison("8", "1")),
        )
    )
    assert cells(made, "乡村振兴和人居环境整治人次")["与全市差"] == "不能确定"


ROWS = (("甲", "+1〔可比〕"), ("乙", "—"), ("丙", "[隐]"), ("丁", ""), ("戊", "−2〔可比〕"))


@pytest.mark.parametrize(
    ("rows", "column", "notes"),
    [
        (ROWS, ["+1", "—", "[隐]", "", "−2"], ("同比为〔可比〕口径，按两年均有数据的单位计算",)),
        (
            (*ROWS, ("己", "+3")),
            ["+1", "—", "[隐]", "", "−2", "+3"],
            ("同比为〔可比〕口径，按两年均有数据的单位计算；“己”除外",),
        ),
        # as many without as with it: the marks stay
        ((*ROWS, ("己", "+3"), ("庚", "0")), ["+1〔可比〕", "—", "[隐]", "", "−2〔可比〕", "+3", "0"], ()),
    ],
)
def test_what_holds_for_most_changes_is_said_once(rows: Any, column: list[str], notes: tuple[str, ...]) -> None:
    made = matched_once(Table("表1", "题", (Column("指标"), Column("同比")), rows), "同比")
    assert [row[1] for row in made.rows] == column
    assert made.notes == notes


def test_units_behind_most_rows_are_a_note_and_the_others_are_named() -> None:
    rows = (("组", ""), ("甲", "17/18"), ("乙", "9/10"), ("丙", "17/18"), ("丁", "9/10"), ("戊", "1/1"))
    made = in_note(Table("表1", "题", (Column("指标"), Column("有效/应报")), rows, notes=("先",)), "有效/应报")
    assert made.rows == (("组",), ("甲",), ("乙",), ("丙",), ("丁",), ("戊",))
    assert made.notes == ("先", "有效填报单位/应报单位为17/18；“乙”“丁”9/10，“戊”1/1")


# --- what is to be acted on


def test_missed_targets_are_listed_with_their_gap_and_how_they_stood_last_year() -> None:
    figure = make_figure(target=GAP, rank=Rank(3, 17))
    made = present.to_act_on(make_report(figures={"SYS-02": figure}))
    row = cells(made, "议军事项办结率")
    assert [row[head] for head in ("本年", "目标", "差距", "位次")] == ["85.0%", "≥90%", "5.0", "3/17"]


def test_a_hidden_figure_and_a_yes_or_no_have_no_distance() -> None:
    hidden = make_figure("BLD-04", None, status=Status.HIDDEN, target=AIM)
    no = make_figure("SYS-03", "0.0", target=replace(AIM, gap=number("100.0")))
    made = present.to_act_on(make_report(figures={"BLD-04": hidden, "SYS-03": no}))
    rows = [cells(made, name) for name in ("专武干部配备率", "书记党管武装述职率")]
    assert [(row["本年"], row["差距"]) for row in rows] == [("[隐]", ""), ("否", "")]


def test_more_missed_targets_than_are_listed_are_counted() -> None:
    codes = [code for code, figure in all_figures().items() if indicators()[code].kind == "ratio"][:12]
    figures = {code: make_figure(code, target=GAP) for code in codes}
    made = present.to_act_on(make_report(figures=figures))
    assert isinstance(made, Table)
    assert f"另有{12 - len(made.rows)}项未达标" in made.notes[0]


@pytest.mark.parametrize(
    ("state", "words"),
    [("met", "本年度没有未达标的指标。"), ("hidden", "公布的指标中没有未达标，另有1项因数值过小不公布。")],
)
def test_hidden_target_is_never_a_reason_to_say_that_none_was_missed(state: Any, words: str) -> None:
    status = Status.HIDDEN if state == "hidden" else Status.OK
    figures = {
        "BLD-04": make_figure("BLD-04", status=status, target=Target(state, ">=", number("100"))),
        "SYS-02": make_figure(target=Target("met", ">=", number("80"))),
    }
    for made in (
        present.to_act_on(make_report(figures=figures)),
        present.unmet(county(figures={code: replace(figure, unit=COUNTY) for code, figure in figures.items()})),
    ):
        assert isinstance(made, Paragraph)
        assert words in made.text
        assert ("没有未达标的指标" in made.text) == (state == "met")


def test_the_county_names_the_units_that_missed_a_target_and_counts_those_not_told() -> None:
    report = three_towns(
        "SYS-03",
        make_figure("SYS-03", None, status=Status.HIDDEN, target=AIM),
        make_figure("SYS-03", None, status=Status.HIDDEN, target=Target("hidden", ">=", number("100"))),
        make_figure("SYS-03", "0.0", target=AIM),
        figures={"SYS-03": make_county_figure("SYS-03", "33.3", target=AIM, met=1, decided=3)},
    )
    assert cells(present.unmet(report), "书记党管武装述职率")["未达标单位"] == "云岭镇、青石镇；另有1个不公布"
    assert cells(present.county_indicators(report), "书记党管武装述职率")["未达标单位"] == "见表1"
    said = present.summary(report).to_text()
    assert "不足：未达标的有“书记党管武装述职率”3个单位中2个未达到（云岭镇、青石镇；另有1个不公布），见表1。" in said


# --- a few figures at a glance


def test_tiles_tell_how_targets_stand_and_three_figures() -> None:
    figures = {
        "SYS-01": make_figure("SYS-01", target=Target("met", ">=", number("80"))),
        "SYS-02": make_figure(target=GAP),
        "BLD-04": make_figure("BLD-04", None, status=Status.HIDDEN, target=Target("hidden", ">=", number("100"))),
        "REC-02": make_figure("REC-02", "14", last_year=make_comparison("12", "2", "16.7")),
        "REC-04": make_figure("REC-04", None, status=Status.HIDDEN),
        "FND-01": make_figure("FND-01", None),
    }
    tiles = present.key_figures(make_report(figures=figures)).tiles  # type: ignore[union-attr]
    assert [(tile.name, tile.value) for tile in tiles] == [
        ("设目标3项", "达标1项"),
        ("征集新兵数", "14名"),
        (indicators()["REC-04"].name, "不公布"),
        ("武装工作经费投入合计", "未填报"),
    ]
    assert tiles[0].lines == ("未达标1项，不公布1项",)
    assert "比上年增加2名" in "".join(tiles[1].lines)
    assert tiles[2].lines == ("数值过小",)


def test_the_county_opens_with_five_figures() -> None:
    tiles = present.county_figures(county()).tiles
    assert [tile.name for tile in tiles] == [
        indicators()[code].name for code in ("REC-02", "REC-04", "BLD-01", "SUP-02", "FND-01")
    ]


def test_explanations_are_a_paragraph_a_domain_under_its_name_and_no_domain_has_an_empty_one() -> None:
    figures = {"SYS-02": make_figure(last_year=Comparison(Status.SERIES_BREAK, Status.OK, number("80.0")))}
    said = present.explanations(make_report(figures=figures)).blocks
    assert all(isinstance(block, Paragraph) for block in said)
    names = [block.text.partition("：")[0] for block in said if isinstance(block, Paragraph)]
    assert set(names) <= set(DOMAINS.values())
    assert len(set(names)) == len(names)


# --- what was done


def work(report: Any) -> dict[str, tuple[str, ...]]:
    """The rows of a table of work by name; two stand beside each other in one row."""
    made = present.county_work_done(report) if hasattr(report, "towns") else present.work_done(report)
    assert isinstance(made, Table)
    halves = [half for row in made.rows for half in (row[:4], row[4:])]
    return {half[0]: half[1:] for half in halves if half[0]}


def test_work_of_a_town_is_its_answers_of_both_years() -> None:
    answers = all_answers(
        sup_households_due=Answer(Status.OK, "437", corrected=True),
        sup_households_visited=Answer(Status.APPROX, "435"),
    )
    last = {"sup_households_due": Answer(Status.OK, "440"), "sup_households_visited": Answer(Status.MISSING)}
    made = work(make_report(answers=answers, last_answers=last))
    assert made["应走访优抚对象户数"] == ("户", "437[更]", "440")
    assert made["已走访优抚对象户数"] == ("户", "约435", "")


def test_work_of_a_town_leaves_out_what_another_table_prints_and_what_is_hidden() -> None:
    made = work(make_report(answers=all_answers(sup_merit_due=HIDDEN_ANSWER)))
    assert "征集新兵人数" not in made  # an indicator of its own
    assert "义务兵家庭优待金年标准" not in made  # the row above its growth
    assert "应送立功喜报数" not in made
    assert {"已送达立功喜报数", "辖区中小学数"} <= set(made)


def of_county(figures: dict[str, Figure], last: dict[str, Figure] | None = None, **more: Any) -> Any:
    history = {code: {2020: figure} for code, figure in (last or {}).items()}
    return county(figures=figures, history={code: {} for code in figures} | history, **more)


def test_work_of_the_county_begins_with_the_sums_of_its_released_figures() -> None:
    ratio = make_county_figure("SUP-02", "98.8", numerator=number("2934"), denominator=number("2969"), units=1)
    before = make_county_figure("SUP-02", "97.1", numerator=number("2958"), denominator=number("3046"))
    report = of_county({"SUP-02": ratio}, {"SUP-02": before})
    assert work(report) == {
        "应走访优抚对象户数": ("户", "2969", "3046"),
        "已走访优抚对象户数": ("户", "2934", "2958"),
    }
    assert "有效填报单位/应报单位为1/2，不同的在项目后括号内注明" in present.county_work_done(report).to_text()


def test_a_sum_of_exact_answers_is_exact_though_the_ratio_is_not() -> None:
    ratio = make_county_figure(
        "SUP-04", "100.0", status=Status.APPROX, numerator=number("127"), denominator=number("120")
    )
    paid = {"sup_allowance_paid": Answer(Status.APPROX, "20"), "sup_allowance_due": Answer(Status.OK)}
    made = work(of_county({"SUP-04": ratio}, town_answers={TOWNS[0].code: paid}))
    assert (made["应发优待金户数"][1], made["已足额发放优待金户数"][1]) == ("120", "约127")


def test_sums_of_a_hidden_county_figure_are_hidden_too() -> None:
    hidden = make_county_figure("SUP-05", None, status=Status.HIDDEN)
    shown = make_county_figure("SUP-05", "88.2", numerator=number("30"), denominator=number("34"))
    other = make_county_figure("SUP-02", "97.1", numerator=number("2958"), denominator=number("3046"))
    assert "应送立功喜报数" not in work(of_county({"SUP-05": hidden, "SUP-02": other}, {"SUP-05": shown}))
    assert work(of_county({"SUP-05": shown}, {"SUP-05": hidden}))["应送立功喜报数"] == ("份", "34", "[隐]")


def test_a_sum_behind_several_ratios_is_that_over_the_most_units_and_fewer_are_told_beside_the_name() -> None:
    few = make_county_figure("REC-09", "5.46", numerator=number("209"), denominator=number("382451"), units=1)
    many = make_county_figure("FND-05", "9.70", numerator=number("413.23"), denominator=number("425960"), units=2)
    made = work(of_county({"REC-09": few, "FND-05": many}))
    assert made["年末常住人口"] == ("人", "425960", "")
    assert made["征集新兵人数（1/2）"] == ("名", "209", "")


def test_a_growth_and_a_share_of_units_have_no_sums() -> None:
    growth = make_county_figure("REC-10", "18.0", numerator=number("84"), denominator=number("466"))
    share = make_county_figure("SYS-03", "87.5", numerator=number("14"), denominator=number("16"))
    assert present.county_work_done(of_county({"REC-10": growth, "SYS-03": share})).to_text() == ""


def total(text: str, units: int = 2, status: Status = Status.OK) -> Total:
    return Total(number(text), status, units, 2)


def test_work_of_the_county_tells_every_other_question_and_counts_who_says_yes() -> None:
    report = county(
        figures={},
        totals={"mil_contests": total("7"), "sys_on_agenda": total("1"), "rec_home_visits": total("30", 1)},
        last_totals={"mil_contests": total("5", status=Status.APPROX)},
    )
    assert work(report) == {
        "武装工作列入党委议事日程": ("个单位", "1", ""),
        "入户宣讲走访户次（1/2）": (variables()["rec_home_visits"].unit, "30", ""),
        "参加上级集训比武考核次数": ("次", "7", "约5"),
    }


def test_money_stands_by_source_and_use_with_the_whole_last() -> None:
    totals = {
        "fnd_total": total("691.35"),
        "fnd_county": total("278.1"),
        "fnd_town": total("400"),
        "fnd_edu": total("60.5", 1, Status.APPROX),
        "fnd_other": Total(number("0"), Status.MISSING, 0, 2),
    }
    made = present.funds_table(county(totals=totals, last_totals={"fnd_county": total("250")}))
    assert isinstance(made, Table)
    assert made.rows == (
        ("县级财政投入", "278.10", "250.00", "2/2"),
        ("镇街投入", "400.00", "", "2/2"),
        ("其他来源", "", "", "0/2"),
        ("用于国防教育", "约60.50", "", "1/2"),
        ("武装工作经费投入合计", "691.35", "", "2/2"),
    )
    assert made.strong == (4,)


# --- the county's matrices


def test_every_unit_stands_with_value_and_place_and_the_best_third_on_grey() -> None:
    figures = [
        make_figure(printed="50.0", small_base=True, rank=Rank(reason="small_base")),
        make_figure(printed="80.0", rank=Rank(4, 9), target=GAP),
        make_figure(printed="90.0", rank=Rank(3, 9)),
    ]
    made = present.ranked_matrix(three_towns("SYS-02", *figures))
    assert isinstance(made, Table)
    assert made.rows == (
        ("全县", "90.0"),
        ("云岭镇", "50.0※"),
        ("石桥镇", "80.0×\n4"),
        ("青石镇", "90.0\n3"),
    )
    assert made.looks == (CellLook(3, 1, "shaded"),)


def test_shared_places_are_marked() -> None:
    tied = make_figure(printed="80.0", rank=Rank(1, 3, tied=True))
    made = present.ranked_matrix(three_towns("SYS-02", tied, make_figure(printed="70.0", rank=Rank(3, 3)), tied))
    assert isinstance(made, Table)
    assert [row[1] for row in made.rows[1:]] == ["80.0\n1=", "70.0\n3", "80.0\n1="]


def test_targets_are_counted_both_ways_with_whoever_misses_most_first() -> None:
    hidden = Target("hidden", ">=", number("100"))
    signs = {
        TOWNS[0].code: {"SYS-01": GAP, "SYS-02": Target("met", ">=", number("80"))},
        TOWNS[1].code: {"SYS-01": GAP, "SYS-02": GAP},
    }
    towns = {unit: {c: make_figure(c, target=t) for c, t in by_code.items()} for unit, by_code in signs.items()}
    towns[THREE[2].code] = {"SYS-02": make_figure(printed=None, status=Status.HIDDEN, target=hidden)}
    made = present.targets_matrix(county(units=THREE, towns=towns))
    assert isinstance(made, Table)
    assert made.rows == (
        ("石桥镇", "×", "×", "2"),
        ("云岭镇", "×", "√", "1"),
        ("青石镇", "", "隐", "0"),
        ("×数", "2", "1", "3"),
    )
    assert set(made.looks) == {CellLook(0, 1, "unmet"), CellLook(0, 2, "unmet"), CellLook(1, 1, "unmet")}


# --- the county's units


def test_units_stand_in_code_order_below_the_total() -> None:
    made = present.units_table(county(), 2)
    assert isinstance(made, Table)
    assert [row[0] for row in made.rows] == ["全县合计", "云岭镇", "石桥镇"]
    assert "各指标有效填报单位均为2个（应报2个）" in made.notes
    assert made.strong == (0,)


def test_sum_over_missing_units_is_titled_as_such() -> None:
    partial = county_with(make_county_figure("REC-02", "90", units=1), receipts={TOWNS[1].code: Receipt.NOT_REPORTED})
    made = present.units_table(partial, 1)
    assert isinstance(made, Table)
    assert [row[0] for row in made.rows] == ["已上报单位合计", "有效/应报单位", "云岭镇", "石桥镇（未上报）"]
    assert "全县合计" not in made.to_text()
    assert "（合计数为已上报单位合计）" in present.county_indicators(partial).to_text()


def test_growth_over_fewer_units_does_not_make_the_total_one_of_fewer_units() -> None:
    growth, ratio = (make_county_figure(code, "18.0", units=1) for code in ("REC-10", "REC-05"))
    heads = [present.units_table(county_with(each), 1).to_text() for each in (growth, ratio)]
    assert ["已上报单位合计" in head for head in heads] == [False, True]


def test_county_own_funds_stand_in_a_row_of_their_own() -> None:
    own = {"FND-01": make_figure("FND-01", "278.12", unit=COUNTY)}
    made = present.units_table(county(own=own), 4)
    assert isinstance(made, Table)
    assert "278.12" in next(row for row in made.rows if row[0] == "县级本级")


def test_total_of_a_yes_or_no_column_counts_units() -> None:
    share = make_county_figure("SYS-03", "88.2", numerator=number("15"), denominator=number("17"))
    made = present.units_table(county_with(share), 1)
    assert isinstance(made, Table)
    assert "15/17" in made.rows[0]
    assert "88.2" not in made.to_text()


def test_county_row_is_not_counted_among_the_units_due() -> None:
    own = {"FND-01": make_figure("FND-01", "278.12", unit=COUNTY)}
    text = present.county_indicators(
        county(figures={"FND-01": make_county_figure("FND-01", "691.35", units=3, due=3)}, own=own)
    ).to_text()
    assert "有效填报单位/应报单位为2/2" in text
    assert "“武装工作经费投入合计”另含县级本级" in text


@pytest.mark.parametrize(
    ("own", "counts", "is_told"), [(Status.OK, "1/1", True), (Status.NOT_APPLICABLE, "2/2", False)]
)
def test_county_row_is_told_apart_where_it_is_asked(own: Status, counts: str, is_told: bool) -> None:
    # one town and the county; the other town has no course
    days = make_county_figure("EDU-05", "94.3", units=2, due=2)
    of_itself = make_figure("EDU-05", "100.0" if own is Status.OK else None, unit=COUNTY, status=own)
    text = present.county_indicators(county(figures={"EDU-05": days}, own={"EDU-05": of_itself})).to_text()
    assert f"有效填报单位/应报单位为{counts}" in text
    assert ("“集中国防教育天数落实率”另含县级本级" in text) == is_told


def test_notes_tell_who_reported_in_person() -> None:
    answers = {
        TOWNS[0].code: {"sys_duty_report": Answer(Status.OK, "现场")},
        TOWNS[1].code: {"sys_duty_report": Answer(Status.MISSING)},
    }
    text = present.units_table(county(town_answers=answers), 1).to_text()
    assert "书记党管武装述职方式：现场1个、书面0个、未述职0个；现场的单位：云岭镇" in text


def test_first_secretary_duties_are_listed_with_what_is_required() -> None:
    made = present.own(county(answers={"sys_fs_office_months": Answer(Status.OK, "11")}))
    assert isinstance(made, Table)
    assert made.rows[0] == ("第一书记到人武部办公的月份数", "12个月", "11个月")


# --- said once


def blocks_of_the_county(report: Any) -> list[Any]:
    """The tables of the county's document in its order."""
    made = [present.unmet(report), present.peers(report), present.county_indicators(report)]
    made += [present.ranked_matrix(report), present.targets_matrix(report)]
    made += [present.units_table(report, number) for number in range(1, 5)]
    made += [present.funds_table(report), present.own(report), present.county_work_done(report)]
    return [block for block in made if isinstance(block, Table)]


def test_county_document_numbers_every_table_once() -> None:
    whole = make_county_figure(target=GAP, numerator=number("8"), denominator=number("9"))
    given = county_with(whole, totals={"fnd_total": total("9"), "fnd_county": total("5")})
    tables = blocks_of_the_county(given)
    assert len(tables) == 11
    assert [made.number for made in tables] == [f"表{n}" for n in range(1, 12)]


def test_town_document_numbers_every_table_once() -> None:
    report = make_report(figures=all_figures(SYS_02=make_figure(target=GAP)))
    made = [present.to_act_on(report), present.indicator_table(report), present.work_done(report)]
    assert [table.number for table in made if isinstance(table, Table)] == ["表1", "表2", "表3"]


@pytest.mark.parametrize("report", [make_report(), county()], ids=["town", "county"])
def test_source_and_the_marks_of_the_change_column_are_explained_once_in_the_legend(report: Any) -> None:
    text = present.legend(report).to_text()
    for words in ("大体相当", "可能的范围", "末位数1", "资料来源："):
        assert text.count(words) == 1, words
    tables = blocks_of_the_county(report) if report.place == 0 else [present.indicator_table(report)]
    assert not any("资料来源" in made.to_text() for made in tables)
