"""A roster of units as a CSV file beside ``params/county.yaml``. Knows no county."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from stats.errors import AbsentError, ParamsError
from stats.inputs import UnfitError, blamed
from stats.inputs.doors import ROSTER, text_of
from stats.inputs.tables import Column, Line, read_table
from stats.params.explaining import explain
from stats.params.models import Unit
from stats.params.plain_yaml import KeyPath
from stats.params.private import problem_of_name, remedy
from stats.params.region import COUNTY_FILE
from stats.params.unit_names import with_stand_ins
from stats.texts.privacy import quoted

COLUMNS = (
    Column("code", ("代码", "单位代码", "统计用区划代码", "区划代码", "行政区划代码")),
    Column("name", ("名称", "单位名称", "单位", "乡镇", "乡镇名称")),
    Column("type", ("类型", "单位类型", "类别")),
    Column("former_names", ("曾用名",), required=False),
    Column("since", ("起报年度", "起始年度"), required=False),
    Column("until", ("止报年度", "截止年度"), required=False),
    Column("successor", ("并入单位代码", "后继单位代码"), required=False),
)

_LISTS = frozenset({"former_names", "successor"})


class Roster:
    """The units of a roster's text, and the line each stands on by its code; ``file`` is what messages call it."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        lines = self._lines(text)
        self.faults: dict[str, str] = {}
        self.units = self._units(lines)
        self.line_of = {unit.code: line.number for unit, line in zip(self.units, lines, strict=True)}

    @classmethod
    def of(cls, workspace: Path, name: str) -> Roster:
        """The roster of this name beside ``county.yaml``."""
        if not re.fullmatch(r"[^/\\]+\.csv", name) or name.startswith("."):
            raise ParamsError(
                f"{COUNTY_FILE}：units 的值“{quoted(name)}”不能用",
                "请逐个列出单位，或写 params 文件夹内 CSV 名册的文件名，如 roster.csv",
            )
        file = f"params/{name}"
        try:
            return cls(text_of(ROSTER, workspace / file, file), file)
        except UnfitError as unfit:
            raise ParamsError(f"{file} {unfit.problem}", unfit.remedy) from unfit
        except AbsentError as error:
            problem = f"没有 {COUNTY_FILE} 的 units 所写的 {file}"
            raise ParamsError(problem, "请放入该名册，或改正文件名") from error

    def _lines(self, text: str) -> list[Line]:
        with blamed(ParamsError, self.file):
            lines = read_table(text, COLUMNS)
        for line in lines:
            for key in ("name", "former_names"):
                if problem := problem_of_name(line.texts.get(key, "")):
                    raise ParamsError(f"{self.file} 第 {line.number} 行“{key}”{problem}，内容未保留", remedy((key,)))
        return lines

    def _units(self, lines: list[Line]) -> tuple[Unit, ...]:
        data, self.faults = with_stand_ins([_unit(line) for line in lines])
        try:
            return TypeAdapter(tuple[Unit, ...]).validate_python(data)
        except ValidationError as error:
            numbers: dict[KeyPath, int] = {(place,): line.number for place, line in enumerate(lines)}
            raise explain(error, file=self.file, lines=numbers) from error


def _unit(line: Line) -> dict[str, Any]:
    return {key: re.split("[|、]", text) if key in _LISTS else text for key, text in line.texts.items()}
