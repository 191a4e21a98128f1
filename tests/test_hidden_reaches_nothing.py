"""Another hidden count, and nothing that goes out is another: no table, line of marks, chart, alt text, tile or CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from attack_published import Edition, published
from demo import CellKey
from leaky_sets import SMALL, TOWNS, YEAR, eight_towns
from small_county import SmallCounty
from stats import present, report
from stats.disclosure.protection import protect
from stats.disclosure.published import Published
from stats.disclosure.released import Released
from stats.disclosure.suppression import Choice, Hidden

OTHER = TOWNS[6]
"""The other town whose recruits are hidden, eight where the small town has two."""


def as_it_is() -> SmallCounty:
    return eight_towns()


def moved(name: str, *places: tuple[str, str, int]) -> SmallCounty:
    """With so many more of a count at these towns and seasons."""
    county = eight_towns()
    for town, season, more in places:
        place = CellKey(town, YEAR, season, name)
        county.answers[place] = str(int(county.answers[place]) + more)
    return county


def one_student_elsewhere() -> SmallCounty:
    """One student is another town's: the county's sum and all that is told stay as they are."""
    return moved("rec_enlisted_college", (OTHER, "spring", 1), (SMALL, "spring", -1))


def another_season() -> SmallCounty:
    """The recruit of spring enlists in autumn."""
    county = eight_towns()
    for name in ("rec_both_passed", "rec_enlisted", "rec_enlisted_college"):
        for season, count in (("spring", "0"), ("autumn", "2")):
            county.answers[CellKey(SMALL, YEAR, season, name)] = count
    return county


def one_sent_back() -> SmallCounty:
    """Of recruits sent back no number stands anywhere, be it none or one."""
    county = eight_towns()
    county.answers[CellKey(OTHER, YEAR, "autumn", "rec_returned")] = "1"
    return county


@pytest.fixture(autouse=True)
def pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is hidden of the county as it is stays so of the others: which counts are chosen depends on their values."""
    found: dict[int, Mapping[int, Hidden]] = {}

    def once(published: Published, threshold: int, choice: Choice) -> Mapping[int, Hidden]:
        return found.setdefault(threshold, protect(published, threshold, choice))

    monkeypatch.setattr("stats.disclosure.released.protect", once)


def went_out(county: SmallCounty, folder: Path, edition: str, year: int = YEAR) -> Edition:
    """Everything an edition of a county publishes; charts stand for themselves by what they are drawn from."""
    (folder / "params").mkdir(parents=True)
    (folder / "params/disclosure.key").write_bytes(b"the key of these tests\n")
    return published(report.load.__wrapped__(county.write(folder), year=year, edition=edition))


OTHERS: dict[str, Callable[[], SmallCounty]] = {
    "one student elsewhere": one_student_elsewhere,
    "another season": another_season,
    "one sent back": one_sent_back,
}


@pytest.mark.parametrize("changed", OTHERS)
@pytest.mark.parametrize("edition", ["meeting", "public"])
def test_another_hidden_count_changes_nothing_that_goes_out(tmp_path: Path, edition: str, changed: str) -> None:
    before, after = (
        went_out(county, tmp_path / name, edition) for name, county in (("a", as_it_is()), ("b", OTHERS[changed]()))
    )
    for one, other in zip(before.documents, after.documents, strict=True):
        assert [pair for pair in zip(one.blocks, other.blocks, strict=True) if pair[0] != pair[1]] == []
    assert before == after


@pytest.mark.parametrize("changed", OTHERS)
def test_the_full_edition_shows_that_the_count_is_another(tmp_path: Path, changed: str) -> None:
    assert went_out(as_it_is(), tmp_path / "a", "full") != went_out(OTHERS[changed](), tmp_path / "b", "full")


def test_drawn_charts_and_lines_are_the_same_to_the_byte(tmp_path: Path) -> None:
    drawn = []
    for name, county in (("a", as_it_is()), ("b", one_student_elsewhere())):
        (tmp_path / name / "params").mkdir(parents=True)
        (tmp_path / name / "params/disclosure.key").write_bytes(b"the key of these tests\n")
        run = report.load.__wrapped__(county.write(tmp_path / name), year=YEAR, edition="meeting")
        town, county = run.town(SMALL), run.county()
        of_county = (
            present.dots_charts(county),
            present.county_years_chart(county),
            present.county_funnel_chart(county),
        )
        tiles = (present.county_figures(county), present.overview_tiles(county), present.key_figures(town))
        of_town = (present.years_chart(town), present.funnel_chart(town), present.indicator_table(town))
        drawn.append([block.to_html() for block in (*of_county, *tiles, *of_town)])
    assert drawn[0] == drawn[1]
    assert "<svg" in drawn[0][-1]


def test_a_hidden_figure_on_a_line_of_marks_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Released, "printed", lambda self, year, code: self.results.printed(year, code))
    before = went_out(as_it_is(), tmp_path / "a", "meeting")
    assert before != went_out(one_student_elsewhere(), tmp_path / "b", "meeting")
