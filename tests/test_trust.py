"""A folder of data brings no code: a workspace's own notebooks run only when its user has said so."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from deliveries import Deliveries, Unwatched, returns_file
from make_workspace import (
    COUNTY_PARAMETERS,
    FINE,
    SHOW_COVER,
    SHOW_END,
    make_notebook,
    make_workspace,
    save,
)
from stats import params as parameters
from stats.build.documents import notebook_process, produce
from stats.build.documents.job import Job
from stats.build.documents.notebooks import own_notebooks, template
from stats.build.documents.reduced import digest
from stats.build.processes import workers
from stats.build.run import build
from stats.build.state.build_state import Options
from stats.build.workspace.confirmation import Used
from stats.cli import main
from stats.documents import NOTEBOOKS
from stats.errors import ExitCode, ParamsError

ROOT = Path(__file__).resolve().parents[1]
OPTION = "--trust-notebooks"
TOWN, ABOUT_COUNTY = "notebooks/town.ipynb", "notebooks/county.ipynb"

pytestmark = pytest.mark.usefixtures("signals_stay")
needs_modes = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes of files")


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own configuration, in which nothing is confirmed yet."""
    folder = tmp_path / "config"
    monkeypatch.setenv("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME", str(folder))
    return folder


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "county", codes=(FINE,), confirmed=False).workspace


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "team", lambda **_: pytest.fail("processes were started"))


def run(workspace: Path, command: str, *options: str) -> int:
    return main([command, "--workspace", str(workspace), *options])


def change(notebook: Path, source: str = "1 + 1") -> None:
    """Give its last cell another source."""
    node = nbformat.read(notebook, as_version=4)
    node.cells[-1].source = f"{source}\n{SHOW_END}"
    nbformat.write(node, notebook)


def memory_of(config: Path) -> Path:
    return config / "stats-annex" / "trusted-notebooks"


# Asked for, and refused.


