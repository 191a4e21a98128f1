"""How the set lies on paper: pages against their budgets, blank paper, and tables that say little for their room.

Run: ``python benchmarks/pages.py`` or ``make pages``; a few minutes. Four counties: the demonstration, one of 52 towns
with long names, one in which nobody answered the questions of one domain, and one of five towns. Documents are made
from the shipped notebooks in this process and measured in the printed file.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pymupdf

from stats import publish, report
from stats.catalogue import marks
from stats.catalogue.variables import variables
from stats.present.blocks import Block, Table
from stats.publish.document import Document
from stats.publish.pdf import make

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))  # where the demonstration county is made, for what imports it below

BUDGETS = {"contents": 2, "overview": 1, "county": 16, "town": 6, "quality": 3, "duty": 1, "speech": 2}
"""So many pages a document may have."""
YEAR, SAMPLE, LONG = 2021, 4, "经济技术开发区管理委员会街道办事处"
_MILLIMETRE = 72 / 25.4
_MARKS = {mark.sign for mark in marks.MARKS if mark.sign} | {"隐", "？"}


@dataclass(frozen=True, slots=True)
class Measured:
    """What one document takes and leaves.

    ``blank`` is the greatest share of the text block left empty at the foot of a page before the last, ``last`` how
    much of the last page is filled; ``alone`` counts headings at the very foot of a page, ``mute`` is the share of
    cells that hold only a mark, ``wordy`` names the tables with more in their notes than in their cells.
    """

    document: str
    pages: int
    blank: float
    last: float
    alone: int
    mute: float
    wordy: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        """Whether it has more pages than it may."""
        return self.pages > BUDGETS[self.document.partition(" ")[0]]


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
    filled = [_filled(page) for page in file]
    tables = [block for block in of.blocks if isinstance(block, Table)]
    rows = [(nth in table.groups, row) for table in tables for nth, row in enumerate(table.rows)]
    heads = {row[0] for is_head, row in rows if is_head}
    cells = [cell for is_head, row in rows if not is_head for cell in row[1:]]
    return Measured(
        name,
        len(file),
        blank=1 - min(filled[:-1], default=1.0),
        last=filled[-1],
        alone=sum(_last_line(page) in heads for page in file),
        mute=sum(cell in _MARKS for cell in cells) / max(len(cells), 1),
        wordy=tuple(each.number for each in tables if len("".join(each.notes)) > len("".join(map("".join, each.rows)))),
    )


def _block(page: Any) -> tuple[float, float]:
    """Where the text block begins and ends: GB/T 9704, on a page that lies on its side by its other margins."""
    above, below = (28, 26) if page.rect.width > page.rect.height else (37, 35)
    return above * _MILLIMETRE, page.rect.height - below * _MILLIMETRE


def _ends(page: Any) -> list[float]:
    """The lower ends of everything that lies in the text block."""
    top, bottom = _block(page)
    boxes = [box[:4] for box in page.get_text("blocks")] + [tuple(each["rect"]) for each in page.get_drawings()]
    return [lower for _, upper, _, lower in boxes if upper >= top - 5 and lower <= bottom + 5]


def _filled(page: Any) -> float:
    """How much of the text block lies above the foot of what is printed."""
    top, bottom = _block(page)
    return max(0.0, min(1.0, (max(_ends(page), default=top) - top) / (bottom - top)))


def _last_line(page: Any) -> str:
    _, bottom = _block(page)
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
    for key in ("county", "quality"):
        yield measured(key, document(key, folder))
    for unit in run.params.due(YEAR)[:towns]:
        yield measured(f"town {unit.name}", document("town", folder, unit.code))


def main() -> None:
    print("| 县 | 附件 | 页 | 预算 | 页末最大空白 | 末页 | 孤立标题 | 只有符号的格 | 注比表长 |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, write in COUNTIES.items():
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder))
            for each in of_county(Path(folder), None if name == "演示县" else SAMPLE):
                budget = BUDGETS[each.document.partition(" ")[0]]
                over = " 超" if each.is_over else ""
                print(
                    f"| {name} | {each.document} | {each.pages}{over} | {budget} | {each.blank:.0%} | "
                    f"{each.last:.0%} | {each.alone} | {each.mute:.0%} | {'、'.join(each.wordy)} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
