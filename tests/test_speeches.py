"""附件7 and 附件8: what is said follows from the figures and names its table; what was missed is never under 成绩."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from make_report import (
    TOWNS,
    all_answers,
    all_figures,
    make_comparison,
    make_county_report,
    make_figure,
    make_report,
    number,
)
from stats import present, report
from stats.catalogue.indicators import indicators
from stats.catalogue.short_names import SHORT_NAMES
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.figures import Answer, Target, Total
from stats.present.blocks import Group, Table
from stats.present.statements import COUNTED, DONE, DUTY, GAP, NOT_HELD, PEERS, SPEECH
from stats.receipt import Receipt

PROJECT = Path(__file__).parents[1]


def duty(**overrides: object) -> Table:
    made = present.duty_table(make_report(**overrides))
    assert isinstance(made, Table)
    return made


def parts(made: Table) -> tuple[str, str]:
    """成绩 and 不足, each as one text."""
    last = made.groups[1]
    return "".join(row[0] for row in made.rows[:last]), "".join(row[0] for row in made.rows[last:])


def test_a_statement_names_the_table_its_figures_stand_in() -> None:
    places = {row[0]: row[1] for row in duty().rows}
    said = next(text for text in places if "征兵宣传活动" in text)
    assert "开展征兵宣传活动10场" in said
    # no target is missed: 表1 holds the indicators, 表2 the answers
    assert places[said] == "表1、表2"


def test_a_missed_target_is_told_under_what_is_lacking_and_nowhere_else() -> None:
    missed = make_figure(
        "REC-05", "85.0", target=Target("unmet", ">=", number("96"), gap=number("11.0"), basis="param")
    )
    done, lacking = parts(duty(figures=all_figures(REC_05=missed)))
    assert "兵役登记率" not in done
    assert "兵役登记率85.0%，未达到目标要求（不低于96%），差11.0个百分点" in lacking


def test_a_no_is_lacking_and_an_answer_that_was_not_given_is_a_gap() -> None:
    given = all_answers(
        rec_farewell_held=Answer(Status.OK, "否"),
        rec_home_visits=Answer(Status.MISSING),
        mil_contests=Answer(Status.OK, "0"),
    )
    done, lacking = parts(duty(answers=given))
    assert "未召开党委定兵会和新兵欢送会" in lacking
    assert "定兵会" not in done
    assert f"入户宣讲走访{GAP}户次" in done
    assert "比武" not in done


def test_a_hidden_figure_and_a_hidden_answer_leave_no_word() -> None:
    figures = all_figures(REC_07=make_figure("REC-07", None, status=Status.HIDDEN))
    text = duty(figures=figures, answers=all_answers(rec_followup_done=Answer(Status.HIDDEN))).to_text()
    assert not any(words in text for words in ("双合格", "回访", "[隐]"))


@pytest.mark.parametrize("receipt", [Receipt.REFUSED, Receipt.IN_ERROR, Receipt.NOT_REPORTED])
def test_a_town_without_a_usable_return_has_its_place_and_no_figure(receipt: Receipt) -> None:
    of = make_report(receipt=receipt)
    shown = present.duty_table(of)
    assert isinstance(shown, Group)
    assert "处理办法" in shown.to_text()
    assert "%" not in shown.to_text()
    state = "（未上报）" if receipt is Receipt.NOT_REPORTED else "（待核对）"
    head = present.cover(of, "duty")
    assert (head.attachment, head.title) == ("附件7-01", f"云岭镇2021年度党管武装述职参考单{state}")


def speech(**overrides: object) -> tuple[dict[str, str], str]:
    """Each sentence with its tables, and the note on what is not held."""
    of = make_county_report(**overrides)
    made = present.speech_table(of)
    assert isinstance(made, Table)
    return {row[0]: row[2] for row in made.rows}, present.speech_not_held(of).to_text()


def test_money_is_quoted_by_source_with_last_year_where_as_many_units_stand_behind_it() -> None:
    def total(value: str, units: int = 3) -> Total:
        return Total(number(value), Status.OK, units, 3)

    now = {"fnd_total": total("40"), "fnd_county": total("30"), "fnd_pafd": total("10.5", 2)}
    said, _ = speech(totals=now, last_totals={"fnd_county": total("25"), "fnd_pafd": total("9")})
    text = next(sentence for sentence in said if "县财政投入" in sentence)
    # two towns and the county's own row: 3 returns; of the department's money only 2 are known
    assert "县财政投入30.00万元，上年25.00万元；县人武部投入10.50万元（2个单位）。" in text


def test_secretaries_who_reported_in_person_are_counted_and_named() -> None:
    ways = {TOWNS[0].code: "现场", TOWNS[1].code: "书面"}
    answers = {code: {"sys_duty_report": Answer(Status.OK, way)} for code, way in ways.items()}
    said, _ = speech(town_answers=answers)
    wanted = "1个镇街党（工）委书记作了现场述职（云岭镇），1个镇街党（工）委书记作书面述职。"
    assert said[wanted] == "附件3"


def test_what_an_edition_does_not_hold_is_listed_and_not_said() -> None:
    figures = {code: figure for code, figure in make_county_report().figures.items() if code != "REC-10"}
    said, untold = speech(figures=figures)
    assert "与兄弟县相比，报名数据的形势" in untold
    assert not any("报名" in text for text in said)


@pytest.mark.parametrize("edition", ["meeting", "public"])
def test_every_statement_is_said_or_listed(edition: str) -> None:
    county = report.county(edition=edition, workspace=str(PROJECT))
    made, untold = present.speech_table(county).to_text(), present.speech_not_held(county).to_text()
    words = {code: text.partition("{}")[0] for code, text in COUNTED.items()}
    words |= {
        "sys_duty_report": "作了现场述职",
        PEERS: "与兄弟县相比",
        **{code: said for code, (said, _) in DONE.items()},
    }

    for statement in (each for statements in SPEECH.values() for each in statements):
        texts = (words.get(code) or SHORT_NAMES[code] for code in statement.answers)
        assert any(text in made for text in texts) or statement.about in untold, statement.about


def test_every_statement_is_answered_by_what_there_is() -> None:
    spoken = [statement for statements in SPEECH.values() for statement in statements]
    for code in (code for statement in (*DUTY, *spoken) for code in statement.answers):
        assert code in {*indicators(), *COUNTED, *DONE, "sys_duty_report", PEERS}, code
    assert {*COUNTED, *DONE} <= set(variables())


# What real reports on duty (001) and conference speeches say that can be measured, by source and line; what answers it
# in 附件7 or 附件8, and what of it no return asks.
with (Path(__file__).parent / "data" / "statements.csv").open(encoding="utf-8", newline="") as file:
    REAL = tuple(csv.DictReader(file))
ANSWERED = {
    "duty": sorted({code for row in REAL if row["document"] == "duty" for code in row["answers"].split()}),
    "speech": sorted({code for row in REAL if row["document"] == "speech" for code in row["answers"].split()}),
}


@pytest.mark.parametrize("row", REAL, ids=lambda row: f"{row['source']} {row['statement'][:8]}")
def test_a_statement_of_real_speeches_is_answered_or_listed_as_not_held(row: dict[str, str]) -> None:
    outlines = {"duty": DUTY, "speech": [each for told in SPEECH.values() for each in told], "": ()}
    said = {code for statement in outlines[row["document"]] for code in statement.answers}
    assert set(row["answers"].split()) <= said
    assert row["answers"] or row["not_held"]
    assert row["not_held"] in ("", *NOT_HELD)


@pytest.mark.parametrize("code", ANSWERED["duty"])
def test_a_report_on_duty_says_what_answers_it(code: str) -> None:
    figures, answers = all_figures(), all_answers()
    without = {k: f for k, f in figures.items() if k != code}, {k: a for k, a in answers.items() if k != code}
    assert duty(figures=without[0], answers=without[1]).rows != duty(figures=figures, answers=answers).rows


@pytest.mark.parametrize("code", ANSWERED["speech"])
def test_a_speech_quotes_what_answers_it(code: str) -> None:
    def rows(without: str = "") -> tuple[tuple[str, ...], ...]:
        plain = make_county_report()
        figures = {k: f for k, f in plain.figures.items() if k != without}
        if "REC-04" in figures:
            peers = () if without == PEERS else (make_comparison("80.0", "10.0", name="清远县"),)
            figures["REC-04"] = replace(figures["REC-04"], peers=peers)
        totals = {k: Total(number("9"), Status.OK, 2, 2) for k in (*COUNTED, *DONE, "fnd_total") if k != without}
        ways = {} if without == "sys_duty_report" else {"sys_duty_report": Answer(Status.OK, "现场")}
        answers = {unit.code: ways for unit in TOWNS}
        made = present.speech_table(replace(plain, figures=figures, totals=totals, town_answers=answers))
        assert isinstance(made, Table)
        return made.rows

    assert rows(code) != rows()
