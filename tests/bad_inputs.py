"""Makes every class of bad input anew, in the project's own tables; ``data/bad_inputs.csv`` says what each must end as.

    python tests/bad_inputs.py FOLDER

writes one file per class, to look at or to try on another program. A table holds a damaged town and its unharmed
neighbour.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from conftest import COUNTY, NEIGHBOUR, TOWN, Row, as_csv, make_rows
from stats.catalogue.variables import variables

TABLE = Path(__file__).parent / "data" / "bad_inputs.csv"
CLEAN = {"bas_population": "12345", "mil_train_rate": "56.7"}
YEAR_ROW = 1


@dataclass(frozen=True)
class Case:
    """One class: what is wrong, how it is made, and what must come of it (columns of the table)."""

    number: str
    wrong: str
    container: str
    damage: str
    text: str
    outcome: str
    question: str
    rule: str
    word: str
    value: str
    declared: str

    @property
    def file(self) -> str:
        """The name of the file; the lock file has the name office programs give it."""
        return "~$报表.xlsx" if self.damage == "lock_file" else f"报表.{self.container}"


def cases() -> list[Case]:
    """All classes, in the order of the table."""
    rows = csv.DictReader(TABLE.open(encoding="utf-8"))
    return [Case(**{**row, "text": row["text"].encode("ascii").decode("unicode_escape")}) for row in rows]


def clean_rows() -> list[Row]:
    """The rows of the town (year, spring, autumn) and of its neighbour, as they should be."""
    return [*make_rows(**CLEAN), *make_rows(unit=NEIGHBOUR, **CLEAN)]


def content(case: Case) -> bytes:
    """The damaged file."""
    if case.damage in BYTES:
        return BYTES[case.damage](case)
    if case.damage in GRIDS:
        return _packed(case, GRIDS[case.damage])
    return _packed(case, _as_grid(ROWS[case.damage](clean_rows(), case)))


def _packed(case: Case, grid: Any) -> bytes:
    made = grid(case) if callable(grid) else grid
    return _csv(made) if case.container == "csv" else _xlsx(made)


def _as_grid(rows: list[Row]) -> list[list[Any]]:
    return [list(rows[0]), *([row[name] for name in rows[0]] for row in rows)]


def _csv(grid: list[list[Any]], *, separator: str = ",", end: str = "\n") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end).writerows(grid)
    return text.getvalue().encode()


def _xlsx(grid: list[list[Any]], *, edit: Callable[[Any, Any], None] | None = None, before: Any = None) -> bytes:
    """The grid as a workbook of texts; ``before`` makes a sheet in front, ``edit`` changes the finished sheet."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        if before:
            before(book)
        sheet = book.add_worksheet("统计表")
        for number, row in enumerate(grid):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value) if isinstance(value, str) else sheet.write(
                    number, column, value
                )
        if edit:
            edit(book, sheet)
    return data.getvalue()


def _clean_grid() -> list[list[Any]]:
    return _as_grid(clean_rows())


def _column(name: str) -> int:
    return _clean_grid()[0].index(name)


# Rows: the town's answers or identity change, the table stays a table.
def _answer(rows: list[Row], case: Case) -> list[Row]:
    rows[0][case.question] = case.text
    return rows


def _number(rows: list[Row], case: Case) -> list[Any]:
    rows[0][case.question] = float(case.text)  # type: ignore[assignment]
    return rows


def _identity(rows: list[Row], case: Case) -> list[Row]:
    return [{**row, case.question: case.text} if row["unit_code"] == TOWN[0] else row for row in rows]


def _name(rows: list[Row], case: Case) -> list[Row]:
    return [{**row, "unit_name": case.text} if row["unit_code"] == TOWN[0] else row for row in rows]


def _nameless(rows: list[Row], case: Case) -> list[Row]:
    return [{**row, "unit_code": "", "unit_name": ""} if row["unit_code"] == TOWN[0] else row for row in rows]


