"""What the check of a published set reads in tables, sentences and the CSV, and what it says it cannot read."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from stats.disclosure.audit import Count, Fact
from stats.disclosure_check import handed_out, pages
from stats.disclosure_check.csv_file import read_csv
from stats.disclosure_check.drawings import alike, labels, marks
from stats.disclosure_check.elsewhere import beyond_pages
from stats.disclosure_check.findings import Leak
from stats.disclosure_check.names import key, meaning, subjects
from stats.disclosure_check.presence import Presence
from stats.disclosure_check.seen import Seen, read
from stats.disclosure_check.sentences import read_sentences
from stats.disclosure_check.shares import LARGEST_COEFFICIENT, loosened
from stats.disclosure_check.tables import Found, read_tables
from stats.disclosure_check.workbook import read_workbooks

COUNTY, TOWN, OTHER = "990118000000", "990118109000", "990118108000"
UNITS = {COUNTY: "云汀县", TOWN: "白鹭滩镇", OTHER: "栖凤岭镇"}


def found_in(html: str, folder: Path, unit: str = TOWN) -> Found:
    """What a page of a unit shows."""
    entries = [{"name": f"附件-{code}", "unit_code": code, "unit_name": name} for code, name in UNITS.items()]
    told = {"county": {"code": COUNTY}, "year": 2021, "edition": "meeting", "documents": entries}
    (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    (folder / f"附件-{unit}.html").write_text(html, encoding="utf-8")
    given, found = handed_out.read(folder), Found()
    for page in given.pages():
        read_tables(given, page, found)
        read_sentences(given, page, found)
    return found


def said(found: Found) -> list[tuple[str, int, str, str, str, str]]:
    """Unit, year, name, period, aspect and number or mark of everything seen."""
    return [
        (
            UNITS[each.unit],
            each.year,
            each.of.name,
            each.period,
            each.aspect,
            str(each.printed.mark if each.printed.value is None else each.printed.value),
        )
        for each in found.seen
    ]


def table(heads: str, *rows: str, caption: str = "") -> str:
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split('|'))}</tr>" for row in rows)
    head = "".join(f"<th>{name}</th>" for name in heads.split("|"))
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>{cells}</table>"


# Cells and names.


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("85.7", "number", "85.7"),
        ("85.70※", "number", "85.70"),
        ("−3.4〔可比〕", "number", "-3.4"),
        ("+2.5%", "number", "2.5"),
        ("9[更]", "number", "9"),
        ("约2703", "about", "2703"),
        ("[隐]", "hidden", None),
        ("[遮]", "masked", None),
        ("—", "none", None),
        ("", "blank", None),
        ("达标", "words", None),
        ("14/17", "words", None),
        ("1395～1494", "words", None),
    ],
)
def test_a_cell_is_a_number_or_a_mark(text: str, mark: str, value: str | None) -> None:
    found = read(text)
    assert (found.mark, found.value) == (mark, None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("征集新兵数", "REC-02"),
        ("征集新兵数（已上报单位合计）", "REC-02"),
        ("武装部部长“两\n优”比例\n（%）", "BLD-06"),
        ("“两优”来源的武装部部长数", "cad_minister_preferred"),
        ("报名应征大学生人数（两年均有数据的单位合计）", "rec_applied_college"),
        ("年末常住人口", "bas_population"),
    ],
)
def test_labels_are_known_by_their_names(label: str, name: str) -> None:
    found = meaning(label)
    assert found is not None
    assert found.name == name
    assert found.matched == ("两年" in label)


def test_a_sentence_is_cut_where_it_names_another_subject() -> None:
    text = key("“兵役登记率”98.0%（居17个可比单位第13位）、“报名上站率”78.8%")
    assert [of.name for _, _, of in subjects(text)] == ["REC-05", "REC-06"]


# Tables.


def test_a_table_of_work_shows_two_questions_in_a_row_with_last_year(tmp_path: Path) -> None:
    page = table("项目|单位|本年|上年|项目|单位|本年|上年", "报名应征人数|人|33|[隐]|新兵回访人数|名|[隐]|8")
    assert said(found_in(page, tmp_path)) == [
        ("白鹭滩镇", 2021, "rec_applied", "year", "value", "33"),
        ("白鹭滩镇", 2020, "rec_applied", "year", "value", "hidden"),
        ("白鹭滩镇", 2021, "rec_followup_done", "year", "value", "hidden"),
        ("白鹭滩镇", 2020, "rec_followup_done", "year", "value", "8"),
    ]


def test_how_many_units_a_sum_is_over_stands_in_a_note_or_beside_the_name(tmp_path: Path) -> None:
    page = table("项目|单位|本年|上年", "报名应征人数|人|777|697", "征集新兵人数（15/18）|名|209|228")
    note = "<p>注：有效填报单位/应报单位为17/18，不同的在项目后括号内注明</p>"
    other = table("指标|单位|本年", "报名上站率|%|80.6", "征集新兵数|名|209")
    apart = "<p>注：1. 无</p><p>2. 有效填报单位/应报单位为17/18；“第一书记“四个一”落实率”1/1，“征集新兵数”15/18</p>"
    found = found_in(page + note + other + apart + table("项目|本年", "上站体检人数|626"), tmp_path, COUNTY)
    assert [(each.of.name, each.units) for each in found.seen if each.year == 2021] == [
        ("rec_applied", 17),
        ("rec_enlisted", 15),
        ("REC-06", 17),
        ("REC-02", 15),
        ("rec_exam_attended", None),
    ]


def test_a_table_of_indicators_shows_values_changes_the_county_and_states(tmp_path: Path) -> None:
    page = table(
        "指标|单位|本年|同比|全县<br>（全市）|目标|●本单位◇全县▏目标|位次|判定",
        "兵员征集",
        "新兵中大学生占比|%|[隐]|[隐]|86.1<small>（82.7）</small>|≥80|||√",
        "双合格率|%|44.9|−1.2|45.0|||1/17并列|隐",
    )
    found = found_in(page, tmp_path)
    assert said(found) == [
        ("白鹭滩镇", 2021, "REC-03", "year", "value", "hidden"),
        ("白鹭滩镇", 2021, "REC-03", "year", "change", "hidden"),
        ("云汀县", 2021, "REC-03", "year", "value", "86.1"),
        ("白鹭滩镇", 2021, "REC-03", "year", "met", "words"),
        ("白鹭滩镇", 2021, "REC-07", "year", "value", "44.9"),
        ("白鹭滩镇", 2021, "REC-07", "year", "change", "-1.2"),
        ("云汀县", 2021, "REC-07", "year", "value", "45.0"),
    ]
    assert [(target.operator, target.value) for target in found.targets] == [(">=", "80")]
    assert found.unread == []


def test_a_table_of_what_to_act_on_tells_last_years_state(tmp_path: Path) -> None:
    rows = ("立功喜报送达率|[隐]|≥100%||也未达标|", "双合格率|44.9%|≥90%|45.1|已达标|3/17")
    found = found_in(table("指标|本年|目标|差距|上年|位次", *rows), tmp_path)
    assert [each for each in said(found) if each[5] == "words"] == [
        ("白鹭滩镇", 2020, "SUP-05", "year", "unmet", "words"),
        ("白鹭滩镇", 2020, "REC-07", "year", "met", "words"),
    ]
    assert found.unread == []


def test_the_countys_table_names_the_units_that_missed_a_target(tmp_path: Path) -> None:
    row = "新兵中大学生占比|%|86.1|82.0|+3.9|≥80|√|15/18|白鹭滩镇、栖凤岭镇等7个单位；另有10个不公布"
    found = found_in(table("指标|单位|本年|上年|同比|目标|判定|有效/<br>应报|未达标单位", row), tmp_path, COUNTY)
    assert [each[0] for each in said(found) if each[4] == "unmet"] == ["白鹭滩镇", "栖凤岭镇"]
    assert found.seen[0].units == 15


def test_what_is_not_protected_and_carries_nothing_protected_is_passed_over(tmp_path: Path) -> None:
    page = table("指标|单位|本年", "兵役登记率|%|98.0", "年末常住人口|人|16246")
    assert [each[2] for each in said(found_in(page, tmp_path))] == ["bas_population"]


def test_a_table_of_units_shows_each_units_value_and_how_many_are_behind_the_total(tmp_path: Path) -> None:
    rows = ("已上报单位合计|209|50.7", "有效/应报单位|15/18|15/18", "白鹭滩镇|9|[隐]", "栖凤岭镇（未上报）||")
    found = found_in(table("单位|征集<br>新兵<br>名|大学<br>毕业", *rows), tmp_path, COUNTY)
    assert [(*each[:1], each[2], each[5]) for each in said(found)] == [
        ("云汀县", "REC-02", "209"),
        ("云汀县", "REC-04", "50.7"),
        ("白鹭滩镇", "REC-02", "9"),
        ("白鹭滩镇", "REC-04", "hidden"),
        ("栖凤岭镇", "REC-02", "blank"),
        ("栖凤岭镇", "REC-04", "blank"),
    ]
    assert [each.units for each in found.seen[:2]] == [15, 15]


def test_a_matrix_shows_values_places_and_the_states_of_hidden_figures(tmp_path: Path) -> None:
    rows = ("全县|86.1|[隐]", "白鹭滩镇|[隐]×|12.5<small>3=</small>", "栖凤岭镇|89.3×<small>11</small>|")
    found = found_in(table("单位|大学生|优待<br>发放", *rows), tmp_path, COUNTY)
    assert [(each[0], each[2], each[4], each[5]) for each in said(found)] == [
        ("云汀县", "REC-03", "value", "86.1"),
        ("云汀县", "SUP-04", "value", "hidden"),
        ("白鹭滩镇", "REC-03", "unmet", "words"),
        ("白鹭滩镇", "REC-03", "value", "hidden"),
        ("白鹭滩镇", "SUP-04", "value", "12.5"),
        ("栖凤岭镇", "REC-03", "unmet", "words"),
        ("栖凤岭镇", "REC-03", "value", "89.3"),
        ("栖凤岭镇", "SUP-04", "value", "blank"),
    ]


def test_sentences_in_a_table_and_short_names_beside_them_are_read(tmp_path: Path) -> None:
    words = "新兵回访9名；新兵中大学生占86.1%（按有数据的15个单位计算），退兵率因数值过小不公布。"
    found = found_in(table("表述|引用的指标|附件2", f"{words}|大学生86.1%<br>退兵[隐]|表3、表12"), tmp_path)
    assert [(each[2], each[5]) for each in said(found)] == [
        ("rec_followup_done", "9"),
        ("REC-03", "86.1"),
        ("REC-03", "86.1"),
    ]
    assert found.unread == []


@pytest.mark.parametrize("row", ["已有新兵3人为女性。||", "全年工作。|毕业生3名中2名|"])
def test_a_number_on_a_protected_matter_among_sentences_in_a_table_is_told_of(tmp_path: Path, row: str) -> None:
    assert [leak.kind for leak in found_in(table("表述|引用的指标|附件2", row), tmp_path).unread] == ["unread"]


def matrix(*rows: str) -> str:
    return table("单位|大学生|退兵|×数", *rows)


def test_a_matrix_of_states_tells_what_was_reached_and_what_was_not(tmp_path: Path) -> None:
    found = found_in(matrix("白鹭滩镇|√|×|1", "栖凤岭镇|隐|？|0", "×数|0|1|1"), tmp_path, COUNTY)
    assert [(each[0], each[2], each[4]) for each in said(found)] == [
        ("白鹭滩镇", "REC-03", "met"),
        ("白鹭滩镇", "REC-08", "unmet"),
    ]
    assert found.unread == []


@pytest.mark.parametrize(
    "page",
    [
        matrix("白鹭滩镇|隐|×|2", "栖凤岭镇|隐|？|0", "×数|0|1|2"),
        matrix("白鹭滩镇|隐|×|1", "栖凤岭镇|隐|？|0", "×数|1|1|1"),
        table("单位|大学生", "白鹭滩镇|[隐]<small>3=</small>"),
        table("指标|本年|目标|差距", "立功喜报送达率|[隐]|≥100%|33.3"),
        table("指标|单位|本年|位次", "立功喜报送达率|%|[隐]|3/17"),
    ],
)
def test_a_number_of_misses_a_place_or_a_gap_beside_what_is_hidden_is_told_of(tmp_path: Path, page: str) -> None:
    assert {leak.kind for leak in found_in(page, tmp_path, COUNTY).unread} == {"unread"}


@pytest.mark.parametrize(
    "page",
    [
        table("项目|单位|三年前", "退兵人数|名|1"),
        table("单位|女新兵人数（名）", "白鹭滩镇|1"),
        table("类别|人数", "退兵|1"),
        table("项目|单位|本年", "征集新兵人数、退兵人数合计|名|11"),
    ],
)
def test_a_number_on_a_protected_matter_that_no_table_explains_is_told_of(tmp_path: Path, page: str) -> None:
    assert [leak.kind for leak in found_in(page, tmp_path).unread] == ["unread"]


def test_a_table_without_protected_matters_is_no_trouble_whatever_it_is(tmp_path: Path) -> None:
    found = found_in(table("领域|指标数|设目标", "国防教育|5|3"), tmp_path)
    assert (found.seen, found.unread) == ([], [])


# Sentences.


@pytest.mark.parametrize(
    ("sentence", "seen"),
    [
        ("全年征集新兵9名，比上年增加2名，增长28.6%。", [("REC-02", "value", "9"), ("REC-02", "change", "2")]),
        ("全年征集新兵9名，比上年减少2名。", [("REC-02", "value", "9"), ("REC-02", "change", "-2")]),
        (
            "新兵中大学生占85.7%，达到目标要求（不低于80%），比上年提高0.4个百分点，高于全县平均水平1.2个百分点，"
            "居17个可比单位第2位。",
            [("REC-03", "value", "85.7"), ("REC-03", "change", "0.4"), ("REC-03", "met", "words")],
        ),
        ("大学生报名人数比上年下降44.0%，未达到目标要求（不低于上年），上年已达标。", [("REC-10", "value", "-44.0")]),
        ("立功喜报送达率100.0%（仅3份，基数较小）。", [("sup_merit_due", "value", "3"), ("SUP-05", "value", "100.0")]),
        ("立功喜报已全部送达；军人家庭诉求未全部办结。", [("SUP-05", "met", "words"), ("SUP-06", "unmet", "words")]),
        ("“报名上站率”78.8%（居13个可比单位并列第11位）、“双合格率”（比上年下降28.8个百分点）。",
         [("REC-06", "value", "78.8"), ("REC-07", "change", "-28.8")]),
        ("兵役登记率98.0%，比上年下降0.1个百分点。义务兵家庭优待金年标准为18000元，比上年提高12.5%。", []),
        ("“新兵中大学生占比”、“退兵率”因数值过小不公布。2021年分季项目填报春季、秋季。", []),
        ("图2 主要比率。新兵中大学生占比本单位[隐]，全县86.1，目标≥80；报名上站率本单位78.8，全县80.6。",
         [("REC-03", "value", "86.1"), ("REC-06", "value", "80.6"), ("REC-06", "value", "78.8")]),
    ],
)  # fmt: skip
def test_a_sentence_says_what_a_person_reads_in_it(
    tmp_path: Path, sentence: str, seen: list[tuple[str, str, str]]
) -> None:
    found = found_in(f"<p>{sentence}</p>", tmp_path)
    assert found.unread == []
    told = [(each[2], each[4], each[5]) for each in said(found)]
    assert [each for each in seen if each not in told] == []
    assert bool(told) == bool(seen)


@pytest.mark.parametrize(
    "sentence",
    [
        "其中退兵1名。",
        "3名新兵中2名为大学生。",
        "征集新兵数为9名，其中女兵1名。",
        "退兵家访3次。",
        "双合格率为4成，即2人。",
    ],
)
def test_a_sentence_with_a_number_that_no_pattern_reads_is_told_of(tmp_path: Path, sentence: str) -> None:
    found = found_in(f"<p>{sentence}</p>", tmp_path)
    assert found.unread != []
    assert all(leak.kind == "unread" for leak in found.unread)


def chart(words: str, *labels: str) -> str:
    texts = "".join(f"<g><text x='1'>{label}</text></g>" for label in labels)
    return f"<figure><svg role='img'><title>图</title><desc>{words}</desc><path d='M 1 2'/>{texts}</svg></figure>"


def test_the_words_for_a_chart_of_recruitment_are_read_by_season_with_last_year(tmp_path: Path) -> None:
    words = "春季报名19人，上站体检[隐]（上年12）；秋季报名14人（上年[隐]），双合格，新兵9名（上年8）。"
    assert [(each[1], each[2], each[3], each[5]) for each in said(found_in(chart(words), tmp_path))] == [
        (2021, "rec_applied", "spring", "19"),
        (2021, "rec_exam_attended", "spring", "hidden"),
        (2020, "rec_exam_attended", "spring", "12"),
        (2021, "rec_applied", "autumn", "14"),
        (2020, "rec_applied", "autumn", "hidden"),
        (2021, "rec_enlisted", "autumn", "9"),
        (2020, "rec_enlisted", "autumn", "8"),
    ]


def test_the_words_for_charts_of_units_and_of_years_are_read(tmp_path: Path) -> None:
    words = "双合格率最高白鹭滩镇47.5，最低栖凤岭镇43.6※；征集新兵数2017年217名、2021年209名。"
    found = found_in(chart(words), tmp_path, COUNTY)
    assert [(each[0], each[1], each[2], each[5]) for each in said(found)] == [
        ("白鹭滩镇", 2021, "REC-07", "47.5"),
        ("栖凤岭镇", 2021, "REC-07", "43.6"),
        ("云汀县", 2017, "REC-02", "217"),
        ("云汀县", 2021, "REC-02", "209"),
    ]
    assert found.unread == []


LISTED = table("单位|大学生", "白鹭滩镇|45.5<small>77</small>", caption="表4　一览")


@pytest.mark.parametrize(
    ("drawn", "unread"),
    [
        (chart("新兵9名（上年8）。", "新兵", "9名", "8"), 0),
        (chart("新兵9名（上年8）。", "新兵", "9名", "8", "8"), 1),
        (chart("新兵[隐]。", "新兵", "2名"), 1),
        (chart("一览。各数见表4。", "45.5※", "2021"), 0),
        (chart("一览。各数见表4。", "77"), 1),
        ("<svg><text>12.5</text></svg>", 1),
    ],
)
def test_a_label_in_a_chart_stands_in_its_words_or_in_the_table_they_name(drawn: str, unread: int) -> None:
    shown = handed_out.Page("x", TOWN, *pages.read(LISTED + drawn))
    assert [leak.kind for leak in labels(shown)] == ["unread"] * unread


def strip_in(folder: Path, circle: float, tick: float) -> list[Leak]:
    """What is found of a line from 50 to 100 on which stand the unit's 75 and another's 50, the county's 100."""
    marks_drawn = (
        "<svg aria-hidden='true'><line x1='5.0' x2='115.0' stroke-width='0.5'/><polygon points='115.0,2 119,7'/>"
        f"<line x1='{tick}' x2='{tick}' stroke-width='0.7'/><circle cx='{circle}'/></svg>"
    )
    page = table("指标|本年|全县|标线", f"双合格率|75.0|100.0|{marks_drawn}")
    found = found_in(page + "<p>双合格率最低栖凤岭镇50.0。</p>", folder)
    return list(marks(found, 2021, COUNTY))


