"""A county whose towns misbehave, each in its own way, where a file in ``trouble/`` says so; without it, all are well.

The notebooks are the same whether a town misbehaves or not, so that a run with trouble and one without must give the
other towns the same bytes. What goes wrong while a PDF is made is a file too, for workers that are started afresh.
"""

from __future__ import annotations

import faulthandler
import os
import re
import signal
import time
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from make_workspace import COUNTY, COUNTY_PARAMETERS, SHOW_COVER, SHOW_END, YEAR, make_notebook, save
from stats import params as parameters
from stats.build.processes import worker_main
from stats.build.processes.worker_main import Setting
from stats.publish import Document
from stats.publish import pdf as pdf_format
from waiting import becomes_true

# How long whatever is to hang hangs; so odd a number that no other process has it in its command.
HANGING = 98_765
_WHERE = "STATS_TEST_TROUBLE"
# What a town's middle cell does in any case: nothing, unless it is told to misbehave.
MISBEHAVE = """\
from pathlib import Path
trouble = Path("trouble") / f"{unit}.py"
if trouble.exists():
    with Path("trouble", f"{unit}.tries").open("a") as tries:
        tries.write("x")
    exec(trouble.read_text(encoding="utf-8"))"""

_to_pdf = pdf_format.make


@dataclass(frozen=True)
class Trouble:
    """What one town does wrong, in its notebook (``source``) or while its PDF is made, and how that must be told."""

    stage: str
    code: str
    says: str = ""
    source: str = ""
    pdf: str = ""


def roster(names: Iterable[str]) -> dict[str, str]:
    """A made-up code for each of at most 900 names."""
    return {name: f"990118{100 + place:03d}000" for place, name in enumerate(names)}


def county(folder: Path, units: Mapping[str, str], *, refused: Container[str] = ()) -> parameters.Params:
    """A county of these towns (code by name) that all behave; the returns of some (by name) are refused."""
    lines = "".join(f'  - {{code: "{code}", name: {name}, type: 镇}}\n' for name, code in units.items())
    (folder / "params").mkdir(parents=True)
    (folder / "params/county.yaml").write_text(
        f'county: {{code: "{COUNTY}", name: 云汀县}}\nyear: {YEAR}\n'
        f"documents: [county, town, quality]\nunits:\n{lines}",
        encoding="utf-8",
    )
    save(make_notebook(SHOW_COVER, MISBEHAVE, SHOW_END), folder / "notebooks/town.ipynb")
    save(make_notebook(SHOW_COVER, SHOW_END), folder / "notebooks/pending.ipynb")
    county_cover = SHOW_COVER.replace("str(unit)", f'"{COUNTY}"')
    quality_cover = county_cover.replace("附件2", "附件4").replace("统计汇总和位次", "统计数据质量报告")
    for name, cover in (("county", county_cover), ("quality", quality_cover)):
        save(make_notebook(cover, SHOW_END, parameters_cell=COUNTY_PARAMETERS), folder / f"notebooks/{name}.ipynb")
    rows = [
        f"{code},{name},镇,{YEAR},{period},{numbers}\n"
        for name, code in units.items()
        for period, numbers in (("year", ","), ("spring", "0,0"), ("autumn", "5,9" if name in refused else "5,4"))
    ]
    returns = folder / f"data/returns/{YEAR}/全县.csv"
    returns.parent.mkdir(parents=True)
    head = "unit_code,unit_name,unit_type,stat_year,period,rec_enlisted,rec_enlisted_college\n"
    returns.write_text(head + "".join(rows), encoding="utf-8")
    return parameters.load(folder)


def give_trouble(workspace: Path, troubles: Mapping[str, Trouble]) -> None:
    """Let these towns (by code) misbehave, and no other."""
    folder = workspace / "trouble"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for code, trouble in troubles.items():
        if trouble.source:
            (folder / f"{code}.py").write_text(trouble.source, encoding="utf-8")
        if trouble.pdf:
            (folder / f"{code}.pdf").write_text(trouble.pdf, encoding="utf-8")
    os.environ[_WHERE] = str(folder)


def misbehaving_pdf(document: Document) -> bytes:
    """Stands in for the making of a PDF: as it is made, but for a town that has trouble with it."""
    for _, shown in document.cover.lines:
        trouble = Path(os.environ[_WHERE]) / f"{shown}.pdf"
        if trouble.exists():
            with trouble.with_suffix(".tries").open("a") as tries:
                tries.write("x")
            return _PDF_TROUBLES[trouble.read_text(encoding="utf-8")](document)
    return _to_pdf(document)


def serve_misbehaving(setting: Setting, pipe: Connection) -> None:
    """Stands in for the life of a worker that is started afresh."""
    pdf_format.make = misbehaving_pdf
    worker_main.serve_spawned(setting, pipe)


def _hang(document: Document) -> bytes:
    time.sleep(HANGING)
    return b""


def _crash(document: Document) -> bytes:
    faulthandler.disable()  # what pytest would print of it on the screen
    os.kill(os.getpid(), signal.SIGSEGV)
    return b""


def _without_pages(document: Document) -> bytes:
    return re.sub(rb"/Type\s*/Page\b(?!s)", b"/Type /Leaf", _to_pdf(document))


def _without_fonts(document: Document) -> bytes:
    return re.sub(rb"/FontFile[23]?\b", b"/FontGone", _to_pdf(document))


def _half(document: Document) -> bytes:
    whole = _to_pdf(document)
    return whole[: len(whole) // 2]


_PDF_TROUBLES: Mapping[str, Callable[[Document], bytes]] = {
    "hangs": _hang,
    "crashes": _crash,
    "has no pages": _without_pages,
    "has no fonts": _without_fonts,
    "is cut short": _half,
}


def processes_of(workspace: Path) -> list[str]:
    """Every process that works in this workspace, sleeps as one of its towns does, or names it in its command."""
    found = []
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        try:
            command = " ".join(process.cmdline())
            where = process.cwd()
        except psutil.Error:
            continue
        if str(workspace) in (command, where) or str(HANGING) in command or str(workspace) in command:
            found.append(f"{process.pid} {command}")
    return found


def gone(what: Callable[[], list[str]]) -> list[str]:
    """What is still there however long one waits."""
    becomes_true(lambda: not what())
    return what()
