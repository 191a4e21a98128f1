"""A published set of eight towns, built once, of which tests change a cell, a line or a file to make it leak."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from demo import CellKey
from small_county import COUNTY, SmallCounty, small_county
from stats.cli import main
from stats.disclosure_check import Checked, check

TOWNS = tuple(f"990118{part}000" for part in ("001", "002", "003", "100", "101", "102", "108", "109"))
SMALL = TOWNS[7]
# Recruits by town: the last one has two this year, and had seven.
RECRUITS: Mapping[int, tuple[int, ...]] = {2020: (28, 24, 19, 16, 11, 8, 6, 7), 2021: (30, 25, 20, 15, 12, 9, 8, 2)}
YEAR = 2021


def eight_towns() -> SmallCounty:
    """The county with recruits as in RECRUITS; in the small town all who qualified enlisted."""
    county = small_county(TOWNS)
    for year, recruits in RECRUITS.items():
        for town, of_year in zip(TOWNS, recruits, strict=True):
            halves = {"spring": of_year // 2, "autumn": of_year - of_year // 2} if year > 2020 else {"autumn": of_year}
            county.answers[CellKey(town, year, "year", "rec_followup_done")] = str(of_year)
            for season, number in halves.items():
                for name, text in funnel(number, all_enlist=town == SMALL).items():
                    county.answers[CellKey(town, year, season, name)] = text
    return county


def funnel(number: int, *, all_enlist: bool = False) -> dict[str, str]:
    """A season's recruitment that ends in so many recruits."""
    counts = {
        "rec_applied": 4 * number + 8,
        "rec_applied_college": 3 * number + 4,
        "rec_exam_attended": 3 * number + 6,
        "rec_exam_passed": 2 * number + 5,
        "rec_both_passed": number if all_enlist else number + 4,
        "rec_enlisted": number,
        "rec_enlisted_college": number - number // 3,
        "rec_enlisted_graduates": number // 3,
        "rec_returned": 0,
    }
    return {name: str(count) for name, count in counts.items()}


@dataclass
class LeakySet:
    """A copy of the set that a test may spoil."""

    workspace: Path
    edition: str = "meeting"

    @property
    def folder(self) -> Path:
        return self.workspace / "reports" / str(YEAR) / self.edition

    def checked(self) -> Checked:
        """What is found in it, with the records and the other sets of the workspace."""
        return check(self.folder, workspace=self.workspace, reports=self.workspace / "reports")

    def kinds(self) -> set[str]:
        return {leak.kind for leak in self.checked().leaks}

    def page(self, unit: str) -> Path:
        """The document about a town, or the county's."""
        pattern = "附件2-*.html" if unit == COUNTY else f"附件3-*-{unit}-*.html"
        (path,) = self.folder.glob(pattern)
        return path

    def county_pages_with(self, words: str) -> list[Path]:
        """The pages about the whole county that print these words."""
        pages = (page for page in sorted(self.folder.glob("*.html")) if not page.name.startswith(("附件3", "附件7")))
        return [page for page in pages if words in page.read_text(encoding="utf-8")]

    @property
    def workbook(self) -> Path:
        """The set's workbook."""
        (path,) = self.folder.glob("附件6-*.xlsx")
        return path

    def put_in_workbook(self, sheet: str, unit: str, head: str, text: str, *row: str) -> None:
        """Write another number or text into a cell of the unit's row that has these texts as well."""
        book = load_workbook(self.workbook)
        heads, *rows = ([str(cell.value or "") for cell in cells] for cells in book[sheet].iter_rows())
        line = next(nth for nth, cells in enumerate(rows, start=2) if {unit, *row} <= set(cells))
        column = next(nth for nth, each in enumerate(heads) if each.startswith(head))
        place, number = f"{get_column_letter(column + 1)}{line}", book.sheetnames.index(sheet) + 1
        cell = f"<v>{text}</v>" if text.replace(".", "").isdecimal() else f"<is><t>{text}</t></is>"
        kind = "" if "<v>" in cell else ' t="inlineStr"'

        def written(xml: str) -> str:
            return re.sub(rf'<c r="{place}"( s="\d+")?[^>]*?(/>|>.*?</c>)', rf'<c r="{place}"\1{kind}>{cell}</c>', xml)

        edit_part(self.workbook, f"xl/worksheets/sheet{number}.xml", written)

    def without_workbook(self) -> None:
        """Take the workbook away, where it would contradict cells that are changed in pages only."""
        self.workbook.unlink()

    def edit(self, path: Path, change: Callable[[str], str]) -> None:
        """Change a file's text; an edit that changes nothing is a mistake of the test."""
        before = path.read_text(encoding="utf-8-sig")
        after = change(before)
        assert after != before, f"nothing to change in {path.name}"
        path.write_text(after, encoding="utf-8")

    def put(self, unit: str, caption: str, row: str, head: str, text: str) -> None:
        """Write another text into a cell of a table."""
        self.edit(self.page(unit), lambda html: with_cell(html, caption, row, head, text))

    def say(self, unit: str, heading: str, sentence: str) -> None:
        """Add a paragraph under a heading."""

        def added(html: str) -> str:
            return re.sub(rf"(<h2[^>]*>[^<]*{heading}</h2>)", rf'\1<p class="text">{sentence}</p>', html)

        self.edit(self.page(unit), added)

    def put_in_csv(self, unit: str, code: str, **cells: str) -> None:
        """Write other texts into a line of ``indicators.csv``."""

        def changed(text: str) -> str:
            rows = list(csv.DictReader(io.StringIO(text)))
            for row in rows:
                if (row["unit_code"], row["indicator"]) == (unit, code):
                    row.update(cells)
            made = io.StringIO()
            table = csv.DictWriter(made, list(rows[0]))
            table.writeheader()
            table.writerows(rows)
            return made.getvalue()

        self.edit(self.folder / "data/indicators.csv", changed)


