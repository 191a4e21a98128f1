"""One answer of one unit, and a unit's remark: what was written and where. Holds values; reads and computes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from stats.catalogue.status import Status


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer: what was written, what it means, and where it was written.

    ``value``, ``lower`` and ``upper`` are plain decimal text (``"12"``, ``"3.5"``, never ``"1E+3"``), empty
    where there is none; for a choice ``value`` is the choice and the bounds are empty. An exact number has
    ``lower == upper == value``; the ``upper`` of an approximation is exclusive (``60余`` is 60 to 70), and an
    unknown bound is empty. An approximation always has a ``value``, the number to compute with. ``raw`` is the
    text as written, or empty where it may not be kept. ``file`` is relative to ``data/returns``, ``cell`` is an
    A1 address, for CSV too. ``correction`` is the reason of a declared correction: then ``raw`` is still what the
    unit wrote, and the value is the corrected one.
    """

    unit: str
    year: int
    period: str
    variable: str
    raw: str
    status: Status
    value: str
    lower: str
    upper: str
    note: str
    file: str
    sheet: str
    cell: str
    correction: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text means as the answer to one question.

    ``raw`` is what may be kept of the text. ``rule`` is the id of the finding it calls for (empty: none),
    ``problem`` and ``suggestion`` the words of a refusal; a refused text has no number.
    """

    status: Status
    value: str = ""
    lower: str = ""
    upper: str = ""
    note: str = ""
    problem: str = ""
    suggestion: str = ""
    raw: str = ""
    rule: str = ""


def exact(value: str, note: str = "") -> Reading:
    """An exact number; ``note`` says what was normalised (then it is a finding)."""
    return Reading(Status.OK, value, value, value, note=note, rule="R-NORMAL" if note else "")


def refused(problem: str, suggestion: str = "", rule: str = "R-ANSWER") -> Reading:
    """A text whose number is not used, with why and the likely meaning for a person to confirm."""
    return Reading(Status.ERROR, problem=problem, suggestion=suggestion, rule=rule)


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark as written; ``variable`` is empty where it stands beside a whole row of a flat table.

    Its text may hold anything, so it stays out of the representation that a traceback or a log would show.
    """

    unit: str
    year: int
    period: str
    variable: str
    text: str = field(repr=False)
    file: str
    sheet: str
    cell: str
