"""Cells without a kernel: one by one what a stock kernel puts out, and every way to die told apart."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode
from papermill.engines import papermill_engines

from cell_samples import DIFFERENT, SAMPLES
from fork_driver import Driver, driver, run_there
from stats import forking
from stats.build.documents import notebook_process
from stats.build.documents.failure import DocumentError
from stats.build.documents.strip_volatile import strip_volatile, to_bytes
from stats.cells import engine, environment, stock
from stats.cells.child import Child, EndedError
from stats.cells.outputs import MEBIBYTE, OutputLimits, output_of, overwritten

pytestmark = pytest.mark.skipif(not forking.is_possible(), reason="this system cannot fork")
ROOT = Path(__file__).resolve().parents[1]
ENGINES = ("warm", "stock")

Run = Callable[..., NotebookNode]


@pytest.fixture(scope="module")
def running() -> Iterator[Driver]:
    with tempfile.TemporaryDirectory(prefix="k-") as folder, driver(Path(folder)) as started:
        yield started


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    before = psutil.Process().children(recursive=True)
    yield
    assert [each for each in psutil.Process().children(recursive=True) if each not in before] == []


def make_notebook(cells: Sequence[str]) -> NotebookNode:
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernelspec}
    )
    for each in (notebook, *notebook.cells):
        each.metadata["papermill"] = {}  # where papermill keeps its notes
    return notebook


@pytest.fixture
def run(running: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run cells one after the other in an empty folder, errors included: forked from a prepared process, or stock."""

    def execute(cells: Sequence[str], **options: Any) -> NotebookNode:
        monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)  # with it, a stock kernel ignores file descriptors
        folder = tmp_path / "folder"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        options = {"coalesce_streams": True, "allow_errors": True, **options}
        if options.get("stock"):
            monkeypatch.chdir(folder)
            return engine.WarmEngine.execute_notebook(make_notebook(cells), "python3", progress_bar=False, **options)
        return run_there(running, make_notebook(cells), folder, **options)

    return execute


def settled(content: Any) -> Any:
    """Without what a stock kernel itself puts out differently from run to run: addresses, its number, its clock."""
    if isinstance(content, Mapping):
        return {name: settled(part) for name, part in content.items()}
    if isinstance(content, list):
        return [settled(part) for part in content]
    if not isinstance(content, str):
        return content
    text = re.sub(r"(0x|at )[0-9a-f]{6,}", "address", content)
    text = re.sub(r"ipykernel_\d+/\d+\.py", "cell.py", text)
    return re.sub(r"(?m)^(CPU times|Wall time): .*$", r"\1", text)


def put_out(notebook: NotebookNode) -> list[tuple[str, int | None, Any]]:
    return [(cell.source, cell.execution_count, settled(cell.outputs)) for cell in notebook.cells]


def printed(notebook: NotebookNode, name: str = "stdout") -> str:
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    return "".join(output.text for output in outputs if output.get("name") == name)


# The same as a stock kernel.


@pytest.mark.parametrize("name", SAMPLES)
def test_cells_put_out_what_they_do_on_a_stock_kernel(run: Run, name: str) -> None:
    both = [put_out(run(SAMPLES[name], stock=used)) for used in (True, False)]
    for expected, found in zip(*both, strict=True):
        if found[0] not in DIFFERENT:
            assert found == expected
        elif error := DIFFERENT[found[0]]:
            assert found[2][-1]["ename"] == error