def edit_part(path: Path, name: str, change: Callable[[str], str]) -> None:
    """Change a part of a workbook or a Word document, or add it; what is no text is kept byte by byte."""
    with ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    before = parts.get(name, b"")
    parts[name] = change(before.decode(errors="surrogateescape")).encode(errors="surrogateescape")
    assert parts[name] != before, f"nothing to change in {name}"
    path.unlink()  # it may be the file of every other copy
    with ZipFile(path, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content)


def with_cell(html: str, caption: str, row: str, head: str, text: str) -> str:
    """The page with another text in the cell of a table: its caption, row and head contain these words.

    Where two rows stand beside each other, the cell is the first under such a head after the one that names the row.
    """
    for table in re.finditer(r"<table.*?</table>", html, re.DOTALL):
        if caption not in plain(re.search(r"<caption.*?</caption>", table[0], re.DOTALL)):
            continue
        heads = [plain(cell) for cell in re.finditer(r'<th scope="col".*?</th>', table[0], re.DOTALL)]
        body = table[0].index("<tbody>")
        for line in re.finditer(r"<tr.*?</tr>", table[0][body:], re.DOTALL):
            cells = list(re.finditer(r"<(t[hd])([^>]*)>(.*?)</\1>", line[0], re.DOTALL))
            starts = [nth for nth, cell in enumerate(cells) if heads[nth] == heads[0] and plain(cell) == row]
            for start in starts:
                column = next(nth for nth in range(start, len(heads)) if heads[nth].startswith(head))
                before = table.start() + body + line.start()
                return html[: before + cells[column].start(3)] + text + html[before + cells[column].end(3) :]
    return html


def plain(found: re.Match[str] | None) -> str:
    """The text of an element without its tags and breaks."""
    return re.sub(r"<[^>]*>|\s", "", found[0]) if found else ""


def built(folder: Path, county: SmallCounty, *editions: str, year: int = YEAR) -> Path:
    """A workspace with the sets of these editions, pages only."""
    workspace = county.write(folder)
    (folder / "params/disclosure.key").write_bytes(b"the key of these tests\n")
    for edition in editions:
        command = [
            "build",
            str(year),
            "--workspace",
            str(workspace),
            "--edition",
            edition,
            "--format",
            "html",
            "--json",
        ]
        assert main(command) == 0
    return workspace


def copied(workspace: Path, folder: Path) -> LeakySet:
    """A copy to spoil, with empty notebooks: a page that is changed would differ from its own."""
    shutil.copytree(workspace, folder, dirs_exist_ok=True)
    for notebook in folder.glob("reports/*/*/*.ipynb"):
        notebook.write_text('{"cells": []}', encoding="utf-8")
    return LeakySet(folder)
