"""How the set lies on paper: pages against their budgets, blank paper, and tables that say little for their room.

Run: ``python benchmarks/pages.py`` or ``make pages``; a few minutes. Four counties: the demonstration, one of 52 towns
with long names, one in which nobody answered the questions of one domain, and one of five towns. Documents are made
from the shipped notebooks in this process and measured in the printed file. Ends with 1 where an aim is missed.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any

import nbformat
import pymupdf

from stats import documents, publish, report
from stats.catalogue import marks
from stats.catalogue.variables import variables
from stats.present.blocks import Block, Table
from stats.publish.document import Document
from stats.publish.pdf import make

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))  # where the demonstration county is made, for what imports it below

YEAR, SAMPLE, LONG = 2021, 4, "经济技术开发区管理委员会街道办事处"
BLANK, LAST, MUTE = 0.08, 1 / 3, 0.08
"""The aims: blank share of the whole set at most, of a last page filled at least, of cells with a mark only at most."""
USUAL, MATRICES, ROWS = 20, 6, 45
"""So many units the budgets are made for, so many of the county's pages are matrices and unit tables, which may go on
further pages where there are more units, and so many rows of units lie on a page of any other document."""
_MILLIMETRE = 72 / 25.4
_GAP = 10 * _MILLIMETRE
_ABOVE_TITLE = 2 * 29.6 + 16
_MARKS = {mark.sign for mark in marks.MARKS if mark.sign} | {"隐", "？"}


@dataclass(frozen=True, slots=True)
class Measured:
    """What one document takes and leaves.

    ``blanks`` are the shares of each page's text block that lie below the last ink or in gaps over 10 mm, without the
    line that is to be left free above the title; ``last`` is how much of the last page is filled. ``alone`` counts
    headings at the very foot of a page, ``bare`` heads of tables over no row, ``mute`` is the share of cells that hold
    only a mark, ``wordy`` names the tables with more in their notes than in their cells. ``wide`` are landscape pages.
    """

    document: str
    budget: int
    blanks: tuple[float, ...]
    last: float
    wide: int
    alone: int
    bare: int
    mute: float
    wordy: tuple[str, ...]

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return len(self.blanks)

    @property
    def blank(self) -> float:
        """The blank share of all its text blocks."""
        return sum(self.blanks) / self.pages

    def missed(self, units: int) -> list[str]:
        """The aims it misses in a county of so many units, in words."""
        told = {
            f"{self.pages}页，预算{self.budget}": self._is_over(units),
            f"末页{self.last:.0%}": self.pages > 1 and self.last < LAST,
            f"孤立标题{self.alone}": self.alone,
            f"无行表头{self.bare}": self.bare,
            f"只有符号的格{self.mute:.1%}": self.mute > MUTE,
            f"注比表长{'、'.join(self.wordy)}": self.wordy,
        }
        return [words for words, is_missed in told.items() if is_missed]

    def _is_over(self, units: int) -> bool:
        more = max(units - USUAL, 0)
        if not more or self.document != "county":
            return self.pages > self.budget + ceil(more / ROWS) * (self.document == "quality")
        return self.pages - self.wide > self.budget - MATRICES


@dataclass
class County:
    """The documents of one county that were measured."""

    name: str
    units: int
    made: list[Measured] = field(default_factory=list)

    @property
    def blank(self) -> float:
        """The blank share of all text blocks measured."""
        blanks = [share for each in self.made for share in each.blanks]
        return sum(blanks) / len(blanks)

    def missed(self) -> list[str]:
        """Which aims are missed where, in words."""
        told = [f"{each.document}：{'，'.join(said)}" for each in self.made if (said := each.missed(self.units))]
        return [*told, *([f"全套空白{self.blank:.1%}"] if self.blank > BLANK else [])]


def document(key: str, workspace: Path, unit: str = "") -> Document:
    """A document of the set as its notebook makes it, without a kernel."""
    book = nbformat.read(ROOT / "notebooks" / f"{key}.ipynb", 4)  # type: ignore[no-untyped-call]
    names: dict[str, Any] = {"unit": unit, "year": YEAR, "edition": "meeting", "workspace": str(workspace)}
    for cell in (cell for cell in book.cells if cell.cell_type == "code"):
        if "parameters" in cell.metadata.get("tags", ()):
            cell.source = "\n".join(f"{name} = {value!r}" for name, value in names.items() if value)
            continue
        cell.outputs = [
            nbformat.v4.new_output("display_data", block._repr_mimebundle_())  # type: ignore[no-untyped-call]
            for block in _run(cell.source, names)
            if block.payload() != {"kind": "group", "blocks": []}
        ]
    return publish.document(nbformat.reads(nbformat.writes(book), 4))  # type: ignore[no-untyped-call]


def _run(source: str, names: dict[str, Any]) -> Iterator[Block]:
    """Run a cell of one of the shipped notebooks; the block it shows, if it shows one."""
    if source.startswith("present."):
        yield eval(source, names)
    else:
        exec(source, names)


def measured(name: str, of: Document) -> Measured:
    """A document printed and measured."""
    file: Any = pymupdf.open(stream=make(of), filetype="pdf")  # type: ignore[no-untyped-call]
    inks = [_ink(page, is_first=nth == 0) for nth, page in enumerate(file)]
    tables = [block for block in of.blocks if isinstance(block, Table)]
    rows = [(nth in table.groups, row) for table in tables for nth, row in enumerate(table.rows)]
    heads = {row[0] for is_head, row in rows if is_head}
    cells = [cell for is_head, row in rows if not is_head for cell in row[1:]]
    return Measured(
        name,
        of.cover.pages,
        blanks=tuple(_blank(ink) for ink in inks),
        last=max((below for _, below in inks[-1]), default=0.0),
        wide=sum(page.rect.width > page.rect.height for page in file),
        alone=sum(_last_line(page) in heads for page in file),
        bare=sum(map(_bare_heads, file)),
        mute=sum(cell in _MARKS for cell in cells) / max(len(cells), 1),
        wordy=tuple(each.number for each in tables if len("".join(each.notes)) > len("".join(map("".join, each.rows)))),
    )


def _block(page: Any) -> tuple[float, float, float]:
    """Where the text block begins and ends, and its left edge: GB/T 9704, on a page on its side by other margins."""
    above, below, left = (27, 27, 35) if page.rect.width > page.rect.height else (37, 35, 26)
    return above * _MILLIMETRE, page.rect.height - below * _MILLIMETRE, left * _MILLIMETRE


def _ink(page: Any, *, is_first: bool) -> list[tuple[float, float]]:
    """Where ink lies in the text block, from its top: begins and ends as shares of its height, in order."""
    top, bottom, edge = _block(page)
    boxes = [word[:4] for word in page.get_text("words")]
    boxes += [tuple(each["rect"]) for each in page.get_drawings()]
    spans = [
        (upper, lower)
        for left, upper, _, lower in boxes
        if left > edge - 5 and upper >= top - 5 and lower <= bottom + 5
    ]
    spans += [(top, top + _ABOVE_TITLE)] if is_first else []
    return sorted(((upper - top) / (bottom - top), min((lower - top) / (bottom - top), 1.0)) for upper, lower in spans)


def _blank(ink: Sequence[tuple[float, float]]) -> float:
    """The share of a text block below its last ink and in gaps over 10 mm."""
    gap, blank, end = _GAP / (225 * _MILLIMETRE), 0.0, 0.0
    for upper, lower in ink:
        blank += upper - end if upper - end > gap else 0.0
        end = max(end, lower)
    return blank + 1 - end


def _bare_heads(page: Any) -> int:
    """The heads of tables, from their thick to their thin rule, that the rule at the foot follows at once."""
    lines = sorted(
        (each["rect"].y0, each["width"])
        for each in page.get_drawings()
        if each["rect"].width > 400 and each["rect"].height < 1 and each["width"]
    )
    return sum(width < 1 and thick > 1.2 and below - above < 8 for (above, width), (below, thick) in pairwise(lines))


def _last_line(page: Any) -> str:
    _, bottom, _ = _block(page)
    lines = [(block[3], block[4]) for block in page.get_text("blocks") if block[3] <= bottom + 5]
    return max(lines, default=(0.0, ""))[1].strip().rpartition("\n")[2]


# The counties.


def demonstration(folder: Path) -> None:
    import demo

    demo.write(folder)


def made_up(folder: Path, towns: int) -> None:
    from region import county

    county(folder, towns=towns)


def long_names(folder: Path) -> None:
    made_up(folder, 52)
    for path in (folder / "params" / "roster.csv", *(folder / "data").glob("returns/*/*.csv")):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("镇,镇", f"{LONG},街道"), encoding="utf-8")


def without_a_domain(folder: Path) -> None:
    made_up(folder, 18)
    asked = variables()
    for path in (folder / "data").glob("returns/*/*.csv"):
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        blank = [{k: "" if k in asked and asked[k].domain == "EMG" else v for k, v in row.items()} for row in rows]
        text = io.StringIO()
        table = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(blank)
        path.write_text(text.getvalue(), encoding="utf-8")


def five_towns(folder: Path) -> None:
    made_up(folder, 5)


COUNTIES: dict[str, Callable[[Path], None]] = {
    "演示县": demonstration,
    "52 个长名单位": long_names,
    "一个领域没有数据": without_a_domain,
    "5 个单位": five_towns,
}


def of_county(folder: Path, towns: int | None = SAMPLE) -> Iterator[Measured]:
    """The county's documents and those of the first towns, all of them where ``towns`` is None."""
    run = report.load(folder, year=YEAR, edition="meeting")
    for entry in documents.DOCUMENTS:
        if entry.formats and "pdf" not in entry.formats:
            continue
        for unit in run.params.due(YEAR)[:towns] if entry.of == "town" else ():
            yield measured(f"{entry.key} {unit.name}", document(entry.key, folder, unit.code))
        if entry.of != "town":
            yield measured(entry.key, document(entry.key, folder))


