"""What has gone out is on record: as figures, sealed, and the next issue is proved together with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import demo
from demo import CellKey
from small_county import COUNTY, TOWNS, SmallCounty, small_county
from stats import disclosure, report
from stats.catalogue.status import Status
from stats.disclosure import county_key, recorded
from stats.disclosure.audit import Count, Fact, Guarded, Statement, exposed
from stats.disclosure.counts import Reported
from stats.disclosure.guarded import Quantities
from stats.disclosure.issued import Record, read, recalled
from stats.disclosure.issued.record import digest
from stats.disclosure.published import Published
from stats.errors import ParamsError
from stats.report import Session

KEY = b"the key of a test"
LATE = TOWNS[2]
# The late return of 2020: one recruit.
FUNNEL = {
    "rec_applied": "30", "rec_applied_college": "20", "rec_exam_attended": "25", "rec_exam_passed": "20",
    "rec_both_passed": "18", "rec_enlisted": "1", "rec_enlisted_college": "1", "rec_enlisted_graduates": "1",
    "rec_returned": "0",
}  # fmt: skip


def one(unit: str = "a", year: int = 2021, variable: str = "rec_enlisted", period: str = "year") -> Count:
    return Count(unit, year, variable, period)


def make_record(shown: dict[Count, int], hidden: dict[Count, int], *facts: Fact, **overrides: Any) -> Record:
    """A record of an edition in which these counts are shown and those hidden."""
    settings: dict[str, Any] = {
        "county": COUNTY,
        "year": 2021,
        "edition": "meeting",
        "number": 1,
        "threshold": 3,
        "shown": shown,
        "hidden": frozenset(hidden),
        "digests": {count: digest(count, value, KEY) for count, value in {**shown, **hidden}.items()},
        "facts": facts,
    }
    return Record(**{**settings, **overrides})


def make_reported(values: dict[Count, int]) -> Reported:
    years = tuple(sorted({count.year for count in values}))
    return Reported(years, tuple(sorted({c.unit for c in values})), values, ("rec_enlisted", "rec_enlisted_college"))


def key() -> bytes:
    return KEY


# The record by itself.

A, B, C = one("a"), one("b"), one("c")
SUM = Fact(((A, 1), (B, 1)), 14, 14, "REC-02 2021 全县分子")


def test_a_record_is_read_as_it_was_written() -> None:
    record = make_record(
        {A: 12}, {B: 2}, SUM, withheld={2021: disclosure.Hidden(states_told=frozenset({("b", "REC-03")}))}
    )
    again = Record.from_bytes(record.to_bytes(KEY), "x", KEY)
    assert again == record
    assert again.to_bytes(KEY) == record.to_bytes(KEY)


def test_a_hidden_count_is_in_no_record_in_clear() -> None:
    first, second = (make_record({A: 12}, {B: value}).to_bytes(KEY).decode() for value in (2, 1))
    said = [json.loads(text) for text in (first, second)]
    assert said[0].pop("digests") != said[1].pop("digests")
    assert said[0].pop("seal") != said[1].pop("seal")
    assert said[0] == said[1]


def test_the_digest_of_a_count_tells_nothing_without_the_key() -> None:
    """Else a reader of the record would try out every small number."""
    assert digest(B, 2, KEY) not in {digest(B, value, b"another key") for value in range(100)}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"least": 14', '"least": 13'),
        lambda text: text.replace('"threshold": 3', '"threshold": 1'),
        lambda text: text.replace('"format": 1', '"format": 2'),
        lambda text: text[: len(text) // 2],
        lambda text: "[]",
        lambda text: "null",
        lambda text: "",
        lambda text: '{"seal": 1}',
        lambda text: "[" * 100_000,
        lambda text: text.replace('"number": 1', '"number": NaN'),
        lambda text: text.replace('"number": 1', '"number": 1, "number": 1'),
    ],
)
def test_a_record_that_is_damaged_is_refused_by_name(change: Callable[[str], str]) -> None:
    text = make_record({A: 12}, {B: 2}, SUM).to_bytes(KEY).decode()
    with pytest.raises(ParamsError, match=r"2021-meeting-01\.json") as caught:
        Record.from_bytes(change(text).encode(), "2021-meeting-01.json", KEY)
    assert "备份" in caught.value.remedy


def test_a_record_sealed_with_another_key_is_refused() -> None:
    with pytest.raises(ParamsError):
        Record.from_bytes(make_record({A: 12}, {}).to_bytes(b"another key"), "x", KEY)


# Records in their folder.


def put(workspace: Path, record: Record, name: str = "", *, with_key: bytes = KEY) -> Path:
    path = workspace / "data" / "issued" / (name or f"{record.name}.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(record.to_bytes(with_key))
    return path


def test_the_records_of_all_years_and_editions_are_read_with_their_hashes(tmp_path: Path) -> None:
    for year, edition, number in ((2021, "meeting", 2), (2020, "meeting", 1), (2021, "public", 1)):
        put(tmp_path, make_record({A: 12}, {}, year=year, edition=edition, number=number))
    records, inputs = read(tmp_path, COUNTY, key)
    assert [record.name for record in records] == ["2020-meeting-01", "2021-meeting-02", "2021-public-01"]
    assert list(inputs) == [f"data/issued/{record.name}.json" for record in records]


def test_without_records_no_key_is_asked_for(tmp_path: Path) -> None:
    def no_key() -> bytes:
        raise AssertionError("the key was asked for")

    assert read(tmp_path, COUNTY, no_key) == ((), {})


@pytest.mark.parametrize(
    ("name", "overrides", "told"),
    [
        ("2021-meeting-02.json", {}, "2021-meeting-02.json"),
        ("2021-meeting-01.json", {"county": "990119000000"}, "2021-meeting-01.json"),
        ("附件.json", {}, "文件名不是"),
        ("2021-meeting-01.JSON", {}, "文件名不是"),
    ],
)
def test_a_foreign_record_is_refused_by_name(tmp_path: Path, name: str, overrides: dict[str, Any], told: str) -> None:
    put(tmp_path, make_record({A: 12}, {}, **overrides), name)
    with pytest.raises(ParamsError, match=told):
        read(tmp_path, COUNTY, key)


def test_a_folder_in_the_place_of_a_record_is_refused_and_notes_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path, make_record({A: 12}, {}))
    (tmp_path / "data/issued/说明.md").write_text("说明", encoding="utf-8")
    assert len(read(tmp_path, COUNTY, key)[0]) == 1
    (tmp_path / "data/issued/2021-meeting-02.json").mkdir()
    with pytest.raises(ParamsError, match=r"2021-meeting-02\.json 是文件夹"):
        read(tmp_path, COUNTY, key)


# Records beside the present counts.


def test_a_count_that_is_the_same_is_the_same_and_one_that_changed_is_another() -> None:
    issued = recalled([make_record({A: 12}, {B: 2}, SUM)], make_reported({A: 12, B: 5, C: 1}), key)
    changed = B._replace(issue="2021-meeting-01")
    assert issued.openly == {A}
    assert issued.values == {changed: 2}
    assert issued.facts == (Fact(((A, 1), (changed, 1)), 14, 14, "2021-meeting-01 REC-02 2021 全县分子"),)


def test_what_was_shown_and_has_changed_is_known_at_its_old_value() -> None:
    issued = recalled([make_record({A: 12}, {})], make_reported({A: 2}), key)
    assert issued.shown == {A._replace(issue="2021-meeting-01"): 12}
    assert not issued.openly


def test_a_part_that_has_changed_is_still_bound_by_its_whole() -> None:
    part = one("a", variable="rec_enlisted_college")
    issued = recalled([make_record({}, {A: 9, part: 2})], make_reported({A: 9, part: 4}), key)
    then = part._replace(issue="2021-meeting-01")
    assert [(fact.terms, fact.low) for fact in issued.facts] == [(((A, 1), (then, -1)), 0)]


def test_what_went_out_hidden_is_hidden_again_only_while_it_is_the_same() -> None:
    record = make_record({}, {A: 9, B: 2})
    before = recalled([record], make_reported({A: 9, B: 3}), key).before
    assert before[2021].counts == {("a", "rec_enlisted")}


def test_states_and_hidden_figures_are_kept_only_while_the_year_is_the_same() -> None:
    withheld = {2021: disclosure.Hidden(figures=frozenset({"REC-02"}), states_told=frozenset({("a", "REC-03")}))}
    record = make_record({A: 9}, {B: 2}, withheld=withheld)
    assert recalled([record], make_reported({A: 9, B: 2}), key).before[2021].figures == {"REC-02"}
    for changed in ({A: 9, B: 1}, {A: 9, B: 2, C: 4}):
        assert recalled([record], make_reported(changed), key).before[2021].figures == frozenset()


def test_the_smallest_threshold_on_record_holds() -> None:
    records = [make_record({A: 4}, {B: 2}, threshold=k, number=k) for k in (5, 3)]
    assert recalled(records, make_reported({A: 4, B: 2}), key).thresholds == {A: 3, B: 3}


def test_a_value_that_no_digest_fits_is_a_damaged_record() -> None:
    record = replace(make_record({A: 12}, {}), digests={A: "0" * 32})
    with pytest.raises(ParamsError, match="2021-meeting-01"):
        recalled([record], make_reported({A: 12}), key)


# Two issues with a late return in between.


@pytest.fixture
def county(tmp_path: Path) -> Callable[..., Session]:
    """Writes the county and reads it; ``late`` says whether the late return of 2020 is there."""

    def load(*, late: bool, **answers: str) -> Session:
        report.load.cache_clear()
        return report.load(with_late_return(late=late, **answers).write(tmp_path), edition="meeting")

    return load


def with_late_return(*, late: bool, **answers: str) -> SmallCounty:
    given = small_county()
    for name, text in {**FUNNEL, **answers}.items():
        given.answers[CellKey(LATE, 2020, "autumn", name)] = text
    if not late:
        given.removed.add((LATE, 2020))
    return given


def goes_out(run: Session, number: int = 1) -> Record:
    """Put what the run releases on record in its workspace."""
    workspace = run.params.workspace
    record = recorded(run.released, number, county_key(workspace))
    put(workspace, record, with_key=county_key(workspace))
    return record


def recruits(run: Session) -> int | None:
    """The county's recruits of 2020 as the edition shows them."""
    figure = run.released.figure(COUNTY, 2020, "REC-02")
    return None if figure is None or figure.value is None else int(figure.value)


