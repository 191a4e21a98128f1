"""The set and its formats are declared in one place each, and whoever needs a name or a number reads it there."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from deliveries import Unwatched
from make_report import make_county_report, make_report
from make_workspace import BROKEN, FINE, NAMES, REFUSED, YEAR, make_workspace
from publish_samples import COVER, rich_notebook
from stats import documents, present, publish
from stats.build import run
from stats.build.documents import produce
from stats.build.documents.failure import DocumentError
from stats.build.documents.job import Job
from stats.build.state.build_state import Options
from stats.build.state.plan import about_returns, plan
from stats.documents import DOCUMENTS, NOTEBOOKS, DocumentEntry
from stats.errors import ExitCode, ParamsError, RunEnvironmentError
from stats.findings import Finding, Severity
from stats.formats import FORMATS, Format, format_of, made_in
from stats.params import Params
from stats.publish import exporters

ROOT = Path(__file__).resolve().parents[1]
DECLARING = ROOT / "src/stats/documents.py"
NAMED = re.compile(rf"附件\d|{'|'.join(re.escape(name) for name in NOTEBOOKS)}")
SHEET = DocumentEntry("sheet", "附件17", "参考单", "党管武装参考单", "town", "供各单位参考")


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module but for its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


def test_nobody_else_knows_a_documents_number_or_notebook() -> None:
    modules = [path for path in (ROOT / "src").rglob("*.py") if path != DECLARING]
    found = [f"{path}:{line} {text}" for path in modules for line, text in texts(path) if NAMED.search(text)]
    assert not found, f"read it from stats.documents: {found}"


def test_every_document_has_its_own_key_number_and_notebook() -> None:
    for name in ("key", "number"):
        values = [getattr(entry, name) for entry in DOCUMENTS]
        assert len(set(values)) == len(values)
    assert {path.name for path in (ROOT / "notebooks").glob("*.ipynb")} >= set(NOTEBOOKS)


def test_every_format_is_an_exporter_of_nbconvert_too() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = declared["project"]["entry-points"]["nbconvert.exporters"]
    assert named == {
        f"appendix_{suffix}": f"stats.publish.exporters:{each.__name__}" for suffix, each in exporters.EXPORTERS.items()
    }, "write the line of a new format into pyproject.toml"


@pytest.mark.parametrize(
    ("chosen", "own", "made"),
    [
        (["html", "pdf"], (), ("html", "pdf", "ipynb")),
        (["pdf"], (), ("pdf", "ipynb")),
        ([], (), ("ipynb",)),
        (["html"], ("pdf",), ("pdf",)),
        (["html"], ("html", "pdf"), ("html",)),
    ],
)
def test_a_document_is_made_in_its_own_formats_that_are_chosen_else_in_all_its_own(
    chosen: list[str], own: tuple[str, ...], made: tuple[str, ...]
) -> None:
    assert made_in(chosen, own) == made


@pytest.mark.parametrize(("chosen", "own"), [(["odt"], ()), (["ipynb"], ()), ([], ("odt",))])
def test_a_format_that_there_is_not_is_refused_with_those_there_are(chosen: list[str], own: tuple[str, ...]) -> None:
    with pytest.raises(ParamsError) as refused:
        made_in(chosen, own)
    assert "不认识的格式" in refused.value.problem
    assert "html、pdf、docx" in refused.value.remedy


@pytest.mark.parametrize(
    ("module", "said"), [("stats.publish.absent", "No module named"), ("stats.publish.title", "缺少 make 或 fault")]
)
def test_a_format_whose_writer_is_not_to_be_had_says_so(module: str, said: str) -> None:
    with pytest.raises(RunEnvironmentError) as refused:
        Format("odt", "Writer", "application/x", module).writer()
    assert refused.value.problem.startswith("不能生成 Writer：")
    assert said in refused.value.problem


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.suffix)
def test_every_format_has_a_writer(each: Format) -> None:
    assert "没有" in each.writer().fault(b"", publish.Document(COVER, ()))


def test_a_document_of_which_a_file_is_lacking_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params, whole = make_workspace(tmp_path / "county", codes=(FINE,)), run._job
    monkeypatch.setattr(run, "_job", lambda *given: replace(whole(*given), formats=("html", "ipynb")))
    result = run.build(params, Options(jobs=1, units=frozenset([FINE])), Unwatched())
    (failure,) = result.failures
    assert (failure.code, failure.message) == ("P-LACKING", "没有得到 pdf、docx 文件，不能算已发布")
    assert result.exit_code == ExitCode.RUN_FAILED
    assert [entry.state for entry in result.entries if entry.unit_code == FINE] == ["failed"]
    assert not list(result.folder.glob("附件*.*"))


@pytest.fixture
def further(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Params:
    """A county of five towns whose set has one more document for each town."""
    monkeypatch.setattr(documents, "DOCUMENTS", (*DOCUMENTS, SHEET))
    return make_workspace(tmp_path / "county").model_copy(
        update={"documents": ("county", "town", "quality", SHEET.key)}
    )


def refusal(unit: str) -> Finding:
    return Finding("V02", Severity.ERROR, "不应", "更正", unit=unit, unit_name=NAMES[unit], year=YEAR)


def test_a_further_document_of_the_towns_is_numbered_by_place_and_named_by_town(further: Params) -> None:
    made = plan(further, findings=(), received=set(NAMES))
    names = [each.name for each in made if each.entry is SHEET]
    assert names[:2] == [f"附件17-01-{FINE}-{NAMES[FINE]}-会议本", f"附件17-02-{BROKEN}-{NAMES[BROKEN]}-会议本"]
    assert [each.number for each in made][:2] == ["附件2", "附件3-01"]
    assert {each.notebook for each in made if each.entry is SHEET} == {"sheet.ipynb"}


def test_while_a_return_is_withheld_only_documents_with_a_page_for_that_stay_in_the_set(further: Params) -> None:
    made = plan(further, findings=[refusal(REFUSED)], received=set(NAMES))
    assert [(each.number, each.notebook) for each in made if each.unit.code == REFUSED] == [
        ("附件3-05", documents.PENDING)
    ]


def test_each_return_is_told_once_however_many_documents_are_about_it(further: Params) -> None:
    told = about_returns(further, findings=(), received=set(NAMES))
    assert [each.unit.code for each in told] == [further.county.code, *sorted(NAMES)]


def test_a_document_of_other_editions_is_not_due(further: Params, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "DOCUMENTS", (replace(SHEET, editions=("full",)),))
    further = further.model_copy(update={"documents": ()})
    assert plan(further, findings=(), received=()) == ()
    full = further.model_copy(update={"edition": "full"})
    assert len(plan(full, findings=(), received=())) == len(NAMES)


def test_a_cover_says_the_document_it_names_else_the_main_one(further: Params) -> None:
    town, county = make_report(place=3), make_county_report()
    assert [present.cover(each).attachment for each in (town, county)] == ["附件3-03", "附件2"]
    named = present.cover(town, "sheet")
    assert (named.attachment, named.title) == ("附件17-03", f"{town.unit.name}2021年度党管武装参考单")
    assert present.pending_cover(town, "sheet").title.endswith("党管武装参考单（待核对）")
    with pytest.raises(ParamsError, match="没有名为“sheat”的附件"):
        present.cover(town, "sheat")


@pytest.mark.parametrize(
    ("printed", "says"),
    [
        ({"attachment": "附件2"}, "封面印的是“附件2 "),
        ({"title": "云岭县清溪镇2021年度党管武装工作统计汇总"}, "统计汇总”，应为“附件3-07 …党管武装工作统计附件”"),
        ({"title": "云岭县清溪镇2021年度\n党管武装工作统计附件（未上报）"}, ""),
    ],
)
def test_a_cover_that_says_another_number_or_heading_is_refused_with_both(printed: dict[str, str], says: str) -> None:
    job = cast(Job, SimpleNamespace(number="附件3-07", entry=documents.entry("town"), unit=COVER.code, year=COVER.year))
    cover = replace(COVER, **printed)
    with pytest.raises(DocumentError, match=re.escape(says)) if says else nullcontext():
        produce._check_cover(job, cover)


WHOLE = publish.document(rich_notebook())


@pytest.mark.parametrize(
    ("suffix", "damage", "lacking"),
    [
        ("html", (rb"(?s)^.*$", rb""), "网页没有写完"),
        ("html", (rb"<svg ", rb"<gone "), "网页中的图少于"),
        ("html", (rb"<table", rb"<gone"), "网页中的表少于"),
        ("html", (COVER.lines[0][1].encode(), b""), f"没有封面所写的“{COVER.lines[0][1]}”"),
        ("pdf", (rb"%%EOF\s*$", rb""), "PDF 没有写完"),
        ("pdf", (rb"/Type\s*/Page\b(?!s)", rb"/Type /Leaf"), "PDF 的页数不对（数出 0 页）"),
        ("pdf", (rb"/FontFile[23]?\b", rb"/FontGone"), "PDF 中没有嵌入字体"),
        ("pdf", (rb"<dc:title>", rb"<dc:other>"), "PDF 的题名不是"),
    ],
)
def test_a_file_that_is_not_whole_is_not_published(
    suffix: str, damage: tuple[bytes, bytes], lacking: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = import_module(format_of(suffix).module)
    made = writer.make(WHOLE)
    assert writer.fault(made, WHOLE) == ""
    monkeypatch.setattr(writer, "make", lambda _: re.sub(*damage, made))
    with pytest.raises(DocumentError, match=re.escape(lacking)) as refused:
        produce._whole(suffix, WHOLE)
    assert (refused.value.code, refused.value.stage) == ("P-ARTEFACT", suffix)
