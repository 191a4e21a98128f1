"""What a sentence names as a base stands in a table of the same document, as far as the edition shows it."""

from __future__ import annotations

from typing import Any

from make_report import (
    all_answers,
    all_figures,
    make_county_figure,
    make_county_report,
    make_figure,
    make_report,
    number,
)
from stats import present
from stats.catalogue.status import Status
from stats.figures import HIDDEN_ANSWER, Answer, Figure
from stats.present.blocks import Group, Table
from stats.receipt import Receipt


def rows(block: Any) -> dict[str, tuple[str, ...]]:
    assert isinstance(block, Table)
    return {row[0]: row[1:] for row in block.rows}


def county(figures: dict[str, Figure], last: dict[str, Figure] | None = None) -> Any:
    history = {code: {2020: figure} for code, figure in (last or {}).items()}
    return make_county_report(figures=figures, history={code: {} for code in figures} | history)


def test_bases_of_a_town_are_its_answers_of_both_years() -> None:
    answers = all_answers(
        sup_households_due=Answer(Status.OK, "437"), sup_households_visited=Answer(Status.APPROX, "435")
    )
    last = {"sup_households_due": Answer(Status.OK, "440"), "sup_households_visited": Answer(Status.MISSING)}
    made = rows(present.bases(make_report(answers=answers, last_answers=last)))
    assert made["应走访优抚对象户数"] == ("户", "437", "440")
    assert made["已走访优抚对象户数"] == ("户", "约435", "")


def test_bases_leave_out_what_another_table_prints_and_what_is_no_number() -> None:
    seasons = {"rec_applied": {"spring": Answer(Status.OK, "5")}}
    made = rows(present.bases(make_report(seasons=seasons, last_answers={"bas_schools": Answer(Status.OK, "6")})))
    assert "辖区中小学数" in made
    assert "征集新兵人数" not in made  # an indicator of its own
    assert "义务兵家庭优待金年标准" not in made  # the row above its growth
    assert "报名应征人数" not in made  # in the table of seasons
    assert not any("述职方式" in name for name in made)


def test_a_hidden_answer_has_no_row() -> None:
    made = rows(present.bases(make_report(answers=all_answers(sup_merit_due=HIDDEN_ANSWER))))
    assert "应送立功喜报数" not in made
    assert "已送达立功喜报数" in made


def test_an_answer_behind_no_released_figure_has_no_row() -> None:
    figures = {code: figure for code, figure in all_figures().items() if not code.startswith("SUP")}
    assert "应走访优抚对象户数" not in rows(present.bases(make_report(figures=figures)))


def test_bases_of_the_county_are_the_sums_of_its_released_figures() -> None:
    ratio = make_county_figure("SUP-02", "98.8", numerator=number("2934"), denominator=number("2969"), units=1)
    before = make_county_figure("SUP-02", "97.1", numerator=number("2958"), denominator=number("3046"))
    made = present.bases(county({"SUP-02": ratio}, {"SUP-02": before}))
    assert rows(made) == {"应走访优抚对象户数": ("户", "2969", "3046"), "已走访优抚对象户数": ("户", "2934", "2958")}
    assert "各指标有效填报单位均为1个（应报2个）" in made.to_text()


def test_a_sum_of_exact_answers_is_exact_though_the_ratio_is_not() -> None:
    ratio = make_county_figure(
        "SUP-04", "100.0", status=Status.APPROX, numerator=number("127"), denominator=number("120")
    )
    towns = {
        "990101101000": {"sup_allowance_paid": Answer(Status.APPROX, "20"), "sup_allowance_due": Answer(Status.OK)}
    }
    report = make_county_report(figures={"SUP-04": ratio}, history={}, town_answers=towns)
    made = rows(present.bases(report))
    assert made["应发优待金户数"][1] == "120"
    assert made["已足额发放优待金户数"][1] == "约127"


def test_sums_of_a_hidden_county_figure_are_hidden_too() -> None:
    hidden = make_county_figure("SUP-05", None, status=Status.HIDDEN)
    shown = make_county_figure("SUP-05", "88.2", numerator=number("30"), denominator=number("34"))
    assert present.bases(county({"SUP-05": hidden}, {"SUP-05": shown})) == Group()
    other = make_county_figure("SUP-02", "97.1", numerator=number("2958"), denominator=number("3046"))
    made = county({"SUP-05": shown, "SUP-02": other}, {"SUP-05": hidden, "SUP-02": other})
    assert rows(present.bases(made))["应送立功喜报数"] == ("份", "34", "[隐]")


def test_a_sum_behind_several_ratios_is_that_over_the_most_units() -> None:
    few = make_county_figure("REC-09", "5.46", numerator=number("209"), denominator=number("382451"), units=1)
    many = make_county_figure("FND-05", "9.70", numerator=number("413.23"), denominator=number("425960"), units=2)
    made = rows(present.bases(county({"REC-09": few, "FND-05": many})))
    assert made["年末常住人口"] == ("人", "425960", "2/2")
    assert made["征集新兵人数"] == ("名", "209", "1/2")


def test_table_of_bases_is_numbered_before_the_quality_of_the_return() -> None:
    answers = all_answers(fnd_total=Answer(Status.REDACTED))
    report = make_report(answers=answers)
    bases, quality = present.bases(report), present.quality(report)
    assert isinstance(bases, Table)
    numbers = [block.number for block in (bases, *quality.blocks) if isinstance(block, Table)]
    assert [int(text[1:]) for text in numbers] == [int(numbers[0][1:]), int(numbers[0][1:]) + 1]


def test_unit_without_a_return_has_no_bases() -> None:
    assert present.bases(make_report(receipt=Receipt.NOT_REPORTED, figures={}, answers={}, history={})) == Group()


def test_a_growth_and_a_share_of_units_have_no_bases_of_the_county() -> None:
    growth = make_county_figure("REC-10", "18.0", numerator=number("84"), denominator=number("466"))
    share = make_county_figure("SYS-03", "87.5", numerator=number("14"), denominator=number("16"))
    assert present.bases(county({"REC-10": growth, "SYS-03": share})) == Group()


def test_base_of_a_town_that_is_corrected_is_marked() -> None:
    answers = all_answers(sup_households_due=Answer(Status.OK, "437", corrected=True))
    figures = all_figures(SUP_02=make_figure("SUP-02", "99.5"))
    assert rows(present.bases(make_report(figures=figures, answers=answers)))["应走访优抚对象户数"][1] == "437[更]"