def test_without_a_record_two_issues_give_the_late_return_away(county: Callable[..., Session]) -> None:
    """What the record is for: the county's recruits with and without the late town differ by its one recruit."""
    before, after = recruits(county(late=False)), recruits(county(late=True))
    assert before is not None
    assert after is not None
    assert after - before == 1


def test_with_the_first_issue_on_record_the_second_keeps_the_late_return(county: Callable[..., Session]) -> None:
    goes_out(county(late=False))
    second = county(late=True)
    assert recruits(second) is None
    assert not known_in_both(second, one(LATE, 2020))


def known_in_both(run: Session, count: Count) -> bool:
    """Whether a count follows from both issues together, with their sums taken from the records alone."""
    goes_out(run, 2)
    records, _ = read(run.params.workspace, COUNTY, lambda: county_key(run.params.workspace))
    facts = tuple(fact for record in records for fact in record.facts)
    largest = {each: 5000 for record in records for each in record.hidden}
    shown = {each: value for record in records for each, value in record.shown.items()}
    return bool(exposed(Statement(shown, largest, facts), [Guarded(((count, 1),), 3)]))


def test_the_engine_that_finds_nothing_in_both_issues_finds_the_late_return_if_nothing_was_done(
    county: Callable[..., Session],
) -> None:
    first = county(late=False)
    without_record = county(late=True)
    goes_out(first)
    assert known_in_both(without_record, one(LATE, 2020))


