"""The findings that reading a return can make, declared once in ``finding_texts.csv``. Finds nothing itself."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from stats.errors import ReturnError
from stats.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding: its id, how much it stops, and its two lines with places for words."""

    id: str
    severity: Severity
    message: str
    remedy: str


@cache
def rules() -> dict[str, Rule]:
    """All rules by id, in the order in which a return is read.

    >>> rules()["R-LOCK"].severity.value
    'note'
    """
    text = files(__package__).joinpath("finding_texts.csv").read_text(encoding="utf-8")
    table = csv.DictReader(text.splitlines())
    return {row["id"]: Rule(row["id"], Severity(row["severity"]), row["message"], row["remedy"]) for row in table}


def found(rule: str, where: dict[str, Any] | None = None, **words: Any) -> Finding:
    """The finding of a rule with its words filled in; ``where`` holds unit, year, file, sheet, cell and the like."""
    declared = rules()[rule]
    return Finding(
        rule, declared.severity, declared.message.format(**words), declared.remedy.format(**words), **(where or {})
    )


UNFIT = "R-PARAMS"


def unfit_parameters(year: int, problem: str, remedy: str) -> Finding:
    """What somebody in the county wrote beside the returns and cannot be used; ``problem`` names file and line."""
    return found(UNFIT, {"year": year}, problem=problem, remedy=remedy)


class RefusalError(ReturnError):
    """A file or sheet that cannot be used as a whole; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message, finding.remedy)
        self.finding = finding


def refuse_file(file: str, problem: str, remedy: str, sheet: str = "") -> RefusalError:
    """The refusal of a file (or sheet) for a named reason."""
    return RefusalError(found("R-FILE", {"file": file, "sheet": sheet}, problem=problem, remedy=remedy))
