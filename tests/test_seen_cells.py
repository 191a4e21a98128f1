"""No number passes in silence that a person does not see in its cell, and every guard that sees to it is missed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import NEIGHBOUR, TOWN, as_csv, make_rows, make_workspace, put
from filled_forms import filled, filled_form
from seen_cells import (
    HIDDEN,
    LAYOUTS,
    MAIN,
    Book,
    Layout,
    Look,
    anchor,
    calculated,
    coloured,
    formatted,
    overlaid,
    read_by_eye,
    solid,
    written,
)
from stats.findings import Finding, Severity
from stats.forms import form
from stats.params import load
from stats.returns import Cell, cell_styles, cell_verdict, number_format, read, rich_text, rows, sheet_scan, xlsx_table
from stats.returns.grid import column_letter
from stats.returns.xml_parts import safe_parser
from stats.texts.drawable import undrawable
from stats.texts.printable import unprintable

# What a table of four questions is told besides: none of it is about the answer's cell.
SHEET = "xl/worksheets/sheet1.xml"
BEYOND = [column_letter(number) for number in range(10, 80)]  # columns beside the table
BESIDES = frozenset({"R-COLUMN-MISSING", "R-ROW-MISSING", "R-BLANK", "R-COLUMN"})


@dataclass(frozen=True)
class Read:
    """What came of the answer, and what was said of it."""

    cell: Cell | None
    findings: tuple[Finding, ...]

    @property
    def loud(self) -> list[Finding]:
        """What a person is asked about, or told that it is not used."""
        return [found for found in self.findings if found.severity is not Severity.NOTE]

    @property
    def silent(self) -> Decimal | None:
        """The number that is used without a word; None where there is a word, or no number."""
        is_used = self.cell is not None and self.cell.status.has_value and not self.loud
        return Decimal(self.cell.value) if is_used and self.cell else None

    @property
    def outcome(self) -> tuple[str, str]:
        """The rule of the loudest finding (empty for none), and the number used (empty for none)."""
        rules = [found.rule for found in self.loud]
        return rules[0] if rules else "", self.cell.value if self.cell else ""

    @property
    def words(self) -> str:
        return " ".join(found.message + found.remedy for found in self.findings)


@pytest.fixture(scope="module")
def read_book(fast_folder: Path) -> Callable[[Book], Read]:
    """Reads a book in a workspace of the two towns."""
    workspace = make_workspace(fast_folder / "seen")

    def reading(book: Book) -> Read:
        return read_bytes(workspace, written(book), book.question)

    return reading


def read_bytes(workspace: Path, data: bytes, question: str) -> Read:
    put(workspace, "a.xlsx", data)
    returns = read(load(workspace), [2021])
    cells = (c for c in returns.cells if (c.unit, c.variable, c.period) == (TOWN[0], question, "year"))
    return Read(next(cells, None), tuple(found for found in returns.findings if found.rule not in BESIDES))


def check(got: Read, seen: str | None) -> None:
    """Nothing silent but the number seen; a percent is read as one."""
    number = read_by_eye(seen)
    if got.silent is not None:
        assert number is not None, f"{got.silent} is used, a person sees {seen!r}"
        assert got.silent == number, f"{got.silent} is used, a person sees {seen!r}"


KINDS = {"formats": formatted(), "colours": coloured(), "overlays": overlaid(), "formulas": calculated()}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_number_passes_in_silence_that_a_person_does_not_see(
    read_book: Callable[[Book], Read], kind: str, data: st.DataObject
) -> None:
    book, seen = data.draw(KINDS[kind])
    check(read_book(book), seen)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data(), layout=st.sampled_from(LAYOUTS))
def test_the_same_holds_wherever_the_parts_lie(
    read_book: Callable[[Book], Read], kind: str, data: st.DataObject, layout: Layout
) -> None:
    book, seen = data.draw(KINDS[kind])
    check(read_book(replace(book, layout=layout)), seen)


@pytest.mark.parametrize("book", HIDDEN, ids=range(len(HIDDEN)))
def test_what_is_not_seen_is_never_used_in_silence(read_book: Callable[[Book], Read], book: Book) -> None:
    assert read_book(book).silent is None
    assert read_book(replace(book, layout=LAYOUTS[8])).silent is None


PLAIN_CODES = (
    *("General", "@", "0", "0.0", "0.00", "#,##0", "#,##0.00", "0_ ", "0.00_ ", "G/通用格式", "#,##0_);(#,##0)"),
    *("0.00_);[Red]\\(0.00\\)", "0_);[Red](0)", "#,##0.00_ ;[Red]\\-#,##0.00\\ ", "0_ ;[红色]\\-0\\ ", "[Black]0.0"),
    *('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0;-0;0;@", "#0", "General;-General", "0.0000"),
)


@pytest.mark.parametrize("code", PLAIN_CODES)
def test_plain_number_is_taken_without_a_word(read_book: Callable[[Book], Read], code: str) -> None:
    got = read_book(Book(look=Look(code)))
    assert (got.silent, got.findings) == (8267, ())


@pytest.mark.parametrize("layout", LAYOUTS, ids=range(len(LAYOUTS)))
def test_workbook_is_read_wherever_its_parts_lie(read_book: Callable[[Book], Read], layout: Layout) -> None:
    got = read_book(Book(runs="<t>8267</t>", shared=True, layout=layout))
    assert (got.silent, got.findings) == (8267, ())


# A word, a point, a blank between the digits; scaled; another way to write a number.
OTHER_DIGITS = (
    *("0!.0000", "0\\.0000", '0"."0000', "0!.0,", '0!.0000"万元"', "0 0000", "0_ 0000", "0-0", "0,", "0.0,,", "# ?/?"),
    *("0.0E+00", "[DBNum1]0", "[DBNum2][$-804]General", '0"', "0;0;0;0;0", "0@"),
    *("%0", "General%", "@%", "0.0?0", "0#", "#,##0#,##0", "0%0", ",0", "0.0.0", "?0?", "General0"),
)
# Nothing of the number, or a day of it.
MASKS = ("**;**;**;**", '"保密"', '""', ";;;", "* ", '"--"', "[White]0", "[白色]0", "[h]:mm", "yyyy", 'm"月"d"日"')
WORDS = (
    *('"不少于"0', '"近"0', '"≥"0', '0"+"', "0!余", '0"多"人', '"约"0', '0"左右"', '0"以上"', '"不足"0', '0"万"', "0+"),
    *('"共"0', "\\-0", '0"万人"', "近0", '0"人以上"', "将近0", "0~", "≥0"),
)
RULED = [
    *((Book("fnd_total", "136400", look=Look(code)), "R-FORMULA", "") for code in OTHER_DIGITS),
    *((Book(look=Look(code)), "R-FORMULA", "") for code in (*MASKS, *WORDS)),
    *((Book(look=Look(code)), "R-CELL", "8267") for code in ("¥#,##0.00", '"￥"0', "[$¥-804]#,##0", "00000", "[>9]0")),
    (Book("fnd_total", "12.4", look=Look("0")), "R-CELL", "12.4"),
    (Book("fnd_total", "12.46", look=Look("0.0_ ")), "R-CELL", "12.46"),
    (Book("mil_muster_rate", "0.9484", look=Look("0.0%")), "R-CELL", "94.84"),
    (Book("mil_muster_rate", "0.948", look=Look("0.0%")), "", "94.8"),
    (Book("mil_muster_rate", "0.948", look=Look("0.00%_ ;[Red]-0.00%")), "", "94.8"),
    (Book("mil_muster_rate", "94.8", look=Look('0.0"%"')), "", "94.8"),
    (Book("mil_muster_rate", "0.948", look=Look("0.0%%")), "R-FORMULA", ""),
    (Book(look=Look('0"人"')), "", "8267"),
    (Book("bas_schools", "5", look=Look('0"人"')), "R-ANSWER", ""),
    (Book("fnd_total", "136400", look=Look('0"元"')), "", "13.64"),
    # zeros that nobody sees
    *((Book("bas_schools", "0", look=Look(code)), "R-CELL", "0") for code in (
        "0;-0;;@", "#", "#,###", "?", '0;-0;"-"', '0;-0;""', "0;;", '#"人"', "#.##", "#,##0;-#,##0;??",
    )),
    (Book("bas_schools", "0", view='showZeros="0"'), "R-CELL", "0"),
    (Book("bas_schools", "0", formula="ZZ9", view='showZeros="false"'), "R-CELL", "0"),
    (Book("bas_schools", "0", formula="ZZ9"), "R-CELL", "0"),
    (Book("bas_schools", "0", formula="SUM(K5:M7)"), "R-CELL", "0"),
    (Book("bas_schools", "0", formula="K2-K2", others={"K2": "<v>3</v>"}), "", "0"),
    (Book("bas_schools", "0"), "", "0"),
    (Book("bas_schools", "6", view='showZeros="0"'), "", "6"),
    # formulas
    (Book(formula="全县人口", names={"全县人口": "[1]Sheet1!$B$2"}), "R-FORMULA", ""),
    (Book(formula="ROUND(全县人口*1,0)", names={"全县人口": "'[全县.xlsx]年报'!$B$2"}), "R-FORMULA", ""),
    (Book(formula="甲+1", names={"甲": "乙", "乙": "丙*2", "丙": "[2]年报!$A$1"}), "R-FORMULA", ""),
    (Book(formula="[1]!人口"), "R-FORMULA", ""),
    (Book(formula="SUM(表1[2021])"), "R-CELL", "8267"),
    (Book(formula="1+[1]人口"), "R-FORMULA", ""),
    (Book(formula="1+\\甲?乙", names={"\\甲?乙": "[1]a!B2"}), "R-FORMULA", ""),
    (Book(formula="年报!甲_1.x*1", names={"甲_1.X": "[1]a!B2"}), "R-FORMULA", ""),
    (Book(formula="$K$2+甲", others={"K2": "<v>1</v>"}, names={"K": "[1]a!B2", "甲": "年报!$K$2"}), "R-CELL", "8267"),
    (Book(formula="[1]年报!$B$2"), "R-FORMULA", ""),
    (Book(formula="K2", others={"K2": "<f>[1]年报!B2</f><v>8267</v>"}), "R-FORMULA", ""),
    (Book(formula="人口", names={"人口": "年报!$K$2"}), "R-CELL", "8267"),
    (Book(formula="12000+345", value="5100"), "R-CELL", "5100"),
    (Book(formula="12000+345", value="12345"), "", "12345"),
    (Book(formula="G2+H2", calculation='<calcPr calcMode="manual"/>'), "R-CELL", "8267"),
    (Book(formula="K2+L2", others={"K2": "<v>8000</v>", "L2": "<v>267</v>"}), "", "8267"),
    (Book(formula="K2+L2", others={"K2": "<v>8000</v>", "L2": "<f>K2/100</f><v>267</v>"}), "R-CELL", "8267"),
    (Book(formula="SUM(K2:L2)", others={"K2": "<v>8267</v>", "L2": "<is><t>9</t></is>"}), "R-CELL", "8267"),
    (Book(formula="F2+1", value="8267"), "R-CELL", "8267"),
    (Book(formula="INDIRECT(\"F9\")"), "R-CELL", "8267"),
    (Book(formula="VLOOKUP(A2,表2!A:B,2,0)"), "R-CELL", "8267"),
    (Book(formula="SUM(K2:L2)", formula_attributes='t="array" ref="F2"'), "R-CELL", "8267"),
    # over the cell
    (Book(relations=(("drawing", "/xl/drawings/d.xml", anchor("pic", (0, 0), (3, 8))),)), "R-CELL", "8267"),
    (Book(relations=(("drawing", "/xl/drawings/d.xml", anchor("contentPart", (1, 5), (1, 5))),)), "R-CELL", "8267"),
    (Book(relations=(("drawing", "/xl/drawings/d.xml", anchor("pic", (4, 0), (9, 8))),)), "", "8267"),
    (Book(relations=(("comments", "/xl/c.xml", f'<c xmlns="{MAIN}"><comment ref="F2"/></c>'),)), "R-CELL", "8267"),
    (Book(relations=(("comments", "/xl/c.xml", f'<c xmlns="{MAIN}"><comment ref="A2"/></c>'),)), "", "8267"),
    # read differently by different readers
    (Book(value="8<!-- x -->267"), "R-FILE", ""),
    (Book(value="<![CDATA[8267]]>"), "R-FILE", ""),
    (Book(value="&#56;267"), "R-FILE", ""),
    (Book(after="<mergeCells><mergeCell ref='ZA:ZB'/></mergeCells>"), "", "8267"),
    (Book(after="<mergeCells><mergeCell ref='F:G'/></mergeCells>"), "R-HEADER", ""),
    (Book(after="<mergeCells><mergeCell ref='2:3'/></mergeCells>"), "R-MERGED", ""),
    (Book(after="<mergeCells><mergeCell ref='F2'/></mergeCells>"), "", "8267"),
]  # fmt: skip


@pytest.mark.parametrize(("book", "rule", "value"), RULED)
def test_cell_is_used_asked_about_or_refused_by_rule(
    read_book: Callable[[Book], Read], book: Book, rule: str, value: str
) -> None:
    got = read_book(book)
    assert got.outcome == (rule, value), got.words
    if rule in ("R-CELL", "R-FORMULA"):
        (found,) = [found for found in got.loud if (found.rule, found.cell) == (rule, book.cell)]
        assert (found.sheet, found.variables) == ("年报", (book.question,))
        assert found.remedy


def test_manual_calculation_is_named_with_its_remedy(read_book: Callable[[Book], Read]) -> None:
    assert "F9" in read_book(Book(formula="G2+H2", calculation='<calcPr calcMode="manual"/>')).words


def test_shared_formula_is_computed_where_it_stands(read_book: Callable[[Book], Read]) -> None:
    cells = {"K2": "<v>1</v>", "L2": '<f t="shared" si="0" ref="L2:M2">K2+$K$2</f><v>2</v>'}
    book = Book("bas_schools", "3", formula="M2", others={**cells, "M2": '<f t="shared" si="0"/><v>3</v>'})
    assert read_book(book).silent == 3
    assert read_book(replace(book, value="2")).outcome == ("R-CELL", "2")


@pytest.mark.parametrize(
    "formula",
    [
        "(" * 190 + "8267" + ")" * 190,
        "-" * 390 + "8267",
        "SUM(K1:XFD1048576)",
        "1/0",
        "1/K2",
        "8267e1",
        "1" * 300,
        "8267,",
        "SUM()",
        "SUM(",
        "ROUND(8267)",
        "ROUND(8267,99)",
        "K2:L2",
        "A0",
        "$$K2",
        "K2 L2",
        "8267%%%%",
        "F2",
        "SUM(F2,1)",
        '"8267"',
        "{8267}",
        "8267=8267",
        "8.267E3",
        "TRUE",
    ],
)
def test_formula_that_is_not_computed_is_asked_about_and_ends_quickly(
    read_book: Callable[[Book], Read], formula: str
) -> None:
    assert read_book(Book(formula=formula)).outcome in (("R-CELL", "8267"), ("", "8267"))
    assert read_book(Book(formula=formula, value="8268")).silent is None


def test_long_chain_of_cells_is_computed_or_asked_about(read_book: Callable[[Book], Read]) -> None:
    steps = enumerate(pairwise(BEYOND), start=2)
    chain = {f"{column}2": f"<f>{before}2+1</f><v>{n}</v>" for n, (before, column) in steps}
    book = Book("bas_schools", str(len(BEYOND)), formula=f"{BEYOND[-1]}2", others={"K2": "<v>1</v>", **chain})
    assert read_book(book).outcome in (("", book.value), ("R-CELL", book.value))
    assert read_book(replace(book, value="3")).silent is None


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(names=st.lists(st.text("aBc/1_-", min_size=1, max_size=9), min_size=4, max_size=4, unique_by=str.lower))
def test_parts_may_have_any_names(read_book: Callable[[Book], Read], names: list[str]) -> None:
    workbook, sheet, styles, texts = (f"p{n}/{name.strip('/').replace('//', '/')}x" for n, name in enumerate(names))
    layout = Layout(workbook=workbook, sheet=sheet, styles=styles, texts=texts)
    got = read_book(Book(runs="<t>8267</t>", shared=True, layout=layout, look=Look("0!.0")))
    assert got.silent == 8267
    assert read_book(Book(layout=layout, look=Look("0!.0"))).outcome == ("R-FORMULA", "")


CONTROL = """<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:x="urn:x"><mc:Choice Requires="x14"><controls><control shapeId="1" name="c"><controlPr><anchor>
<from><x:col>{0}</x:col><x:colOff>0</x:colOff><x:row>{1}</x:row><x:rowOff>0</x:rowOff></from>
<to><x:col>{2}</x:col><x:colOff>0</x:colOff><x:row>{3}</x:row><x:rowOff>0</x:rowOff></to>
</anchor></controlPr></control></controls></mc:Choice></mc:AlternateContent>"""


@pytest.mark.parametrize(
    ("place", "outcome"),
    [((8, 4, 9, 5), ("", "8267")), ((5, 1, 6, 2), ("R-CELL", "8267")), ((0, 0, 9, 9), ("R-CELL", "8267"))],
)
@pytest.mark.parametrize("name", ["control", "oleObject"])
def test_controls_and_objects_are_passed_over_and_named(
    read_book: Callable[[Book], Read], place: tuple[int, ...], outcome: tuple[str, str], name: str
) -> None:
    after = CONTROL.format(*place).replace("control", name)
    got = read_book(Book(after=after))
    assert got.outcome == outcome
    (note,) = [found for found in got.findings if found.rule == "R-OBJECTS"]
    assert ("控件 1 处" if name == "control" else "嵌入对象 1 处") in note.message


@pytest.mark.parametrize("code", ["[White]0", "[Color 2]0", "[Red]0", "[黑色]0.0", "[Color 56]0"])
def test_colour_of_a_format_is_seen_on_another_ground(read_book: Callable[[Book], Read], code: str) -> None:
    look = Look(code, fill=solid('rgb="FF00FF00"'))
    assert read_book(Book(look=look)).silent == 8267


def test_elements_of_other_vocabularies_are_no_rows_and_no_values(read_book: Callable[[Book], Read]) -> None:
    after = '<extLst><ext xmlns:y="urn:y"><y:f>F2</y:f><y:row/><y:c><y:v>9</y:v></y:c></ext></extLst>'
    assert read_book(Book(after=after)).silent == 8267


@pytest.mark.parametrize("inner", ['<y:v xmlns:y="urn:y">9</y:v>', "<v>8</v><v>9</v>", '<y:c xmlns:y="urn:y"/>'])
def test_values_that_readers_take_differently_refuse_the_file(read_book: Callable[[Book], Read], inner: str) -> None:
    assert read_book(Book(others={"G2": inner})).outcome[0] == "R-FILE"


@pytest.mark.parametrize("style", ["7", "-1", "99999"])
def test_style_that_is_not_there_refuses_the_file(fast_folder: Path, style: str) -> None:
    workspace = make_workspace(fast_folder / "seen")
    data = rewritten(written(Book()), SHEET, lambda part: part.replace('s="1"', f's="{style}"'))
    assert read_bytes(workspace, data, "bas_population").outcome[0] == "R-FILE"


@pytest.mark.parametrize(
    "inner", ["<f>3+3</f><v>6</v>", "<is><r><t>6</t></r><r><rPr><color theme='1'/></rPr><t>0</t></r></is>"]
)
def test_style_of_another_cell_decides_nothing(fast_folder: Path, inner: str) -> None:
    data = written(Book(look=Look(font="<strike/>"), others={"G2": inner}))
    cell = read_bytes(make_workspace(fast_folder / "seen"), data, "bas_schools").cell
    assert cell is not None
    assert cell.value in ("6", "60")


def test_pieces_of_text_are_seen_on_the_ground_of_their_cell(read_book: Callable[[Book], Read]) -> None:
    runs = '<r><t>82</t></r><r><rPr><color rgb="FFFFFF00"/></rPr><t>67</t></r>'
    assert read_book(Book(runs=runs, look=Look(fill=solid('rgb="FFFFFF00"')))).outcome == ("R-FORMULA", "")
    assert read_book(Book(runs=runs, look=Look(fill=solid('rgb="FF404040"'), font='<color theme="0"/>'))).silent == 8267


def test_empty_style_is_the_first_one(fast_folder: Path) -> None:
    workspace = make_workspace(fast_folder / "seen")
    data = rewritten(written(Book()), SHEET, lambda part: part.replace('s="1"', 's=""'))
    assert read_bytes(workspace, data, "bas_population").silent == 8267


def rewritten(data: bytes, name: str, change: Callable[[str], str], *, leave: str = "") -> bytes:
    """The package with one part changed and one left out."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for each in source.namelist():
            text = source.read(each).decode()
            if each != leave:
                archive.writestr(each, change(text) if each == name else text)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["drawing", "comments", "vmlDrawing"])