def test_every_figure_made_from_the_late_recruits_is_kept(county: Callable[..., Session]) -> None:
    goes_out(county(late=False))
    second = county(late=True)
    for code in ("REC-02", "REC-03", "REC-04", "REC-09"):
        figure = second.released.figure(COUNTY, 2020, code)
        assert figure is not None
        assert figure.status is Status.HIDDEN, code


def test_a_late_return_with_large_counts_hides_no_county_figure(county: Callable[..., Session]) -> None:
    many = {"rec_enlisted": "12", "rec_enlisted_college": "8", "rec_enlisted_graduates": "4"}
    goes_out(county(late=False, **many))
    assert recruits(county(late=True, **many)) is not None


def test_to_issue_a_set_changes_nothing_in_it(county: Callable[..., Session]) -> None:
    first = county(late=True)
    hidden = first.released.hidden
    goes_out(first)
    assert county(late=True).released.hidden == hidden


def test_a_count_corrected_since_is_protected_at_its_old_value_too(county: Callable[..., Session]) -> None:
    """Its old value with the sum that went out then must not follow from what is shown now."""
    goes_out(county(late=True))
    second = county(late=True, rec_enlisted="9", rec_enlisted_college="9", rec_enlisted_graduates="9")
    old = one(LATE, 2020)._replace(issue="2021-meeting-01")
    names = {quantity.terms[0][0] for quantity in guarded(second)}
    assert old in names
    assert not exposed(published(second).statement(second.released.hidden), [Guarded(((old, 1),), 3)])


def published(run: Session) -> Published:
    """All that readers know of a run with what went out before."""
    records, workspace = run.examined.issued, run.params.workspace
    released = run.released
    return Published(
        released.results, released.reported, lambda of: recalled(records, of, lambda: county_key(workspace))
    )


