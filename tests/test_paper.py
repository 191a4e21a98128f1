"""How a document keeps to its pages: how tightly it is set, which charts drift, how wide names are."""

from __future__ import annotations

import pytest

from stats.present.blocks import Block, Chart, Column, Heading, Note, Paragraph, Table
from stats.publish.columns import column_shares
from stats.publish.fitting import TIGHTNESS, End, fitted
from stats.publish.paper import may_drift

LONG = "第1经济技术开发区管理委员会街道办事处"


def set_at(*ends: dict[float, End], budget: int = 6) -> tuple[list[tuple[float, ...]], bytes]:
    """What was set, in order, and the file: documents that end so at each tightness, on so many pages each."""
    tried: list[tuple[float, ...]] = []

    def setting(tightness: tuple[float, ...]) -> tuple[bytes, list[End]]:
        tried.append(tightness)
        return repr(tightness).encode(), [each.get(at, End(7, 0.9)) for each, at in zip(ends, tightness, strict=True)]

    return tried, fitted([budget] * len(ends), setting)


def test_a_document_that_fits_is_set_once_as_loosely_as_meant() -> None:
    assert set_at({-0.3: End(6, 0.5)}) == ([(-0.3,)], b"(-0.3,)")


def test_a_document_of_too_many_pages_is_tightened_until_it_keeps_to_them() -> None:
    tried, file = set_at({0.3: End(6, 0.9)})
    assert (tried, file) == ([(-0.3,), (0.0,), (0.3,)], b"(0.3,)")


def test_a_last_page_of_a_few_lines_is_taken_in_or_filled() -> None:
    assert set_at({-0.3: End(6, 0.1), 0.0: End(5, 1.0)})[1] == b"(0.0,)"
    short = dict.fromkeys(TIGHTNESS, End(6, 0.1)) | {-0.6: End(6, 0.4)}
    assert set_at(short)[1] == b"(-0.6,)"


def test_only_the_documents_of_a_volume_that_do_not_fit_are_tightened() -> None:
    assert set_at({-0.3: End(5, 0.9)}, {0.0: End(6, 0.9)})[1] == b"(-0.3, 0.0)"


def test_a_document_that_never_fits_keeps_to_its_pages_rather_than_to_its_last_one() -> None:
    assert set_at({0.3: End(6, 0.1)})[1] == b"(0.3,)"
    assert set_at(dict.fromkeys(TIGHTNESS, End(8, 0.9)) | {0.9: End(7, 0.9)})[1] == b"(0.9,)"
    assert set_at({})[1] == b"(-0.3,)"


def test_a_document_of_one_page_is_set_as_roomily_as_its_page_allows() -> None:
    ends = {-0.8: End(1, 0.95), -0.3: End(1, 0.9)}
    assert set_at(ends, budget=1)[1] == b"(-0.8,)"


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