def test_part_over_the_cells_that_is_not_there_refuses_the_file(fast_folder: Path, kind: str) -> None:
    book = Book(relations=((kind, "/xl/over.xml", "<x/>"),))
    workspace = make_workspace(fast_folder / "seen")
    assert read_bytes(workspace, written(book), book.question).silent == 8267
    data = rewritten(written(book), "", str, leave="xl/over.xml")
    assert read_bytes(workspace, data, book.question).outcome[0] == "R-FILE"


MAIN_TYPE = "openxmlformats-officedocument.spreadsheetml.sheet.main"


@pytest.mark.parametrize(
    ("change", "leave", "word"),
    [
        (lambda text: text.replace(MAIN_TYPE, "x.spreadsheetml.template.main"), "", ""),
        (lambda text: text.replace(MAIN_TYPE, "ms-excel.sheet.macroEnabled.main"), "", "宏"),
        (lambda text: text.replace(MAIN_TYPE, "x.wordprocessingml.document.main"), "", "文字文档"),
        (lambda text: text.replace(MAIN_TYPE, "x.presentationml.presentation.main"), "", "演示文稿"),
        (lambda text: text.replace(MAIN_TYPE, "something.else"), "", "内部结构不寻常"),
        (str, "[Content_Types].xml", "内部结构不寻常"),
        (str, "xl/styles.xml", "内部结构不完整"),
        (str, "xl/worksheets/sheet1.xml", "内部结构不完整"),
        (str, "xl/workbook.xml", "内部结构不寻常"),
        (str, "xl/sharedStrings.xml", "内部结构不完整"),
    ],
)  # fmt: skip
def test_workbook_is_known_by_its_content_types_and_read_whole(
    fast_folder: Path, change: Callable[[str], str], leave: str, word: str
) -> None:
    data = rewritten(written(Book()), "[Content_Types].xml", change, leave=leave)
    got = read_bytes(make_workspace(fast_folder / "seen"), data, "bas_population")
    assert got.outcome[0] == ("R-FILE" if word else "")
    assert word in got.words


