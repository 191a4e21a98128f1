"""Every reason why a document has to be built again, and what makes an unchanged set be looked at again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest

from deliveries import Deliveries, change_returns, internal_folder, leftovers, published_files, returns_file, set_folder
from make_workspace import COUNTY_PARAMETERS, FINE, REFUSED, YEAR, make_notebook, make_workspace, save
from stats import params as parameters
from stats.build import run
from stats.build.state import sources
from stats.build.state.freshness import reasons, spoilt
from stats.build.state.ledger import Filed, Publication
from stats.build.state.sources import PART_LABELS, sha256
from stats.errors import ExitCode

MADE_FROM = {part: f"{part} 1" for part in PART_LABELS}


@pytest.fixture
def published(tmp_path: Path) -> Publication:
    """The document 甲 as it was put into the folder: a page and a notebook."""
    files = {}
    for name in ("甲.html", "甲.ipynb"):
        (tmp_path / name).write_text(name, encoding="utf-8")
        found = (tmp_path / name).stat()
        files[name] = Filed(sha256(tmp_path / name), found.st_size, found.st_mtime_ns)
    return Publication("甲", "complete", MADE_FROM, files)


def why(published: Publication | None, folder: Path, *formats: str, **changed: str) -> tuple[str, ...]:
    return reasons(published, made_from={**MADE_FROM, **changed}, formats=formats or ("html",), folder=folder)


def test_an_untouched_document_of_the_same_sources_is_up_to_date(published: Publication, tmp_path: Path) -> None:
    assert why(published, tmp_path) == ()


def test_a_document_never_built_says_so_and_nothing_else(tmp_path: Path) -> None:
    assert why(None, tmp_path) == ("尚未生成",)


@pytest.mark.parametrize(
    ("part", "label"),
    [
        ("data", "数据有变化"),
        ("notebook", "笔记本有变化"),
        ("parameters", "参数有变化"),
        ("code", "程序有变化"),
        ("lock", "依赖包有变化"),
        ("fonts", "字体有变化"),
    ],
)
def test_each_part_it_follows_from_is_a_reason_of_its_own(
    published: Publication, tmp_path: Path, part: str, label: str
) -> None:
    assert why(published, tmp_path, **{part: "2"}) == (label,)


def test_a_part_the_record_does_not_know_counts_as_changed(tmp_path: Path, published: Publication) -> None:
    older = Publication("甲", "complete", {"data": MADE_FROM["data"]}, published.files)
    assert "字体有变化" in why(older, tmp_path)


def test_a_format_that_lacks_is_a_reason(published: Publication, tmp_path: Path) -> None:
    assert why(published, tmp_path, "html", "pdf") == ("尚未生成 pdf",)


def test_a_file_that_is_gone_is_a_reason(published: Publication, tmp_path: Path) -> None:
    (tmp_path / "甲.html").unlink()
    assert why(published, tmp_path) == ("html 文件不见了",)


def test_a_file_someone_changed_is_a_reason(published: Publication, tmp_path: Path) -> None:
    (tmp_path / "甲.ipynb").write_text("手改", encoding="utf-8")
    assert why(published, tmp_path) == ("ipynb 文件被改动",)


def test_a_file_replaced_by_a_folder_is_a_reason(published: Publication, tmp_path: Path) -> None:
    (tmp_path / "甲.html").unlink()
    (tmp_path / "甲.html").mkdir()
    assert why(published, tmp_path) == ("html 文件处现在不是文件",)


def test_a_file_of_another_time_stamp_but_the_same_bytes_is_none(published: Publication, tmp_path: Path) -> None:
    """As after a copy of the whole workspace: only then are the bytes read."""
    os.utime(tmp_path / "甲.html", ns=(1, 1))
    assert spoilt(published, tmp_path) == ()


def test_all_reasons_are_named_in_the_order_of_the_parts(published: Publication, tmp_path: Path) -> None:
    (tmp_path / "甲.html").unlink()
    found = why(published, tmp_path, "html", "pdf", fonts="2", data="2")
    assert found == ("数据有变化", "字体有变化", "尚未生成 pdf", "html 文件不见了")


# What each part stands for, seen from a whole run: which documents it makes due.


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a set built whole: the county, one town, its neighbour that is refused, and the quality."""
    folder = tmp_path_factory.mktemp("built") / "county"
    given = Deliveries()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stats.build.processes.workers.team", given.team)
        (folder / "data/benchmarks").mkdir(parents=True)
        assert given.build(make_workspace(folder, codes=(FINE, REFUSED))).exit_code == ExitCode.DATA_REFUSED
    assert len(given.made) == 4
    return folder


@pytest.fixture
def county(built: Path, tmp_path: Path) -> Path:
    """A copy of it with its time stamps, for one test to change."""
    return shutil.copytree(built, tmp_path / "county")


