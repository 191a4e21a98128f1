"""Workbooks put together by hand around one answer, each with what a person sees in that cell.

Nothing here asks the code what a cell says: formats are put together from pieces of which it is known how each looks,
colours from pairs that are or are not the same, formulas together with their results. A person who sees ``8,267`` reads
8267; one who sees nothing, stars, another number, or something lying over the cell, reads no number.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

from conftest import TOWN

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
COLUMNS = {"bas_population": "F", "bas_schools": "G", "mil_muster_rate": "H", "fnd_total": "I"}
HEADS = ("unit_code", "unit_name", "unit_type", "stat_year", "period", *COLUMNS)
IDENTITY = (TOWN[0], TOWN[1], "镇", "2021", "year")
PLAIN = {"F": "32000", "G": "6", "H": "96.5", "I": "86"}
BLACK, WHITE = 'rgb="FF000000"', 'rgb="FFFFFFFF"'


@dataclass(frozen=True)
class Look:
    """The style of the answer's cell, as the styles part writes it."""

    code: str = "General"
    font: str = f"<sz val='11'/><color {BLACK}/>"
    fill: str = '<patternFill patternType="none"/>'
    alignment: str = ""
    border: str = "<border/>"


@dataclass(frozen=True)
class Layout:
    """Where the parts of the package lie and how they are written; the usual way unless a test says otherwise."""

    workbook: str = "xl/workbook.xml"
    sheet: str = "xl/worksheets/sheet1.xml"
    styles: str = "xl/styles.xml"
    texts: str = "xl/sharedStrings.xml"
    stored: dict[str, str] = field(default_factory=dict)  # part's name → name in the archive, where they differ
    encoding: str = "utf-8"
    namespace: str = MAIN
    slash: str = "/"


@dataclass(frozen=True)
class Book:
    """A workbook of one flat table with one town; ``value`` is stored in the cell of ``question``."""

    question: str = "bas_population"
    value: str = "8267"
    kind: str = "n"
    look: Look = Look()
    runs: str = ""  # the text of the cell in pieces, instead of the value
    shared: bool = False
    formula: str = ""
    formula_attributes: str = ""
    others: dict[str, str] = field(default_factory=dict)  # further cells, by address: XML within <c>
    columns: str = ""
    row: str = ""
    view: str = ""
    after: str = ""
    relations: tuple[tuple[str, str, str], ...] = ()  # of the sheet: kind, target, content of the part
    names: dict[str, str] = field(default_factory=dict)
    calculation: str = ""
    changes: str = ""  # the dxfs of the styles
    layout: Layout = Layout()

    @property
    def cell(self) -> str:
        """The address of the answer."""
        return f"{COLUMNS[self.question]}2"


