"""Names of units that no document could show: the unit gets its code for a name, and its own document is withheld."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stats.texts.drawable import listed, undrawable

_NAME_KEYS = ("name", "former_names")


def stand_in(code: str) -> str:
    """What a unit is called until its name is put right.

    >>> stand_in("990118111000")
    '单位990118111000'
    """
    return f"单位{code}"


def with_stand_ins(units: Iterable[Any]) -> tuple[list[Any], dict[str, str]]:
    """What is said of the units, a code in the place of every such name; and by code what is wrong with the name."""
    faults = {unit["code"]: fault for unit in units if isinstance(unit, dict) and (fault := fault_of(unit))}
    mended = [
        with_stand_in(unit) if isinstance(unit, dict) and str(unit.get("code")) in faults else unit for unit in units
    ]
    return mended, faults


def with_stand_in(unit: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of one unit, with its code for a name and no former ones."""
    kept = {key: value for key, value in unit.items() if key not in _NAME_KEYS}
    return {**kept, "name": stand_in(unit["code"])}


def fault_of(unit: Mapping[str, Any]) -> str:
    """What in the names of a unit no document can show, in words; empty where there is nothing, or no code."""
    if not isinstance(unit.get("code"), str):
        return ""
    former = unit.get("former_names", [])
    texts = [unit.get("name", ""), *(former if isinstance(former, list) else [])]
    spaced = (" ".join(text.split()) for text in texts if isinstance(text, str))
    return listed(undrawable("".join(spaced)))
