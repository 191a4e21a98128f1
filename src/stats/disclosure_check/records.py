"""What went out before, as the records in ``data/issued`` tell it. Checks no seal: that is for whoever builds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stats.disclosure.audit import Count, Fact
from stats.disclosure_check.facts import Said
from stats.errors import ParamsError
from stats.inputs import UnfitError, content, names
from stats.inputs.doors import ISSUED

PLACE = "data/issued"


def read_records(workspace: Path) -> Iterator[Said]:
    """What each record says, in order; ParamsError naming the file for one that cannot be read."""
    for name in names(workspace / PLACE, PLACE):
        if name.endswith(".json") and not name.startswith("."):
            yield _said(workspace / PLACE / name, f"{PLACE}/{name}")


def _said(path: Path, file: str) -> Said:
    try:
        told = json.loads(content(path, file, largest=ISSUED.largest))
        said = Said(file)
        said.shown = {count: int(value) for count, value in _counts(told["shown"])}
        said.hidden = dict.fromkeys(_hidden(told["hidden"]), f"{file} 隐去")
        said.facts = [_fact(each, file) for each in told["facts"]]
    except UnfitError as unfit:
        raise ParamsError(f"{file} {unfit.problem}", unfit.remedy) from unfit
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ParamsError(f"{file} 读不懂，不能与已印发的数一起核对", "请从备份恢复该文件") from error
    return said


def _counts(told: Mapping[str, Any]) -> Iterator[tuple[Count, Any]]:
    for year, by_name in told.items():
        for name, by_period in by_name.items():
            for period, by_unit in by_period.items():
                yield from ((Count(unit, int(year), name, period), value) for unit, value in by_unit.items())


def _hidden(told: Mapping[str, Any]) -> Iterator[Count]:
    for year, by_name in told.items():
        for name, by_period in by_name.items():
            for period, units in by_period.items():
                yield from (Count(unit, int(year), name, period) for unit in units)


def _fact(told: Mapping[str, Any], file: str) -> Fact:
    terms = tuple(
        (Count(unit, int(each["year"]), each["question"], each["period"]), int(each["times"]))
        for each in told["terms"]
        for unit in each["units"]
    )
    return Fact(terms, told["least"], told["most"], f"{file} {told['where']}")
