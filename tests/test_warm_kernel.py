"""Warm kernels: cell by cell what a stock kernel puts out, and every way to die told apart."""

from __future__ import annotations

import asyncio
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

import nbclient
import nbformat
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient.client import _RGX_CARRIAGERETURN
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from papermill.engines import papermill_engines

from fork_driver import Driver, driver
from stats.batch import kernel
from stats.batch.failure import DocumentError
from stats.batch.normalise import normalise, to_bytes
from stats.warm import engine, fork_server
from stats.warm.client import LimitedNotebookClient, WarmNotebookClient
from stats.warm.connection import KernelEndedError
from stats.warm.outputs import MEBIBYTE, OutputLimitError, OutputLimits, output_of, overwritten
from waiting import LONGEST
from warm_samples import SAMPLES

pytestmark = pytest.mark.skipif(not fork_server.available(), reason="this system cannot fork")
ROOT = Path(__file__).resolve().parents[1]
ENGINES = ("warm", "stock")

Client = Callable[..., Any]


@pytest.fixture(scope="module")
def running() -> Iterator[Driver]:
    with tempfile.TemporaryDirectory(prefix="k-") as folder, driver(Path(folder), "kernel") as started:
        yield started


@pytest.fixture(autouse=True)
def _server_is_known(monkeypatch: pytest.MonkeyPatch, running: Driver) -> None:
    monkeypatch.setenv(fork_server.SERVER, running.address)


@pytest.fixture(autouse=True)
def _no_kernel_is_left(running: Driver) -> Iterator[None]:
    yield
    assert psutil.Process(running.server).children() == []


def make_notebook(cells: Sequence[str]) -> NotebookNode:
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernelspec}
    )


def run(client: Client, cells: Sequence[str], folder: Path, **options: Any) -> NotebookNode:
    """The cells run one after the other in an empty folder, errors included."""
    os.environ.pop("PYTEST_CURRENT_TEST", None)  # for which a stock kernel takes no output from file descriptors
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    given_options = {"coalesce_streams": True, "allow_errors": True, **options}
    executed = client(make_notebook(cells), resources={"metadata": {"path": str(folder)}}, **given_options).execute()
    return executed  # type: ignore[no-any-return]


def warm(running: Driver) -> Client:
    return lambda notebook, **options: WarmNotebookClient(notebook, fork_server=running.address, **options)


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
def test_a_warm_kernel_puts_out_what_a_stock_kernel_does(running: Driver, tmp_path: Path, name: str) -> None:
    # nbclient's way to join what is printed takes minutes for a long line
    stock = LimitedNotebookClient if name.startswith("much") else nbclient.NotebookClient
    expected = put_out(run(stock, SAMPLES[name], tmp_path / "folder"))
    assert put_out(run(warm(running), SAMPLES[name], tmp_path / "folder")) == expected


@pytest.mark.parametrize("name", ["town", "county"])
def test_the_documents_of_the_project_have_the_same_bytes_on_both_kernels(name: str) -> None:
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    parameters: dict[str, str | int] = {"year": 2021, "edition": "meeting", "workspace": str(ROOT)}
    if name == "town":
        parameters["unit"] = "990118001000"
    made = [
        to_bytes(normalise(kernel.execute(notebook, parameters, folder=ROOT, seconds=600, engine=used), hidden=[]))
        for used in ENGINES
    ]
    assert made[0] == made[1]
    assert b'"kind": "end"' in made[0]


def test_nothing_one_document_changed_is_found_by_the_next(running: Driver, tmp_path: Path) -> None:
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
    before = run(warm(running), [look], tmp_path / "folder")
    run(warm(running), [change], tmp_path / "folder")
    after = run(warm(running), [look], tmp_path / "folder")
    assert before.cells[0].outputs[0].output_type == "execute_result"
    assert put_out(after) == put_out(before)


def test_random_numbers_differ_between_documents_that_set_no_seed(running: Driver, tmp_path: Path) -> None:
    cells = ["import random, numpy\nprint(random.random(), numpy.random.random())"]
    first, second = (printed(run(warm(running), cells, tmp_path / "folder")).split() for _ in range(2))
    assert not set(first) & set(second)


