"""A notebook that another program has opened, run and saved is the same notebook; its kernel is always our Python."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from deliveries import Deliveries, set_folder
from make_workspace import FINE, SHOW_COVER, SHOW_END, TOWN_PARAMETERS, make_notebook, make_workspace, save
from saved_elsewhere import HARMLESS, OTHER_LANGUAGES, Edit
from stats import params as parameters
from stats.build.documents import notebook_process
from stats.build.documents.notebooks import template
from stats.build.documents.reduced import digest, reduced
from stats.build.documents.strip_volatile import strip_volatile, to_bytes
from stats.build.processes import workers
from stats.build.progress import ProgressBar
from stats.build.run import build
from stats.build.state.build_state import Options
from stats.build.state.status import status
from stats.cli import main
from stats.errors import ExitCode, ParamsError
from stats.kernel_choice import remark
from stats.publish import document

TOWN = "notebooks/town.ipynb"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county of one town, delivered and up to date."""
    folder = tmp_path_factory.mktemp("built") / "county"
    params = make_workspace(folder, middle='print("")', codes=(FINE,))
    with pytest.MonkeyPatch.context() as patch:
        deliveries = Deliveries()
        patch.setattr(workers, "team", deliveries.team)
        deliveries.build(params)
    return folder


@pytest.fixture
def county(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "county")


def edited(county: Path, edit: Callable[[NotebookNode], Any]) -> NotebookNode:
    """The town's notebook with this edit, saved by whoever made it and confirmed by nobody."""
    node = nbformat.read(county / TOWN, as_version=4)
    edit(node)
    (county / TOWN).write_text(json.dumps(node, ensure_ascii=False, indent=4), encoding="utf-8")
    return node


def kinds(county: Path) -> set[str]:
    return {each.kind for each in status(parameters.load(county), Options(jobs=1)).standings}


@pytest.mark.parametrize("edit", HARMLESS.values(), ids=HARMLESS)
def test_what_other_programs_save_makes_nothing_stale_and_takes_no_confirmation_back(
    county: Path, deliveries: Deliveries, edit: Edit
) -> None:
    edited(county, edit)
    assert kinds(county) == {"current"}
    deliveries.build(parameters.load(county))
    assert deliveries.made == []


@pytest.mark.parametrize(
    "edit",
    [
        lambda node: node.cells[1].update(source=f"{node.cells[1].source}\n"),
        lambda node: node.cells.insert(2, new_markdown_cell("另有一段。")),
        lambda node: node.cells[2].metadata.update(tags=["hide"]),
        lambda node: node.cells.pop(2),
        lambda node: node.cells[0].update(source=node.cells[0].source.replace("2021", "int('2021')")),
    ],
    ids=["source", "one more", "hidden", "one less", "computed parameter"],
)
def test_a_changed_notebook_makes_its_documents_stale(county: Path, edit: Edit) -> None:
    save(edited(county, edit), county / TOWN)
    assert kinds(county) == {"stale", "current"}


@pytest.mark.parametrize("edit", HARMLESS.values(), ids=HARMLESS)
def test_what_is_run_and_published_is_the_same_whoever_saved_it(county: Path, edit: Edit) -> None:
    before = template(county, "town.ipynb")
    edited(county, edit)
    after = template(county, "town.ipynb")
    first = [cell for cell in before.node.cells if not cell.metadata]
    assert [cell for cell in after.node.cells if not cell.metadata] == first
    assert (after.node.metadata, after.digest) == (before.node.metadata, before.digest)


def test_the_published_notebook_holds_the_parameters_it_was_run_with_and_no_others(tmp_path: Path) -> None:
    node = make_notebook(SHOW_COVER, SHOW_END)
    tried = node.copy()
    tried.cells = [nbformat.from_dict(cell) for cell in node.cells]
    HARMLESS["another unit tried"](tried)
    given = {"unit": FINE, "year": 2021, "edition": "meeting"}
    published = [
        strip_volatile(
            notebook_process.execute(reduced(each), given, folder=tmp_path, seconds=60, engine="stock"), hidden=()
        )
        for each in (node, tried)
    ]
    first = published[0].cells[0]
    values = f'# Parameters\nunit = "{FINE}"\nyear = 2021\nedition = "meeting"\n'
    assert (first.source, first.metadata) == (values, {"tags": ["parameters"]})
    assert [cell.source for cell in published[0].cells[1:]] == [SHOW_COVER, SHOW_END]
    assert to_bytes(published[0]) == to_bytes(published[1])


# The kernel.