def test_marks_on_a_line_stand_where_printed_figures_put_them(tmp_path: Path) -> None:
    assert strip_in(tmp_path, circle=60.0, tick=5.0) == []


@pytest.mark.parametrize(("circle", "tick"), [(70.0, 5.0), (60.0, 20.0)])
def test_a_mark_on_a_line_that_no_printed_figure_explains_is_found(tmp_path: Path, circle: float, tick: float) -> None:
    assert [leak.kind for leak in strip_in(tmp_path, circle, tick)] == ["drawn"]


def test_more_units_alike_than_are_printed_so_are_told_of(tmp_path: Path) -> None:
    found = found_in("<p>“双合格率”2个单位为50.0%，白鹭滩镇47.5%。双合格率最低栖凤岭镇50.0。</p>", tmp_path, COUNTY)
    assert [leak.kind for leak in alike(found, 2021, COUNTY)] == ["unread"]


def test_style_and_script_are_no_text() -> None:
    tables, texts = pages.read("<style>p{退兵:1}</style><p>一</p><script>退兵 2</script>")
    assert (tables, [text.text for text in texts]) == ((), ["一"])


# The workbook.


def sheets(folder: Path, **rows: tuple[tuple[object, ...], ...]) -> Found:
    """What a workbook of these sheets shows; their first rows are heads."""
    found_in("", folder)
    book = Workbook()
    book.properties.creator = None
    for title, lines in rows.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(folder / "附件6.xlsx")
    found = Found()
    read_workbooks(handed_out.read(folder), found)
    return found


