"""No protected count follows from all that is published: an attacker who reads every document and the CSV tries.

He is written apart from the rule that hides and from its proof. A result says how many protected quantities there were
to find: that there are some keeps a test from passing on nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import demo
from attack_counties import SmallTowns, code_of, history, plain_towns, random_towns, with_approximations, with_gaps
from attack_published import published
from attack_reading import Reading
from attack_terms import World
from attacker import Result, attack
from stats import disclosure, report
from stats.disclosure.published import Published
from stats.disclosure.suppression import Hidden, suppress
from stats.errors import DisclosureError

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
    """Something was attacked and nothing found, and no text says what it must not."""
    assert result.attacked >= at_least
    assert result.exposed == ()
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


@pytest.mark.parametrize("edition", ["meeting", pytest.param("public", marks=pytest.mark.soak)])
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
    county = plain_towns()
    county.answers[SMALL, 2021, "spring"] |= {"rec_both_passed": "1", "rec_enlisted": "1"}
    county.answers[SMALL, 2021, "autumn"] |= {"rec_both_passed": "1", "rec_enlisted": "1"}
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
QUICK = {1, 10, 14}
"""A small one, and those in which something was found once."""
ALL = [pytest.param(seed, marks=[] if seed in QUICK else SOAK) for seed in range(36)]
GAPS = [pytest.param(seed, marks=[] if seed < 2 else SOAK) for seed in range(20)]


@pytest.mark.parametrize("seed", ALL)
def test_nothing_follows_in_random_counties(tmp_path: Path, seed: int) -> None:
    assert_safe(both_years(random_towns(seed).write(tmp_path)))


@pytest.mark.parametrize("seed", GAPS)
def test_nothing_follows_where_single_towns_lack_an_answer_a_year_or_comparability(tmp_path: Path, seed: int) -> None:
    assert_safe(both_years(with_gaps(seed, 5 + seed if seed < 4 else None).write(tmp_path)))


@pytest.mark.parametrize("seed", [pytest.param(seed, marks=[] if seed < 1 else SOAK) for seed in range(20)])
def test_nothing_follows_where_some_counts_are_told_as_about_so_many(tmp_path: Path, seed: int) -> None:
    assert_safe(both_years(with_approximations(seed).write(tmp_path)))


HISTORIES = [pytest.param(seed, marks=[] if seed in {6, 22} else SOAK) for seed in range(60)]


@pytest.mark.parametrize("seed", HISTORIES)
def test_nothing_follows_from_all_that_went_out_while_returns_came_and_were_corrected(
    tmp_path: Path, seed: int
) -> None:
    out: list[Reading] = []
    for county, year in history(seed):
        number = 1 + sum(reading.edition.year == year for reading in out)
        try:
            out.append(issue(county.write(tmp_path), year, on_record=number))
        except DisclosureError:
            break  # a set that cannot be protected does not go out
    assert_safe(attack(out, 3))


# The attacker bites: with the protection switched off he finds each kind.


def only_small_counts(published: Published, threshold: int, choice: object) -> dict[int, Hidden]:
    """Each small count is hidden by itself, and nothing else is."""
    return {year: suppress(published.reported, year, threshold) for year in published.reported.years}


def only_recruits(published: Published, threshold: int, choice: object) -> dict[int, Hidden]:
    """The same of recruits only, as if those who qualified were nobody."""

    def chosen(pairs: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        return frozenset((unit, name) for unit, name in pairs if name.startswith("rec_enlisted"))

    found = only_small_counts(published, threshold, choice)
    return {year: Hidden(chosen(hidden.counts), chosen(hidden.seasons)) for year, hidden in found.items()}


def nothing(published: Published, threshold: int, choice: object) -> dict[int, Hidden]:
    """Everything is printed."""
    return dict.fromkeys(published.reported.years, Hidden())


@pytest.fixture
def protected_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., dict[int, Hidden]]], None]:
    """``protected_by(rule)``: this rule hides, in place of the one that is proved."""
    return lambda rule: monkeypatch.setattr("stats.disclosure.released.protect", rule)


def kinds(result: Result, count: str, unit: str = SMALL) -> set[str]:
    """The kinds of leaks of a town's count of 2021."""
    return {leak.kind for leak in result.leaks if leak.target.name == f"{unit} 2021 {count} year"}


@pytest.mark.parametrize("kind", ["different units", "break of one town"])
def test_he_finds_recruits_that_units_missing_from_one_figure_betray(
    tmp_path: Path, protected_by: Callable[..., None], kind: str
) -> None:
    protected_by(only_small_counts)
    assert kinds(both_years(KINDS[kind]().write(tmp_path)), "rec_enlisted") == {"pinned", "below k", "rule"}


def test_he_finds_recruits_that_those_who_qualified_betray(tmp_path: Path, protected_by: Callable[..., None]) -> None:
    protected_by(only_recruits)
    assert "below k" in kinds(both_years(all_qualified_enlisted().write(tmp_path)), "rec_enlisted")


def test_he_finds_recruits_that_two_issues_betray(tmp_path: Path, protected_by: Callable[..., None]) -> None:
    protected_by(only_small_counts)
    found = attack(late_return(tmp_path), 3)
    assert f"{code_of(4)} 2020 rec_enlisted year" in {leak.target.name for leak in found.of_kind("pinned")}


def test_he_finds_a_count_alone_in_a_column_of_zeros(
    tmp_path: Path, protected_by: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    protected_by(only_small_counts)
    monkeypatch.setattr("stats.disclosure.suppression.is_sparse", lambda column: False)
    assert kinds(both_years(few_have_any().write(tmp_path)), "rec_returned") == {"pinned", "below k", "rule"}


def test_he_finds_recruits_of_earlier_years_that_histories_tell(
    demonstration: Path, protected_by: Callable[..., None]
) -> None:
    protected_by(nothing)
    found = attack([issue(demonstration, 2021)], 3)
    assert {"2017", "2018", "2019"} <= {leak.target.name.split()[1] for leak in found.of_kind("pinned")}


def test_he_finds_everything_where_nothing_is_hidden(tmp_path: Path, protected_by: Callable[..., None]) -> None:
    protected_by(nothing)
    result = both_years(plain_towns().write(tmp_path))
    assert {"rec_enlisted", "rec_enlisted_college"} <= {
        name for name in ("rec_enlisted", "rec_enlisted_college") if "pinned" in kinds(result, name)
    }
