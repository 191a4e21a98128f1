"""Modules, settings and caches lying in a folder of data are read by no engine, no exporter and no command."""

from __future__ import annotations

import ast
import os
import pickle
import site
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbclient
import nbformat
import pytest

from deliveries import set_folder
from fork_driver import driver, run_there
from make_workspace import FINE, make_notebook, make_workspace, save
from poison import LIBRARIES, STANDARD, marked, poison, poison_compiled
from publish_samples import rich_notebook
from stats import import_path
from stats.build.documents import notebook_process
from stats.build.processes.worker_main import plotting_folder
from stats.cli import main
from waiting import LONGEST

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the marks are made with what only POSIX has")

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(sys.executable).parent
ENGINES = ("warm", "stock")
# What a notebook of one's own may well begin with, and where it then looks for modules.
IMPORTS = """\
import decimal, json, logging, random, socket, statistics, sqlite3, tempfile, uuid, xml.dom.minidom
import matplotlib.pyplot as plt
import pandas as pd
from stats import present, report
import stats.publish.pdf, openpyxl, typst
plt.close(plt.figure())"""
LOOK = """\
import os, sys
from pathlib import Path
here = Path.cwd()
found = [entry for entry in sys.path if not os.path.isabs(entry) or Path(entry).resolve().is_relative_to(here)]
assert not found, found
assert "poison" not in str(plt.rcParams["svg.hashsalt"])"""


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    folder = tmp_path / "marks"
    folder.mkdir()
    return folder


def plainly() -> dict[str, str]:
    """The environment of a person's shell: nothing in it keeps Python from looking in the current folder."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def executed(engine: str, folder: Path, *cells: str) -> nbformat.NotebookNode:
    os.environ.pop("PYTEST_CURRENT_TEST", None)
    return notebook_process.execute(
        make_notebook(*cells, parameters_cell=""), {}, folder=folder, seconds=600, engine=engine
    )  # type: ignore[arg-type]


def test_the_poison_works_where_nothing_keeps_python_from_it(tmp_path: Path, marks: Path) -> None:
    poison(tmp_path / "data", marks, ["pandas"])
    notebook = make_notebook("import pandas", parameters_cell="")
    nbclient.NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path / "data")}}).execute()
    assert [mark.rpartition("-")[0] for mark in marked(marks)] == ["data-pandas"]
    poison_compiled(tmp_path / "compiled", marks, ["numpy"])
    nbclient.NotebookClient(
        make_notebook("import numpy"), resources={"metadata": {"path": str(tmp_path / "compiled")}}
    ).execute()
    assert [mark.rpartition("-")[0] for mark in marked(marks)] == ["compiled-numpy", "data-pandas"]


# A whole run, as a person types it in the folder itself.


def poisoned_county(folder: Path) -> Path:
    """A county whose own notebook, confirmed by its user, imports much and looks where it imported it from."""
    return make_workspace(folder, middle=f"{IMPORTS}\n{LOOK}", codes=(FINE,)).workspace


def typed(*command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**plainly(), **environment}
    return subprocess.run(
        command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False, timeout=10 * LONGEST
    )


@pytest.mark.parametrize("put", [poison, poison_compiled])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_in_a_folder_full_of_modules_imports_none_of_them(
    tmp_path: Path, marks: Path, engine: str, put: Callable[[Path, Path], None]
) -> None:
    county = poisoned_county(tmp_path / "county")
    put(county, marks)
    ended = typed(str(SCRIPTS / "stats"), "build", "--engine", engine, "--jobs", "1", folder=county)
    assert marked(marks) == []
    assert ended.returncode == 0, ended.stderr
    assert list(set_folder(county).glob(f"附件3-01-{FINE}-*.html"))


@pytest.mark.parametrize("command", ["check", "status"])
def test_a_command_that_only_looks_imports_none_of_them_either(tmp_path: Path, marks: Path, command: str) -> None:
    county = poisoned_county(tmp_path / "county")
    poison(county, marks)
    assert typed(str(SCRIPTS / "stats"), command, folder=county).returncode == 0
    assert marked(marks) == []


def test_as_a_module_of_python_the_command_leaves_its_folder_out_before_it_imports_a_library(
    tmp_path: Path, marks: Path
) -> None:
    county = poisoned_county(tmp_path / "county")
    poison(county, marks, [name for name in LIBRARIES if name != "stats"])
    ended = typed(sys.executable, "-m", "stats", "build", "--jobs", "1", folder=county)
    assert marked(marks) == []
    assert ended.returncode == 0, ended.stderr


def test_with_a_safe_path_not_even_python_itself_looks_there(tmp_path: Path, marks: Path) -> None:
    county = poisoned_county(tmp_path / "county")
    poison(county, marks)
    assert typed(sys.executable, "-P", "-m", "stats", "status", folder=county).returncode == 0
    assert marked(marks) == []


def test_an_empty_entry_of_the_path_is_not_the_folder_of_the_data(tmp_path: Path, marks: Path) -> None:
    county = poisoned_county(tmp_path / "county")
    poison(county, marks, [name for name in LIBRARIES if name != "stats"], start=["custom", "poisoned_backend"])
    command = (str(SCRIPTS / "stats"), "build", "--jobs", "1")
    ended = typed(*command, folder=county, PYTHONPATH=f"{os.pathsep}{tmp_path / 'library'}")
    assert marked(marks) == []
    assert ended.returncode == 0, ended.stderr


AS_A_LIBRARY = """\
import os, sys, threading, time
from pathlib import Path
from deliveries import Unwatched
from poison import poison
from stats import params
from stats.build.run import build
from stats.build.state.build_state import Options
threaded, engine, marks = sys.argv[1:]
if threaded:
    threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