def test_a_workbook_shows_figures_states_years_and_seasons(tmp_path: Path) -> None:
    long = ("单位代码", "指标", "本年", "同比", "全县", "判定", "位次"), (TOWN, "双合格率", 44, "[隐]", 45, "√", "3")
    wide = ("单位代码", "大学生（%）", "退兵"), (TOWN, "[隐]", "×")
    years = ("单位代码", "指标", "2020年"), (COUNTY, "征集新兵数", 228)
    season = ("单位代码", "项目", "季", "本年", "上年"), (TOWN, "征集新兵人数", "秋季", 9, "[隐]")
    found = sheets(tmp_path, 指标长表=long, 各镇宽表=wide, 五年=years, 分季=season)
    assert [each[1:] for each in said(found)] == [
        (2021, "REC-07", "year", "value", "44"),
        (2021, "REC-07", "year", "change", "hidden"),
        (2021, "REC-07", "year", "value", "45"),
        (2021, "REC-07", "year", "met", "words"),
        (2021, "REC-03", "year", "value", "hidden"),
        (2021, "REC-08", "year", "unmet", "words"),
        (2020, "REC-02", "year", "value", "228"),
        (2021, "rec_enlisted", "autumn", "value", "9"),
        (2020, "rec_enlisted", "autumn", "value", "hidden"),
    ]
    assert found.unread == []