def written(book: Book) -> bytes:
    """The file."""
    layout = book.layout
    parts = {
        "[Content_Types].xml": _content_types(layout),
        "_rels/.rels": _relations([("officeDocument", layout.workbook)]),
        layout.workbook: _workbook(book),
        _rels(layout.workbook): _relations(
            [("worksheet", f"/{layout.sheet}"), ("styles", f"/{layout.styles}"), ("sharedStrings", f"/{layout.texts}")]
        ),
        layout.sheet: _sheet(book),
        layout.styles: _styles(book),
        layout.texts: f'<sst xmlns="{layout.namespace}"><si>{book.runs or "<t>x</t>"}</si></sst>',
        _rels(layout.sheet): _relations([(kind, target) for kind, target, _ in book.relations]),
        **{target.removeprefix("/"): content for _, target, content in book.relations},
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            stored = layout.stored.get(name, name).replace("/", layout.slash)
            archive.writestr(
                stored, f'<?xml version="1.0" encoding="{layout.encoding}"?>{text}'.encode(layout.encoding)
            )
    return target.getvalue()


def _rels(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _relations(targets: list[tuple[str, str]]) -> str:
    kinds = [kind if "//" in kind else f"{RELATION}/{kind}" for kind, _ in targets]
    each = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target={quoteattr(target)}/>'
        for n, (kind, (_, target)) in enumerate(zip(kinds, targets, strict=True), start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'


def _content_types(layout: Layout) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = ((layout.workbook, "sheet.main"), (layout.sheet, "worksheet"), (layout.styles, "styles"))
    each = "".join(f'<Override PartName="/{name}" ContentType="{kind}.{what}+xml"/>' for name, what in parts)
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>{each}</Types>'
    )


def _workbook(book: Book) -> str:
    names = "".join(f"<definedName name={quoteattr(n)}>{escape(text)}</definedName>" for n, text in book.names.items())
    return (
        f'<workbook xmlns="{book.layout.namespace}" xmlns:r="{RELATION}"><sheets>'
        f'<sheet name="年报" sheetId="1" r:id="rId1"/></sheets><definedNames>{names}</definedNames>{book.calculation}'
        "</workbook>"
    )


def _styles(book: Book) -> str:
    look = book.look
    return (
        f'<styleSheet xmlns="{book.layout.namespace}">'
        f'<numFmts count="1"><numFmt numFmtId="176" formatCode={quoteattr(look.code)}/></numFmts>'
        f"<fonts><font><sz val='11'/></font><font>{look.font}</font></fonts>"
        f'<fills><fill><patternFill patternType="none"/></fill><fill>{look.fill}</fill></fills>'
        f"<borders><border/>{look.border}</borders>"
        '<cellXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        f'<xf numFmtId="176" fontId="1" fillId="1" borderId="1">{look.alignment}</xf></cellXfs>'
        f"<dxfs>{book.changes}</dxfs></styleSheet>"
    )


def text_cell(address: str, text: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _answer(book: Book) -> str:
    formula = f"<f {book.formula_attributes}>{escape(book.formula)}</f>" if book.formula else ""
    if book.runs and book.shared:
        return f'<c r="{book.cell}" s="1" t="s"><v>0</v></c>'
    if book.runs or book.kind == "inlineStr":
        return f'<c r="{book.cell}" s="1" t="inlineStr"><is>{book.runs or f"<t>{book.value}</t>"}</is></c>'
    return f'<c r="{book.cell}" s="1" t="{book.kind}">{formula}<v>{book.value}</v></c>'


def _sheet(book: Book) -> str:
    head = "".join(text_cell(f"{chr(65 + n)}1", name) for n, name in enumerate(HEADS))
    cells = {f"{chr(65 + n)}2": text_cell(f"{chr(65 + n)}2", text) for n, text in enumerate(IDENTITY)}
    cells |= {f"{letter}2": f'<c r="{letter}2"><v>{number}</v></c>' for letter, number in PLAIN.items()}
    cells[book.cell] = _answer(book)
    cells |= {address: f'<c r="{address}">{inner}</c>' for address, inner in book.others.items()}
    rows = {
        number: "".join(cells[a] for a in sorted(cells, key=_place) if _place(a)[0] == number) for number in range(2, 9)
    }
    body = "".join(f'<row r="{n}" {book.row if n == 2 else ""}>{row}</row>' for n, row in rows.items() if row)
    return (
        f'<worksheet xmlns="{book.layout.namespace}" xmlns:r="{RELATION}"><sheetViews>'
        f'<sheetView workbookViewId="0" {book.view}/></sheetViews>{book.columns}'
        f'<sheetData><row r="1">{head}</row>{body}</sheetData>{book.after}</worksheet>'
    )


def _place(address: str) -> tuple[int, int, str]:
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]), len(letters), letters


def read_by_eye(seen: str | None) -> Decimal | None:
    """The number that a person reads off what is seen: separators, blanks and the unit aside. None for no number."""
    text = (seen or "").strip().removesuffix("万元").removesuffix("人").removesuffix("%").strip().replace(",", "")
    return Decimal(text) if text and set(text) <= set("0123456789.") and text.count(".") <= 1 and text != "." else None


# Formats


@dataclass(frozen=True)
class Piece:
    """A piece of a format: how it is written, and how it looks."""

    written: str
    seen: str


def literals(characters: str) -> st.SearchStrategy[Piece]:
    """A word as a format may write it: quoted, or its characters escaped by either of two signs."""
    words = st.text(st.sampled_from(characters), min_size=1, max_size=3)
    ways = st.sampled_from(('"{}"', "\\", "!"))
    return st.builds(
        lambda word, way: Piece(way.format(word) if "{" in way else "".join(way + c for c in word), word), words, ways
    )


QUIET = st.sampled_from([Piece("", ""), Piece("_ ", " "), Piece("_)", " "), Piece("* ", " "), Piece('" "', " ")])
COLOURED = st.sampled_from(["", "[Red]", "[红色]", "[Color 10]", "[Black]"])
LOUD = literals("约近余多不少于≥+保密*xX万千亿.0123-（")
STORED = st.decimals("0.1", "99999", places=3).map(Decimal.normalize) | st.integers(0, 2_000_000).map(Decimal)


def _digits(number: Decimal, places: int, grouped: bool) -> str:
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:,f}" if grouped else f"{rounded:f}"


