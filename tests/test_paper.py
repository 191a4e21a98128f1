"""How a document keeps to its pages: how tightly it is set, which charts drift, how wide names are."""

from __future__ import annotations

import pytest

from stats.present.blocks import Block, Chart, Column, Heading, Note, Paragraph, Table
from stats.publish.columns import column_shares
from stats.publish.fitting import ROOMY, TIGHTNESS, End, fitted
from stats.publish.paper import may_drift

LONG = "第1经济技术开发区管理委员会街道办事处"


def set_at(ends: dict[float, End], budget: int = 6) -> list[float]:
    """How tightly a document that ends so is set, in the order in which it is tried; the last is how it stays."""
    tried: list[float] = []

    def setting(tightness: float) -> tuple[bytes, End]:
        tried.append(tightness)
        return repr(tightness).encode(), ends.get(tightness, End(7, 0.9))

    tightness, file = fitted(budget, setting)
    assert file == repr(tightness).encode()
    return [*tried, tightness]


FIRST, SECOND, THIRD, *_, TIGHTEST, ROOMIEST = TIGHTNESS


def test_a_document_that_fits_is_set_once_as_loosely_as_meant() -> None:
    assert set_at({FIRST: End(6, 0.5)}) == [FIRST, FIRST]


def test_a_document_of_too_many_pages_is_tightened_until_it_keeps_to_them() -> None:
    assert set_at({THIRD: End(6, 0.9)}) == [FIRST, SECOND, THIRD, THIRD]


def test_a_last_page_of_a_few_lines_is_taken_in_or_filled() -> None:
    assert set_at({FIRST: End(6, 0.1), SECOND: End(5, 1.0)})[-1] == SECOND
    assert set_at(dict.fromkeys(TIGHTNESS, End(6, 0.1)) | {ROOMIEST: End(6, 0.4)})[-1] == ROOMIEST


def test_a_document_that_never_fits_keeps_to_its_pages_rather_than_to_its_last_one() -> None:
    assert set_at({THIRD: End(6, 0.1)})[-1] == THIRD
    assert set_at(dict.fromkeys(TIGHTNESS, End(8, 0.9)) | {TIGHTEST: End(7, 0.9)})[-1] == TIGHTEST
    assert set_at({})[-1] == FIRST


def test_a_document_of_few_pages_is_set_as_roomily_as_they_allow() -> None:
    assert set_at({ROOMY[2]: End(1, 0.5), FIRST: End(1, 0.4)}, budget=1)[-1] == ROOMY[2]
    hardly_begun = {ROOMY[0]: End(3, 0.5), ROOMY[1]: End(2, 0.9), FIRST: End(2, 0.8)}
    assert set_at(hardly_begun, budget=3)[-1] == ROOMY[1]


CHART = Chart("图1", "历年", "<svg/>", "")


@pytest.mark.parametrize(
    ("after", "drifts"),
    [
        ([Paragraph("话")], True),
        ([CHART, Note("注")], True),
        ([Heading("六")], False),
        ([CHART, Heading("六"), Paragraph("话")], False),
        ([], False),
    ],
)
def test_a_chart_drifts_where_something_but_a_heading_fills_its_room(after: list[Block], drifts: bool) -> None:
    assert may_drift([Heading("五"), CHART, *after], 1) is drifts


@pytest.mark.parametrize(("figures", "room"), [(8, 19.8), (20, 10.8)])
def test_names_of_units_take_as_few_lines_as_the_figures_beside_them_allow(figures: int, room: float) -> None:
    row = (LONG, *["100.0"] * figures)
    columns = (Column("单位", "left", 6.0), *[Column("率", width=4.0)] * figures)
    assert column_shares(Table("", "", columns, (row,)), 85.0)[0] * 85 == pytest.approx(room, abs=0.1)
