"""附件4: every answer that is not a plain number is counted and told, as far as the edition may tell it."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from conftest import COUNTY, NEIGHBOUR, TOWN
from stats import present, report
from stats.catalogue.status import Status
from stats.disclosure.texts import has_places, kind, remedy
from stats.publish.worklist import worklists
from stats.quality import QualityReport
from stats.receipt import Receipt
from stats.returns.finding_texts import found, rules

Make = Callable[..., Path]

UNTIDY = {
    "bas_population": "xx人",  # masked
    "edu_person_times": "5000余人次",  # approximate
    "edu_media_items": "",  # missing
    "edu_camp_days": "—",  # not applicable
    "sup_joint_events": "5+3",  # refused
    "sup_merit_due": "**",  # masked, and about few persons
}


def quality(workspace: Path, edition: str = "meeting") -> QualityReport:
    report.load.cache_clear()
    return report.quality(workspace=str(workspace), edition=edition)


def raw_texts(given: QualityReport) -> dict[str, str | None]:
    return {answer.variable: answer.raw for answer in given.listed}


def texts(given: QualityReport) -> str:
    parts = (
        present.quality_summary,
        present.quality_units,
        present.inexact_answers,
        present.missing_answers,
        present.corrected_answers,
        present.broken_rules,
        present.definition_changes,
    )
    return "\n".join(part(given).to_text() for part in parts)


def test_the_answers_of_a_town_are_counted_by_kind(make_return: Make) -> None:
    counted = quality(make_return(**UNTIDY)).qualities[TOWN[0]]
    assert (counted.redacted, counted.approx, counted.missing, counted.not_applicable, counted.error) == (2, 1, 1, 1, 1)
    assert counted.due == counted.ok + 2 + 1 + 1 + 1


def test_a_unit_without_a_return_is_counted_as_not_received(make_return: Make) -> None:
    given = quality(make_return())
    assert {unit.code for unit in given.units} == {TOWN[0], NEIGHBOUR[0], COUNTY[0]}
    assert (given.receipts[TOWN[0]], given.receipts[NEIGHBOUR[0]]) == (Receipt.REPORTED, Receipt.NOT_REPORTED)


def test_a_unit_with_a_refused_answer_is_counted_as_refused(make_return: Make) -> None:
    assert quality(make_return(**UNTIDY)).receipts[TOWN[0]] is Receipt.IN_ERROR


def test_the_full_edition_tells_the_raw_text_with_its_place(make_return: Make) -> None:
    given = quality(make_return(**UNTIDY), "full")
    assert raw_texts(given)["bas_population"] == "xx人"
    assert raw_texts(given)["edu_person_times"] == "5000余人次"
    (masked,) = [answer for answer in given.answers(Status.REDACTED) if answer.variable == "bas_population"]
    assert masked.place == "2021/双塘镇.csv 第F列第2行"


def test_the_meeting_edition_tells_no_raw_text_of_a_question_about_few_persons(make_return: Make) -> None:
    given = quality(make_return(**UNTIDY))
    told = raw_texts(given)
    assert told["sup_merit_due"] is None
    assert told["bas_population"] == "xx人"


def test_an_answer_to_a_protected_question_is_counted_and_not_listed(make_return: Make) -> None:
    workspace = make_return(**UNTIDY)
    meeting, full = (present.inexact_answers(quality(workspace, edition)).to_text() for edition in ("meeting", "full"))
    assert "应送立功喜报数" in full
    assert "应送立功喜报数" not in meeting
    assert "另有1项属于受保护的小数项目，本版只列项数" in meeting
    assert "另有" not in full


def test_the_public_edition_tells_counts_only(make_return: Make) -> None:
    given = quality(make_return(**UNTIDY), "public")
    assert given.listed == ()
    assert "5000余" not in texts(given)


def test_no_block_of_the_meeting_edition_tells_town_or_rule_of_a_finding_on_a_protected_count(
    make_return: Make,
) -> None:
    workspace = make_return(rec_enlisted="7", rec_enlisted_college="9", rec_enlisted_graduates="5")  # both seasons
    told = quality(workspace)
    assert "大学生数不应大于征集新兵数" in texts(quality(workspace, "full"))
    assert "大学生数不应大于" not in texts(told)
    assert "9名" not in texts(told)
    units = present.quality_units(told).to_text()
    assert "没有列出的类别均为0" in units
    assert "\t错误" not in units
    assert next(line for line in units.splitlines() if line.startswith(TOWN[1])).endswith("\t0")
    assert "另有2条问题涉及受保护的小数项目，本版只列条数" in units


def test_no_general_word_of_a_finding_has_an_empty_place() -> None:
    unfilled = [rule for rule in rules() if has_places(rule) or "……" in kind(rule)]
    assert unfilled == []
    assert kind("R-ABSENT") == "没有收到该单位的报表，按未上报处理"


def test_rules_are_told_in_words_and_not_by_their_ids(make_return: Make) -> None:
    text = texts(quality(make_return(**UNTIDY), "full"))
    assert not re.search(r"\b[VRO]-?[A-Z0-9]+\b", text.replace("R-2021", ""))


def test_units_due_are_those_of_the_roster_and_the_county_is_told_apart(make_return: Make) -> None:
    given = quality(make_return())
    assert "应报2个单位（另有县级本级），已上报1个，未上报1个（城关街道）" in present.quality_summary(given).to_text()
    assert "；县级本级未上报" in present.quality_summary(given).to_text()
    assert f"{COUNTY[1]}（县级本级）\t未上报" in present.quality_units(given).to_text()


def test_what_is_hidden_is_counted_for_the_questions_of_the_edition_only(make_return: Make) -> None:
    few = {"rec_enlisted": "2", "rec_enlisted_college": "1", "rec_enlisted_graduates": "1", "rec_followup_done": "4"}
    workspace = make_return(**few)
    assert quality(workspace, "meeting").qualities[TOWN[0]].hidden > 0
    assert quality(workspace, "public").qualities[TOWN[0]].hidden == 0


def test_a_remedy_that_names_the_year_is_no_number_to_hide() -> None:
    absent = found("R-ABSENT", {"year": 2021}, year=2021)
    assert remedy(absent, "meeting") == "请催报；收到后放入 data/returns/2021/ 再运行"


def worklist_cells(report: QualityReport) -> dict[str, list[str]]:
    """What stands in each unit's list, by the unit's code."""
    books = {unit.code: load_workbook(BytesIO(content)) for unit, content in worklists(report)}
    assert all(cell.data_type != "f" for book in books.values() for row in book.active.iter_rows() for cell in row)
    return {
        code: [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        for code, book in books.items()
    }


def test_each_unit_has_a_list_of_its_own_that_asks_about_its_own_findings_only(make_return: Make) -> None:
    cells = worklist_cells(quality(make_return(**UNTIDY)))
    assert set(cells) == {COUNTY[0], NEIGHBOUR[0], TOWN[0]}
    assert any("5+3" in text for text in cells[TOWN[0]])
    for code, texts in cells.items():
        assert any(code in text for text in texts)
        assert not [text for text in texts for other in cells if other != code and other in text]
        assert code == TOWN[0] or not any("5+3" in text for text in texts)


def test_a_unit_with_nothing_to_look_at_has_no_list(make_return: Make) -> None:
    assert TOWN[0] not in worklist_cells(quality(make_return()))


def test_a_list_has_the_same_bytes_for_the_same_findings(make_return: Make) -> None:
    workspace = make_return(**UNTIDY)
    assert list(worklists(quality(workspace))) == list(worklists(quality(workspace)))
