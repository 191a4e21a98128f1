"""The batch: one unit's failure is its own, every file is old or new, and what lies in the folder is on record."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat
import psutil
import pytest

from make_report import TOWNS, all_figures, make_county_report, make_figure
from make_workspace import (
    BROKEN,
    COUNTY,
    FINE,
    LEAVING,
    NAMES,
    REFUSED,
    SHOW_COVER,
    SHOW_END,
    TOWN_PARAMETERS,
    UNREPORTED,
    YEAR,
    make_notebook,
    make_workspace,
    save,
)
from misbehaving import HANGING, gone, processes_of
from publish_samples import index_of
from stats import params as parameters
from stats.build.documents import notebook_process, produce
from stats.build.documents.failure import DocumentError, Failure
from stats.build.documents.job import Job, Outcome
from stats.build.documents.notebooks import check_parameters, template
from stats.build.documents.reduced import digest as digest_of_notebook
from stats.build.documents.strip_volatile import strip_volatile
from stats.build.documents.strip_volatile import to_bytes as notebook_bytes
from stats.build.processes import workers
from stats.build.run import Result, build
from stats.build.state.build_state import Options
from stats.build.state.lock import held
from stats.build.state.manifest import Entry
from stats.build.state.output_paths import OutputPaths, inside
from stats.build.state.plan import plan, unattributed
from stats.build.tables.csv_text import guarded, to_csv
from stats.build.tables.index import index_html
from stats.build.tables.released_tables import INDICATOR_COLUMNS, indicators_csv
from stats.build.workspace.confirmation import Used
from stats.catalogue.status import Status
from stats.documents import entry
from stats.errors import ExitCode, LockedError, ParamsError, RunEnvironmentError
from stats.figures import Comparison, Figure, Rank, Target
from stats.files import file_name_part
from stats.findings import Finding, Severity
from stats.present.blocks import MIME
from stats.publish.html import CONTENT_SECURITY_POLICY


@dataclass
class Noted:
    """A watcher that remembers."""

    due: int = 0
    seen: list[tuple[str, str]] = field(default_factory=list)

    def uses_own(self, used: Used) -> None: ...

    def remark(self, line: str) -> None: ...

    def begin(self, documents: int) -> None:
        self.due += documents

    def finished(self, entry: Entry, failure: Failure | None) -> None:
        self.seen.append((entry.unit_code, failure.code if failure else ""))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# One whole run with everything that can go wrong in it: a unit whose cell fails, one whose notebook leaves without
# its end mark, one that sent nothing, one that is refused, and one that is fine.

TROUBLE = f"""\
if str(unit) == "{BROKEN}":
    raise ValueError("分母不可能为负")
