"""A folder of many counties: which folders are counties, what they share, and what is refused."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from stats import report
from stats.errors import ParamsError
from stats.findings import Severity
from stats.params import counties, find_region, find_workspace, is_region, load, shared_folders

ROOT = Path(__file__).resolve().parents[1]
TARGET = 'SYS-02: {{op: ">=", value: {}, basis: param}}\n'


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def make_county(folder: Path, code: str = "990118") -> Path:
    """A county's workspace with one town."""
    units = f"units:\n  - {{code: {code[:6]}111000, name: 双塘镇, type: 镇}}\n"
    write(folder / "params" / "county.yaml", f"county: {{code: {code[:6]}000000, name: 青禾县}}\nyear: 2021\n{units}")
    return folder


def make_region(folder: Path, *names: str) -> Path:
    """A region whose counties' folders go by these codes."""
    for name in names:
        make_county(folder / "counties" / name, name)
    return folder


def set_target(folder: Path, value: int, year: int = 2021) -> None:
    write(folder / "params" / "targets" / f"{year}.yaml", TARGET.format(value))


def refusal_of(folder: Path) -> str:
    with pytest.raises(ParamsError) as caught:
        counties(folder)
    assert "\n" not in caught.value.problem
    assert caught.value.remedy
    return caught.value.problem


def test_counties_come_in_code_order_whether_named_by_6_or_12_digits(tmp_path: Path) -> None:
    make_region(tmp_path, "990120", "990118000000", "990119")
    assert [path.name for path in counties(tmp_path)] == ["990118000000", "990119", "990120"]


def test_a_county_on_its_own_is_no_region(tmp_path: Path) -> None:
    make_county(tmp_path)
    assert not is_region(tmp_path)
    assert counties(tmp_path) == ()


def test_files_and_hidden_folders_beside_the_counties_are_left_alone(tmp_path: Path) -> None:
    make_region(tmp_path, "990118")
    write(tmp_path / "counties" / "说明.md", "各县一个文件夹")
    write(tmp_path / "counties" / ".cache" / "x", "")
    assert len(counties(tmp_path)) == 1


@pytest.mark.parametrize("name", ["青禾县", "99011", "990118111000", "9901180", "０99011", "990118 "])
def test_a_folder_that_is_named_by_no_county_code_is_refused(tmp_path: Path, name: str) -> None:
    make_region(tmp_path, "990118")
    (tmp_path / "counties" / name).mkdir()
    assert refusal_of(tmp_path) == f"counties/{name}的名称不是县级代码"


def test_only_the_first_of_many_wrong_folders_are_listed(tmp_path: Path) -> None:
    for name in "甲乙丙丁":
        (tmp_path / "counties" / name).mkdir(parents=True)
    assert refusal_of(tmp_path) == "counties/丁、counties/丙、counties/乙等 4 个的名称不是县级代码"


def test_two_folders_of_one_county_are_refused(tmp_path: Path) -> None:
    make_region(tmp_path, "990118", "990118000000")
    assert refusal_of(tmp_path) == "counties/990118000000与另一文件夹是同一个县"


def test_a_county_without_parameters_is_refused(tmp_path: Path) -> None:
    make_region(tmp_path, "990118")
    (tmp_path / "counties" / "990119").mkdir()
    assert refusal_of(tmp_path) == "counties/990119中没有 params/county.yaml"


def test_a_link_to_a_county_elsewhere_is_refused(tmp_path: Path) -> None:
    region = make_region(tmp_path / "region", "990118")
    (region / "counties" / "990119").symlink_to(make_county(tmp_path / "elsewhere", "990119"))
    assert refusal_of(region) == "counties/990119是链接"


def test_a_region_without_counties_is_refused(tmp_path: Path) -> None:
    (tmp_path / "counties").mkdir()
    assert refusal_of(tmp_path) == f"{tmp_path.name}/counties 中没有县"


def test_a_folder_that_is_region_and_county_at_once_is_refused(tmp_path: Path) -> None:
    make_county(make_region(tmp_path, "990118"))
    problem = f"{tmp_path.name} 既有 params/county.yaml，又有 counties 文件夹"
    assert refusal_of(tmp_path) == problem
    for folder in (tmp_path, tmp_path / "counties" / "990118"):
        with pytest.raises(ParamsError, match=problem):
            load(folder)


