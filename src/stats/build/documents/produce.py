"""One document from its notebook to finished bytes: run, strip_volatile, check, export. Publishes nothing."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from nbformat import NotebookNode

from stats import publish
from stats.build.documents import notebook_process
from stats.build.documents.failure import DISK, DocumentError, Failure, Stage
from stats.build.documents.job import Job, Outcome
from stats.build.documents.reduced import digest
from stats.build.documents.strip_volatile import strip_volatile, to_bytes
from stats.errors import StatsError
from stats.files import free_space
from stats.formats import NOTEBOOK, format_of
from stats.present.blocks import Chart, Cover, Table

Made = TypeVar("Made")

_REMAKE = "请单独重做该单位；仍不行，请查看 .internal 内 logs 中的运行记录并报告给维护人员"
_IN_THE_LOG = "请查看 .internal 内 logs 中的运行记录并报告给维护人员"


def produce(job: Job) -> Outcome:
    """Make one document. Whatever goes wrong is this document's own failure, recorded and logged, never raised."""
    try:
        return _made(job)
    except DocumentError as failed:
        _keep_half_run(job, failed.notebook)
        logging.getLogger(__name__).exception("%s", job.document)
        return _failed(job, failed.stage, failed.code, failed.message, failed.remedy)


def _made(job: Job) -> Outcome:
    executed = _step(job, "run", lambda: _executed(job))
    notebook = strip_volatile(executed, hidden=_private_paths(job.workspace))
    try:
        document = replace(_step(job, "check", lambda: publish.document(notebook)), links=job.links)
        _check_cover(job, document.cover)
        contents = {suffix: _content(job, suffix, document, notebook) for suffix in job.formats}
    except DocumentError as failed:
        failed.notebook = notebook
        raise
    count = Counter(type(block) for block in document.blocks)
    staged = _step(job, "publish", lambda: _stage(job, contents))
    return Outcome(job.document, staged, images=count[Chart], tables=count[Table], left_out=document.left_out)


def _executed(job: Job) -> NotebookNode:
    """The notebook as executed; only the one that was confirmed where the run began, wherever this is."""
    if digest(job.notebook) != job.notebook_digest:
        raise DocumentError("run", "N-UNCONFIRMED", "笔记本不是确认过的那一个，没有运行", "请核对笔记本后重新运行")
    return notebook_process.execute(
        job.notebook,
        dict(job.parameters),
        folder=job.workspace,
        seconds=job.seconds,
        memory=job.memory,
        engine=job.engine,
    )


def _content(job: Job, suffix: str, document: publish.Document, notebook: NotebookNode) -> bytes:
    if suffix == NOTEBOOK.suffix:
        return to_bytes(notebook)
    return _step(job, suffix, lambda: _whole(suffix, document))


def _whole(suffix: str, document: publish.Document) -> bytes:
    """The document in this format; DocumentError if its file is not whole."""
    writer = format_of(suffix).writer()
    content = writer.make(document)
    if fault := writer.fault(content, document):
        raise DocumentError(suffix, "P-ARTEFACT", fault, _REMAKE)
    return content


def _step(job: Job, stage: Stage, make: Callable[[], Made]) -> Made:
    """Run one stage; any error becomes this document's failure at that stage."""
    try:
        return make()
    except DocumentError:
        raise
    except StatsError as error:
        raise DocumentError(stage, "P-REFUSED", error.problem, error.remedy) from error
    except OSError as error:
        where = error.filename or job.staged
        problem = f"读写 {where} 失败：{error.strerror or error}（剩余空间 {free_space(job.staged)}）"
        raise DocumentError(stage, DISK, problem, "请检查磁盘空间和写入权限后重新运行；原有文件未改动") from error
    except Exception as error:
        raise DocumentError(stage, "P-ERROR", f"程序出错（{type(error).__name__}：{error}）", _IN_THE_LOG) from error


def _check_cover(job: Job, cover: Cover) -> None:
    """Refuse a document that says it is another one, or is not about the unit and year it was made for."""
    if cover.attachment != job.number or job.entry.heading not in "".join(cover.title.split()):
        raise DocumentError(
            "check",
            "N-TITLE",
            f"封面印的是“{cover.attachment} {cover.title}”，应为“{job.number} …{job.entry.heading}”",
            f'请在 {job.entry.notebook} 显示封面的单元格写明是这一份，如 present.cover(county, "{job.entry.key}")',
        )
    if cover.code != job.unit or cover.year != job.year:
        raise DocumentError(
            "check",
            "N-CONTENT",
            f"封面写的是 {cover.code} {cover.unit}（{cover.year}年），应为 {job.unit}、{job.year}年",
            "请检查笔记本是否用了 parameters 单元格中的 unit 和 year",
        )


def _stage(job: Job, contents: dict[str, bytes]) -> dict[str, Path]:
    """Put the files on the disk beside their future place, flushed, so that naming them is all that is left to do."""
    staged = {suffix: job.staged / f"{job.document}.{suffix}" for suffix in contents}
    for suffix, path in staged.items():
        with path.open("wb") as file:
            file.write(contents[suffix])
            file.flush()
            os.fsync(file.fileno())
    return staged


def _keep_half_run(job: Job, notebook: NotebookNode | None) -> None:
    if notebook is None:
        return
    try:
        (job.failed / f"{job.document}.ipynb").write_bytes(to_bytes(notebook))
    except OSError:
        logging.getLogger(__name__).exception("%s: the half-run notebook could not be kept", job.document)


def _failed(job: Job, stage: Stage, code: str, message: str, remedy: str) -> Outcome:
    return Outcome(job.document, failure=Failure(job.document, job.unit, stage, code, message, remedy))


def _private_paths(workspace: Path) -> tuple[str, ...]:
    """Folders whose names say where and as whom the run took place."""
    home = os.path.expanduser("~")  # an account may have none
    folders = (workspace, home, Path(sys.prefix), Path(__file__).resolve().parents[4], tempfile.gettempdir())
    return tuple(str(folder) for folder in folders)