def _swapped(rows: list[Row], case: Case) -> list[Row]:
    for row in rows[1:3]:
        row["rec_exam_passed"], row["rec_exam_attended"] = row["rec_exam_attended"], row["rec_exam_passed"]
    return rows


def _reordered(rows: list[Row], case: Case) -> list[Row]:
    return [dict(reversed(row.items())) for row in rows]


def _without(name: str) -> Callable[[list[Row], Case], list[Row]]:
    return lambda rows, case: [{key: text for key, text in row.items() if key != name} for row in rows]


def _extra_column(rows: list[Row], case: Case) -> list[Row]:
    return [{**row, "种植面积": "1"} for row in rows]


def _other_year(rows: list[Row], case: Case) -> list[Row]:
    return [{**row, "stat_year": "2020"} for row in rows]


def _twice(change: Row) -> Callable[[list[Row], Case], list[Row]]:
    return lambda rows, case: [*rows, {**rows[0], **change}]


def _absent(rows: list[Row], case: Case) -> list[Row]:
    return [row for row in rows if row["unit_code"] != TOWN[0]]


def _rare(rows: list[Row], case: Case) -> list[Row]:
    return [{**row, "remark": "𫭢"} for row in rows]


ROWS: dict[str, Callable[[list[Row], Case], list[Row]]] = {
    "cell": _answer, "number": _number, "identity": _identity, "name": _name, "nameless": _nameless,
    "swapped": _swapped, "reordered": _reordered, "without_column": _without("bas_population"),
    "without_code": _without("unit_code"), "extra_column": _extra_column, "other_year": _other_year,
    "twice": _twice({}), "twice_different": _twice({"fnd_total": "87"}), "absent": _absent,
    "twice_zero_width": _twice({"unit_name": "双\u200b塘镇"}), "as_is": lambda rows, case: rows,
}  # fmt: skip


# Grids: more than the rows of the units stands in the table.
def _total(offset: int) -> Callable[[Case], list[list[Any]]]:
    def grid(case: Case) -> list[list[Any]]:
        rows = _clean_grid()
        total = [""] * len(rows[0])
        total[_column("unit_name")] = "合计"
        total[_column("bas_population")] = str(2 * 12345 + offset)
        return [*rows, total]

    return grid


def _notes_below(case: Case) -> list[list[Any]]:
    width = len(_clean_grid()[0])
    return [
        *_clean_grid(),
        ["注：1. 常住人口为年末数"] + [""] * (width - 1),
        ["2. 资料来源：各镇"] + [""] * (width - 1),
    ]


def _two_heads(case: Case) -> list[list[Any]]:
    width = len(_clean_grid()[0])
    return [["标识", "", "", "基础", "", "党管武装"] + [""] * (width - 6), *_clean_grid()]


def _heads(change: Callable[[str], str]) -> Callable[[Case], list[list[Any]]]:
    return lambda case: [[change(name) for name in _clean_grid()[0]], *_clean_grid()[1:]]


def _title_rows(case: Case) -> list[list[Any]]:
    width = len(_clean_grid()[0])
    return [
        ["二〇二一年武装工作统计年报"] + [""] * (width - 1),
        ["填报范围：全县"] + [""] * (width - 1),
        *_clean_grid(),
    ]


GRIDS: dict[str, Callable[[Case], list[list[Any]]]] = {
    "title_rows": _title_rows, "two_heads": _two_heads, "total_row": _total(0), "total_row_wrong": _total(1),
    "notes_below": _notes_below,
    "spaced_heads": _heads(lambda name: {"fnd_total": " 武装工作经费\n投入合计（万元） "}.get(name, name)),
    "changed_unit": _heads(lambda name: {"fnd_total": "武装工作经费投入合计（元）"}.get(name, name)),
    "header_only": lambda case: _clean_grid()[:1],
}  # fmt: skip


