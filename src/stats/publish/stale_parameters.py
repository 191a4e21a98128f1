"""Whether a notebook shows what its parameters ask for: a changed parameter without a new run shows another unit."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from stats.disclosure.editions import EDITIONS
from stats.errors import PublishError
from stats.present.blocks import Cover

if TYPE_CHECKING:
    from nbformat import NotebookNode

_CELLS = ("parameters", "injected-parameters")
_LABELS = {"unit": "单位", "year": "年度", "edition": "版本"}


def check_given(notebook: NotebookNode, cover: Cover) -> None:
    """PublishError where the parameters give another unit, year or edition than the cover shows."""
    shown = {
        "unit": {cover.unit, cover.code},
        "year": {str(cover.year)},
        "edition": {cover.edition, *(name for name, rules in EDITIONS.items() if rules.label == cover.edition)},
    }
    for name, value in _given(notebook).items():
        if value and value not in shown.get(name, {value}):
            raise PublishError(
                f"参数写的{_LABELS[name]}是 {value}，内容是{cover.unit} {cover.year} 年的（{cover.edition}），"
                "改了参数没有重新运行",
                "请重新运行整个笔记本后再发布，或给 nbconvert 加 --execute",
            )


def _given(notebook: NotebookNode) -> dict[str, str]:
    """The values of the parameters as a run took them, those of papermill over those of the notebook."""
    values: dict[str, str] = {}
    for tag in _CELLS:
        for cell in notebook.cells:
            if cell.cell_type == "code" and tag in cell.metadata.get("tags", ()):
                values.update(_assigned(cell.source))
    return values


def _assigned(source: str) -> dict[str, str]:
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return {}
    return {name: str(value) for statement in statements for name, value in _of(statement).items()}


def _of(statement: ast.stmt) -> dict[str, Any]:
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value))
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=value))
        ):
            return {name: value}
    return {}
