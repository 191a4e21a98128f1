"""typst with the shipped fonts only: one template and its data → a file. Decides nothing a reader sees."""

from __future__ import annotations

import ctypes
import json
import os
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from stats.errors import PublishError, RunEnvironmentError
from stats.publish.font_faces import FOLDER

if TYPE_CHECKING:
    from typst import Compiler

TEMPLATES = Path(__file__).parent / "templates"
# typst keeps what it worked out until it has not been used in ten documents: 15 MB for a town's, ten times as much for
# the county's. Nine empty ones leave what every document uses, which the next one would have to work out again.
EMPTY_DOCUMENTS = 9
_PROCESSES_WITH_THREADS: set[int] = set()


def compiled(template: str, inputs: dict[str, str], **options: Any) -> list[bytes]:
    """What typst makes of a template of ours, a list of one file or of one picture a page.

    Nothing is read from the clock, the locale, the system's fonts or the network. Do not fork a process after it has
    called this: typst keeps threads. PublishError where typst refuses, RunEnvironmentError where it is not to be had.
    """
    typst = _typst()
    _PROCESSES_WITH_THREADS.add(os.getpid())
    try:
        made = compiler(template).compile(sys_inputs=inputs, **options)
    except typst.TypstError as error:
        raise PublishError(f"PDF 排版失败：{error.message}", "请把本信息连同笔记本交给维护人员") from error
    files = [file for file in (made if isinstance(made, list) else [made]) if isinstance(file, bytes)]
    if not files:
        raise PublishError("PDF 排版没有得到文件", "请重新运行；仍不行时交给维护人员")
    return files


def marked(template: str, label: str) -> list[Any]:
    """What the document that :func:`compiled` made last from this template says of itself under a label."""
    found: str = compiler(template).query(f"<{label}>", field="value")
    return list(json.loads(found))


def may_be_forked() -> bool:
    """Whether typst has made nothing in this process yet: afterwards it keeps threads, which a fork waits for."""
    return os.getpid() not in _PROCESSES_WITH_THREADS


@cache
def compiler(template: str, *, with_fonts: bool = True) -> Compiler:
    """The fonts and a template, loaded. It starts no thread: the process may be forked afterwards."""
    typst = _typst()
    folders = [str(FOLDER)] if with_fonts else []
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    loaded: Compiler = typst.Compiler(str(TEMPLATES / template), root=str(TEMPLATES), font_paths=fonts)
    return loaded


def forget_documents() -> None:
    """Let typst forget all but what the last document shares with those before; takes some thousandths of a second."""
    for _ in range(EMPTY_DOCUMENTS):
        compiler("nothing.typ", with_fonts=False).compile(format="svg")
    if _trim() is not None:
        _trim()(0)


def _typst() -> ModuleType:
    try:
        import typst
    except ImportError as error:
        raise RunEnvironmentError(
            "本机没有可用的 typst，不能生成 PDF 和 Word 文档",
            "HTML 不受影响；其余请在 x86-64 或 arm64 的 Linux、Windows 或 macOS 上生成",
        ) from error
    return typst


@cache
def _trim() -> Any:
    """The function of the GNU C library that gives freed memory back to the system; None where there is none."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
