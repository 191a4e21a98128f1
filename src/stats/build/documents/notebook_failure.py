"""What went wrong while a notebook ran, as this document's failure: code, problem and remedy. Runs nothing."""

from __future__ import annotations

import signal

from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from stats.build.documents.failure import DocumentError
from stats.build.processes.control_groups import killed_for_memory
from stats.cells.child import described
from stats.cells.outputs import MEBIBYTE, OutputLimitError
from stats.errors import StatsError, told_by

_LOOK = "请打开 .internal 内 failed 中的同名笔记本查看出错的位置"
_INSTALL = "请重新安装运行环境（make report 会自动安装）"
_FEWER = "本账户能开的进程和线程已用完，请减少同时进行的份数（--jobs）或关闭其他程序，再重做该单位"
_MORE_MEMORY = "请减少同时进行的份数（--jobs），或用 --memory 调高上限，再重做该单位"


def in_cell(error: PapermillExecutionError, kept: list[NotebookNode]) -> DocumentError:
    """An error in a cell (N-CELL), or that it got no more memory (K-OOM)."""
    problem, remedy = told_by(str(error.evalue))
    where = f"笔记本第 {error.cell_index + 1} 个单元格出错（{error.ename}）"
    if error.ename == "MemoryError":
        return _failure("K-OOM", f"{where}：内存不足", _MORE_MEMORY, kept)
    return _failure("N-CELL", f"{where}：{problem or error.ename}", remedy or _LOOK, kept)


def too_much(error: OutputLimitError, kept: list[NotebookNode]) -> DocumentError:
    """A notebook that puts out without end (N-OUTPUT)."""
    what = "打印的文字" if error.printed else "输出合计"
    return _failure(
        "N-OUTPUT",
        f"笔记本第 {error.cell_index + 1} 个单元格的{what}超过 {error.limit / MEBIBYTE:g} MiB，已中止",
        "请检查该单元格是否在循环中不断打印，或输出了过大的表格、图片",
        kept,
    )


def ended(status: int | None, kills_before: int | None, kept: list[NotebookNode]) -> DocumentError:
    """A process that ended so, killed for want of memory (K-OOM) or by itself (K-DEAD)."""
    if status == -signal.SIGKILL:
        kills = killed_for_memory()
        if kills is not None and kills_before is not None and kills > kills_before:
            return _failure("K-OOM", "内核进程被强行结束（SIGKILL），系统因内存不足结束了它", _MORE_MEMORY, kept)
        return _failure(
            "K-DEAD", "内核进程被强行结束（SIGKILL）", f"如果不是有人结束了它，多半是内存不足：{_MORE_MEMORY}", kept
        )
    how = described(status).replace("exit status unknown", "原因不明")
    how = how.replace("exit status ", "退出码 ").replace("signal ", "信号 ")
    return _failure(
        "K-DEAD",
        f"内核进程意外退出（{how}）",
        "请查看 .internal 内 failed 中的同名笔记本停在哪里，再单独重做该单位",
        kept,
    )


def out_of_time(seconds: float, kept: list[NotebookNode]) -> DocumentError:
    """A kernel that was ended by the clock (K-TIMEOUT), before its first cell (K-START) perhaps."""
    if not _has_begun(kept):
        return _failure("K-START", f"内核在 {seconds:g} 秒内没有启动", _INSTALL, kept)
    return _failure(
        "K-TIMEOUT",
        f"运行超过 {seconds:g} 秒，已中止",
        "请单独重做该单位；仍超时，请查看 .internal 内 failed 中的同名笔记本停在哪里",
        kept,
    )


def not_started(error: Exception, kept: list[NotebookNode]) -> DocumentError:
    """A kernel that never ran a cell (K-START)."""
    if isinstance(error, StatsError):
        return _failure("K-START", f"内核没有启动：{error.problem}", error.remedy, kept)
    remedy = _FEWER if "start new thread" in str(error) else _INSTALL
    return _failure("K-START", f"内核没有启动：{error}", remedy, kept)


def _has_begun(kept: list[NotebookNode]) -> bool:
    """Whether any cell has been begun, as papermill notes it."""
    cells = (cell for notebook in kept for cell in notebook.cells)
    return any(cell.metadata.get("papermill", {}).get("start_time") for cell in cells)


def _failure(code: str, problem: str, remedy: str, kept: list[NotebookNode]) -> DocumentError:
    return DocumentError("run", code, problem, remedy, kept[0] if kept else None)
