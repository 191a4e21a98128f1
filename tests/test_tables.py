"""No table says what is not so: blank is no data and — not applicable, hidden is not met, one name is one measure."""

from __future__ import annotations

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
from stats.figures import Answer, Comparison, Figure, Rank, Target
from stats.params import Unit
from stats.present.blocks import Table

HIDDEN = Comparison(Status.HIDDEN, Status.HIDDEN)
THREE = (*TOWNS, Unit(code="990101103000", name="青石镇", type="镇"))


def cells(made: Any, name: str) -> dict[str, str]:
    """The row of this name by the heads of its columns."""
    assert isinstance(made, Table)
    heads = [column.head for column in made.columns]
    return next(dict(zip(heads, row, strict=True)) for row in made.rows if row[0] == name)


def town_table(domain: str, **figures: Figure) -> Table:
    made = present.table(make_report(figures=all_figures(**figures)), domain)
    assert isinstance(made, Table)
    return made


def three_towns(code: str, *figures: Figure, **overrides: Any) -> Any:
    towns = {unit.code: {**all_figures(), code: figure} for unit, figure in zip(THREE, figures, strict=True)}
    return make_county_report(units=THREE, towns=towns, **overrides)


def approximate(low: str, high: str, trend: str, **more: Any) -> Comparison:
    """A difference of which only the interval is known."""
    ends = {"low": number(low), "high": number(high), "trend": trend}
    return make_comparison("953", low, status=Status.APPROX, **ends, **more)


# --- marks


def test_city_that_gave_nothing_has_no_column_and_one_note_in_the_document() -> None:
    report = make_report()
    made = [present.table(report, domain) for domain in DOMAINS]
    assert not any("全市" in block.to_text() for block in made)
    assert present.legend(report).to_text().count("全市平均数据未提供") == 1


def test_city_that_gave_a_figure_has_a_column_with_blanks_for_the_others() -> None:
    given = make_figure("REC-03", "80.0", city=make_comparison("82.7", "-2.7"))
    made = town_table("REC", REC_03=given)
    assert cells(made, "新兵中大学生占比")["全市"] == "82.7"
    assert cells(made, "兵役登记率")["全市"] == ""
    report = make_report(figures=all_figures(REC_03=given))
    assert "全市平均数据未提供" not in present.legend(report).to_text()


@pytest.mark.parametrize(
    ("reason", "words"),
    [("small_base", "“议军事项办结率”基数较小"), ("approx", "“议军事项办结率”为概数"), ("above_best", "超过100%")],
)
def test_unranked_is_blank_and_the_note_tells_why(reason: str, words: str) -> None:
    others = {"SYS_01": make_figure("SYS-01", "75.0", rank=Rank(1, 2))}
    made = town_table("SYS", SYS_02=make_figure(rank=Rank(reason=reason)), **others)
    assert cells(made, "议军事项办结率")["位次"] == ""
    assert any(note.startswith("不排位的：") and words in note for note in made.notes)


def test_neutral_indicator_is_blank_in_places_and_explained_in_the_legend() -> None:
    made = town_table("REC", REC_02=make_figure("REC-02", "14", rank=Rank(reason="neutral")))
    assert cells(made, "征集新兵数")["位次"] == ""
    assert "空格的不排位，为不分优劣或不作评比的指标" in present.legend(make_report()).to_text()


def test_columns_of_marks_alone_are_left_out_and_named() -> None:
    made = town_table("EMG", **{f"EMG_0{n}": make_figure(f"EMG-0{n}", "5", last_year=HIDDEN) for n in range(1, 6)})
    heads = [column.head for column in made.columns]
    assert "同比" not in heads
    assert "位次" not in heads
    assert "上年、同比栏没有可列的数，略去" in "；".join(made.notes).replace("上年、同比、全县", "上年、同比")
    assert "本表指标不排位" in made.notes


def test_table_without_targets_has_no_columns_for_them() -> None:
    figures = {f"FND_0{n}": make_figure(f"FND-0{n}", "5.00", rank=Rank(n, 9)) for n in range(1, 7)}
    heads = [column.head for column in town_table("FND", **figures).columns]
    assert "位次" in heads
    assert not {"目标", "状态"} & set(heads)


def test_no_target_is_blank_beside_targets() -> None:
    made = town_table("SYS", SYS_02=make_figure())
    assert (cells(made, "议军事项办结率")["目标"], cells(made, "议军事项办结率")["状态"]) == ("", "")


# --- growth and level