def measure(name: str, write: Callable[[Path], None]) -> County:
    """A county made, measured and printed, a line a document."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        county = County(name, len(report.load(Path(folder), year=YEAR, edition="meeting").params.due(YEAR)))
        for each in of_county(Path(folder), None if name == "演示县" else SAMPLE):
            county.made.append(each)
            print(
                f"| {name} | {each.document} | {each.pages} | {each.budget} | {each.blank:.0%} | "
                f"{max(each.blanks[:-1], default=0):.0%} | {each.last:.0%} | {each.mute:.0%} | "
                f"{'，'.join(each.missed(county.units))} |",
                flush=True,
            )
    return county


def main() -> int:
    print("| 县 | 附件 | 页 | 预算 | 空白 | 页末最大空白 | 末页 | 只有符号的格 | 未达目标 |")
    print("|---|---|---|---|---|---|---|---|---|")
    counties = [measure(name, write) for name, write in COUNTIES.items()]
    for county in counties:
        longest = max(each.mute for each in county.made)
        print(f"{county.name}：全套空白{county.blank:.1%}，只有符号的格最多{longest:.1%}；", end="")
        print("未达目标：" + "；".join(county.missed()) if county.missed() else "各项目标均达到")
    return int(any(county.missed() for county in counties))


if __name__ == "__main__":
    sys.exit(main())
