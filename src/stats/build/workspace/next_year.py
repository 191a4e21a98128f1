"""The work of ``stats year``: the workspace moves on to the next year. Confirms no target, changes no roster."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stats import inputs, returns
from stats.build.state.output_paths import make_folder
from stats.build.workspace.blank_forms import write_flat_form
from stats.catalogue.indicators import indicators
from stats.errors import ParamsError
from stats.files import write_atomically
from stats.inputs.doors import COUNTY, text_of
from stats.params import Params, TargetValue
from stats.params.plain_yaml import parse
from stats.params.region import COUNTY_FILE
from stats.texts.privacy import quoted

_YEAR = re.compile(r"^(?P<key>year:[ \t]*)(?P<quote>[\"']?)(?P<year>[0-9]{4})(?P=quote)(?=[ \t]*(?:#|$))", re.MULTILINE)
_ISSUED, _RETURNS, _TARGETS = Path("data/issued"), Path("data/returns"), Path("params/targets")
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was done for the new year, and what a person is still to do."""

    year: int
    done: tuple[str, ...]
    to_do: tuple[str, ...]


def prepare(params: Params) -> Prepared:
    """Move the workspace on by a year: the year in ``county.yaml``, targets carried over, folders, a blank table.

    ParamsError where the year has no return yet, since somebody may have asked twice, or ``county.yaml`` has no line
    ``year`` of its own. Nothing that is there is written over.
    """
    if not inputs.names(params.workspace / _RETURNS / str(params.year), str(params.year)):
        problem = f"{params.year} 年还没有一份报表（data/returns/{params.year} 是空的），不转入 {params.year + 1} 年"
        raise ParamsError(problem, f"已经转过的不用再转；确要跳过这一年，请直接改 {COUNTY_FILE} 的 year")
    last, year = params.year, params.year + 1
    text = _moved_on(params)
    owed = _owed(params)
    done = [f"统计年度改为 {year}（{COUNTY_FILE}），名册照旧"]
    done += _carry_targets(params)
    make_folder(params.workspace / _RETURNS / str(year))
    table = write_flat_form(params.model_copy(update={"year": year}))
    done.append(f"已建 data/returns/{year}；空白一览表在 {table.relative_to(params.workspace).as_posix()}")
    write_atomically(params.workspace / COUNTY_FILE, text.encode())
    return Prepared(year, tuple(done), tuple(_to_do(params, last, owed)))


def to_json(prepared: Prepared) -> dict[str, Any]:
    """The result for machines."""
    return {"exit_code": 0, "year": prepared.year, "done": list(prepared.done), "to_do": list(prepared.to_do)}


def _moved_on(params: Params) -> str:
    """The text of ``county.yaml`` with the next year and every other character as it was."""
    text = text_of(COUNTY, params.workspace / COUNTY_FILE, COUNTY_FILE)
    moved = _YEAR.sub(lambda match: f"{match['key']}{match['quote']}{params.year + 1}{match['quote']}", text, count=1)
    data = parse(moved, COUNTY_FILE).data
    if not isinstance(data, dict) or data.get("year") != str(params.year + 1):
        raise ParamsError(f"{COUNTY_FILE} 中没有单独一行的 year: {params.year}", "请把 year 改成单独一行后重新运行")
    return moved


def _carry_targets(params: Params) -> Iterator[str]:
    """Last year's targets as this year's, each marked as not confirmed."""
    year = params.year + 1
    if year in params.targets:
        yield f"{year} 年已有目标值，没有改动"
        return
    carried = params.targets.get(params.year, {})
    if carried and not (params.workspace / _TARGETS / f"{params.year}.yaml").exists():
        yield f"{params.year} 年的目标值是各县共用的，请在多县工作目录中准备 {year} 年的"
    elif carried:
        make_folder(params.workspace / _TARGETS)
        file = _TARGETS / f"{year}.yaml"
        head = f"# 从 {params.year} 年复制的目标值：逐条核对，改好或确认后删去该条的 carried。"
        write_atomically(params.workspace / file, "\n".join([head, *_lines(carried, params.year), ""]).encode())
        yield f"目标值 {len(carried)} 条复制到 {file.as_posix()}，每条标有 carried: {params.year}"


def _lines(targets: dict[str, TargetValue], year: int) -> Iterator[str]:
    for code, target in targets.items():
        source = f', source: "{_escaped(target.source)}"' if target.source else ""
        value = f'{{op: "{target.operator}", value: {target.value}, basis: {target.basis}{source}, carried: {year}}}'
        yield f"{code}: {value}  # {indicators()[code].name}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _owed(params: Params) -> list[str]:
    received = returns.read(params, [params.year]).received[params.year]
    return [unit.name for unit in (*params.due(params.year), params.county_unit) if unit.code not in received]


def _to_do(params: Params, last: int, owed: list[str]) -> Iterator[str]:
    year = last + 1
    if owed:
        named = "、".join(map(quoted, owed[:_MOST_NAMED])) + (f"等 {len(owed)} 个" if len(owed) > _MOST_NAMED else "")
        yield f"{last} 年没有可用报表的：{named}；补来的仍放 data/returns/{last}"
    issued = inputs.names(params.workspace / _ISSUED, _ISSUED.as_posix())
    if not any(name.startswith(f"{last}-") for name in issued):
        yield f"{last} 年没有登记印发：已经印发的，运行 stats issue {last}"
    yield "核对名册：更名的写 former_names，新设的写 since，撤销或并入的写 until、successor，析置的写 breaks（见手册）"
    if params.targets.get(last) or year in params.targets:
        yield f"核对 params/targets/{year}.yaml：没有确认的，检查和生成时都会提示"
    else:
        yield f"目标值写进 params/targets/{year}.yaml（没有就不写）"
    yield f"有全市、兄弟县数据的，填 data/benchmarks/{year}.csv"
    yield f"运行 stats form 发表；收回的报表放进 data/returns/{year}，再运行 stats check"
