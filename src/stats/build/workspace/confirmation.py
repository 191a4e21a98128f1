"""A workspace's own notebooks run only when a person has said so: asks, refuses, and tells what is used. Runs none.

Whoever gets a folder of data from somebody else gets no program with it: a notebook can do all that its user can.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stats.build.documents.notebooks import Template, own_notebooks, project_template
from stats.build.workspace.trust import Memory, memory
from stats.documents import NOTEBOOKS
from stats.errors import ParamsError
from stats.params import Params, region_of
from stats.terminal import say

if TYPE_CHECKING:
    from stats.build.workspace.region import Answer

UNCONFIRMED = "未经确认的笔记本"
_REMEDY = (
    "请先用文本编辑器看过内容（笔记本能做本用户能做的一切）；确认可信的，运行 stats build --trust-notebooks，"
    "只需一次，改动后再确认；不用自己的笔记本的，移走该文件"
)
_MOST_LISTED = 5


@dataclass(frozen=True, slots=True)
class Used:
    """The own notebooks that a run may use; ``newly`` says that they were confirmed just now, ``memory`` where."""

    notebooks: tuple[Template, ...]
    newly: bool
    memory: Memory

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders they lie in."""
        return tuple(dict.fromkeys(each.own for each in self.notebooks if each.own is not None))

    def lines(self) -> tuple[str, ...]:
        """What the screen says of them in every run that uses them: how many, in which folder, which."""
        return (*map(self._line, self.folders), *self._remembered())

    def _line(self, folder: Path) -> str:
        names = [each.name for each in self.notebooks if each.own == folder]
        return f"本次使用 {folder} 中自己的笔记本 {len(names)} 个，不是项目的：{'、'.join(names)}"

    def _remembered(self) -> tuple[str, ...]:
        if not self.newly:
            return ()
        if self.memory.folder is None:
            return (f"对笔记本的确认只对本次运行有效，没有记住：{self.memory.lacking}",)
        return (f"已记住对这些笔记本的确认（{self.memory.folder}）；笔记本改动后，会要求再次确认",)


def confirmed(workspace: Path, names: Iterable[str], *, now: bool) -> Used:
    """The own notebooks among ``names``, all of them confirmed by this person before, or ``now`` by the command.

    ParamsError names those that are not, what is different from the project's, and how to confirm them.
    """
    notebooks = own_notebooks(workspace, names)
    known = _memory(workspace)
    strange = _strange(notebooks, known)
    if strange and not now:
        listed = "；".join(f"{_place(each, workspace)}（{difference(each)}）" for each in strange)
        raise ParamsError(f"{UNCONFIRMED} {len(strange)} 个，没有运行：{listed}", _REMEDY)
    if strange:
        known = known.keep((each.digest, f"{each.name} {_printed(each.own)}") for each in strange)
    return Used(notebooks, newly=bool(strange), memory=known)


def refuse_others(notebooks: Iterable[Template], used: Used) -> None:
    """ParamsError where an own notebook is about to be run that is none of those confirmed."""
    known = {each.digest for each in used.notebooks}
    for each in notebooks:
        if each.own is not None and each.digest not in known:
            raise ParamsError(f"{each.name} 在确认之后又被改动，没有运行", "请看过改动的内容后重新运行")


def unconfirmed(workspace: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Where the own notebooks lie that a run would ask about or refuse, by their path from the workspace."""
    known = _memory(workspace)
    return tuple(place for name in names for place in _unconfirmed(workspace, name, known))


def _unconfirmed(workspace: Path, name: str, known: Memory) -> tuple[str, ...]:
    try:
        notebooks = own_notebooks(workspace, (name,))
    except ParamsError:  # not fit to be run, which is no matter here
        return (name,)
    return tuple(_place(each, workspace) for each in _strange(notebooks, known))


def telling(act: Callable[[Params], Answer]) -> Callable[[Params], Answer]:
    """A command that runs no notebook, and whose answer also says which ones a run would ask about."""
    return lambda params: _with(act(params), unconfirmed(params.workspace, NOTEBOOKS))


def _with(answer: Answer, places: tuple[str, ...]) -> Answer:
    content = {**answer.content, "unconfirmed_notebooks": list(places)}
    if not places:
        return replace(answer, content=content)
    told = f"{UNCONFIRMED} {len(places)} 个"

    def show() -> None:
        answer.show()
        say(f"{told}：{'、'.join(places)}；没有运行")
        say(f"处理办法：{_REMEDY}")

    return replace(answer, content=content, summary=f"{answer.summary}；{told}", show=show)


def _memory(workspace: Path) -> Memory:
    above = region_of(workspace)
    return memory(workspace, *((above,) if above else ()))


def _strange(notebooks: Iterable[Template], known: Memory) -> tuple[Template, ...]:
    return tuple(each for each in notebooks if not known.holds(each.digest))


def _place(notebook: Template, workspace: Path) -> str:
    folder = notebook.own or workspace
    return Path(os.path.relpath(folder / notebook.name, workspace)).as_posix()


def _printed(folder: Path | None) -> str:
    return str(folder).encode("utf-8", "backslashreplace").decode("utf-8")


def difference(notebook: Template) -> str:
    """In Chinese, how a notebook differs from the project's of the same name: which of its cells are not there so."""
    projects = project_template(notebook.name)
    if projects is None:
        return "项目没有同名的笔记本"
    before, after = ([(cell.cell_type, cell.source) for cell in each.node.cells] for each in (projects, notebook))
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    other = [place + 1 for _, _, _, first, last in changes for place in range(first, last)]
    lacking = sum(last - first for kind, first, last, _, _ in changes if kind == "delete")
    said = [
        *([f"第 {_listed(other)} 格与项目的不同"] if other else []),
        *([f"比项目的少 {lacking} 格"] if lacking else []),
    ]
    return "，".join(said) or "文字与项目的相同，标签不同"


def _listed(places: list[int]) -> str:
    shown = "、".join(map(str, places[:_MOST_LISTED]))
    return f"{shown} 等 {len(places)}" if len(places) > _MOST_LISTED else shown
