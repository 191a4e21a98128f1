"""A run on a dask cluster: who may take part, what becomes of lost workers, and that no unit pays for another.

The tests that kill and scale for minutes are marked ``soak``.
"""

from __future__ import annotations

import hashlib
import random
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import threading
import time
import venv
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from subprocess import Popen

import psutil
import pytest

import swift_maker
from dask_processes import Cluster, cluster, worker_process
from make_workspace import FINE, SHOW_COVER, SHOW_END, YEAR, make_notebook, make_workspace, save
from stats.build.documents.job import Job, Outcome
from stats.build.documents.notebooks import template
from stats.build.processes import workers
from stats.build.state.build_state import UNIT_MEMORY
from stats.build.state.output_paths import OutputPaths
from stats.build.state.sources import Sources, sha256, sources
from stats.documents import entry
from stats.errors import ClusterError, ExitCode, ParamsError, RunEnvironmentError
from stats.params import Params
from stats.present.blocks import MIME
from stats_cluster import connection, dispatch, document_maker, handover
from stats_cluster.fingerprint import EnvironmentFingerprint, differences, fingerprint
from stats_cluster.handover import Order, at_home, receive, send
from stats_cluster.ports import reachable
from waiting import LONGEST, becomes_true

ROOT = Path(__file__).resolve().parents[1]
SOAK = pytest.mark.soak

# What a notebook does is told by its unit's code.
BROKEN, DYING, KILLING, POISON, CHANGING, HANGING = (f"99011820{place}000" for place in range(6))
TROUBLE = f"""\
import os, signal, time, psutil
from IPython.display import display
if str(unit) == "{BROKEN}":
    raise ValueError("分母不可能为负")
if str(unit) == "{DYING}":
    os._exit(1)
if str(unit) == "{KILLING}":
    os.kill(os.getppid(), signal.SIGKILL)
if str(unit) == "{POISON}":
    above = psutil.Process().parents()
    nanny = next(place for place, process in enumerate(above) if "distributed.cli.dask_worker" in process.cmdline())
    above[nanny - 1].kill()
    time.sleep(60)
if str(unit) == "{CHANGING}":
    time.sleep(6)
if str(unit) == "{HANGING}":
    time.sleep(98_765)
if str(unit) == "{CHANGING}":
    display({{"{MIME}": {{"kind": "paragraph", "text": f"第 {{time.time_ns()}} 次。"}}}}, raw=True)"""


@dataclass
class Set:
    """A workspace whose notebook makes trouble for some units, and the jobs of a run in it."""

    params: Params
    sources: Sources
    paths: OutputPaths

    def job(self, document: str, unit: str = FINE) -> Job:
        parameters = (("unit", unit), ("year", YEAR), ("edition", "meeting"), ("workspace", str(self.params.workspace)))
        town = template(self.params.workspace, "town.ipynb")
        return Job(
            document=document,
            unit=unit,
            year=YEAR,
            number="附件3-01",
            entry=entry("town"),
            notebook=town.node,
            notebook_digest=town.digest,
            parameters=parameters,
            formats=("html", "ipynb"),
            workspace=self.params.workspace,
            staged=self.paths.staged,
            failed=self.paths.failed,
            seconds=10 * LONGEST,
            memory=UNIT_MEMORY,
            engine="warm",
        )

    def jobs(self, count: int, unit: str = FINE) -> Iterator[Job]:
        return (self.job(f"{unit}-{place}", unit) for place in range(count))


def make_set(folder: Path) -> Set:
    params = make_workspace(folder, middle=TROUBLE)
    save(make_notebook(SHOW_COVER, TROUBLE, SHOW_END), folder / "notebooks/town.ipynb")
    returns = f"data/returns/{YEAR}/全县.csv"
    made_of = sources(params, inputs={returns: sha256(folder / returns)}, templates=[template(folder, "town.ipynb")])
    paths = OutputPaths(folder, YEAR, "meeting")
    paths.prepare()
    return Set(params, made_of, paths)