def test_an_output_of_an_earlier_cell_is_updated_although_printed_text_was_joined(
    running: Driver, tmp_path: Path
) -> None:
    cells = [
        "import sys\nfrom IPython.display import display, update_display\nprint(1)\nprint(2, file=sys.stderr)\n"
        "sys.stderr.flush()\nprint(3)\nhandle = display('old', display_id='one')",
        "handle.update('new')",
    ]
    executed = run(warm(running), cells, tmp_path / "folder")
    assert executed.cells[0].outputs[-1].data == {"text/plain": "'new'"}


@given(st.text(alphabet="ab\r\n", max_size=40))
def test_overwritten_text_is_taken_out_as_nbclient_does_it(text: str) -> None:
    assert overwritten(text) == _RGX_CARRIAGERETURN.sub("", text)


@pytest.mark.parametrize("data", [{"text/plain": 5}, {"text/plain": None}, {"text/html": {"a": 1}}])
def test_an_output_that_no_notebook_may_hold_is_refused(data: dict[str, Any]) -> None:
    message = {"header": {"msg_type": "display_data"}, "content": {"data": data, "metadata": {}}}
    with pytest.raises(nbformat.ValidationError):
        output_of(message)


def test_several_notebooks_run_at_the_same_time_in_one_event_loop(running: Driver, tmp_path: Path) -> None:
    """Each waits for the other: run one after the other, they would never end."""
    waits = (
        "import time, pathlib\nmine, other = pathlib.Path(folder, name), pathlib.Path(folder, others)\nmine.touch()\n"
        "while not other.exists(): time.sleep(0.01)\nprint('met')"
    )

    async def both() -> list[NotebookNode]:
        notebooks = [
            make_notebook([f"folder, name, others = {str(tmp_path)!r}, {name!r}, {others!r}", waits])
            for name, others in (("a", "b"), ("b", "a"))
        ]
        return await asyncio.gather(*(warm(running)(each, timeout=LONGEST).async_execute() for each in notebooks))

    assert [printed(executed) for executed in asyncio.run(both())] == ["met\n", "met\n"]


# What only shows after the last cell.

LATE = {
    "thread": "import threading, time\ndef late():\n    time.sleep(0.5)\n    raise ValueError('late')\n"
    "threading.Thread(target=late).start()",
    "task": "import asyncio\nasync def late(): raise ValueError('late')\ntask = asyncio.create_task(late())",
    "collected": "class Late:\n    def __del__(self): raise ValueError('late')\n"
    "late = Late()\nlate.me = late\ndel late",
}


@pytest.mark.parametrize("name", LATE)
def test_a_failure_nobody_waits_for_shows_in_the_document(running: Driver, tmp_path: Path, name: str) -> None:
    executed = run(warm(running), [LATE[name]], tmp_path / "folder")
    assert "ValueError" in printed(executed, "stderr")
    assert "late" in printed(executed, "stderr")


def test_a_pool_that_waits_for_work_does_not_hold_up_the_end(running: Driver, tmp_path: Path) -> None:
    cells = [
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\npool.submit(int).result()"
    ]
    assert run(warm(running), cells, tmp_path / "folder").cells[0].outputs[0].data == {"text/plain": "0"}


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
    return kernel.execute(notebook, {"unit": "1"}, folder=folder, seconds=seconds, engine=used, **options)


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


def test_a_single_output_that_is_too_large_is_not_even_taken_in(running: Driver, tmp_path: Path) -> None:
    with pytest.raises(OutputLimitError):
        run(warm(running), ["'x' * 5_000_000"], tmp_path / "folder", output_limits=OutputLimits(total=1_000_000))


def test_one_long_line_is_joined_in_no_time_worth_mentioning(running: Driver, tmp_path: Path) -> None:
    """nbclient's own pattern would run for hours."""
    executed = run(warm(running), ["print('x' * 1_000_000)"], tmp_path / "folder")
    assert len(printed(executed)) == 1_000_001


def test_a_kernel_that_cannot_begin_in_its_folder_has_not_started(tmp_path: Path, running: Driver) -> None:
    with pytest.raises(fork_server.ForkError, match="内核没有启动"):
        WarmNotebookClient(make_notebook(["1"]), fork_server=running.address).execute(cwd=str(tmp_path / "absent"))