def test_level_and_growth_stand_in_rows_of_their_own() -> None:
    growth = make_figure("SUP-03", "12.5", last_year=make_comparison("16000", "2000"))
    report = make_report(
        figures=all_figures(SUP_03=growth),
        answers=all_answers(sup_allowance_standard=Answer(Status.OK, "18000")),
        last_answers={"sup_allowance_standard": Answer(Status.OK, "16000")},
    )
    made = present.table(report, "SUP")
    level = cells(made, "义务兵家庭优待金年标准")
    assert [level[head] for head in ("单位", "本年", "上年", "同比")] == ["元", "18000", "16000", "+2000"]
    rate = cells(made, "义务兵家庭优待金标准增速")
    assert [rate[head] for head in ("单位", "本年", "上年", "同比")] == ["%", "12.5", "—", "—"]


def test_level_that_is_an_indicator_has_no_second_row() -> None:
    made = town_table("FND")
    assert [row[0] for row in made.rows if "经费投入合计" in row[0]] == ["武装工作经费投入合计"]


def test_county_level_is_the_sum_over_the_units_of_both_years() -> None:
    growth = make_county_figure("REC-10", "18.0", numerator=number("84"), denominator=number("466"))
    report = make_county_report()
    made = present.table(make_county_report(figures={**report.figures, "REC-10": growth}), "REC")
    level = cells(made, "报名应征大学生人数（两年均有数据的单位合计）")
    assert [level[head] for head in ("本年", "上年", "同比")] == ["550", "466", "+18.0%"]


def test_hidden_level_stays_hidden() -> None:
    report = make_report(
        figures=all_figures(REC_10=make_figure("REC-10", None, status=Status.HIDDEN)),
        answers=all_answers(rec_applied_college=Answer(Status.HIDDEN)),
    )
    level = cells(present.table(report, "REC"), "报名应征大学生人数")
    assert [level[head] for head in ("本年", "上年", "同比")] == ["[隐]", "", "[隐]"]


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


def test_legend_explains_the_marks_of_the_change_column() -> None:
    text = present.legend(make_county_report()).to_text()
    for words in ("“〔可比〕”表示", "大体相当", "可能的范围", "末位数1", "资料来源："):
        assert text.count(words) == 1, words


def test_difference_from_the_county_of_approximations_is_a_range() -> None:
    about = make_figure(printed="80.0", county=approximate("1.2", "1.9", "up"), rank=Rank(1, 2))
    report = three_towns("SYS-02", about, make_figure(rank=Rank(2, 2)), make_figure(rank=Rank(reason="approx")))
    made = present.ranking_table(report, "SYS").blocks[0]
    assert isinstance(made, Table)
    heads = [column.head for column in made.columns]
    assert made.rows[0][heads.index("与全县之差")] == "+1.2～+1.9"


def test_difference_from_the_county_that_cannot_be_told_is_not_called_about_the_same() -> None:
    unbounded = make_comparison(
        "953", "6", status=Status.APPROX, low=number("-46920"), high=number("32"), trend="about"
    )
    figures = [make_figure(printed=f"{n}0.0", county=unbounded, rank=Rank(10 - n, 9)) for n in (9, 8, 7)]
    made = present.ranking_table(three_towns("SYS-02", *figures), "SYS").blocks[0]
    assert "大体相当" not in made.to_text()
    assert "与全县之差栏没有可列的数，略去" in made.to_text()


def test_judgement_never_contradicts_the_printed_number() -> None:
    target = Target("unmet", ">=", number("96"), number("0.04"))
    figure = make_figure("REC-05", "96.0", precise=number("95.96"), target=target)
    row = cells(town_table("REC", REC_05=figure), "兵役登记率")
    assert (row["本年"], row["状态"]) == ("95.96", "未达标")


# --- hidden


def test_hidden_figure_whose_state_is_told_shows_mark_and_state() -> None:
    hidden = make_figure("BLD-04", None, status=Status.HIDDEN, target=Target("unmet", ">=", number("100")))
    row = cells(town_table("BLD", BLD_04=hidden), "专武干部配备率")
    assert (row["本年"], row["状态"]) == ("[隐]", "未达标")


def test_distance_of_a_hidden_figure_is_hidden_and_not_inapplicable() -> None:
    hidden = make_figure("BLD-04", None, status=Status.HIDDEN, target=Target("unmet", ">=", number("100")))
    no = make_figure("SYS-03", "0.0", target=Target("unmet", ">=", number("100"), number("100.0")))
    made = present.problems(make_report(figures=all_figures(BLD_04=hidden, SYS_03=no))).blocks[0]
    assert cells(made, "专武干部配备率")["相差"] == "[隐]"
    assert cells(made, "书记党管武装述职率")["相差"] == "—"


