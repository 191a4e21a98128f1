"""The notebooks as they are before a run: found, read and refused if a run could not be trusted; runs none."""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from stats.build.documents.reduced import PARAMETERS, digest, reduced, tags
from stats.errors import ParamsError
from stats.inputs import blamed, content
from stats.inputs.doors import NOTEBOOK
from stats.kernel_choice import refuse_other_languages, remark
from stats.lean_imports import nbformat
from stats.params import shared_folders

if TYPE_CHECKING:
    from nbformat import NotebookNode

# Libraries that take long to import, with what brings in all that notebooks use of them.
_SLOW = {"matplotlib": "matplotlib.pyplot", "pandas": "pandas", "seaborn": "seaborn"}
_IMPORT = re.compile(rf"^\s*(?:import|from)\s+({'|'.join(_SLOW)})\b", re.MULTILINE)
# What brings them in without naming them: the blocks that are drawn.
_DRAWS = re.compile(r"\bpresent\.\w+_(?:charts?|tiles)\(")
_REFUSED_TAGS = {
    "raises-exception": "会把出错的单元格当作正常",
    "skip-execution": "会漏掉一节内容",
}


@dataclass(frozen=True, slots=True)
class Template:
    """A notebook to be run: its file name, reduced content and the names in its parameters cell.

    ``digest`` stands for all of it that decides what runs (:mod:`stats.build.documents.reduced`); ``remark`` is what is
    to be said of its kernel; ``own`` is the folder of the workspace or of its region that it lies in, None where it is
    the project's or has the same digest.
    """

    name: str
    node: NotebookNode
    parameters: tuple[str, ...]
    digest: str
    remark: str = ""
    own: Path | None = None

    @property
    def code(self) -> tuple[str, ...]:
        """The sources of its code cells but for the one with the parameters."""
        cells = (cell for cell in self.node.cells if cell.cell_type == "code")
        return tuple(cell.source for cell in cells if PARAMETERS not in tags(cell))


def template(workspace: Path, name: str) -> Template:
    """The notebook ``name`` of the workspace, else the project's. ParamsError if it is absent or not fit to be run."""
    path = _find(workspace, name)
    found = _looked_through(name, _bytes(path))
    if is_projects(path.parent):
        return found
    projects = project_template(name)
    is_same = projects is not None and projects.digest == found.digest
    return found if is_same else replace(found, own=path.parent)


def project_template(name: str) -> Template | None:
    """The project's own notebook of this name; None where it has none."""
    folder = project_notebooks()
    path = folder / name if folder else None
    return _looked_through(name, _bytes(path)) if path and path.is_file() else None


def own_notebooks(workspace: Path, names: Iterable[str]) -> tuple[Template, ...]:
    """Those of these notebooks that lie in the workspace or its region and are not the project's.

    None is read where there are none. ParamsError as for :func:`template`, but for one that is absent.
    """
    folders = [folder for folder in shared_folders(workspace, "notebooks") if not is_projects(folder)]
    there = [name for name in names if any((folder / name).is_file() for folder in folders)]
    return tuple(each for each in (template(workspace, name) for name in there) if each.own is not None)


def is_projects(folder: Path) -> bool:
    """Whether this is the folder of the project's own notebooks."""
    projects = project_notebooks()
    return projects is not None and folder.exists() and folder.samefile(projects)


@lru_cache(maxsize=16)
def _looked_through(name: str, content: bytes) -> Template:
    """A notebook that is fit to be run; the counties of a region have the same ones."""
    read = _read(content, name)
    refuse_other_languages(read.metadata, name)
    node = reduced(read)
    _refuse_tags(node, name)
    return Template(name, node, _declared(node, name), digest(node), remark(read.metadata, name))


def template_digest(workspace: Path, name: str) -> str:
    """The digest of the notebook ``name`` as it would be run, if it may be; ParamsError if it is absent."""
    content = _bytes(_find(workspace, name))
    try:
        return digest(json.loads(content))
    except (ValueError, LookupError, TypeError, AttributeError):  # no notebook, or an old one
        return hashlib.sha256(content).hexdigest()


def _bytes(path: Path) -> bytes:
    with blamed(ParamsError, f"笔记本 {path.name}"):
        return content(path, path.name, largest=NOTEBOOK.largest)