# Two tables in one, totals under the county's code, units of measure around a table.
def _pasted(heads: Callable[[list[str]], list[str]], *, reverse: bool = False) -> Callable[[Case], list[list[Any]]]:
    """The neighbour's rows below heads of their own, ``reverse``: in columns of another order."""

    def grid(case: Case) -> list[list[Any]]:
        first, *rows = _clean_grid()
        town, neighbour = rows[:3], rows[3:]
        below = [heads(first), *neighbour]
        return [first, *town, *([line[::-1] for line in below] if reverse else below)]

    return grid


def _labels(names: list[str]) -> list[str]:
    return [variables()[name].label for name in names]


def _total_of_county(name: str, unit_type: str) -> Callable[[Case], list[list[Any]]]:
    def grid(case: Case) -> list[list[Any]]:
        rows = _clean_grid()
        town = rows[YEAR_ROW]
        added = {n for n, v in variables().items() if v.kind in ("int", "decimal") and v.tier != "id"}
        total = [f"{2 * float(text):g}" if n in added and text else "" for n, text in zip(rows[0], town, strict=True)]
        identity = (COUNTY[0], name, unit_type, "2021", "year")
        return [*rows, [*identity, *total[len(identity) :]]]

    return grid


def _beside(row: int | None) -> Callable[[Case], list[list[Any]]]:
    """The text of the case in a line of its own (-1: below the table), or in a cell to the right (None)."""

    def grid(case: Case) -> list[list[Any]]:
        rows = _clean_grid()
        line = [case.text] + [""] * (len(rows[0]) - 1)
        if row is None:
            return [[*each, case.text if at == YEAR_ROW else ""] for at, each in enumerate(rows)]
        return [line, *rows] if row == 0 else [*rows, line]

    return grid


def _unit_row(case: Case) -> list[list[Any]]:
    heads, *rows = _clean_grid()
    units = [variables()[name].unit for name in heads]
    return [heads, [case.text if case.text and unit == "万元" else unit for unit in units], *rows]


def _shifted(rows: list[Row], case: Case) -> list[Row]:
    """The town's funds a row too low: each in the place of the next question, the first place empty."""
    names = [name for name in rows[0] if name.startswith("fnd_")]
    rows[0].update(dict(zip(names, ["", *(rows[0][name] for name in names[:-1])], strict=True)))
    return rows


def _no_answer_everywhere(rows: list[Row], case: Case) -> list[Row]:
    return [{name: text or case.text for name, text in row.items()} for row in rows]


ROWS |= {"shifted": _shifted, "everywhere": _no_answer_everywhere}
GRIDS |= {
    "pasted_reordered": _pasted(list, reverse=True), "pasted_labels": _pasted(_labels, reverse=True),
    "pasted_strange": _pasted(lambda names: [{"unit_code": "代码"}.get(n, f"第{n[-3:]}栏") for n in names]),
    "pasted_without_code": _pasted(lambda names: ["行号", *names[1:]]),
    "total_named": _total_of_county("全县合计", ""), "total_typed": _total_of_county(COUNTY[1], "合计"),
    "total_as_county": _total_of_county(COUNTY[1], "县级本级"),
    "line_above": _beside(0), "line_below": _beside(-1), "cell_beside": _beside(None), "unit_row": _unit_row,
    "decorated_heads": lambda case: [
        [case.text.format(at, variables()[name].label) for at, name in enumerate(_clean_grid()[0], start=1)],
        *_clean_grid()[1:],
    ],
}  # fmt: skip


# Bytes: the container itself.
def _sheet(edit: Callable[[Any, Any], None]) -> Callable[[Case], bytes]:
    return lambda case: _xlsx(_clean_grid(), edit=edit)


def _formula(text: str, value: Any) -> Callable[[Case], bytes]:
    place = (YEAR_ROW, _column("bas_population"))
    return _sheet(lambda book, sheet: sheet.write_formula(*place, text, None, value))