@st.composite
def formatted(draw: st.DrawFn) -> tuple[Book, str | None]:
    """A number in a format of pieces: quiet ones, loud ones, digits parted, scaled, hidden or replaced by a word."""
    number, places = draw(STORED), draw(st.integers(0, 4))
    grouped, percent = draw(st.booleans()), draw(st.booleans())
    scaled = number * 100 if percent else number
    seen = _digits(scaled, places, grouped)
    digits = ("#,##0" if grouped else draw(st.sampled_from(["0", "#0", "##0"]))) + (
        "." + "0" * places if places else ""
    )
    way = draw(st.sampled_from(["plain", "plain", "loud", "parted", "scaled", "word", "nothing"]))
    before, after = draw(QUIET), draw(QUIET)
    code = before.written + digits + ("%" if percent else "") + after.written
    seen = before.seen + seen + ("%" if percent else "") + after.seen
    if way == "loud":
        word, first = draw(LOUD), draw(st.booleans())
        code, seen = (word.written + code, word.seen + seen) if first else (code + word.written, seen + word.seen)
    elif way == "parted":
        word = draw(literals("./-,人 "))
        whole = _digits(number, 0, grouped=False)
        code, seen = f"0{word.written}0", f"{whole[:-1] or '0'}{word.seen}{whole[-1]}"
    elif way == "scaled":
        code, seen = draw(st.sampled_from(["0,", "0.0,", "#,##0,,"])), None
    elif way == "word":
        word = draw(literals("保密无约*-"))
        code, seen = word.written, word.seen
    elif way == "nothing":
        code, seen = draw(st.sampled_from(['""', ";", ";;", ";;;", "_ ", "* "])), ""
    code = draw(COLOURED) + code
    if draw(st.booleans()) and way != "nothing":
        code += draw(st.sampled_from([";-0", ";[Red]\\-0", ";\\(0\\)"]))
        zero = draw(st.sampled_from([None, Piece("", ""), Piece('"-"', "-"), Piece("0", "0")]))
        if zero:
            code, seen = f"{code};{zero.written}", zero.seen if number == 0 else seen
    question = "mil_muster_rate" if percent else "fnd_total" if number != number.to_integral_value() else "bas_schools"
    return Book(question, f"{number:f}", look=Look(code)), seen


# Colours and what else cannot be seen

WHITES = (WHITE, 'theme="0"', 'indexed="9"', 'indexed="1"', 'rgb="00FEFEFE"', 'theme="1" tint="1"', 'indexed="65"')
DARKS = (BLACK, 'theme="1"', 'indexed="8"', 'indexed="0"', 'theme="0" tint="-1"', 'auto="1"', 'rgb="FF0A0A0A"')
REDS = ('rgb="FFFF0000"', 'indexed="10"', 'indexed="2"')
FAMILIES = (WHITES, DARKS, REDS)