def test_a_place_in_a_workbook_without_a_value_is_told_of(tmp_path: Path) -> None:
    wide, places = (("单位代码", "大学生（%）"), (TOWN, "[隐]")), (("单位代码", "大学生（%）"), (TOWN, "3="))
    assert [leak.kind for leak in sheets(tmp_path, 各镇宽表=wide, 位次=places).unread] == ["unread"]


# The CSV.

HEAD = "year,unit_code,unit_name,indicator,status,value,display,yoy,yoy_display,county,vs_county,units_answered"


def csv_of(folder: Path, *rows: str) -> tuple[list[Leak], Found]:
    found_in("", folder)
    (folder / "data").mkdir()
    (folder / "data/indicators.csv").write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    found = Found()
    return list(read_csv(handed_out.read(folder), found)), found


def test_the_csv_is_read_at_its_digits_with_the_units_behind_the_county(tmp_path: Path) -> None:
    rows = (
        f"2021,{COUNTY},县,REC-03,ok,86.1,86.1,3.9,'+3.9〔可比〕,,,15",
        f"2021,{TOWN},镇,REC-03,hidden,,[隐],,[隐],86.1,,",
    )
    leaks, found = csv_of(tmp_path, *rows)
    assert leaks == []
    assert [(each[0], each[4], each[5]) for each in said(found)] == [
        ("云汀县", "value", "86.1"),
        ("云汀县", "change", "3.9"),
        ("白鹭滩镇", "value", "hidden"),
        ("白鹭滩镇", "change", "hidden"),
        ("云汀县", "value", "86.1"),
    ]
    assert found.seen[0].units == 15