def rebuilt(deliveries: Deliveries, workspace: Path, **options: Any) -> str:
    """Which documents the next run builds: 县, 镇, 待, 质 for county, town, refused neighbour and quality."""
    deliveries.build(parameters.load(workspace), **options)
    kinds = {"附件2": "县", "附件3": "镇", "附件4": "质"}
    return "".join("待" if REFUSED in name else kinds[name[:3]] for name in deliveries.made)


def edit_notebook(path: Path) -> None:
    """Another source of the last cell, confirmed."""
    node = nbformat.read(path, as_version=4)
    node.cells[-1].source += "\n"
    save(node, path)


@pytest.mark.parametrize(("notebook", "due"), [("town", "镇"), ("county", "县"), ("quality", "质")])
def test_a_notebook_makes_its_own_documents_due(county: Path, deliveries: Deliveries, notebook: str, due: str) -> None:
    path = county / f"notebooks/{notebook}.ipynb"
    if not path.exists():
        save(make_notebook("1 + 1", parameters_cell=COUNTY_PARAMETERS), path)
    edit_notebook(path)
    assert rebuilt(deliveries, county) == due


@pytest.mark.parametrize("part", ["_code", "lock_hash"])
def test_code_and_lock_file_make_every_document_due(
    county: Path, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(sources, part, lambda: "0" * 64)
    assert rebuilt(deliveries, county) == "县镇待质"


def test_fonts_make_every_document_due(county: Path, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_fonts", lambda: {"a.otf": "0" * 64})
    assert rebuilt(deliveries, county) == "县镇待质"


def test_a_changed_answer_makes_the_documents_due_that_show_it(county: Path, deliveries: Deliveries) -> None:
    change_returns(county)
    assert "镇" in rebuilt(deliveries, county)


def test_force_makes_every_document_due(county: Path, deliveries: Deliveries) -> None:
    assert rebuilt(deliveries, county, force=True) == "县镇待质"


# The set to which nothing has happened: it is recognised without reading a return. Whatever may matter ends that.


class LookedError(Exception):
    """The run has begun to read the returns."""


def is_looked_at(deliveries: Deliveries, workspace: Path, **options: Any) -> bool:
    def look(*_: Any) -> None:
        raise LookedError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stats.build.run.planned", look)
        try:
            deliveries.build(parameters.load(workspace), **options)
        except LookedError:
            return True
    return False


def test_an_unchanged_set_is_not_looked_at_wherever_it_lies(county: Path, deliveries: Deliveries) -> None:
    assert not is_looked_at(deliveries, county)


def test_an_unchanged_set_comes_to_the_same_as_the_run_that_built_it(county: Path, deliveries: Deliveries) -> None:
    known = deliveries.build(parameters.load(county))
    shutil.rmtree(county / "reports")
    anew = deliveries.build(parameters.load(county))
    assert (known.entries, known.refusals, known.counts) == (anew.entries, anew.refusals, anew.counts)
    assert (known.exit_code, anew.exit_code) == (ExitCode.DATA_REFUSED, ExitCode.DATA_REFUSED)


TOWN_PAGE = f"reports/{YEAR}/meeting/附件3-01-{FINE}-沐云街道-会议本.html"

# The files whose every change must be noticed, each by its path in the workspace.
WATCHED = [
    f"data/returns/{YEAR}/全县.csv",
    "params/county.yaml",
    "notebooks/town.ipynb",
    TOWN_PAGE,
    f"reports/{YEAR}/meeting/manifest.json",
    f"reports/{YEAR}/meeting/index.html",
    f"reports/{YEAR}/meeting/data/indicators.csv",
    f"reports/{YEAR}/.internal/meeting/manifest.json",
    f"reports/{YEAR}/.internal/findings.csv",
]


@pytest.mark.parametrize("path", WATCHED)
def test_an_edited_file_makes_the_set_be_looked_at(county: Path, deliveries: Deliveries, path: str) -> None:
    content = (county / path).read_text(encoding="utf-8")
    edited = content.replace("云汀县", "云河县") if path == "params/county.yaml" else f"{content}\n"
    (county / path).write_text(edited, encoding="utf-8")
    if path.endswith(".ipynb"):
        edit_notebook(county / path)
    assert is_looked_at(deliveries, county)


@pytest.mark.parametrize("path", [path for path in WATCHED if path.startswith("reports/")])
def test_a_deleted_output_makes_the_set_be_looked_at(county: Path, deliveries: Deliveries, path: str) -> None:
    (county / path).unlink()
    assert is_looked_at(deliveries, county)


@pytest.mark.parametrize("path", [path for path in WATCHED if path.startswith("reports/")])
@pytest.mark.parametrize("damage", ["emptied", "edited"])
def test_an_output_that_was_damaged_is_there_again_after_the_next_run(
    county: Path, deliveries: Deliveries, path: str, damage: str
) -> None:
    before = published_files(set_folder(county))
    (county / path).write_text("" if damage == "emptied" else "手改", encoding="utf-8")
    assert rebuilt(deliveries, county) == ("镇" if path == TOWN_PAGE else "")
    assert published_files(set_folder(county)) == before
    assert leftovers(county) == []
    assert not is_looked_at(deliveries, county)


@pytest.mark.parametrize("name", ["returns/2021/双塘镇.csv", "returns/2020/全县.csv", "benchmarks/2020.csv"])
def test_a_new_file_among_the_data_makes_the_set_be_looked_at(county: Path, deliveries: Deliveries, name: str) -> None:
    (county / "data" / name).parent.mkdir(exist_ok=True)
    (county / "data" / name).write_text("", encoding="utf-8")
    assert is_looked_at(deliveries, county)


def test_a_renamed_return_makes_the_set_be_looked_at(county: Path, deliveries: Deliveries) -> None:
    returns_file(county).rename(returns_file(county).with_name("全县各镇.csv"))
    assert is_looked_at(deliveries, county)


def test_a_file_with_a_name_of_another_encoding_is_looked_at_and_ends_no_run(
    county: Path, deliveries: Deliveries
) -> None:
    """As unpacked on Linux from an archive made on a Chinese Windows: 双塘 in GB 18030."""
    with open(os.fsencode(returns_file(county).parent) + b"/\xcb\xab\xcc\xc1.csv", "wb"):
        pass
    assert is_looked_at(deliveries, county)
    assert rebuilt(deliveries, county) in ("", "质")


@pytest.mark.parametrize("part", ["_code", "lock_hash", "_fonts"])
def test_other_code_lock_file_and_fonts_make_the_set_be_looked_at(
    county: Path, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(sources, part, lambda: {} if part == "_fonts" else "0" * 64)
    assert is_looked_at(deliveries, county)


@pytest.mark.parametrize("options", [{"force": True}, {"units": frozenset({FINE})}])
def test_force_and_a_choice_of_units_make_the_set_be_looked_at(
    county: Path, deliveries: Deliveries, options: dict[str, Any]
) -> None:
    assert is_looked_at(deliveries, county, **options)


def test_fewer_formats_are_there_already_and_more_are_looked_at(county: Path, deliveries: Deliveries) -> None:
    assert not is_looked_at(deliveries, county, formats=("html",))
    shutil.rmtree(county / "reports")
    deliveries.build(parameters.load(county), formats=("html",))
    assert is_looked_at(deliveries, county, formats=("html", "pdf"))


def test_a_lost_ledger_makes_the_set_be_looked_at(county: Path, deliveries: Deliveries) -> None:
    (internal_folder(county) / "ledger.jsonl").unlink()
    assert is_looked_at(deliveries, county)


def test_an_edited_page_is_put_right_whichever_line_of_the_ledger_is_damaged(
    built: Path, tmp_path: Path, deliveries: Deliveries
) -> None:
    before = published_files(set_folder(built))
    lines = (internal_folder(built) / "ledger.jsonl").read_bytes().splitlines(keepends=True)
    page = next(name for name in before if name.startswith("附件2") and name.endswith(".html"))
    assert len(lines) == 9
    for place, line in enumerate(lines):
        county = shutil.copytree(built, tmp_path / f"county-{place}")
        damaged = [*lines[:place], b"\xff" + line[1:], *lines[place + 1 :]]
        (internal_folder(county) / "ledger.jsonl").write_bytes(b"".join(damaged))
        (set_folder(county) / page).write_text("手改", encoding="utf-8")
        deliveries.build(parameters.load(county))
        assert published_files(set_folder(county)) == before, line


def test_a_failed_document_makes_the_set_be_looked_at(county: Path, deliveries: Deliveries) -> None:
    deliveries.failure = "N-CELL"
    assert deliveries.build(parameters.load(county), force=True).exit_code == ExitCode.RUN_FAILED
    assert is_looked_at(deliveries, county)


def test_a_return_changed_and_put_back_during_a_run_is_no_whole_run(
    county: Path, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The documents then show the changed return, and the one put back must not pass for what they follow from."""
    first = returns_file(county).read_bytes()
    change_returns(county)
    second = returns_file(county).read_bytes()
    returns_file(county).write_bytes(first)
    planned = run.planned

    def read_in_between(*arguments: Any) -> Any:
        returns_file(county).write_bytes(second)
        return planned(*arguments)

    (county / TOWN_PAGE).unlink()
    with monkeypatch.context() as patch:
        patch.setattr("stats.build.run.planned", read_in_between)
        deliveries.build(parameters.load(county))
    returns_file(county).write_bytes(first)
    assert is_looked_at(deliveries, county)
