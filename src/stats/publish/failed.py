"""What a notebook says of the cell in which its run broke off, as the refusal of the document. Runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stats.errors import PublishError, told_by

if TYPE_CHECKING:
    from nbformat import NotebookNode


def failure(notebook: NotebookNode) -> PublishError | None:
    """The first error that stands in the notebook, by the number of its cell; None where there is none."""
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                problem, remedy = told_by(str(output.evalue))
                return PublishError(
                    f"第 {number} 个单元格运行出错（{output.ename}）：{problem or '没有说明'}",
                    remedy or "请在 JupyterLab 中打开笔记本查看该单元格，改正后重新运行",
                )
    return None
