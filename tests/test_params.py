"""Parameters are read exactly as written, and whatever is not as declared is refused by name and line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stats.errors import ExitCode, ParamsError
from stats.inputs.doors import COUNTY as COUNTY_DOOR
from stats.params import Break, find_workspace, load, unit_code
from stats.params.plain_yaml import MOST_VALUES, parse

COUNTY = {"county": "{code: 990118000000, name: 青禾县}", "year": "2021"}
UNITS = """units:
  - {code: 990118111000, name: 双塘镇, type: 镇}
  - {code: 990118001000, name: 城关街道, type: 街道}
"""


def write(workspace: Path, file: str, text: str, encoding: str = "utf-8") -> None:
    path = workspace / "params" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding=encoding)


def make_workspace(workspace: Path, *, units: str = UNITS, **overrides: str) -> Path:
    """A valid workspace; each test changes only the keys of county.yaml it is about."""
    lines = [f"{key}: {value}" for key, value in {**COUNTY, **overrides}.items()]
    write(workspace, "county.yaml", "\n".join(lines) + "\n" + units)
    return workspace


def refusal(workspace: Path, **options: int | str) -> ParamsError:
    with pytest.raises(ParamsError) as caught:
        load(workspace, **options)  # type: ignore[arg-type]
    assert "\n" not in caught.value.problem
    assert caught.value.remedy
    return caught.value


def test_smallest_file_gives_the_documented_defaults(tmp_path: Path) -> None:
    params = load(make_workspace(tmp_path))
    assert (params.year, params.edition, params.marking, params.rounding) == (2021, "meeting", "", "gb8170")
    assert (params.breaks, params.demonstration, params.targets) == ((), False, {})
    assert params.workspace == tmp_path.resolve()


def test_units_are_in_code_order_whatever_the_file_says(tmp_path: Path) -> None:
    params = load(make_workspace(tmp_path))
    assert [unit.name for unit in params.units] == ["城关街道", "双塘镇"]


def test_county_is_a_unit_of_its_own_type(tmp_path: Path) -> None:
    unit = load(make_workspace(tmp_path)).county_unit
    assert (unit.code, unit.name, unit.type) == ("990118000000", "青禾县", "县级本级")


def test_year_and_edition_can_be_chosen_for_one_run(tmp_path: Path) -> None:
    params = load(make_workspace(tmp_path), year=2019, edition="full")
    assert (params.year, params.edition) == (2019, "full")


def test_an_edition_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    problem = refusal(make_workspace(tmp_path), edition="secret").problem
    assert "“edition”的值“secret”不能用，只能是 full、meeting、public" in problem


def test_parameter_problems_are_usage_errors(tmp_path: Path) -> None:
    assert refusal(make_workspace(tmp_path, year="二〇二一")).exit_code is ExitCode.USAGE


def test_unknown_key_is_refused_with_the_likely_one_and_its_line(tmp_path: Path) -> None:
    problem = refusal(make_workspace(tmp_path, edtion="full")).problem
    assert problem == "params/county.yaml：有不认识的键“edtion”，是否应为“edition”"


def test_unknown_key_of_a_unit_is_refused_with_its_line(tmp_path: Path) -> None:
    units = "units:\n  - {code: 990118111000, name: 双塘镇, tpye: 镇}\n"
    problem = refusal(make_workspace(tmp_path, units=units)).problem
    assert problem == "params/county.yaml：第 4 行有不认识的键“tpye”，是否应为“type”"


def test_missing_key_is_named(tmp_path: Path) -> None:
    write(tmp_path, "county.yaml", "county: {code: 990118000000, name: 青禾县}\n" + UNITS)
    assert refusal(tmp_path).problem == "params/county.yaml：缺少“year”"


def test_doubled_key_is_refused_with_both_lines(tmp_path: Path) -> None:
    problem = refusal(make_workspace(tmp_path, units="year: 2020\n" + UNITS)).problem
    assert problem == "params/county.yaml 第 3 行重复写了“year”（已见于第 2 行）"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: !!python/object/apply:os.getcwd []", "类型标签"),
        ("a: !local 1", "类型标签"),
        ("a: &x 1\nb: *x", "锚点或引用"),
        ("a: [" * 3000 + "]" * 3000, "嵌套超过"),
        ("[" * 30 + "]" * 30, "嵌套超过"),
        ("a: 1\n---\nb: 2", "第二份文档"),
        ("[a, b]: 1", "键不是文字"),
        ("a: [1, 2", "不符合 YAML"),
        ("a: 1\n\tb: 2", "不符合 YAML"),
    ],
)
def test_yaml_beyond_plain_data_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ParamsError, match=reason):
        parse(text, "county.yaml")


def test_yaml_of_too_many_values_is_refused_and_of_one_less_is_read() -> None:
    whole = parse("[" + "a," * (MOST_VALUES - 1) + "]", "county.yaml").data
    assert len(whole) == MOST_VALUES - 1
    with pytest.raises(ParamsError, match=f"已超过 {MOST_VALUES} 项"):
        parse("[" + "a," * MOST_VALUES + "]", "county.yaml")


def test_yaml_scalars_stay_as_written() -> None:
    text = "a: no\nb: 017\nc: 1_000\nd: 2021-01-01\ne: 1.20118E+11\nf: ~\ng: ''\n"
    expected = {"a": "no", "b": "017", "c": "1_000", "d": "2021-01-01", "e": "1.20118E+11", "f": "~"}
    assert parse(text, "county.yaml").data == expected


def test_an_oversized_file_is_refused_unread(tmp_path: Path) -> None:
    write(tmp_path, "county.yaml", "#" * (COUNTY_DOOR.largest + 1))
    assert refusal(tmp_path).problem == "params/county.yaml 文件超过 1 MB"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_files_saved_by_chinese_windows_are_read(tmp_path: Path, encoding: str) -> None:
    text = (make_workspace(tmp_path) / "params" / "county.yaml").read_text(encoding="utf-8")
    write(tmp_path, "county.yaml", text, encoding=encoding)
    assert load(tmp_path).county.name == "青禾县"


@pytest.mark.parametrize("value", ["1.20118E+11", "99011811100", "9901181110000", "０99011811100", "", "99011811100x"])
def test_anything_but_12_digits_is_no_unit_code(value: str) -> None:
    with pytest.raises(ParamsError, match="不是 12 位数字"):
        unit_code(value)


def test_a_code_in_scientific_notation_gets_its_own_remedy() -> None:
    with pytest.raises(ParamsError) as caught:
        unit_code("1.20118E+11")
    assert "科学记数" in caught.value.remedy


def test_a_unit_code_may_be_a_number_but_not_a_boolean() -> None:
    assert unit_code(990118111000) == "990118111000"
    with pytest.raises(ParamsError):
        unit_code(True)


@pytest.mark.parametrize("marking", ["秘密", "机密★10年", "绝密", "内部资料", "internal"])
def test_markings_other_than_the_three_are_refused(tmp_path: Path, marking: str) -> None:
    assert "标注" in refusal(make_workspace(tmp_path, marking=marking)).problem


def test_a_marking_may_be_written_with_a_wide_space(tmp_path: Path) -> None:
    assert load(make_workspace(tmp_path, marking="内部事项　注意保管")).marking == "内部事项 注意保管"


@pytest.mark.parametrize("year", ["20xx", "二〇二一", "2021.0", "1999", "2_021", "-2021"])
def test_a_year_is_four_digits_within_range(tmp_path: Path, year: str) -> None:
    assert "年度" in refusal(make_workspace(tmp_path, year=year)).problem


@pytest.mark.parametrize(
    ("unit", "reason"),
    [
        ("{code: 990118001000, name: 重复镇, type: 镇}", "出现两次"),
        ("{code: 990119001000, name: 邻县镇, type: 镇}", "不是 青禾县（990118）的乡级代码"),
        ("{code: 990118001001, name: 某村委会, type: 其他}", "遮蔽写法"),
        ("{code: 990118002001, name: 东村委会, type: 其他}", "不是 青禾县（990118）的乡级代码"),
        ("{code: 990118000000, name: 青禾县, type: 县级本级}", "县本级不列入名册"),
        ("{code: 990118002000, name: XXX镇, type: 镇}", "遮蔽写法"),
        ("{code: 990118002000, name: a/b镇, type: 镇}", "文件名不能用的字符"),
        ("{code: 990118002000, name: 东镇, type: 城镇}", "“type”的值“城镇”不能用"),
        ("东镇", "应写成若干行“键: 值”"),
    ],
)
def test_a_roster_that_cannot_be_right_is_refused(tmp_path: Path, unit: str, reason: str) -> None:
    assert reason in refusal(make_workspace(tmp_path, units=f"{UNITS}  - {unit}\n")).problem


def test_an_empty_roster_is_refused(tmp_path: Path) -> None:
    assert "没有单位" in refusal(make_workspace(tmp_path, units="units: []\n")).problem


def test_the_roster_may_be_a_csv_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        "roster.csv",
        "code,name,type,former_names,since\n990118111000,双塘镇,镇,老塘乡|塘镇,\n990118112000,新河镇,镇,,2019\n",
        encoding="gb18030",
    )
    params = load(make_workspace(tmp_path, units="units: roster.csv\n"))
    assert params.units[0].former_names == ("老塘乡", "塘镇")
    assert params.units[1].since == 2019


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("code,name,type\n990118111000,双塘镇\n", "第 2 行有 2 列，应为 3 列"),
        ("code,name,type\n990118111000,双塘镇,镇,多\n", "第 2 行有 4 列，应为 3 列"),
        ("code,name,kind\n990118111000,双塘镇,镇\n", "第 1 行有不认识的列名“kind”"),
        ("code,name,type\n9.90118E+11,双塘镇,镇\n", "params/roster.csv：第 2 行单位代码“9.90118E+11”不是 12 位数字"),
    ],
)
def test_a_bad_roster_row_is_named_by_its_line(tmp_path: Path, rows: str, reason: str) -> None:
    write(tmp_path, "roster.csv", rows)
    assert reason in refusal(make_workspace(tmp_path, units="units: roster.csv\n")).problem


def test_a_roster_outside_the_params_folder_is_refused(tmp_path: Path) -> None:
    problem = refusal(make_workspace(tmp_path, units="units: ../roster.csv\n")).problem
    assert "units 的值“../roster.csv”不能用" in problem


def test_a_units_own_file_changes_only_what_it_says(tmp_path: Path) -> None:
    write(make_workspace(tmp_path), "units/990118111000.yaml", "former_names: [老塘乡]\nsince: 2018\n")
    unit = load(tmp_path).unit("990118111000")
    assert (unit.name, unit.type, unit.former_names, unit.since) == ("双塘镇", "镇", ("老塘乡",), 2018)


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("units/990118999000.yaml", "name: 别镇\n", "不在名册中"),
        ("units/990118111000.yaml", "code: 990118112000\n", "不认识的键“code”"),
        ("units/990118111000.yml", "name: 别镇\n", "扩展名不是 .yaml"),
        ("units/990118111000.yaml", "type: 县级本级\n", "县本级不列入名册"),
    ],
)
def test_a_units_own_file_that_fits_nothing_is_refused(tmp_path: Path, file: str, text: str, reason: str) -> None:
    write(make_workspace(tmp_path), file, text)
    assert reason in refusal(tmp_path).problem


def test_targets_of_every_year_are_loaded(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    write(workspace, "targets/2020.yaml", 'SYS-02: {op: ">=", value: 85, basis: local, source: 县武委会}\n')
    write(workspace, "targets/2021.yaml", 'SYS-02: {op: ">=", value: 90.5, basis: param, source: 示例}\n')
    targets = load(workspace).targets
    assert sorted(targets) == [2020, 2021]
    assert targets[2021]["SYS-02"].value == Decimal("90.5")
    assert (targets[2020]["SYS-02"].operator, targets[2020]["SYS-02"].basis) == (">=", "local")


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("targets/2021.yaml", 'SYS-02: {op: ">", value: 85, basis: local}\n', "“op”的值“>”不能用，只能是 >=、<="),
        ("targets/2021.yaml", 'SYS-02: {op: ">=", value: 9e1, basis: local}\n', "第 1 行“9e1”不是普通写法的数"),
        ("targets/2021.yaml", 'SYS-02: {op: ">=", basis: local}\n', "缺少“value”"),
        ("targets/2021年.yaml", 'SYS-02: {op: ">=", value: 9, basis: local}\n', "年度“2021年”不是四位数字"),
    ],
)
def test_targets_that_cannot_be_used_are_refused(tmp_path: Path, file: str, text: str, reason: str) -> None:
    write(make_workspace(tmp_path), file, text)
    assert reason in refusal(tmp_path).problem


def test_a_break_without_lists_covers_everything_of_its_year() -> None:
    everything = Break(year=2020, reason="区划调整")
    assert everything.covers(year=2020, unit="990118111000", indicator="SYS-01")
    assert not everything.covers(year=2021, unit="990118111000", indicator="SYS-01")


def test_a_break_covers_only_the_units_and_indicators_it_names(tmp_path: Path) -> None:
    breaks = "[{year: 2021, units: [990118111000], indicators: [REC-01], reason: 口径调整}]"
    params = load(make_workspace(tmp_path, breaks=breaks))
    assert not params.comparable(year=2021, unit="990118111000", indicator="REC-01")
    assert params.comparable(year=2021, unit="990118001000", indicator="REC-01")
    assert params.comparable(year=2021, unit="990118111000", indicator="REC-02")


def test_a_break_naming_a_unit_off_the_roster_is_refused(tmp_path: Path) -> None:
    breaks = "[{year: 2021, units: [990118777000], reason: 撤并}]"
    assert "990118777000 不在名册" in refusal(make_workspace(tmp_path, breaks=breaks)).problem


def test_units_of_like_size_are_grouped_by_name(tmp_path: Path) -> None:
    params = load(make_workspace(tmp_path, groups="{大镇: [990118111000], 街道: ['990118001000']}"))
    assert params.groups == {"大镇": ("990118111000",), "街道": ("990118001000",)}
    assert params.group_of == {"990118111000": "大镇", "990118001000": "街道"}
    assert load(make_workspace(tmp_path)).group_of == {}


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ("{大镇: [990118112000]}", "groups 中“大镇”的单位代码 990118112000 不在名册 units 中"),
        ("{大镇: [990118000000]}", "groups 中“大镇”的单位代码 990118000000 不在名册 units 中"),
        (
            "{大镇: [990118111000], 小镇: [990118111000]}",
            "groups：双塘镇（990118111000）列在“大镇”和“小镇”两组，一个单位只能列入一组一次",
        ),
        (
            "{大镇: [990118111000, 990118111000]}",
            "groups：双塘镇（990118111000）列在“大镇”中两次，一个单位只能列入一组一次",
        ),
        ("{大镇: [双塘镇]}", "单位代码“双塘镇”不是 12 位数字"),
        ("{大镇: 990118111000}", "“大镇”应写成列表"),
        ("[990118111000]", "“groups”应写成若干行“键: 值”"),
    ],
)
def test_groups_that_cannot_be_right_are_refused(tmp_path: Path, groups: str, reason: str) -> None:
    assert reason in refusal(make_workspace(tmp_path, groups=groups)).problem


def test_a_unit_is_due_from_its_first_year(tmp_path: Path) -> None:
    units = UNITS + "  - {code: 990118112000, name: 新河镇, type: 镇, since: 2020}\n"
    params = load(make_workspace(tmp_path, units=units))
    assert [len(params.due(year)) for year in (2019, 2020, 2021)] == [2, 3, 3]


def test_an_unknown_unit_is_refused_with_its_neighbours(tmp_path: Path) -> None:
    params = load(make_workspace(tmp_path))
    with pytest.raises(ParamsError) as caught:
        params.unit("990118111001")
    assert "990118111000 双塘镇" in caught.value.remedy
    assert params.unit(990118000000).type == "县级本级"


def test_the_fingerprint_depends_on_content_and_not_on_place(tmp_path: Path) -> None:
    here, there, other = (make_workspace(tmp_path / name) for name in "abc")
    make_workspace(other, rounding="half_up")
    assert load(here).fingerprint == load(there).fingerprint
    assert load(here).fingerprint != load(other).fingerprint
    assert hash(load(here)) == hash(load(there))
    assert load(here) != load(there)


def test_params_cannot_be_changed(tmp_path: Path) -> None:
    params: Any = load(make_workspace(tmp_path))
    with pytest.raises(ValueError, match="frozen"):
        params.year = 2020


def test_the_workspace_is_found_from_a_folder_below(tmp_path: Path) -> None:
    below = make_workspace(tmp_path) / "data" / "returns"
    below.mkdir(parents=True)
    assert find_workspace(below) == tmp_path.resolve()


def test_a_folder_without_a_workspace_above_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match="都找不到"):
        find_workspace(tmp_path)
