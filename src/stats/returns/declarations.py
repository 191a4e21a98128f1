"""What the county declares beside the returns, one YAML list per year: corrections and explanations, read strictly."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BeforeValidator, TypeAdapter, ValidationError

from stats.catalogue.checks import checks
from stats.catalogue.variables import variables
from stats.errors import CorrectionError, ParamsError
from stats.inputs import UnfitError, doors
from stats.inputs.doors import text_in, yearly_files
from stats.params import Params
from stats.params.explaining import explain
from stats.params.models import Strict
from stats.params.plain_yaml import Document, parse
from stats.params.values import Code, Year
from stats.returns.finding_texts import rules
from stats.returns.headers import variable_of
from stats.returns.names import parse_code, parse_period
from stats.texts.free_text import problem_of_role, problem_of_text
from stats.texts.privacy import has_private_number, quoted

CORRECTIONS = "corrections"
EXPLANATIONS = "explanations"
_DOORS = {CORRECTIONS: doors.CORRECTIONS, EXPLANATIONS: doors.EXPLANATIONS}
OUTLIER_RULES = ("O-JUMP", "O-UNIT", "O-SWAP", "O-REPEAT", "O-SHIFT")

Entry = TypeVar("Entry", bound="_Entry")


def _near(text: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(text, list(known), n=1, cutoff=0.4)
    return f"，是否应为“{close[0]}”" if close else ""


def _period(value: Any) -> str:
    period = parse_period(str(value))
    if period is None:
        raise ValueError(f"period“{quoted(str(value))}”无法识别，只能是 year（全年）、spring（春季）、autumn（秋季）")
    return period


def _variable(value: Any) -> str:
    name = variable_of(str(value))
    if name not in variables():
        known = {key: key for v in variables().values() for key in (v.name, v.label)}
        raise ValueError(f"variable“{quoted(str(value))}”不是表上的项目{_near(str(value), known)}")
    return name or ""


def _rule(value: Any) -> str:
    known = (*checks(), *rules(), *OUTLIER_RULES)
    if value not in known:
        raise ValueError(f"rule“{quoted(str(value))}”不是检查编号{_near(str(value), known)}")
    return str(value)


def _day(value: Any) -> date:
    text = str(value)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        raise ValueError(f"date“{quoted(text)}”应写成 2022-01-10 的样子")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"date“{quoted(text)}”没有这一天") from error


Period = Annotated[Literal["year", "spring", "autumn"], BeforeValidator(_period)]
VariableName = Annotated[str, BeforeValidator(_variable)]
RuleName = Annotated[str, BeforeValidator(_rule)]
Day = Annotated[date, BeforeValidator(_day)]


class _Entry(Strict):
    """What every declared entry says: about whom, who agreed (a role, never a person), and when."""

    unit: Code
    year: Year
    role: str
    date: Day

    @property
    def words(self) -> tuple[str, str]:
        """The key and the text of its free words."""
        raise NotImplementedError


class Correction(_Entry):
    """The replacement of one cell: what stands in the return (``old``), and what it should be (``new``)."""

    period: Period = "year"
    variable: VariableName
    old: str
    new: str
    reason: str

    @property
    def place(self) -> tuple[str, int, str, str]:
        """The one answer it is about: unit, year, period, variable."""
        return self.unit, self.year, self.period, self.variable

    @property
    def words(self) -> tuple[str, str]:
        """The reason."""
        return "reason", self.reason


class Explanation(_Entry):
    """The county's answer to a warning: ``rule`` and, where it is about one answer, ``variable``."""

    rule: RuleName
    variable: VariableName | None = None
    text: str

    @property
    def words(self) -> tuple[str, str]:
        """The explanation."""
        return "text", self.text


@dataclass(frozen=True, slots=True)
class Declared(Generic[Entry]):
    """An entry and where it is declared: file in the workspace, number in the list (from 1), line."""

    entry: Entry
    file: str
    number: int
    line: int

    @property
    def where(self) -> str:
        """The place in words."""
        return f"{self.file} 第 {self.number} 条（第 {self.line} 行）"