def test_without_a_living_server_the_kernel_has_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(fork_server.SERVER, str(tmp_path / "nobody"))
    assert failed("1", tmp_path).code == "K-START"


# nbclient's options.


def test_a_cell_out_of_time_is_an_error(running: Driver, tmp_path: Path) -> None:
    with pytest.raises(CellTimeoutError):
        run(warm(running), ["import time\ntime.sleep(60)"], tmp_path / "folder", timeout=1)


@pytest.mark.parametrize("cell", ["import time\ntime.sleep(60)", "import asyncio\nawait asyncio.sleep(5)"])
def test_an_interrupted_cell_fails_as_on_a_stock_kernel(running: Driver, tmp_path: Path, cell: str) -> None:
    cells = [cell, "print('goes on')"]
    both = [
        put_out(run(client, cells, tmp_path / "folder", timeout=2, interrupt_on_timeout=True))
        for client in (nbclient.NotebookClient, warm(running))
    ]
    assert both[0] == both[1]
    assert both[0][0][2][-1]["ename"] in ("KeyboardInterrupt", "CancelledError")


def test_the_error_for_a_cell_out_of_time_can_be_given(running: Driver, tmp_path: Path) -> None:
    error = {"ename": "Late", "evalue": "too late", "traceback": []}
    options = {"timeout": 1, "interrupt_on_timeout": True, "error_on_timeout": error, "allow_errors": False}
    with pytest.raises(CellExecutionError) as caught:
        run(warm(running), ["import time\ntime.sleep(60)"], tmp_path / "folder", **options)
    assert caught.value.ename == "Late"


def test_a_dead_kernel_says_how_it_died(running: Driver, tmp_path: Path) -> None:
    with pytest.raises(KernelEndedError, match="exit status 5") as caught:
        run(warm(running), ["import os\nos._exit(5)"], tmp_path / "folder")
    assert caught.value.status == 5


def test_hooks_are_called_and_awaited(running: Driver, tmp_path: Path) -> None:
    heard: list[str] = []

    async def complete(**_: Any) -> None:
        await asyncio.sleep(0)
        heard.append("cell")

    hooks = {"on_cell_executed": complete, "on_notebook_start": lambda **_: heard.append("start")}
    run(warm(running), ["1", "2"], tmp_path / "folder", **hooks)
    assert heard == ["start", "cell", "cell"]


def test_the_time_of_each_step_is_recorded(running: Driver, tmp_path: Path) -> None:
    executed = run(warm(running), ["1"], tmp_path / "folder")
    times = executed.cells[0].metadata.execution
    assert [times[name] for name in sorted(times, key=times.get)] == sorted(times.values())
    assert set(times) == {"iopub.status.busy", "iopub.execute_input", "shell.execute_reply", "iopub.status.idle"}


# papermill's engine.


def named_engine() -> Any:
    """The class that the package declares to papermill."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["entry-points"]["papermill.engine"][engine.NAME].partition(":")
    return getattr(import_module(module), name)


def test_papermill_and_the_engine_can_be_imported_in_either_order() -> None:
    for order in ("papermill, stats.warm.engine", "stats.warm.engine, papermill", "stats.warm.entry, papermill"):
        subprocess.run([sys.executable, "-c", f"import {order}"], check=True)


@pytest.mark.parametrize("served", [True, False])
def test_the_engine_runs_on_the_stock_kernel_where_there_is_no_server(
    served: bool, monkeypatch: pytest.MonkeyPatch, running: Driver
) -> None:
    if not served:
        monkeypatch.delenv(fork_server.SERVER)
    papermill_engines.register(engine.NAME, named_engine())
    notebook = make_notebook(["import os\nprint(os.getppid())"])
    notebook.metadata["papermill"] = {}
    assert papermill_engines.nb_kernel_name(engine.NAME, notebook) == "python3"
    assert papermill_engines.nb_language(engine.NAME, notebook) == "python"
    executed = papermill_engines.execute_notebook_with_engine(engine.NAME, notebook, "python3", progress_bar=False)
    assert int(printed(executed)) == (running.server if served else os.getpid())
    assert executed.cells[0].metadata.papermill["status"] == "completed"


def test_a_kernel_of_another_language_is_not_forked() -> None:
    assert engine.address("ir") == ""