def guarded(run: Session) -> list[Guarded]:
    return list(Quantities(published(run), 3).of(run.released.hidden))


def test_what_an_earlier_issue_shows_openly_is_not_guarded_any_more(county: Callable[..., Session]) -> None:
    first = county(late=True)
    count = next(c for q in guarded(first) for c, _ in q.terms if c.year == 2021 and len(q.terms) == 1)
    value = first.released.reported.values[count]
    record = make_record({count: value}, {}, number=7)
    shown_once = replace(record, digests={count: digest(count, value, county_key(first.params.workspace))})
    put(first.params.workspace, shown_once, with_key=county_key(first.params.workspace))
    assert ((count, 1),) not in {quantity.terms for quantity in guarded(county(late=True))}


def test_to_issue_the_demonstration_countys_sets_changes_nothing_in_them(tmp_path: Path) -> None:
    """Each year's set goes out, the earlier one last; told states would else be found to expose more than before."""
    demo.write(tmp_path / "county")
    hidden = {}
    for year in (2021, 2020, 2021, 2020):
        report.load.cache_clear()
        run = report.load(tmp_path / "county", year=year, edition="meeting")
        assert hidden.setdefault(year, run.released.hidden) == run.released.hidden
        record = recorded(run.released, 1, county_key(run.params.workspace))
        put(run.params.workspace, record, with_key=county_key(run.params.workspace))


def again(county: Callable[..., Session], **changes: Any) -> Session:
    """The run after an issue of the same set whose record says something else in these fields."""
    first = county(late=True)
    workspace = first.params.workspace
    record = replace(recorded(first.released, 1, county_key(workspace)), **changes)
    put(workspace, record, with_key=county_key(workspace))
    return county(late=True)


def test_a_county_figure_that_went_out_hidden_is_hidden_again(county: Callable[..., Session]) -> None:
    assert "REC-02" not in county(late=True).released.hidden[2021].figures
    second = again(county, withheld={2021: disclosure.Hidden(figures=frozenset({"REC-02"}))}, facts=())
    assert "REC-02" in second.released.hidden[2021].figures


def test_a_state_that_was_told_is_told_again(county: Callable[..., Session]) -> None:
    """Readers have it; the rule alone tells no state in a column of which no count goes out."""
    pair = (TOWNS[0], "REC-03")
    assert pair not in county(late=True).released.hidden[2021].states_told
    second = again(county, withheld={2021: disclosure.Hidden(states_told=frozenset({pair}))}, facts=())
    assert pair in second.released.hidden[2021].states_told


def test_what_was_protected_at_a_smaller_threshold_is_protected_at_that_one(county: Callable[..., Session]) -> None:
    """At 2 only counts of one are protected: readers of that issue may know that others are two."""
    before = {quantity.value for quantity in guarded(county(late=True)) if len(quantity.terms) == 1}
    after = {quantity.value for quantity in guarded(again(county, threshold=2)) if len(quantity.terms) == 1}
    assert before == {0, 1, 2}
    assert after == {0, 1}


def test_a_small_rest_between_counts_that_an_earlier_issue_shows_is_not_guarded(county: Callable[..., Session]) -> None:
    first = county(late=True)
    pair = (one(LATE, 2020, "rec_exam_passed"), one(LATE, 2020, "rec_both_passed"))
    terms = ((pair[0], 1), (pair[1], -1))
    assert terms in {quantity.terms for quantity in guarded(first)}
    key = county_key(first.params.workspace)
    shown = dict(zip(pair, (20, 18), strict=True))
    digests = {count: digest(count, value, key) for count, value in shown.items()}
    put(first.params.workspace, replace(make_record(shown, {}), digests=digests), with_key=key)
    assert terms not in {quantity.terms for quantity in guarded(county(late=True))}


def test_the_record_of_an_edition_without_protected_counts_has_a_head_only(county: Callable[..., Session]) -> None:
    workspace = county(late=True).params.workspace
    public = report.load(workspace, edition="public")
    record = recorded(public.released, 1, KEY)
    assert (record.edition, record.shown, record.hidden, record.facts) == ("public", {}, frozenset(), ())


def test_a_damaged_record_stops_every_command_that_reads_the_data(county: Callable[..., Session]) -> None:
    run = county(late=True)
    path = put(run.params.workspace, make_record({A: 12}, {}))
    path.write_bytes(path.read_bytes()[:-5])
    for edition in ("meeting", "public", "full"):
        report.load.cache_clear()
        with pytest.raises(ParamsError, match="2021-meeting-01"):
            report.load(run.params.workspace, edition=edition)