sys.path[:0] = ["", os.getcwd()]  # as in a notebook, and as with python -m
poison(Path.cwd(), Path(marks))
print(os.getpid(), flush=True)
result = build(params.load(Path.cwd()), Options(jobs=1, engine=engine), Unwatched())
os._exit(result.exit_code)
"""


@pytest.mark.parametrize(("threaded", "engine"), [("", "warm"), ("threaded", "warm"), ("", "stock")])
def test_a_program_that_looks_in_its_folder_has_no_worker_and_no_kernel_that_does(
    tmp_path: Path, marks: Path, threaded: str, engine: str
) -> None:
    county = poisoned_county(tmp_path / "county")
    library = os.pathsep.join([str(ROOT / "tests"), str(ROOT / "src")])
    command = (sys.executable, "-P", "-c", AS_A_LIBRARY, threaded, engine, str(marks))
    ended = typed(*command, folder=county, PYTHONPATH=library)
    assert ended.returncode == 0, ended.stderr
    assert marked(marks, by_others_than=int(ended.stdout)) == []


# Kernels by themselves, whatever the environment says.


@pytest.mark.parametrize("engine", ENGINES)
def test_a_kernel_looks_for_modules_in_no_folder_of_the_data_whatever_its_environment_says(
    tmp_path: Path, marks: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    data, library = tmp_path / "data", tmp_path / "library"
    poison(data, marks)
    (data / "lib").mkdir()
    library.mkdir()
    (library / "of_the_user.py").write_text("", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", ".", str(data), str(data / "lib"), str(library)]))
    monkeypatch.setenv("PYTHONSTARTUP", str(data / "startup.py"))
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(data))
    monkeypatch.setenv("IPYTHONDIR", str(data / ".ipython"))
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "matplotlib"))
    executed(engine, data, IMPORTS, LOOK, "import of_the_user", "assert not sys.pycache_prefix")
    assert marked(marks) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_process_that_a_notebook_starts_does_not_look_there_either(tmp_path: Path, marks: Path, engine: str) -> None:
    poison(tmp_path / "data", marks, ["json"])
    executed(engine, tmp_path / "data", "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import json'])")
    assert marked(marks) == []


def test_cells_do_not_look_where_the_process_does_that_they_are_forked_from(tmp_path: Path) -> None:
    for name in ("data", "elsewhere"):
        (tmp_path / name).mkdir()
    (tmp_path / "data/of_the_data.py").write_text("", encoding="utf-8")
    with (
        tempfile.TemporaryDirectory(prefix="k-") as folder,
        driver(Path(folder), path=str(tmp_path / "data")) as started,
    ):
        for name, cell in (("data", f"import matplotlib.pyplot as plt\n{LOOK}"), ("elsewhere", "import of_the_data")):
            notebook = make_notebook(cell, parameters_cell="")
            for each in (notebook, *notebook.cells):
                each.metadata["papermill"] = {}
            ended = run_there(started, notebook, tmp_path / name)
            assert [each.metadata.papermill["status"] for each in ended.cells][-1] == "completed"


# By hand.


def test_our_engine_imports_nothing_from_the_folder_papermill_runs_in(tmp_path: Path, marks: Path) -> None:
    save(make_notebook(IMPORTS, LOOK, parameters_cell=""), tmp_path / "data/in.ipynb", confirmed=False)
    poison(tmp_path / "data", marks)
    command = [str(SCRIPTS / "papermill"), "in.ipynb", "out.ipynb", "--engine", "stats-warm"]
    ended = typed(*command, folder=tmp_path / "data")
    assert marked(marks) == []
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("exporter", ["appendix_html", "appendix_pdf"])
def test_our_exporters_import_nothing_from_the_folder_nbconvert_runs_in(
    tmp_path: Path, marks: Path, exporter: str
) -> None:
    poison(tmp_path / "data", marks, [name for name in (*LIBRARIES, *STANDARD) if name != "stats"])
    nbformat.write(rich_notebook(), tmp_path / "data/in.ipynb")
    program = (
        "import os, sys, nbconvert\n"
        "import nbconvert.nbconvertapp\n"
        "sys.path.insert(0, os.getcwd())\n"  # as its command does, before it knows of any exporter
        f"nbconvert.get_exporter({exporter!r})().from_filename('in.ipynb')\n"
    )
    ended = typed(sys.executable, "-P", "-c", program, folder=tmp_path / "data")
    assert marked(marks) == []
    assert ended.returncode == 0, ended.stderr


# Settings of the drawing library.


def test_the_drawing_library_is_given_the_users_list_of_fonts_and_none_of_its_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, private = tmp_path / "own", tmp_path / "private"
    for folder in (own / "stylelib", private):
        folder.mkdir(parents=True)
    for name in ("fontlist-v1.json", "matplotlibrc", "stylelib/my.mplstyle"):
        (own / name).write_text("{}", encoding="utf-8")
    monkeypatch.setenv("MPLCONFIGDIR", str(own))
    assert [path.name for path in Path(plotting_folder(private)).rglob("*")] == ["fontlist-v1.json"]


def test_without_a_list_of_fonts_the_drawing_library_makes_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "none"))
    assert list(Path(plotting_folder(tmp_path)).iterdir()) == []


# No pickles.


def calls_that_load(path: Path) -> list[str]:
    """Calls in a module that make objects of bytes, and so may run what they say."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    attributes = [f"{ast.unparse(call.value)}.{call.attr}" for call in calls if isinstance(call, ast.Attribute)]
    names = [call.id for call in calls if isinstance(call, ast.Name)]
    modules = ("pickle.", "shelve.", "joblib.", "dill.", "cloudpickle.", "marshal.")
    return [
        *(each for each in attributes if each.startswith(modules) and not each.endswith((".dumps", ".dump"))),
        *(each for each in attributes if each.endswith((".read_pickle", ".load_source", ".exec_module"))),
        *(each for each in names if each in ("eval", "exec", "execfile", "__import__", "compile")),
    ]


