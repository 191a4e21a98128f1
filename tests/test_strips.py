"""Marks on a line: where a town stands among the units, from printed figures alone."""

from __future__ import annotations

from typing import Any

import pytest

from make_report import make_comparison, make_figure, make_report, number
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.figures import Comparison, Figure, Target
from stats.present.blocks import Strip, strip_svg
from stats.present.strips import strip

CODE = "SYS-02"


def strip_of(figure: Figure, *others: str, code: str = CODE) -> Strip | None:
    report = make_report(figures={code: figure}, unit_values={code: tuple(map(number, others))})
    return strip(report, indicators()[code], figure, 3, 6)


def test_places_are_shares_of_the_line_from_the_least_to_the_greatest() -> None:
    # from 60 to 100: 80 is in the middle, the county's 70 a quarter, the target 90 three quarters of the way
    aim = Target("unmet", ">=", number("90"), number("10"))
    figure = make_figure(printed="80.0", county=make_comparison("70.0"), target=aim)
    assert strip_of(figure, "60.0", "80.0", "100.0") == Strip(
        3, 6, own=0.5, county=0.25, target=0.75, others=(0.0, 0.5, 1.0)
    )


@pytest.mark.parametrize("more", [{"status": Status.APPROX}, {"small_base": True}])
def test_what_is_not_firm_is_hollow(more: Any) -> None:
    made = strip_of(make_figure(printed="80.0", **more), "60.0", "100.0")
    assert made is not None
    assert made.hollow


def test_a_hidden_figure_and_a_hidden_county_have_no_mark() -> None:
    hidden = Comparison(Status.HIDDEN, Status.HIDDEN, reference=number("70.0"))
    made = strip_of(make_figure(printed="80.0", status=Status.HIDDEN, county=hidden), "60.0", "100.0")
    assert made == Strip(3, 6, own=None, others=(0.0, 1.0))


@pytest.mark.parametrize(
    ("code", "printed", "others"),
    [
        ("REC-02", "14", ("12", "20")),  # a count tells how large a unit is
        ("REC-01", "100.0", ("0.0", "100.0")),  # yes or no
        (CODE, "80.0", ("80.0",)),  # all alike
        (CODE, None, ()),  # nothing to mark
    ],
)
def test_there_is_no_line_where_there_is_nothing_to_compare(
    code: str, printed: str | None, others: tuple[str, ...]
) -> None:
    assert strip_of(make_figure(code, printed), *others, code=code) is None


def test_a_drawing_holds_every_mark_and_no_word_and_screen_readers_pass_over_it() -> None:
    svg = strip_svg(Strip(0, 0, own=0.5, county=0.25, target=0.75, others=(0.0, 1.0), hollow=True), 110, 14)
    # the line from 5 to 105, thin ticks at both ends, the thick one of the target, a diamond, an open circle
    assert svg.count("<line ") == 1 + 2 + 1
    assert 'x1="80.0" x2="80.0" y1="1" y2="13" stroke="currentColor" stroke-width="2"' in svg
    assert 'points="30.0,2.5 34.5,7 30.0,11.5 25.5,7"' in svg
    assert '<circle cx="55.0" cy="7" r="3.4" fill="#fff"' in svg
    assert 'aria-hidden="true"' in svg
    assert "<text" not in svg
