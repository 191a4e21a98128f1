"""Damaged files, guided by coverage, against the readers; not part of `make test`.

    python tests/fuzz/fuzz_readers.py -max_total_time=300

A valid table or workbook is damaged somewhere: bytes of a CSV file, bytes of one part of a workbook (packed again, so
that the damage is not merely found by the archive's checksum), or any bytes at all. Whatever is not read must be
refused as RefusalError; a text that was read may hold no control of a spreadsheet's own. Needs atheris.
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
    from stats.returns.delivered import read_file
    from stats.returns.form_table import form_rows, is_form
    from stats.returns.headers import find_headers
    from stats.returns.rows import data_rows
    from stats.returns.rules import RefusalError

CSV = as_csv(make_rows()).encode()
CODECS = ("utf-8", "utf-8-sig", "utf-16", "gb18030")
WANTED = ("001", "183", "184", "186", "206", "416", "202")
BOOKS = [content(case) for case in cases() if case.number in WANTED]
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
