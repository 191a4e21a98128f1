"""One builder for tests: a valid return, of which each test changes only what it is about."""

from __future__ import annotations

import csv
import io
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from stats.catalogue.variables import questions
from stats.params import load

if TYPE_CHECKING:
    from deliveries import Deliveries
    from fault_checks import Ground

# How long an example takes tells more of what else the machine does than of what is tested.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

COUNTY = ("990118000000", "青禾县")
TOWN = ("990118111000", "双塘镇")
NEIGHBOUR = ("990118001000", "城关街道")
TYPES = {COUNTY[0]: "县级本级", TOWN[0]: "镇", NEIGHBOUR[0]: "街道"}

# Answers that hang together, so that no check finds anything; the rest are 是 or the first choice.
NUMBERS = {
    "bas_population": "32000", "bas_villages": "18", "bas_schools": "6",
    "sys_council_meetings": "4", "sys_council_quarters": "4", "sys_issues_raised": "9", "sys_issues_resolved": "8",
    "sys_military_days": "2", "sys_study_sessions": "3", "sys_fs_office_months": "12", "sys_fs_committee_quarters": "4",
    "sys_fs_talk_halves": "2", "sys_fs_research_count": "3",
    "rec_register_due": "310", "rec_registered": "308", "rec_applied": "60", "rec_applied_college": "40",
    "rec_exam_attended": "50", "rec_exam_passed": "30", "rec_both_passed": "25", "rec_enlisted": "12",
    "rec_enlisted_college": "9", "rec_enlisted_graduates": "5", "rec_returned": "0", "rec_prescreen_rounds": "3",
    "rec_publicity_sessions": "20", "rec_home_visits": "400", "rec_followup_done": "12",
    "mil_reorg_due": "18", "mil_reorg_done": "18", "mil_reorg_items": "5", "mil_muster_rate": "96.5",
    "mil_train_rate": "95", "mil_meetings": "12", "mil_contests": "2",
    "emg_persons": "80", "emg_health_person_times": "300", "emg_disaster_person_times": "120",
    "emg_rural_person_times": "200", "emg_drills": "3", "emg_helped_households": "15",
    "bld_company_total": "18", "bld_star5": "3", "bld_star4": "5", "bld_star3": "6", "bld_star5_applied": "2",
    "cad_authorized": "4", "cad_on_post": "4", "cad_certified": "4", "cad_trained": "4", "cad_minister_on_post": "1",
    "cad_minister_preferred": "1", "cad_minister_committee": "1", "cad_officer_total": "3", "cad_officer_admin": "2",
    "edu_events": "15", "edu_person_times": "5000", "edu_memorial_participants": "60", "edu_schools_covered": "6",
    "edu_camp_days": "7", "edu_media_items": "30",
    "sup_troop_visits": "4", "sup_visit_funds": "6.5", "sup_households_due": "240", "sup_households_visited": "240",
    "sup_allowance_standard": "18000", "sup_allowance_due": "20", "sup_allowance_paid": "20", "sup_merit_due": "6",
    "sup_merit_delivered": "6", "sup_cases_raised": "7", "sup_cases_solved": "6", "sup_training_person_times": "25",
    "sup_joint_events": "5",
    "fnd_total": "86", "fnd_county": "40", "fnd_pafd": "10", "fnd_town": "34", "fnd_other": "2", "fnd_budget": "80",
    "fnd_spent": "84", "fnd_building": "30", "fnd_emergency": "12.5", "fnd_edu": "6",
}  # fmt: skip

Row = dict[str, str]