@pytest.mark.parametrize("state", ["unknown", "hidden"])
def test_hidden_figure_whose_state_is_not_told_is_not_public(state: Any) -> None:
    hidden = make_figure("BLD-04", None, status=Status.HIDDEN, target=Target(state, ">=", number("100")))
    assert cells(town_table("BLD", BLD_04=hidden), "专武干部配备率")["状态"] == "不公布"


def test_overview_tells_hidden_apart_and_adds_up() -> None:
    report = make_county_report()
    aim = (">=", number("90"))
    changed = {
        "SYS-01": make_county_figure("SYS-01", target=Target("met", *aim)),
        "SYS-02": make_county_figure("SYS-02", target=Target("unmet", *aim)),
        "SYS-03": make_county_figure("SYS-03", None, status=Status.HIDDEN, target=Target("hidden", *aim)),
        "SYS-04": make_county_figure("SYS-04", target=Target("unknown", *aim)),
        "SYS-05": make_county_figure("SYS-05", None, status=Status.HIDDEN, target=Target("unmet", *aim)),
        "SYS-06": make_county_figure("SYS-06", None, target=Target("not_applicable", *aim)),
    }
    row = cells(present.overview(make_county_report(figures={**report.figures, **changed})), "党管武装制度落实")
    assert list(row.values())[1:] == ["7", "5", "1", "2", "1", "1"]
    assert list(row)[1:] == ["指标数", "设目标", "达标", "未达标", "不公布", "缺数或概数不能判定"]


def test_compliance_counts_hidden_units_apart_and_lists_a_told_state() -> None:
    aim = Target("unmet", ">=", number("100"))
    report = three_towns(
        "SYS-03",
        make_figure("SYS-03", None, status=Status.HIDDEN, target=aim),
        make_figure("SYS-03", None, status=Status.HIDDEN, target=Target("hidden", ">=", number("100"))),
        make_figure("SYS-03", "100.0", target=Target("met", ">=", number("100"))),
    )
    row = cells(present.compliance_table(report, "SYS"), "书记党管武装述职率")
    assert [row[head] for head in ("达标", "未达标", "不公布", "未达标单位")] == ["1", "1", "1", "云岭镇"]


# --- one name, one measure


def test_total_of_a_yes_or_no_column_counts_units() -> None:
    report = make_county_report()
    share = make_county_figure("SYS-03", "88.2", numerator=number("15"), denominator=number("17"))
    made = present.basic_table(make_county_report(figures={**report.figures, "SYS-03": share}), "SYS")
    row = cells(made, "全县合计")
    assert row["书记党管武装述职率（是/否）"] == "15/17"
    assert "88.2" not in made.to_text()


def test_head_of_a_yes_or_no_column_says_so_and_a_degree_is_in_percent() -> None:
    made = present.basic_table(make_county_report(), "SYS")
    assert isinstance(made, Table)
    heads = [column.head for column in made.columns]
    assert "过“军事日”落实（是/否）" in heads
    assert "党委议军会议季度落实率（%）" in heads


def test_judgement_of_the_county_counts_the_units_that_comply() -> None:
    report = make_county_report()
    degree = make_county_figure(
        "SYS-01", "94.1", met=14, decided=17, target=Target("unmet", ">=", number("100"), number("5.9"))
    )
    made = present.table(make_county_report(figures={**report.figures, "SYS-01": degree}), "SYS")
    row = cells(made, "党委议军会议季度落实率")
    assert (row["本年"], row["状态"]) == ("94.1", "未达标（14/17）")


def test_growth_over_fewer_units_does_not_make_the_total_one_of_fewer_units() -> None:
    report = make_county_report()
    growth = {**report.figures, "REC-10": make_county_figure("REC-10", "18.0", units=1)}
    ratio = {**report.figures, "REC-05": make_county_figure("REC-05", "98.0", units=1)}
    heads = [present.basic_table(make_county_report(figures=given), "REC").to_text() for given in (growth, ratio)]
    assert "全县合计" in heads[0]
    assert "已上报单位合计" in heads[1]


# --- said once


def test_source_stands_in_the_legend_and_under_no_table() -> None:
    for report in (make_report(), make_county_report()):
        assert not any("资料来源" in present.table(report, domain).to_text() for domain in DOMAINS)
        assert not any("资料来源" in present.chart(report, domain).to_text() for domain in DOMAINS)
        assert present.legend(report).to_text().count("资料来源") == 1