@pytest.mark.parametrize("code", ["yyyy", 'yyyy"年"', "yyyy-mm-dd", "m/d/yyyy", "[$-804]yyyy/m/d", "mmm-yy"])
def test_year_typed_as_a_date_is_said_to_be_one(fast_folder: Path, code: str) -> None:
    data = written(Book(look=Look(code), others={"D2": "<v>44197</v>"}))
    dated = rewritten(data, SHEET, lambda part: part.replace('"D2">', '"D2" s="1">'))
    got = read_bytes(make_workspace(fast_folder / "seen"), dated, "bas_population")
    assert got.outcome[0] == "R-IDENTITY"
    assert "是日期或时间（2021-01-01）" in got.words


def test_head_that_is_struck_out_heads_nothing(fast_folder: Path) -> None:
    data = written(Book(question="fnd_total", value="86", look=Look(font="<strike/>")))
    struck = rewritten(data, SHEET, lambda part: part.replace('"F1" t', '"F1" s="1" t'))
    assert read_bytes(make_workspace(fast_folder / "seen"), struck, "bas_population").outcome[0] == "R-HEADER"


@pytest.mark.parametrize(
    "text", ["١٢٣٤٥", "३२०००", "12٣45", "၁၂၃", "𝟏𝟐", "༡༢", "①②", "\u202e54321", "12\ue000", "12\ufffd"]
)
def test_digits_of_other_scripts_are_refused_at_the_cell_and_can_be_printed(tmp_path: Path, text: str) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, "a.csv", as_csv([*make_rows(bas_population=text), *make_rows(unit=NEIGHBOUR)]))
    returns = read(load(workspace), [2021])
    (found,) = [found for found in returns.findings if found.severity is Severity.ERROR]
    assert (found.rule, found.variables) == ("R-ANSWER", ("bas_population",))
    assert returns.received[2021] == {TOWN[0], NEIGHBOUR[0]}
    assert not any(undrawable(word) for word in (found.message, found.remedy, *found.values))


