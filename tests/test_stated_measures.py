"""A unit of measure stated around a table decides: another one refuses it, the questions' own says nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from conftest import TOWN, Row, as_csv, make_rows, make_workspace, put
from filled_forms import cell_of, filled_form
from stats.params import load
from stats.returns import Returns, read
from stats.returns.headers import undecorated, variable_of
from stats.returns.measure_words import stated_measures

# What a clerk writes, and the measures it states.
STATED = [
    ("单位：元", ["元"]),
    ("计量单位：元", ["元"]),
    ("金额单位：千元", ["千元"]),
    ("金额单位 千元", ["千元"]),
    ("金额单位：人民币百元", ["百元"]),
    ("单位：万元（人）", ["万元", "人"]),
    ("单位：万元/人", ["万元", "人"]),
    ("单位：人、万元、%", ["人", "万元", "%"]),
    ("货币单位:亿元", ["亿元"]),
    ("（單位：千元）", ["千元"]),
    ("单位：元　人", ["元人"]),
    ("单位为百万元", ["百万元"]),
    ("本表以元计", ["元"]),
    ("注：金额均为十万元", ["十万元"]),
    ("请按千元填报", ["千元"]),
    ("武装工作经费情况表（千元）", ["千元"]),
    ("unit: yuan", ["元"]),
    ("Unit: 10k yuan", ["万元"]),
    ("单位：美元", ["美元"]),
    ("单位：万", ["万"]),
    ("单位：万人", ["万人"]),
    ("元", ["元"]),
    ("二〇二一年经费表 千元", ["千元"]),
]
SILENT = [
    "填报单位：双塘镇", "单位负责人：张三", "填表单位（盖章）：", "单位名称：青禾县", "其中一次性投入30万元",
    "慰问每户500元", "共计三十万元", "约20余万元", "元旦春节慰问", "元宵节活动", "多元化宣传", "一单元",
    "公元2021年", "开元路街道", "状元乡", "元宝镇", "2021年度武装工作统计表", "",
]  # fmt: skip


@pytest.mark.parametrize(("text", "measures"), STATED)
def test_measure_is_seen_however_it_is_written(text: str, measures: list[str]) -> None:
    found = "".join(measure.word for measure in stated_measures(text))
    assert all(measure in found for measure in measures if measure != "元人") or found.startswith("元")


@pytest.mark.parametrize("text", SILENT)
def test_names_amounts_and_other_words_with_yuan_state_no_measure(text: str) -> None:
    assert stated_measures(text) == ()


def returns_of(folder: Path, *lines: list[str], rows: list[Row] | None = None) -> Returns:
    """The town's table below these lines."""
    workspace = make_workspace(folder)
    above = "".join(",".join(line) + "\n" for line in lines)
    put(workspace, "双塘镇.csv", above + as_csv(rows or make_rows()))
    return read(load(workspace), [2021])


def is_refused(returns: Returns) -> bool:
    return [found.rule for found in returns.findings if found.severity == "fatal"] == ["R-MEASURE"]


@pytest.mark.parametrize("text", [text for text, measures in STATED if not {"万元"} & set(measures)])
def test_table_under_another_measure_than_its_money_is_refused(tmp_path: Path, text: str) -> None:
    returns = returns_of(tmp_path, [f'"{text}"'])
    assert is_refused(returns)
    assert returns.received == {2021: frozenset()}


def test_refusal_names_place_text_question_and_unit(tmp_path: Path) -> None:
    (found,) = [found for found in returns_of(tmp_path, ["金额单位：千元"]).findings if found.severity == "fatal"]
    assert found.message == "“金额单位：千元”写明的计量单位与表样不同：“节日慰问金(含慰问品)”应以万元填报"
    assert found.remedy.startswith("请换算为万元，并改正或删去该处的单位说明")
    assert (found.file, found.cell, found.unit) == ("2021/双塘镇.csv", "A1", TOWN[0])


@pytest.mark.parametrize("text", [text for text, measures in STATED if "万元" in measures])
def test_the_questions_own_measure_says_nothing(tmp_path: Path, text: str) -> None:
    returns = returns_of(tmp_path, [f'"{text}"'])
    assert {found.rule for found in returns.findings} <= {"R-TITLE-ROW"}
    assert returns.received == {2021: frozenset({TOWN[0]})}


