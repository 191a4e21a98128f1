"""The county's own summary table: what a person reads in it is taken; what is doubtful is left out and named."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from conftest import NUMBERS
from stats import importing, returns
from stats import params as parameters
from stats.catalogue.domains import DOMAINS
from stats.catalogue.variables import questions, variables
from stats.cli import asking, main
from stats.errors import ExitCode, ParamsError, ReturnError
from stats.importing import ColumnTaken, Mapping, SheetTaken, heads, proposing
from stats.importing.marks import factor
from stats.importing.proposing import unit_names
from stats.params import County, Params, Unit
from stats.returns.sandboxed_reader import Reader
from stats.returns.text_normalisation import compact
from stats.texts.privacy import shown
from summary_tables import TOWNS, YEAR, Summary, make_summary

COUNTY = "990118000000"
NAMES = {"990118001000": "沐云街道", "990118100000": "澜溪镇", "990118200000": "苇塘坳乡"}
SEASON_WORDS = {"spring": "春季", "autumn": "秋季"}
ASKED = [variable for variable in questions() if variable.asked_of(county=False)]
Line = list[str]


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reading:
        yield reading


def county(folder: Path, names: dict[str, str] = NAMES, extra: str = "") -> Params:
    (folder / "params").mkdir(parents=True, exist_ok=True)
    units = "\n".join(f'  - {{code: "{code}", name: {name}, type: 镇{extra}}}' for code, name in names.items())
    text = f'county: {{code: "{COUNTY}", name: 云汀县}}\nyear: {YEAR + 1}\nunits:\n{units}\n'
    (folder / "params/county.yaml").write_text(text, encoding="utf-8")
    return parameters.load(folder)


def imported(reader: Reader, params: Params, data: bytes, name: str = "汇总.xlsx", year: int = YEAR) -> importing.Taken:
    """What is taken where a person confirms the mapping as it is proposed, by way of its text."""
    sheets = importing.summary_sheets(reader.read(data, name).grids, unit_names(params))
    text = importing.to_text(importing.propose(sheets, name, year, params), params)
    taken = importing.take(importing.from_text(text, "对照表", params), sheets, params)
    importing.refuse(taken, name)
    return taken


def left_out(reader: Reader, params: Params, data: bytes, name: str = "汇总.xlsx") -> dict[str, str]:
    """By head why a column is not taken, and by name why a row is not."""
    sheets = importing.summary_sheets(reader.read(data, name).grids, unit_names(params))
    said = importing.propose(sheets, name, YEAR, params).sheets[0]
    columns = {c.head: c.remark for c in said.columns.values() if not c.variable and not c.quiet}
    return columns | {said.rows[row][0]: remark for row, remark in said.remarks.items()}


# The whole table of a year: a title, a line of who filled it in, two rows of heads, seasons as columns, no codes.


def answer(variable: str, place: int, period: str = "year") -> str:
    """What unit number ``place`` answers."""
    shift = place + 10 * list(SEASON_WORDS).index(period) if period in SEASON_WORDS else place
    if variable in NUMBERS:
        most = variables()[variable].maximum
        return str(min(most, Decimal(NUMBERS[variable]) + shift) if most else Decimal(NUMBERS[variable]) + shift)
    return variables()[variable].choices[shift % 2]


def whole_table(*, unit_in_brackets: bool = True, levels: int = 2, total: bool = False) -> list[Line]:
    whole = [v for v in ASKED if not v.seasonal]
    seasonal = [(v, period) for v in ASKED if v.seasonal for period in SEASON_WORDS]
    domains = {"BAS": "基础信息", **DOMAINS}

    def label(variable: Any) -> str:
        return f"{variable.label}（{variable.unit}）" if unit_in_brackets and variable.unit else variable.label

    top = [domains[v.domain] if levels > 1 else "" for v in whole] + [v.label for v, _ in seasonal]
    bottom = [label(v) for v in whole] + [SEASON_WORDS[period] for _, period in seasonal]
    if levels == 1:
        bottom = [label(v) for v in whole] + [f"{SEASON_WORDS[period]}{v.label}" for v, period in seasonal]
    lines = [["云汀县2024年党管武装工作统计汇总表"], ["填报单位：县人武部"]]
    if levels == 3:
        lines.append(["序号", "单位", *["党管武装工作"] * len(top)])
    if levels > 1:
        lines.append(["序号", "单位", *top])
        lines.append(["", "", *bottom])
    else:
        lines.append(["序号", "单位", *bottom])
    for place, name in enumerate(NAMES.values()):
        given = [answer(v.name, place) for v in whole] + [answer(v.name, place, period) for v, period in seasonal]
        lines.append([str(place + 1), name, *given])
    if total:
        sums = [_sum(v.name, "year") for v in whole] + [_sum(v.name, period) for v, period in seasonal]
        lines.append(["", "合计", *sums])
    return lines


def _sum(variable: str, period: str) -> str:
    if variables()[variable].kind not in ("int", "decimal"):
        return ""
    return str(sum(Decimal(answer(variable, place, period)) for place in range(len(NAMES))))


def as_book(*sheets: list[Line], merges: tuple[str, ...] = (), titles: tuple[str, ...] = ("2024年汇总",)) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, lines in zip(titles, sheets, strict=True):
        sheet = book.create_sheet(title)
        for row, cells in enumerate(lines, start=1):
            for column, text in enumerate(cells, start=1):
                if text:
                    sheet.cell(row, column, _value(text))
        for place in merges:
            sheet.merge_cells(place)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def _value(text: str) -> str | int | float:
    if text.replace(".", "", 1).isdecimal():
        return float(text) if "." in text else int(text)
    return text


def as_csv(lines: list[Line], encoding: str = "gb18030") -> bytes:
    text = io.StringIO(newline="")
    width = max(map(len, lines))
    csv.writer(text).writerows([*line, *[""] * (width - len(line))] for line in lines)
    return text.getvalue().encode(encoding)


def blanked(lines: list[Line], row: int) -> list[Line]:
    """The table with each head of this row in the first of its columns only, as it is without merged cells."""
    cells = lines[row]
    kept = [text if n == 0 or text != cells[n - 1] else "" for n, text in enumerate(cells)]
    return [*lines[:row], kept, *lines[row + 1 :]]


VARIANTS = {
    "two rows of heads": lambda: as_book(blanked(whole_table(), 2)),
    "three rows of heads": lambda: as_book(blanked(blanked(whole_table(levels=3), 2), 3)),
    "one row of heads": lambda: as_book(whole_table(levels=1)),
    "merged names": lambda: as_book(blanked(whole_table(), 2), merges=("A3:A4", "B3:B4", "A1:K1")),
    "without measures": lambda: as_book(blanked(whole_table(unit_in_brackets=False), 2)),
    "with totals": lambda: as_book(blanked(whole_table(total=True), 2)),
    "CSV in GB18030": lambda: as_csv(blanked(whole_table(), 2)),
    "CSV in UTF-16": lambda: as_csv(blanked(whole_table(), 2), "utf-16"),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_whole_table_is_taken_value_for_value(variant: str, reader: Reader, tmp_path: Path) -> None:
    params = county(tmp_path)
    name = "汇总.csv" if variant.startswith("CSV") else "汇总.xlsx"
    taken = imported(reader, params, VARIANTS[variant](), name)
    folder = tmp_path / f"data/returns/{YEAR}"
    folder.mkdir(parents=True)
    (folder / "导入.csv").write_bytes(taken.table(YEAR))
    read = returns.read(params, [YEAR])
    towns = [cell for cell in read.cells if cell.unit in NAMES]
    expected = {
        (code, period, v.name): answer(v.name, place, period)
        for place, code in enumerate(NAMES)
        for v in ASKED
        for period in (SEASON_WORDS if v.seasonal else ("year",))
    }
    assert {(c.unit, c.period, c.variable): c.value for c in towns} == expected
    assert not [finding for finding in read.findings if finding.severity in ("fatal", "error", "warning")]


# 0 silently wrong values: tables of a generator written apart, which knows what a person reads.

GENERATED = range(100)


def generated_county(folder: Path) -> Params:
    return county(folder, TOWNS)


def compared(reader: Reader, params: Params, summary: Summary) -> tuple[list[str], set[tuple[str, str]]]:
    """Values that are not those of the table, and the questions that were not taken."""
    taken = imported(reader, params, summary.data, summary.name)
    given = {place: text for place, text in taken.answers.items() if text.strip()}
    wrong = [f"{place}: {text}" for place, text in given.items() if not _is_true(summary, place, text)]
    return wrong, {place[1:] for place in summary.truth} - {place[1:] for place in given}


def _is_true(summary: Summary, place: tuple[str, str, str], text: str) -> bool:
    return place in summary.truth and Decimal(text) == summary.truth[place]


def test_no_generated_table_gives_a_wrong_value_and_plain_heads_are_taken(reader: Reader, tmp_path: Path) -> None:
    params = generated_county(tmp_path)
    for seed in GENERATED:
        wrong, missing = compared(reader, params, make_summary(seed))
        assert not wrong, f"table {seed}: {wrong[:3]}"
        # A head in 元 under a line that says 千元 contradicts itself: named, not taken.
        assert missing <= {("year", "sup_allowance_standard")}, f"table {seed}: {missing}"


def _guessed(path: Any, year: int, before: str) -> heads.Meaning:
    found = _MEANING(path, year, before)
    likely = heads.question(found.likely) if not found.variable else ""
    period = "spring" if likely and variables()[likely].seasonal else "year"
    return heads.Meaning(likely, period) if likely else found


_MEANING = heads.meaning
_SWITCHED_OFF = {
    "what is unknown in a head": ("stats.importing.proposing.meaning", _guessed),
    "parts stand beside their whole": ("stats.importing.heads.whole_of", lambda name: "rec_enlisted"),
    "the measure of money": ("stats.importing.proposing._stated", lambda sheet: frozenset()),
    "columns that answer the same": ("stats.importing.proposing._once", list),
    "names are compared whole": ("stats.importing.proposing.normalised_name", lambda name: name[:2]),
}


@pytest.mark.parametrize("rule", _SWITCHED_OFF)
def test_a_rule_that_is_switched_off_is_noticed(
    rule: str, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = generated_county(tmp_path)
    monkeypatch.setattr(*_SWITCHED_OFF[rule])

    def is_noticed(seed: int) -> bool:
        try:
            wrong, missing = compared(reader, params, make_summary(seed))
        except (ReturnError, ParamsError):
            return True  # two columns or rows for one: the second safeguard
        return bool(wrong or missing - {("year", "sup_allowance_standard")})

    assert any(map(is_noticed, GENERATED))


# Single rules, each with the smallest table that shows it.


def small(*heads_of: tuple[str, ...], over: str = "云汀县2024年汇总表", rows: tuple[Line, ...] = ()) -> bytes:
    """A table of one column under these heads (7 and 8 for two towns), or of more."""
    depth = max(map(len, heads_of))
    lines = [
        [over],
        *[["单位" if n == 0 else "", *(h[n] if n < len(h) else "" for h in heads_of)] for n in range(depth)],
    ]
    given = rows or (["沐云街道", *["7"] * len(heads_of)], ["澜溪镇", *["8"] * len(heads_of)])
    return as_book([*lines, *given])


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (("上年", "国防教育活动场次"), "不认识“上年”"),
        (("2023年", "国防教育活动场次"), "不认识“2023年”"),
        (("国防教育活动场次（计划）",), "不认识“国防教育活动场次（计划）”"),
        (("国防教育活动次数",), "可能是：国防教育活动场次"),
        (("其中:大学生", "春季"), "左边不是“征集新兵人数”"),
        (("国防教育活动场次（人）",), "单位 人 与本项的 场 不同"),
        (("征集新兵人数",), "按春季、秋季填报"),
        (("武装工作列入党委议事日程（次）",), "没有计量单位"),
        (("报名应征人数", "上站体检人数", "春季"), "提到几个项目"),
        (("经费保障（元）", "年内支出数（万元）"), "两种单位"),
        (("春季", "报名应征人数", "秋季"), "两个报告期"),
    ],
)
def test_a_column_that_is_not_certain_is_left_out_with_the_reason(
    path: tuple[str, ...], why: str, reader: Reader, tmp_path: Path
) -> None:
    told = left_out(reader, county(tmp_path), small(path, ("专武干部应配数",)))
    assert why in "".join(told.values())


@pytest.mark.parametrize(
    ("head", "variable", "period"),
    [
        (("（一）国防教育情况", "1.国防教育活动场次"), "edu_events", "year"),
        (("2024年", "国防教育活动场次"), "edu_events", "year"),
        (("国防教育活动场次/场",), "edu_events", "year"),
        (("國防教育活動場次",), "edu_events", "year"),
        (("专武干部实配数", "合计"), "cad_on_post", "year"),
        (("专武干部实配数", "其中：资格认证合格"), "cad_certified", "year"),
        (("资格认证合格的专武干部数",), "cad_certified", "year"),
        (("秋季征兵", "退兵人数"), "rec_returned", "autumn"),
        (("报名应征人数（春季）",), "rec_applied", "spring"),
        (("edu_events",), "edu_events", "year"),
        (("国防教育开展情况", "国防教育活动场次"), "edu_events", "year"),
        (("专武干部实配数", "其中", "资格认证合格"), "cad_certified", "year"),
        (("国防教育活动场次", "场"), "edu_events", "year"),
    ],
)
def test_the_usual_ways_of_writing_a_head_are_understood(
    head: tuple[str, ...], variable: str, period: str, reader: Reader, tmp_path: Path
) -> None:
    taken = imported(reader, county(tmp_path), small(head))
    assert set(taken.answers) == {("990118001000", period, variable), ("990118100000", period, variable)}


@pytest.mark.parametrize(
    ("given", "over", "head", "expected"),
    [
        ("212000", "汇总表", "年内支出数（元）", "21.2"),
        ("212000", "金额单位：元", "年内支出数", "21.2"),
        ("212", "单位：人、千元", "年内支出数", "21.2"),
        ("21.2", "单位：万元", "年内支出数", "21.2"),
        ("8.6142", "汇总表", "年末常住人口（万人）", "86142"),
        ("1,234,500", "汇总表", "年内支出数（元）", "123.45"),
        ("—", "汇总表", "年内支出数（元）", "—"),
    ],
)
def test_numbers_in_another_measure_are_converted_exactly(
    given: str, over: str, head: str, expected: str, reader: Reader, tmp_path: Path
) -> None:
    taken = imported(reader, county(tmp_path), small((head,), over=over, rows=(["沐云街道", given], ["澜溪镇", ""])))
    assert [text for text in taken.answers.values() if text] == [expected]


@pytest.mark.parametrize("given", ["120余", "3.5万元", "约200"])
def test_what_is_no_plain_number_is_not_converted(given: str, reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(ReturnError, match="不能由元换算成万元"):
        imported(reader, county(tmp_path), small(("年内支出数（元）",), rows=(["沐云街道", given], ["澜溪镇", "1"])))


def test_a_line_and_a_head_that_state_different_measures_of_money_leave_the_column_out(
    reader: Reader, tmp_path: Path
) -> None:
    told = left_out(
        reader, county(tmp_path), small(("年内支出数（万元）",), ("专武干部应配数",), over="金额单位：千元")
    )
    assert told["年内支出数（万元）"] == "计量单位不一致：万元、千元"


def test_a_measure_of_money_that_is_not_known_stops_the_import(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match="计量单位不认识"):
        imported(reader, county(tmp_path), small(("年内支出数",), over="金额单位：港元"))


@pytest.mark.parametrize("total", ["14", "15"])
def test_a_row_of_totals_is_compared_and_never_taken_for_a_unit(total: str, reader: Reader, tmp_path: Path) -> None:
    rows = (["沐云街道", "7"], ["澜溪镇", "8"], ["合　计", total])
    if total == "15":
        taken = imported(reader, county(tmp_path), small(("国防教育活动场次",), rows=rows))
        assert sorted(taken.units) == ["990118001000", "990118100000"]
    else:
        with pytest.raises(ReturnError, match="合计行“国防教育活动场次”为 14，各行相加为 15"):
            imported(reader, county(tmp_path), small(("国防教育活动场次",), rows=rows))


@pytest.mark.parametrize(("total", "is_right"), [("15", True), ("24", True), ("16", False)])
def test_a_total_may_be_of_a_row_that_is_left_out_too(
    total: str, is_right: bool, reader: Reader, tmp_path: Path
) -> None:
    rows = (["沐云街道", "7"], ["开发区管委会", "9"], ["澜溪镇", "8"], ["合计", total])
    table = small(("国防教育活动场次",), rows=rows)
    money = small(("年内支出数（元）",), rows=rows)
    if is_right:
        assert sorted(imported(reader, county(tmp_path), table).answers.values()) == ["7", "8"]
        assert sorted(imported(reader, county(tmp_path), money).answers.values()) == ["0.0007", "0.0008"]
    else:
        with pytest.raises(ReturnError, match="合计行“国防教育活动场次”为 16"):
            imported(reader, county(tmp_path), table)


def test_a_column_of_sums_is_compared_with_the_seasons(reader: Reader, tmp_path: Path) -> None:
    columns = tuple(("征集新兵人数", word) for word in ("春季", "秋季", "合计"))
    right, wrong = (["沐云街道", "3", "4", "7"], ["澜溪镇", "1", "1", "2"]), (["沐云街道", "3", "4", "8"], ["澜溪镇"])
    assert len(imported(reader, county(tmp_path), small(*columns, rows=right)).answers) == 4
    with pytest.raises(ReturnError, match="“征集新兵人数”合计 8，各季相加 7"):
        imported(reader, county(tmp_path), small(*columns, rows=wrong))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("沐云镇", "不在名册中；可能是：990118001000 沐云街道"),
        ("沐云", "不在名册中；可能是：990118001000 沐云街道"),
        ("云汀县", "可能是全县合计，也可能是县本级"),
        ("澜溪镇", "同一单位有几行"),
    ],
)
def test_a_row_that_is_not_certain_is_left_out_with_the_reason(
    name: str, why: str, reader: Reader, tmp_path: Path
) -> None:
    rows = (["沐云街道", "7"], ["澜溪镇", "8"], ["苇塘坳乡", "8"], [name, "9"])
    assert why in left_out(reader, county(tmp_path), small(("国防教育活动场次",), rows=rows))[name]


def test_a_code_that_is_another_units_leaves_the_row_out(reader: Reader, tmp_path: Path) -> None:
    rows = (["沐云街道", "990118100000", "7"], ["苇塘坳乡", "990118200000", "8"], ["澜溪镇", "", "9"])
    table = small(("统计用区划代码",), ("国防教育活动场次",), rows=rows)
    told = left_out(reader, county(tmp_path), table)
    assert told["沐云街道"] == "名称是“沐云街道”（990118001000），代码却是 990118100000"
    assert set(imported(reader, county(tmp_path), table).units) == {"990118200000", "990118100000"}


def test_a_row_of_another_year_stops_the_import(reader: Reader, tmp_path: Path) -> None:
    rows = (["沐云街道", "2024", "7"], ["澜溪镇", "2023", "8"])
    with pytest.raises(ReturnError, match="B4的统计年度是“2023”，不是 2024"):
        imported(reader, county(tmp_path), small(("统计年度",), ("国防教育活动场次",), rows=rows))


def test_a_former_name_is_enough_where_only_one_unit_had_it(reader: Reader, tmp_path: Path) -> None:
    rows = (["沐云街道", "7"], ["西岭湾镇", "8"])
    names = {"990118001000": "沐云街道", "990118108000": "栖凤岭镇"}
    table = small(("国防教育活动场次",), rows=rows)
    assert sorted(imported(reader, county(tmp_path, names, ", former_names: [西岭湾镇]"), table).units) == [
        "990118001000"
    ]
    params = county(tmp_path, names)
    renamed = params.units[1].model_copy(update={"former_names": ("西岭湾镇",)})
    params = params.model_copy(update={"units": (params.units[0], renamed)})
    assert "990118108000" in imported(reader, params, table).units


@pytest.mark.parametrize("first", ["云汀县", "开发区管委会", "合计"])
def test_the_first_row_need_not_be_a_units(first: str, reader: Reader, tmp_path: Path) -> None:
    rows = ([first, "15", "16"], ["沐云街道", "7", "8"], ["澜溪镇", "8", "8"])
    columns = (("国防教育", "国防教育活动场次"), ("国防教育", "开展国防教育的学校数"))
    taken = imported(reader, county(tmp_path), small(*columns, rows=rows))
    assert {(place[0], place[2]): text for place, text in taken.answers.items()} == {
        ("990118001000", "edu_events"): "7",
        ("990118001000", "edu_schools_covered"): "8",
        ("990118100000", "edu_events"): "8",
        ("990118100000", "edu_schools_covered"): "8",
    }


@pytest.mark.parametrize("head", ["武装工作列入党委议事日程（是/否）", "武装工作列入党委议事日程(填是或否)"])
def test_the_choices_beside_a_question_change_nothing(head: str, reader: Reader, tmp_path: Path) -> None:
    table = small((head,), rows=(["沐云街道", "是"], ["澜溪镇", "否"]))
    assert set(imported(reader, county(tmp_path), table).answers.values()) == {"是", "否"}


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_a_mapping_reads_back_as_it_was_written(words: list[str]) -> None:
    """Whatever stands in a table, as shown, comes back out of the YAML."""
    columns = {n: ColumnTaken(shown(word), "edu_events", "year", "场", remark=word) for n, word in enumerate(words)}
    rows = {n: (shown(word), "不采用") for n, word in enumerate(words)}
    mapping = Mapping(shown(words[0]), YEAR, (SheetTaken(shown(words[0]), columns, rows, dict(enumerate(words))),))
    params = Params(
        county=County(code=COUNTY, name="云汀县"),
        year=YEAR,
        units=(Unit(code="990118001000", name="沐云街道", type="街道"),),
        workspace=Path(),
    )
    read = importing.from_text(importing.to_text(mapping, params), "对照表", params)
    same = [compact(column.head) for column in read.sheets[0].columns.values()]
    assert same == [compact(column.head) for column in columns.values()]
    assert [compact(name) for name, _ in read.sheets[0].rows.values()] == [compact(name) for name, _ in rows.values()]


def test_the_countys_own_row_is_the_countys(reader: Reader, tmp_path: Path) -> None:
    rows = (["沐云街道", "7"], ["澜溪镇", "8"], ["县本级", "9"])
    taken = imported(reader, county(tmp_path), small(("年内支出数（万元）",), rows=rows))
    assert taken.answers[COUNTY, "year", "fnd_spent"] == "9"


def test_beside_a_merged_group_a_column_is_in_no_group(reader: Reader, tmp_path: Path) -> None:
    lines = [
        ["单位", "征集新兵人数", "", ""],
        ["", "春季", "秋季", "春季"],
        ["沐云街道", "1", "2", "3"],
        ["澜溪镇", "4", "5", "6"],
    ]
    merged = imported(reader, county(tmp_path), as_book(lines, merges=("B1:C1",)))
    assert merged.answers["990118001000", "spring", "rec_enlisted"] == "1"
    told = left_out(reader, county(tmp_path), as_book(lines))  # without merges nobody can tell where the group ends
    assert "有几列都是" in told["征集新兵人数 / 春季"]


def test_sheets_of_one_file_are_put_together(reader: Reader, tmp_path: Path) -> None:
    first = [["2024年征兵"], ["单位", "应兵役登记人数"], ["沐云街道", "7"], ["澜溪镇", "8"]]
    second = [["2024年国防教育"], ["单位", "国防教育活动场次"], ["澜溪镇", "5"], ["沐云街道", "6"]]
    taken = imported(reader, county(tmp_path), as_book(first, second, titles=("征兵", "国防教育")))
    assert taken.answers["990118100000", "year", "rec_register_due"] == "8"
    assert taken.answers["990118100000", "year", "edu_events"] == "5"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([["单位", "沐云街道", "澜溪镇"], ["国防教育活动场次", "7", "8"]], "横排"),
        ([["单位", "国防教育活动场次"], ["甲村", "7"]], "没有一列写着名册中的单位名称"),
        ([["沐云街道", "7"], ["澜溪镇", "8"]], "之上没有列名"),
        (
            [
                ["单位", "国防教育活动场次", "单位", "国防教育活动场次"],
                ["沐云街道", "7", "苇塘坳乡", "5"],
                ["澜溪镇", "8", "云汀镇", "1"],
            ],
            "两栏并排",
        ),
        (
            [
                ["单位", "应兵役登记人数", "已兵役登记人数", "国防教育活动场次"],
                ["沐云街道", "7", "6", "1"],
                ["单位", "已兵役登记人数", "应兵役登记人数", "国防教育活动场次"],
                ["澜溪镇", "8", "9", "1"],
            ],
            "第 3 行又是一行列名",
        ),
    ],
)
def test_a_table_that_cannot_be_read_without_guessing_is_refused(
    lines: list[Line], problem: str, reader: Reader, tmp_path: Path
) -> None:
    names = {**NAMES, "990118101000": "云汀镇"}
    with pytest.raises(ReturnError, match=problem):
        imported(reader, county(tmp_path, names), as_book(lines))


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        # each town beside the one it is paired with
        (
            [["结对单位", "单位", "国防教育活动场次"], ["澜溪镇", "沐云街道", "7"], ["沐云街道", "澜溪镇", "8"]],
            "不知以哪一列为准",
        ),
        # two rows a town, of which the first is last year's
        (
            [
                ["单位", "年份", "国防教育活动场次"],
                ["沐云街道", "2023", "7"],
                ["", "2024", "8"],
                ["澜溪镇", "2023", "7"],
                ["", "2024", "9"],
            ],
            "第 3 行没有单位名称，却有数",
        ),
    ],
)
def test_a_table_in_which_a_row_is_not_one_unit_is_refused(
    lines: list[Line], problem: str, reader: Reader, tmp_path: Path
) -> None:
    with pytest.raises(ReturnError, match=problem):
        imported(reader, county(tmp_path), as_book(lines))


@pytest.mark.parametrize("title", ["2024年上半年汇总表", "2024年1—6月汇总表", "2024年第三季度汇总表"])
def test_a_title_of_a_part_of_the_year_is_told(title: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, table = workspace(tmp_path)
    table.write_bytes(small(("国防教育活动场次",), over=title))
    run(folder, "import", str(table))
    assert "不是全年的数，请核对" in capsys.readouterr().out
    table.write_bytes(small(("国防教育活动场次",), over="2024年汇总表（截至2024年12月31日）"))
    mapping_of(folder).unlink()
    run(folder, "import", str(table))
    assert "不是全年的数" not in capsys.readouterr().out


def test_merged_numbers_are_refused(reader: Reader, tmp_path: Path) -> None:
    lines = [["单位", "国防教育活动场次"], ["沐云街道", "7"], ["澜溪镇", ""]]
    with pytest.raises(ReturnError, match="合并单元格"):
        imported(reader, county(tmp_path), as_book(lines, merges=("B2:B3",)))


def test_what_tells_of_a_person_is_not_copied(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(ReturnError, match="内容未保留") as refused:
        imported(
            reader,
            county(tmp_path),
            small(("国防教育活动场次",), rows=(["沐云街道", "13800138000"], ["澜溪镇", "8"])),
        )
    assert "13800138000" not in str(refused.value)


def test_measures_of_different_kinds_have_no_factor() -> None:
    assert factor("户", "人") is None
    assert factor("百万元", "万元") == 100


@pytest.mark.parametrize(
    ("texts", "years"),
    [
        (["云汀县2024年度汇总表", "2025年1月10日"], {2024}),
        (["2024汇总"], {2024}),
        (["2023年与2024年对比"], {2023, 2024}),
        (["汇总表"], set()),
        (["电话 0572-2024001"], set()),
    ],
)
def test_years_are_those_that_titles_state(texts: list[str], years: set[int]) -> None:
    assert proposing.years_in(texts) == years


# The command: one command and one confirmation.


def workspace(tmp_path: Path) -> tuple[Path, Path]:
    folder = tmp_path / "我的县"
    county(folder)
    table = tmp_path / "2024年汇总表.xlsx"
    table.write_bytes(as_book(blanked(whole_table(), 2)))
    return folder, table


def run(folder: Path, *arguments: str) -> int:
    return main([*arguments, "--workspace", str(folder)])


def flat_of(folder: Path) -> Path:
    return folder / "data/returns/2024/2024年汇总表-导入.csv"


def mapping_of(folder: Path) -> Path:
    return folder / "data/imports/2024/2024年汇总表.yaml"


@pytest.mark.parametrize(("words", "code"), [("是\n", 0), ("不\n", 1), ("", 1)])
def test_the_person_at_the_terminal_is_asked_once(
    words: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, table = workspace(tmp_path)
    monkeypatch.setattr(asking, "at_terminal", lambda: True)
    monkeypatch.setattr("stats.cli.preparing.at_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(words))
    assert run(folder, "import", str(table)) == code
    assert capsys.readouterr().out.count("［是／否］") == 1
    assert flat_of(folder).exists() is (code == 0)
    assert "采用" in mapping_of(folder).read_text(encoding="utf-8")


def test_without_a_terminal_nothing_is_imported_until_the_mapping_is_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, table = workspace(tmp_path)
    before = table.read_bytes()
    assert run(folder, "import", str(table)) == ExitCode.USAGE
    assert "还没有导入" in capsys.readouterr().err
    assert run(folder, "import", str(table)) == ExitCode.USAGE
    assert not flat_of(folder).exists()
    mapping = mapping_of(folder)
    text = mapping.read_text(encoding="utf-8").replace("确认: 否", "确认: 是")
    mapping.write_text(text.replace('项目: "国防教育活动场次"', '项目: "不采用"'), encoding="utf-8")
    assert run(folder, "import", str(table)) == ExitCode.COMPLETE
    assert "不采用：对照表中写的是不采用" in capsys.readouterr().out or "国防教育活动场次" not in flat_of(
        folder
    ).read_text("utf-8")
    assert table.read_bytes() == before


def test_yes_imports_at_once_and_again_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, table = workspace(tmp_path)
    assert run(folder, "import", str(table), "--yes") == ExitCode.COMPLETE
    content = flat_of(folder).read_bytes()
    assert run(folder, "import", str(table)) == ExitCode.COMPLETE
    flat_of(folder).write_bytes(content + b"\n")
    assert run(folder, "import", str(table)) == ExitCode.USAGE
    assert "已存在且内容不同" in capsys.readouterr().err
    assert run(folder, "import", str(table), "--force") == ExitCode.COMPLETE
    assert flat_of(folder).read_bytes() == content


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda text: text.replace('项目: "国防教育活动场次"', '项目: "国防教育活动"'), "不是表上的项目"),
        (lambda text: text.replace('报告期: "春季"', '报告期: "冬季"', 1), "应为全年、春季、秋季"),
        (lambda text: text.replace('表头: "国防教育 / 国防教育活动场次', '表头: "国防教育活动场次'), "的表头是"),
        (lambda text: text.replace("年度: 2024", "年度: 2023"), "年度是 2023"),
        (lambda text: text.replace('单位: "场"', '单位: "人"'), "不能换算成本项的场"),
        (lambda text: text.replace('项目: "已兵役登记人数"', '项目: "应兵役登记人数"'), "有两列都是"),
        (lambda text: text.replace('"990118100000 澜溪镇"', '"990118001000 沐云街道"'), "有几行都是"),
        (lambda text: text.replace('"990118100000 澜溪镇"', '"烂溪镇"'), "不是名册中的单位"),
        (lambda text: text.replace('名称: "澜溪镇"', '名称: "龙泓镇"'), "对照表中是“龙泓镇”"),
        (lambda text: text.replace("  列:", "  栏:"), "不认识的键"),
        (lambda text: re.sub(r"\n    6: .*", "", text), "第 6 行“澜溪镇”不在对照表中"),
        (lambda text: re.sub(r"\n    C: .*", "", text), "C 列的表头是"),
    ],
)
def test_a_mapping_that_is_not_of_this_table_is_refused_with_its_line(
    change: Any, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, table = workspace(tmp_path)
    run(folder, "import", str(table))
    mapping = mapping_of(folder)
    changed = change(mapping.read_text(encoding="utf-8"))
    assert changed != mapping.read_text(encoding="utf-8")
    mapping.write_text(changed, encoding="utf-8")
    assert run(folder, "import", str(table), "--yes") == ExitCode.USAGE
    assert problem in capsys.readouterr().err
    assert not flat_of(folder).exists()


def test_a_head_that_only_groups_is_told_to_be_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, table = workspace(tmp_path)
    columns = [("军地共建情况", variables()[name].label) for name in ("edu_events", "sup_joint_events", "emg_drills")]
    columns += [("上年", variables()[name].label) for name in ("bas_villages", "bas_schools", "cad_on_post")]
    columns += [("2024年", variables()[name].label) for name in ("bas_villages", "bas_schools", "cad_on_post")]
    table.write_bytes(small(*columns))
    run(folder, "import", str(table))
    told = capsys.readouterr().out
    assert "上级表头“军地共建情况”不认识，下面 3 列没有采用" in told
    assert "上级表头“上年”" not in told  # it tells numbers apart
    assert run(folder, "import", str(table), "--group", "军地共建情况", "--yes") == ExitCode.COMPLETE
    text = flat_of(folder).read_text(encoding="utf-8")
    assert all(label in text for _, label in columns)
    assert len(text.splitlines()[0].split(",")) == 5 + 6


def test_a_mapping_that_was_edited_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, table = workspace(tmp_path)
    table.write_bytes(small(("军地共建情况", "国防教育活动场次")))
    run(folder, "import", str(table))
    edited = mapping_of(folder).read_text(encoding="utf-8") + "# 看过\n"
    mapping_of(folder).write_text(edited, encoding="utf-8")
    assert run(folder, "import", str(table), "--group", "军地共建情况", "--yes") == ExitCode.USAGE
    assert "已经改动过" in capsys.readouterr().err
    assert mapping_of(folder).read_text(encoding="utf-8") == edited


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ("军地共建情况", ()),
        ("国防教育活动场次", (["沐云街道", "7"], ["沐云街道", "7"], ["澜溪镇", "8"], ["澜溪镇", "8"])),
    ],
)
def test_a_table_of_which_nothing_is_taken_is_not_imported(
    head: str, rows: tuple[Line, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, table = workspace(tmp_path)
    table.write_bytes(small((head,), rows=rows))
    assert run(folder, "import", str(table), "--yes") == ExitCode.DATA_REFUSED
    said = capsys.readouterr()
    assert "不采用" in said.out
    assert "可以采用" in said.err
    assert not flat_of(folder).exists()


def test_a_summary_table_among_the_returns_is_told_where_it_belongs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, table = workspace(tmp_path)
    place = folder / "data/returns/2024/汇总.xlsx"
    place.parent.mkdir(parents=True)
    place.write_bytes(table.read_bytes())
    assert run(folder, "import", str(place), "--yes") == ExitCode.USAGE
    assert "请把汇总表移到别处" in capsys.readouterr().err


def test_a_table_of_several_years_is_imported_sheet_by_sheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, table = workspace(tmp_path)
    heads_of = ["单位", "国防教育活动场次"]
    sheets = ([[f"{year}年汇总"], heads_of, ["沐云街道", str(year)], ["澜溪镇", "1"]] for year in (2023, 2024))
    table.write_bytes(as_book(*sheets, titles=("甲", "乙")))
    assert run(folder, "import", str(table), "--yes") == ExitCode.USAGE
    assert "提到几个年度（2023、2024）" in capsys.readouterr().err
    assert run(folder, "import", str(table), "--yes", "--year", "2024") == ExitCode.COMPLETE
    assert "工作表“甲”不是 2024 年的，没有采用" in capsys.readouterr().out
    assert ",全年,2024" in flat_of(folder).read_text(encoding="utf-8")


def test_a_title_of_another_year_is_not_taken_for_this_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, table = workspace(tmp_path)
    assert run(folder, "import", str(table), "--year", "2023", "--yes") == ExitCode.USAGE
    assert "写的是 2024 年，不是 2023 年" in capsys.readouterr().err


def test_what_a_container_says_of_a_cell_is_told_before_anybody_confirms(reader: Reader, tmp_path: Path) -> None:
    def marked(change: Any) -> bytes:
        book = load_workbook(io.BytesIO(small(("国防教育活动场次",))))
        change(book.active["B3"])
        memory = io.BytesIO()
        book.save(memory)
        return memory.getvalue()

    def struck(cell: Any) -> None:
        cell.font = Font(strike=True)

    def commented(cell: Any) -> None:
        cell.comment = Comment("应为 70", "")

    with pytest.raises(ReturnError, match="B3有删除线"):
        imported(reader, county(tmp_path), marked(struck))
    notes = imported(reader, county(tmp_path), marked(commented)).notes
    assert any("B3" in note and "请核对" in note for note in notes)