def solid(colour: str) -> str:
    return f'<patternFill patternType="solid"><fgColor {colour}/><bgColor indexed="64"/></patternFill>'


def ruled(cells: str, rule: str) -> str:
    """A rule for the colours of cells."""
    return f'<conditionalFormatting sqref="{cells}">{rule}</conditionalFormatting>'


@st.composite
def coloured(draw: st.DrawFn) -> tuple[Book, str | None]:
    """A number in one colour on another, in the cell, in a piece of its text, or by a rule."""
    letters, ground = draw(st.sampled_from(range(3))), draw(st.sampled_from(range(3)))
    colour, behind = draw(st.sampled_from(FAMILIES[letters])), draw(st.sampled_from(FAMILIES[ground]))
    if "auto" in behind:  # of a ground it means another colour than of letters
        behind = BLACK
    fill = solid(behind) if ground or draw(st.booleans()) else '<patternFill patternType="none"/>'
    seen = None if letters == ground else "8267"
    where = draw(st.sampled_from(["cell", "runs", "rule"]))
    if where == "cell":
        return Book(look=Look(font=f"<color {colour}/>", fill=fill)), seen
    if where == "runs":
        runs = f"<r><t>8</t></r><r><rPr><color {colour}/></rPr><t>267</t></r>"
        contrast = DARKS[0] if ground != 1 else WHITES[0]
        look = Look(font=f"<color {contrast}/>", fill=fill)
        return Book(look=look, runs=runs, shared=draw(st.booleans())), seen
    rule = '<cfRule type="cellIs" dxfId="0" priority="1" operator="greaterThan"><formula>1</formula></cfRule>'
    after = ruled(draw(st.sampled_from(["F2", "A1:I9", "B2 F1:F4"])), rule)
    changes = f"<dxf><font><color {colour}/></font><fill><patternFill><bgColor {behind}/></patternFill></fill></dxf>"
    return Book(after=after, changes=changes), seen