def test_only_persons_above_a_table_with_money_is_asked_about(tmp_path: Path) -> None:
    returns = returns_of(tmp_path, ["单位：人"])
    (asked,) = [found for found in returns.findings if found.severity == "warning"]
    assert asked.rule == "R-MEASURE-ASK"
    assert "没有写明金额的单位，“节日慰问金(含慰问品)”等金额已按万元读取" in asked.message
    assert returns.received == {2021: frozenset({TOWN[0]})}


def test_persons_above_a_table_without_money_ask_nothing(tmp_path: Path) -> None:
    rows = [
        {n: "" if n.startswith("fnd_") or n.startswith("sup_") else t for n, t in row.items()} for row in make_rows()
    ]
    assert "R-MEASURE-ASK" not in {found.rule for found in returns_of(tmp_path, ["单位：人"], rows=rows).findings}


def test_yuan_above_a_table_whose_money_is_in_yuan_says_nothing(tmp_path: Path) -> None:
    in_ten_thousands = ("fnd_", "sup_visit_funds")
    rows = [{n: "" if n.startswith(in_ten_thousands) else t for n, t in row.items()} for row in make_rows()]
    returns = returns_of(tmp_path, ["单位：元"], rows=rows)
    assert "R-MEASURE" not in {found.rule for found in returns.findings}


def test_allowance_below_ten_thousands_of_yuan_is_taken_only_where_it_can_be_in_yuan(tmp_path: Path) -> None:
    plain, small = (make_rows(sup_allowance_standard=text) for text in ("18000", "1.8"))
    assert returns_of(tmp_path / "a", ["单位：万元"], rows=plain).received[2021]
    assert is_refused(returns_of(tmp_path / "b", ["单位：万元"], rows=small))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda text: text.replace("\n", "\n单位：元\n", 1), "R-MEASURE"),
        (lambda text: text + "金额单位：元\n", "R-MEASURE"),
        (lambda text: text + "填表人：,,,,单位：元\n", "R-MEASURE"),
        (lambda text: text.replace("\n", ",单位：元\n", 1).replace("\n9", ",\n9").rstrip("\n") + ",\n", "R-MEASURE"),
        (lambda text: text.replace("fnd_total", "武装工作经费投入合计（元）"), "R-COLUMN-UNIT"),
        (lambda text: text.replace("fnd_total", "武装工作经费投入合计/元"), "R-COLUMN-UNIT"),
        (lambda text: text.replace("fnd_total", "武装工作经费投入合计【千元】"), "R-COLUMN-UNIT"),
        (lambda text: text.replace("fnd_total", "武装工作经费投入合计（单位：元）"), "R-COLUMN-UNIT"),
        (lambda text: text.replace("fnd_total", "fnd_total(元)"), "R-COLUMN-UNIT"),
        (lambda text: text.replace("bas_population", "年末常住人口（万人）"), "R-COLUMN-UNIT"),
    ],
)
def test_measure_below_beside_or_in_a_head_refuses_the_table(
    tmp_path: Path, change: Callable[[str], str], rule: str
) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "双塘镇.csv", change(as_csv(make_rows())))
    returns = read(load(workspace), [2021])
    assert [found.rule for found in returns.findings if found.severity == "fatal"] == [rule]
    assert returns.received == {2021: frozenset()}


@pytest.mark.parametrize(
    "written", ["（万元）", "（单位：万元）", "（金额单位：万元）", "/万元", "【万元】", "[万元]", "_万元", " 万元"]
)
def test_head_with_its_own_measure_is_the_question(written: str) -> None:
    expected = None if written == " 万元" else "fnd_total"
    assert variable_of(f"武装工作经费投入合计{written}") == expected


@pytest.mark.parametrize("head", ["BLD_STAR5_APPLIED", "bld_star5_applied"])
def test_name_that_begins_with_another_questions_name_is_its_own(head: str) -> None:
    assert variable_of(head) == "bld_star5_applied"


@pytest.mark.parametrize("head", ["fnd_total_old", "武装工作经费投入合计/上年", "rec_applied_合计"])
def test_head_with_more_behind_a_questions_name_is_unknown(head: str) -> None:
    assert variable_of(head) is None


def test_remark_that_states_another_measure_refuses_the_table(tmp_path: Path) -> None:
    assert is_refused(returns_of(tmp_path, rows=make_rows(remark="经费以元计")))