def _merged(name: str, rows: int) -> Callable[[Case], bytes]:
    column = _column(name)
    text = _clean_grid()[YEAR_ROW][column]
    return _sheet(lambda book, sheet: sheet.merge_range(YEAR_ROW, column, YEAR_ROW + rows, column, text))


def _looking(look: Callable[[Case], dict[str, Any]]) -> Callable[[Case], bytes]:
    """The population as a stored number in a cell of this look."""
    place = (YEAR_ROW, _column("bas_population"))
    return lambda case: _sheet(lambda book, sheet: sheet.write_number(*place, 12345, book.add_format(look(case))))(case)


def _over(book: Any, sheet: Any) -> None:
    sheet.insert_textbox(YEAR_ROW, _column("bas_population"), "12354", {"width": 40, "height": 15})


def _commented(book: Any, sheet: Any) -> None:
    sheet.write_comment(YEAR_ROW, _column("bas_population"), "应为12354")


def _by_name(book: Any, sheet: Any) -> None:
    book.define_name("全县人口", "='[全县.xlsx]年报'!$B$2")
    sheet.write_formula(YEAR_ROW, _column("bas_population"), "=ROUND(全县人口/2,0)", None, 12345)


def _unseen_zero(book: Any, sheet: Any) -> None:
    sheet.hide_zero()
    sheet.write_formula(YEAR_ROW, _column("mil_contests"), "=ZZ9", None, 0)


def _rich(book: Any, sheet: Any) -> None:
    bold = book.add_format({"bold": True})
    sheet.write_rich_string(YEAR_ROW, _column("unit_name"), bold, "双", "塘镇")


def _instructions(book: Any) -> None:
    book.add_worksheet("填报说明").write_string(0, 0, "请在第二张表中填写")


def _last_year(book: Any) -> None:
    sheet = book.add_worksheet("去年")
    for number, row in enumerate(_as_grid(ROWS["other_year"](clean_rows(), None))):  # type: ignore[arg-type]
        sheet.write_row(number, 0, row)


def _without_cached_values(case: Case) -> bytes:
    """As a program saves a formula that nobody has calculated: no result beside it."""
    made = _formula("=12000+345", "")(case)
    return _rezipped(made, lambda name, part: part.replace(b"<v></v>", b"").replace(b"<v/>", b""))


def _error_cell() -> bytes:
    """An error value that is no formula's result, as pasting values leaves it."""
    pattern = re.compile(rb"<f>1/0</f>")
    return _rezipped(_formula("=1/0", "#DIV/0!")(cases()[0]), lambda name, part: pattern.sub(b"", part))