def test_the_documents_of_the_project_have_the_same_bytes_on_both_kernels() -> None:
    """One after the other in the same process, which reads the county once for all of them."""
    nodes = [nbformat.read(path, as_version=4) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    sources = [cell.source for node in nodes for cell in node.cells if cell.cell_type == "code"]
    every = make_notebook([source.replace('workspace = ""', f"workspace = {str(ROOT)!r}") for source in sources])
    every.cells[0].metadata["tags"] = ["parameters"]
    made = [
        to_bytes(strip_volatile(notebook_process.execute(every, {}, folder=ROOT, seconds=600, engine=used), hidden=[]))
        for used in ENGINES
    ]
    assert made[0] == made[1]
    assert made[0].count(b'"kind": "end"') == len(nodes)


def test_nothing_one_document_changed_is_found_by_the_next(run: Run) -> None:
    look = (
        "import os, sys, json, random, warnings, logging, builtins, numpy, matplotlib, pandas\n"
        "(os.environ.get('MARK'), os.getcwd(), json.dumps([1]), hasattr(builtins, 'mark'), 'mark' in globals(),"
        " matplotlib.rcParams['figure.dpi'], pandas.options.display.max_rows, os.path.exists('mark'),"
        " 'mark' in sys.path, logging.root.level, len(In), sys.modules.get('mark'))"
    )
    change = (
        "import os, sys, json, random, warnings, logging, builtins, numpy, matplotlib, pandas\n"
        "os.environ['MARK'] = builtins.mark = mark = 'x'\njson.dumps = str\nsys.path.append('mark')\n"
        "matplotlib.rcParams['figure.dpi'] = 7\npandas.options.display.max_rows = 7\nlogging.root.setLevel(7)\n"
        "random.seed(1)\nnumpy.random.seed(1)\nsys.modules['mark'] = json\nos.chdir('/')"
    )
    before = run([look])
    run([change])
    after = run([look])
    assert before.cells[0].outputs[0].output_type == "execute_result"
    assert put_out(after) == put_out(before)


def test_random_numbers_differ_between_documents_that_set_no_seed(run: Run) -> None:
    cells = ["import random, numpy\nprint(random.random(), numpy.random.random())"]
    first, second = (printed(run(cells)).split() for _ in range(2))
    assert not set(first) & set(second)


@pytest.mark.parametrize("used", [False, True])
def test_an_output_of_an_earlier_cell_is_updated_although_printed_text_was_joined(run: Run, used: bool) -> None:
    cells = [
        "import sys\nfrom IPython.display import display, update_display\nprint(1)\nprint(2, file=sys.stderr)\n"
        "sys.stderr.flush()\nprint(3)\nhandle = display('old', display_id='one')",
        "handle.update('new')",
    ]
    executed = run(cells, stock=used)
    assert executed.cells[0].outputs[-1].data == {"text/plain": "'new'"}


@pytest.mark.parametrize(("text", "left"), [("10%\r20%\r\ndone", "20%\r\ndone"), ("a\rb\rc", "c"), ("a\r", "a\r")])
def test_overwritten_text_is_taken_out(text: str, left: str) -> None:
    assert overwritten(text) == left


@pytest.mark.parametrize("data", [{"text/plain": 5}, {"text/plain": None}, {"text/html": {"a": 1}}])
def test_an_output_that_no_notebook_may_hold_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(nbformat.ValidationError):
        output_of({"output_type": "display_data", "data": data, "metadata": {}})


# What only shows after the last cell.

LATE = {
    "thread": "import threading, time\ndef late():\n    time.sleep(0.5)\n    raise ValueError('late')\n"
    "threading.Thread(target=late).start()",
    "task": "import asyncio\nasync def late(): raise ValueError('late')\ntask = asyncio.create_task(late())",
    "collected": "class Late:\n    def __del__(self): raise ValueError('late')\n"
    "late = Late()\nlate.me = late\ndel late",
}


@pytest.mark.parametrize("name", LATE)
def test_a_failure_nobody_waits_for_shows_in_the_document(run: Run, name: str) -> None:
    executed = run([LATE[name]])
    assert "ValueError" in printed(executed, "stderr")
    assert "late" in printed(executed, "stderr")


def test_a_pool_that_waits_for_work_does_not_hold_up_the_end(run: Run) -> None:
    cells = [
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\npool.submit(int).result()"
    ]
    assert run(cells).cells[0].outputs[0].data == {"text/plain": "0"}


# What is put out in the background, on either kernel.

SAYING = "import threading, time\nfrom concurrent.futures import ThreadPoolExecutor\ndef late():\n    time.sleep({})\n"
BACKGROUND = {
    "a thread": ("threading.Thread(target=late).start()", "late\n", ""),
    "a daemon of the notebook": ("threading.Thread(target=late, daemon=True).start()", "late\n", ""),
    "a timer": ("threading.Timer(0.1, late).start()", "late\n", ""),
    "a pool": ("pool = ThreadPoolExecutor(1); future = pool.submit(late)", "late\n", ""),
    "a job of IPython": (
        "from IPython.lib.backgroundjobs import BackgroundJobManager\njob = BackgroundJobManager().new('late()')",
        "late\n",
        "",
    ),
    "between two cells": ("threading.Thread(target=late).start()\n---\ntime.sleep(1)\n---\n1", "late\n", ""),
    "a library's daemon": ("threading.Thread(target=time.sleep, args=(60,), daemon=True).start()", "", ""),
    "one that never ends": (
        "thread = threading.Thread(target=threading.Event().wait, name='钟', daemon=False); thread.start()",
        "",
        "后台线程 钟 没有结束\n",
    ),
    "a daemon that never ends": (
        "thread = threading.Thread(target=lambda: time.sleep(60), name='钟', daemon=True); thread.start()",
        "",
        "后台线程 钟 没有结束\n",
    ),
}


@pytest.mark.parametrize("used", ENGINES)
@pytest.mark.parametrize("name", BACKGROUND)
def test_what_is_put_out_in_the_background_reaches_the_notebook_on_either_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, used: str, name: str
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    source, said, complained = BACKGROUND[name]
    executed = execute(f"{SAYING.format(0.3)}    print('late')\n{source}\n---\n'last'", tmp_path, used=used)
    assert (printed(executed), printed(executed, "stderr")) == (said, complained)


# Time, memory and amount.


def execute(source: str, folder: Path, *, used: str = "warm", seconds: float = 60, **options: Any) -> NotebookNode:
    cells = [nbformat.v4.new_code_cell("unit = ''", metadata={"tags": ["parameters"]})]
    cells += make_notebook(source.split("\n---\n")).cells
    notebook = make_notebook([])
    notebook.cells = cells
    return notebook_process.execute(notebook, {"unit": "1"}, folder=folder, seconds=seconds, engine=used, **options)


def failed(source: str, folder: Path, **options: Any) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        execute(source, folder, **options)
    return caught.value


@pytest.mark.parametrize("used", ENGINES)
@pytest.mark.parametrize(
    ("source", "code", "named"),
    [
        ("import os\nos._exit(3)", "K-DEAD", "退出码 3"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "K-DEAD", "SIGSEGV"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "K-DEAD", "SIGKILL"),
        ("raise MemoryError", "K-OOM", "MemoryError"),
        ("1 / 0", "N-CELL", "division by zero"),
        ("while True: print('x' * 1000)", "N-OUTPUT", "打印的文字超过 1 MiB"),
    ],
)
def test_each_way_to_fail_has_its_code(tmp_path: Path, used: str, source: str, code: str, named: str) -> None:
    error = failed(source, tmp_path, used=used)
    assert (error.code, named in error.message) == (code, True), error.message
    assert error.notebook is not None


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.sleep(300)",
        "7 ** (2 * 10 ** 8)",
        "import signal, time\nfor number in (signal.SIGINT, signal.SIGTERM): signal.signal(number, signal.SIG_IGN)\n"
        "time.sleep(300)",
        "import subprocess\nsubprocess.run(['sleep', '300'])",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(300,)).start()",
        "import asyncio\nawait asyncio.sleep(300)",
    ],
)
def test_a_document_is_ended_at_its_time_limit_whatever_it_does(tmp_path: Path, source: str) -> None:
    code = "K-START"
    for seconds in (3, 6, 12, 24, 48):  # until there is time enough to start
        if code == "K-START":
            code = failed(f"print('begun', flush=True)\n---\n{source}", tmp_path, seconds=seconds).code
    assert code == "K-TIMEOUT"