def test_nothing_is_unpickled_but_what_our_own_processes_send_each_other() -> None:
    source = ROOT / "src"
    found = {path.relative_to(source).as_posix(): calls_that_load(path) for path in sorted(source.rglob("*.py"))}
    assert {name: calls for name, calls in found.items() if calls} == {
        "stats/returns/wire_format.py": ["marshal.loads"],
    }


class Marking:
    """What leaves a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[Callable[[str, int], None], tuple[str, int]]:
        return os.mkdir, (str(self._mark), 0o700)


@pytest.mark.usefixtures("deliveries", "signals_stay")
def test_a_pickle_in_the_place_of_what_a_run_keeps_is_not_unpickled(
    tmp_path: Path, marks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    county = make_workspace(tmp_path / "county", codes=(FINE,)).workspace
    for command in ("check", "build"):
        assert main([command, "--workspace", str(county)]) == 0
    kept = [path for path in county.rglob("*") if path.is_file() and ".internal" in path.parts]
    assert {path.suffix for path in kept} >= {".json", ".jsonl", ".csv"}
    pickled = pickle.dumps(Marking(marks / "unpickled"))
    for path in [*kept, county / "data.pkl", county / "notebooks/town.pickle", county / "params/county.joblib"]:
        path.write_bytes(pickled)
    for command in ("check", "status", "verify", "build"):
        main([command, "--workspace", str(county)])
    assert marked(marks) == []
    capsys.readouterr()
    pickle.loads(pickled)
    assert marked(marks) == ["unpickled"]


# Where modules may come from.


def test_an_environment_within_the_folder_stays() -> None:
    entries = [str(ROOT), str(ROOT / "tests"), str(import_path._package()), os.path.join(sys.prefix, "lib"), ""]
    kept = [str(import_path._package())]
    if Path(sys.prefix).resolve().is_relative_to(ROOT):
        kept.append(os.path.join(sys.prefix, "lib"))
    assert import_path.outside(ROOT, entries[:4]) == kept or not Path(sys.prefix).is_relative_to(ROOT)
    assert import_path.outside(ROOT / "tests", [str(ROOT / "tests"), str(ROOT)]) == [str(ROOT)]


def test_a_folder_of_data_within_the_environment_is_left_out_all_the_same() -> None:
    data = os.path.join(sys.prefix, "county")
    assert import_path.outside(data, [data, os.path.join(data, "lib"), sys.prefix]) == [sys.prefix]


def test_a_link_to_the_folder_is_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    assert import_path.outside(tmp_path / "data", [str(tmp_path / "link"), str(tmp_path)]) == [str(tmp_path)]


def test_packages_a_user_installed_for_all_projects_are_left_out_unless_we_are_one_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert import_path.environment("/county", {})["PYTHONNOUSERSITE"] == "1"
    monkeypatch.setattr(site, "USER_SITE", str(import_path._package()))
    assert "PYTHONNOUSERSITE" not in import_path.environment("/county", {"PYTHONNOUSERSITE": ""})


def test_a_process_is_as_it_was_when_the_folder_may_count_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}")
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.syspath_prepend("")
    before = list(sys.path), dict(os.environ)
    with import_path.current_folder_left_out():
        assert "" not in sys.path
        assert "PYTHONPATH" not in os.environ
        assert os.environ["PYTHONSAFEPATH"] == "1"
    assert (list(sys.path), dict(os.environ)) == before