@pytest.mark.parametrize("metadata", OTHER_LANGUAGES.values(), ids=OTHER_LANGUAGES)
@pytest.mark.parametrize("engine", ["warm", "stock"])
def test_a_notebook_of_another_language_is_refused_by_name_before_anything_runs(
    county: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, metadata: Any, engine: str
) -> None:
    monkeypatch.setattr(workers, "team", lambda **_: pytest.fail("processes were started"))
    node = nbformat.read(county / TOWN, as_version=4)
    node.metadata = nbformat.from_dict(metadata)
    save(node, county / TOWN)
    assert main(["build", "--workspace", str(county), "--force", "--engine", engine]) == ExitCode.USAGE
    problem, remedy, _ = capsys.readouterr().err.splitlines()[-3:]
    assert "笔记本 town.ipynb" in problem
    assert "Python" in problem
    assert "把内核换成“Python 3”" in remedy


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("VS Code", "笔记本 town.ipynb 没有写明内核，按本工具的 Python 3 运行"),
        ("nbstripout", "笔记本 town.ipynb 没有写明内核，按本工具的 Python 3 运行"),
        ("conda", "笔记本 town.ipynb 写的内核是“conda-env-stats-py”，按本工具的 Python 3 运行"),
        ("folded", ""),
    ],
)
def test_a_kernel_of_another_name_is_told_before_the_first_document(
    county: Path, deliveries: Deliveries, capsys: pytest.CaptureFixture[str], change: str, said: str
) -> None:
    edited(county, HARMLESS[change])
    told: list[str] = []
    deliveries.before = lambda job: told.append(capsys.readouterr().err)
    build(parameters.load(county), Options(jobs=1, force=True), ProgressBar())
    assert said in told[0]
    assert (told[0].count("[提示] 笔记本"), "-k python3" in told[0]) == ((1, True) if said else (0, False))


@pytest.mark.parametrize("change", ["VS Code", "conda", "nbstripout", "Colab"])
def test_both_engines_run_a_notebook_of_any_kernel_name(tmp_path: Path, change: str) -> None:
    node = make_notebook("import sys; sys.executable == 0")
    HARMLESS[change](node)
    executed = notebook_process.execute(reduced(node), {"unit": FINE}, folder=tmp_path, seconds=60, engine="stock")
    assert executed.cells[-1].outputs[0].data["text/plain"] == "False"


@pytest.mark.parametrize("engine", ["stats-warm", None])
@pytest.mark.parametrize(
    ("change", "options", "given"),
    [
        ("VS Code", "-k python3 -l python", {"kernel_name": "python3", "language": "python"}),
        ("conda", "-k python3", {"kernel_name": "python3"}),
        ("nbstripout", "-k python3 -l python", {"kernel_name": "python3", "language": "python"}),
    ],
)
def test_papermill_runs_a_notebook_of_any_kernel_name_with_the_options_that_are_advised(
    tmp_path: Path, change: str, options: str, given: dict[str, str], engine: str | None
) -> None:
    node = make_notebook("unit")
    HARMLESS[change](node)
    nbformat.write(node, tmp_path / "in.ipynb")
    assert f"请加 {options}，" in remark(node.metadata, "in.ipynb")
    executed = papermill.execute_notebook(
        tmp_path / "in.ipynb", None, {"unit": FINE}, engine_name=engine, progress_bar=False, **given
    )
    assert executed.cells[-1].outputs[0].data["text/plain"] == f"'{FINE}'"


@pytest.mark.parametrize("metadata", OTHER_LANGUAGES.values(), ids=OTHER_LANGUAGES)
def test_papermill_with_our_engine_refuses_another_language(tmp_path: Path, metadata: Any) -> None:
    node = make_notebook("unit", parameters_cell=TOWN_PARAMETERS)
    node.metadata = nbformat.from_dict(metadata)
    nbformat.write(node, tmp_path / "in.ipynb")
    with pytest.raises(ParamsError, match=r"笔记本 .*只能运行 Python|笔记本 .*不知道是不是 Python"):
        papermill.execute_notebook(tmp_path / "in.ipynb", None, {}, engine_name="stats-warm", progress_bar=False)


def test_a_notebook_without_outputs_has_the_digest_of_its_file(county: Path) -> None:
    content = json.loads((county / TOWN).read_text(encoding="utf-8"))
    assert digest(content) == template(county, "town.ipynb").digest


# What stands above the cover.


@pytest.mark.parametrize(
    ("above", "said"),
    [
        (["编者：表中数为初步数。"], "封面之前有 1 段文字不印"),
        (["# 说明\n\n甲。\n\n乙。", "丙。"], "封面之前有 4 段文字不印"),
        ([], ""),
    ],
)
def test_a_run_says_once_what_is_left_out_above_the_cover(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], above: list[str], said: str
) -> None:
    params = make_workspace(tmp_path, codes=(FINE,))
    node = make_notebook(SHOW_COVER, SHOW_END)
    node.cells[1:1] = [new_markdown_cell(text) for text in above]
    save(node, tmp_path / TOWN)
    result = build(params, Options(jobs=1, formats=("html",), engine="stock"), ProgressBar())
    told = capsys.readouterr().err
    assert said in told
    assert told.count("[提示] 笔记本 town.ipynb 封面之前") == bool(said)
    assert not any(text in path.read_text("utf-8") for path in set_folder(tmp_path).glob("*.html") for text in above)
    assert result.failures == ()


def test_the_projects_own_notebooks_leave_nothing_out_that_is_not_declared() -> None:
    for path in sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb")):
        assert document(nbformat.read(path, as_version=4)).left_out == 0
