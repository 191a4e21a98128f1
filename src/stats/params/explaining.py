"""What pydantic refused, in words an analyst can act on: file, line, key, value. Validates nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from stats.errors import ParamsError
from stats.params.plain_yaml import KeyPath
from stats.texts.privacy import quoted

_SHAPES = {
    "model_type": "应写成若干行“键: 值”",
    "dict_type": "应写成若干行“键: 值”",
    "tuple_type": "应写成列表，如 [甲, 乙]",
    "list_type": "应写成列表，如 [甲, 乙]",
    "string_type": "应是文字",
    "bool_parsing": "只能是 true 或 false",
}
_MOST_LISTED = 3


def explain(error: ValidationError, *, file: str, lines: Mapping[KeyPath, int], key: str = "内容") -> ParamsError:
    """The refusal as a ParamsError: up to three problems on one line, each with its line in the file.

    ``key`` names what has no key of its own.
    """
    details = error.errors(include_url=False)
    problems = [f"{_line(detail['loc'], lines)}{_problem(detail, key)}" for detail in details[:_MOST_LISTED]]
    more = f"；另有 {len(details) - _MOST_LISTED} 处" if len(details) > _MOST_LISTED else ""
    return ParamsError(f"{file}：{'；'.join(problems)}{more}", f"请打开 {file} 按提示改正后重新运行")


def _line(place: KeyPath, lines: Mapping[KeyPath, int]) -> str:
    for length in range(len(place), 0, -1):
        if place[:length] in lines:
            return f"第 {lines[place[:length]]} 行"
    return ""


def _problem(detail: Mapping[str, Any], whole: str) -> str:
    kind, place = detail["type"], detail["loc"]
    key = next((str(part) for part in reversed(place) if isinstance(part, str)), whole)
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind == "missing":
        return f"缺少“{key}”"
    if kind == "literal_error":
        return f"“{key}”的值“{_shown(detail)}”不能用，只能是 {_choices(detail)}"
    return f"“{key}”{_SHAPES.get(kind, f'的值“{_shown(detail)}”不能用')}"


def _shown(detail: Mapping[str, Any]) -> str:
    return quoted(str(detail["input"])[:200])


def _choices(detail: Mapping[str, Any]) -> str:
    return str(detail["ctx"]["expected"]).replace(" or ", "、").replace(", ", "、").replace("'", "")
