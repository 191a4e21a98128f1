"""What a cell says when it is entered and what it lets in, as data validation. Writes nothing.

A choice is taken from its list or refused. A number out of range is only questioned, since 120余 or — must go in.
"""

from __future__ import annotations

from typing import Any

from stats.catalogue.variables import Variable
from stats.forms.live_checks import outside, range_words

# The most that spreadsheet files hold.
LONGEST_TITLE = 32
LONGEST_MESSAGE = 255

NOT_APPLICABLE = "—"
_HOW = "没有发生填 0；不知道的留空；不适用填 —；只知大概写 120余。"
_HOW_TO_CHOOSE = "请从下拉列表中选；不知道的留空；不适用选 —。"

_KINDS = {"int": "", "decimal": "，可带小数", "percent": "，填百分数，如 96.5"}


def validation(variable: Variable, address: str) -> dict[str, Any]:
    """The data validation of one cell that is due."""
    message = {
        "input_title": variable.label[:LONGEST_TITLE],
        "input_message": _message(variable),
        "ignore_blank": True,
    }
    if variable.choices:
        return {**message, **_choice(variable)}
    return {**message, **_number(variable, address)}


def _choice(variable: Variable) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": [*variable.choices, NOT_APPLICABLE],
        "error_type": "stop",
        "error_title": "请从列表中选",
        "error_message": f"只能填：{'、'.join(variable.choices)}；不适用选 —，不知道的留空。",
    }


def _number(variable: Variable, address: str) -> dict[str, Any]:
    # Whatever is no number passes: the notations are read, and refused where need be, when the form comes back.
    return {
        "validate": "custom",
        "value": f"=IFERROR(NOT({outside(variable, address)}),TRUE)",
        "error_type": "warning",
        "error_title": "请核对",
        "error_message": f"{_unit(variable)}应为{range_words(variable)}。确实无误可以保留，并在备注中说明。",
    }


def _message(variable: Variable) -> str:
    if variable.choices:
        parts = [_HOW_TO_CHOOSE]
    else:
        parts = [f"{_unit(variable)}{range_words(variable)}{_KINDS[variable.kind]}。", _HOW]
    if variable.note and len("".join(parts)) + len(variable.note) < LONGEST_MESSAGE:
        parts.append(f"说明：{variable.note}。")
    return "".join(parts)[:LONGEST_MESSAGE]


def _unit(variable: Variable) -> str:
    return f"单位：{variable.unit}；" if variable.unit else ""