@pytest.mark.parametrize(
    "row",
    [
        f"2021,{TOWN},镇,REC-03,ok,85.714285714286,85.7,,,,,",
        f"2021,{TOWN},镇,REC-03,hidden,85.714285714286,[隐],,,,,",
        f"2021,{TOWN},镇,REC-03,ok,85.7,85.7,1.234567,+1.2,,,",
        f"2021,{TOWN},镇,REC-05,ok,98.0,98.0,,,98.812345,,",
        f"2021,{TOWN},镇,REC-05,ok,98.0,98.0,,,98.8,-0.812345,",
    ],
)
def test_further_digits_than_are_printed_are_found_in_every_column(tmp_path: Path, row: str) -> None:
    leaks, _ = csv_of(tmp_path, row)
    assert [leak.kind for leak in leaks] == ["precision"]


def test_one_digit_more_that_is_printed_too_is_no_finding(tmp_path: Path) -> None:
    """95.96 % where 96.0 would seem to reach the target."""
    assert csv_of(tmp_path, f"2021,{TOWN},镇,REC-05,ok,95.96,95.96,,,,,")[0] == []


# Facts of figures.

LARGE = st.integers(-(10**13), 10**13)


@given(st.lists(st.tuples(LARGE, st.integers(0, 5000)), min_size=1, max_size=6), st.integers(0, 10**9), st.booleans())
def test_a_fact_made_fit_for_a_solver_holds_wherever_it_held(
    drawn: list[tuple[int, int]], margin: int, is_least: bool
) -> None:
    world = {Count(str(n), 2021, "rec_enlisted", "year"): value for n, (_, value) in enumerate(drawn)}
    terms = tuple((count, times) for count, (times, _) in zip(world, drawn, strict=True))
    value = sum(times * world[count] for count, times in terms)
    fact = Fact(terms, low=value - margin) if is_least else Fact(terms, high=value + margin)
    assert loosened(fact).holds(world)
    assert all(abs(times) <= LARGEST_COEFFICIENT for _, times in loosened(fact).terms)


