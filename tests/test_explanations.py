"""Warnings answered by the unit's remark or by the county; errors are not answered away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import NUMBERS, TOWN
from stats import present, report
from stats.build.tables.findings_table import findings_csv
from stats.errors import CorrectionError
from stats.findings import Finding, Severity
from stats.params import load
from stats.receipt import Receipt
from stats.returns.declarations import OUTLIER_RULES
from stats.texts.free_text import problem_of_role, problem_of_text
from stats.validate.outliers.settings import SENTENCES

FILE = "data/explanations/2021.yaml"
ENTRY = {
    "unit": f'"{TOWN[0]}"',
    "year": "2021",
    "rule": "V18",
    "text": "借调一名，编制待批",
    "role": "县人武部军事科",
    "date": "2022-01-10",
}
# One more on post than authorised: the soft check V18, and nothing else.
OVERSTAFFED = {"cad_on_post": "5", "cad_certified": "4", "cad_authorized": "4"}


def declare(workspace: Path, **changes: str) -> Path:
    place = workspace / FILE
    place.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{key}: {text}" for key, text in {**ENTRY, **changes}.items() if text]
    place.write_text("- " + "\n  ".join(lines) + "\n", encoding="utf-8")
    return workspace


def findings(workspace: Path, *rules: str) -> list[Finding]:
    examined = report.examine(load(workspace))
    return [finding for finding in examined.of_unit(TOWN[0], 2021) if finding.rule in rules]


def town_text(workspace: Path, edition: str) -> str:
    report.load.cache_clear()
    return present.quality(report.load(workspace, edition=edition).town(TOWN[0])).to_text()


def test_an_unanswered_warning_is_open_and_listed(make_return: Callable[..., Path]) -> None:
    workspace = make_return(**OVERSTAFFED)
    (found,) = findings(workspace, "V18")
    assert found.is_open
    assert "超配" in town_text(workspace, "full")
    assert "已作说明" not in town_text(workspace, "full")


def test_the_county_answers_a_warning_and_it_is_listed_as_answered(make_return: Callable[..., Path]) -> None:
    fewer = {"mil_reorg_due": "8", "mil_reorg_done": "8"}  # V15: fewer units than half the villages
    workspace = declare(make_return(**fewer), rule="V15", text="撤并三个村")
    (found,) = findings(workspace, "V15")
    assert found.explanation == "撤并三个村（县人武部军事科，2022-01-10）"
    assert not found.is_open
    assert "说明：撤并三个村" in town_text(workspace, "full")
    meeting = town_text(workspace, "meeting")
    assert "待核对" not in meeting
    assert "：已作说明。" in meeting
    assert "撤并三个村" not in meeting
    assert FILE in report.examine(load(workspace)).inputs


def test_the_work_list_has_the_explanation_in_its_last_column(make_return: Callable[..., Path]) -> None:
    table = findings_csv(findings(declare(make_return(**OVERSTAFFED)), "V18")).decode("utf-8-sig")
    head, row = table.splitlines()
    assert head.endswith(",remedy,explanation")
    assert row.endswith(",借调一名，编制待批（县人武部军事科，2022-01-10）")


def test_the_remark_of_the_row_answers_its_only_warning(make_return: Callable[..., Path]) -> None:
    (found,) = findings(make_return(**OVERSTAFFED, remark="借调一名，编制待批"), "V18")
    assert found.explanation == "借调一名，编制待批（填报单位备注）"


def test_with_several_warnings_a_remark_answers_those_it_names(make_return: Callable[..., Path]) -> None:
    two = {**OVERSTAFFED, "mil_reorg_due": "8", "mil_reorg_done": "8"}  # V15 too: fewer units than half the villages
    assert {f.rule for f in findings(make_return(**two), "V15", "V18") if f.is_open} == {"V15", "V18"}
    named = {f.rule: f.is_open for f in findings(make_return(**two, remark="V18：借调一名"), "V15", "V18")}
    assert named == {"V15": True, "V18": False}
    vague = {f.rule: f.is_open for f in findings(make_return(**two, remark="情况属实"), "V15", "V18")}
    assert vague == {"V15": True, "V18": True}


def test_a_remark_without_words_answers_nothing(make_return: Callable[..., Path]) -> None:
    (found,) = findings(make_return(**OVERSTAFFED, remark="/"), "V18")
    assert found.is_open


@pytest.mark.parametrize("remark", ["联系人王小明", "电话13800138000", "李部长同意", "张三，已核实"])
def test_a_remark_that_names_someone_is_not_kept_and_answers_nothing(
    make_return: Callable[..., Path], remark: str
) -> None:
    workspace = make_return(**OVERSTAFFED, remark=remark)
    (checked,) = findings(workspace, "V18")
    refused = findings(workspace, "R-REMARK")
    assert checked.is_open
    assert {(f.severity, f.period, f.file, bool(f.cell)) for f in refused} == {
        (Severity.WARNING, period, "2021/双塘镇.csv", True) for period in ("year", "spring", "autumn")
    }
    assert remark not in repr(report.examine(load(workspace)))


def test_an_explanation_that_answers_no_warning_is_one_itself(make_return: Callable[..., Path]) -> None:
    (found,) = findings(declare(make_return()), "R-EXPLANATION")
    assert found.severity is Severity.WARNING
    assert f"{FILE} 第 1 条（第 1 行）" in found.message
    assert "没有这条提示" in found.message


def test_an_explanation_about_another_answer_does_not_fit(make_return: Callable[..., Path]) -> None:
    workspace = declare(make_return(**OVERSTAFFED), variable="fnd_total")
    assert [finding.is_open for finding in findings(workspace, "V18")] == [True]
    assert findings(workspace, "R-EXPLANATION")


def test_a_hard_finding_cannot_be_explained_away(make_return: Callable[..., Path]) -> None:
    workspace = declare(make_return(sup_households_visited="241"), rule="V28")
    (hard,) = findings(workspace, "V28")
    assert (hard.severity, hard.explanation) == (Severity.ERROR, "")
    (told,) = findings(workspace, "R-EXPLANATION")
    assert "是错误，不能用说明代替更正" in told.message
    assert report.examine(load(workspace)).receipt(TOWN[0], 2021) is Receipt.IN_ERROR


def test_a_remark_does_not_answer_an_error(make_return: Callable[..., Path]) -> None:
    (hard,) = findings(make_return(sup_households_visited="241", remark="走访户数属实，含边缘户"), "V28")
    assert (hard.severity, hard.explanation) == (Severity.ERROR, "")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rule": "V81"}, "是否应为“V41”"),
        ({"unit": '"990118111001"'}, "双塘镇"),
        ({"text": "张三，已核实"}, "疑似含有姓名"),
        ({"text": ""}, "缺少“text”"),
        ({"role": "王科长"}, "不写姓名"),
        ({"text": "电话13800138000"}, "内容未保留"),
    ],
)
def test_an_explanation_that_is_not_as_declared_is_refused(
    make_return: Callable[..., Path], changes: dict[str, str], words: str
) -> None:
    with pytest.raises(CorrectionError) as caught:
        report.examine(load(declare(make_return(), **changes)))
    assert words in str(caught.value)
    assert FILE in str(caught.value)


def test_every_rule_that_finds_outliers_can_be_explained() -> None:
    assert set(OUTLIER_RULES) == set(SENTENCES)


@pytest.mark.parametrize(
    "text",
    [
        "经武装部核实，原数漏填一户",
        "数字看错，经镇武装工作办公室核对原始台账",
        "因机构改革，副部长未到位",
        "双塘镇上年一次性安排营房维修，本年恢复正常",
        "高标准完成",
    ],
)
def test_ordinary_reasons_are_kept(text: str) -> None:
    assert problem_of_text(text, ["双塘镇"]) == ""


@pytest.mark.parametrize("role", ["县人武部军事科", "双塘镇武装部部长", "统计员", "县委书记", "分管领导", "镇武装部长"])
def test_offices_and_posts_are_roles(role: str) -> None:
    assert problem_of_role(role, ["双塘镇"]) == ""


@pytest.mark.parametrize("role", ["", "张三", "张三部长", "王科长", "双塘镇武装部张三", "13800138000"])
def test_persons_are_no_roles(role: str) -> None:
    assert problem_of_role(role, ["双塘镇"])


def test_a_hard_check_sets_aside_its_answers_and_leaves_the_others(make_return: Callable[..., Path]) -> None:
    report.load.cache_clear()
    town = report.load(make_return(sup_households_visited="241"), edition="full").town(TOWN[0])
    assert {town.answers[name].status.value for name in ("sup_households_visited", "sup_households_due")} == {"error"}
    assert town.answers["edu_events"].text == NUMBERS["edu_events"]
    lost = {code for code, figure in town.figures.items() if figure.status.value == "error"}
    assert lost == {"SUP-02"}


@pytest.mark.parametrize("changes", [{"unit_code": "990118111009"}, {"stat_year": "2020"}, {"unit_name": "双桥镇"}])
def test_a_wrong_identity_or_year_refuses_the_whole_return(
    make_return: Callable[..., Path], changes: dict[str, str]
) -> None:
    examined = report.examine(load(make_return(**changes)))
    assert not examined.received[2021]
    assert not [cell for cell in examined.cells if cell.unit == TOWN[0]]
    assert any(finding.severity is Severity.FATAL for finding in examined.findings)
