"""Any text gives a value, a status or a named refusal, and never a different number."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reading_properties import check_reading
from stats.catalogue.status import Status
from stats.catalogue.variables import Variable, questions, variables
from stats.returns import Reading, parse
from stats.returns.names import parse_name, parse_year
from stats.returns.text_normalisation import simplified

NOTATIONS = list(csv.DictReader((Path(__file__).parent / "data" / "notations.csv").open(encoding="utf-8")))


def question(name: str) -> Variable:
    """A question of the form, or one made for a unit that no question has: ``(星级)``, ``(年)``."""
    if name.startswith("("):
        return replace(variables()["bld_star3"], unit=name.strip("()"))
    return variables()[name]


def read(text: str, name: str = "rec_enlisted") -> Reading:
    return parse(text, question(name))


def understood(row: dict[str, str]) -> tuple[str, str]:
    """What a text in another column than a question's is taken for."""
    if row["context"] == "name":
        name = parse_name(row["text"])
        return name.kind, name.text
    return parse_year(row["text"]).kind, ""


@pytest.mark.parametrize("row", NOTATIONS, ids=[f"{row['id']} {row['text']}" for row in NOTATIONS])
def test_notation_is_read_as_the_list_of_notations_says(row: dict[str, str]) -> None:
    if row["context"] not in ("number", "choice"):
        assert understood(row) == (row["status"], row["value"])
        return
    reading = read(row["text"], row["question"])
    assert (reading.status, reading.value, reading.lower, reading.upper) == (
        row["status"], row["value"], row["lower"], row["upper"],
    )  # fmt: skip


def test_the_list_of_notations_is_complete() -> None:
    expected = {f"N{n:02}" for n in range(1, 45) if n != 43} | {f"R{n:02}" for n in range(1, 13)}
    assert {row["id"] for row in NOTATIONS} == expected


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("12,345", "bas_population", "12345"),
        ("12，345", "bas_population", "12345"),
        ("12345 ", "bas_population", "12345"),
        ("12345\u00a0", "bas_population", "12345"),
        ("123\u200b45", "bas_population", "12345"),
        ("1.2345E+04", "bas_population", "12345"),
        ("12.0", "rec_enlisted", "12"),
        ("12人", "rec_enlisted", "12"),
        ("12位", "rec_enlisted", "12"),
        ("12 名", "rec_enlisted", "12"),
        ("共12名", "rec_enlisted", "12"),
        ("三次", "sys_military_days", "3"),
        ("３５％", "mil_train_rate", "35"),
        ("56.7%", "mil_train_rate", "56.7"),
        ("0.5万元", "sup_allowance_standard", "5000"),
        ("18000元", "sup_allowance_standard", "18000"),
        ("12345.67元", "fnd_total", "1.234567"),
        ("6个社区", "bas_villages", "6"),
        ("2021年", "stat_year", "2021"),
    ],
)
def test_listed_normalisation_gives_the_number_with_a_note(text: str, name: str, value: str) -> None:
    reading = read(text, name)
    assert (reading.status, reading.value, reading.lower, reading.upper) == (Status.OK, value, value, value)
    assert reading.rule == "R-NORMAL"
    assert reading.note
    assert reading.raw == text


@pytest.mark.parametrize(
    ("text", "name", "lower", "upper"),
    [
        ("3000余万元", "fnd_total", "3000", "4000"),
        ("20多万元", "fnd_total", "20", "30"),
        ("3万多元", "sup_allowance_standard", "30000", "40000"),
        ("1,200余人", "bas_population", "1200", "1300"),
        ("3.5余万元", "fnd_total", "3.5", "3.6"),
        ("90%以上", "mil_train_rate", "90", ""),
        ("至少3次", "sys_military_days", "3", ""),
        ("≥3", "sys_military_days", "3", ""),
        ("60余名", "edu_memorial_participants", "60", "70"),
        ("每月至少一次", "sys_military_days", "12", ""),
    ],
)
def test_approximation_is_an_interval_open_above(text: str, name: str, lower: str, upper: str) -> None:
    reading = read(text, name)
    assert (reading.status, reading.lower, reading.upper) == (Status.APPROX, lower, upper)
    assert reading.value == lower