@pytest.mark.usefixtures("nothing_runs")
def test_own_notebooks_are_refused_and_nothing_is_touched(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(county.rglob("*"))
    assert run(county, "build") == ExitCode.USAGE
    assert sorted(county.rglob("*")) == before
    problem, remedy, _ = capsys.readouterr().err.strip().splitlines()
    assert problem.startswith("未经确认的笔记本 2 个，没有运行：")
    assert OPTION in remedy
    assert TOWN in problem
    assert ABOUT_COUNTY in problem


@pytest.mark.usefixtures("nothing_runs")
def test_the_refusal_says_which_cells_are_not_the_projects(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    county = make_workspace(tmp_path / "county", codes=(FINE,), confirmed=False).workspace
    shutil.rmtree(county / "notebooks")
    node = nbformat.read(ROOT / TOWN, as_version=4)
    node.cells[2].source += "\nimport os"
    del node.cells[5]
    save(node, county / TOWN, confirmed=False)
    assert run(county, "build") == ExitCode.USAGE
    assert f"{TOWN}（第 3 格与项目的不同，比项目的少 1 格）" in capsys.readouterr().err


@pytest.mark.usefixtures("nothing_runs")
def test_another_tag_is_a_difference_although_every_text_is_the_projects(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(county / "notebooks")
    node = nbformat.read(ROOT / TOWN, as_version=4)
    node.cells[5].metadata.tags = ["hide"]
    save(node, county / TOWN, confirmed=False)
    assert run(county, "build") == ExitCode.USAGE
    assert "标签不同" in capsys.readouterr().err


# Confirmed, and remembered.


def test_what_was_confirmed_once_runs_and_says_so_every_time(
    county: Path, config: Path, deliveries: Deliveries, capsys: pytest.CaptureFixture[str]
) -> None:
    used = f"本次使用 {county / 'notebooks'} 中自己的笔记本 2 个，不是项目的：county.ipynb、town.ipynb"
    assert run(county, "build", OPTION) == ExitCode.COMPLETE
    first = capsys.readouterr().err
    assert used in first
    assert str(memory_of(config)) in first
    for options in ([], ["--force"], []):
        assert run(county, "build", *options) == ExitCode.COMPLETE
        later = capsys.readouterr().err
        assert used in later
        assert "记住" not in later
    assert deliveries.made


@pytest.mark.usefixtures("deliveries")
def test_a_machine_is_told_of_own_notebooks_as_an_event(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(county, "build", OPTION, "--json")
    told = json.loads(capsys.readouterr().err.splitlines()[0])
    assert told["event"] == "own_notebooks"
    assert told["newly_confirmed"] is told["remembered"] is True
    assert [(each["name"], each["folder"]) for each in told["notebooks"]] == [
        (name, str(county / "notebooks")) for name in ("county.ipynb", "town.ipynb")
    ]


@pytest.mark.usefixtures("deliveries")
def test_a_changed_notebook_asks_again_and_the_others_do_not(county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(county, "build", OPTION)
    change(county / TOWN)
    capsys.readouterr()
    assert run(county, "build") == ExitCode.USAGE
    problem = capsys.readouterr().err
    assert "未经确认的笔记本 1 个" in problem
    assert TOWN in problem
    assert ABOUT_COUNTY not in problem


@pytest.mark.usefixtures("deliveries")
def test_outputs_stored_in_a_notebook_do_not_ask_again(county: Path) -> None:
    run(county, "build", OPTION)
    node = nbformat.read(county / TOWN, as_version=4)
    node.cells[-1].outputs = [nbformat.v4.new_output("stream", text="<script>")]
    node.cells[-1].execution_count = 7
    node.cells[-1].id = "another"
    node.metadata.language_info = {"name": "python", "version": "3.99"}
    node.metadata.pop("language_info")
    nbformat.write(node, county / TOWN)
    assert run(county, "build") == ExitCode.COMPLETE


@pytest.mark.usefixtures("deliveries")
def test_the_same_notebooks_in_another_county_need_no_second_word(county: Path, tmp_path: Path) -> None:
    run(county, "build", OPTION)
    other = make_workspace(tmp_path / "other", codes=(FINE,), confirmed=False).workspace
    assert run(other, "build") == ExitCode.COMPLETE


@needs_modes
@pytest.mark.usefixtures("deliveries")
def test_confirmations_lie_outside_the_workspace_for_their_owner_alone(county: Path, config: Path) -> None:
    before = {path.name for path in county.iterdir()}
    run(county, "build", OPTION)
    assert {path.name for path in county.iterdir()} == {*before, "reports"}
    folder = memory_of(config)
    kept = list(folder.iterdir())
    assert {path.name for path in kept} == {template(county, name).digest for name in ("town.ipynb", "county.ipynb")}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}


@pytest.mark.usefixtures("deliveries")
def test_a_confirmation_taken_away_is_asked_for_again(county: Path, config: Path) -> None:
    run(county, "build", OPTION)
    (memory_of(config) / template(county, "town.ipynb").digest).unlink()
    assert run(county, "build") == ExitCode.USAGE


# Where nothing can be remembered, and what is no memory.


def without_home(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)


def with_relative_folders(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "HOME", "APPDATA"):
        monkeypatch.setenv(name, "config")


def with_a_file_in_the_way(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("no folder", encoding="utf-8")


@pytest.mark.usefixtures("deliveries")
@pytest.mark.parametrize("spoil", [without_home, with_relative_folders, with_a_file_in_the_way])
def test_where_nothing_can_be_remembered_it_holds_for_that_run_only_and_says_so(
    county: Path,
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path, pytest.MonkeyPatch], None],
) -> None:
    spoil(config, monkeypatch)
    assert run(county, "build", OPTION) == ExitCode.COMPLETE
    assert "只对本次运行有效，没有记住：" in capsys.readouterr().err
    assert run(county, "build") == ExitCode.USAGE


@pytest.mark.skipif(os.name == "nt", reason="the rules of XDG are not those of Windows")
@pytest.mark.usefixtures("deliveries")
def test_without_a_folder_of_its_own_the_configuration_is_below_the_home(
    county: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    run(county, "build", OPTION)
    assert len(list(memory_of(tmp_path / "home/.config").iterdir())) == 2


@pytest.mark.usefixtures("nothing_runs")
def test_a_confirmation_that_came_with_the_data_is_none(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME", str(county / "config"))
    folder = memory_of(county / "config")
    folder.mkdir(mode=0o700, parents=True)
    for name in NOTEBOOKS[:2]:
        (folder / template(county, name).digest).touch(mode=0o600)
    assert run(county, "build") == ExitCode.USAGE


def open_folder(folder: Path, kept: Path) -> None:
    folder.chmod(0o777)


def open_parent(folder: Path, kept: Path) -> None:
    folder.parent.chmod(0o770)


def open_file(folder: Path, kept: Path) -> None:
    kept.chmod(0o666)


def be_a_link(folder: Path, kept: Path) -> None:
    kept.rename(folder.parent / "elsewhere")
    kept.symlink_to(folder.parent / "elsewhere")


@needs_modes
@pytest.mark.usefixtures("deliveries")
@pytest.mark.parametrize("spoil", [open_folder, open_parent, open_file, be_a_link])
def test_a_confirmation_that_another_user_could_have_given_is_none(
    county: Path, config: Path, spoil: Callable[[Path, Path], None]
) -> None:
    run(county, "build", OPTION)
    assert run(county, "build") == ExitCode.COMPLETE
    spoil(memory_of(config), memory_of(config) / template(county, "town.ipynb").digest)
    assert run(county, "build") == ExitCode.USAGE


@needs_modes
@pytest.mark.usefixtures("deliveries")
def test_a_folder_that_others_may_write_to_is_not_said_to_remember(
    county: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory_of(config).mkdir(parents=True)
    memory_of(config).chmod(0o777)
    assert run(county, "build", OPTION) == ExitCode.COMPLETE
    assert "只对本次运行有效" in capsys.readouterr().err
    assert list(memory_of(config).iterdir()) == []


# Commands that only look.


@pytest.mark.usefixtures("deliveries")
@pytest.mark.parametrize("command", ["status", "check", "verify"])
def test_a_command_that_only_looks_runs_nothing_and_tells_of_unconfirmed_notebooks(
    county: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    run(county, "build", OPTION)
    change(county / TOWN)
    monkeypatch.setattr(workers, "team", lambda **_: pytest.fail("processes were started"))
    capsys.readouterr()
    assert run(county, command) == ExitCode.COMPLETE
    assert f"未经确认的笔记本 1 个：{TOWN}；没有运行" in capsys.readouterr().out
    run(county, command, "--json")
    assert json.loads(capsys.readouterr().out)["unconfirmed_notebooks"] == [TOWN]


@pytest.mark.usefixtures("deliveries")
@pytest.mark.parametrize("command", ["status", "check", "verify"])
def test_a_command_that_only_looks_says_nothing_of_confirmed_notebooks(
    county: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    run(county, "build", OPTION)
    capsys.readouterr()
    run(county, command)
    assert "未经确认" not in capsys.readouterr().out


@pytest.mark.usefixtures("deliveries")
def test_building_again_to_compare_runs_no_unconfirmed_notebook(
    county: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(county, "build", OPTION)
    change(county / TOWN)
    monkeypatch.setattr(workers, "team", lambda **_: pytest.fail("processes were started"))
    assert run(county, "verify", "--rebuild") == ExitCode.USAGE
    assert "未经确认的笔记本" in capsys.readouterr().err


def test_published_files_are_verified_although_a_notebook_is_unfit_to_be_run(
    county: Path, deliveries: Deliveries, capsys: pytest.CaptureFixture[str]
) -> None:
    run(county, "build", OPTION)
    (county / TOWN).write_text("{}", encoding="utf-8")
    assert run(county, "verify") == ExitCode.COMPLETE
    assert "未经确认的笔记本 1 个" in capsys.readouterr().out


# The project's own.


def test_the_projects_own_repository_has_no_notebooks_of_its_own() -> None:
    assert own_notebooks(ROOT, NOTEBOOKS) == ()


def test_a_copy_of_the_projects_notebooks_needs_no_confirmation_even_with_other_outputs(county: Path) -> None:
    for name in NOTEBOOKS:
        node = nbformat.read(ROOT / "notebooks" / name, as_version=4)
        for cell in node.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(node, county / "notebooks" / name)
    assert own_notebooks(county, NOTEBOOKS) == ()


def test_a_link_to_the_projects_notebooks_needs_no_confirmation(county: Path) -> None:
    shutil.rmtree(county / "notebooks")
    (county / "notebooks").symlink_to(ROOT / "notebooks")
    assert own_notebooks(county, NOTEBOOKS) == ()


def test_the_projects_town_under_the_name_of_its_county_is_not_the_projects(county: Path) -> None:
    shutil.copyfile(ROOT / TOWN, county / ABOUT_COUNTY)
    assert "county.ipynb" in [each.name for each in own_notebooks(county, NOTEBOOKS)]


@pytest.mark.parametrize(
    "edit",
    [
        lambda node: node.cells[1].update(source="import os"),
        lambda node: node.cells[1].update(cell_type="markdown"),
        lambda node: node.cells[1].metadata.update(tags=["parameters"]),
        lambda node: node.cells.pop(),
        lambda node: node.cells.reverse(),
        lambda node: node.cells[0].update(source=node.cells[0].source + '\nshown = print("x")'),
        lambda node: node.cells[0].update(source=node.cells[0].source.replace("2021", "len('2021')")),
        lambda node: node.cells[0].update(source=node.cells[0].source.replace("unit =", "unit: print(1) =")),
        lambda node: node.cells[0].metadata.update(tags=[]),
        lambda node: node.cells[2].metadata.update(tags=["hide"]),
    ],
    ids=["source", "kind", "tags", "one less", "order", "call", "computed", "annotation", "untagged", "hidden"],
)
def test_whatever_decides_what_runs_makes_another_digest(edit: Callable[[nbformat.NotebookNode], object]) -> None:
    before = digest(make_notebook(SHOW_COVER, SHOW_END))
    node = make_notebook(SHOW_COVER, SHOW_END)
    edit(node)
    assert digest(node) != before


def test_lines_written_one_by_one_are_the_same_notebook(tmp_path: Path) -> None:
    node = make_notebook("a = 1\nb = 2", SHOW_END)
    save(node, tmp_path / TOWN, confirmed=False)
    assert isinstance(json.loads((tmp_path / TOWN).read_text(encoding="utf-8"))["cells"][1]["source"], list)
    assert template(tmp_path, "town.ipynb").digest == digest(node)


# Many counties.


def make_region(folder: Path, *, own: str = "") -> Path:
    """Two counties without notebooks under a region with some; the county ``own`` has its own besides."""
    for code in ("990119", "990118"):
        county = folder / "counties" / code
        make_workspace(county.parent / "990118", codes=(FINE,), confirmed=False).workspace.rename(county)
        for path in (county / "params/county.yaml", returns_file(county)):
            path.write_text(path.read_text(encoding="utf-8").replace("990118", code), encoding="utf-8")
        if code != own:
            shutil.rmtree(county / "notebooks")
    about_county = make_notebook(SHOW_COVER.replace("str(unit)", "'x'"), SHOW_END, parameters_cell=COUNTY_PARAMETERS)
    save(about_county, folder / ABOUT_COUNTY, confirmed=False)
    return folder


@pytest.mark.usefixtures("nothing_runs")
def test_every_county_of_a_region_asks_for_its_own_notebooks_and_for_shared_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(make_region(tmp_path / "region", own="990119"), "build") == ExitCode.USAGE
    first, second, _ = capsys.readouterr().out.splitlines()
    assert first.startswith("990118：未经确认的笔记本 1 个")
    assert f"../../{ABOUT_COUNTY}" in first
    assert second.startswith("990119：未经确认的笔记本 2 个")
    assert f"：{ABOUT_COUNTY}" in second


@pytest.mark.usefixtures("deliveries")
def test_a_region_confirms_at_once_and_names_each_folder_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    region = make_region(tmp_path / "region")
    run(region, "build", OPTION)
    assert capsys.readouterr().err.count(f"本次使用 {region / 'notebooks'} 中自己的笔记本 1 个") == 1
    run(region, "build")
    assert "未经确认" not in capsys.readouterr().out


@pytest.mark.usefixtures("nothing_runs")
def test_a_confirmation_in_the_folder_of_the_region_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    region = make_region(tmp_path / "region")
    monkeypatch.setenv("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME", str(region / "config"))
    memory_of(region / "config").mkdir(mode=0o700, parents=True)
    (memory_of(region / "config") / digest(nbformat.read(region / ABOUT_COUNTY, as_version=4))).touch(mode=0o600)
    assert run(region, "build") == ExitCode.USAGE


# Between the word and the run.


@pytest.mark.usefixtures("nothing_runs")
def test_a_notebook_changed_after_it_was_confirmed_is_not_run(county: Path) -> None:
    class Meddling(Unwatched):
        def uses_own(self, used: Used) -> None:
            change(county / TOWN)

    with pytest.raises(ParamsError, match="在确认之后又被改动"):
        build(parameters.load(county), Options(jobs=1, trust_notebooks=True), Meddling())


def test_whoever_makes_a_document_runs_no_other_notebook_than_the_one_that_was_confirmed(
    county: Path, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs: list[Job] = []
    deliveries.before = jobs.append
    deliveries.build(parameters.load(county), trust_notebooks=True)
    town = next(job for job in jobs if job.unit == FINE)
    monkeypatch.setattr(notebook_process, "execute", lambda *_, **__: pytest.fail("it was run"))
    another = make_notebook(SHOW_COVER, "import os", SHOW_END)
    outcome = produce.produce(replace(town, notebook=another))
    assert outcome.failure is not None
    assert outcome.failure.code == "N-UNCONFIRMED"
    with pytest.raises(pytest.fail.Exception, match="it was run"):
        produce.produce(town)