if str(unit) == "{LEAVING}":
    raise SystemExit(0)"""


LINK = re.compile(r'href="([^"#]+)"')


@dataclass
class Finished:
    result: Result
    watcher: Noted
    temporary: set[Path]

    @property
    def folder(self) -> Path:
        return self.result.folder

    @property
    def paths(self) -> OutputPaths:
        return self.result.paths

    def entry(self, unit: str) -> Entry:
        return next(entry for entry in self.result.entries if entry.unit_code == unit)

    def file(self, unit: str, suffix: str) -> Path:
        return self.folder / f"{self.entry(unit).name}.{suffix}"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    workspace = tmp_path_factory.mktemp("county")
    params = make_workspace(workspace, middle=TROUBLE)
    folder = workspace / "reports/2021/meeting"
    folder.mkdir(parents=True)
    (folder / f"附件3-02-{BROKEN}-望汀街道-会议本.html").write_text("上一次的网页", encoding="utf-8")
    temporary = set(Path(tempfile.gettempdir()).glob("stats-*"))
    watcher = Noted()
    result = build(params, Options(jobs=2), watcher)
    return Finished(result, watcher, temporary)


def test_a_broken_unit_does_not_stop_the_others(finished: Finished) -> None:
    states = {entry.unit_code: entry.state for entry in finished.result.entries}
    assert states == {
        COUNTY: "complete",
        FINE: "complete",
        BROKEN: "failed",
        LEAVING: "failed",
        UNREPORTED: "not_reported",
        REFUSED: "refused",
    }
    assert finished.result.exit_code == ExitCode.RUN_FAILED
    for unit in (COUNTY, FINE, UNREPORTED):
        assert finished.file(unit, "html").read_text(encoding="utf-8").startswith("<!")
        assert finished.file(unit, "pdf").read_bytes().startswith(b"%PDF-")


def test_a_failure_is_recorded_with_stage_code_and_cell(finished: Finished) -> None:
    failures = {failure.unit: failure for failure in finished.result.failures}
    assert (failures[BROKEN].stage, failures[BROKEN].code) == ("run", "N-CELL")
    assert "分母不可能为负" in failures[BROKEN].message
    recorded = json.loads((finished.paths.internal / "failures.json").read_text(encoding="utf-8"))
    assert {record["unit"] for record in recorded} == {BROKEN, LEAVING}


def test_a_notebook_that_left_without_its_end_mark_is_a_failure(finished: Finished) -> None:
    failure = next(failure for failure in finished.result.failures if failure.unit == LEAVING)
    assert not finished.file(LEAVING, "html").exists()
    assert (failure.stage, failure.code) == ("check", "P-REFUSED")


def test_the_old_file_of_a_failed_unit_is_untouched_and_marked_stale(finished: Finished) -> None:
    old = finished.file(BROKEN, "html")
    assert old.read_text(encoding="utf-8") == "上一次的网页"
    assert finished.entry(BROKEN).stale == {old.name: digest(old)}
    assert finished.entry(BROKEN).files == {}


def test_the_half_run_notebook_is_kept_out_of_the_published_folder(finished: Finished) -> None:
    kept = finished.paths.failed / f"{finished.entry(BROKEN).name}.ipynb"
    assert "分母不可能为负" in kept.read_text(encoding="utf-8")
    assert not finished.file(BROKEN, "ipynb").exists()


def test_a_refused_unit_has_a_page_that_says_so_and_a_reason(finished: Finished) -> None:
    assert "待核对" in finished.file(REFUSED, "html").read_text(encoding="utf-8")
    assert finished.entry(REFUSED).rules == ("V02",)


def test_the_watcher_hears_of_every_document_that_is_made(finished: Finished) -> None:
    # the county's own document and the report on the quality of the data both stand under its code, and their pages
    # and those of the neighbours are made again, so that they do not lead to the one that left nothing
    again = [COUNTY, COUNTY, UNREPORTED]
    every = sorted([COUNTY, COUNTY, FINE, BROKEN, LEAVING, UNREPORTED, REFUSED, *again])
    assert finished.watcher.due == len(every)
    assert sorted(unit for unit, _ in finished.watcher.seen) == every
    assert dict(finished.watcher.seen)[BROKEN] == "N-CELL"


def test_the_manifest_agrees_with_every_file_in_the_folder(finished: Finished) -> None:
    manifest = json.loads((finished.folder / "manifest.json").read_text(encoding="utf-8"))
    recorded = {name: sha for entry in manifest["documents"] for name, sha in (entry["files"] | entry["stale"]).items()}
    recorded |= manifest["files"]
    lying = {
        path.relative_to(finished.folder).as_posix(): digest(path)
        for path in finished.folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert recorded == lying
    assert manifest["findings"]["error"] == 1


def test_the_manifest_kept_inside_says_what_the_set_was_made_of(finished: Finished) -> None:
    workspace = finished.folder.parents[2]
    sources = json.loads(finished.paths.record.read_text(encoding="utf-8"))["sources"]
    returns = next(path for path in sources["inputs"] if path.endswith("全县.csv"))
    assert sources["inputs"][returns] == digest(workspace / f"data/returns/{YEAR}/全县.csv")
    assert sources["notebooks"]["town.ipynb"] == template(workspace, "town.ipynb").digest
    assert len(sources["code"]) == len(sources["params"]) == 64
    assert any(name.endswith(".otf") for name in sources["fonts"])


def test_nothing_published_names_the_folder_or_the_home_of_the_user(finished: Finished) -> None:
    private = [str(finished.folder.parents[2]).encode(), f"{Path.home()}/".encode()]
    published = [path for path in finished.folder.rglob("*") if path.is_file()]
    found = [(path.name, text) for path in published for text in private if text in path.read_bytes()]
    assert not found


def test_nothing_of_the_run_is_left_behind(finished: Finished) -> None:
    assert not finished.paths.lock.exists()
    assert list(finished.paths.staged.iterdir()) == []
    assert not set(Path(tempfile.gettempdir()).glob(f"stats-{os.getpid()}-*")) - finished.temporary
    assert not list(finished.folder.rglob("*.part"))


def test_the_index_page_links_what_is_there_and_explains_what_is_not(finished: Finished) -> None:
    page = (finished.folder / "index.html").read_text(encoding="utf-8")
    assert CONTENT_SECURITY_POLICY in unescape(page)
    assert "<script" not in page
    assert "://" not in page
    assert "附一页待核对说明" in page
    assert "V02" not in re.sub("base64,[A-Za-z0-9+/=]+", "", page)  # letters of a font are no words
    assert "应报单位 5 个（另有县级本级）：已上报 4 个（其中有错误待核对 1 个），未上报 1 个" in page
    assert "未收到报表" in page
    assert "文件夹中留有此前的旧文件，未更新" in page
    linked = {unquote(address) for address in LINK.findall(page)}
    entries = json.loads((finished.folder / "manifest.json").read_bytes())["documents"]
    assert linked == {"data/indicators.csv", "manifest.json"} | {name for each in entries for name in each["files"]}


def test_the_index_page_shows_the_county_s_figures_and_who_must_act_on_what() -> None:
    missed = all_figures(SYS_02=make_figure("SYS-02", target=Target("unmet", ">=", Decimal(90))))
    page = index_of(make_county_report(towns={TOWNS[0].code: missed, TOWNS[1].code: all_figures()}))
    assert 'class="tiles"' in page
    assert "各单位达标情况一览" in page
    assert re.search(r'unmet" data-head="[^"]+"><a href="[^"]+" tabindex="-1">×<', page)
    assert re.search(r'data-head="未达标">1<', page)


def test_the_index_page_shows_no_figure_while_the_county_s_document_is_withheld() -> None:
    page = index_of(make_county_report(), "refused")
    assert 'class="tiles"' not in page
    assert "达标情况一览" not in page
    assert 'data-head="未达标"' not in page


def lead(folder: Path) -> dict[str, set[str]]:
    """The files each page of the set leads to."""
    pages = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("附件*.html")}
    return {name: {unquote(address) for address in LINK.findall(page)} for name, page in pages.items()}


def test_every_link_of_a_page_leads_to_a_file_that_lies_there(finished: Finished) -> None:
    entries = json.loads((finished.folder / "manifest.json").read_bytes())["documents"]
    written = {name for each in entries for name in each["files"] if name.endswith(".html")}
    linked = {name: files for name, files in lead(finished.folder).items() if name in written}
    assert all("index.html" in files for files in linked.values())
    lying = {path.name for path in finished.folder.iterdir()}
    assert [f"{name} → {file}" for name, files in linked.items() for file in files - lying] == []


def test_pages_pass_a_document_that_failed_and_lead_to_it_when_it_is_there(tmp_path: Path) -> None:
    failing = f'if str(unit) == "{BROKEN}":\n    raise ValueError("甲")'
    params = make_workspace(tmp_path, middle=failing, codes=(FINE, BROKEN, LEAVING))
    first = build(params, Options(jobs=1), Noted())
    names = {each.unit_code: each.name for each in first.entries if each.unit_code != COUNTY}
    page, other = f"{names[FINE]}.html", f"{names[BROKEN]}.html"
    assert {other, f"{names[LEAVING]}.html"} & lead(first.folder)[page] == {f"{names[LEAVING]}.html"}
    again = build(params, Options(jobs=1), Noted())
    assert again.built == frozenset()
    save(make_notebook(SHOW_COVER, "", SHOW_END), tmp_path / "notebooks/town.ipynb")
    assert other in lead(build(params, Options(jobs=1), Noted()).folder)[page]


def test_indicators_csv_has_the_county_first_and_every_unit_of_the_roster(finished: Finished) -> None:
    content = (finished.folder / "data/indicators.csv").read_bytes()
    rows = rows_of(content)
    assert content.startswith(b"\xef\xbb\xbf")
    assert tuple(rows[0]) == INDICATOR_COLUMNS
    assert list(dict.fromkeys(row["unit_code"] for row in rows)) == [COUNTY, *NAMES]
    enlisted = next(row for row in rows if row["unit_code"] == FINE and row["indicator"] == "REC-02")
    assert (enlisted["value"], enlisted["display"]) in (("5", "5"), ("", "[隐]"))


def test_findings_are_kept_inside_and_no_edition_but_the_full_one_has_cells(finished: Finished) -> None:
    assert "message" in rows_of(finished.paths.findings.read_bytes())[0]
    assert {path.name for path in finished.paths.data.iterdir()} == {"indicators.csv"}


def test_the_same_inputs_give_the_same_bytes_in_another_folder_and_are_not_built_twice(
    finished: Finished, tmp_path: Path
) -> None:
    params = make_workspace(tmp_path / "elsewhere", middle=TROUBLE)
    options = Options(jobs=1, units=frozenset({FINE}))
    first = build(params, options, Noted())
    entry = next(entry for entry in first.entries if entry.unit_code == FINE)
    assert entry.files == finished.entry(FINE).files
    again = Noted()
    second = build(params, options, again)
    assert again.due == 0
    assert second.entries == first.entries
    assert second.exit_code == ExitCode.COMPLETE


# Which files lie in the folder afterwards. The worker processes are replaced by one that delivers at once.


@dataclass
class Deliveries:
    """Stands in for the workers: hands in each wanted file with this text, after doing something on the side."""

    text: str = "一"
    side_effect: Path | None = None
    failure: str = ""

    @contextmanager
    def team(self, **_: Any) -> Iterator[Deliveries]:
        yield self

    def outcomes(self, jobs: Sequence[Job], *, retries: int) -> Iterator[Outcome]:
        for job in jobs:
            if self.side_effect is not None:
                self.side_effect.write_text("改动", encoding="utf-8")
            yield self.failed(job) if self.failure else self.delivered(job)

    def failed(self, job: Job) -> Outcome:
        return Outcome(job.document, failure=Failure(job.document, job.unit, "publish", self.failure, "坏了", "请修"))

    def delivered(self, job: Job) -> Outcome:
        staged = {suffix: job.staged / f"{job.document}.{suffix}" for suffix in (*job.formats, "ipynb")}
        for path in staged.values():
            path.write_text(self.text, encoding="utf-8")
        return Outcome(job.document, staged, images=1, tables=2)


@pytest.fixture
def deliveries(monkeypatch: pytest.MonkeyPatch) -> Deliveries:
    given = Deliveries()
    monkeypatch.setattr("stats.build.processes.workers.team", given.team)
    monkeypatch.setattr("stats.build.bound_volume.bind", lambda *_: b"%PDF- of what was delivered")
    return given


def published(params: parameters.Params) -> dict[str, str]:
    folder = params.workspace / f"reports/{YEAR}/meeting"
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("附件3-*")}


STEM = f"附件3-01-{FINE}-沐云街道-会议本"


def change_returns(params: parameters.Params) -> None:
    path = params.workspace / f"data/returns/{YEAR}/全县.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("autumn,5,", "autumn,6,"), encoding="utf-8")


def test_images_and_tables_are_counted_over_the_set(tmp_path: Path, deliveries: Deliveries) -> None:
    params = make_workspace(tmp_path, codes=(FINE, BROKEN))
    build(params, Options(jobs=1), Noted())
    manifest = json.loads((tmp_path / f"reports/{YEAR}/.internal/meeting/manifest.json").read_text(encoding="utf-8"))
    assert (manifest["images"], manifest["tables"]) == (4, 8)


def test_only_the_wanted_formats_are_built_and_the_notebook_always(tmp_path: Path, deliveries: Deliveries) -> None:
    params = make_workspace(tmp_path, codes=(FINE,))
    build(params, Options(jobs=1, formats=("html",)), Noted())
    assert set(published(params)) == {f"{STEM}.html", f"{STEM}.ipynb"}


def test_a_changed_return_rebuilds_and_an_outdated_format_does_not_stay(tmp_path: Path, deliveries: Deliveries) -> None:
    params = make_workspace(tmp_path, codes=(FINE,))
    build(params, Options(jobs=1), Noted())
    change_returns(params)
    deliveries.text = "二"
    build(params, Options(jobs=1, formats=("html",)), Noted())
    assert published(params) == {f"{STEM}.html": "二", f"{STEM}.ipynb": "二"}


def test_a_file_of_the_very_same_sources_stays_when_one_format_is_forced(
    tmp_path: Path, deliveries: Deliveries
) -> None:
    params = make_workspace(tmp_path, codes=(FINE,))
    build(params, Options(jobs=1), Noted())
    result = build(params, Options(jobs=1, formats=("html",), force=True), Noted())
    assert set(published(params)) == {f"{STEM}.{suffix}" for suffix in ("html", "pdf", "docx", "ipynb")}
    assert set(result.entries[1].files) == set(published(params))


def test_a_file_someone_changed_is_built_again(tmp_path: Path, deliveries: Deliveries) -> None:
    params = make_workspace(tmp_path, codes=(FINE,))
    build(params, Options(jobs=1), Noted())
    (tmp_path / f"reports/{YEAR}/meeting/{STEM}.html").write_text("手改", encoding="utf-8")
    watcher = Noted()
    build(params, Options(jobs=1), watcher)
    assert watcher.due == 1
    assert published(params)[f"{STEM}.html"] == "一"


def test_documents_not_asked_for_keep_their_files_and_their_record(tmp_path: Path, deliveries: Deliveries) -> None:
    params = make_workspace(tmp_path, codes=(FINE, BROKEN))
    before = build(params, Options(jobs=1), Noted())
    result = build(params, Options(jobs=1, units=frozenset({FINE}), force=True), Noted())
    assert result.entries == before.entries
    change_returns(params)
    after = build(params, Options(jobs=1, units=frozenset({FINE})), Noted())
    states = {entry.unit_code: entry.state for entry in after.entries}
    assert states == {COUNTY: "not_built", FINE: "complete", BROKEN: "not_built"}
    assert after.entries[2].stale == before.entries[2].files


def test_files_of_a_unit_that_changed_its_name_are_set_aside(tmp_path: Path, deliveries: Deliveries) -> None:
    params = make_workspace(tmp_path, codes=(FINE,))
    build(params, Options(jobs=1), Noted())
    for path in (tmp_path / "params/county.yaml", tmp_path / f"data/returns/{YEAR}/全县.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace("沐云街道", "沐云镇"), encoding="utf-8")
    build(parameters.load(tmp_path), Options(jobs=1), Noted())
    assert {name.rsplit("-", 2)[1] for name in published(params)} == {"沐云镇"}
    assert (tmp_path / f"reports/{YEAR}/.internal/meeting/withdrawn/{STEM}.pdf").exists()


def test_a_return_that_changes_during_the_run_is_noticed(tmp_path: Path, deliveries: Deliveries) -> None:
    params = make_workspace(tmp_path, codes=(FINE,))
    deliveries.side_effect = tmp_path / f"data/returns/{YEAR}/全县.csv"
    result = build(params, Options(jobs=1), Noted())
    assert {failure.code for failure in result.failures} == {"I-CHANGED"}
    assert result.exit_code == ExitCode.RUN_FAILED
    assert published(params) == {}


def test_a_failing_disk_ends_the_run_as_an_environment_failure(tmp_path: Path, deliveries: Deliveries) -> None:
    deliveries.failure = "D-DISK"
    watcher = Noted()
    with pytest.raises(RunEnvironmentError, match="坏了"):
        build(make_workspace(tmp_path, codes=(FINE,)), Options(jobs=1), watcher)
    assert len(watcher.seen) == 1, "on a full disk the other documents are not tried"


def test_a_lost_ledger_means_that_everything_is_built_anew(tmp_path: Path, deliveries: Deliveries) -> None:
    params = make_workspace(tmp_path, codes=(FINE,))
    build(params, Options(jobs=1), Noted())
    (tmp_path / f"reports/{YEAR}/.internal/meeting/ledger.jsonl").unlink()
    watcher = Noted()
    build(params, Options(jobs=1), watcher)
    assert watcher.due == 3


def test_nothing_is_read_or_written_when_nothing_has_changed(
    tmp_path: Path, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = make_workspace(tmp_path)
    first = build(params, Options(jobs=1), Noted())
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "reports").rglob("*") if path.is_file()}
    monkeypatch.setattr("stats.report.load", lambda *_, **__: pytest.fail("the returns were read"))
    watcher = Noted()
    second = build(params, Options(jobs=1), watcher)
    assert watcher.due == 0
    assert (second.entries, second.exit_code, second.counts) == (first.entries, first.exit_code, first.counts)
    assert second.refusals == first.refusals
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "reports").rglob("*") if path.is_file()} == before


# A kernel that misbehaves costs its own document only.


def run_alone(tmp_path: Path, source: str, *, seconds: float = 60) -> nbformat.NotebookNode:
    return notebook_process.execute(
        make_notebook(source), {"unit": FINE}, folder=tmp_path, seconds=seconds, engine="stock"
    )


def test_a_kernel_that_dies_is_reported_as_dead(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        run_alone(tmp_path, "import os\nos._exit(1)")
    assert caught.value.code == "K-DEAD"
    assert caught.value.notebook is not None


def test_a_cell_that_hangs_is_ended_at_the_time_limit_and_leaves_no_process(tmp_path: Path) -> None:
    code = "K-START"
    for seconds in (4, 8, 16, 32, 64):  # until there is time enough to start
        if code == "K-START":
            with pytest.raises(DocumentError) as caught:
                run_alone(tmp_path, f"import time\ntime.sleep({HANGING})", seconds=seconds)
            code = caught.value.code
    assert code == "K-TIMEOUT"
    assert kernel_processes() == []


def kernel_processes() -> list[int]:
    found = []
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            found += [child.pid] if "ipykernel" in " ".join(child.cmdline()) else []
    return found


def test_a_kernel_speaks_over_private_sockets_and_not_over_the_network(tmp_path: Path) -> None:
    source = "import os\nfolder = os.environ['IPYTHONDIR'].rsplit('/', 1)[0]\nprint(sorted(os.listdir(folder)))\n"
    executed = run_alone(tmp_path, f"{source}print(oct(os.stat(folder).st_mode & 0o777))")
    text = executed.cells[-1].outputs[0].text
    assert "k-ipc-1" in text
    assert "0o700" in text


def test_a_worker_that_dies_costs_its_own_job_only_and_leaves_nothing_running(tmp_path: Path) -> None:
    staged, failed = tmp_path / "staged", tmp_path / "failed"
    staged.mkdir()
    failed.mkdir()
    deadly = (
        "import os, signal, subprocess\n"
        f"subprocess.Popen(['sleep', '{HANGING}'], start_new_session=True)\n"
        "os.kill(os.getppid(), signal.SIGKILL)"
    )
    job = partial(
        Job,
        unit=FINE,
        year=YEAR,
        parameters=(("unit", FINE),),
        number="附件3-01",
        entry=entry("town"),
        formats=(),
        workspace=tmp_path,
        staged=staged,
        failed=failed,
        seconds=60,
        memory=2**32,
        engine="stock",
    )
    jobs = [
        job(document=name, notebook=notebook, notebook_digest=digest_of_notebook(notebook))
        for name, notebook in (
            ("坏", make_notebook(deadly)),
            ("好", make_notebook(f"{SHOW_COVER}\n{SHOW_END}")),
        )
    ]
    with workers.team(size=1, engine="stock", logs=tmp_path) as team:
        outcomes = {outcome.document: outcome for outcome in team.outcomes(jobs)}
    assert outcomes["坏"].failure is not None
    assert outcomes["坏"].failure.code == "W-DEAD"
    assert outcomes["好"].failure is None
    assert gone(lambda: processes_of(tmp_path)) == []


# The executed notebook.


def executed_notebook(text: str) -> nbformat.NotebookNode:
    notebook = make_notebook("show()")
    notebook.metadata["papermill"] = {"start_time": "2021-01-01", "output_path": "/home/someone/out.ipynb"}
    notebook.cells[1].metadata["execution"] = {"iopub.execute_input": "2021-01-01T00:00:00"}
    notebook.cells[1].outputs = [nbformat.v4.new_output("execute_result", {"text/plain": text}, execution_count=1)]
    return notebook


@pytest.mark.skipif(os.name != "posix", reason="accounts without a home are POSIX")
def test_an_account_without_a_home_has_none_to_hide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: int) -> Any:
        raise KeyError

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", nobody)
    assert str(tmp_path) in produce._private_paths(tmp_path)


def test_clock_addresses_and_private_paths_are_taken_out_of_a_notebook() -> None:
    notebook = executed_notebook("<Figure at 0x7f00aa11bb22> in /home/someone/county/data and /home/someone-else")
    clean = strip_volatile(notebook, hidden=["/home/someone", "/home/someone/county"])
    assert clean.cells[1].outputs[0].data["text/plain"] == "<Figure at 0x0> in /data and /home/someone-else"
    assert b"2021-01-01" not in notebook_bytes(clean)
    assert b"papermill" not in notebook_bytes(clean)


def test_normalising_leaves_figures_alone() -> None:
    content: dict[str, Any] = {"kind": "table", "rows": [["2021", "−3.40"], ["0x1", "1e5"]]}
    notebook = executed_notebook("")
    notebook.cells[1].outputs[0].data[MIME] = content
    assert strip_volatile(notebook, hidden=["/tmp"]).cells[1].outputs[0].data[MIME] == content


# What is refused before a kernel starts.


def template_of(folder: Path, notebook: nbformat.NotebookNode) -> Any:
    save(notebook, folder / "notebooks/town.ipynb")
    return template(folder, "town.ipynb")


def test_an_unknown_parameter_is_refused_with_the_likely_name(tmp_path: Path) -> None:
    source = template_of(tmp_path, make_notebook("unit"))
    with pytest.raises(ParamsError, match="不认识参数“uint”") as caught:
        check_parameters(source, ["uint", "year", "edition", "workspace"])
    assert "unit" in caught.value.remedy


def test_a_missing_parameter_is_refused(tmp_path: Path) -> None:
    source = template_of(tmp_path, make_notebook("unit", parameters_cell=f"{TOWN_PARAMETERS}\nseason = 'spring'"))
    with pytest.raises(ParamsError, match="season"):
        check_parameters(source, ["unit", "year", "edition", "workspace"])


@pytest.mark.parametrize("tag", ["raises-exception", "skip-execution", "parameters"])
def test_a_tag_that_would_hide_a_failure_is_refused(tmp_path: Path, tag: str) -> None:
    with pytest.raises(ParamsError, match=tag):
        template_of(tmp_path, make_notebook("unit", tag=tag))


def test_code_in_the_parameters_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match="第 2 行"):
        template_of(tmp_path, make_notebook("unit", parameters_cell="unit = ''\nprint(unit)"))


def test_a_run_with_an_untrusted_notebook_writes_nothing(tmp_path: Path) -> None:
    params = make_workspace(tmp_path / "county")
    save(make_notebook("unit", parameters_cell="unit = ''"), params.workspace / "notebooks/town.ipynb")
    with pytest.raises(ParamsError):
        build(params, Options(jobs=1), Noted())
    assert not list((params.workspace / "reports").rglob("*.html"))


# The plan.


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> parameters.Params:
    return make_workspace(tmp_path_factory.mktemp("plan") / "county")


def finding(**changes: Any) -> Finding:
    given = {
        "rule": "V02",
        "severity": Severity.ERROR,
        "message": "不符",
        "remedy": "请核对",
        "unit": FINE,
        "year": YEAR,
    }
    return Finding(**{**given, **changes})


def test_documents_are_the_county_and_then_the_roster_in_code_order(county: parameters.Params) -> None:
    documents = plan(county, findings=[], received={FINE, BROKEN, LEAVING, REFUSED})
    assert [document.name for document in documents[:3]] == [
        "附件2-全县统计汇总-会议本",
        "附件3-01-990118001000-沐云街道-会议本",
        "附件3-02-990118002000-望汀街道-会议本",
    ]
    assert {document.unit.code for document in documents if document.state == "not_reported"} == {UNREPORTED}


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "refused"),
        ({"severity": Severity.FATAL}, "refused"),
        ({"severity": Severity.WARNING}, "due"),
        ({"year": YEAR - 1}, "due"),
    ],
)
def test_only_a_hard_finding_of_the_report_year_refuses_a_unit(
    county: parameters.Params, changes: dict[str, Any], state: str
) -> None:
    documents = plan(county, findings=[finding(**changes)], received=set(NAMES))
    assert [document.state for document in documents if document.unit.code == FINE] == [state]
    assert {document.state for document in documents if document.unit.code != FINE} == {"due"}


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 0),
        ({"unit": "990118999000"}, 1),
        ({"unit": "", "year": None}, 1),
        ({"unit": "", "year": YEAR - 1, "cell": "A7"}, 0),
        ({"unit": "", "year": YEAR - 1, "severity": Severity.FATAL}, 1),
        ({"unit": "", "year": YEAR - 1, "severity": Severity.WARNING}, 0),
    ],
)
def test_a_refusal_that_fits_no_unit_is_counted(county: parameters.Params, changes: dict[str, Any], count: int) -> None:
    assert len(unattributed(county, [finding(**changes)])) == count


# Names and places.


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("石㙍乡", "石㙍乡"),
        ("𠮷祥镇", "𠮷祥镇"),
        ("../a/b\\c\x00\n\u202e", "abc"),
        ("（街）", "街"),
        ("镇" * 60, "镇" * 40),
    ],
)
def test_only_letters_of_a_name_reach_a_file_name(name: str, part: str) -> None:
    assert file_name_part(name) == part


def test_a_symbolic_link_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "index.html").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunEnvironmentError, match="符号链接"):
        inside(tmp_path, "index.html")


@pytest.mark.parametrize("name", ["../index.html", "a/b.html", "..", ""])
def test_a_file_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RunEnvironmentError):
        inside(tmp_path, name)


def test_an_output_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "reports").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunEnvironmentError, match="符号链接"):
        OutputPaths(tmp_path, YEAR, "meeting").prepare()


# The lock.


def write_lock(path: Path, **owner: Any) -> None:
    path.write_text(json.dumps(owner), encoding="utf-8")


def test_a_lock_of_a_living_process_is_respected_and_names_it(tmp_path: Path) -> None:
    path = tmp_path / "lock.json"
    with held(path), pytest.raises(LockedError, match=str(os.getpid())), held(path):
        pytest.fail("two runs at once")
    assert not path.exists()


def test_a_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "lock.json"
    write_lock(path, pid=2**22 + 1, host=socket.gethostname(), since="2021-01-01T00:00:00+08:00")
    with held(path):
        assert json.loads(path.read_text(encoding="utf-8"))["pid"] == os.getpid()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_of_another_machine_is_never_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "lock.json"
    write_lock(path, pid=1, host="another", since="2021-01-01T00:00:00+08:00")
    with pytest.raises(LockedError, match="another"), held(path):
        pytest.fail("taken over")


def test_a_lock_whose_process_number_was_given_to_another_process_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "lock.json"
    write_lock(path, pid=os.getpid(), started=1, host=socket.gethostname(), since="2001-01-01T00:00:00+08:00")
    with held(path):
        assert "2001" not in path.read_text(encoding="utf-8")


# The tables.


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "+86"),
        ("-5", "-5"),
        ("-5.20%", "-5.20%"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("＝1", "'＝1"),
        ("  =1", "'  =1"),
        ("—", "—"),
        ("双塘镇", "双塘镇"),
        ("", ""),
    ],
)
def test_text_that_could_run_as_a_formula_is_guarded_and_numbers_are_not(text: str, kept: str) -> None:
    assert guarded(text) == kept


def test_a_csv_cell_may_hold_separators_and_line_breaks() -> None:
    content = to_csv(("a", "b"), [{"a": '甲,"乙"', "b": "一\n二"}])
    assert rows_of(content) == [{"a": '甲,"乙"', "b": "一\n二"}]


def figure(**changes: Any) -> Figure:
    given: dict[str, Any] = {
        "year": YEAR,
        "unit": FINE,
        "indicator": "SYS-02",
        "status": Status.OK,
        "value": Decimal("66.666666666667"),
        "rounded": Decimal("66.7"),
        "last_year": Comparison(
            Status.OK, Status.OK, Decimal("70.0"), Decimal("-3.3"), Decimal("-3.333333333333"), trend="down"
        ),
        "county": Comparison(Status.OK, Status.OK, Decimal("60.0"), Decimal("6.7"), Decimal("6.666666666667")),
        "target": Target("unmet", ">=", Decimal(90)),
        "rank": Rank(2, 4),
    }
    return Figure(**{**given, **changes})


def row_of(county: parameters.Params, given: Figure) -> dict[str, str]:
    (row,) = rows_of(indicators_csv(county, {FINE: {given.indicator: given}}))
    return row


def test_a_row_of_indicators_csv_holds_the_exact_and_the_printed_number_in_the_full_edition(
    county: parameters.Params,
) -> None:
    row = row_of(county.model_copy(update={"edition": "full"}), figure())
    assert (row["value"], row["display"]) == ("66.666666666667", "66.7")
    assert (row["yoy"], row["county"], row["vs_county"]) == ("-3.333333333333", "60", "6.666666666667")
    assert (row["rank"], row["ranked_units"], row["target"], row["target_status"]) == ("2", "4", ">=90", "unmet")


def test_a_shown_edition_holds_no_digit_that_is_not_printed(county: parameters.Params) -> None:
    row = row_of(county, figure())
    assert (row["value"], row["display"]) == ("66.7", "66.7")
    assert (row["yoy"], row["yoy_display"]) == ("-3.3", "-3.3")
    assert (row["county"], row["vs_county"]) == ("60.0", "6.7")


def test_the_number_that_shows_a_missed_target_stands_in_the_table_too(county: parameters.Params) -> None:
    row = row_of(county, figure(rounded=Decimal("90.0"), precise=Decimal("89.96")))
    assert (row["value"], row["display"]) == ("89.96", "89.96")


def test_a_printed_range_has_no_single_number_in_a_shown_edition(county: parameters.Params) -> None:
    about = Comparison(
        Status.APPROX,
        Status.OK,
        Decimal(318),
        Decimal(-8),
        Decimal(-8),
        low=Decimal(-8),
        high=Decimal(1),
        trend="about",
    )
    row = row_of(county, figure(indicator="EMG-03", last_year=about))
    assert (row["yoy"], row["yoy_display"]) == ("", "大体相当")


def test_a_growth_has_no_change_against_last_year(county: parameters.Params) -> None:
    row = row_of(county, figure(indicator="SUP-03"))
    assert (row["yoy"], row["yoy_display"]) == ("", "—")


def county_row(county: parameters.Params, given: Figure) -> dict[str, str]:
    figures = {county.county.code: {given.indicator: given}}
    (row,) = rows_of(indicators_csv(county, figures))
    return row


def test_the_countys_row_says_what_it_measures_and_over_how_many_units(county: parameters.Params) -> None:
    counts: dict[str, Any] = {"unit": COUNTY, "units": 4, "due": 5, "met": 3, "decided": 4}
    last_year = Comparison(Status.OK, Status.OK, Decimal("70.0"), Decimal("-3.3"), matched=2, is_partial=True)
    row = county_row(county, figure(**counts, last_year=last_year))
    assert (row["indicator_name"], row["measure"]) == ("议军事项办结率", "汇总比率（%）")
    assert (row["units_met"], row["units_answered"], row["comparable_units"]) == ("3", "4", "2")
    assert tuple(row)[-5:] == ("indicator_name", "measure", "units_met", "units_answered", "comparable_units")


@pytest.mark.parametrize(
    ("code", "of_county", "of_unit"),
    [
        ("SYS-01", "达标程度（%）", "达标程度（%）"),
        ("SYS-03", "达标单位占比（%）", "是否"),
        ("SYS-05", "达标单位占比（%）", "是否"),
        ("SYS-06", "县级本级（%）", "达标程度（%）"),
        ("REC-02", "已上报单位合计（名）", "数量（名）"),
        ("MIL-04", "中位数（%）", "上报比率（%）"),
        ("FND-01", "已上报单位合计（万元）", "金额（万元）"),
        ("FND-02", "汇总增速（%）", "增速（%）"),
        ("FND-05", "汇总比率（元/人）", "人均（元/人）"),
    ],
)
def test_one_word_says_what_a_row_measures(county: parameters.Params, code: str, of_county: str, of_unit: str) -> None:
    whole = county_row(county, figure(indicator=code, unit=COUNTY, units=4, due=5))
    assert (whole["measure"], row_of(county, figure(indicator=code))["measure"]) == (of_county, of_unit)


def test_a_sum_of_all_units_is_the_total(county: parameters.Params) -> None:
    assert county_row(county, figure(indicator="REC-02", unit=COUNTY, units=5, due=5))["measure"] == "合计（名）"


def test_a_units_row_counts_no_units(county: parameters.Params) -> None:
    row = row_of(county, figure())
    assert not any(row[column] for column in ("units_met", "units_answered", "comparable_units"))


def test_a_hidden_figure_has_no_value_anywhere(county: parameters.Params) -> None:
    hidden = Comparison(Status.HIDDEN, Status.HIDDEN)
    row = row_of(
        county,
        figure(
            status=Status.HIDDEN, value=None, rounded=None, last_year=hidden, county=hidden, rank=Rank(reason="hidden")
        ),
    )
    assert row["display"] == "[隐]"
    assert not any(
        character.isdigit()
        for name in ("value", "yoy", "yoy_display", "county", "vs_county", "rank")
        for character in row[name]
    )


# The index page.


def test_names_are_text_and_never_markup_on_the_index_page(county: parameters.Params) -> None:
    name = "<img src=x onerror=alert(1)>"
    entry = Entry("附件3-01", "附件3-01", FINE, name, "complete", files={"附件3-01.html": "0" * 64})
    page = index_html(county, entries=[entry], data=[], unattributed=0)
    assert name not in page
    assert "&lt;img" in page


def test_the_index_page_carries_marking_and_banner(county: parameters.Params) -> None:
    marked = county.model_copy(update={"marking": "内部", "demonstration": True})
    page = index_html(marked, entries=[], data=[], unattributed=0)
    assert ">内部<" in page
    assert "演示数据（虚构）<" in page
    kept = index_html(marked.model_copy(update={"edition": "full"}), entries=[], data=[], unattributed=0)
    assert "演示数据（虚构）　内部留用，不得外传 · 全本<" in kept


@pytest.fixture(autouse=True)
def _no_kernel_is_left() -> Iterator[None]:
    yield
    assert kernel_processes() == []


def test_a_caller_with_several_threads_is_not_forked_and_gets_the_same_bytes(
    finished: Finished, tmp_path: Path
) -> None:
    params = make_workspace(tmp_path / "county", middle=TROUBLE)
    wait = threading.Event()
    other = threading.Thread(target=wait.wait)
    other.start()
    try:
        result = build(params, Options(jobs=1, units=frozenset({FINE})), Noted())
    finally:
        wait.set()
        other.join()
    assert next(entry for entry in result.entries if entry.unit_code == FINE).files == finished.entry(FINE).files