# Who is behind a figure.


def seen(unit: str, name: str, text: str, year: int = 2021) -> Seen:
    from stats.disclosure_check.seen import Position

    of = meaning(name)
    assert of is not None
    return Seen(unit, year, of, read(text), Position("x", "y"))


def test_a_figure_that_could_not_be_made_is_nothing_though_a_mark_hides_it() -> None:
    """The posts are masked, the certified hidden: the share was never made."""
    shown = [seen(TOWN, "专武干部资格认证合格率", "[隐]"), seen(TOWN, "专武干部实配数", "[遮]")]
    assert Presence(shown, COUNTY).of(TOWN, 2021, "BLD-05") == "nothing"


def test_a_hidden_figure_of_a_unit_without_a_document_may_have_been_made_or_not() -> None:
    assert Presence([seen(TOWN, "双合格率", "[隐]")], COUNTY).of(TOWN, 2021, "REC-07") == "unknown"
    assert Presence([seen(TOWN, "双合格率", "44.9")], COUNTY).of(TOWN, 2021, "REC-07") == "given"


# A PDF says what its page says.

SENTENCE = "双拥优抚：走访慰问驻地部队3次，落实八一、春节走访要求。应走访优抚对象437户，已走访435户。"


@pytest.mark.parametrize(
    ("pages", "beyond"),
    [
        (["走访慰问驻地部队3次，落实八一、春节走访要求。图2征兵各环节", "—5—应走访优抚对象437户，已走访435户。"], ()),
        (
            [
                "走访慰问驻地部队3次，落实八一、春节走访要求。图2征兵各环节",
                "退兵2名。应走访优抚对象437户，已走访435户。",
            ],
            ("退兵2名。",),
        ),
        (
            ["走访慰问驻地部队3次，落实八一、春节走访要求。图2征兵各环节", "应走访优抚对象437户，已走访436户。"],
            ("已走访436户",),
        ),
    ],
)
def test_a_sentence_that_a_page_turn_and_a_picture_part_is_read_whole(
    pages: list[str], beyond: tuple[str, ...]
) -> None:
    """And what is put in, or changed, between or in its halves is told."""
    first, *others = pages
    told = "".join(
        leak.follows
        for leak in beyond_pages("合订本.pdf", [f"双拥优抚：{first}", *others], (SENTENCE, "图2征兵各环节"))
    )
    assert bool(told) == bool(beyond)
    assert all(words in told for words in beyond)