@pytest.mark.parametrize("character", ["㙦", "㙍", "𬜯", "\U0003158e", "\U00031592", "\U00031b92", "𫭢"])
def test_form_is_read_under_a_name_with_a_character_newer_than_the_tables_of_python(
    tmp_path: Path, character: str
) -> None:
    name = f"白{character}掌镇"
    workspace = make_workspace(tmp_path)
    county = workspace / "params" / "county.yaml"
    county.write_text(county.read_text(encoding="utf-8").replace(TOWN[1], name), encoding="utf-8")
    params = load(workspace)
    blank = form(params, params.unit(TOWN[0]), {})
    put(workspace, f"{TOWN[0]}-{name}.xlsx", filled(blank, make_rows(unit=(TOWN[0], name))))
    returns = read(params, [2021])
    assert (returns.received[2021], returns.findings) == ({TOWN[0]}, ())


@pytest.mark.parametrize(
    "character", ["\x07", "\x7f", "\x9b", "\u202e", "\u2066", "\ue000", "\U000f0000", "\ufffd", "\u200b"]
)
def test_name_with_a_character_that_shows_nothing_or_another_order_is_refused(tmp_path: Path, character: str) -> None:
    workspace = make_workspace(tmp_path)
    put(workspace, f"双塘{character}镇.csv", as_csv(make_rows()))
    (found,) = [found for found in read(load(workspace), [2021]).findings if found.severity is Severity.FATAL]
    assert "文件名" in found.message
    assert not unprintable(found.message + found.file)


