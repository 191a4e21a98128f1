"""Tables below tables, totals, cut ends, guards: each row is read under its own heads, and no number counts twice."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import COUNTY, NEIGHBOUR, TOWN, Row, as_csv, make_rows, make_workspace, put
from stats.catalogue.variables import variables
from stats.params import load
from stats.returns import Returns, absent, read

HEADS = tuple(make_rows()[0])
FULL = {TOWN[0], NEIGHBOUR[0]}


def returns_of(folder: Path, text: str | bytes, *, county: bool = False) -> Returns:
    workspace = make_workspace(folder)
    put(workspace, "报表.csv", text)
    if county:
        put(workspace, "县.csv", as_csv(make_rows(unit=COUNTY)))
    return read(load(workspace), [2021])


def values(returns: Returns) -> dict[tuple[str, str, str], str]:
    return {(c.unit, c.variable, c.period): c.value for c in returns.cells if c.status.has_value}


def fatal(returns: Returns) -> list[str]:
    return [found.rule for found in returns.findings if found.severity == "fatal"]


def table(rows: list[Row], order: list[str] | None = None, head: Callable[[str], str] = str) -> str:
    """The rows under heads in this order."""
    return as_csv([{name: row[name] for name in order or HEADS} for row in rows], header=head)


def label(name: str) -> str:
    return variables()[name].label


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], str]:
    """The answers of both towns, each under its own heads from the start."""
    rows = [*make_rows(), *make_rows(unit=NEIGHBOUR, bas_population="12345")]
    return values(returns_of(tmp_path_factory.mktemp("apart"), as_csv(rows)))


SPELLINGS: list[Callable[[str], str]] = [
    str, str.upper, label, lambda n: f" {label(n)} ", lambda n: label(n).replace("(", "（").replace(")", "）"),
    lambda n: label(n) + (f"（{variables()[n].unit}）" if variables()[n].unit else ""),
    lambda n: "　".join(label(n)),
]  # fmt: skip


@given(order=st.permutations(HEADS), head=st.sampled_from(SPELLINGS), between=st.sampled_from(["", "\n", "南片各镇\n"]))
def test_second_table_is_read_under_its_own_heads_whatever_their_order_and_spelling(
    tmp_path_factory: pytest.TempPathFactory,
    apart: dict[tuple[str, str, str], str],
    order: list[str],
    head: Callable[[str], str],
    between: str,
) -> None:
    second = table(make_rows(unit=NEIGHBOUR, bas_population="12345"), order, head)
    returns = returns_of(tmp_path_factory.mktemp("pasted"), as_csv(make_rows()) + between + second)
    assert fatal(returns) == []
    assert values(returns) == apart


def test_page_that_repeats_the_heads_is_one_table(tmp_path: Path, apart: dict[tuple[str, str, str], str]) -> None:
    text = as_csv(make_rows()) + as_csv(make_rows(unit=NEIGHBOUR, bas_population="12345"))
    returns = returns_of(tmp_path, text)
    assert [found.rule for found in returns.findings] == ["R-TITLE-ROW"]
    assert values(returns) == apart


def test_third_table_may_go_back_to_the_first_order(tmp_path: Path, apart: dict[tuple[str, str, str], str]) -> None:
    town, neighbour = make_rows(), make_rows(unit=NEIGHBOUR, bas_population="12345")
    text = table(town[:1]) + table(town[1:], list(HEADS[::-1])) + table(neighbour)
    assert values(returns_of(tmp_path, text)) == apart


@pytest.mark.parametrize(
    ("heads", "word"),
    [
        (["区划代码", "名称", "类型", "年度", "时期", *(f"栏目{n}" for n in "甲乙丙丁戊己")], "另一张表的列名"),
        (["序号", *HEADS[1:]], "又是列名"),
        (["1、统计用区划代码", *(f"{n}、{label(name)}" for n, name in enumerate(HEADS[1:], 2))], "另一张表的列名"),
        (["*" + label(name) for name in HEADS], "另一张表的列名"),
        (["代码", *(label(name) for name in HEADS[1:])], "又是列名"),
        ([label("unit_name"), *HEADS[1:]], "出现两次"),
    ],
)
def test_heads_that_cannot_be_used_refuse_the_table_and_all_above(tmp_path: Path, heads: list[str], word: str) -> None:
    below = as_csv(make_rows(unit=NEIGHBOUR)).partition("\n")[2]
    width = [*heads, *[""] * (len(HEADS) - len(heads))][: len(HEADS)]
    returns = returns_of(tmp_path, as_csv(make_rows()) + ",".join(width) + "\n" + below)
    (refusal,) = {found.message for found in returns.findings if found.severity == "fatal"}
    assert word in refusal
    assert returns.received == {2021: frozenset()}


def total_row(rows: list[Row], **identity: str) -> Row:
    """The sums of the rows of the whole year, as a spreadsheet makes them."""
    names = [n for n, v in variables().items() if v.kind in ("int", "decimal") and v.tier != "id"]
    years = [row for row in rows if row["period"] == "year"]
    sums = {n: sum((Decimal(row[n]) for row in years if row[n]), Decimal(0)) for n in names}
    filled = {n: format(sums[n].normalize(), "f") for n in names if any(row[n] for row in years)}
    return {**dict.fromkeys(HEADS, ""), **filled, **identity}


def test_labels_below_names_are_the_same_heads(tmp_path: Path) -> None:
    labels = ",".join(label(name) for name in HEADS)
    returns = returns_of(tmp_path, as_csv(make_rows()).replace("\n", f"\n{labels}\n", 1))
    assert [found.rule for found in returns.findings] == ["R-TITLE-ROW"]
    assert values(returns) == values(returns_of(tmp_path / "plain", as_csv(make_rows())))


def test_labels_below_names_in_another_order_refuse_the_table(tmp_path: Path) -> None:
    labels = ",".join(label(name) for name in (*HEADS[:5], HEADS[6], HEADS[5], *HEADS[7:]))
    returns = returns_of(tmp_path, as_csv(make_rows()).replace("\n", f"\n{labels}\n", 1))
    assert fatal(returns) == ["R-HEADER"]
    assert "第 1 行和第 2 行都是列名，同一列的意思不同" in returns.findings[0].message


WORDS = ("合计", "总计", "小计", "共计", "全县", "全县合计", "合 计", "南片两镇合计", "合计数", "汇总", "累计", "Total")


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("where", ["unit_code", "unit_name", "unit_type"])
@pytest.mark.parametrize("year", ["", "2021"])
def test_total_that_repeats_the_year_is_no_unit_and_adds_nothing(
    tmp_path: Path, apart: dict[tuple[str, str, str], str], word: str, where: str, year: str
) -> None:
    rows = [*make_rows(), *make_rows(unit=NEIGHBOUR, bas_population="12345")]
    returns = returns_of(tmp_path, as_csv([*rows, total_row(rows, **{where: word, "stat_year": year})]))
    assert [found.rule for found in returns.findings] == ["R-TOTAL-ROW"]
    assert values(returns) == apart


@pytest.mark.parametrize(
    "identity",
    [
        {"unit_name": "合计", "unit_type": "", "period": ""},
        {"unit_name": "全县合计", "unit_type": "县级本级", "period": "year"},
        {"unit_name": COUNTY[1], "unit_type": "合计", "period": "year"},
        {"unit_name": COUNTY[1], "unit_type": "县级本级", "period": "year"},
    ],
)
def test_total_under_the_countys_own_code_is_not_counted_as_the_countys(
    tmp_path: Path, identity: dict[str, str]
) -> None:
    rows = [*make_rows(), *make_rows(unit=NEIGHBOUR)]
    total = total_row(rows, unit_code=COUNTY[0], stat_year="2021", **identity)
    returns = returns_of(tmp_path, as_csv([*rows, total]), county=True)
    own = {c.variable: c.value for c in returns.cells if c.unit == COUNTY[0] and c.value}
    assert fatal(returns) == []
    assert own["fnd_total"] == "86"
    assert returns.received == {2021: frozenset(FULL | {COUNTY[0]})}


@pytest.mark.parametrize("rows", [[], make_rows()])
def test_total_under_the_countys_code_that_is_no_sum_of_the_table_is_refused(tmp_path: Path, rows: list[Row]) -> None:
    everyone = [*make_rows(), *make_rows(unit=NEIGHBOUR)]
    identity = {"unit_code": COUNTY[0], "unit_name": COUNTY[1], "unit_type": "县级本级"}
    total = total_row(everyone, **identity, stat_year="2021", period="year")
    returns = returns_of(tmp_path, as_csv([*rows, total]))
    assert fatal(returns) == ["R-COUNTY-TOTAL"]
    assert COUNTY[0] not in returns.received[2021]


def test_countys_own_row_with_a_slip_or_two_is_no_total(tmp_path: Path) -> None:
    rows = make_rows(unit=COUNTY)
    rows[0] |= {"bas_population": "32000", "bas_villages": "18"}
    returns = returns_of(tmp_path, as_csv(rows))
    assert [found.rule for found in returns.findings] == ["R-PLACE", "R-PLACE"]
    assert COUNTY[0] in returns.received[2021]


def test_standards_and_means_are_not_added_up(tmp_path: Path) -> None:
    rows = [*make_rows(), *make_rows(unit=NEIGHBOUR)]
    total = total_row(rows, unit_name="合计") | {"sup_allowance_standard": "18000", "edu_camp_days": "7"}
    mean = {**total_row(rows[:3]), "unit_name": "平均"}
    assert fatal(returns_of(tmp_path, as_csv([*rows, total, {**mean, "bas_population": "31999"}]))) == []


def test_wrong_total_still_refuses_the_table(tmp_path: Path) -> None:
    rows = [*make_rows(), *make_rows(unit=NEIGHBOUR)]
    total = total_row(rows, unit_name="合计", stat_year="2021") | {"bas_population": "64001"}
    assert set(fatal(returns_of(tmp_path, as_csv([*rows, total])))) == {"R-TOTAL-DIFFERS"}


LAST = [name for name in HEADS if name != "fnd_edu"] + ["fnd_edu"]


def ending(text: str, **answers: str) -> str:
    """A table whose last row is a whole year's and whose last cell is this one, without a line end."""
    rows = [*make_rows(unit=NEIGHBOUR), *make_rows(**answers)[::-1]]
    return table(rows, LAST).removesuffix("\n").rpartition(",")[0] + "," + text