def _rezipped(data: bytes, change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    source, made = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
        for name, part in (extra or {}).items():
            target.writestr(name, part)
    return made.getvalue()


def _with_part(name: str, part: bytes) -> Callable[[Case], bytes]:
    return lambda case: _rezipped(_xlsx(_clean_grid()), lambda _, content: content, {name: part})


def _with_dtd(declaration: bytes) -> Callable[[Case], bytes]:
    def change(name: str, part: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return part
        head, _, body = part.partition(b"?>")
        return head + b"?>" + declaration + body

    return lambda case: _rezipped(_xlsx(_clean_grid()), change)


def _text(
    change: Callable[[str], str] = str, encoding: str = "utf-8", errors: str = "strict"
) -> Callable[[Case], bytes]:
    return lambda case: change(as_csv(clean_rows())).encode(encoding, errors)


def _labelled(encode: Callable[[str], bytes]) -> Callable[[Case], bytes]:
    return lambda case: encode(as_csv(clean_rows(), header=lambda name: variables()[name].label))


def _line(number: int, change: Callable[[str], str]) -> Callable[[str], str]:
    def changed(text: str) -> str:
        lines = text.splitlines()
        lines[number] = change(lines[number])
        return "\n".join(lines) + "\n"

    return changed


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
BYTES: dict[str, Callable[[Case], bytes]] = {
    "error": lambda case: _error_cell(),
    "formula": _without_cached_values,
    "formula_error": _formula("=1/0", "#DIV/0!"),
    "external_link": _formula("='[其他.xlsx]表'!A1", 12345),
    "stale_result": _formula("=12000+345", 5100),
    "uncomputed_result": _formula("=MAX(12345,1)", 12345),
    "linked_by_name": _sheet(_by_name),
    "format": _looking(lambda case: {"num_format": case.text}),
    "white": _looking(lambda case: {"font_color": "#FFFFFF"}),
    "struck": _looking(lambda case: {"font_strikeout": True}),
    "text_box": _sheet(_over),
    "comment": _sheet(_commented),
    "unseen_zero": _sheet(_unseen_zero),
    "merged_year": _merged("stat_year", 2),
    "merged_answers": _merged("bas_population", 1),
    "sheet_before": lambda case: _xlsx(_clean_grid(), before=_instructions),
    "old_sheet": lambda case: _xlsx(_clean_grid(), before=_last_year),
    "rich_text": _sheet(_rich),
    "gbk": _text(encoding="gbk"),
    "bom": _text(encoding="utf-8-sig"),
    "utf16": _text(encoding="utf-16"),
    "gb18030_rare": lambda case: as_csv(_rare(clean_rows(), case)).encode("gb18030"),
    "big5": _labelled(lambda text: text.encode("big5", "replace")),
    "mojibake": _labelled(lambda text: text.encode().decode("gbk", "replace").encode()),
    "nul": _text(lambda text: text.replace("12345", "12\x00345", 1)),
    "cr": _text(lambda text: text.replace("\n", "\r")),
    "semicolon": _text(lambda text: text.replace(",", ";")),
    "tab": _text(lambda text: text.replace(",", "\t")),
    "fw_comma": _text(lambda text: text.replace(",", "，")),
    "extra_field": _text(_line(YEAR_ROW, lambda line: line.replace("12345", "12,345", 1))),
    "short_row": _text(_line(YEAR_ROW, lambda line: line.rsplit(",", 2)[0])),
    "truncated": _text(lambda text: text[:-150]),
    "empty": lambda case: b"",
    "sep_line": _text(lambda text: "sep=,\n" + text),
    "login_page": lambda case: "<html><body>登录超时</body></html>".encode(),
    "xls": lambda case: OLE + bytes(504) + "Workbook".encode("utf-16-le"),
    "html_table": lambda case: "<html><table><tr><td>单位名称</td></tr></table></html>".encode(),
    "encrypted": lambda case: OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le"),
    "scrambled": lambda case: hashlib.sha512(b"key").digest() * 64,
    "seven_zip": lambda case: b"7z\xbc\xaf\x27\x1c" + bytes(200),
    "cut_number": lambda case: as_csv(clean_rows()[::-1])[:-2].encode(),
    "guarded": lambda case: case.text.join(as_csv(clean_rows()).split(",")).encode(),
    "sheet_name": lambda case: _rezipped(
        _xlsx(_clean_grid()), lambda name, part: part.replace("统计表".encode(), case.text.encode())
    ),
    "half": lambda case: (data := _xlsx(_clean_grid()))[: len(data) // 2],
    "lock_file": lambda case: b"\x05office" + bytes(158),
    "macro": _with_part("xl/vbaProject.bin", b"Attribute VB_Name"),
    "bomb": _with_part("xl/media/image1.bin", bytes(60 * 2**20)),
    "million_rows": _with_part("xl/worksheets/sheet9.xml", b"<row/>" * 1_000_000),
    "billion_laughs": _with_dtd(LAUGHS),
    "external_entity": _with_dtd(b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
    "zip_slip": _with_part("../../evil.txt", b"x"),
}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for made in cases():
        (folder / f"{made.number}_{made.damage}_{made.file}").write_bytes(content(made))
