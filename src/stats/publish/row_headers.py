"""Row headers in a finished PDF: the cells that name a row, which typst 0.15 tags as any other. Moves no byte."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

# typst writes the elements of its structure tree plainly, each an object of its own, children before parents.
_ELEMENT = re.compile(rb"\n(\d+) 0 obj\n<</Type/StructElem/S/(Table|TBody|TR|TD)/P (\d+) 0 R([^\n]*)")
_KIDS = re.compile(rb"/K\[([^\]]*)\]")
_HEADERS = re.compile(rb"/Headers\[(?:\(\w+\))+\]")
_REFERENCE = re.compile(rb"(\d+) 0 R")


def with_row_headers(pdf: bytes, columns: Sequence[Collection[int]]) -> bytes:
    """The file with these ``columns`` of each table, in order, tagged as headers of their rows.

    typst names the headers of a column at every cell, and there only them; a reader program that finds such a list asks
    no further. It is taken away, so that the scopes of both kinds of headers tell (ISO 32000-1, 14.8.4.3.4). As many
    bytes as go come, so that every offset in the file stays true.
    """
    elements = {int(found[1]): found for found in _ELEMENT.finditer(pdf)}
    tables = [number for number, found in sorted(elements.items()) if found[2] == b"Table"]
    by_table = dict(zip(tables, columns, strict=True))
    changed = bytearray(pdf)
    for table, row in _rows(elements):
        for column, number in enumerate(_kids(row)):
            cell = elements.get(number)
            if cell is not None:
                changed[cell.start() : cell.end()] = _tagged(cell, is_header=column in by_table[table])
    return bytes(changed)


def _rows(elements: dict[int, re.Match[bytes]]) -> Iterator[tuple[int, re.Match[bytes]]]:
    """The rows in the bodies of tables, each with the number of its table."""
    for found in elements.values():
        body = elements.get(int(found[3]))
        if found[2] == b"TR" and body is not None and body[2] == b"TBody":
            yield int(body[3]), found


def _kids(row: re.Match[bytes]) -> list[int]:
    kids = _KIDS.search(row[4])
    return [int(number) for number in _REFERENCE.findall(kids[1])] if kids else []


def _tagged(cell: re.Match[bytes], *, is_header: bool) -> bytes:
    kids = _KIDS.search(cell[4])
    is_name = is_header and kids is not None and kids[1] != b""
    kind, scope = (b"/S/TH", b"/Scope/Row") if is_name else (b"/S/TD", b"")
    return _HEADERS.sub(lambda found: scope.ljust(len(found[0])), cell[0].replace(b"/S/TD", kind, 1))
