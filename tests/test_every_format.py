"""The demonstration county's sets in every format: the same texts in all, nothing hidden and nothing else in any."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatch
from functools import cache
from html import unescape
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pypdf
import pytest
from openpyxl import load_workbook

import demo
from leaky_sets import edit_part
from stats import numbers, present, publish, report
from stats.catalogue.indicators import indicators
from stats.catalogue.status import Status
from stats.cli import main
from stats.disclosure_check import check, strings
from stats.disclosure_check.elsewhere import elsewhere
from stats.disclosure_check.handed_out import HandedOut, read
from stats.disclosure_check.workbook import printed
from stats.errors import ExitCode
from stats.figures import Figure
from stats.present.blocks import Group, Table
from stats.publish import Document, pdf
from stats.publish.characters import texts

EVERY = "html,pdf,docx"
SETS = {("2020", "meeting"): "html", ("2021", "meeting"): EVERY}
LONG = [pytest.param(year, "public", marks=pytest.mark.soak) for year in ("2020", "2021")]
WHOLE = [("2021", "meeting"), LONG[1]]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demonstration") / "county"
    demo.write(folder)
    for (year, edition), formats in SETS.items():
        build(folder, year, edition, formats)
    return folder


def build(workspace: Path, year: str, edition: str, formats: str) -> None:
    main(["build", year, "--workspace", str(workspace), "--edition", edition, "--format", formats, "--json"])


def folder_of(demonstration: Path, year: str, edition: str) -> Path:
    """The set in every format."""
    folder = demonstration / "reports" / year / edition
    if not any(folder.glob("*.docx")):
        build(demonstration, year, edition, EVERY)
    return folder


def with_others_of(edition: str, demonstration: Path) -> None:
    """The public sets of both years beside the others, where one of them is looked at."""
    for year in ("2020", "2021") if edition == "public" else ():
        if not (demonstration / "reports" / year / "public").is_dir():
            build(demonstration, year, "public", "html")


# Nothing leaks.


@pytest.mark.parametrize(("year", "edition"), [*SETS, *LONG])
def test_the_demonstration_county_leaks_nothing(demonstration: Path, year: str, edition: str) -> None:
    with_others_of(edition, demonstration)
    reports = demonstration / "reports"
    checked = check(reports / year / edition, workspace=demonstration, reports=reports)
    assert (checked.leaks, checked.exit_code) == ((), ExitCode.COMPLETE)


@pytest.mark.parametrize("edition", ["meeting", pytest.param("public", marks=pytest.mark.soak)])
def test_a_set_of_it_alone_leaks_nothing(demonstration: Path, edition: str) -> None:
    with_others_of(edition, demonstration)
    assert check(demonstration / f"reports/2020/{edition}", workspace=demonstration).leaks == ()


def test_the_demonstration_county_leaks_nothing_beside_its_records(demonstration: Path) -> None:
    for year in ("2020", "2021"):
        assert main(["issue", year, "--workspace", str(demonstration), "--json"]) == ExitCode.COMPLETE
    checked = check(demonstration / "reports/2020/meeting", workspace=demonstration, reports=demonstration / "reports")
    assert checked.leaks == ()
    assert [name for name in checked.beside if name.startswith("data/issued")] != []


# The same texts everywhere.


def bare(text: str) -> str:
    """Without blanks, page numbers and the head of every page, which may stand within a text that is broken there."""
    return re.sub(r"—\d+—|总第\d+页|演示数据（虚构）", "", re.sub(r"\s", "", text))


def document(notebook: Path) -> Document:
    return publish.document(nbformat.read(notebook, as_version=4))  # type: ignore[no-untyped-call]


def of_page(content: bytes) -> Iterator[str]:
    yield unescape(re.sub(r"<style>.*?</style>|<[^>]*>", "", content.decode(), flags=re.DOTALL))


READERS: dict[str, Callable[[bytes], Iterator[str]]] = {**strings.OF, ".html": of_page}


@cache
def holds(path: Path) -> str:
    """All that a file holds, in one."""
    return "\n".join(bare(text) for text in READERS[path.suffix](path.read_bytes()))


@cache
def pages(path: Path) -> tuple[str, ...]:
    """What each page of a PDF holds."""
    return tuple(bare(text) for text in strings.pages_of_pdf(path.read_bytes()))


def stands(text: str, path: Path) -> bool:
    """Whether a file holds a text, which a page turn of a PDF, with a chart before it, may part."""
    return text in holds(path) or (
        path.suffix == ".pdf" and any(parted(text, before, after) for before, after in pairwise(pages(path)))
    )


def parted(text: str, before: str, after: str) -> bool:
    """Whether one page holds the beginning of a text and the next begins with the rest."""
    return any(after.startswith(text[at:]) and text[:at] in before for at in range(1, len(text)))


@pytest.mark.parametrize(("year", "edition"), WHOLE)
def test_every_text_of_every_document_stands_in_every_format(demonstration: Path, year: str, edition: str) -> None:
    notebooks = sorted(folder_of(demonstration, year, edition).glob("*.ipynb"))
    (volume,) = folder_of(demonstration, year, edition).glob("合订本-*.pdf")
    compared = 0
    for notebook in notebooks:
        wanted = {bare(text.text) for text in texts(document(notebook))}
        for path in (*(notebook.with_suffix(suffix) for suffix in (".html", ".pdf", ".docx")), volume):
            assert [text for text in wanted if not stands(text, path)] == [], path.name
        compared += len(wanted)
    assert len(notebooks) == 42
    assert compared > 5_000


@pytest.mark.parametrize(("year", "edition"), WHOLE)
def test_the_workbook_holds_its_tables_cell_by_cell_and_no_other(demonstration: Path, year: str, edition: str) -> None:
    (path,) = folder_of(demonstration, year, edition).glob("*.xlsx")
    made = present.workbook_sheets(report.whole(year=int(year), edition=edition, workspace=str(demonstration)))
    assert isinstance(made, Group)
    tables = {block.title: block for block in made.blocks if isinstance(block, Table)}
    book = load_workbook(path)
    assert book.sheetnames == ["说明", *tables]
    for title, table in tables.items():
        head, *rows = ([printed(cell) for cell in row] for row in book[title].iter_rows())
        assert head == [column.head for column in table.columns]
        assert rows == [list(row) for row in table.rows]


# Hidden figures.

NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.])")


def numbers_in(text: str) -> set[str]:
    return set(NUMBER.findall(text))


@pytest.mark.parametrize(("year", "edition"), WHOLE)
def test_no_file_holds_a_hidden_figure_as_the_full_edition_prints_it(
    demonstration: Path, year: str, edition: str
) -> None:
    """Looked for are figures that stand nowhere in a unit's documents by chance, in whatever is a string there."""
    folder, looked_for = folder_of(demonstration, year, edition), 0
    shown, full = (figures_of(demonstration, year, each) for each in (edition, "full"))
    rows = {(row["unit_code"], row["indicator"]): row for row in csv.DictReader(csv_of(folder))}
    cells = {(row[0], row[3]): row for row in workbook_rows(folder, "指标长表")}
    for unit, figures in full.items():
        paths = [path for path in folder.iterdir() if f"-{unit}-" in path.name]
        said = numbers_in("".join(t.text for path in paths if path.suffix == ".ipynb" for t in texts(document(path))))
        held = numbers_in("\n".join(map(holds, paths)))
        for code, figure in figures.items():
            if code in shown[unit] and shown[unit][code].status is Status.HIDDEN and figure.rounded is not None:
                value = numbers.display(figure, indicators()[code])
                assert not numbers_in(value) & numbers_in(" ".join((rows[unit, code]["value"], *cells[unit, code][6:])))
                unusual = numbers_in(value) - said
                assert not unusual & held, (unit, code)
                looked_for += len(unusual)
    assert looked_for > (40 if edition == "meeting" else -1)


