"""The documents of the demonstration county keep to their pages, and no heading lies alone at the foot of one."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from make_report import TOWN, all_answers, all_figures, make_comparison, make_params, make_report, number
from stats import present
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import Answer, Figure, Rank, Target
from stats.params import Unit
from stats.publish.document import Document

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))  # where documents are measured

import pages


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    pages.demonstration(folder)
    return folder


@pytest.mark.parametrize(
    ("key", "unit"),
    [("county", ""), ("quality", ""), ("town", "990118001000"), ("town", "990118105000"), ("town", "990118102000")],
)
def test_a_document_keeps_to_its_pages(workspace: Path, key: str, unit: str) -> None:
    made = pages.measured(key, pages.document(key, workspace, unit))
    assert made.missed(18) == []
    assert max(made.blanks) < 0.5


# An office that takes all the room it may for who made the set, until when and who answers.
MADE_BY = """
prepared_by: 云汀县人民武装部军事科会同县委办公室、县政府办公室和县退役军人事务局
data_until: 2022-01-10
contact: 云汀县人民武装部军事科党管武装统计工作联络处（值班室）
"""


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signed")
    pages.demonstration(folder)
    settings = folder / "params" / "county.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + MADE_BY, encoding="utf-8")
    return folder


DUTY = [("duty", f"990118{place}000") for place in ("001", "003", "101", "105", "200")]


@pytest.mark.parametrize(("key", "unit"), [("contents", ""), ("overview", ""), ("speech", ""), *DUTY])
def test_a_short_document_keeps_to_its_pages_whoever_made_it(signed: Path, key: str, unit: str) -> None:
    made = pages.measured(key, pages.document(key, signed, unit))
    assert made.pages <= made.budget


def test_a_report_on_duty_with_every_sentence_is_one_page() -> None:
    unit = Unit(code=TOWN, name=pages.LONG, type="街道")
    missed = ("REC-03", "REC-04", "SYS-02", "MIL-01", "BLD-01", "EDU-03", "SUP-02", "BLD-07")
    figures = {code: _long(code, figure, is_missed=code in missed) for code, figure in all_figures().items()}
    history = {code: {2020: replace(figure, year=2020), 2021: figure} for code, figure in figures.items()}
    given = {
        name: Answer(Status.OK, "1234") if answer.text == "10" else answer for name, answer in all_answers().items()
    }
    given |= dict.fromkeys(("rec_farewell_held", "mil_party_org_full"), Answer(Status.OK, "否"))
    params = make_params(units=(unit,), **yaml.safe_load(MADE_BY))
    of = make_report(unit=unit, params=params, figures=figures, answers=given, history=history)
    made = Document(present.cover(of, "duty"), (present.duty_table(of),))
    assert pages.measured("duty", made).pages == 1


def _long(code: str, figure: Figure, *, is_missed: bool) -> Figure:
    """With everything there is to say of a figure."""
    moved = make_comparison("80.0", "10.0", "12.5")
    target = Target("unmet", ">=", number("100"), gap=number("10.0"), basis="param") if is_missed else figure.target
    is_aimed_at = indicators()[code].direction != "neutral" and indicators()[code].unit == "%"
    return replace(
        figure,
        last_year=moved if indicators()[code].kind != "yesno" else make_comparison("100.0", "0.0"),
        county=moved,
        city=moved,
        target=target if is_aimed_at else Target("none"),
        rank=Rank(13, 17, tied=True),
    )
