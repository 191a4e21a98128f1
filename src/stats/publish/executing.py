"""What a user of nbconvert turns on before an export: the notebook is run, or the option is refused by name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError
from nbconvert.preprocessors import ExecutePreprocessor
from nbformat import NotebookNode

from stats.errors import PublishError
from stats.kernel_choice import OWN, refuse_other_languages
from stats.publish.failed import failure

_ADVICE = "请去掉命令行或 jupyter 配置文件中的该项，或写 {}.enabled=False；要先运行笔记本的，用 --execute"


def preprocessed(notebook: NotebookNode, resources: Any, preprocessors: Iterable[Any], config: Any) -> NotebookNode:
    """The notebook, run if ``ExecutePreprocessor`` is turned on.

    PublishError names any other preprocessor that is turned on or given options: whatever it took out of a document or
    put into it, nobody would see.
    """
    preprocessors = tuple(preprocessors)
    refused = [name for each in preprocessors if (name := _name(each)) and _would_change(each, config)]
    if refused:
        raise PublishError(f"统计附件不经过 {'、'.join(refused)}，没有导出", _ADVICE.format(refused[0]))
    runs = [each for each in preprocessors if isinstance(each, ExecutePreprocessor) and each.enabled]
    asked = config.get("ExecutePreprocessor", {})
    if asked.get("enabled") and not runs:
        raise PublishError("配置中去掉了 ExecutePreprocessor，--execute 不起作用", "请去掉 default_preprocessors 一项")
    if runs and asked.get("kernel_name", OWN["name"]) != OWN["name"]:
        raise PublishError("笔记本一律由本工具的 Python 3 运行", "请去掉 ExecutePreprocessor.kernel_name 一项")
    for run in runs[:1]:
        notebook = _executed(notebook, resources, run)
    return notebook


def _name(preprocessor: Any) -> str:
    """What the user calls it; empty for the one that is allowed."""
    if isinstance(preprocessor, ExecutePreprocessor):
        return ""
    return str(getattr(preprocessor, "__name__", type(preprocessor).__name__))


def _would_change(preprocessor: Any, config: Any) -> bool:
    options = config.get(type(preprocessor).__name__, {})
    return bool(getattr(preprocessor, "enabled", True)) or bool(options and "enabled" not in options)


def _executed(notebook: NotebookNode, resources: Any, run: ExecutePreprocessor) -> NotebookNode:
    """All cells run anew on this installation's kernel; nothing that an earlier run has left stays."""
    described = resources.get("metadata", {})
    refuse_other_languages(notebook.metadata, PurePath(f"{described.get('name', 'Notebook')}.ipynb").name)
    notebook.metadata["kernelspec"] = dict(OWN)
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    try:
        executed: NotebookNode = run.preprocess(notebook, resources)[0]
    except (CellExecutionError, CellControlSignal, DeadKernelError, RuntimeError) as error:
        raise failure(notebook) or _not_run(error) from error
    for number, cell in enumerate(executed.cells, 1):
        if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None:
            raise PublishError(f"第 {number} 个单元格没有运行，会漏掉一节内容", "请去掉略过单元格的选项后重新导出")
    return executed


def _not_run(error: Exception) -> PublishError:
    first = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return PublishError(f"笔记本没有运行完：{first}", "请在 JupyterLab 中打开笔记本运行一遍，查看停在哪里")