def make_rows(*, unit: tuple[str, str] = TOWN, year: int = 2021, **answers: str) -> list[Row]:
    """The rows of one unit's return; an answer given here replaces the valid one wherever it is due."""
    is_county = unit == COUNTY
    seasons = ("spring", "autumn") if year > 2020 else ("autumn",) if year == 2020 else ("year",)
    identity = {
        "unit_code": unit[0],
        "unit_name": unit[1],
        "unit_type": TYPES.get(unit[0], "镇"),
        "stat_year": str(year),
    }
    periods = ("year",) if is_county else dict.fromkeys(("year", *seasons))
    rows = [{**identity, "period": period} for period in periods]
    for row in rows:
        for variable in questions():
            is_due = row["period"] in (seasons if variable.seasonal else ("year",))
            valid = NUMBERS.get(variable.name) or variable.choices[0]
            row[variable.name] = (
                answers.get(variable.name, valid) if is_due and variable.asked_of(county=is_county) else ""
            )
        row.update({name: text for name, text in answers.items() if name in (*identity, "period", "remark")})
    return rows


def as_csv(rows: Iterable[Row], *, header: Callable[[str], str] = str, end: str = "\n") -> str:
    """The rows as a comma-separated table; ``header`` changes the column names."""
    rows = list(rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end)
    writer.writerow([header(name) for name in rows[0]])
    writer.writerows(row.values() for row in rows)
    return text.getvalue()


def make_workspace(folder: Path, year: int = 2021) -> Path:
    """A workspace whose county has two towns, without returns."""
    units = "".join(f"  - {{code: {code}, name: {name}, type: {TYPES[code]}}}\n" for code, name in (TOWN, NEIGHBOUR))
    (folder / "params").mkdir(parents=True, exist_ok=True)
    text = f"county: {{code: {COUNTY[0]}, name: {COUNTY[1]}}}\nyear: {year}\nunits:\n{units}"
    (folder / "params" / "county.yaml").write_text(text, encoding="utf-8")
    return folder


def put(workspace: Path, name: str, content: str | bytes, year: int = 2021) -> Path:
    """Puts a file among the returns of a year."""
    place = workspace / "data" / "returns" / str(year) / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content.encode() if isinstance(content, str) else content)
    return place


@pytest.fixture(scope="session", autouse=True)
def _own_configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a run remembers for its user is remembered in a folder of the tests, not in that of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture
def signals_stay() -> Iterator[None]:
    """Signals are handled afterwards as they were before: the command takes them over in the process it runs in."""
    before = {number: signal.getsignal(number) for number in signal.valid_signals()}
    yield
    for number, handler in before.items():
        if handler is not None and signal.getsignal(number) is not handler:
            signal.signal(number, handler)


@pytest.fixture
def make_return(tmp_path: Path) -> Callable[..., Path]:
    """``make_return(**answers)``: a workspace with one valid town return, changed only in these answers."""

    def make(*, year: int = 2021, **answers: str) -> Path:
        workspace = make_workspace(tmp_path, year)
        load(workspace)
        put(workspace, "双塘镇.csv", as_csv(make_rows(unit=TOWN, year=year, **answers)), year)
        return workspace

    return make


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Each test and its fixtures of any scope begin with the real binder, whatever deliveries put in its place."""
    from stats.build import bound_volume
    from stats.publish.binding import bind

    bound_volume.bind = bind


@pytest.fixture
def deliveries(monkeypatch: pytest.MonkeyPatch) -> Deliveries:
    """The worker processes are replaced by deliveries at once."""
    from deliveries import Deliveries

    given = Deliveries()
    monkeypatch.setattr("stats.build.processes.workers.team", given.team)
    return given


@pytest.fixture(scope="session")
def fast_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where there is one, so that what is flushed a thousand times does not wear a disk."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < 64 * 2**20:
        yield tmp_path_factory.mktemp("fast")
        return
    with tempfile.TemporaryDirectory(prefix="stats-test-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def ground(fast_folder: Path) -> Iterator[Ground]:
    """A workspace in which runs may fail: one process, started with the shim, builds in it for all tests."""
    from fault_checks import Ground
    from fault_driver import Driver
    from fault_shim import built
    from make_workspace import FINE

    driver = Driver(fast_folder, built(fast_folder), (FINE,))
    try:
        yield Ground.laid(driver, fast_folder)
    finally:
        driver.end()