@pytest.mark.parametrize("remark", ["含元旦慰问", "其中5000元为捐赠", "元/户标准已提高", "经费以万元计"])
def test_remark_that_only_speaks_of_money_refuses_nothing(tmp_path: Path, remark: str) -> None:
    assert returns_of(tmp_path, rows=make_rows(remark=remark)).received[2021]


def form_returns(folder: Path, edit: Callable[[Any], None]) -> Returns:
    form = filled_form(folder, edit=edit)
    put(make_workspace(folder), "表.xlsx", form)
    return read(load(folder), [2021])


def _set(cell: str, text: str) -> Callable[[Any], None]:
    def edit(sheet: Any) -> None:
        sheet[cell] = text

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        _set("D2", "金额单位：元"),
        _set("F4", "（千元）"),
        _set("A1", "青禾县2021年度武装工作统计表（元）"),
        _set("N30", "单位：元"),
        _set("B200", "注：金额均为元"),
        lambda sheet: sheet.cell(*cell_of("fnd_total", "备注"), "以元计"),
        lambda sheet: setattr(sheet, "title", "统计表（元）"),
    ],
)
def test_form_that_states_another_measure_is_refused(tmp_path: Path, edit: Callable[[Any], None]) -> None:
    assert is_refused(form_returns(tmp_path, edit))


@pytest.mark.parametrize("edit", [lambda sheet: None, _set("D2", "金额单位：万元"), _set("D2", "填报单位：双塘镇")])
def test_form_with_its_own_measures_is_read(tmp_path: Path, edit: Callable[[Any], None]) -> None:
    assert form_returns(tmp_path, edit).received == {2021: frozenset({TOWN[0]})}


def test_sheet_of_explanations_states_the_measure_of_the_table_beside_it(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "表"
    rows = make_rows()
    for line in [list(rows[0]), *(list(row.values()) for row in rows)]:
        book["表"].append(line)
    book.create_sheet("说明").append(["本表金额单位：元"])
    data = io.BytesIO()
    book.save(data)
    put(make_workspace(tmp_path), "双塘镇.xlsx", data.getvalue())
    assert is_refused(read(load(tmp_path), [2021]))


@pytest.mark.parametrize("name", ["双塘镇（元）.csv", "经费表 单位元.csv", "千元-双塘镇.csv"])
def test_name_of_the_file_states_the_measure(tmp_path: Path, name: str) -> None:
    put(make_workspace(tmp_path), name, as_csv(make_rows()))
    assert is_refused(read(load(tmp_path), [2021]))


def test_our_own_explanation_beside_a_form_states_nothing(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(filled_form(tmp_path)))
    book["填报说明"]["A40"] = "金额单位：元"
    data = io.BytesIO()
    book.save(data)
    put(make_workspace(tmp_path), "表.xlsx", data.getvalue())
    assert read(load(tmp_path), [2021]).received == {2021: frozenset({TOWN[0]})}


scales = st.sampled_from(["", "十", "百", "千", "十万", "百万", "千万", "亿"])
leads = st.sampled_from(
    ["单位：", "计量单位:", "金额单位 ：", "货币单位：人民币", "单位为", "单位: ", "（单位：", "以", "本表均为"]
)
tails = st.sampled_from(["", "（人）", "、人", "/人", "，人次", "）", "。", " 人"])


@given(scale=scales, lead=leads, tail=tails)
def test_any_statement_of_another_measure_of_money_is_seen(scale: str, lead: str, tail: str) -> None:
    money = [m.word for m in stated_measures(f"{lead}{scale}元{tail}") if m.kind == "money"]
    assert money
    assert set(money) == {f"{scale}元"}


FORMS = (
    "{n}、{h}", "{n}.{h}", "（{n}）{h}", "Q{n}. {h}", "第{n}题 {h}", "*{h}", "{h}*", "{h}（必填）", "{h}【必填项】",
    "{n}. *{h}：", "一、{h}",
)  # fmt: skip
LABELS = ("单位名称", "武装工作经费投入合计", "其中:大学生", "镇(街道、乡)投入")


@given(head=st.sampled_from(LABELS), number=st.integers(1, 199))
@pytest.mark.parametrize("form", FORMS)
def test_decorated_head_is_suggested_as_the_question_it_is(form: str, head: str, number: int) -> None:
    assert variable_of(undecorated(form.format(n=number, h=head))) == variable_of(head)


@given(head=st.sampled_from(sorted({*make_rows()[0]} - {"remark"})))
def test_head_without_decoration_stays(head: str) -> None:
    assert undecorated(head) == head
