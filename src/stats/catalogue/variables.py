"""What a unit reports: the questions of the form, read from ``variables.csv``. Computes nothing."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

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


FULL_NAMES: Mapping[str, str] = {
    "sys_issues_resolved": "议军会议事项年内办结数",
    "rec_enlisted_college": "征集新兵中的大学生人数",
    "rec_enlisted_graduates": "征集新兵中的大学毕业生人数",
    "bld_star5": "五星级民兵营（连）部数",
    "bld_star4": "四星级民兵营（连）部数",
    "bld_star3": "三星级民兵营（连）部数",
    "cad_certified": "资格认证合格的专武干部数",
    "cad_trained": "当年参加培训的专武干部数",
    "cad_minister_preferred": "“两优”来源的武装部部长数",
    "cad_minister_committee": "任党委（党工委）委员的武装部部长数",
    "cad_officer_admin": "行政编制的武装干事数",
    "sup_cases_solved": "年内办结的诉求件数",
    "fnd_building": "基层规范化建设投入",
    "fnd_emergency": "民兵应急力量和基础设施投入",
    "fnd_edu": "国防教育投入",
}
