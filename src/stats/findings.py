"""A finding: something a person should look at in a return. Decides nothing about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stats.texts.drawable import drawn, undrawable


class Severity(StrEnum):
    """How much a finding stops.

    FATAL refuses the file or the row, ERROR refuses the affected answers and withholds the unit's
    document, WARNING is printed in the appendix, NOTE records that an answer was normalised by a rule.
    """

    FATAL = "fatal"
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def label(self) -> str:
        return {"fatal": "拒收", "error": "错误", "warning": "提示", "note": "说明"}[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem or note, with where it stands, the values that make it, and what to do next.

    ``explanation`` is the answer of the unit or of the county to a warning, which is closed by it.
    """

    rule: str
    severity: Severity
    message: str
    remedy: str
    unit: str = ""
    unit_name: str = ""
    year: int | None = None
    period: str = ""
    variables: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    file: str = ""
    sheet: str = ""
    cell: str = ""
    explanation: str = ""

    def __post_init__(self) -> None:
        """Whatever is quoted in it, a document can show it: an odd character in one answer withholds no other unit."""
        for name in ("message", "remedy", "unit_name", "file", "sheet", "explanation"):
            text = getattr(self, name)
            if undrawable(text):
                object.__setattr__(self, name, drawn(text))
        if any(map(undrawable, self.values)):
            object.__setattr__(self, "values", tuple(map(drawn, self.values)))

    @property
    def is_open(self) -> bool:
        """Whether it is a warning that nobody has answered."""
        return self.severity is Severity.WARNING and not self.explanation
