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
    for each in preprocessors:
        if isinstance(each, ExecutePreprocessor) and each.enabled:
            notebook = _executed(notebook, resources, each)
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
        return run.preprocess(notebook, resources)[0]
    except (CellExecutionError, CellControlSignal, DeadKernelError, RuntimeError) as error:
        raise failure(notebook) or _not_run(error) from error


def _not_run(error: Exception) -> PublishError:
    first = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return PublishError(f"笔记本没有运行完：{first}", "请在 JupyterLab 中打开笔记本运行一遍，查看停在哪里")
