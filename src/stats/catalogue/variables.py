"""What a unit reports: the questions of the form, read from ``variables.csv``. Computes nothing."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from stats.catalogue.full_names import FULL_NAMES

Level = Literal["town", "county", "both"]
Kind = Literal["code12", "text", "enum", "int", "bool", "decimal", "percent"]


@dataclass(frozen=True, slots=True)
class Variable:
    """One question: its name in tables, its label on the form, and which answers it accepts."""

    name: str
    label: str
    tier: Literal["id", "core", "extended"]
    label_en: str
    domain: str
    level: Level
    seasonal: bool
    season_combine: Literal["", "sum", "all"]
    unit: str
    kind: Kind
    minimum: Decimal | None
    maximum: Decimal | None
    choices: tuple[str, ...]
    required: bool
    sensitivity: Literal["open", "internal", "small_cell", "rate_only"]
    source: str
    note: str

    @property
    def full_name(self) -> str:
        """The name where the question stands alone: a label such as 其中:大学生 needs the question before it.

        >>> variables()["sup_cases_solved"].full_name, variables()["rec_enlisted"].full_name
        ('年内办结的诉求件数', '征集新兵人数')
        """
        return FULL_NAMES.get(self.name, self.label).replace("(", "（").replace(")", "）")

    @property
    def is_number(self) -> bool:
        """Whether an answer is a quantity (count, amount or rate)."""
        return self.kind in ("int", "decimal", "percent")

    def asked_of(self, *, county: bool) -> bool:
        """Whether the county itself (or else a town) answers this question."""
        return self.level == "both" or (self.level == "county") == county


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _variable(row: dict[str, str]) -> Variable:
    return Variable(
        name=row["name"],
        label=row["label"],
        tier=row["tier"],  # type: ignore[arg-type]
        label_en=row["label_en"],
        domain=row["domain"],
        level=row["level"],  # type: ignore[arg-type]
        seasonal=row["period"] == "season",
        season_combine=row["season_combine"],  # type: ignore[arg-type]
        unit=row["unit"],
        kind=row["kind"],  # type: ignore[arg-type]
        minimum=_decimal(row["minimum"]),
        maximum=_decimal(row["maximum"]),
        choices=tuple(row["choices"].split("|")) if row["choices"] else (),
        required=row["required"] == "yes",
        sensitivity=row["sensitivity"],  # type: ignore[arg-type]
        source=row["source"],
        note=row["note"],
    )


@cache
def variables() -> dict[str, Variable]:
    """All variables by name, in the order of the form.

    >>> variables()["rec_enlisted"].label
    '征集新兵人数'
    """
    text = files(__package__).joinpath("variables.csv").read_text(encoding="utf-8")
    return {row["name"]: _variable(row) for row in csv.DictReader(text.splitlines())}


def questions() -> tuple[Variable, ...]:
    """The variables a unit answers, without those that identify the row."""
    return tuple(v for v in variables().values() if v.tier != "id")
