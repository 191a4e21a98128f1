"""The demonstration county: reproducible, consistent, and untidy exactly where it says so."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib.resources import files
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest

import demo
from demo.county import COUNTY_CODE, YEARS, towns
from demo.deliveries import DELIVERIES, Delivery, columns
from stats import params, returns, validate
from stats.build.workspace.blank import write_demonstration
from stats.catalogue.seasons import periods_due
from stats.catalogue.variables import questions, variables
from stats.findings import Severity

REPOSITORY = Path(__file__).parent.parent
SEEDS = (2021, 1, 7, 99)
Row = dict[str, str]


def tables(content: dict[str, bytes]) -> Iterator[tuple[Delivery, list[list[str]]]]:
    """Every file of returns as lines of text, read with the csv module or openpyxl."""
    for delivery in DELIVERIES:
        data = content[delivery.path]
        if delivery.container == "csv":
            yield delivery, list(csv.reader(StringIO(data.decode(delivery.encoding))))
        else:
            sheet = openpyxl.load_workbook(BytesIO(data)).worksheets[0]
            lines = [["" if cell is None else str(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
            yield delivery, lines


def reported(content: dict[str, bytes]) -> dict[demo.CellKey, str]:
    """What stands in the returns, by place."""
    found = {}
    for delivery, lines in tables(content):
        names = [variable.name for variable in columns(delivery)]
        for line in lines[2:]:
            row = dict(zip(names, line, strict=True))
            for name in names:
                found[demo.CellKey(row["unit_code"], delivery.year, row["period"], name)] = row[name]
    return found


def test_same_seed_gives_the_same_bytes_and_another_seed_does_not() -> None:
    assert demo.contents(7) == demo.contents(7)
    assert demo.contents(7) != demo.contents(8)


def test_committed_county_is_what_the_generator_writes(tmp_path: Path) -> None:
    write_demonstration(tmp_path)
    shipped = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    committed = {
        p.relative_to(REPOSITORY).as_posix()
        for folder in ("data/returns", "data/corrections", "data/explanations", "data/benchmarks", "params")
        for p in (REPOSITORY / folder).rglob("*")
        if p.is_file()
    }
    written = demo.contents()
    assert set(written) == shipped == committed | {"data/README.md"}
    for path, content in written.items():
        assert content == (tmp_path / path).read_bytes() == (REPOSITORY / path).read_bytes(), f"{path}：make demo"


def test_shipped_archive_is_what_the_generator_writes() -> None:
    assert files("stats.build.workspace").joinpath("demonstration.zip").read_bytes() == demo.archive()


def test_parameters_of_the_county_are_accepted(tmp_path: Path) -> None:
    demo.write(tmp_path)
    loaded = params.load(tmp_path)
    assert (loaded.county.name, loaded.county.code, loaded.year) == ("云汀县", "990118000000", 2021)
    assert loaded.demonstration
    assert [sum(unit.type == kind for unit in loaded.units) for kind in ("街道", "镇", "乡")] == [3, 11, 4]
    assert loaded.unit("990118108000").former_names == ("西岭湾镇",)
    assert sorted(loaded.targets) == list(YEARS)


def test_every_unit_answers_every_question_asked_of_it() -> None:
    expected = {
        demo.CellKey(unit, year, period, question.name)
        for year in YEARS
        for unit in (*(town.code for town in towns()), COUNTY_CODE)
        for question in questions()
        if question.asked_of(county=unit == COUNTY_CODE)
        for period in (periods_due(year) if question.seasonal else ("year",))
    }
    assert set(demo.answers()) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_clean_answers_are_of_their_kind_and_in_range(seed: int) -> None:
    for place, text in demo.answers(seed).items():
        variable = variables()[place.variable]
        if text == "—":
            assert place.variable in ("edu_camp_days", "sup_troop_visits")
        elif variable.choices:
            assert text in variable.choices
        else:
            assert re.fullmatch(r"\d+" if variable.kind == "int" else r"\d+(\.\d{1,2})?", text), (place, text)
            assert variable.minimum is not None
            assert variable.maximum is not None
            assert variable.minimum <= Decimal(text) <= variable.maximum


@pytest.mark.parametrize("seed", SEEDS)
def test_allowance_standard_is_uniform_and_rises_every_year(seed: int) -> None:
    by_year = [
        {text for place, text in demo.answers(seed).items() if place[1::2] == (year, "sup_allowance_standard")}
        for year in YEARS
    ]
    standards = [int(text) for texts in by_year for text in texts]
    assert len(standards) == len(YEARS)
    assert standards == sorted(set(standards))


class Numbers:
    """The clean numbers of one row, or of a whole year with its seasons added up, and those of last year."""

    def __init__(self, answers: dict[str, Decimal], before: dict[str, Decimal]) -> None:
        self.answers, self.before = answers, before

    def __getattr__(self, name: str) -> Decimal:
        return self.answers[name]

    def last(self, name: str) -> Decimal:
        return self.before[name]


CENT = Decimal("0.05")
SEASON: dict[str, Callable[[Numbers], bool]] = {
    "V01": lambda n: n.rec_enlisted_graduates <= n.rec_enlisted_college,
    "V02": lambda n: n.rec_enlisted_college <= n.rec_enlisted,
    "V03": lambda n: n.rec_enlisted <= n.rec_both_passed,
    "V04": lambda n: n.rec_both_passed <= n.rec_exam_passed,
    "V05": lambda n: n.rec_exam_passed <= n.rec_exam_attended,
    "V06": lambda n: n.rec_exam_attended <= n.rec_applied,
    "V07": lambda n: n.rec_applied_college <= n.rec_applied,
    "V08": lambda n: n.rec_returned <= n.rec_enlisted,
}
TOWN_YEAR: dict[str, Callable[[Numbers], bool]] = {
    "V09": lambda n: n.rec_registered <= n.rec_register_due,
    "V10": lambda n: n.rec_followup_done <= n.rec_enlisted,
    "V11": lambda n: n.sys_council_quarters <= n.sys_council_meetings,
    "V12": lambda n: n.sys_council_meetings == 0 or n.sys_council_quarters >= 1,
    "V13": lambda n: n.sys_issues_resolved <= n.sys_issues_raised,
    "V14": lambda n: n.mil_reorg_done <= n.mil_reorg_due,
    "V15": lambda n: 2 * n.mil_reorg_due >= n.bas_villages,
    "V16": lambda n: n.bld_star5 + n.bld_star4 + n.bld_star3 <= n.bld_company_total,
    "V17": lambda n: n.bld_star5_applied <= n.bld_company_total,
    "V18": lambda n: n.cad_on_post <= n.cad_authorized,
    "V19": lambda n: n.cad_certified <= n.cad_on_post,
    "V20": lambda n: n.cad_trained <= n.cad_on_post,
    "V21": lambda n: n.cad_minister_preferred <= n.cad_minister_on_post,
    "V22": lambda n: n.cad_minister_committee <= n.cad_minister_on_post,
    "V23": lambda n: n.cad_officer_admin <= n.cad_officer_total,
    "V24": lambda n: n.cad_minister_on_post + n.cad_officer_total <= n.cad_on_post,
    "V25": lambda n: n.edu_schools_covered <= n.bas_schools,
    "V26": lambda n: n.edu_events == 0 or n.edu_person_times > 0,
    "V27": lambda n: n.edu_memorial_participants <= n.edu_person_times,
    "V28": lambda n: n.sup_households_visited <= n.sup_households_due,
    "V29": lambda n: n.sup_allowance_paid <= n.sup_allowance_due,
    "V30": lambda n: n.sup_merit_delivered <= n.sup_merit_due,
    "V31": lambda n: n.sup_cases_solved <= n.sup_cases_raised,
    "V35": lambda n: n.emg_persons > 0 or n.emg_health_person_times + n.emg_disaster_person_times == 0,
    "V36": lambda n: n.emg_persons <= n.emg_health_person_times + n.emg_disaster_person_times,
}
ANY_YEAR: dict[str, Callable[[Numbers], bool]] = {
    "V32": lambda n: n.fnd_county + n.fnd_pafd + n.fnd_town + n.fnd_other == n.fnd_total,
    "V33": lambda n: n.fnd_building + n.fnd_emergency + n.fnd_edu <= n.fnd_total + CENT,
    "V34": lambda n: n.fnd_spent <= n.fnd_budget * Decimal("1.5"),
    "V41": lambda n: n.fnd_building <= n.fnd_total + CENT,
    "V42": lambda n: n.sup_allowance_standard >= 500,
}
TOWN_LAST_YEAR: dict[str, Callable[[Numbers], bool]] = {
    "V39": lambda n: 5 * abs(n.bas_population - n.last("bas_population")) <= n.last("bas_population"),
}
ANY_LAST_YEAR: dict[str, Callable[[Numbers], bool]] = {
    "V37": lambda n: n.sup_allowance_standard >= n.last("sup_allowance_standard"),
    "V38": lambda n: n.fnd_total >= n.last("fnd_total"),
    "V40": lambda n: n.fnd_total < 50 * n.last("fnd_total") and n.fnd_total * 50 > n.last("fnd_total"),
}


def numbers_of(seed: int) -> dict[tuple[str, int, str], dict[str, Decimal]]:
    found: dict[tuple[str, int, str], dict[str, Decimal]] = {}
    for (unit, year, period, name), text in demo.answers(seed).items():
        row = found.setdefault((unit, year, period), {})
        if re.fullmatch(r"[\d.]+", text):
            row[name] = Decimal(text)
    return found


def whole_year(rows: dict[tuple[str, int, str], dict[str, Decimal]], unit: str, year: int) -> dict[str, Decimal]:
    total: dict[str, Decimal] = {}
    for (row_unit, row_year, _), row in rows.items():
        if (row_unit, row_year) == (unit, year):
            total |= {name: number + total.get(name, 0) for name, number in row.items()}
    return total


def test_the_evaluation_below_knows_all_42_checks() -> None:
    known = (SEASON, TOWN_YEAR, ANY_YEAR, TOWN_LAST_YEAR, ANY_LAST_YEAR)
    assert sorted(name for checks in known for name in checks) == [f"V{number:02}" for number in range(1, 43)]


@pytest.mark.parametrize("seed", SEEDS)
def test_clean_answers_satisfy_every_check(seed: int) -> None:
    rows = numbers_of(seed)
    broken = [
        (name, *place)
        for place, row in rows.items()
        if "rec_applied" in row
        for name, holds in SEASON.items()
        if not holds(Numbers(row, {}))
    ]
    for unit in {place[0] for place in rows}:
        for year in YEARS:
            checks = ANY_YEAR if unit == COUNTY_CODE else ANY_YEAR | TOWN_YEAR
            if year > YEARS[0]:
                checks = checks | ANY_LAST_YEAR | ({} if unit == COUNTY_CODE else TOWN_LAST_YEAR)
            row = Numbers(whole_year(rows, unit, year), whole_year(rows, unit, year - 1))
            broken += [(name, unit, year, "") for name, holds in checks.items() if not holds(row)]
    assert broken == []


def test_returns_differ_from_the_clean_answers_exactly_where_declared() -> None:
    content = demo.contents()
    stands = {place: text for place, text in reported(content).items() if text}
    clean = {**demo.answers()}
    differ = {place for place, text in clean.items() if stands.get(place, "") != text}
    declared = {entry.place for entry in demo.UNTIDINESS if entry.place.variable not in ("", "unit_name")}
    silent = {entry.place[:2] for entry in demo.UNTIDINESS if entry.kind == "not reported"}
    assert differ == declared | {place for place in clean if place[:2] in silent}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_declared_untidiness_is_written_in_a_return(seed: int) -> None:
    stands = reported(demo.contents(seed))
    clean = demo.answers(seed)
    for entry in demo.UNTIDINESS:
        if entry.kind == "not reported":
            assert not any(place[:2] == entry.place[:2] for place in stands)
        else:
            assert stands[entry.place] == entry.written(clean)
            assert stands[entry.place] != clean.get(entry.place)


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("masked", r"xx名|xx万元|\*\*|\*{4}元|\*\*多万元"),
        ("approximate", r"\d+[余多](名|人次)|约\d+人次|近\d+户次|不少于\d+场"),
        ("money unit", r"\d+(\.\d+)?万?元"),
        ("full-width digits", r"[０-９．]+％?"),
        ("thousands separator", r"\d{1,3},\d{3}"),
        ("repeated unit", r"\d+(名|次|人次)"),
        ("Chinese numeral", r"[一两三四五六七八九十]次"),
        ("corrected", r"\d+0"),
        ("blank", ""),
        ("not applicable", "—|不适用"),
        ("traditional name", "龍泓鎮"),
    ],
)
def test_untidiness_looks_like_its_kind(kind: str, pattern: str) -> None:
    entries = [entry for entry in demo.UNTIDINESS if entry.kind == kind]
    assert entries
    for entry in entries:
        assert re.fullmatch(pattern, entry.written(demo.answers())), entry


def test_files_come_in_the_encodings_and_containers_of_real_offices() -> None:
    content = demo.contents()
    west = content["data/returns/2021/演示数据（虚构）-2021年西片镇乡.csv"]
    with pytest.raises(UnicodeDecodeError):
        west.decode()
    assert "石㙍乡" in west.decode("gb18030")
    assert content["data/returns/2021/演示数据（虚构）-2021年各街道.csv"].startswith(b"\xef\xbb\xbf")
    single = next(lines for delivery, lines in tables(content) if delivery.name == "龙泓镇")
    assert [line[1] for line in single[2:]] == ["龍泓鎮"] * 3
    assert sum(delivery.container == "xlsx" and len(delivery.units) > 1 for delivery in DELIVERIES) == 3


def test_renamed_town_reports_under_its_old_name_until_the_change() -> None:
    names = {
        place.year: text
        for place, text in reported(demo.contents()).items()
        if place[::3] == ("990118108000", "unit_name")
    }
    assert names == {2017: "西岭湾镇", 2018: "西岭湾镇", 2019: "西岭湾镇", 2020: "栖凤岭镇", 2021: "栖凤岭镇"}


def test_every_file_says_that_it_is_invented() -> None:
    content = demo.contents()
    for delivery, lines in tables(content):
        assert "演示数据（虚构）" in delivery.path
        assert lines[0][0].startswith("演示数据（虚构）")
    assert content["params/county.yaml"].decode().startswith("# 演示数据（虚构）")
    for year in (2019, 2020, 2021):
        header, *benchmarks = content[f"data/benchmarks/{year}.csv"].decode().splitlines()
        assert header == "indicator,level,name,value,source"
        assert all(line.endswith(",演示数据（虚构）") for line in benchmarks)


def test_returns_hold_nothing_that_is_never_collected() -> None:
    for place, text in reported(demo.contents()).items():
        if place.variable != "unit_code":
            assert not re.search(r"\d{11}", text), (place, text)
            assert "部队" not in text


def test_county_offers_small_cells_zero_denominators_ties_and_missed_targets() -> None:
    rows = {place: int(text) for place, text in demo.answers().items() if place.year == 2021 and text.isdigit()}
    of = {name: [n for place, n in rows.items() if place.variable == name] for name in variables()}
    assert {1, 2} & set(of["rec_enlisted_graduates"])
    assert set(of["rec_returned"]) == {0, 1}
    assert {2, 3} <= set(of["cad_authorized"])
    assert 0 in of["bas_schools"]
    assert 0 in of["sup_merit_due"]
    assert {3, 4} <= set(of["sys_council_quarters"])
    chosen = {(place.variable, text) for place, text in demo.answers().items() if place.year == 2021}
    for name in ("rec_task_met", "sys_in_plan", "emg_in_local_system", "edu_defence_day"):
        assert {(name, "是"), (name, "否")} <= chosen
    assert {("sys_duty_report", way) for way in ("现场", "书面", "未述职")} <= chosen
    assert {("bld_dept_grade", grade) for grade in ("达优", "达标", "未达标")} <= chosen


EXACTLY_THE_SAME = (
    "money unit",
    "full-width digits",
    "thousands separator",
    "repeated unit",
    "Chinese numeral",
    "remark",
    "corrected",
)


@pytest.fixture(scope="module")
def county_returns(tmp_path_factory: pytest.TempPathFactory) -> tuple[params.Params, returns.Returns]:
    folder = tmp_path_factory.mktemp("county")
    demo.write(folder)
    loaded = params.load(folder)
    return loaded, returns.read(loaded, YEARS)


def test_reading_gives_the_true_answer_of_every_untouched_cell(
    county_returns: tuple[params.Params, returns.Returns],
) -> None:
    read = {demo.CellKey(c.unit, c.year, c.period, c.variable): c for c in county_returns[1].cells}
    touched = {entry.place for entry in demo.UNTIDINESS}
    silent = {place[:2] for place in touched if not place.variable}
    for place, text in demo.answers().items():
        if place[:2] in silent:
            assert place not in read
        elif place not in touched:
            cell = read[place]
            expected = ("not_applicable", "") if text == "—" else ("ok", text)
            assert (cell.status.value, cell.value) == expected, cell


def test_reading_understands_each_kind_of_untidiness(county_returns: tuple[params.Params, returns.Returns]) -> None:
    read = {demo.CellKey(c.unit, c.year, c.period, c.variable): c for c in county_returns[1].cells}
    for entry in demo.UNTIDINESS:
        if entry.place not in read:
            assert entry.kind in ("not reported", "traditional name")
            continue
        cell, truth = read[entry.place], demo.answers()[entry.place]
        if entry.kind in EXACTLY_THE_SAME:
            assert (cell.status.value, cell.value) == ("ok", truth), cell
        elif entry.kind == "approximate":
            assert cell.status.value == "approx"
            assert Decimal(cell.lower or 0) <= Decimal(truth) < Decimal(cell.upper or "Infinity"), cell
        else:
            expected = {"masked": "redacted", "blank": "missing", "not applicable": "not_applicable"}
            assert cell.status.value == expected.get(entry.kind, "ok"), cell


def test_only_one_town_fails_a_hard_check_and_two_get_warnings(
    county_returns: tuple[params.Params, returns.Returns],
) -> None:
    loaded, read = county_returns
    findings = (*read.findings, *validate.validate(read.cells, loaded))
    wrong = {(f.rule, f.unit_name, f.year) for f in findings if f.severity in (Severity.FATAL, Severity.ERROR)}
    assert wrong == {("V02", "松矶镇", 2021)}
    checked = {(f.rule, f.unit_name, f.year) for f in findings if re.fullmatch(r"V\d\d", f.rule)}
    assert checked - wrong == {("V18", "槐荫渡镇", 2021), ("V38", "白鹭滩镇", 2021)}


def test_all_but_the_silent_township_count_as_received(county_returns: tuple[params.Params, returns.Returns]) -> None:
    loaded, read = county_returns
    everyone = {unit.code for unit in loaded.units} | {COUNTY_CODE}
    assert read.received == {**dict.fromkeys(YEARS, frozenset(everyone)), 2021: frozenset(everyone - {"990118203000"})}