def test_what_was_put_out_before_the_end_is_kept(tmp_path: Path) -> None:
    error = failed("print('first')\n---\nimport os\nprint('second', flush=True)\nos._exit(1)", tmp_path)
    assert error.notebook is not None
    assert printed(NotebookNode(cells=error.notebook.cells[2:])) == "first\nsecond\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps this limit")
def test_memory_beyond_the_limit_is_refused_and_less_is_not(tmp_path: Path) -> None:
    source = "block = bytearray(300 * 2 ** 20)\nlen(block)"
    assert failed(source, tmp_path, memory=200 * MEBIBYTE).code == "K-OOM"
    assert execute(source, tmp_path, memory=600 * MEBIBYTE).cells[-1].outputs[0].data == {"text/plain": "314572800"}


@pytest.mark.parametrize("used", ENGINES)
def test_outputs_are_limited_altogether(tmp_path: Path, used: str) -> None:
    source = "\n---\n".join(["from IPython.display import HTML\nHTML('x' * 60_000)"] * 2)
    error = failed(source, tmp_path, used=used, limits=OutputLimits(total=100_000))
    assert error.code == "N-OUTPUT"
    assert "第 4 个单元格的输出合计" in error.message


def test_a_single_output_that_is_too_large_is_not_even_taken_in(tmp_path: Path) -> None:
    error = failed("'x' * 5_000_000", tmp_path, limits=OutputLimits(total=1_000_000))
    assert error.code == "N-OUTPUT"


