"""A copy of a workbook that holds nothing but the parts that were looked at, from which the values are read.

Every reader finds them there: they have the usual names. There are no styles, so that every number comes as the number
it is, whatever its format.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from python_calamine import CalamineWorkbook

from stats.returns.cell_verdict import Value
from stats.returns.xml_parts import RELATIONS, SHEETS

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ROOT = re.compile(rb"<([\w.-]+(?::[\w.-]+)?)[\s>]")
_NAME = rb"(?:[\w.-]+:)?sheetData"
_END_OF_CELLS = re.compile(rb"</" + _NAME + rb"\s*>|<" + _NAME + rb"(?:\s[^>]*)?/>")
_LARGE = 32 * 2**20  # from here on a part is packed


class Copy:
    """Sheets are added one by one, inside ``with``; their values are read afterwards, in the same order."""

    def __init__(self, shared_texts: bytes) -> None:
        self._target = io.BytesIO()
        self._archive = zipfile.ZipFile(self._target, "w", compresslevel=1)
        self._count = 0
        if shared_texts:
            self._put("xl/sharedStrings.xml", shared_texts)

    def __enter__(self) -> Copy:
        return self

    def __exit__(self, *_: object) -> None:
        numbers = range(1, self._count + 1)
        sheets = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
        head = f'<workbook xmlns="{SHEETS[0]}" xmlns:r="{RELATIONS[0]}">'
        self._put("xl/workbook.xml", f"{head}<sheets>{sheets}</sheets></workbook>".encode())
        self._relate("_rels/.rels", "officeDocument", ["xl/workbook.xml"])
        self._relate("xl/_rels/workbook.xml.rels", "worksheet", [f"worksheets/sheet{n}.xml" for n in numbers])
        self._archive.close()
        self._target.seek(0)

    def add(self, sheet: bytes) -> None:
        """Adds the XML of a sheet, which was looked at, down to its last cell."""
        self._count += 1
        root, end = _ROOT.search(sheet), _END_OF_CELLS.search(sheet)
        closed = sheet[: end.end()] + b"</" + root[1] + b">" if root and end else sheet
        self._put(f"xl/worksheets/sheet{self._count}.xml", closed)

    def values(self) -> Iterator[list[list[Value]]]:
        """The values of each sheet from the upper left cell on; nothing for a sheet without any."""
        book = CalamineWorkbook.from_filelike(self._target) if self._count else None
        for number in range(self._count if book else 0):
            sheet = book.get_sheet_by_index(number)  # type: ignore[union-attr]
            yield sheet.to_python(skip_empty_area=False) if sheet.end is not None else []

    def _relate(self, name: str, kind: str, targets: list[str]) -> None:
        each = (
            f'<Relationship Id="r{n}" Type="{RELATIONS[0]}/{kind}" Target="{target}"/>'
            for n, target in enumerate(targets, start=1)
        )
        self._put(name, f'<Relationships xmlns="{_PACKAGE}">{"".join(each)}</Relationships>'.encode())

    def _put(self, name: str, part: bytes) -> None:
        how = zipfile.ZIP_STORED if len(part) < _LARGE else zipfile.ZIP_DEFLATED
        self._archive.writestr(name, part, how)