@pytest.mark.parametrize(
    ("text", "name", "problem", "suggestion"),
    [
        ("5+3", "rec_enlisted", "算式", "计算结果"),
        ("=12000+345", "bas_population", "算式", "计算结果"),
        ("1O", "rec_enlisted", "字母", "疑为10"),
        ("l2", "rec_enlisted", "字母", "疑为12"),
        ("1.2万", "bas_population", "万", "疑为12000"),
        ("3.5万", "fnd_total", "单位不明确", "3.5万元"),
        ("三十七", "rec_enlisted", "中文数字", "疑为37"),
        ("一万二千三百四十五", "bas_population", "中文数字", "疑为12345"),
        ("12、15", "rec_enlisted", "不止一个数", "只填一个数"),
        ("12 345", "bas_population", "空格", "只填一个数"),
        ("12,34", "bas_population", "分隔符", "疑为1234"),
        ("12'345", "bas_population", "分隔符", "疑为12345"),
        ("50-60", "rec_enlisted", "范围", "准确数"),
        ("12000～13000", "bas_population", "范围", "准确数"),
        ("1-2", "rec_enlisted", "日期", "准确数"),
        ("2021/1/2", "rec_enlisted", "日期", "设为文本"),
        ("1月22日", "rec_enlisted", "日期", "一个数"),
        ("-5", "rec_enlisted", "负数", "核对"),
        ("−1234", "bas_population", "负数", "核对"),
        ("(5)", "rec_enlisted", "负数", "核对"),
        ("12.5", "rec_enlisted", "整数", "整数"),
        ("1.23457E+11", "fnd_total", "科学记数", "123457000000"),
        ("1E5", "bas_population", "科学记数", "疑为100000"),
        ("无", "rec_enlisted", "可能是0", "请填0"),
        ("########", "rec_enlisted", "列宽", "重新录入"),
        ("①②", "rec_enlisted", "特殊形状", "疑为12"),
        ("12²", "rec_enlisted", "特殊形状", "普通数字"),
        ("½", "fnd_total", "特殊形状", "普通数字"),
        ("123\n45", "bas_population", "换行", "重填"),
        ("12\u202e34", "bas_population", "控制字符", "重填"),
        ("12\ufffd", "bas_population", "乱码", "重填"),
        ("+5", "rec_enlisted", "写法", "疑为5"),
        ("007", "rec_enlisted", "写法", "疑为7"),
        ("12.345.0", "bas_population", "不止一个数", "一个数"),
        ("12_345", "bas_population", "分隔符", "疑为12345"),
        ("0x3039", "bas_population", "", ""),
        ("inf", "bas_population", "不是数", "一个数"),
        ("nan", "bas_population", "不是数", "一个数"),
        ("101", "mil_train_rate", "最大值100", "核对"),
        ("5‰", "mil_train_rate", "单位", "%"),
        ("85%", "rec_enlisted", "单位", "名"),
        ("12次", "rec_enlisted", "单位", "名"),
        ("12人次", "rec_enlisted", "单位", "名"),
        ("0", "bas_population", "最小值1", "核对"),
        ("9999", "bas_schools", "最大值300", "核对"),
        ("十余名", "rec_enlisted", "中文数字", "疑为10"),
        ("近60余名", "rec_enlisted", "", ""),
        ("每季度未召开", "sys_council_meetings", "", ""),
        ("每季度应召开一次", "sys_council_meetings", "", ""),
        ("逐年增加", "fnd_total", "文字说明", "备注"),
        ("TRUE", "rec_enlisted", "不是数", "一个数"),
        ("…", "bas_population", "最小值1", "核对"),
        ("O", "rec_enlisted", "字母", "疑为0"),
        ("O12", "rec_enlisted", "字母", "疑为12"),
        ("１２。５", "fnd_total", "小数点", "疑为12.5"),
        ("12..5", "fnd_total", "小数点", "疑为12.5"),
        ("1.234,56", "fnd_total", "颠倒", "疑为1234.56"),
        ("0x1F", "rec_enlisted", "计算机", "普通数字"),
        ("1e-5", "fnd_total", "科学记数", "普通数字"),
        ("∞", "rec_enlisted", "特殊值", "留空"),
        ("¥5", "fnd_total", "金额符号", "万元"),
        ("￥5", "rec_enlisted", "不是金额", "“名”"),
        ("5万元", "rec_enlisted", "不是金额", "“名”"),
        ("5w", "rec_enlisted", "w", "疑为50000"),
        ("不足50人", "rec_enlisted", "不超过多少", "准确数"),
        ("50+", "rec_enlisted", "超过多少", "至少"),
        ("12?", "rec_enlisted", "不确定", "疑为12"),
        ("12名。", "rec_enlisted", "符号", "疑为12"),
        ("00", "rec_enlisted", "写法", "疑为0"),
        ("未召开", "sys_council_meetings", "可能是0", "请填0"),
        ("十二三", "rec_enlisted", "中文数字", "准确数"),
        ("一半", "rec_enlisted", "中文数字", "准确数"),
        ("百分之五十", "rec_enlisted", "百分数", "“名”"),
        ("百分之五十", "mil_train_rate", "中文数字", "疑为50"),
        ("廿三", "rec_enlisted", "中文数字", "疑为23"),
        ("㊿", "rec_enlisted", "特殊形状", "疑为50"),
        ("5‰", "mil_train_rate", "单位", "0.5%"),
        ("3月5日", "rec_enlisted", "日期", "设为文本"),
        ("5-Mar", "rec_enlisted", "日期", "设为文本"),
        ("１２人次", "bas_population", "单位", "人"),
    ],
)
def test_what_is_not_a_number_is_refused_with_the_likely_meaning(
    text: str, name: str, problem: str, suggestion: str
) -> None:
    reading = read(text, name)
    assert (reading.status, reading.value, reading.lower, reading.upper) == (Status.ERROR, "", "", "")
    assert problem in reading.problem
    assert suggestion in reading.suggestion
    assert reading.problem
    assert reading.suggestion