LATER_RULE = """<extLst><ext xmlns:p="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
 xmlns:q="http://schemas.microsoft.com/office/excel/2006/main"><p:conditionalFormattings><p:conditionalFormatting>
<p:cfRule type="expression"><q:f>1</q:f><p:dxf><font><color theme="0"/></font></p:dxf></p:cfRule><q:sqref>F2</q:sqref>
</p:conditionalFormatting></p:conditionalFormattings></ext></extLst>"""
HIDDEN = (
    Book(row='hidden="1"'),
    Book(row='ht="0" customHeight="1"'),
    Book(row='ht="1.5" customHeight="1"'),
    Book(columns='<cols><col min="6" max="6" width="9" hidden="1"/></cols>'),
    Book(columns='<cols><col min="6" max="6" width="0.1" customWidth="1"/></cols>'),
    Book(columns='<cols><col min="6" max="6" width="3" customWidth="1"/></cols>'),
    Book(columns='<cols><col min="1" max="16384" width="2.5" customWidth="1"/></cols>'),
    Book(kind="inlineStr", columns='<cols><col min="6" max="6" width="2" customWidth="1"/></cols>'),
    Book(look=Look(font="<strike/>")),
    Book(look=Look(font="<strike val='true'/><sz val='11'/>")),
    Book(look=Look(font="<sz val='1'/>")),
    Book(look=Look(alignment='<alignment horizontal="fill"/>'), value="8"),
    Book(runs="<r><rPr><strike/></rPr><t>8</t></r><r><t>8267</t></r>"),
    Book(runs="<r><rPr><strike/></rPr><t>8</t></r><r><t>8267</t></r>", shared=True),
    Book(runs='<r><t>826</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>7</t></r>', shared=True),
    Book(runs='<r><rPr><sz val="1"/></rPr><t>8</t></r><r><t>267</t></r>'),
    Book(look=Look(";;;@")),
    Book(kind="inlineStr", look=Look('0;0;0;"保密"')),
    Book(kind="inlineStr", look=Look('"约"@')),
    Book(kind="inlineStr", look=Look('@"户"')),
    Book("bas_schools", "0", view='showZeros="0"'),
    Book("bas_schools", "0", look=Look("#,###")),
    Book("bas_schools", "0", look=Look('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ')),
    Book(after=ruled("F2", '<cfRule type="dataBar" priority="1"><dataBar showValue="0"/></cfRule>')),
    Book(
        after=ruled("F:F", '<cfRule type="expression" dxfId="0" priority="1"/>'),
        changes='<dxf><numFmt numFmtId="190" formatCode=";;;"/></dxf>',
    ),
    Book(look=Look(font='<sz val="11"/><name val="Wingdings 2"/>')),
    Book(runs='<r><rPr><rFont val="Webdings"/></rPr><t>8</t></r><r><t>267</t></r>'),
    Book(look=Look("[$-1E000804]0")),
    Book(look=Look("[$-2000401]0")),
    Book(look=Look("[Red]0", fill=solid('rgb="FFFF0000"'))),
    Book(look=Look("[颜色 3]0", fill=solid('indexed="10"'))),
    Book(look=Look(alignment='<alignment horizontal="centerContinuous"/>')),
    Book(columns='<sheetFormatPr defaultColWidth="2"/>'),
    Book(columns='<sheetFormatPr baseColWidth="1"/>'),
    Book(after=ruled("F1:F9", '<cfRule type="colorScale"><colorScale><color rgb="FF000000"/></colorScale></cfRule>')),
    Book(after=LATER_RULE),
    Book(value="44197", look=Look("yyyy-mm-dd")),
    Book(value="44197", look=Look('yyyy"年"m"月"')),
    Book(look=Look(border='<border diagonalUp="1"><diagonal style="thin"/></border>')),
    Book(look=Look(border='<border diagonalDown="true"><left/><diagonal style="thick"/></border>')),
)  # fmt: skip


# Things over the cells


def anchor(kind: str, first: tuple[int, int], last: tuple[int, int]) -> str:
    """A drawing with one object from one corner (row, column from 0) to another, the far edges included."""
    ends = "".join(
        f"<x:{end}><x:col>{column + far}</x:col><x:colOff>0</x:colOff>"
        f"<x:row>{row + far}</x:row><x:rowOff>0</x:rowOff></x:{end}>"
        for end, (row, column), far in (("from", first, 0), ("to", last, 1))
    )
    return f'<x:wsDr xmlns:x="{DRAWING}"><x:twoCellAnchor>{ends}<x:{kind}/></x:twoCellAnchor></x:wsDr>'


@st.composite
def overlaid(draw: st.DrawFn) -> tuple[Book, str | None]:
    """An object, or a comment, that lies over the answer (row 1, column 5 from 0) or beside it."""
    top, left = draw(st.integers(0, 6)), draw(st.integers(0, 9))
    bottom, right = top + draw(st.integers(0, 3)), left + draw(st.integers(0, 4))
    covers = top <= 1 <= bottom and left <= 5 <= right
    kind = draw(st.sampled_from(["pic", "sp", "graphicFrame", "contentPart", "grpSp", "vml", "comment", "threaded"]))
    if kind == "vml":
        numbers = f"{left}, 0, {top}, 0, {right}, 9, {bottom}, 9"
        shape = f'<x:ClientData ObjectType="Checkbox"><x:Anchor>{numbers}</x:Anchor></x:ClientData>'
        return Book(
            relations=(("vmlDrawing", "/xl/drawings/vml1.vml", f"<xml>{shape}<br></xml>"),)
        ), None if covers else "8267"
    if kind in ("comment", "threaded"):
        ref = draw(st.sampled_from(["F2", "G2", "A1"]))
        element, relation = ("comment", "comments") if kind == "comment" else (
            "threadedComment", "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
        )  # fmt: skip
        content = (
            f'<comments xmlns="{MAIN}"><{element} ref="{ref}"><text><t>应为 8276</t></text></{element}></comments>'
        )
        return Book(relations=((relation, "/xl/comments7.xml", content),)), None if ref == "F2" else "8267"
    content = anchor(kind, (top, left), (bottom, right))
    return Book(relations=(("drawing", "/xl/drawings/anything.xml", content),)), None if covers else "8267"