@dataclass
class Ran:
    """What a run gave, and what it told."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    count: int = 0

    def codes(self) -> dict[str, str]:
        return {name: each.failure.code for name, each in self.outcomes.items() if each.failure is not None}


def run_on(given: Cluster, of: Set, jobs: Iterator[Job] | list[Job], *, by_content: bool = False) -> Ran:
    ran = Ran()
    for outcome in outcomes_of(given, of, jobs, ran, by_content=by_content):
        ran.outcomes[outcome.document] = outcome
        ran.count += 1
    return ran


def outcomes_of(
    given: Cluster, of: Set, jobs: Iterator[Job] | list[Job], ran: Ran, *, by_content: bool = False
) -> Generator[Outcome, None, None]:
    return dispatch.run(
        jobs,
        address=given.address,
        params=of.params,
        sources=of.sources,
        logs=of.paths.logs,
        by_content=by_content,
        tell=ran.told.append,
    )


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# Who is spoken to at all.


@pytest.mark.parametrize("address", ["tcp://10.1.2.3:8786", "tcp://0.0.0.0:8786", "tcp://cluster.example:8786"])
def test_a_scheduler_elsewhere_is_refused_without_tls(address: str) -> None:
    with pytest.raises(ParamsError, match="没有加密") as refused:
        connection.check_address(address)
    assert refused.value.exit_code == ExitCode.USAGE
    assert "tls://" in refused.value.remedy


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "tcp://127.0.0.1", "http://127.0.0.1:8786", "tcp://127.0.0.1:x"])
def test_an_address_written_wrongly_is_refused(address: str) -> None:
    with pytest.raises(ParamsError, match="写法不对"):
        connection.check_address(address)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "tcp://[::1]:8786", "tls://10.1.2.3:8786"])
def test_loopback_and_tls_are_accepted(address: str) -> None:
    connection.check_address(address)


def test_tls_without_certificates_is_refused_before_connecting() -> None:
    with pytest.raises(ParamsError, match="没有配置连接集群所用的证书"):
        connection.connect("tls://10.1.2.3:8786")


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 1.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(RunEnvironmentError, match="连不上集群调度进程"):
        connection.connect(address)


def test_a_port_open_to_other_machines_is_seen_and_one_with_tls_is_not_counted() -> None:
    with socket.socket() as inner, socket.socket() as outer:
        inner.bind(("127.0.0.1", 0))
        outer.bind(("0.0.0.0", 0))
        for each in (inner, outer):
            each.listen()
        port = outer.getsockname()[1]
        assert port in reachable([psutil.Process()], encrypted=())
        assert inner.getsockname()[1] not in reachable([psutil.Process()], encrypted=())
        assert port not in reachable([psutil.Process()], encrypted=(port,))


def test_nothing_of_dask_is_imported_by_a_run_on_this_machine() -> None:
    code = (
        "import sys, stats.cli, stats.build.run, stats.build.documents.produce\n"
        "print({'dask', 'distributed'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"


def test_without_the_extra_a_run_on_a_cluster_is_refused_with_what_to_install() -> None:
    code = (
        "import sys; sys.modules['distributed'] = None\n"
        "from stats.__main__ import main\n"
        "sys.argv = ['stats', 'build', '--cluster', 'tcp://127.0.0.1:8786']\n"
        "sys.exit(main())"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.returncode == ExitCode.ENVIRONMENT
    assert "没有安装在集群上运行所需的软件包（distributed）" in answer.stderr
    assert "requirements-cluster.lock" in answer.stderr


@pytest.fixture(scope="module", autouse=True)
def _no_thread_of_dask_stays() -> Iterator[None]:
    """dask keeps a thread for callbacks; the tests after these fork this process."""
    yield
    from distributed import Future
    from distributed.utils import LoopRunner

    if Future._cb_executor is not None:
        Future._cb_executor.shutdown()
        Future._cb_executor = None
    for loop in list(LoopRunner._all_loops):  # of clients that found no scheduler
        loop.add_callback(loop.stop)
    for thread in threading.enumerate():
        if thread.name == "IO loop":
            thread.join(LONGEST)


# The handshake.


@pytest.fixture(scope="module")
def given_set(tmp_path_factory: pytest.TempPathFactory) -> Set:
    return make_set(tmp_path_factory.mktemp("county"))


def looks(of: Set, workspace: Path | None = None) -> EnvironmentFingerprint:
    return fingerprint(workspace or of.params.workspace, YEAR, "meeting", list(of.sources.inputs), ["town.ipynb"])


def test_the_same_machine_fits(given_set: Set) -> None:
    assert differences(looks(given_set), looks(given_set)) == ()


def test_a_worker_that_does_not_see_the_workspace_says_so(given_set: Set, tmp_path: Path) -> None:
    seen = differences(looks(given_set), looks(given_set, tmp_path / "nowhere"))
    assert "看不到参数文件 params/county.yaml" in seen
    assert f"看不到数据 data/returns/{YEAR}/全县.csv" in seen


def test_a_worker_with_other_data_is_told_from_one_without(given_set: Set, tmp_path: Path) -> None:
    other = make_set(tmp_path)
    path = tmp_path / f"data/returns/{YEAR}/全县.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("autumn,5,", "autumn,6,"), encoding="utf-8")
    assert differences(looks(given_set), looks(other)) == (f"数据 data/returns/{YEAR}/全县.csv 内容不同",)


@pytest.mark.parametrize(
    ("part", "value", "told"),
    [
        ("python", "3.10", "Python 版本不同（3.10，应为"),
        ("code", "0", "程序代码不同"),
        ("lock", "0", "锁定文件 requirements.lock不同"),
        ("fonts", "0", "字体不同"),
        ("notebooks", {"town.ipynb": "0"}, "笔记本 town.ipynb 不同"),
        ("params", "0", "参数文件不同"),
    ],
)
def test_what_differs_is_named(given_set: Set, part: str, value: object, told: str) -> None:
    found = differences(looks(given_set), {**looks(given_set), part: value})
    assert len(found) == 1
    assert found[0].startswith(told)


def test_a_package_of_another_version_is_named_with_both(given_set: Set) -> None:
    expected = looks(given_set)
    seen = {**expected, "packages": {**expected["packages"], "numpy": "1.0"}}
    wanted = expected["packages"]["numpy"]
    assert differences(expected, seen) == (f"软件包 numpy 版本不同（1.0，应为 {wanted}）",)


# Files on their way.


def make_order(of: Set, home: Path, *, by_content: bool) -> tuple[Order, Outcome]:
    order = Order(of.job("附件"), "run", by_content)
    made = at_home(order.job, home)
    made.staged.mkdir(parents=True)
    (made.staged / "附件.html").write_bytes(b"<p>")
    return order, Outcome("附件", {"html": made.staged / "附件.html"}, images=1)


@pytest.mark.parametrize("by_content", [False, True])
def test_a_file_is_staged_under_the_name_of_its_attempt(given_set: Set, tmp_path: Path, by_content: bool) -> None:
    order, outcome = make_order(given_set, tmp_path, by_content=by_content)
    sent = send(order, outcome, tmp_path, log=tmp_path / "none")
    received = receive(order, sent, logs=tmp_path)
    assert received.files == {"html": given_set.paths.staged / f"{sent.attempt}.html"}
    assert received.files["html"].read_bytes() == b"<p>"
    assert (received.images, received.failure) == (1, None)
    assert list((tmp_path / "staged").iterdir()) == []
    received.files["html"].unlink()


def test_a_file_that_is_not_what_was_sent_is_a_failure(
    given_set: Set, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "VISIBLE_SECONDS", 0.0)
    order, outcome = make_order(given_set, tmp_path, by_content=False)
    sent = send(order, outcome, tmp_path, log=tmp_path / "none")
    (given_set.paths.staged / f"{sent.attempt}.html").write_bytes(b"<p")
    received = receive(order, sent, logs=tmp_path)
    assert received.failure is not None
    assert received.failure.code == "C-LOST"
    assert not (given_set.paths.staged / f"{sent.attempt}.html").exists()


@pytest.mark.parametrize("suffix", ["/../../../../../secret", "../secret", "html/../../secret", "exe", ""])
@pytest.mark.parametrize("named", [True, False])
def test_an_answer_with_files_that_no_document_has_is_a_failure_and_writes_nothing(
    given_set: Set, tmp_path: Path, suffix: str, named: bool
) -> None:
    order, outcome = make_order(given_set, tmp_path, by_content=True)
    sent = send(order, outcome, tmp_path, log=tmp_path / "none")
    before = set(given_set.paths.year_folder.parents[1].rglob("*"))
    digests = {**sent.digests, suffix: hashlib.sha256(b"evil").hexdigest()} if named else sent.digests
    received = receive(
        order, replace(sent, digests=digests, contents={**sent.contents, suffix: b"evil"}), logs=tmp_path
    )
    assert received.failure is not None
    assert received.failure.code == "C-ANSWER"
    assert set(given_set.paths.year_folder.parents[1].rglob("*")) == before


def test_the_half_run_notebook_and_the_log_of_a_failure_come_along(given_set: Set, tmp_path: Path) -> None:
    order, _ = make_order(given_set, tmp_path, by_content=True)
    made = at_home(order.job, tmp_path)
    made.failed.mkdir()
    (made.failed / "附件.ipynb").write_bytes(b"{}")
    (tmp_path / "worker.log").write_bytes(b"Traceback")
    outcome = handover.failed(order.job, "N-CELL", "坏了", "请修")
    receive(order, send(order, outcome, tmp_path, log=tmp_path / "worker.log"), logs=tmp_path)
    assert (given_set.paths.failed / "附件.ipynb").read_bytes() == b"{}"
    assert (tmp_path / "附件.log").read_bytes() == b"Traceback"


# What a dask worker asks of the machinery of a local run.


def test_a_job_is_taken_only_when_a_worker_is_free_and_the_outcome_before_it_has_been_handed_over(
    given_set: Set, tmp_path: Path
) -> None:
    taken: list[str] = []

    def jobs() -> Iterator[Job]:
        for name in ("一", "二", "三", "四"):
            taken.append(name)
            yield given_set.job(name, BROKEN)

    with workers.team(size=1, engine="stock", logs=tmp_path) as team:
        outcomes = team.outcomes(jobs())
        assert next(outcomes).document == "一"
        assert taken == ["一"]
        assert next(outcomes).document == "二"
        assert taken == ["一", "二"]


# Real processes: one cluster, at first with a worker that has other code and stands open, then with one that fits.
# First a run with everything that can go wrong in a unit, then one that is stopped early, and at last one over the
# connection whose scheduler is killed.


@dataclass
class Finished:
    ran: Ran
    refusal: RunEnvironmentError | None = None
    bytes_by_storage: dict[str, str] = field(default_factory=dict)
    bytes_by_content: dict[str, str] = field(default_factory=dict)
    left_after_stopping: bool = True
    left_after_losing_the_scheduler: bool = True
    end: ClusterError | None = None


@pytest.fixture(scope="module")
def finished(given_set: Set, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    folder = tmp_path_factory.mktemp("cluster")
    units = {"甲": FINE, "乙": BROKEN, "丙": DYING, "丁": KILLING, "戊": FINE}
    with cluster(folder) as given:
        given.start_worker("--no-dashboard", python=another_environment(folder / "other"))
        refusal = refused(given, given_set)
        good = given.start_worker()
        result = Finished(run_on(given, given_set, [given_set.job(*each) for each in units.items()]), refusal)
        result.bytes_by_storage = digests(result.ran.outcomes["甲"])
        stop_early(given, given_set, good)
        result.left_after_stopping = not becomes_true(lambda: not at_work(good))
        lose_scheduler(given, given_set, result)
        result.left_after_losing_the_scheduler = not becomes_true(lambda: not at_work(good))
        yield result


def refused(given: Cluster, of: Set) -> RunEnvironmentError:
    log = given.folder / "dask_worker-0.log"
    assert becomes_true(lambda: "Registered to" in log.read_text(encoding="utf-8"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(dispatch, "JOIN_SECONDS", 5.0)
        with pytest.raises(RunEnvironmentError) as caught:
            run_on(given, of, [of.job("一")])
    return caught.value


def digests(outcome: Outcome) -> dict[str, str]:
    return {suffix: digest(path) for suffix, path in outcome.files.items()}


def stop_early(given: Cluster, of: Set, worker: Popen[bytes]) -> None:
    with closing(outcomes_of(given, of, [of.job("己"), *of.jobs(2, HANGING)], Ran())) as outcomes:
        next(outcomes)
        assert becomes_true(lambda: at_work(worker))


def lose_scheduler(given: Cluster, of: Set, result: Finished) -> None:
    outcomes = outcomes_of(given, of, [of.job("甲"), *of.jobs(5, HANGING)], Ran(), by_content=True)
    result.bytes_by_content = digests(next(outcomes))
    assert given.scheduler is not None
    given.scheduler.kill()
    try:
        list(outcomes)
    except ClusterError as error:
        result.end = error


def at_work(worker: Popen[bytes]) -> bool:
    """Whether anything that makes documents runs below this worker."""
    with suppress(psutil.Error):
        below = [" ".join(each.cmdline()) for each in worker_process(worker).children(recursive=True)]
        return any("resource_tracker" not in line for line in below)
    return False


def another_environment(folder: Path) -> Path:
    """The Python of a second virtual environment: other code, nbclient of another version, the rest as in this one."""
    venv.create(folder / "venv", with_pip=False)
    own = Path(sysconfig.get_path("purelib", vars={"base": str(folder / "venv")}))
    older = own / "nbclient-0.0.1.dist-info"
    older.mkdir()
    (older / "METADATA").write_text("Metadata-Version: 2.1\nName: nbclient\nVersion: 0.0.1\n", encoding="utf-8")
    shared = (copy_with_other_code(folder), sysconfig.get_path("purelib"))
    (own / "shared.pth").write_text("\n".join(map(str, shared)), encoding="utf-8")
    return folder / "venv/bin/python"


def copy_with_other_code(folder: Path) -> Path:
    """The package again with one comment more; its lock file and notebooks are the same."""
    ignored = shutil.ignore_patterns("__pycache__")
    for package in ("src/stats", "src/stats_cluster"):
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=ignored)
    shutil.copy(ROOT / "requirements.lock", folder)
    with (folder / "src/stats/errors.py").open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    return folder / "src"


def test_every_unit_has_its_own_true_outcome(finished: Finished) -> None:
    assert finished.ran.codes() == {"乙": "N-CELL", "丙": "K-DEAD", "丁": "W-DEAD"}
    assert finished.ran.count == len(finished.ran.outcomes) == 5
    for name in ("甲", "戊"):
        assert finished.ran.outcomes[name].files["html"].read_text(encoding="utf-8").startswith("<!")


def test_the_bytes_are_the_same_by_storage_and_over_the_connection(finished: Finished) -> None:
    assert set(finished.bytes_by_storage) == {"ipynb", "html"}
    assert finished.bytes_by_content == finished.bytes_by_storage


def test_a_worker_that_does_not_fit_gets_no_unit_and_is_named_with_all_that_is_wrong(finished: Finished) -> None:
    (told,) = finished.ran.told
    assert re.fullmatch(
        r"集群工作进程 tcp://127.0.0.1:\d+ 不参加本次运行：未加密而对外开放端口 [\d、]+；程序代码不同；"
        r"软件包 nbclient 版本不同（0\.0\.1，应为 [\d.]+）",
        told,
    )


def test_a_run_is_refused_when_no_worker_fits(finished: Finished) -> None:
    assert finished.refusal is not None
    assert finished.refusal.exit_code == ExitCode.ENVIRONMENT
    assert finished.refusal.problem.startswith("集群的工作进程都不能参加本次运行；tcp://127.0.0.1:")
    assert "程序代码不同" in finished.refusal.problem


def test_the_half_run_notebook_of_a_failed_unit_is_kept(finished: Finished, given_set: Set) -> None:
    assert "分母不可能为负" in (given_set.paths.failed / "乙.ipynb").read_text(encoding="utf-8")


def test_nothing_goes_on_when_the_caller_stops_early(finished: Finished) -> None:
    assert not finished.left_after_stopping


def test_a_run_ends_and_says_so_when_the_scheduler_is_killed(finished: Finished) -> None:
    assert finished.end is not None
    assert finished.end.problem == "与集群调度进程的连接已中断"
    assert finished.end.exit_code == ExitCode.RUN_FAILED
    assert not finished.left_after_losing_the_scheduler


def test_a_scheduler_open_to_other_machines_is_refused(tmp_path: Path) -> None:
    given = Cluster(tmp_path)
    try:
        given.start_scheduler("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--dashboard-address", ":0")
        with pytest.raises(RunEnvironmentError, match="未加密而对外开放端口"):
            connection.connect(given.address)
    finally:
        given.end()


# For minutes.


@SOAK
def test_a_unit_that_takes_its_worker_down_is_given_up_and_its_neighbours_are_well(
    given_set: Set, tmp_path: Path
) -> None:
    with cluster(tmp_path) as given:
        given.start_worker(threads=2)
        jobs = [given_set.job("毒", POISON), *given_set.jobs(5)]
        ran = run_on(given, given_set, jobs)
    assert ran.codes() == {"毒": "C-POISON"}
    assert ran.count == 6


@SOAK
def test_what_a_worker_that_was_given_up_makes_late_is_not_taken(given_set: Set, tmp_path: Path) -> None:
    with cluster(tmp_path, workers=1, DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL="8s") as given:
        outcomes = outcomes_of(given, given_set, [given_set.job("一"), given_set.job("二", CHANGING)], Ran())
        next(outcomes)
        time.sleep(2)
        stopped = worker_process(given.workers[0])
        stopped.suspend()
        given.start_worker()
        (outcome,) = outcomes
        taken = digests(outcome)
        with suppress(psutil.NoSuchProcess):  # its nanny has ended it
            stopped.resume()
        assert becomes_true(lambda: not stopped.is_running())
    assert outcome.failure is None
    assert digests(outcome) == taken
    remove_staged(given_set)


def remove_staged(of: Set) -> None:
    for path in of.paths.staged.iterdir():
        path.unlink()


@SOAK
def test_no_unit_is_lost_while_workers_are_killed_at_random(given_set: Set, tmp_path: Path) -> None:
    chance = random.Random(20261125)
    killed: list[int] = []

    def kill() -> None:
        while len(killed) < 20:
            time.sleep(chance.uniform(3, 12))
            with suppress(psutil.Error, TimeoutError):
                victim = worker_process(chance.choice(given.workers))
                victim.kill()
                killed.append(victim.pid)

    def jobs_until_all_are_killed() -> Iterator[Job]:
        place = 0
        while len(killed) < 20:
            yield given_set.job(f"件{place}")
            place += 1

    with cluster(tmp_path, workers=3) as given:
        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        ran = run_on(given, given_set, jobs_until_all_are_killed())
        killer.join()
    print(ran.count, ran.codes())
    assert ran.codes() == {}
    assert ran.count == len(ran.outcomes) > 0
    assert len({digest(each.files["html"]) for each in ran.outcomes.values()}) == 1
    remove_staged(given_set)


@SOAK
def test_no_unit_is_lost_when_scaling_from_two_workers_to_twenty_and_back(
    given_set: Set, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_maker, "make", swift_maker.make)
    with cluster(tmp_path, workers=2, PYTHONPATH=str(Path(__file__).parent)) as given:
        ran = Ran()
        makers: dict[str, int] = {}
        fewer = threading.Event()
        for outcome in outcomes_of(given, given_set, jobs_until(given_set, fewer), ran, by_content=True):
            ran.outcomes[outcome.document] = outcome
            ran.count += 1
            maker = outcome.files["html"].read_text(encoding="utf-8")
            makers[maker] = ran.count
            if ran.count == 50:
                for _ in range(18):
                    given.start_worker()
            if len(makers) == 20 and not fewer.is_set():
                for nanny in given.workers[2:]:
                    nanny.terminate()
                fewer.set()
    print(ran.count)
    assert len(makers) == 20
    assert ran.codes() == {}
    assert ran.count == len(ran.outcomes)
    remove_staged(given_set)


def jobs_until(of: Set, enough: threading.Event) -> Iterator[Job]:
    """Jobs without end, and a hundred more after it has been enough."""
    place = rest = 0
    while rest < 100:
        yield of.job(f"件{place}")
        place += 1
        rest += enough.is_set()
