"""Towns that were renamed, joined, divided or abolished: the roster says so, old files stay as they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from command import built
from conftest import COUNTY, NEIGHBOUR, TOWN, as_csv, make_rows, put
from small_county import TOWNS, small_county
from stats import returns
from stats.build.state.plan import about_returns
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.disclosure_check import check
from stats.disclosure_check.names import Meaning
from stats.disclosure_check.presence import Presence
from stats.disclosure_check.seen import Aspect, Position, Seen
from stats.disclosure_check.seen import read as printed
from stats.errors import ParamsError
from stats.findings import Finding
from stats.params import Params, load
from stats.params.meant import breaks_of
from towns_by_hand import A, B, C, Figures, by_library, by_oracle, found, make_params, whole

OLD = ("990118200000", "苇塘坳乡")
HEADS = "代码,名称,类型,曾用名,起报年度,止报年度,并入单位代码"


def county(folder: Path, *lines: str, year: int = 2021) -> Params:
    (folder / "params").mkdir(parents=True, exist_ok=True)
    settings = f"county: {{code: 990118000000, name: 青禾县}}\nyear: {year}\nunits: roster.csv\n"
    (folder / "params/county.yaml").write_text(settings, encoding="utf-8")
    roster = [HEADS, f"{TOWN[0]},{TOWN[1]},镇,,,,", *lines]
    (folder / "params/roster.csv").write_text("\n".join(roster) + "\n", encoding="utf-8")
    return load(folder)


def joined(folder: Path) -> Params:
    """苇塘坳乡 reported until 2020 and is part of 双塘镇 since."""
    return county(folder, f"{OLD[0]},{OLD[1]},乡,,,2020,{TOWN[0]}", f"{NEIGHBOUR[0]},{NEIGHBOUR[1]},街道,,,,")


def test_a_unit_that_was_joined_to_another_owes_returns_until_then(tmp_path: Path) -> None:
    params = joined(tmp_path)
    assert [unit.code for unit in params.due(2020)] == [NEIGHBOUR[0], TOWN[0], OLD[0]]
    assert [unit.code for unit in params.due(2021)] == [NEIGHBOUR[0], TOWN[0]]


def test_the_unit_that_took_over_is_not_compared_with_the_year_before(tmp_path: Path) -> None:
    params = joined(tmp_path)
    assert [(item.year, item.units, item.reason) for item in params.breaks] == [
        (2021, (TOWN[0],), "苇塘坳乡自2021年起并入双塘镇")
    ]
    assert not params.comparable(year=2021, unit=TOWN[0], indicator="SYS-02")
    assert params.comparable(year=2021, unit=NEIGHBOUR[0], indicator="SYS-02")
    assert params.comparable(year=2022, unit=TOWN[0], indicator="SYS-02")


def test_a_new_unit_that_took_over_needs_no_break(tmp_path: Path) -> None:
    new = "990118112000"
    params = county(tmp_path, f"{OLD[0]},{OLD[1]},乡,,,2020,{new}", f"{new},苇塘坳镇,镇,,2021,,")
    assert params.breaks == ()
    assert [unit.code for unit in params.due(2021)] == [TOWN[0], new]


@pytest.mark.parametrize("compute", [by_library, by_oracle])
def test_the_countys_change_is_taken_over_the_units_whose_boundary_stayed(compute: Callable[..., Figures]) -> None:
    # A is joined to B in 2019. 2018: 5/10, 4/10, 5/10; 2019: B 15/20, C 6/10. Only C is comparable: 50 % → 60 %.
    params = make_params({}, (), number=3)
    ended = params.units[0].model_copy(update={"until": 2018, "successor": (B,)})
    units = (ended, *params.units[1:])
    params = params.model_copy(update={"units": units, "breaks": breaks_of(units)})
    last = {u: {"sys_issues_raised": "10", "sys_issues_resolved": done} for u, done in ((A, "5"), (B, "4"), (C, "5"))}
    now = {
        B: {"sys_issues_raised": "20", "sys_issues_resolved": "15"},
        C: {"sys_issues_raised": "10", "sys_issues_resolved": "6"},
    }
    figures = compute(params, now, last, ())
    county = whole(figures, "SYS-02")
    assert county.rounded == Decimal("70.0")
    assert county.due == len(params.due(2019)) or compute is by_oracle  # the oracle takes all units for due
    assert (county.last_year.difference, county.last_year.matched) == (Decimal("10.0"), 1)
    assert found(figures, B, "SYS-02").last_year.status is Status.SERIES_BREAK


def test_documents_are_numbered_without_a_gap(tmp_path: Path) -> None:
    params = joined(tmp_path)
    documents = about_returns(params, findings=(), received=())
    assert [document.number for document in documents] == ["附件2", "附件3-01", "附件3-02"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (f"{OLD[0]},{OLD[1]},乡,,,,{TOWN[0]}", "还要写止报年度 until"),
        (f"{OLD[0]},{OLD[1]},乡,,2021,2020,", "早于起报年度"),
        (f"{OLD[0]},{OLD[1]},乡,,,2020,990118777000", "successor 990118777000 不是名册中的另一个单位"),
        (f"{OLD[0]},{OLD[1]},乡,,,2020,{OLD[0]}", "不是名册中的另一个单位"),
    ],
)
def test_an_end_that_does_not_hold_together_is_refused(line: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match=problem):
        county(tmp_path, line)


def read(params: Params, year: int) -> returns.Returns:
    return returns.read(params, [year])


def first(given: returns.Returns, rule: str) -> Finding:
    return next(each for each in given.findings if each.rule == rule)


def test_an_old_file_of_an_abolished_town_says_what_to_write_in_the_roster(tmp_path: Path) -> None:
    params = county(tmp_path)
    file = put(tmp_path, "旧.csv", as_csv(make_rows(unit=OLD, year=2020)), 2020)
    before = file.read_bytes()
    remedy = first(read(params, 2020), "R-CODE").remedy
    assert "until" in remedy
    assert "successor" in remedy
    assert "breaks" in remedy
    assert "原件不改" in remedy
    assert file.read_bytes() == before
    read_again = read(joined(tmp_path), 2020)
    assert read_again.received[2020] == {OLD[0]}
    assert not [each for each in read_again.findings if each.severity in ("fatal", "error")]


def test_a_new_file_of_an_abolished_town_is_told_until_when_it_reported(tmp_path: Path) -> None:
    params = joined(tmp_path)
    put(tmp_path, "旧.csv", as_csv(make_rows(unit=OLD, year=2021)), 2021)
    assert "报到 2020 年（until）为止" in first(read(params, 2021), "R-NOT-DUE").message


def test_an_old_file_under_the_former_name_says_where_to_write_it(tmp_path: Path) -> None:
    params = county(tmp_path)
    put(tmp_path, "旧.csv", as_csv(make_rows(unit=(TOWN[0], "老塘乡"), year=2020)), 2020)
    assert "former_names" in first(read(params, 2020), "R-NAME").remedy
    roster = tmp_path / "params/roster.csv"
    roster.write_text(f"代码,名称,类型,曾用名\n{TOWN[0]},{TOWN[1]},镇,老塘乡\n", encoding="utf-8")
    again = read(load(tmp_path), 2020)
    assert again.received[2020] == {TOWN[0]}
    assert first(again, "R-NAME-FORMER")


def changed(folder: Path, change: str) -> Path:
    """Four towns of the demonstration county, of which one is no more, or has another boundary, in 2021."""
    towns = (*TOWNS, "990118100000")
    small = small_county(towns)
    if change == "a break":
        entry = {"year": 2021, "units": [towns[1]], "reason": "区划调整"}
        small.settings["breaks"] = [*small.settings.get("breaks", []), entry]
    else:
        ended = small.unit(towns[3])
        ended["until"] = 2020
        ended |= {"successor": [towns[1]]} if change == "joined" else {}
        small.removed.add((towns[3], 2021))
    return small.write(folder)


@pytest.mark.parametrize("change", ["abolished", "joined", "a break"])
def test_the_protection_is_proved_from_the_files_after_a_change_of_boundaries(change: str, tmp_path: Path) -> None:
    workspace = changed(tmp_path / "w", change)
    code, documents = built(workspace, "--format", "html")
    assert code == 0
    assert sum(name.startswith("附件3-") for name in documents) == (4 if change == "a break" else 3)
    told = json.loads((workspace / "reports/2021/meeting/manifest.json").read_text(encoding="utf-8"))
    former = [each["code"] for each in told.get("former_units", [])]
    assert former == ([] if change == "a break" else ["990118100000"])
    checked = check(workspace / "reports/2021/meeting", workspace=workspace)
    assert checked.leaks == ()
    assert checked.hidden > 0


@pytest.mark.parametrize(("other", "answer"), [("+1.0", "given"), ("[隐]", "unknown")])
def test_a_hidden_change_is_one_only_where_the_unit_is_compared_at_all(other: str, answer: str) -> None:
    """What a unit with a change of boundary has in the place of its changes is hidden as others' are."""
    place = Position("附件3.html", "表1")

    def seen(name: str, year: int, text: str, aspect: Aspect) -> Seen:
        return Seen(TOWN[0], year, Meaning(name, is_indicator=True), printed(text), place, aspect=aspect)

    shown = [
        *(seen("BLD-05", year, "[隐]", "value") for year in (2020, 2021)),
        seen("BLD-05", 2021, "[隐]", "change"),
        seen("REC-08", 2021, other, "change"),
    ]
    questions = [
        Seen(TOWN[0], year, Meaning(name, is_indicator=False), printed("[隐]"), place)
        for year in (2020, 2021)
        for name in indicators()["BLD-05"].variables
    ]
    assert Presence([*shown, *questions], COUNTY[0]).compared(TOWN[0], 2021, "BLD-05") == answer