def test_forms_of_this_tool_are_read_without_a_question(tmp_path: Path) -> None:
    """They are all text; whoever fills them in meets none of these rules."""
    workspace = make_workspace(tmp_path / "county")
    put(workspace, "表.xlsx", filled_form(tmp_path, bas_population="12345", fnd_total="86.5"))
    returns = read(load(workspace), [2021])
    assert returns.received[2021] == {TOWN[0]}
    assert [found.rule for found in returns.findings] == []


# Each guard switched off is missed


def quiet(*_: Any, **__: Any) -> Any:
    return ""


def no(*_: Any) -> Any:
    return False


def nothing(*_: Any) -> Any:
    return frozenset()


def showing_zeros(*given: Any, **named: Any) -> Any:
    return VERDICTS(*given, **{**named, "hides_zeros": False})


def as_stored(_: Any, text: str, number: Decimal) -> Any:
    return number_format.Face(text)


VERDICTS, FORMAT = cell_verdict.Verdicts, number_format.NumberFormat
LINKED = Book(value="1", formula="甲", names={"甲": "[1]a!$B$2"})
PICTURED = Book(relations=(("drawing", "/xl/d.xml", anchor("pic", (0, 0), (9, 9))),))
GUARDS: list[tuple[str, object, str, Any, Book]] = [
    ("formats of numbers", FORMAT, "of_number", as_stored, Book(look=Look("0!.0"))),
    ("formats of texts", FORMAT, "of_text", quiet, HIDDEN[17]),
    ("words around digits", number_format, "_words_problem", quiet, Book(look=Look('0"余"'))),
    ("digits shown", number_format, "_digits_question", quiet, Book("fnd_total", "12.4", look=Look("0"))),
    ("colours", cell_styles, "is_same", no, Book(look=Look(font='<color theme="0"/>'))),
    ("faint colours", cell_styles, "is_faint", no, Book(look=Look(font='<color rgb="FFE6E6E6"/>'))),
    ("strokes and sizes", cell_styles, "_problem", quiet, HIDDEN[8]),
    ("pieces of text", rich_text.Runs, "hidden_by", quiet, HIDDEN[12]),
    ("rules for colours", cell_styles, "_hides", no, HIDDEN[24]),
    ("links to files", xlsx_table, "external_names", nothing, LINKED),
    ("results", cell_verdict, "agrees", lambda *_: True, Book(formula="1+1")),
    ("what lies over cells", xlsx_table, "overlays", nothing, PICTURED),
    ("hidden rows", rows, "hidden_data", nothing, HIDDEN[0]),
    ("narrow columns", VERDICTS, "_is_too_long", no, HIDDEN[5]),
    ("zeros not shown", xlsx_table, "Verdicts", showing_zeros, HIDDEN[20]),
    ("readers that differ", sheet_scan, "strict_parser", safe_parser, Book(value="8<!-- x -->267")),
]


@pytest.mark.parametrize(("module", "name", "off", "book"), [guard[1:] for guard in GUARDS], ids=[g[0] for g in GUARDS])
def test_guard_that_is_switched_off_is_missed(
    monkeypatch: pytest.MonkeyPatch, read_book: Callable[[Book], Read], module: object, name: str, off: Any, book: Book
) -> None:
    before = read_book(book)
    assert before.silent is None
    cell_styles._cell_styles.cache_clear()
    monkeypatch.setattr(module, name, off)
    try:
        assert read_book(book).outcome != before.outcome
    finally:
        cell_styles._cell_styles.cache_clear()