@pytest.mark.parametrize("text", ["未统计", "NA", "#REF!", "若干", "许多群众", " 　 "])
def test_words_without_a_number_are_missing(text: str) -> None:
    assert read(text).status is Status.MISSING


def test_four_ways_of_no_number_are_four_different_things() -> None:
    statuses = [read(text, "bas_schools").status for text in ("", "—", "0", "…")]
    assert statuses == [Status.MISSING, Status.NOT_APPLICABLE, Status.OK, Status.APPROX]


@pytest.mark.parametrize("text", ["2x", "1□名", "某某名", "20**", "５×名", "＊＊"])
def test_masks_win_even_beside_digits(text: str) -> None:
    reading = read(text)
    assert (reading.status, reading.value) == (Status.REDACTED, "")


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "１３８００１３８０００",
        "电话138-0013-8000",
        "110101199003078811",
        "11010119900307881X",
        "110101 19900307 8811",
        "0571-88881234",
        "31602部队",
        "某31602部队",
        "张三",
        "李四同志",
        "王建国、赵卫东",
        "12名，其中张三",
        "12人张三",
        "1380013800O",
        "一三八〇〇一三八〇〇〇",
        "138.0013.8000",
        "1.3800138000",
        "0.12345678901",
        "0.110105194912310022",
        "138\u202e00138000",
        "110105491231002",
        "(0571)88881234",
        "某旅",
        "武警某支队",
        "第31集团军",
        "xx同志",
        "李某某",
        "买买提·艾力",
        "陈十一",
        "因腰部有伤未能参加体检",
    ],
)
def test_private_text_is_refused_and_never_kept(text: str) -> None:
    reading = read(text)
    assert (reading.status, reading.raw, reading.rule) == (Status.ERROR, "", "R-PRIVATE")
    kept = " ".join((reading.note, reading.problem, reading.suggestion))
    assert not any(part in kept for part in re.findall(r"[0-9]{4,}|张三|李四|王建国|赵卫东|腰部", text))
    assert "已隐去" in reading.note


@pytest.mark.parametrize("text", ["扎西", "阿依古丽", "John", "12扎西。"])
def test_words_no_answer_holds_are_not_kept_even_if_they_look_like_no_name(text: str) -> None:
    reading = read(text)
    assert (reading.status, reading.raw) == (Status.ERROR, "")
    assert not re.search("扎西|古丽|John", " ".join((reading.note, reading.problem, reading.suggestion)))


@pytest.mark.parametrize("text", ["五星级", "5万元整", "三次", "未召开", "1234567890", "0.333333333333333", "见附件"])
def test_ordinary_text_is_not_taken_for_private(text: str) -> None:
    assert read(text).rule != "R-PRIVATE"


