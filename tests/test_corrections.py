"""Declared corrections: made where they fit exactly one cell, and never silently otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import NEIGHBOUR, TOWN, as_csv, make_rows, put
from stats import present, report, returns
from stats.build import check as checking
from stats.build.check import to_json
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.errors import CorrectionError, ExitCode
from stats.findings import Finding, Severity
from stats.numbers import display
from stats.params import load
from stats.returns import Cell

ENTRY = {
    "unit": f'"{TOWN[0]}"',
    "year": "2021",
    "variable": "edu_events",
    "old": '"15"',
    "new": '"16"',
    "reason": "漏记一场，经与台账核对",
    "role": "县人武部军事科",
    "date": "2022-01-10",
}
FILE = "data/corrections/2021.yaml"


def entry(**changes: str) -> str:
    """One entry of the list; an empty text leaves the key out."""
    lines = [f"{key}: {text}" for key, text in {**ENTRY, **changes}.items() if text]
    return "- " + "\n  ".join(lines) + "\n"


def declare(workspace: Path, *entries: str, year: int = 2021, kind: str = "corrections") -> Path:
    place = workspace / "data" / kind / f"{year}.yaml"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("".join(entries), encoding="utf-8")
    return workspace


def read(workspace: Path) -> returns.Returns:
    return returns.read(load(workspace), (2021,))


def cell(result: returns.Returns, variable: str, period: str = "year", unit: str = TOWN[0]) -> Cell:
    (found,) = (c for c in result.cells if (c.unit, c.period, c.variable) == (unit, period, variable))
    return found


def refusal(result: returns.Returns) -> Finding:
    (found,) = (finding for finding in result.findings if finding.rule == "R-CORRECTION")
    assert found.severity is Severity.ERROR
    assert FILE in found.message
    assert found.remedy
    return found


def test_a_corrected_cell_has_the_new_value_and_keeps_what_was_written(make_return: Callable[..., Path]) -> None:
    result = read(declare(make_return(), entry()))
    corrected = cell(result, "edu_events")
    assert (corrected.raw, corrected.value, corrected.status) == ("15", "16", Status.OK)
    assert corrected.correction == "漏记一场，经与台账核对"
    assert (corrected.file, bool(corrected.cell)) == ("2021/双塘镇.csv", True)
    (note,) = (finding for finding in result.findings if finding.rule == "R-CORRECTED")
    assert note.severity is Severity.NOTE
    assert "“15”" in note.message
    assert "“16”" in note.message
    assert [made.variable for made in result.corrections] == ["edu_events"]
    assert FILE in result.inputs


def test_spaces_around_the_old_text_do_not_matter_and_a_label_names_the_question(
    make_return: Callable[..., Path],
) -> None:
    workspace = make_return(edu_events=" 15　")
    result = read(declare(workspace, entry(variable="国防教育活动场次")))
    assert cell(result, "edu_events").value == "16"


def test_a_blank_answer_may_be_filled_in(make_return: Callable[..., Path]) -> None:
    result = read(declare(make_return(edu_events=""), entry(old='""')))
    assert cell(result, "edu_events").value == "16"
    assert not [f for f in result.findings if f.rule == "R-BLANK"]


def test_an_answer_that_was_refused_may_be_corrected_and_is_a_problem_no_longer(
    make_return: Callable[..., Path],
) -> None:
    result = read(declare(make_return(edu_events="1O"), entry(old="1O", new='"10"')))
    assert cell(result, "edu_events").value == "10"
    assert not [f for f in result.findings if f.severity in (Severity.ERROR, Severity.FATAL)]


def test_a_season_is_corrected_by_its_period(make_return: Callable[..., Path]) -> None:
    changes = {"variable": "rec_applied", "period": "秋季", "old": '"60"', "new": '"61"'}
    result = read(declare(make_return(), entry(**changes)))
    assert cell(result, "rec_applied", "autumn").value == "61"
    assert cell(result, "rec_applied", "spring").value == "60"


def test_a_correction_whose_old_value_is_gone_stops_the_unit_and_leaves_the_answer_out(
    make_return: Callable[..., Path],
) -> None:
    workspace = declare(make_return(edu_events="18"), entry())
    found = refusal(read(workspace))
    assert found.values == ("15", "18", "16")
    assert "第 1 条（第 1 行）" in found.message
    assert (found.unit, found.variables, found.file) == (TOWN[0], ("edu_events",), "2021/双塘镇.csv")
    assert cell(read(workspace), "edu_events").status is Status.ERROR
    params = load(workspace)
    examined = report.examine(params)
    assert examined.receipt(TOWN[0], 2021).is_withheld
    assert not examined.receipt(NEIGHBOUR[0], 2021).is_withheld
    assert checking.check(params, examined).exit_code is ExitCode.DATA_REFUSED


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"variable": "rec_applied"}, "period 写为 spring（春季）、autumn（秋季）"),
        ({"variable": "fnd_budget", "period": "autumn"}, "period 写为 year（全年）"),
        ({"unit": f'"{NEIGHBOUR[0]}"'}, "没有收到该单位报表"),
        ({"new": '"15"'}, "old 与 new 相同"),
        ({"new": "十六场左右吧"}, "new 不是可用的答案"),
        ({"new": '"**"'}, "new 不是可用的答案"),
        ({"old": '""'}, "原文已不是"),
    ],
)
def test_a_correction_that_fits_no_cell_or_gives_no_answer_stops_the_unit(
    make_return: Callable[..., Path], changes: dict[str, str], problem: str
) -> None:
    found = refusal(read(declare(make_return(), entry(**changes))))
    assert problem in found.message + found.remedy


def test_a_doubled_correction_stops_the_unit(make_return: Callable[..., Path]) -> None:
    result = read(declare(make_return(), entry(), entry(new='"17"')))
    assert "第 1、2 条" in refusal(result).message
    assert cell(result, "edu_events").status is Status.ERROR


def test_a_hidden_private_answer_cannot_be_taken_for_a_blank(make_return: Callable[..., Path]) -> None:
    result = read(declare(make_return(edu_events="13800138000"), entry(old='""')))
    assert "已隐去" in refusal(result).message
    assert "13800138000" not in repr(result)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unit": '"990118111001"'}, "双塘镇"),
        ({"variable": "edu_event"}, "是否应为“edu_events”"),
        ({"year": "2020"}, "与文件的年度 2021 不同"),
        ({"reson": "写错了"}, "是否应为“reason”"),
        ({"old": ""}, "缺少“old”"),
        ({"date": "2022/1/10"}, "2022-01-10"),
        ({"date": "2022-02-30"}, "没有这一天"),
        ({"period": "上半年"}, "autumn（秋季）"),
        ({"role": "张三"}, "不写姓名"),
        ({"role": "李部长"}, "不写姓名"),
        ({"reason": "经张三核实，漏填"}, "疑似含有姓名"),
        ({"reason": "联系电话13800138000"}, "内容未保留"),
        ({"old": '"13800138000"'}, "内容未保留"),
    ],
)
def test_an_entry_that_is_not_as_declared_is_refused_with_its_place(
    make_return: Callable[..., Path], changes: dict[str, str], words: str
) -> None:
    with pytest.raises(CorrectionError) as caught:
        read(declare(make_return(), entry(**changes)))
    assert words in str(caught.value)
    assert FILE in str(caught.value)
    assert "13800138000" not in str(caught.value)
    assert "张三" not in str(caught.value)
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_file_that_is_not_named_by_a_year_is_refused(make_return: Callable[..., Path]) -> None:
    workspace = make_return()
    declare(workspace, entry())
    (workspace / FILE).rename(workspace / "data/corrections/更正.yaml")
    with pytest.raises(CorrectionError, match=r"请改名为 年度\.yaml"):
        read(workspace)


def test_an_empty_file_corrects_nothing(make_return: Callable[..., Path]) -> None:
    assert read(declare(make_return(), "# 本年没有更正\n")).corrections == ()


def both_towns(workspace: Path) -> Path:
    put(workspace, "城关街道.csv", as_csv(make_rows(unit=NEIGHBOUR)))
    return workspace


def test_only_figures_of_the_unit_that_use_the_corrected_answer_are_marked(make_return: Callable[..., Path]) -> None:
    report.load.cache_clear()
    workspace = both_towns(declare(make_return(), entry()))
    run = report.load(workspace, edition="full")
    marked = {
        (unit, code) for unit, shown in run.figures().items() for code, figure in shown.items() if figure.corrected
    }
    using = {code for code, indicator in indicators().items() if "edu_events" in indicator.variables}
    assert marked == {(TOWN[0], code) for code in using if run.figures()[TOWN[0]][code].status.has_value}
    assert marked
    for unit, code in marked:
        assert display(run.figures()[unit][code], indicators()[code]).endswith("[更]")
    assert run.town(TOWN[0]).answers["edu_events"].corrected
    assert not run.town(NEIGHBOUR[0]).answers["edu_events"].corrected


def test_the_appendix_lists_what_was_corrected_and_why(make_return: Callable[..., Path]) -> None:
    report.load.cache_clear()
    workspace = declare(make_return(), entry())
    for edition in ("full", "meeting"):
        text = present.quality(report.load(workspace, edition=edition).town(TOWN[0])).to_text()
        assert "原填“15”，更正为“16”" in text
        assert "（县人武部军事科，2022年1月10日）" in text


def test_a_corrected_small_count_and_a_reason_with_a_number_stay_out_of_the_meeting_edition(
    make_return: Callable[..., Path],
) -> None:
    report.load.cache_clear()
    changes = {"variable": "rec_returned", "period": "autumn", "old": '"0"', "new": '"1"', "reason": "漏填退兵1名"}
    workspace = declare(make_return(), entry(**changes))
    runs = [report.load(workspace, edition=edition) for edition in ("full", "meeting")]
    full, meeting = (present.quality(run.town(TOWN[0])).to_text() for run in runs)
    assert "原填“0”，更正为“1”；原因：漏填退兵1名" in full
    assert "原数和更正数按本版规则不列出（县人武部军事科，2022年1月10日）" in meeting
    assert "退兵1名" not in meeting


def test_a_check_is_judged_on_the_corrected_answer(make_return: Callable[..., Path]) -> None:
    changes = {"variable": "sup_households_visited", "old": '"420"', "new": '"240"'}
    workspace = declare(make_return(sup_households_visited="420"), entry(**changes))
    params = load(workspace)
    examined = report.examine(params)
    assert not examined.receipt(TOWN[0], 2021).is_withheld
    assert "V28" not in {finding.rule for finding in examined.findings}
    assert "R-CORRECTED" in {
        finding["rule"] for finding in to_json(params, checking.check(params, examined), written="")["findings"]
    }
