"""附件4: every answer that is not a plain number is counted and told, as far as the edition may tell it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from conftest import COUNTY, NEIGHBOUR, TOWN
from stats import present, report
from stats.catalogue.status import Status
from stats.publish.worklist import worklist
from stats.quality import QualityReport

Make = Callable[..., Path]

UNTIDY = {
    "bas_population": "xx人",  # masked
    "edu_person_times": "5000余人次",  # approximate
    "edu_media_items": "",  # missing
    "edu_camp_days": "—",  # not applicable
    "sup_joint_events": "5+3",  # refused
    "cad_on_post": "**",  # masked, and about few persons
}


def quality(workspace: Path, edition: str = "meeting") -> QualityReport:
    report.load.cache_clear()
    return report.quality(workspace=str(workspace), edition=edition)


def raw_texts(given: QualityReport) -> dict[str, str | None]:
    return {answer.variable: answer.raw for answer in given.told}


def texts(given: QualityReport) -> str:
    parts = (
        present.quality_summary,
        present.deliveries,
        present.answer_kinds,
        present.inexact_answers,
        present.missing_answers,
        present.corrected_answers,
        present.open_findings,
        present.broken_rules,
        present.definition_changes,
        present.hidden_counts,
    )
    return "\n".join(part(given).to_text() for part in parts)


def test_the_answers_of_a_town_are_counted_by_kind(make_return: Make) -> None:
    counted = quality(make_return(**UNTIDY)).qualities[TOWN[0]]
    assert (counted.redacted, counted.approx, counted.missing, counted.not_applicable, counted.error) == (2, 1, 1, 1, 1)
    assert counted.due == counted.ok + 2 + 1 + 1 + 1


def test_a_unit_without_a_return_is_counted_as_not_received(make_return: Make) -> None:
    given = quality(make_return())
    assert {unit.code for unit in given.units} == {TOWN[0], NEIGHBOUR[0], COUNTY[0]}
    assert given.received == {TOWN[0]}


def test_a_unit_with_a_refused_answer_is_counted_as_refused(make_return: Make) -> None:
    assert quality(make_return(**UNTIDY)).refused == {TOWN[0]}


def test_the_full_edition_tells_the_raw_text_with_its_place(make_return: Make) -> None:
    given = quality(make_return(**UNTIDY), "full")
    assert raw_texts(given)["bas_population"] == "xx人"
    assert raw_texts(given)["edu_person_times"] == "5000余人次"
    (masked,) = [answer for answer in given.answers(Status.REDACTED) if answer.variable == "bas_population"]
    assert masked.place == "2021/双塘镇.csvF2"


def test_the_meeting_edition_tells_no_raw_text_of_a_question_about_few_persons(make_return: Make) -> None:
    told = raw_texts(quality(make_return(**UNTIDY)))
    assert told["cad_on_post"] is None
    assert told["bas_population"] == "xx人"


def test_the_public_edition_tells_counts_only(make_return: Make) -> None:
    given = quality(make_return(**UNTIDY), "public")
    assert given.told == ()
    assert "5000余" not in texts(given)


def test_no_block_of_the_meeting_edition_repeats_a_refused_small_count(make_return: Make) -> None:
    given = quality(make_return(cad_certified="9", cad_on_post="4"))
    assert "9名" not in texts(given)
    assert "资格认证" in texts(given)


def test_the_worklist_has_one_sheet_for_each_unit_and_asks_about_each_finding(make_return: Make) -> None:
    book = load_workbook(BytesIO(worklist(quality(make_return(**UNTIDY), "full"))))
    assert len(book.sheetnames) == 1 + 3
    (name,) = [name for name in book.sheetnames if TOWN[1] in name]
    cells = [str(cell.value) for row in book[name].iter_rows() for cell in row if cell.value is not None]
    assert any("5+3" in text for text in cells)
    assert all(cell.data_type != "f" for row in book[name].iter_rows() for cell in row)


def test_the_worklist_of_the_meeting_edition_holds_no_reported_text(make_return: Make) -> None:
    book = load_workbook(BytesIO(worklist(quality(make_return(**UNTIDY)))))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not any("5+3" in text for text in cells)


def test_the_worklist_has_the_same_bytes_for_the_same_findings(make_return: Make) -> None:
    workspace = make_return(**UNTIDY)
    assert worklist(quality(workspace)) == worklist(quality(workspace))
