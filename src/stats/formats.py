"""The formats of a document: one entry each. Whoever needs a suffix or a label reads it here; makes none."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast

from stats.errors import ParamsError, RunEnvironmentError


class Writer(Protocol):
    """What the module of a format holds; a document is a ``stats.publish.Document``."""

    def make(self, document: Any) -> bytes:
        """The file of a document."""

    def fault(self, content: bytes, document: Any) -> str:
        """What is lacking in a file, before it is published, in Chinese; empty where it is whole."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its suffix, what links and messages call it, its media type, and the module that is its writer.

    The module is named, not imported: a page of help need not load what sets type. The one format without a writer is
    the executed notebook itself, which every other is made from.
    """

    suffix: str
    label: str
    media_type: str
    module: str = ""

    def writer(self) -> Writer:
        """What makes it; RunEnvironmentError where that cannot be had."""
        try:
            found = import_module(self.module)
        except ImportError as error:
            problem = f"不能生成{self.spaced_label}：{error}"
            raise RunEnvironmentError(problem, "请重新安装本工具，或用 --format 只要其余格式") from error
        if not (hasattr(found, "make") and hasattr(found, "fault")):
            problem = f"不能生成{self.spaced_label}：{self.module} 缺少 make 或 fault"
            raise RunEnvironmentError(problem, "请报告给维护人员，或用 --format 只要其余格式")
        return cast(Writer, found)

    @property
    def spaced_label(self) -> str:
        """The label as it follows a Chinese word."""
        return f" {self.label}" if self.label.isascii() else self.label


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# In the order of the links on the index page.
FORMATS = (
    Format("html", "网页", "text/html", "stats.publish.html"),
    Format("pdf", "PDF", "application/pdf", "stats.publish.pdf"),
    Format("docx", "Word", _WORD, "stats.publish.docx"),
)
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Of tables alone: only a document that names it is made in it.
WORKBOOK = Format("xlsx", "Excel", _EXCEL, "stats.publish.xlsx")
# Of one page, to be sent and shown as it is: a document that names it is made in it wherever it is made as PDF.
PICTURE = Format("png", "图片", "image/png", "stats.publish.png")
NOTEBOOK = Format("ipynb", "笔记本", "application/x-ipynb+json")

EVERY = (*FORMATS, PICTURE, WORKBOOK, NOTEBOOK)
SUFFIXES = tuple(each.suffix for each in EVERY)
SELECTABLE = tuple(each.suffix for each in FORMATS)
# What a text is made in that names no formats of its own.
OF_TEXT = (*SELECTABLE, NOTEBOOK.suffix)


def format_of(suffix: str) -> Format:
    """The format of this suffix; ParamsError where there is none."""
    for each in EVERY:
        if each.suffix == suffix:
            return each
    raise _unknown(suffix)


def selected(names: Iterable[str]) -> tuple[str, ...]:
    """The suffixes that are chosen among those that can be, in order; ParamsError for any other name."""
    wanted = set(names)
    for name in sorted(wanted - set(SELECTABLE)):
        raise _unknown(name)
    return tuple(name for name in SELECTABLE if name in wanted)


def made_in(chosen: Collection[str], own: Collection[str] = ()) -> tuple[str, ...]:
    """What a document is made in: of its ``own`` formats those chosen, and its notebook; of text where it names none.

    A document that has none of those chosen is made in all its own. ParamsError for a format that there is not.

    >>> made_in(["html"]), made_in([]), made_in(["html"], own=["pdf"])
    (('html', 'ipynb'), ('ipynb',), ('pdf',))
    """
    offered = {format_of(suffix).suffix for suffix in own or OF_TEXT}
    wanted = {*selected(chosen), NOTEBOOK.suffix} & offered
    if "pdf" in wanted:
        wanted |= {PICTURE.suffix} & offered
    return tuple(suffix for suffix in SUFFIXES if suffix in (wanted or offered))


def _unknown(suffix: str) -> ParamsError:
    return ParamsError(f"不认识的格式“{suffix}”", f"可用的格式：{'、'.join(SELECTABLE)}，多个用逗号隔开")