def test_lines_and_signs_of_charts_are_explained_once() -> None:
    for report, words in (
        (make_report(), "图中■为本单位，◇为全县，┃为目标"),
        (make_county_report(), "图中虚线为全县，实线为目标"),
    ):
        assert present.legend(report).to_text().count(words) == 1
        assert not any("为全县" in present.chart(report, domain).to_text() for domain in DOMAINS)


def test_units_behind_a_table_are_said_once_where_they_are_the_same() -> None:
    made = present.table(make_county_report(), "MIL")
    assert isinstance(made, Table)
    assert "有效/应报单位" not in [column.head for column in made.columns]
    assert "各指标有效填报单位均为2个（应报2个）" in made.notes


def test_county_row_is_not_counted_among_the_units_due() -> None:
    report = make_county_report()
    funds = make_county_figure("FND-01", "691.35", units=3, due=3)
    own = {"FND-01": make_figure("FND-01", "278.12", unit=COUNTY)}
    made = present.table(make_county_report(figures={**report.figures, "FND-01": funds}, own=own), "FND")
    assert "各指标有效填报单位均为2个（应报2个）" in made.to_text()
    assert "“武装工作经费投入合计”另含县级本级" in made.to_text()


def test_county_row_is_told_apart_where_a_town_is_not_asked() -> None:
    days = make_county_figure("EDU-05", "94.3", units=2, due=2)  # one town and the county; the other has no course
    own = {"EDU-05": make_figure("EDU-05", "100.0", unit=COUNTY)}
    report = make_county_report()
    made = present.table(make_county_report(figures={**report.figures, "EDU-05": days}, own=own), "EDU")
    assert cells(made, "集中国防教育天数落实率")["有效/应报单位"] == "1/1"
    assert "“集中国防教育天数落实率”另含县级本级" in made.to_text()


def test_county_row_that_is_not_asked_is_not_counted() -> None:
    days = make_county_figure("EDU-05", "94.3")
    own = {"EDU-05": make_figure("EDU-05", None, unit=COUNTY, status=Status.NOT_APPLICABLE)}
    report = make_county_report()
    made = present.table(make_county_report(figures={**report.figures, "EDU-05": days}, own=own), "EDU")
    assert "各指标有效填报单位均为2个（应报2个）" in made.to_text()
    assert "另含县级本级" not in made.to_text()


# --- places


def test_value_above_the_best_has_a_word_in_place_of_a_place() -> None:
    over = make_figure("BLD-04", "133.3", exceeds_whole=True, rank=Rank(reason="above_best"))
    first, second = make_figure("BLD-04", "100.0", rank=Rank(1, 2)), make_figure("BLD-04", "75.0", rank=Rank(2, 2))
    made = present.ranking_table(three_towns("BLD-04", over, first, second), "BLD")
    table = next(block for block in made.blocks if "专武干部配备率位次" in block.to_text())
    assert isinstance(table, Table)
    assert [(row[0], row[1], row[-1]) for row in table.rows[:3]] == [
        ("1", "石桥镇", ""),
        ("2", "青石镇", ""),
        ("", "云岭镇", "超配"),
    ]


def test_indicator_that_falls_with_size_has_no_ranking_but_a_sentence() -> None:
    size = [make_figure("FND-05", "9.70", rank=Rank(reason="size")) for _ in THREE]
    made = present.ranking_table(three_towns("FND-05", *size), "FND").to_text()
    assert "人均武装工作经费位次" not in made
    assert "“人均武装工作经费”随单位大小而变，不作全县排位" in made


def test_indicator_ranked_in_groups_has_a_table_for_each() -> None:
    places = [Rank(1, 2, group="镇"), Rank(2, 2, group="镇"), Rank(1, 1, group="乡")]
    report = three_towns("FND-05", *(make_figure("FND-05", f"{9 + n}.00", rank=r) for n, r in enumerate(places)))
    titles = [block.title for block in present.ranking_table(report, "FND").blocks if isinstance(block, Table)]
    assert "2021年安澜县各单位人均武装工作经费位次（镇）" in titles
    assert not any("人均武装工作经费位次（乡）" in title for title in titles)


def test_ranking_in_which_all_share_one_place_is_a_sentence() -> None:
    tied = make_figure(printed="100.0", rank=Rank(1, 3, tied=True))
    made = present.ranking_table(three_towns("SYS-02", tied, tied, tied), "SYS").to_text()
    assert "议军事项办结率位次" not in made
    assert "“议军事项办结率”可排位的单位不足两个，或都并列同一位次，不列位次表。" in made