def figures_of(demonstration: Path, year: str, edition: str) -> Mapping[str, Mapping[str, Figure]]:
    return report.whole(year=int(year), edition=edition, workspace=str(demonstration)).figures()


def csv_of(folder: Path) -> list[str]:
    return (folder / "data/indicators.csv").read_text(encoding="utf-8-sig").splitlines()


def workbook_rows(folder: Path, sheet: str) -> list[list[str]]:
    (path,) = folder.glob("*.xlsx")
    return [[printed(cell) for cell in row] for row in load_workbook(path)[sheet].iter_rows()]


# What was changed by hand.

TOWN = "990118109000"


@pytest.fixture
def two(demonstration: Path, tmp_path: Path) -> HandedOut:
    """A set of the two documents of a town."""
    for path in sorted(folder_of(demonstration, "2021", "meeting").glob(f"附件*-*-{TOWN}-*")):
        shutil.copy(path, tmp_path)
    return replace(
        read(folder_of(demonstration, "2021", "meeting")),
        folder=tmp_path,
        documents={path.name: TOWN for path in sorted(tmp_path.glob("*.html"))},
    )


def file_of(handed_out: HandedOut, suffix: str) -> Path:
    (path,) = handed_out.folder.glob(f"附件3-*.{suffix}")
    return path