@pytest.mark.parametrize(("text", "unit"), [("60名", "名"), ("60人", "人"), ("60位", "位")])
def test_persons_are_accepted_where_person_times_are_asked_with_a_note(text: str, unit: str) -> None:
    reading = read(text, "edu_memorial_participants")
    assert (reading.status, reading.value, reading.rule) == (Status.OK, "60", "R-NORMAL")
    assert f"“{unit}”按人次计" in reading.note
    assert read("60人次", "edu_memorial_participants").note == "去单位"
    assert read("60人次", "rec_enlisted").status is Status.ERROR


def test_annotation_is_dropped_because_it_tells_of_single_persons() -> None:
    reading = read("12人（含女兵1人）")
    assert (reading.value, reading.raw) == ("12", "12人")
    assert "女" not in reading.note


def test_other_annotation_is_refused() -> None:
    assert read("12（估计）").status is Status.ERROR


def test_fraction_in_a_percent_column_is_used_as_written_with_a_hint() -> None:
    reading = read("0.85", "mil_train_rate")
    assert (reading.status, reading.value, reading.rule) == (Status.OK, "0.85", "R-PERCENT")
    assert "乘以100" in reading.note


def test_fraction_with_a_percent_sign_needs_no_hint() -> None:
    assert read("0.85%", "mil_train_rate").rule == "R-NORMAL"


def test_plain_number_needs_no_note() -> None:
    reading = read("12")
    assert (reading.value, reading.note, reading.rule, reading.raw) == ("12", "", "", "12")


@pytest.mark.parametrize(("text", "value"), [("是", "是"), (" 否 ", "否")])
def test_yes_and_no_are_read(text: str, value: str) -> None:
    reading = read(text, "sys_in_plan")
    assert (reading.status, reading.value, reading.lower, reading.upper) == (Status.OK, value, "", "")


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("√", "“是”"),
        ("×", "“否”"),
        ("有", "“是”"),
        ("无", "“否”"),
        ("1", "“是”"),
        ("圆满完成", "“是”"),
        ("基本", "选填"),
    ],
)
def test_other_words_for_yes_and_no_are_only_suggested(text: str, suggestion: str) -> None:
    reading = read(text, "rec_task_met")
    assert reading.status is Status.ERROR
    assert suggestion in reading.suggestion


def test_every_traditional_character_and_phrase_of_the_table_is_simplified_as_it_says() -> None:
    lines = files("stats.returns").joinpath("traditional.txt").read_text(encoding="utf-8").splitlines()
    assert [written for written, meant in (line.split("\t") for line in lines) if simplified(written) != meant] == []


def test_traditional_choice_is_simplified_with_a_note() -> None:
    reading = read("現場", "sys_duty_report")
    assert (reading.value, reading.rule) == ("现场", "R-NORMAL")


def test_masked_choice_is_redacted() -> None:
    assert read("xx", "sys_duty_report").status is Status.REDACTED


def test_overlong_text_is_not_kept() -> None:
    reading = read("一" * 300)
    assert (reading.status, reading.raw) == (Status.ERROR, "")


ANY_TEXT = st.one_of(
    st.text(max_size=30),
    st.text(
        alphabet="0123456789０１２.,，%％xX*余多约近万元人名次个至-—…+=()（）含以上左右一二三十 \u200b\n", max_size=12
    ),
)


@settings(max_examples=400)
@given(text=ANY_TEXT, name=st.sampled_from([v.name for v in questions()]))
@example(text="12\u0663", name="rec_enlisted")
@example(text="…", name="bas_population")
@example(text="千亿", name="rec_exam_passed")
@example(text="，‰", name="mil_train_rate")
@example(text="1٬234", name="bas_population")
def test_any_text_is_never_a_different_number(text: str, name: str) -> None:
    check_reading(text, variables()[name])


@settings(max_examples=200)
@given(number=st.decimals(min_value=0, max_value=10000, places=2), name=st.sampled_from(["fnd_total", "fnd_spent"]))
def test_every_plain_amount_is_itself(number: Decimal, name: str) -> None:
    reading = parse(str(number), variables()[name])
    assert reading.status is Status.OK
    assert Decimal(reading.value) == number
    assert "E" not in reading.value


@pytest.mark.parametrize("letter", ["村", "9"])
def test_an_answer_of_more_than_200_characters_is_too_long_and_blamed_for_nothing_else(letter: str) -> None:
    told = [parse(letter * length, variables()["bas_villages"]) for length in (200, 201)]
    assert ["过长" in reading.note + reading.problem for reading in told] == [False, True]