def test_a_county_whose_code_is_not_that_of_its_folder_is_refused(tmp_path: Path) -> None:
    make_county(tmp_path / "counties" / "990119", "990118")
    with pytest.raises(ParamsError) as caught:
        load(tmp_path / "counties" / "990119")
    assert caught.value.problem == "counties/990119/params/county.yaml 的县级代码是 990118000000，与文件夹名不符"


def test_a_county_on_its_own_may_lie_in_a_folder_of_any_name(tmp_path: Path) -> None:
    assert load(make_county(tmp_path / "990119")).county.code == "990118000000"


def test_a_countys_targets_are_its_regions_where_it_has_no_file_of_the_year(tmp_path: Path) -> None:
    first, second = counties(make_region(tmp_path, "990118", "990119"))
    set_target(tmp_path, 80, 2020)
    set_target(tmp_path, 90)
    set_target(second, 95)
    found = [{year: targets["SYS-02"].value for year, targets in load(c).targets.items()} for c in (first, second)]
    assert found == [{2020: 80, 2021: 90}, {2020: 80, 2021: 95}]


def test_a_countys_file_of_a_year_replaces_the_regions_whole_file(tmp_path: Path) -> None:
    (county,) = counties(make_region(tmp_path, "990118"))
    set_target(tmp_path, 90)
    write(county / "params" / "targets" / "2021.yaml", 'SYS-01: {op: ">=", value: 100, basis: seed}\n')
    assert list(load(county).targets[2021]) == ["SYS-01"]


def test_a_mistake_in_the_regions_targets_is_told_as_the_regions(tmp_path: Path) -> None:
    (county,) = counties(make_region(tmp_path, "990118"))
    write(tmp_path / "params" / "targets" / "2021.yaml", "SYS-02: {op: '>', value: 90, basis: param}\n")
    with pytest.raises(ParamsError, match=r"^多县工作目录的 params/targets/2021.yaml：第 1 行"):
        load(county)


def test_targets_read_once_for_many_counties_are_read_anew_when_the_file_changes(tmp_path: Path) -> None:
    (county,) = counties(make_region(tmp_path, "990118"))
    set_target(tmp_path, 90)
    before = load(county)
    set_target(tmp_path, 91)
    assert [params.targets[2021]["SYS-02"].value for params in (before, load(county))] == [90, 91]


def test_the_same_county_is_the_same_run_inside_a_region_and_on_its_own(tmp_path: Path) -> None:
    (inside,) = counties(make_region(tmp_path / "region", "990118"))
    set_target(tmp_path / "region", 90)
    alone = make_county(tmp_path / "alone")
    set_target(alone, 90)
    assert load(inside).fingerprint == load(alone).fingerprint


def test_shared_folders_are_the_countys_own_before_its_regions(tmp_path: Path) -> None:
    (county,) = counties(make_region(tmp_path.resolve(), "990118"))
    assert shared_folders(county, "notebooks") == (county / "notebooks", tmp_path.resolve() / "notebooks")
    alone = make_county(tmp_path / "alone")
    assert shared_folders(alone, "notebooks") == (alone / "notebooks",)


def test_inside_a_county_that_county_is_the_workspace(tmp_path: Path) -> None:
    (county,) = counties(make_region(tmp_path.resolve(), "990118"))
    (county / "data").mkdir()
    assert find_workspace(county / "data") == county
    assert find_region(county / "data") is None


def test_above_the_counties_the_region_is_found_and_no_workspace(tmp_path: Path) -> None:
    region = make_region(tmp_path.resolve(), "990118")
    (region / "notebooks").mkdir()
    for folder in (region, region / "counties", region / "notebooks"):
        assert find_region(folder) == region
        with pytest.raises(ParamsError, match="是多县工作目录"):
            find_workspace(folder)


def test_a_region_is_not_loaded_as_a_county(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match="是多县工作目录，没有自己的"):
        load(make_region(tmp_path, "990118"))


def test_the_generator_for_trials_writes_a_region_whose_every_return_is_read_without_an_error(tmp_path: Path) -> None:
    write_region = runpy.run_path(str(ROOT / "benchmarks" / "region.py"))["write"]
    # 17 units in the first county of the list, 3 left for the second
    assert write_region(tmp_path, towns=20) == 20
    first, second = counties(tmp_path)
    for folder, units in ((first, 17), (second, 3)):
        examined = report.examine(load(folder))
        assert len(examined.received[2021]) == units + 1
        assert not [f for f in examined.findings if f.severity in (Severity.FATAL, Severity.ERROR)]