@pytest.mark.parametrize("used", [False, True])
def test_one_long_line_is_joined_in_no_time_worth_mentioning(run: Run, used: bool) -> None:
    """nbclient's own pattern would run for hours."""
    assert len(printed(run(["print('x' * 1_000_000)"], stock=used))) == 1_000_001


def test_a_process_that_cannot_begin_has_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    assert failed("1", tmp_path).code == "K-START"


@pytest.mark.parametrize("kind", [OSError, RuntimeError])
def test_what_keeps_a_process_from_beginning_is_told_before_the_first_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    def refuse(size: int | None) -> None:
        raise kind("does not read back")

    monkeypatch.setattr(environment, "limit_memory", refuse)
    error = failed("1", tmp_path)
    assert (error.code, "does not read back" in error.message) == ("K-START", True)


@pytest.mark.parametrize("source", ["1 / 0", "exit"])
def test_no_cell_runs_after_one_that_fails_or_leaves(tmp_path: Path, source: str) -> None:
    error = failed(f"{source}\n---\nopen('went-on', 'w').close()", tmp_path)
    assert error.code == ("K-DEAD" if source == "exit" else "N-CELL")
    assert not (tmp_path / "went-on").exists()


# What needs a kernel.


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("input()", "input()"),
        ("import getpass; getpass.getpass()", "getpass()"),
        ("import comm; comm.create_comm(target_name='x')", "widget"),
    ],
)
def test_what_needs_a_kernel_is_refused_by_name_with_the_remedy(tmp_path: Path, source: str, named: str) -> None:
    error = failed(source, tmp_path)
    assert (error.code, named in error.message, "--engine stock" in error.remedy) == ("N-CELL", True, True)


# Processes.


def test_a_dead_process_says_how_it_died() -> None:
    child = Child(lambda _: os._exit(5))
    with pytest.raises(EndedError, match="exit status 5"):
        list(child.messages(lambda: None, largest=100))
    assert child.status == 5


def test_what_a_cell_leaves_outside_its_group_ends_with_the_notebook(tmp_path: Path) -> None:
    """That nothing is left is seen by every test of this file."""
    execute("import subprocess\n_ = subprocess.run(['sh', '-c', 'setsid sleep 98761 >/dev/null 2>&1 &'])", tmp_path)


def test_no_name_of_the_notebooks_program_is_used_that_is_private() -> None:
    """Of nbclient and papermill nothing is overridden or called whose name begins with an underscore."""
    names = {
        name
        for base in stock.StockClient.__mro__[1:]
        if base.__module__.startswith(("nbclient", "papermill"))
        for name in vars(base)
        if name.startswith("_") and not name.startswith("__")
    }
    source = Path(stock.__file__).read_text(encoding="utf-8")
    assert [name for name in names if re.search(rf"\b{name}\b", source)] == []


# papermill's engine.


def test_a_cell_out_of_time_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CellTimeoutError):
        engine.WarmEngine.execute_notebook(
            make_notebook(["import time\ntime.sleep(60)"]), "python3", progress_bar=False, execution_timeout=1
        )


def named_engine() -> Any:
    """The class that the package declares to papermill."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["entry-points"]["papermill.engine"][engine.NAME].partition(":")
    return getattr(import_module(module), name)


def test_papermill_and_the_engine_can_be_imported_in_either_order() -> None:
    for order in ("papermill, stats.cells.engine", "stats.cells.engine, papermill", "stats.cells.entry, papermill"):
        subprocess.run([sys.executable, "-c", f"import {order}"], check=True)


def test_papermill_may_be_given_a_notebook_itself() -> None:
    notebook = make_notebook([])
    notebook.metadata.papermill["input_path"] = notebook
    assert engine.WarmEngine.nb_kernel_name(notebook) == "python3"


@pytest.mark.parametrize("stock_kernel", [True, False])
def test_the_declared_engine_forks_where_no_kernel_is_asked_for(stock_kernel: bool) -> None:
    papermill_engines.register(engine.NAME, named_engine())
    notebook = make_notebook(["get_ipython().kernel is not None"])
    assert papermill_engines.nb_kernel_name(engine.NAME, notebook) == "python3"
    assert papermill_engines.nb_language(engine.NAME, notebook) == "python"
    executed = papermill_engines.execute_notebook_with_engine(
        engine.NAME, notebook, "python3", progress_bar=False, stock=stock_kernel
    )
    assert executed.cells[0].outputs[0].output_type == ("execute_result" if stock_kernel else "error")
    assert executed.cells[0].metadata.papermill["status"] == ("completed" if stock_kernel else "failed")