# Formulas


@st.composite
def calculated(draw: st.DrawFn) -> tuple[Book, str | None]:
    """A formula of cells with its own result, another saved one, or one that nobody here computes."""
    numbers = draw(st.lists(st.integers(1, 9999), min_size=4, max_size=4))
    places = [f"{letter}2" for letter in "KLMN"]
    a, b, c, d = (Fraction(n) for n in numbers)
    k, p, m, n = places
    text, value = draw(
        st.sampled_from(
            [
                (f"{k}+{p}", a + b),
                (f"SUM({k}:{n})", a + b + c + d),
                (f"({k}-{p})*{m}+2", (a - b) * c + 2),
                (f"SUM({k},{m})/2", (a + c) / 2),
                (f"ROUND({k}/{p},0)", _half_up(a / b)),
                (f"$K$2*{p}%", a * b / 100),
                (f"-{k}+{p}+{m}", -a + b + c),
                (f"SUM({k}:{p})-SUM({m}:{n})", a + b - c - d),
                ("12000+345", Fraction(12345)),
            ]
        )
    )
    others = {place: f"<v>{number}</v>" for place, number in zip(places, numbers, strict=True)}
    saved = Decimal(value.numerator) / Decimal(value.denominator)
    book = Book(
        "fnd_total", formula=text, others=others, calculation=draw(st.sampled_from(["", '<calcPr calcMode="manual"/>']))
    )
    way = draw(st.sampled_from(["right", "stale", "function", "name", "through"]))
    if way == "stale":
        return replace(book, value=str(saved + draw(st.sampled_from([1, -1, 100, Decimal("0.01")])))), None
    if way == "function":
        return replace(book, value=str(saved), formula=f"MAX({text},{text})"), None
    if way == "name":
        names = {"甲": "[1]年报!$B$2", "乙": "甲*1", "丙": "年报!$A$1"}
        return replace(
            book, value=str(saved), formula=f"{text}+{draw(st.sampled_from(['甲', '乙']))}-1", names=names
        ), None
    if way == "through":
        linked = {**others, "K2": f"<f>[1]年报!$B$2</f><v>{numbers[0]}</v>"}
        return replace(book, value=str(saved), formula="K2+L2", others=linked), None
    return replace(book, value=f"{float(saved)!r}"), f"{Decimal(repr(float(saved))):f}"


def _half_up(value: Fraction) -> Fraction:
    return Fraction(int(value + Fraction(1, 2)))


# Containers

LAYOUTS = (
    Layout(styles="xl/styles2.xml"),
    Layout(styles="xl/Styles.xml", stored={"xl/Styles.xml": "xl/styles.xml"}),
    Layout(stored={"xl/styles.xml": "XL/STYLES.XML"}),
    Layout(sheet="xl/sheet1.xml"),
    Layout(sheet="xl/Worksheets/Sheet1.xml"),
    Layout(sheet="xl/worksheets/年报.xml"),
    Layout(
        texts="xl/strings/SharedStrings.xml", stored={"xl/strings/SharedStrings.xml": "xl/strings/sharedstrings.xml"}
    ),
    Layout(stored={"xl/sharedStrings.xml": "xl/SharedStrings.xml"}),
    Layout(workbook="xl/workbook2.xml"),
    Layout(workbook="workbook.xml", sheet="sheet1.xml", styles="styles.xml", texts="sharedStrings.xml"),
    Layout(slash="\\"),
    Layout(encoding="utf-16"),
    Layout(namespace=STRICT),
)