@pytest.mark.parametrize("text", ["6", "60", "6.", "0", "12345", ""])
def test_file_that_ends_in_a_number_may_be_cut_and_is_refused(tmp_path: Path, text: str) -> None:
    returns = returns_of(tmp_path, ending(text))
    assert fatal(returns) == ["R-FILE", "R-FILE"]
    assert "可能被截断" in returns.findings[-1].message
    assert returns.received == {2021: frozenset()}


@given(cut=st.integers(1, 400))
def test_wherever_a_file_is_cut_no_other_number_is_used(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    text = ending("123456\n")
    whole = values(returns_of(tmp_path_factory.mktemp("whole"), text))
    got = values(returns_of(tmp_path_factory.mktemp("cut"), text[: len(text) - cut]))
    assert {place: value for place, value in got.items() if whole.get(place) != value} == {}


@pytest.mark.parametrize(
    "text",
    [
        ending("6") + "\n",
        ending('"6"'),
        table([*make_rows(), *make_rows(unit=NEIGHBOUR)]).removesuffix("\n"),  # nothing is due in the last cell
        table(make_rows()[::-1], [n for n in HEADS if n != "bld_dept_grade"] + ["bld_dept_grade"]).removesuffix("\n"),
    ],
)
def test_file_whose_last_line_is_whole_for_certain_is_read(tmp_path: Path, text: str) -> None:
    assert fatal(returns_of(tmp_path, text)) == []


GUARDS: list[Callable[[str], str]] = [
    lambda text: text.replace(",", "\t,").replace("\n", "\t\n"),
    lambda text: text.replace(",", ",\t"),
    lambda text: "\n".join(",".join(f'"{cell}"\t' for cell in line.split(",")) for line in text.splitlines()) + "\n",
    lambda text: "\n".join(",".join(f'"\t{cell}"' for cell in line.split(",")) for line in text.splitlines()) + "\n",
    lambda text: text.replace(TOWN[0], f"\t{TOWN[0]}").replace("2021,", "2021\t,"),
    lambda text: text.replace(",", "\t\t,\t"),
]


@pytest.mark.parametrize("guard", GUARDS)
def test_tabs_that_guard_values_of_a_comma_separated_file_are_dropped(
    tmp_path: Path, guard: Callable[[str], str]
) -> None:
    plain = values(returns_of(tmp_path / "plain", as_csv(make_rows())))
    returns = returns_of(tmp_path / "guarded", guard(as_csv(make_rows())))
    assert [found.rule for found in returns.findings] == ["R-FORMAT"]
    assert values(returns) == plain


def test_separator_is_that_of_the_heads_whatever_the_lines_above_hold(tmp_path: Path) -> None:
    title = "青禾县\t统计\t年报\t二〇二一年\t各镇\t汇总\n"
    returns = returns_of(tmp_path, title.replace("\t", " ") + as_csv(make_rows()).replace(",", "\t"))
    assert returns.received == {2021: frozenset({TOWN[0]})}
    remarks = as_csv(make_rows(remark="甲；乙；丙；丁；戊；己"))
    assert returns_of(tmp_path / "b", remarks).received == {2021: frozenset({TOWN[0]})}


@pytest.mark.parametrize("word", ["NA", "N/A", "#N/A", "未统计", "—", "/", "不适用", "缺"])
def test_word_for_no_data_where_nothing_is_asked_is_nothing(tmp_path: Path, word: str) -> None:
    rows = [{name: text or word for name, text in row.items()} for row in make_rows()]
    assert returns_of(tmp_path, as_csv(rows)).findings == ()


@pytest.mark.parametrize("text", ["0", "5", "是", "**", "12,3"])
def test_answer_where_nothing_is_asked_is_still_told(tmp_path: Path, text: str) -> None:
    rows = make_rows()
    rows[1]["bas_population"] = text
    assert [found.rule for found in returns_of(tmp_path, as_csv(rows)).findings] == ["R-PLACE"]


@pytest.mark.parametrize(
    ("given_name", "name", "word"),
    [
        ("双塘镇（不含开发区）", "双塘镇（不含开发区）", "名称请写“双塘镇”"),
        ("双?镇", "双?镇", "另存为 CSV UTF-8 或 XLSX"),
        ("?塘?", "?塘?", "不能以 GBK 编码保存"),
        ("王建国", "（已隐去）", "名称请写“双塘镇”"),
        ("双塘镇（王建国同志）", "（已隐去）", "名称请写“双塘镇”"),
    ],
)
def test_name_that_does_not_fit_is_shown_unless_it_may_be_a_persons(
    tmp_path: Path, given_name: str, name: str, word: str
) -> None:
    found = returns_of(tmp_path, as_csv(make_rows(unit_name=given_name))).findings[0]
    assert (found.rule, found.severity) == ("R-NAME", "fatal")
    assert f"“{name}”" in found.message
    assert word in found.remedy


def test_years_begin_with_the_first_return(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "a.csv", as_csv(make_rows(year=2020)), 2020)
    put(workspace, "a.csv", as_csv(make_rows()))
    returns = read(load(workspace), range(2017, 2022))
    assert sorted(returns.received) == [2020, 2021]
    assert [found.rule for found in returns.findings] == []
    owing = [(found.year, found.unit) for found in absent(load(workspace), returns.received, returns.findings)]
    assert owing == [(year, unit) for year in (2020, 2021) for unit in (NEIGHBOUR[0], COUNTY[0])]


def test_year_without_returns_between_others_is_missed(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "a.csv", as_csv(make_rows(year=2019)), 2019)
    put(workspace, "a.csv", as_csv(make_rows()))
    returns = read(load(workspace), range(2017, 2022))
    assert sorted(returns.received) == [2019, 2020, 2021]
    assert [(found.rule, found.year) for found in returns.findings] == [("R-FOLDER", 2020)]


def test_refused_file_of_an_earlier_year_begins_the_years(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "a.csv", b"%PDF-1.4", 2019)
    put(workspace, "a.csv", as_csv(make_rows()))
    assert sorted(read(load(workspace), range(2017, 2022)).received) == [2019, 2020, 2021]
