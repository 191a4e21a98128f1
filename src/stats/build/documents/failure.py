"""What went wrong with one document, as a record a machine can read and a person can act on; handles nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stats.formats import format_of
from stats.texts.printable import escaped

if TYPE_CHECKING:
    from nbformat import NotebookNode


# One of those below, or the suffix of the format that was being made.
Stage = str

# The one code that blames the machine and not the document.
DISK = "D-DISK"

_LABELS: dict[Stage, str] = {
    "run": "运行笔记本",
    "check": "检查成品",
    "publish": "写入成品",
    "worker": "工作进程",
}


def stage_label(stage: Stage) -> str:
    """The stage in words.

    >>> stage_label("run"), stage_label("pdf")
    ('运行笔记本', '生成 PDF')
    """
    return _LABELS.get(stage) or f"生成{format_of(stage).spaced_label}"


@dataclass(frozen=True, slots=True)
class Failure:
    """One document that was not built: where (stage), which kind (code), what and what to do."""

    document: str
    unit: str
    stage: Stage
    code: str
    message: str
    remedy: str

    def __post_init__(self) -> None:
        """What a notebook said goes into records that people look at in a terminal; its lines stay lines."""
        for name in ("message", "remedy"):
            object.__setattr__(self, name, "\n".join(map(escaped, getattr(self, name).split("\n"))))


class DocumentError(Exception):
    """Ends the work on one document; carries the half-run notebook where there is one."""

    def __init__(
        self, stage: Stage, code: str, message: str, remedy: str, notebook: NotebookNode | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.stage = stage
        self.code = code
        self.message = message
        self.remedy = remedy
        self.notebook = notebook
