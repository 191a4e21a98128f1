"""No protected count follows from all that is published: an attacker who reads every document and the CSV tries.

He is written apart from the rule that hides and from its proof. A result says how many protected quantities there were
to find: that there are some keeps a test from passing on nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from attack_counties import SmallTowns, code_of, plain_towns, random_towns, with_gaps
from attack_published import published
from attack_reading import Reading
from attack_terms import World
from attacker import Result, attack
from stats import demo, disclosure, report
from stats.disclosure.published import Published
from stats.disclosure.suppression import Hidden, suppress

YEARS = (2020, 2021)
PERSONS = ("REC", "BLD", "SUP")
"""The chapters that hold protected counts."""
THRESHOLD = {"meeting": 3, "public": 5}
SMALL = code_of(5)
"""The town of a plain county that has few recruits."""


def issue(workspace: Path, year: int, edition: str = "meeting", *, on_record: int = 0) -> Reading:
    """What a patient reader takes from a set; ``on_record`` is its number among the issues written down."""
    run = report.load.__wrapped__(workspace, year=year, edition=edition)
    if on_record:
        key = disclosure.county_key(workspace)
        record = disclosure.recorded(run.released, on_record, key)
        (workspace / "data" / "issued").mkdir(parents=True, exist_ok=True)
        (workspace / "data" / "issued" / f"{record.name}.json").write_bytes(record.to_bytes(key))
    return Reading(published(run, PERSONS), World.of(run.params, run.examined.cells)).read()


def both_years(workspace: Path, edition: str = "meeting") -> Result:
    """The attack on the sets of both years together."""
    return attack([issue(workspace, year, edition) for year in YEARS], THRESHOLD[edition])


def assert_safe(result: Result, *, at_least: int = 1) -> None:
    """Something was attacked and nothing found."""
    assert result.attacked >= at_least
    assert [(leak.kind, leak.target.name) for leak in result.leaks] == []


# The demonstration county.


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration county as anybody gets it."""
    folder = tmp_path_factory.mktemp("demonstration")
    for name, content in demo.contents().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("edition", ["meeting", "public"])
def test_nothing_follows_from_two_years_of_the_demonstration_county(demonstration: Path, edition: str) -> None:
    assert_safe(both_years(demonstration, edition), at_least=500)


# Kinds that once betrayed a count: two towns of six are small, and one thing is uneven.


def different_units() -> SmallTowns:
    """Recruits per head are told over fewer towns than recruits: the one without a population lies between."""
    county = plain_towns()
    county.set(SMALL, 2021, bas_population="")
    return county


def all_qualified_enlisted() -> SmallTowns:
    """Whoever qualified was enlisted: a printed share of those who qualified tells the recruits."""
    county = plain_towns((20, 15, 15, 12, 14, 6))
    for season, enlisted in (("spring", 2), ("autumn", 4)):
        county.answers[SMALL, 2021, season] |= dict.fromkeys(
            ("rec_both_passed", "rec_enlisted", "rec_enlisted_college", "rec_enlisted_graduates"), str(enlisted)
        )
    return county


def break_of_one_town() -> SmallTowns:
    """The change of the county leaves out one town, which its sums hold."""
    county = plain_towns()
    county.breaks.append(f"{{year: 2021, indicators: [REC-02], units: ['{SMALL}'], reason: 区划调整}}")
    return county


def few_have_any() -> SmallTowns:
    """One town lost four recruits, one lost one, the others none: a single hidden count in a column of zeros."""
    county = plain_towns((20, 15, 15, 12, 14, 13))
    county.answers[code_of(0), 2021, "autumn"]["rec_returned"] = "4"
    county.answers[SMALL, 2021, "autumn"]["rec_returned"] = "1"
    return county


KINDS: dict[str, Callable[[], SmallTowns]] = {
    "control": plain_towns,
    "different units": different_units,
    "all qualified enlisted": all_qualified_enlisted,
    "break of one town": break_of_one_town,
    "few have any": few_have_any,
}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_follows_in_the_kinds_that_once_betrayed_a_count(tmp_path: Path, kind: str) -> None:
    assert_safe(both_years(KINDS[kind]().write(tmp_path)))


def late_return(workspace: Path) -> list[Reading]:
    """Two issues of a year; between them a town sends its return of last year, with one recruit."""
    county = plain_towns((20, 15, 15, 12, 14, 12), (11, 8, 9, 7, 1, 2))
    county.silent.add((code_of(4), 2020))
    first = issue(county.write(workspace), 2021, on_record=1)
    county.silent.clear()
    return [first, issue(county.write(workspace), 2021)]


def test_nothing_follows_from_two_issues_with_a_late_return_between(tmp_path: Path) -> None:
    assert_safe(attack(late_return(tmp_path), 3))


def test_nothing_follows_from_two_issues_with_a_corrected_count_between(tmp_path: Path) -> None:
    county = plain_towns()
    first = issue(county.write(tmp_path), 2021, on_record=1)
    county.set(SMALL, 2021, rec_enlisted=1, rec_enlisted_college=1, rec_enlisted_graduates=1)
    assert_safe(attack([first, issue(county.write(tmp_path), 2021)], 3))


# Random counties of small towns.

SOAK = pytest.mark.soak
ALL = [pytest.param(seed, marks=[] if seed < 8 else SOAK) for seed in range(36)]
GAPS = [pytest.param(seed, marks=[] if seed < 4 else SOAK) for seed in range(20)]


@pytest.mark.parametrize("seed", ALL)
def test_nothing_follows_in_random_counties(tmp_path: Path, seed: int) -> None:
    number = 5 + seed if seed < 8 else None
    assert_safe(both_years(random_towns(seed, number).write(tmp_path)))


@pytest.mark.parametrize("seed", GAPS)
def test_nothing_follows_where_single_towns_lack_an_answer_a_year_or_comparability(tmp_path: Path, seed: int) -> None:
    assert_safe(both_years(with_gaps(seed, 5 + seed if seed < 4 else None).write(tmp_path)))


# The attacker bites: with the protection switched off he finds each kind.


@pytest.fixture
def only_small_counts_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each small count is hidden by itself, and nothing else is."""

    def protect(published: Published, threshold: int, choice: object) -> dict[int, Hidden]:
        return {year: suppress(published.reported, year, threshold) for year in published.reported.years}

    monkeypatch.setattr("stats.disclosure.released.protect", protect)


@pytest.fixture
def nothing_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is printed."""

    def protect(published: Published, threshold: int, choice: object) -> dict[int, Hidden]:
        return dict.fromkeys(published.reported.years, Hidden())

    monkeypatch.setattr("stats.disclosure.released.protect", protect)


def recruits_of_the_small_town(result: Result) -> set[str]:
    return {leak.kind for leak in result.leaks if leak.target.name.startswith(f"{SMALL} 2021 rec_enlisted ")}


@pytest.mark.usefixtures("only_small_counts_hidden")
@pytest.mark.parametrize("kind", ["different units", "break of one town"])
def test_he_finds_recruits_that_units_missing_from_one_figure_betray(tmp_path: Path, kind: str) -> None:
    assert {"pinned", "below k", "rule"} <= recruits_of_the_small_town(both_years(KINDS[kind]().write(tmp_path)))
