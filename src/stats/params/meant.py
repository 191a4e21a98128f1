"""Which unit a person means who types a code or a name: found where there is no doubt, else suggested. Guesses none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from stats.errors import ParamsError
from stats.params.models import Params, Unit
from stats.params.values import unit_code
from stats.texts.privacy import quoted

_MOST_LISTED = 3
_SCIENTIFIC = re.compile(r"[0-9.]+[eE]\+?[0-9]+")
_FROM_A_SPREADSHEET = re.compile(r"^(\d+)\.0*$")


def unit_meant(params: Params, written: str | int) -> Unit:
    """The unit of the roster (or the county itself) with this code, or with this name where no other has it.

    A former name, a name or a code that is nearly one, the first digits of a code: ParamsError suggests the code.
    """
    text = _FROM_A_SPREADSHEET.sub(r"\1", str(written).strip())
    if _SCIENTIFIC.fullmatch(text):
        unit_code(text)  # says that the spreadsheet did this
    everyone = (*params.units, params.county_unit)
    found = [unit for unit in everyone if text in (unit.code, unit.name)]
    if len(found) == 1:
        return found[0]
    # Digits may be anybody's number, but not where they begin as the county's code does.
    shown = text if text.isdigit() and text.startswith(params.county.code[:6]) else quoted(text)
    if found:
        remedy = f"请写其中一个的代码：{_listed(found)}"
        raise ParamsError(f"名册中有 {len(found)} 个单位叫“{shown}”", remedy)
    close = list(dict.fromkeys(_close(text, everyone)))[:_MOST_LISTED]
    suggestion = f"是否应为 {_listed(close)}；" if close else ""
    raise ParamsError(
        f"单位“{shown}”不在名册中", f"{suggestion}请写名册（params/county.yaml 的 units）中的 12 位代码或全名"
    )


def _listed(units: Iterable[Unit]) -> str:
    return "、".join(f"{unit.code} {unit.name}" for unit in units)


def _close(text: str, units: tuple[Unit, ...]) -> Iterator[Unit]:
    """Those whose name is part of what is written, then those that are or were spelled nearly so."""
    by_name = {name: unit for unit in reversed(units) for name in (*unit.former_names, unit.name, unit.code)}
    yield from (unit for unit in units[:-1] if unit.name in text)
    for name in difflib.get_close_matches(text[:40], by_name, n=_MOST_LISTED, cutoff=0.5):
        yield by_name[name]