def read_declared(
    model: type[Entry], kind: str, params: Params, years: Iterable[int]
) -> tuple[tuple[Declared[Entry], ...], dict[str, str]]:
    """The entries of ``data/<kind>/<year>.yaml`` for these years, and the SHA-256 of every file read.

    Raises CorrectionError, with file, line and the likely intended word, for whatever is not exactly as declared:
    unknown keys, units, variables, rules, another year than the file's, a person's name where a role belongs.
    """
    entries: list[Declared[Entry]] = []
    inputs: dict[str, str] = {}
    for file, data, year in _files(params.workspace, kind, set(years)):
        inputs[file] = hashlib.sha256(data).hexdigest()
        entries += _entries(model, data, file, year, params)
    return tuple(entries), inputs


def _files(workspace: Path, kind: str, years: set[int]) -> Iterator[tuple[str, bytes, int]]:
    try:
        yield from yearly_files(workspace, _DOORS[kind], years)
    except UnfitError as unfit:
        raise CorrectionError(unfit.problem, unfit.remedy) from unfit


def _entries(model: type[Entry], data: bytes, file: str, year: int, params: Params) -> list[Declared[Entry]]:
    try:
        document = parse(text_in(data), file)
        listed = _with_blanks(document)
        _refuse_private(listed, document, file)
        items = TypeAdapter(list[model]).validate_python(listed)  # type: ignore[valid-type]
    except ValidationError as error:
        refusal = explain(error, file=file, lines=document.lines)
        raise CorrectionError(refusal.problem, refusal.remedy) from None
    except ParamsError as error:
        raise CorrectionError(error.problem, error.remedy) from None
    except UnfitError as unfit:
        raise CorrectionError(f"{file} {unfit.problem}", unfit.remedy) from unfit
    lines = document.lines
    found = [Declared(item, file, nth + 1, lines.get((nth,), 0)) for nth, item in enumerate(items)]
    for declared in found:
        _refuse_unfit(declared, year, params)
    _refuse_doubled(found)
    return found


def _refuse_doubled(found: Sequence[Declared[Entry]]) -> None:
    """Of two answers to one warning only one could be printed. Two corrections of one cell concern their unit only."""
    seen: dict[tuple[object, ...], Declared[Entry]] = {}
    for declared in found:
        if isinstance(entry := declared.entry, Explanation):
            first = seen.setdefault((entry.unit, entry.rule, entry.variable), declared)
            if first is not declared:
                problem = f"{declared.where}与第 {first.number} 条说明的是同一条提示"
                raise CorrectionError(problem, "只保留一条，请核对后删去另一条")


def _with_blanks(document: Document) -> Any:
    """The data with ``old: ""`` kept: a cell that was left blank, which the reader takes for a key not written."""
    if not isinstance(document.data, list):
        return document.data or []
    return [
        {**{key: "" for key in ("old", "new") if (nth, key) in document.lines}, **item}
        if isinstance(item, dict)
        else item
        for nth, item in enumerate(document.data)
    ]


def _refuse_private(data: Any, document: Document, file: str) -> None:
    """Before anything could quote it in a message."""
    for nth, item in enumerate(data if isinstance(data, list) else ()):
        for key, text in item.items() if isinstance(item, Mapping) else ():
            is_code = key == "unit" and parse_code(str(text)) is not None
            if not is_code and has_private_number(str(text)):
                line = document.lines.get((nth, key), document.lines.get((nth,), 0))
                problem = f"{file} 第 {line} 行疑似含有身份证号、电话号码或部队番号，内容未保留"
                raise CorrectionError(problem, "请删去该内容；更正和说明只写数和原因")


def _refuse_unfit(declared: Declared[Entry], year: int, params: Params) -> None:
    entry = declared.entry
    names = frozenset(unit.name for unit in (*params.units, params.county_unit))
    if entry.year != year:
        problem = f"{declared.where}的年度 {entry.year} 与文件的年度 {year} 不同"
        raise CorrectionError(problem, "请改正年度，或移到相应年度的文件")
    try:
        params.unit(entry.unit)
    except ParamsError as error:
        raise CorrectionError(f"{declared.where}：{error.problem}", error.remedy) from None
    key, words = entry.words
    if problem := problem_of_text(words, names):
        remedy = "请改写为一句话：只写原因和依据，不写个人情况"
        raise CorrectionError(f"{declared.where}的 {key} {problem}，内容未保留", remedy)
    if problem := problem_of_role(entry.role, names):
        raise CorrectionError(f"{declared.where}的 role {problem}，内容未保留", "请写职务或科室，如“县人武部军事科”")
