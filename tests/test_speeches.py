"""附件7 and 附件8: what is said follows from the figures and names its table; what was missed is never under 成绩."""

from __future__ import annotations

import pytest

from make_report import all_answers, all_figures, make_figure, make_report, number
from stats import present
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.catalogue.variables import variables
from stats.figures import Answer, Target
from stats.present.blocks import Group, Table
from stats.present.statements import COUNTED, DONE, DUTY, GAP
from stats.receipt import Receipt


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
    assert "未召开党委定兵会和新兵欢送会" in lacking and "定兵会" not in done
    assert f"入户宣讲走访{GAP}户次" in done
    assert "比武" not in done


def test_a_hidden_figure_and_a_hidden_answer_leave_no_word() -> None:
    figures = all_figures(REC_07=make_figure("REC-07", None, status=Status.HIDDEN))
    text = duty(figures=figures, answers=all_answers(rec_followup_done=Answer(Status.HIDDEN))).to_text()
    assert "双合格" not in text and "回访" not in text and "[隐]" not in text


@pytest.mark.parametrize("receipt", [Receipt.REFUSED, Receipt.IN_ERROR, Receipt.NOT_REPORTED])
def test_a_town_without_a_usable_return_has_its_place_and_no_figure(receipt: Receipt) -> None:
    report = make_report(receipt=receipt)
    shown = present.duty_table(report)
    assert isinstance(shown, Group) and "处理办法" in shown.to_text() and "%" not in shown.to_text()
    state = "（未上报）" if receipt is Receipt.NOT_REPORTED else "（待核对）"
    head = present.cover(report, "duty")
    assert (head.attachment, head.title) == ("附件7-01", f"云岭镇2021年度党管武装述职参考单{state}")


def test_every_statement_is_answered_by_what_there_is() -> None:
    for code in (code for statement in DUTY for code in statement.answers):
        assert code in indicators() or (code in variables() and code in {*COUNTED, *DONE}), code
