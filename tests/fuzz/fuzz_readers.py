"""Damaged files, guided by coverage, against the readers; not part of `make test`.

    python tests/fuzz/fuzz_readers.py -max_total_time=300

A valid table or workbook is damaged somewhere: bytes of a CSV file, bytes of one part of a workbook (packed again, so
that the damage is not merely found by the archive's checksum), the names of its parts, or any bytes at all. Whatever is
not read must be refused as RefusalError. Needs atheris.
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["stats.returns", "openpyxl", "zipfile", "csv"]):
    from bad_inputs import cases, content
    from conftest import as_csv, make_rows
    from seen_cells import HIDDEN, LAYOUTS, Book, written
    from stats.returns.finding_texts import RefusalError
    from stats.returns.form_table import form_rows, is_form
    from stats.returns.headers import find_headers
    from stats.returns.parsed_file import read_file
    from stats.returns.rows import data_rows

CSV = as_csv(make_rows()).encode()
CODECS = ("utf-8", "utf-8-sig", "utf-16", "gb18030")
WANTED = ("001", "183", "184", "186", "206", "416", "202")
BOOKS = [content(case) for case in cases() if case.number in WANTED]
BOOKS += [written(book) for book in (*HIDDEN, *(Book(layout=layout) for layout in LAYOUTS))]
BOOKS += [written(Book(formula="ROUND(SUM(G2:I2)/2,0)", names={"甲": "[1]a!$B$2"}, view='showZeros="0"'))]
PARTS = [
    {name: archive.read(name) for name in archive.namelist()}
    for archive in map(zipfile.ZipFile, map(io.BytesIO, BOOKS))
]
TOKENS = (
    b'<row r="9">',
    b"</row>",
    b'<c r="ZZ9" t="s"><v>9999</v></c>',
    b"<f>1+1</f>",
    b't="e"',
    b"<v>1e400</v>",
    b"<v>nan</v>",
    b'hidden="1"',
    b'<mergeCell ref="A1:ZZ99"/>',
    b'r:id="rId99"',
    b"<!DOCTYPE x>",
    *(b"0!.0", b"[$-804]", b";;;", b'"', b"[>1]", b"General", b"E+00", b'tint="-1"', b'theme="99"', b'rgb="F"'),
    *(b"SUM(", b"A1:XFD1048576", b"1/0", b"[1]", b"((((((((", b'si="0" t="shared"', b'sqref="A:A"', b"<strike/>"),
    *(b'<c r="B2"><v>1</v><v>2</v></c>', b"<!-- x -->", b"<![CDATA[", b"&#49;", b'TargetMode="External"', b"../.."),
    b"\x00",
    b"\xff",
    b",",
    b'"',
    b"\n",
    b"\r",
    b"\t",
    "，".encode(),
    b"sep=;\n",
)


def damaged(data: atheris.FuzzedDataProvider, text: bytes) -> bytes:
    """The text with a few cuts, insertions and repeats."""
    for _ in range(data.ConsumeIntInRange(1, 4)):
        at = data.ConsumeIntInRange(0, len(text))
        length = data.ConsumeIntInRange(0, 40)
        choice = data.ConsumeIntInRange(0, len(TOKENS))
        junk = data.ConsumeBytes(8) if choice == len(TOKENS) else TOKENS[choice]
        text = text[:at] + junk + text[at + length :]
    return text


def made(data: atheris.FuzzedDataProvider) -> bytes:
    """A file of one of the three kinds."""
    kind = data.ConsumeIntInRange(0, 4)
    if kind == 0:
        return bytes(data.ConsumeBytes(400))
    if kind == 1:
        codec = CODECS[data.ConsumeIntInRange(0, len(CODECS) - 1)]
        return damaged(data, CSV.decode().encode(codec))
    parts = PARTS[data.ConsumeIntInRange(0, len(PARTS) - 1)]
    name = list(parts)[data.ConsumeIntInRange(0, len(parts) - 1)]
    if kind == 2:
        other = data.PickValueInList(
            [name.upper(), name.replace("/", "\\"), f"./{name}", f"x/{name}", name[:-1], "[1]"]
        )
        return packed({(other if each == name else each): part for each, part in parts.items()})
    return packed({**parts, name: damaged(data, parts[name])})


def packed(parts: dict[str, bytes]) -> bytes:
    """The parts as an archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def test_one_input(data: bytes) -> None:
    """One file, read down to its rows."""
    file = made(atheris.FuzzedDataProvider(data))
    try:
        for grid in read_file(file, "2021/a").grids:
            if is_form(grid):
                form_rows(grid, 2021, {})
            elif headers := find_headers(grid):
                data_rows(grid, headers[0])
    except RefusalError:
        return
    except BaseException:
        Path("failing-file").write_bytes(file)
        raise


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