def found_in(handed_out: HandedOut) -> set[tuple[str, str]]:
    """Kind and file of every finding."""
    return {(leak.kind, leak.file) for leak in elsewhere(handed_out, handed_out.pages())}


def test_documents_as_they_were_built_say_what_their_pages_say(two: HandedOut) -> None:
    assert found_in(two) == set()


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("word/document.xml", ">[隐]<", ">2<"),
        ("word/document.xml", ">100.0<", ">99.0<"),
        ("word/document.xml", 'descr=""', 'descr="退兵2名"'),
        ("word/document.xml", 'name="示意 1"', 'name="退兵2名"'),
        ("word/headerOdd.xml", "演示数据（虚构）", "2"),
        ("docProps/core.xml", "演示数据（虚构）", "演示数据（虚构）2"),
        ("word/comments.xml", "", "<comments><t>2</t></comments>"),
        ("word/media/*.svg", ">[隐]<", ">2<"),
        ("word/media/*.png", "IDAT", "tEXtIDAT"),
    ],
)
def test_a_number_written_into_a_word_document_is_found(two: HandedOut, part: str, before: str, after: str) -> None:
    path = file_of(two, "docx")
    with ZipFile(path) as file:
        parts = [name for name in file.namelist() if fnmatch(name, part) and before.encode() in file.read(name)]
    edit_part(path, (parts or [part])[0], lambda text: text.replace(before, after, 1))
    assert found_in(two) == {("elsewhere", path.name)}


def altered(found: Document) -> Document:
    """With the first hidden figure of its tables written out."""
    table = next(block for block in found.blocks if isinstance(block, Table) and "[隐]" in str(block.rows))
    rows = tuple(tuple("2" if text == "[隐]" else text for text in row) for row in table.rows)
    return replace(
        found, blocks=tuple(replace(table, rows=rows) if block is table else block for block in found.blocks)
    )


def test_a_number_written_into_a_pdf_is_found(two: HandedOut) -> None:
    path = file_of(two, "pdf")
    path.write_bytes(pdf.make(altered(document(file_of(two, "ipynb")))))
    assert found_in(two) == {("elsewhere", path.name)}


def test_a_number_among_the_properties_of_a_pdf_is_found(two: HandedOut) -> None:
    path = file_of(two, "pdf")
    writer = pypdf.PdfWriter(clone_from=path)
    writer.add_metadata({"/Keywords": "退兵2名"})
    writer.write(path)
    assert ("elsewhere", path.name) in found_in(two)


def bound(handed_out: HandedOut, change: Callable[[Document], Document]) -> None:
    documents = [document((handed_out.folder / name).with_suffix(".ipynb")) for name in handed_out.documents]
    content = pdf.make_bound(
        [change(documents[0]), *documents[1:]], "云汀县2021年度党管武装工作统计附件合订本（会议本）"
    )
    (handed_out.folder / VOLUME).write_bytes(content)


VOLUME = "合订本-会议本.pdf"


@pytest.mark.parametrize(("change", "follows"), [(altered, True), (lambda found: found, False)])
def test_a_number_written_into_the_volume_is_found(
    two: HandedOut, change: Callable[[Document], Document], follows: bool
) -> None:
    bound(two, change)
    assert {kind for kind, _ in found_in(two)} == ({"elsewhere"} if follows else set())


def test_a_volume_of_other_documents_is_not_proved(two: HandedOut) -> None:
    bound(two, lambda found: found)
    for path in two.folder.glob("附件7-*"):
        path.unlink()
    assert found_in(replace(two, documents={file_of(two, "html").name: TOWN})) == {("elsewhere", VOLUME)}


def test_a_number_written_into_a_notebook_is_found(two: HandedOut) -> None:
    path = file_of(two, "ipynb")
    path.write_text(path.read_text(encoding="utf-8").replace("[隐]", "2", 1), encoding="utf-8")
    assert found_in(two) == {("elsewhere", path.name)}


@pytest.mark.parametrize("suffix", ["docx", "pdf", "ipynb"])
def test_a_file_cut_short_is_a_finding_by_name(two: HandedOut, suffix: str) -> None:
    path = file_of(two, suffix)
    path.write_bytes(path.read_bytes()[:2000])
    assert found_in(two) == {("damaged", path.name)}


def test_a_document_without_its_page_is_not_proved(two: HandedOut) -> None:
    file_of(two, "html").unlink()
    names = {file_of(two, suffix).name for suffix in ("docx", "pdf", "ipynb")}
    assert found_in(two) == {("elsewhere", name) for name in names}