def check_parameters(template: Template, given: Iterable[str]) -> None:
    """Refuse parameters the notebook does not declare, and declared ones that are not given (ParamsError)."""
    given = tuple(given)
    unknown = [name for name in given if name not in template.parameters]
    missing = [name for name in template.parameters if name not in given]
    if unknown:
        close = difflib.get_close_matches(unknown[0], template.parameters, n=1)
        hint = f"是否应为“{close[0]}”" if close else f"可用的有：{'、'.join(template.parameters) or '无'}"
        raise ParamsError(f"{template.name} 不认识参数“{unknown[0]}”", f"{hint}；请核对带 parameters 标签的单元格")
    if missing:
        raise ParamsError(
            f"{template.name} 的参数“{'、'.join(missing)}”没有给出值",
            "批量运行只给 unit、year、edition、workspace；其余请从 parameters 单元格移到别处",
        )


def slow_imports(notebooks: Iterable[NotebookNode]) -> tuple[str, ...]:
    """The modules that are worth importing once for the kernels of all these notebooks.

    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> slow_imports([new_notebook(cells=[new_code_cell("%matplotlib inline\\nimport seaborn as sns")])])
    ('seaborn',)
    >>> slow_imports([new_notebook(cells=[new_code_cell("present.years_chart(town)")])])
    ('stats.charts',)
    """
    sources = [c.source for notebook in notebooks for c in notebook.cells if c.cell_type == "code"]
    named = {_SLOW[name] for source in sources for name in _IMPORT.findall(source)}
    return tuple(sorted(named | ({"stats.charts"} if any(map(_DRAWS.search, sources)) else set())))


def project_notebooks() -> Path | None:
    """The folder of the project's own notebooks: in a checkout beside ``src``, else inside the installed package."""
    for folder in (_package() / "notebooks", _package().parents[1] / "notebooks"):
        if folder.is_dir():
            return folder
    return None


@cache
def _package() -> Path:
    return Path(str(files("stats")))


def _find(workspace: Path, name: str) -> Path:
    for folder in (*shared_folders(workspace, "notebooks"), project_notebooks()):
        if folder is not None and (folder / name).is_file():
            return folder / name
    raise ParamsError(f"找不到笔记本 {name}", "请确认工具安装完整，或把笔记本放入工作目录的 notebooks 文件夹")


def _read(content: bytes, name: str) -> NotebookNode:
    try:
        node: NotebookNode = nbformat().reads(content.decode("utf-8"), as_version=4)
        nbformat().validate(node)
    except (ValueError, nbformat().ValidationError) as error:
        raise ParamsError(f"{name} 不是完整的笔记本文件", "请用 JupyterLab 打开检查，或恢复原文件") from error
    return node


def _refuse_tags(node: NotebookNode, name: str) -> None:
    for place, cell in enumerate(node.cells, start=1):
        for tag in tags(cell):
            if tag in _REFUSED_TAGS:
                raise ParamsError(
                    f"{name} 第 {place} 个单元格带有标签 {tag}，{_REFUSED_TAGS[tag]}", "请删去该标签后重新运行"
                )


def _declared(node: NotebookNode, name: str) -> tuple[str, ...]:
    cells = [cell for cell in node.cells if PARAMETERS in tags(cell)]
    if len(cells) != 1 or cells[0].cell_type != "code":
        raise ParamsError(
            f"{name} 应有且只有一个带 parameters 标签的代码单元格，现有 {len(cells)} 个",
            "请在 JupyterLab 中给写参数的那个单元格加上标签 parameters",
        )
    try:
        statements = ast.parse(cells[0].source).body
    except SyntaxError as error:
        problem = f"{name} 的 parameters 单元格写法有误（第 {error.lineno} 行）"
        raise ParamsError(problem, "请只写“名称 = 值”") from error
    return tuple(_assigned(statement, name) for statement in statements)


def _assigned(statement: ast.stmt, name: str) -> str:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    if len(targets) == 1 and isinstance(targets[0], ast.Name):
        return targets[0].id
    raise ParamsError(
        f"{name} 的 parameters 单元格第 {statement.lineno} 行不是“名称 = 值”",
        "该单元格只写参数；其余代码请移到别的单元格",
    )
